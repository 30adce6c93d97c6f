"""MNIST: which source is used, what is said about it, and what happens to damaged files."""

import hashlib
import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from minitf.keras.datasets import cache, mnist, mnist_files


@pytest.fixture(autouse=True)
def empty_computer(tmp_path, monkeypatch):
    """No cache anywhere, nothing printed yet, and no way to the network."""
    for variable in ("MINITF_DATA_DIR", "KERAS_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(mnist, "_told", set())

    def no_network(*args, **kwargs):
        raise AssertionError("load_data used the network")

    monkeypatch.setattr("socket.socket.connect", no_network)
    return tmp_path


@pytest.fixture
def tiny(monkeypatch):
    """Twenty digits that count as "the original MNIST" in this test."""
    (x, y), (x_test, y_test) = mnist.load_subset()
    arrays = {"x_train": x[:20], "y_train": y[:20], "x_test": x_test[:10], "y_test": y_test[:10]}
    declare_original(arrays, monkeypatch)
    return arrays


def declare_original(arrays, monkeypatch):
    for name, array in arrays.items():
        data = mnist_files.idx_header(array.shape) + array.tobytes()
        monkeypatch.setitem(mnist_files.IDX_SHA256, name, hashlib.sha256(data).hexdigest())


def save(file, arrays):
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, **arrays)
    return file


def test_subset_has_the_form_of_keras():
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    assert x_train.shape == (4000, 28, 28) and x_test.shape == (1000, 28, 28)
    assert y_train.shape == (4000,) and y_test.shape == (1000,)
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
    assert x_train.max() == 255 and x_train.min() == 0


def test_every_run_of_ten_digits_holds_each_class_once():
    (_, y_train), (_, y_test) = mnist.load_subset()
    for labels in (y_train, y_test):
        assert (labels.reshape(-1, 10) == np.arange(10)).all()


def test_subset_holds_no_image_twice():
    (x_train, _), (x_test, _) = mnist.load_subset()
    assert len({image.tobytes() for image in np.concatenate([x_train, x_test])}) == 5000


def test_each_call_returns_fresh_writable_arrays():
    (first, _), _ = mnist.load_subset()
    first[:] = 7
    (second, _), _ = mnist.load_subset()
    assert (second != 7).any()


def test_one_calm_line_says_which_source_and_how_to_get_the_rest(capsys):
    mnist.load_data()
    mnist.load_data()
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert "embedded 4,000 training" in out and "download()" in out and "course.py data" in out


def test_load_subset_is_silent_and_ignores_the_cache(tiny, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MINITF_DATA_DIR", str(tmp_path))
    save(tmp_path / "mnist.npz", tiny)
    (x_train, _), _ = mnist.load_subset()
    assert len(x_train) == 4000 and capsys.readouterr().out == ""


def test_altered_subset_is_detected(tmp_path, monkeypatch):
    copy = tmp_path / "mnist_subset.npz"
    raw = bytearray(mnist.SUBSET.read_bytes())
    raw[400_000] ^= 1
    copy.write_bytes(raw)
    monkeypatch.setattr(mnist, "SUBSET", copy)
    with pytest.raises(ValueError, match="git checkout"):
        mnist.load_data()


def test_licence_and_provenance_lie_beside_the_file():
    text = mnist.SUBSET.with_name("MNIST_SUBSET.md").read_text("utf-8")
    assert "CC BY-SA 3.0" in text and "LeCun" in text and mnist.SUBSET_SHA256 in text


def test_order_of_the_sources(tiny, tmp_path, monkeypatch, capsys):
    """Each place wins over those below it: override, platform's cache, Keras' cache."""
    monkeypatch.setenv("MINITF_DATA_DIR", str(tmp_path / "mine"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    places = [
        save(tmp_path / "mine" / "mnist.npz", tiny),
        save(cache.platform_folder() / "mnist.npz", tiny),
        save(tmp_path / "keras" / "datasets" / "mnist.npz", tiny),
    ]
    for place in places:
        (x_train, _), _ = mnist.load_data()
        assert len(x_train) == 20
        assert str(place) in capsys.readouterr().out
        place.unlink()
    mnist.load_data()
    assert "embedded" in capsys.readouterr().out


@pytest.mark.parametrize(
    "platform, variables, folder",
    [
        ("linux", {}, "home/.cache/minitf"),
        ("linux", {"XDG_CACHE_HOME": "{tmp}/xdg"}, "xdg/minitf"),
        ("darwin", {}, "home/Library/Caches/minitf"),
        ("win32", {"LOCALAPPDATA": "{tmp}/local"}, "local/minitf"),
        ("linux", {"MINITF_DATA_DIR": "{tmp}/mine"}, "mine"),
    ],
)
def test_cache_folder_of_each_system(platform, variables, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(cache.sys, "platform", platform)
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(tmp=tmp_path))
    assert cache.cache_folder() == tmp_path / folder


def test_explicit_absolute_path(tiny, tmp_path, capsys):
    file = save(tmp_path / "elsewhere" / "digits.npz", tiny)
    (x_train, y_train), (x_test, y_test) = mnist.load_data(file)
    assert np.array_equal(x_train, tiny["x_train"]) and np.array_equal(y_test, tiny["y_test"])
    assert "the original MNIST" in capsys.readouterr().out


def test_explicit_path_may_hold_another_set_of_the_same_form(tiny, tmp_path, capsys):
    tiny["x_train"] = 255 - tiny["x_train"]
    file = save(tmp_path / "negative.npz", tiny)
    (x_train, _), _ = mnist.load_data(str(file))
    assert np.array_equal(x_train, tiny["x_train"])
    assert "not the original MNIST" in capsys.readouterr().out


def test_relative_path_is_a_name_in_the_cache_folder(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("MINITF_DATA_DIR", str(tmp_path))
    save(tmp_path / "other.npz", tiny)
    (x_train, _), _ = mnist.load_data("other.npz")
    assert len(x_train) == 20


def test_keras_default_name_works_without_any_file():
    (x_train, _), _ = mnist.load_data(path="mnist.npz")
    assert len(x_train) == 4000


def test_explicit_path_without_a_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="no file .*nowhere.npz.*absolute path"):
        mnist.load_data("nowhere.npz")


def damaged_files(arrays):
    """Name -> function that writes a damaged version of ``arrays`` to a file, and the cause."""

    def truncated(file):
        save(file, arrays)
        file.write_bytes(file.read_bytes()[:1000])

    def one_bit(file):
        save(file, arrays)
        raw = bytearray(file.read_bytes())
        raw[len(raw) // 3] ^= 1
        file.write_bytes(raw)

    def web_page(file):
        file.write_text("<html>404</html>")

    def missing_array(file):
        save(file, {name: a for name, a in arrays.items() if name != "y_test"})

    def wrong_shape(file):
        save(file, {**arrays, "x_train": arrays["x_train"].reshape(-1, 784)})

    def wrong_dtype(file):
        save(file, {**arrays, "y_train": arrays["y_train"].astype(np.int64)})

    def unequal(file):
        save(file, {**arrays, "y_train": arrays["y_train"][:-1]})

    def pickled(file):
        save(file, {**arrays, "y_train": np.array([{"a": 1}], dtype=object)})

    def bare_pickle(file):
        file.write_bytes(pickle.dumps(arrays))

    def empty(file):
        file.write_bytes(b"")

    return {
        "truncated": truncated,
        "one_bit": one_bit,
        "web_page": web_page,
        "missing_array": missing_array,
        "wrong_shape": wrong_shape,
        "wrong_dtype": wrong_dtype,
        "unequal": unequal,
        "pickled": pickled,
        "bare_pickle": bare_pickle,
        "empty": empty,
    }


DAMAGES = sorted(damaged_files({}))


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_explicit_file_is_named_with_its_cause(damage, tiny, tmp_path):
    file = tmp_path / "mnist.npz"
    damaged_files(tiny)[damage](file)
    with pytest.raises(mnist_files.DamagedFile, match="mnist.npz") as caught:
        mnist.load_data(file)
    assert len(str(caught.value)) > len(str(file)) + 20
    assert file.exists(), "a file the learner named must stay where it is"


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_cached_file_is_set_aside_and_replaced(damage, tiny, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MINITF_DATA_DIR", str(tmp_path))
    file = tmp_path / "mnist.npz"
    damaged_files(tiny)[damage](file)
    (x_train, _), _ = mnist.load_data()
    assert len(x_train) == 4000
    out = capsys.readouterr().out
    assert str(file) in out and "mnist.npz.bad" in out and "embedded" in out
    assert not file.exists() and (tmp_path / "mnist.npz.bad").exists()


def test_altered_digits_in_a_sound_file_are_detected(tiny, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MINITF_DATA_DIR", str(tmp_path))
    tiny["x_train"] = tiny["x_train"].copy()
    tiny["x_train"][3, 14, 14] ^= 1
    save(tmp_path / "mnist.npz", tiny)
    mnist.load_data()
    assert "SHA-256 sums differ" in capsys.readouterr().out


def test_damaged_file_of_keras_is_left_alone(tiny, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    file = save(tmp_path / "datasets" / "mnist.npz", tiny)
    file.write_bytes(file.read_bytes()[:500])
    (x_train, _), _ = mnist.load_data()
    assert len(x_train) == 4000 and file.exists()
    assert "belongs to Keras" in capsys.readouterr().out


def test_damaged_file_that_cannot_be_renamed(tiny, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MINITF_DATA_DIR", str(tmp_path))
    (tmp_path / "mnist.npz").write_text("no")

    def refuse(source, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    (x_train, _), _ = mnist.load_data()
    assert len(x_train) == 4000
    assert "could not be renamed (Permission denied)" in capsys.readouterr().out


@pytest.mark.skipif("MINITF_FULL_MNIST" not in os.environ, reason="set MINITF_FULL_MNIST to a file")
def test_subset_is_part_of_the_real_training_set(tmp_path, monkeypatch):
    monkeypatch.setenv("MINITF_DATA_DIR", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    shutil.copy(os.environ["MINITF_FULL_MNIST"], tmp_path / "cache" / "mnist.npz")
    (x_full, y_full), _ = mnist.load_data()  # only from the cache if the published sums fit
    assert x_full.shape == (60000, 28, 28)
    label_of = {image.tobytes(): label for image, label in zip(x_full, y_full, strict=True)}
    for images, labels in mnist.load_subset():
        assert all(label_of[i.tobytes()] == y for i, y in zip(images, labels, strict=True))

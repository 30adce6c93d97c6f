"""Files of arrays: written whole, read without running anything, NaN and pickles refused."""

import numpy as np
import pytest

from minitf.arrays_file import DamagedFileError, read_arrays, write_arrays

ARRAYS = {"a/kernel": np.arange(6.0, dtype=np.float32).reshape(2, 3), "step": np.int64(7)}


def test_back_and_forth(tmp_path):
    path = tmp_path / "w.npz"
    write_arrays(path, ARRAYS, {"config.json": "{ä}"})
    arrays, texts = read_arrays(path)
    assert texts == {"config.json": "{ä}"} and list(arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype and arrays[name].shape == array.shape
        np.testing.assert_array_equal(arrays[name], array)


def test_numpy_reads_it_too(tmp_path):
    write_arrays(tmp_path / "w.npz", ARRAYS)
    with np.load(tmp_path / "w.npz") as file:
        np.testing.assert_array_equal(file["a/kernel"], ARRAYS["a/kernel"])


def test_infinity_is_a_value_and_nan_is_not(tmp_path):
    path = tmp_path / "w.npz"
    write_arrays(path, {"best": np.float32(np.inf)})
    with pytest.raises(ValueError, match="best.*NaN"):
        write_arrays(path, {"best": np.float32(np.nan)})
    assert read_arrays(path)[0]["best"] == np.inf


def test_pickled_objects_are_refused(tmp_path):
    np.savez(tmp_path / "w.npz", a=np.array([{}], dtype=object))
    with pytest.raises(DamagedFileError):
        read_arrays(tmp_path / "w.npz")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + b"\0" * 50])
def test_other_files_are_refused(tmp_path, content):
    (tmp_path / "w.npz").write_bytes(content)
    with pytest.raises(DamagedFileError, match="not a complete file of weights"):
        read_arrays(tmp_path / "w.npz")


def test_members_cannot_go_missing_unseen(tmp_path):
    np.savez(tmp_path / "w.npz", a=np.zeros(2))  # complete for NumPy, but it lists no contents
    with pytest.raises(DamagedFileError):
        read_arrays(tmp_path / "w.npz")

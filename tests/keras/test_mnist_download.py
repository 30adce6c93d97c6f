"""Downloading MNIST, against a server on this computer that can fail in every way we know."""

import gzip
import hashlib
import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from minitf.keras.datasets import __main__ as command
from minitf.keras.datasets import fetch, mnist, mnist_download, mnist_files
from minitf.keras.datasets.fetch import DownloadError, RemoteFile
from minitf.keras.datasets.mnist_download import download_mnist


class Server:
    """Serves ``files`` (path -> bytes); a path's prefix chooses how it misbehaves."""

    def __init__(self):
        self.files = {}
        self.requests = []
        self.give_up = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.requests.append(self.path)
                server.answer(self)

            def log_message(self, *args):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, request):
        how, name = request.path.strip("/").split("/")
        body = self.files[name]
        if how == "once" and self.requests.count(request.path) == 1:
            how = "error500"
        if how == "slow":
            self.give_up.wait(5)
            return
        if how == "error500":
            request.send_error(500)
            return
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if how == "truncated":
            body = body[: len(body) // 2]
        if how == "altered":
            body = body[:-1] + bytes([body[-1] ^ 1])
        request.wfile.write(body)

    def close(self):
        self.give_up.set()
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Server()
    yield server
    server.close()


@pytest.fixture
def digits(monkeypatch):
    """Twenty digits that count as "the original MNIST" in this test."""
    (x, y), (x_test, y_test) = mnist.load_subset()
    arrays = {"x_train": x[:20], "y_train": y[:20], "x_test": x_test[:10], "y_test": y_test[:10]}
    for name, array in arrays.items():
        data = mnist_files.idx_header(array.shape) + array.tobytes()
        monkeypatch.setitem(mnist_files.IDX_SHA256, name, hashlib.sha256(data).hexdigest())
    return arrays


def npz_bytes(arrays):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def npz_mirror(server, arrays, how="good"):
    server.files["mnist.npz"] = body = npz_bytes(arrays)
    digest = hashlib.sha256(body).hexdigest()
    return {"all": RemoteFile(f"{server.url}/{how}/mnist.npz", digest)}


def gz_mirror(server, arrays, how="good"):
    mirror = {}
    for name, array in arrays.items():
        body = gzip.compress(mnist_files.idx_header(array.shape) + array.tobytes())
        server.files[f"{name}.gz"] = body
        url = f"{server.url}/{how}/{name}.gz"
        mirror[name] = RemoteFile(url, hashlib.sha256(body).hexdigest())
    return mirror


def assert_complete(folder, digits):
    arrays = mnist_files.read_npz(folder / "mnist.npz")
    assert all(np.array_equal(arrays[name], digits[name]) for name in digits)
    assert [file.name for file in folder.iterdir()] == ["mnist.npz"], "nothing else is left behind"


def test_one_npz_file(server, digits, tmp_path, capsys):
    folder = tmp_path / "new" / "folder"
    assert download_mnist(folder, [npz_mirror(server, digits)]) == folder / "mnist.npz"
    assert_complete(folder, digits)
    out = capsys.readouterr().out
    assert "100%" in out and "60,000" in out


def test_four_idx_files_become_one_npz(server, digits, tmp_path):
    download_mnist(tmp_path, [gz_mirror(server, digits)])
    assert_complete(tmp_path, digits)


@pytest.mark.parametrize(
    "how, cause",
    [
        ("error500", "answered 500"),
        ("truncated", "cut short"),
        ("altered", "SHA-256"),
        ("slow", "no answer in time"),
    ],
)
def test_a_failing_mirror_is_named_and_the_next_one_used(
    how, cause, server, digits, tmp_path, capsys
):
    mirrors = [npz_mirror(server, digits, how), gz_mirror(server, digits)]
    download_mnist(tmp_path, mirrors, timeout=0.3)
    assert_complete(tmp_path, digits)
    out = capsys.readouterr().out
    assert cause in out and f"/{how}/mnist.npz" in out
    assert server.requests.count(f"/{how}/mnist.npz") == fetch.ATTEMPTS


@pytest.mark.parametrize("how", ["error500", "truncated", "altered"])
def test_no_mirror_left(how, server, digits, tmp_path, capsys):
    mirrors = [npz_mirror(server, digits, how), gz_mirror(server, digits, how)]
    with pytest.raises(DownloadError) as caught:
        download_mnist(tmp_path, mirrors)
    message = str(caught.value)
    assert "mnist.npz" in message and "x_train.gz" in message and "HTTPS_PROXY" in message
    told = capsys.readouterr().out
    assert "mirror 1 of 2 failed: trying the next" in told
    assert "http://" not in told, "each failure is listed once, in the error"
    assert list(tmp_path.iterdir()) == []


def test_second_attempt_succeeds(server, digits, tmp_path):
    download_mnist(tmp_path, [npz_mirror(server, digits, "once")])
    assert_complete(tmp_path, digits)
    assert len(server.requests) == 2


def test_no_network_at_all(tmp_path):
    closed = {"all": RemoteFile("http://127.0.0.1:9/mnist.npz", "0" * 64)}
    with pytest.raises(DownloadError, match="127.0.0.1:9.*refused"):
        download_mnist(tmp_path, [closed], timeout=1)


def test_right_file_sum_but_wrong_digits(server, digits, tmp_path):
    mirror = npz_mirror(server, {**digits, "y_test": digits["y_test"][::-1].copy()})
    with pytest.raises(DownloadError, match="not those of MNIST"):
        download_mnist(tmp_path, [mirror])
    assert list(tmp_path.iterdir()) == []


def test_good_file_is_kept_without_a_request(server, digits, tmp_path, capsys):
    (tmp_path / "mnist.npz").write_bytes(npz_bytes(digits))
    download_mnist(tmp_path, [npz_mirror(server, digits)])
    assert server.requests == [] and "already complete" in capsys.readouterr().out


def test_damaged_file_is_replaced(server, digits, tmp_path, capsys):
    (tmp_path / "mnist.npz").write_bytes(npz_bytes(digits)[:800])
    download_mnist(tmp_path, [npz_mirror(server, digits)])
    assert_complete(tmp_path, digits)
    assert "will be replaced" in capsys.readouterr().out


def test_failed_download_keeps_the_file_that_was_there(server, digits, tmp_path):
    old = b"not mnist, but not ours to lose"
    (tmp_path / "mnist.npz").write_bytes(old)
    with pytest.raises(DownloadError):
        download_mnist(tmp_path, [npz_mirror(server, digits, "error500")])
    assert (tmp_path / "mnist.npz").read_bytes() == old


def test_folder_that_cannot_be_made(server, digits, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="cannot write MNIST there.*MINITF_DATA_DIR") as caught:
        download_mnist(tmp_path / "file" / "cache", [npz_mirror(server, digits)])
    assert not isinstance(caught.value, DownloadError)


def test_full_disk_stops_at_once(server, digits, tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fetch.os, "fsync", full)
    mirrors = [npz_mirror(server, digits), gz_mirror(server, digits)]
    with pytest.raises(OSError, match="the disk is full"):
        download_mnist(tmp_path, mirrors)
    assert len(server.requests) == 1, "another mirror does not help a full disk"
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_nothing_behind(server, digits, tmp_path, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(fetch, "_show_progress", interrupt)
    with pytest.raises(KeyboardInterrupt):
        download_mnist(tmp_path, [npz_mirror(server, digits)])
    assert list(tmp_path.iterdir()) == []


def test_endless_answer_is_given_up(server, digits, tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "SIZE_LIMIT", 1000)
    with pytest.raises(DownloadError, match="more than 1,000 bytes"):
        download_mnist(tmp_path, [npz_mirror(server, digits)])


def test_download_then_load(server, digits, tmp_path, monkeypatch):
    monkeypatch.setenv("MINITF_DATA_DIR", str(tmp_path))
    mirrors = [npz_mirror(server, digits)]
    monkeypatch.setattr(mnist_download.download_mnist, "__defaults__", (mirrors, 5.0))
    assert mnist.download() == tmp_path / "mnist.npz"
    (x_train, _), _ = mnist.load_data()
    assert len(x_train) == 20


@pytest.mark.parametrize("how, code", [("good", 0), ("error500", 1)])
def test_command_line(how, code, server, digits, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MINITF_DATA_DIR", str(tmp_path))
    mirrors = [npz_mirror(server, digits, how)]
    monkeypatch.setattr(mnist_download.download_mnist, "__defaults__", (mirrors, 5.0))
    assert command.main() == code
    assert "Traceback" not in "".join(capsys.readouterr())


def test_mirrors_are_https_with_a_sum_each():
    for mirror in mnist_download.MIRRORS:
        assert set(mirror) in ({"all"}, set(mnist_files.NAMES))
        for file in mirror.values():
            assert file.url.startswith("https://") and len(file.sha256) == 64

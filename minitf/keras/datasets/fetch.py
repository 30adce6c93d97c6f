"""Download one file safely: checked while it streams, complete or not there at all.

    part = fetch(RemoteFile("https://.../mnist.npz", sha256="731c5ac6..."), Path("/some/folder"))
    os.replace(part, "/some/folder/mnist.npz")

``fetch`` returns a ``*.part`` file whose SHA-256 is right. The caller renames it, which is atomic,
or removes it; so nobody ever sees half a file under the final name.
"""

import hashlib
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

__all__ = ["DownloadError", "RemoteFile", "fetch"]

BLOCK = 1 << 16
TIMEOUT_SECONDS = 20.0  # for the connection, and again for each read: a silent server is given up
ATTEMPTS = 2
SIZE_LIMIT = 1 << 28  # no file of ours comes near 256 MB; a server that never stops must not win


class DownloadError(OSError):
    """The network did not deliver the right file. The message names the address and the cause."""


@dataclass(frozen=True)
class RemoteFile:
    """One file on a server and the SHA-256 its content must have."""

    url: str
    sha256: str

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self.url.rsplit("/", 1)[-1]


def fetch(file: RemoteFile, folder: Path, timeout: float = TIMEOUT_SECONDS) -> Path:
    """Download ``file`` to a ``*.part`` file in ``folder``; two attempts.

    Raises:
        DownloadError: no connection, an error status, a file cut short, or a wrong SHA-256.
        OSError: the folder cannot be written to, or the disk is full.
    """
    part = folder / f"{file.name}.{os.getpid()}.part"  # two downloads at once do not share a file
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _stream(file, part, timeout)
            return part
        except DownloadError:
            part.unlink(missing_ok=True)
            if attempt == ATTEMPTS:
                raise
        except BaseException:  # disk full or Ctrl-C: leave nothing behind
            part.unlink(missing_ok=True)
            raise
    raise AssertionError("unreachable")


def _stream(file: RemoteFile, part: Path, timeout: float) -> None:
    digest = hashlib.sha256()
    with open(part, "wb") as out:
        for block in _blocks(file, timeout):
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != file.sha256:
        raise DownloadError(
            f"{file.url}: the content is not the expected file (its SHA-256 begins "
            f"{digest.hexdigest()[:12]}, expected {file.sha256[:12]})"
        )


def _blocks(file: RemoteFile, timeout: float) -> Iterator[bytes]:
    """The file's content, block by block. Every network failure becomes a DownloadError."""
    try:
        with urllib.request.urlopen(file.url, timeout=timeout) as response:
            length = int(response.headers.get("Content-Length") or 0)
            done = 0
            while block := response.read(BLOCK):
                done += len(block)
                if done > SIZE_LIMIT:
                    raise DownloadError(f"{file.url}: more than {SIZE_LIMIT:,} bytes, given up")
                _show_progress(file.name, done, length)
                yield block
    except (OSError, HTTPException) as error:
        if isinstance(error, DownloadError):
            raise
        raise DownloadError(f"{file.url}: {_reason(error)}") from error
    if done < length:
        raise DownloadError(f"{file.url}: cut short, {done:,} of {length:,} bytes arrived")


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answered {error.code} {error.reason}"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    if "CERTIFICATE_VERIFY_FAILED" in str(cause):
        return (
            "the server's certificate could not be verified. On macOS run 'Install "
            "Certificates.command' in Python's folder; behind a proxy set SSL_CERT_FILE"
        )
    return str(cause) or type(cause).__name__


def _show_progress(name: str, done: int, length: int) -> None:
    """Rewrite one line, about once per 5 %."""
    step = max(length // 20, BLOCK)
    finished = done == length
    if finished or done // step != (done - BLOCK) // step:
        share = f"{done / length:4.0%} of {length / 1e6:.1f}" if length else f"{done / 1e6:.1f}"
        sys.stdout.write(f"\r  {name}: {share} MB" + ("\n" if finished else ""))
        sys.stdout.flush()

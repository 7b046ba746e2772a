"""Fetching a file over the network: it appears whole and with the right hash, or not at all."""

import hashlib
import http.client
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

from cornu._base.errors import DataLossError, InvalidArgumentError, NotFoundError
from cornu.io.atomic import replacing

_CHUNK = 1 << 18
_TIMEOUT = 60.0  # seconds without a byte


def hash_algorithm_of(file_hash: str, algorithm: str = "auto") -> str:
    """The algorithm by name; `auto` tells SHA-256 (64 digits) from MD5.

    Raises: InvalidArgumentError for an algorithm that Python's hashlib does not have.
    """
    if algorithm == "auto":
        return "sha256" if len(file_hash) == 64 else "md5"
    if algorithm not in hashlib.algorithms_available or algorithm.startswith("shake"):
        raise InvalidArgumentError(f"Expected hash_algorithm auto, sha256 or md5; received {algorithm!r}.")
    return algorithm


def has_hash(path: str | os.PathLike, file_hash: str, algorithm: str = "auto") -> bool:
    """Whether the content of a file has that hash (hexadecimal digits)."""
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, hash_algorithm_of(file_hash, algorithm)).hexdigest()
    return found == file_hash.lower()


def download(
    url: str,
    path: str | os.PathLike,
    file_hash: str | None = None,
    algorithm: str = "auto",
    on_progress: Callable[[int, int | None], None] | None = None,
    advice: str = "",
) -> None:
    """Fetch `url` to `path`.

    Args:
        on_progress: called with (bytes so far, bytes in all or None).
        advice: a sentence added to the error, for someone without a network.
    Raises: NotFoundError if the address does not answer; DataLossError if the content is short or has another hash.
    """
    if urllib.parse.urlsplit(url).scheme not in {"http", "https", "ftp", "file"}:
        raise InvalidArgumentError(f"Expected an address with http, https, ftp or file; received {url!r}.")
    path = Path(path)
    with replacing(path) as temporary:
        try:
            with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer, temporary.open("wb") as sink:
                size = answer.headers.get("Content-Length")
                total, done = int(size) if size and size.isdigit() else None, 0
                while chunk := answer.read(_CHUNK):
                    sink.write(chunk)
                    done += len(chunk)
                    if on_progress is not None:
                        on_progress(done, total)
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            reason = getattr(error, "reason", None) or error
            code = f"{error.code} " if isinstance(error, urllib.error.HTTPError) else ""
            raise NotFoundError(f"URL fetch failure on {url}: {code}{reason}. {advice}".rstrip()) from None
        if total is not None and done != total:
            raise DataLossError(f"Expected {total} bytes from {url}; received {done}. Try again.")
        if file_hash is not None and not has_hash(temporary, file_hash, algorithm):
            raise DataLossError(
                f"Incomplete or corrupted file detected. The {algorithm} file hash of {url} does not match the provided "
                f"value of {file_hash}. Nothing was kept at {path}."
            )

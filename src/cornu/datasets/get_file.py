"""Files from the network, kept in the user's cache. Source: keras.utils.get_file."""

import os
import tempfile
import urllib.parse
from pathlib import Path
from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.io import extraction
from cornu.io.download import download, has_hash
from cornu.training.progress import Progbar, say


def get_file(
    fname: str | os.PathLike | None = None,
    origin: str | None = None,
    untar: bool = False,
    md5_hash: str | None = None,
    file_hash: str | None = None,
    cache_subdir: str = "datasets",
    hash_algorithm: str = "auto",
    extract: bool = False,
    archive_format: str | list[str] | tuple[str, ...] | None = "auto",
    cache_dir: str | os.PathLike | None = None,
    force_download: bool = False,
) -> str:
    """The path of a file (or of the folder with its content), downloaded if it is not in the cache.

    Args:
        fname: its name in the cache; default the last part of the address.
        origin: the address (http, https, ftp, file).
        untar: unpack, tar archives only. extract: unpack. archive_format: `"auto"`, `"tar"`, `"zip"` or several.
        md5_hash: the same as `file_hash` with `hash_algorithm="md5"`.
        file_hash: hexadecimal digits; a cached file with another hash is fetched again, a download with another is refused.
        hash_algorithm: `"auto"` (by length), `"sha256"`, `"md5"` or another of Python's hashlib.
        cache_dir: default `$KERAS_HOME`, or `~/.keras`; `cache_subdir`: the folder in it.
        force_download: fetch it even if it is there.
    Raises: NotFoundError if the address does not answer; DataLossError on a wrong hash; UnsafeFileError if an archive would write
    outside its folder; InvalidArgumentError for bad arguments.
    """
    if not origin:
        raise InvalidArgumentError('Please specify the "origin" argument (URL of the file to download).')
    if md5_hash is not None and file_hash is None:
        file_hash, hash_algorithm = md5_hash, "md5"
    formats = _formats("tar" if untar else archive_format)
    unpack = (untar or extract) and bool(formats)
    name, folder_name = _names(fname, origin, unpack)
    folder = cache_folder(cache_dir, cache_subdir, name)
    path = folder / name
    fetched = _fetch(path, origin, file_hash, hash_algorithm, force_download)
    if not unpack:
        return str(path)
    target = folder / folder_name
    if fetched or not target.is_dir() or not any(target.iterdir()):
        extraction.extract(path, target, formats)
    return str(target)


def _formats(given: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """The kinds of archives to try."""
    if given == "auto":
        return extraction.FORMATS
    formats = (given,) if isinstance(given, str) else tuple(given or ())
    if unknown := [name for name in formats if name not in extraction.FORMATS]:
        raise InvalidArgumentError(f"Expected archive_format 'auto', 'tar', 'zip' or None; received {unknown[0]!r}.")
    return formats


def _names(fname: str | os.PathLike | None, origin: str, unpack: bool) -> tuple[str, str]:
    """The names in the cache of the file and of the folder with its content, as Keras 3 chooses them."""
    if fname is None:
        name = os.path.basename(urllib.parse.urlsplit(origin).path)
        if not name or name in {".", ".."}:
            raise InvalidArgumentError(
                f"Expected an address that ends in a file's name; received {origin!r}. Pass fname."
            )
        return (f"{name}_archive" if unpack else name), name
    name = os.fspath(fname)
    if os.path.basename(name) != name or name in {"", ".", ".."} or "\\" in name:
        raise InvalidArgumentError(
            "Paths are no longer accepted as the `fname` argument. To specify the file's parent directory, use the "
            f"`cache_dir` argument. Received: fname={name}"
        )
    if not unpack:
        return name, name
    stem, dot, _ = name.partition(".")
    return (name, f"{stem}_extracted") if dot and stem else (f"{name}_archive", name)


def cache_folder(cache_dir: str | os.PathLike | None, cache_subdir: str, name: str) -> Path:
    """The folder of cached files. One that cannot be written serves if the file is in it; else a temporary one does."""
    base = Path(cache_dir or os.environ.get("KERAS_HOME") or Path.home() / ".keras").expanduser()
    folder = base / cache_subdir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        pass
    else:
        if os.access(folder, os.W_OK) or (folder / name).exists():
            return folder
    spare = Path(tempfile.gettempdir()) / ".keras"
    spare.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and spare.lstat().st_uid != os.getuid():  # others could put files under our names
        raise InvalidArgumentError(
            f"Expected to write to {folder}; it is read-only. Set KERAS_HOME to a folder of yours."
        )
    folder = spare / cache_subdir
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _fetch(path: Path, origin: str, file_hash: str | None, algorithm: str, force: bool) -> bool:
    """Download unless the file is there and right; whether it was downloaded."""
    if path.is_file() and not force:
        if file_hash is None or has_hash(path, file_hash, algorithm):
            return False
        say(
            "A local file was found, but it seems to be incomplete or outdated because the "
            f"{algorithm} file hash does not match the original value of {file_hash} so we will re-download the data."
        )
    say(f"Downloading data from {origin}")
    bar: Any = None

    def show(done: int, total: int | None) -> None:
        nonlocal bar
        bar = bar or Progbar(total)
        bar.update(done, finalize=done == total)

    digest = f" (hash {file_hash})" if file_hash else ""
    advice = f"Without a network: get the file elsewhere{digest} and put it at {path}, or set KERAS_HOME to a folder that has it."
    download(origin, path, file_hash, algorithm, show, advice)
    return True

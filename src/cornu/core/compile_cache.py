"""Compiled programs are kept on disk, so that the second run of a script does not compile again.

The folder belongs to the user alone (mode 0700): what lies in it is executed. `CORNU_COMPILE_CACHE=0` switches it off,
`CORNU_COMPILE_CACHE=DIR` puts it elsewhere.
"""

import hashlib
import os
import platform
import stat
from pathlib import Path

import jax

_state = {"asked": False}


def cache_folder() -> Path | None:
    """Where compiled programs of this machine and these versions are kept; None if switched off."""
    setting = os.environ.get("CORNU_COMPILE_CACHE", "")
    if setting == "0":
        return None
    base = (
        Path(setting) if setting else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cornu" / "xla"
    )
    return base / hashlib.sha256(f"{jax.__version__} {_processor()}".encode()).hexdigest()[:16]


def _processor() -> str:
    """What compiled code depends on: a program made for another processor may crash here."""
    try:
        lines = Path("/proc/cpuinfo").read_text().split("\n")
        return next((line for line in lines if line.startswith("flags")), platform.processor())
    except OSError:
        return platform.processor() + platform.machine()


def enable_compile_cache() -> None:
    """Switch the cache on, once, when the first program is about to be compiled. Never an error: without it all still works."""
    if _state["asked"]:
        return
    _state["asked"] = True
    folder = cache_folder()
    if folder is None or jax.config.jax_compilation_cache_dir:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for place in (folder, folder.parent):
            status = place.stat()
            if status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) & 0o077:
                place.chmod(0o700)
            elif status.st_uid != os.getuid():
                return  # somebody else could put programs there
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)

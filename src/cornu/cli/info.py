"""`cornu info`."""

import platform
from importlib import metadata

import jax

from cornu.core.compile_cache import cache_folder


def info() -> str:
    """Versions, devices and folders, a line each."""
    devices = ", ".join(f"{device.platform}:{device.id} ({device.device_kind})" for device in jax.devices())
    rows = {
        "cornu": metadata.version("cornu"),
        "python": platform.python_version(),
        "jax": jax.__version__,
        "numpy": metadata.version("numpy"),
        "devices": devices,
        "compiled programs": cache_folder() or "not kept (CORNU_COMPILE_CACHE=0)",
    }
    return "\n".join(f"{name:<18} {value}" for name, value in rows.items())

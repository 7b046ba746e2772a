"""Memory growth, memory figures and reproducibility. Source: tf.config.experimental."""

from typing import Any

import jax

from cornu._base.errors import InvalidArgumentError
from cornu._base.user_warning import warn

_DETERMINISTIC = "--xla_gpu_deterministic_ops=true"


def set_memory_growth(device: Any, enable: bool) -> None:
    """Whether the device's memory is taken bit by bit. A GPU that is in use keeps what it has taken; a warning says so.

    Raises: InvalidArgumentError if `device` is no GPU.
    """
    import os

    kind = getattr(device, "device_type", None)
    if kind is None or kind == "CPU":
        shown = device.name if kind else repr(device)
        raise InvalidArgumentError(
            f"Expected a GPU of tf.config.list_physical_devices('GPU'); received {shown}. Memory of the CPU grows as needed."
        )
    if get_memory_growth(device) != bool(enable):
        value = "false" if enable else "true"
        os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = value
        warn(
            f"set_memory_growth holds for processes started from now on: {device.name} is in use. To have it in this one, start "
            f"the program with the environment variable XLA_PYTHON_CLIENT_PREALLOCATE={value}."
        )


def get_memory_growth(device: Any) -> bool:
    """Whether the device's memory is taken bit by bit."""
    import os

    return os.environ.get("XLA_PYTHON_CLIENT_PREALLOCATE", "true").lower() == "false"


def get_memory_info(device: str) -> dict[str, int]:
    """Bytes in use on the device now and at most: {"current": ..., "peak": ...}. Zeros where nobody counts them."""
    kind, _, number = device.rpartition("/")[2].removeprefix("device:").partition(":")
    platform = "cpu" if kind.upper() == "CPU" else None
    stats = jax.devices(platform)[int(number or 0)].memory_stats() or {}
    return {"current": stats.get("bytes_in_use", 0), "peak": stats.get("peak_bytes_in_use", 0)}


def get_device_details(device: Any) -> dict[str, Any]:
    """What is known about a device."""
    number = int(device.name.rpartition(":")[2])
    others = [d for d in jax.devices() if d.platform != "cpu"]
    return {} if device.device_type == "CPU" else {"device_name": others[number].device_kind}


def enable_op_determinism() -> None:
    """Results are reproducible on the CPU as they are. A GPU has deterministic kernels if this is called before its first
    use; a warning says how to be sure."""
    import os

    flags = os.environ.get("XLA_FLAGS", "")
    if "xla_gpu_deterministic_ops" in flags:
        return
    os.environ["XLA_FLAGS"] = f"{flags} {_DETERMINISTIC}".strip()
    if any(device.platform != "cpu" for device in jax.devices()):
        warn(
            "enable_op_determinism has no effect on a GPU that was in use before. To be sure, start the program with the "
            f"environment variable XLA_FLAGS={_DETERMINISTIC}."
        )


def list_physical_devices(device_type: str | None = None) -> list[Any]:
    """As `tf.config.list_physical_devices`."""
    from cornu.tf import config

    return config.list_physical_devices(device_type)


def list_logical_devices(device_type: str | None = None) -> list[Any]:
    """As `tf.config.list_logical_devices`."""
    from cornu.tf import config

    return config.list_logical_devices(device_type)


def get_visible_devices(device_type: str | None = None) -> list[Any]:
    """As `tf.config.get_visible_devices`."""
    from cornu.tf import config

    return config.get_visible_devices(device_type)


def set_visible_devices(devices: Any, device_type: str | None = None) -> None:
    """As `tf.config.set_visible_devices`."""
    from cornu.tf import config

    config.set_visible_devices(devices, device_type)


def set_virtual_device_configuration(device: Any, logical_devices: Any) -> None:
    """As `tf.config.set_logical_device_configuration`."""
    from cornu.tf import config

    config.set_logical_device_configuration(device, logical_devices)


def VirtualDeviceConfiguration(memory_limit: int | None = None, **options: Any) -> Any:
    """As `tf.config.LogicalDeviceConfiguration`."""
    from cornu.tf import config

    return config.LogicalDeviceConfiguration(memory_limit, **options)

"""Memory growth, memory figures and reproducibility. Source: tf.config.experimental."""

from typing import Any

import jax

from cornu._base.errors import InvalidArgumentError


def set_memory_growth(device: Any, enable: bool) -> None:
    """Whether the device's memory is taken bit by bit. It must be said before the device is first used.

    Raises: InvalidArgumentError if `device` is the CPU.
    """
    import os

    if "CPU" in getattr(device, "device_type", ""):
        raise InvalidArgumentError(f"Expected a GPU; received {device.name}. Memory of the CPU always grows as needed.")
    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false" if enable else "true"


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
    """Results are reproducible on the CPU as they are; on a GPU deterministic kernels are asked for."""
    import os

    flags = os.environ.get("XLA_FLAGS", "")
    if "xla_gpu_deterministic_ops" not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} --xla_gpu_deterministic_ops=true".strip()


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

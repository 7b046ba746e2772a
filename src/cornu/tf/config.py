"""Devices and switches. Source: tf.config."""

from typing import Any, NamedTuple

import jax

from cornu._base.errors import InvalidArgumentError
from cornu.tf import config_experimental as experimental
from cornu.tf import config_threading as threading

__all__ = ["experimental", "threading"]
_state: dict[str, Any] = {"eager": False, "soft": True, "visible": None}


class PhysicalDevice(NamedTuple):
    """A processor or accelerator of this machine."""

    name: str
    device_type: str


class LogicalDevice(NamedTuple):
    """A device as programs see it."""

    name: str
    device_type: str


class LogicalDeviceConfiguration(NamedTuple):
    """A share of a device; devices are used whole here."""

    memory_limit: int | None = None
    experimental_priority: int | None = None
    experimental_device_ordinal: int | None = None


def list_physical_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """The devices of this machine, optionally of one type ("CPU", "GPU"). Empty if there are none."""
    found = [PhysicalDevice(f"/physical_device:{kind}:{i}", kind) for kind, i in _devices()]
    return [device for device in found if device_type in (None, device.device_type)]


def list_logical_devices(device_type: str | None = None) -> list[LogicalDevice]:
    """The devices as programs see them, optionally of one type."""
    found = [LogicalDevice(f"/device:{kind}:{i}", kind) for kind, i in _devices()]
    return [device for device in found if device_type in (None, device.device_type)]


def _devices() -> list[tuple[str, int]]:
    """("CPU", 0), then the accelerators."""
    others = [device for device in jax.devices() if device.platform != "cpu"]
    kinds = {"cuda": "GPU", "rocm": "GPU"}
    return [("CPU", 0), *((kinds.get(each.platform) or each.platform.upper(), i) for i, each in enumerate(others))]


def get_visible_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """The devices that programs may use."""
    found = list_physical_devices() if _state["visible"] is None else _state["visible"]
    return [device for device in found if device_type in (None, device.device_type)]


def set_visible_devices(devices: Any, device_type: str | None = None) -> None:
    """Choose the devices programs may use. Without an accelerator in the list, everything runs on the CPU.

    Raises: InvalidArgumentError if a device does not exist.
    """
    chosen = [devices] if isinstance(devices, PhysicalDevice) else list(devices or [])
    known = list_physical_devices()
    for device in chosen:
        if device not in known:
            raise InvalidArgumentError(f"Expected one of {[d.name for d in known]}; received {device!r}.")
    kept = [] if device_type is None else [d for d in get_visible_devices() if d.device_type != device_type]
    _state["visible"] = [*kept, *chosen]
    accelerators = [int(d.name.rpartition(":")[2]) for d in _state["visible"] if d.device_type != "CPU"]
    others = [device for device in jax.devices() if device.platform != "cpu"]
    if others:
        jax.config.update("jax_default_device", others[accelerators[0]] if accelerators else jax.devices("cpu")[0])


def get_logical_device_configuration(device: Any) -> Any:
    """None: devices are used whole."""
    return None


def set_logical_device_configuration(device: Any, logical_devices: Any) -> None:
    """Accepts one share of a device, which is the whole of it.

    Raises: InvalidArgumentError for more: start Python with XLA_FLAGS=--xla_force_host_platform_device_count=N instead.
    """
    if logical_devices is not None and len(logical_devices) > 1:
        raise InvalidArgumentError(
            f"Expected one logical device for each physical one; received {len(logical_devices)}. "
            "Start Python with XLA_FLAGS=--xla_force_host_platform_device_count=N to split the CPU."
        )


def get_soft_device_placement() -> bool:
    """Whether ops run on another device if theirs cannot; they always can here."""
    return _state["soft"]


def set_soft_device_placement(enabled: bool) -> None:
    """Remember the wish; every op exists on every device here."""
    _state["soft"] = bool(enabled)


def run_functions_eagerly(run_eagerly: bool) -> None:
    """Whether `tf.function` runs the Python function itself at every call."""
    _state["eager"] = bool(run_eagerly)


def functions_run_eagerly() -> bool:
    """Whether `tf.function` runs the Python function itself at every call."""
    return _state["eager"]


experimental_run_functions_eagerly, experimental_functions_run_eagerly = run_functions_eagerly, functions_run_eagerly

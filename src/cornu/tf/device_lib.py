"""What devices there are, for older scripts. Source: tensorflow.python.client.device_lib."""

from typing import Any, NamedTuple

from cornu.tf.config import list_logical_devices


class Device(NamedTuple):
    """A device."""

    name: str
    device_type: str


def list_local_devices(session_config: Any = None) -> list[Device]:
    """The devices of this machine."""
    return [Device(device.name, device.device_type) for device in list_logical_devices()]

"""Which device new tensors are made on."""

from collections.abc import Iterator
from contextlib import contextmanager

import jax

from cornu._base.errors import InvalidArgumentError


@contextmanager
def device(device_name: str) -> Iterator[None]:
    """Make and compute on that device inside: `"cpu"`, `"gpu:0"`, `"tpu:3"`; TensorFlow's `"/device:GPU:0"` is understood.

    Raises: InvalidArgumentError for a device that is not there. Source: keras.device.
    """
    kind, _, number = str(device_name).lower().strip("/").removeprefix("device:").partition(":")
    try:
        found = jax.devices("gpu" if kind == "cuda" else kind)[int(number or 0)]
    except (RuntimeError, ValueError, IndexError):
        known = sorted({f"{each.platform}:{i}" for each in (*jax.devices(), *jax.devices("cpu")) for i in [each.id]})
        raise InvalidArgumentError(
            f"Expected the name of a device, one of {', '.join(known)}; received {device_name!r}."
        ) from None
    with jax.default_device(found):
        yield

"""Tensors from and to other libraries without a copy. Source: tf.experimental.dlpack."""

from typing import Any

import jax.dlpack

from cornu.core.tensor import Tensor, convert_to_tensor


def to_dlpack(tf_tensor: Any) -> Any:
    """A capsule of the tensor's memory."""
    return convert_to_tensor(tf_tensor).__dlpack__()


def from_dlpack(dlcapsule: Any) -> Tensor:
    """The tensor of anything that speaks DLPack."""
    return Tensor(jax.dlpack.from_dlpack(dlcapsule))

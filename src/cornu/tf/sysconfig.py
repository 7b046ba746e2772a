"""How the engine was built. Source: tf.sysconfig."""

from typing import Any

import jax


def get_build_info() -> dict[str, Any]:
    """What accelerators the engine can use, and its version."""
    kinds = {device.platform for device in jax.devices()}
    return {
        "is_cuda_build": "gpu" in kinds or "cuda" in kinds,
        "is_rocm_build": "rocm" in kinds,
        "jax": jax.__version__,
    }

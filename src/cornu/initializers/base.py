"""What all initializers share: shapes and dtypes in, a tensor out, drawn on the host."""

import abc
from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from cornu._base.catalog import Catalog
from cornu._base.configurable import Configurable
from cornu._base.errors import InvalidArgumentError
from cornu.core import config, dtypes, philox
from cornu.core.keras2_seeds import initializer_seed
from cornu.core.random_state import SeedGenerator, default_seed, host_rng
from cornu.core.scopes import init_scope
from cornu.core.serialization import deserialize, serialize
from cornu.core.tensor import Tensor, convert_to_tensor


class Initializer(Configurable, abc.ABC):
    """First values of weights. A subclass defines `__call__(shape, dtype=None)`; `get_config` reads its arguments.

    Source: keras.initializers.Initializer.
    """

    @abc.abstractmethod
    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        """A tensor of that shape and dtype (default: floatx)."""

    def clone(self) -> Self:
        """A new initializer of the same config; without a seed it draws other values."""
        return self.from_config(self.get_config())

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """An initializer made from what `get_config` returned; arrays and seed generators in it may be serialized."""
        return cls(**{name: deserialize(v) if isinstance(v, dict) else v for name, v in config.items()})


INITIALIZERS = Catalog("initializer", "keras.initializers", base=Initializer)


class RandomInitializer(Initializer):
    """An initializer with a seed: the same instance gives the same values at every call.

    Args: `seed`, an integer; a SeedGenerator, which gives other values at every call; or None, which draws an integer now.
    """

    def __init__(self, seed: int | SeedGenerator | None = None):
        self._given_seed = seed
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, (int, np.integer, SeedGenerator))):
            raise InvalidArgumentError(
                f"Expected `seed` as an integer, a SeedGenerator or None; received {seed!r} of type {type(seed).__name__}."
            )
        self.seed = seed if seed is not None or config.style() == "tf2" else default_seed()

    def keras2_state(self) -> np.ndarray | None:
        """In style `tf2`, the state of the Philox stream from which tf.keras draws; it begins anew at every call.

        None in style `keras3` and with a SeedGenerator.
        """
        if config.style() != "tf2" or isinstance(self.seed, SeedGenerator):
            return None
        if self.seed is None:
            self.seed = initializer_seed()
        return philox.from_seed_pair((self.seed, 0))

    def rng(self) -> np.random.Generator:
        """The host generator of the next draw."""
        if self.seed is None:
            self.seed = default_seed()
        return host_rng(self.seed)

    def get_config(self) -> dict[str, Any]:
        """The arguments; `seed` as it was given, so that an unseeded initializer stays unseeded when it is reloaded."""
        return {**super().get_config(), "seed": serialize(self._given_seed)}


def finished(values: np.ndarray, dtype: Any) -> Tensor:
    """The host values as a concrete tensor, also while a function is being traced."""
    with init_scope():
        return convert_to_tensor(values.astype(np_dtype(dtype), copy=False))


def np_dtype(dtype: Any) -> np.dtype:
    """The NumPy dtype of a dtype in any form; None is floatx."""
    return np.dtype(dtypes.as_dtype(dtype).as_numpy_dtype)


def float_dtype(kind: str, dtype: Any) -> np.dtype:
    """The dtype random values are drawn in: float64 if that is asked for, else float32.

    Raises: InvalidArgumentError if `dtype` is not floating.
    """
    if not dtypes.is_float(dtype):
        raise InvalidArgumentError(
            f"{kind} makes random real numbers and expects a floating dtype; received {dtypes.name(dtype)!r}. "
            "Use Zeros, Ones or Constant for integer variables."
        )
    return np.dtype(np.float64 if dtypes.name(dtype) == "float64" else np.float32)

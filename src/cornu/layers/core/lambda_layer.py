"""Lambda: any function as a layer."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from cornu._base.errors import InvalidTypeError
from cornu.core import serialization
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class Lambda(Layer):
    """Applies `function` to the inputs. For anything with weights, write a Layer of your own.

    Args:
        function: Called as `function(inputs, **arguments)`, with `mask=` and `training=` if it takes them.
        output_shape: Shape of the result without the batch axis, or a function of the input shape; found by tracing if None.
        mask: The mask of the result, or a function `(inputs, mask) -> mask`.
        arguments: Keyword arguments for `function`.

    A registered function is saved by its name. A Python lambda is saved as bytecode, which is code: loading it needs
    `safe_mode=False`.

    Raises: InvalidTypeError if `function` cannot be called.
    Source: keras.layers.Lambda.
    """

    output_shape: tuple | Callable[[Any], Iterable] | None = (
        None  # an argument here, in place of the base class's property
    )

    def __init__(self, function, output_shape=None, mask=None, arguments=None, **common):
        super().__init__(**common)
        if not callable(function):
            raise InvalidTypeError(f"Expected a function; received {function!r} of type {type(function).__name__}.")
        self.function, self.mask, self.arguments = function, mask, dict(arguments or {})
        self.output_shape = tuple(output_shape) if isinstance(output_shape, (list, tuple)) else output_shape
        self.supports_masking = mask is not None
        self._wants = {name for name in ("mask", "training") if name in _parameters(function)} - self.arguments.keys()

    def build(self, input_shape):
        """Nothing to make; files record the shape, as Keras' do."""

    def call(self, inputs, mask=None, training=None):
        given = {"mask": mask, "training": training}
        return self.function(inputs, **{name: given[name] for name in self._wants}, **self.arguments)

    def compute_mask(self, inputs, mask=None):
        return self.mask(inputs, mask) if callable(self.mask) else self.mask

    def compute_output_shape(self, input_shape):
        if self.output_shape is None:
            return super().compute_output_shape(input_shape)
        if callable(self.output_shape):
            return tuple(self.output_shape(input_shape))
        first = input_shape if not input_shape or not isinstance(input_shape[0], (list, tuple)) else input_shape[0]
        return (first[0], *self.output_shape)

    def get_config(self) -> dict[str, Any]:
        optional = ("output_shape", "mask")
        return {
            name: value for name, value in super().get_config().items() if value is not None or name not in optional
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None, safe_mode: bool | None = None) -> "Lambda":
        """The layer of a config.

        Raises: UnsafeFileError for bytecode, unless `safe_mode=False` is given here or to the load in progress.
        """
        stored = {
            name: serialization.deserialize(value, custom_objects=custom_objects, safe_mode=safe_mode)
            if isinstance(value, dict) and name in ("function", "output_shape", "mask")
            else value
            for name, value in config.items()
        }
        return super().from_config(stored)


def _parameters(function: Any) -> set[str]:
    """Names of the parameters; none for built-ins without a signature."""
    try:
        return set(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return set()

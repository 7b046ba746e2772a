"""TimeDistributed: one layer applied to every step of a sequence."""

from typing import Any

import jax
import jax.numpy as jnp

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.context import context
from cornu.core.shapes import text
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.layers.base import Layer
from cornu.layers.call_plan import call_plan
from cornu.layers.catalog import LAYERS
from cornu.layers.core.wrapper import Wrapper
from cornu.layers.recurrent.cell_scan import StepsOp, Touched, scan_steps

# A step's result depends on other rows of the batch.
_MIX_ROWS = ("BatchNormalization", "Lambda", "SpectralNormalization")
_is_tensor = lambda x: isinstance(x, Tensor)


@LAYERS.add()
class TimeDistributed(Wrapper):
    """Applies a layer to every step of a sequence, with the same weights.

    All steps go through the layer as one large batch where that gives the same result; a layer that looks at its batch as a
    whole, as BatchNormalization does while training, gets one step after the other.

    Args: layer: The layer for one step.

    Shape: (batch, steps, ...) -> (batch, steps, *output of the layer).
    Raises: InvalidTypeError if `layer` is no layer; InvalidArgumentError on inputs with fewer than three axes.
    Source: keras.layers.TimeDistributed.
    """

    supports_masking = True
    _programs: Any = None  # made at the first call that needs them

    def build(self, input_shape):
        if len(input_shape) < 3:
            raise InvalidArgumentError(
                f"Expected inputs of shape (batch, steps, ...) with at least 3 axes for TimeDistributed; received "
                f"{text(input_shape)}."
            )
        if not self.layer.built:
            self.layer.build((input_shape[0], *input_shape[2:]))

    def call(self, inputs, training=None, mask=None):
        takes_mask = "mask" in call_plan(type(self.layer)).names
        mask = convert_to_tensor(mask) if mask is not None and takes_mask and len(mask.shape) > 2 else None
        if context.inferring or (_is_row_by_row(self.layer) and not getattr(self.layer, "stateful", False)):
            return self._all_at_once(inputs, training, mask)
        programs = self._programs or StepsOp(self._run)
        object.__setattr__(self, "_programs", programs)
        row = jax.ShapeDtypeStruct((inputs.shape[0], *inputs.shape[2:]), inputs._value.dtype)
        rows = None if mask is None else jax.ShapeDtypeStruct((mask.shape[0], *mask.shape[2:]), mask._value.dtype)
        touched = Touched.by(self._step(training), (row, rows), ())
        return programs(inputs, (), {"mask": mask}, touched, (training,))

    def _all_at_once(self, inputs: Any, training: Any, mask: Any) -> Any:
        def joined(x: Any) -> Any:
            return ops.reshape(x, (x.shape[0] * x.shape[1], *x.shape[2:]))

        options = {} if mask is None else {"mask": joined(mask)}
        outputs = self.layer(joined(inputs), training=training, **options)
        apart = lambda y: ops.reshape(y, (*inputs.shape[:2], *y.shape[1:]))
        return jax.tree.map(apart, outputs, is_leaf=_is_tensor)

    def _step(self, training: Any) -> Any:
        def step(row: Any, states: Any) -> tuple[Any, Any]:
            x, mask = row
            options = {} if mask is None else {"mask": mask}
            return self.layer(x, training=training, **options), states

        return step

    def _run(self, inputs: Any, states: Any, extras: Any, touched: Touched, options: tuple) -> Any:
        mask = extras["mask"]
        xs = (jnp.swapaxes(inputs, 0, 1), None if mask is None else jnp.swapaxes(mask, 0, 1))
        outputs, _ = scan_steps(self._step(*options), xs, states, None, touched.written, True, False, False)
        return jax.tree.map(lambda y: jnp.swapaxes(y, 0, 1), outputs)

    def compute_mask(self, inputs, previous_mask=None):
        if previous_mask is None or len(previous_mask.shape) <= 2:
            return previous_mask
        return ops.any(previous_mask, axis=tuple(range(2, len(previous_mask.shape))))

    def reset_state(self) -> None:
        """Reset the states of a stateful inner layer."""
        self.layer.reset_state()

    reset_states = reset_state

    def __getstate__(self):
        return {**super().__getstate__(), "_programs": None}


def _is_row_by_row(layer: Layer) -> bool:
    """Whether each row of the layer's result depends on that row of the inputs alone."""
    for each in layer._flatten_layers():
        if not type(each).__module__.startswith("cornu.") or type(each).__name__ in _MIX_ROWS:
            return False
        if each.activity_regularizer is not None or getattr(each, "stateful", False):
            return False
        if any(not isinstance(operation, Layer) for operation in getattr(each, "operations", ())):
            return False  # ops of a functional model may do anything with the batch
    return True

"""Loss scaling that adapts itself, for training in float16."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

import jax.numpy as jnp
import numpy as np
from jax import lax

from cornu import ops
from cornu._base.errors import InvalidTypeError
from cornu.core import serialization
from cornu.core.tensor import convert_to_tensor, is_tensor
from cornu.core.variable import Variable
from cornu.optimizers.base import OPTIMIZERS, Optimizer
from cornu.optimizers.state import Variables


@OPTIMIZERS.add()
class LossScaleOptimizer(Optimizer):
    """Wraps an optimizer for losses that are multiplied by a scale, so that small float16 gradients do not vanish.

    Gradients are divided by the scale. If one of them is not finite, the step is skipped and the scale halved; after
    `dynamic_growth_steps` finite steps in a row it is doubled.

    Args: `inner_optimizer`, the optimizer that makes the steps; `initial_scale`; `dynamic_growth_steps`.
    Raises: InvalidTypeError if `inner_optimizer` is no optimizer.
    Source: keras.optimizers.LossScaleOptimizer; Micikevicius et al. 2018.
    """

    def __init__(
        self,
        inner_optimizer: Optimizer,
        initial_scale: float = 2.0**15,
        dynamic_growth_steps: int = 2000,
        name: str | None = None,
    ):
        if not isinstance(inner_optimizer, Optimizer):
            raise InvalidTypeError(f"Expected `inner_optimizer` as an optimizer; received {inner_optimizer!r}.")
        super().__init__(0.0, name=name)
        self.inner_optimizer = inner_optimizer
        self.use_ema = inner_optimizer.use_ema
        self.initial_scale, self.dynamic_growth_steps = initial_scale, dynamic_growth_steps
        self._is_unscaled = False  # whether gradients come divided by the scale already

    def build(self, variables: Iterable[Variable]) -> None:
        """Make the counter, the scale, and the slots of the inner optimizer."""
        if self.built:
            return
        self._trainable = list(variables)
        self._index_variables()
        self.step_counter = self.add_variable((), dtype="int32", name="step_counter")
        self.dynamic_scale = self._add(np.asarray(self.initial_scale), "dynamic_scale", "float32")
        self._own = len(self._variables)
        self.inner_optimizer.build(self._trainable)
        self._variables = self._variables + self.inner_optimizer._variables
        self.built = True

    @property
    def variables(self) -> Variables:
        """The wrapper's own variables, then those of the inner optimizer."""
        return Variables(self._variables if self.built else self._variables + self.inner_optimizer.variables)

    @property
    def iterations(self) -> Any:
        """How many steps the inner optimizer made; skipped ones do not count."""
        return self.inner_optimizer.iterations

    @property
    def learning_rate(self) -> Any:
        """That of the inner optimizer. Can be set."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        self.inner_optimizer.learning_rate = value

    lr = learning_rate

    def scale_loss(self, loss: Any) -> Any:
        """The loss times the scale of this moment. `apply` divides the gradients by it."""
        self._is_unscaled = False
        return self._scaled(loss)

    @property
    def loss_scale(self) -> Any:
        """The scale of this moment."""
        return self.dynamic_scale.value if self.built else convert_to_tensor(self.initial_scale, "float32")

    def get_scaled_loss(self, loss: Any) -> Any:
        """The loss times the scale, for programs that divide the gradients by it with `get_unscaled_gradients`.

        Args: `loss`, a tensor, or a function that gives one; then the result is a function, too.
        Source: tf.keras.mixed_precision.LossScaleOptimizer of Keras 2.
        """
        return (lambda: self._scaled(loss())) if callable(loss) and not is_tensor(loss) else self._scaled(loss)

    def _scaled(self, loss: Any) -> Any:
        loss = convert_to_tensor(loss)
        return loss * ops.cast(self.loss_scale, loss.dtype)

    def get_unscaled_gradients(self, grads: Iterable[Any]) -> list[Any]:
        """The gradients divided by the scale. `apply` and `apply_gradients` take them as they are from then on.

        Source: tf.keras.mixed_precision.LossScaleOptimizer of Keras 2.
        """
        self._is_unscaled = True
        scale = self.loss_scale
        return [None if g is None else convert_to_tensor(g) / ops.cast(scale, g.dtype) for g in grads]

    def apply(self, grads: Iterable[Any], trainable_variables: Iterable[Variable] | None = None) -> None:
        """One step, or none if a gradient is not finite. The gradients are of the scaled loss, unless
        `get_unscaled_gradients` has divided them."""
        grads = list(grads)
        if self._is_unscaled:
            scale = self.loss_scale
            wide = [g if g is None or g.dtype == "float64" else ops.cast(g, "float32") for g in grads]
            grads = [None if g is None else g * ops.cast(scale, g.dtype) for g in wide]
        super().apply(grads, trainable_variables)

    def finalize_variable_values(self, var_list: Iterable[Variable]) -> None:
        """As the inner optimizer does."""
        self.inner_optimizer.finalize_variable_values(var_list)

    def _apply_pure(
        self, state: Sequence, grads: Sequence, values: Sequence, which: Sequence[int] | None = None
    ) -> tuple[list, list]:
        iteration, rate, counter, scale = state[: self._own]
        inner, weights = list(state[self._own :]), list(values)
        wide = [g.astype(jnp.promote_types(g.dtype, jnp.float32)) for g in grads]  # a scale may exceed float16
        grads = [(g / scale).astype(p.dtype) for g, p in zip(wide, weights, strict=True)]
        finite = jnp.stack([jnp.all(jnp.isfinite(g)) for g in grads]).all()

        def advance() -> tuple[list, list]:
            return self.inner_optimizer._apply_pure(inner, grads, weights, which)

        inner, weights = lax.cond(finite, advance, lambda: (inner, weights))
        grows = finite & (counter + 1 >= self.dynamic_growth_steps)
        counter = jnp.where(finite & ~grows, counter + 1, 0).astype(counter.dtype)
        scale = jnp.where(grows, scale * 2, jnp.where(finite, scale, scale / 2))
        return [iteration, rate, counter, scale, *inner], weights

    def _settings(self) -> tuple:
        return (*super()._settings(), *self.inner_optimizer._settings())

    def get_config(self) -> dict[str, Any]:
        """The arguments, the inner optimizer serialized."""
        return {
            "name": self.name,
            "inner_optimizer": serialization.serialize(self.inner_optimizer),
            "initial_scale": self.initial_scale,
            "dynamic_growth_steps": self.dynamic_growth_steps,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Self:
        """An optimizer made from what `get_config` returned."""
        inner = serialization.deserialize(config["inner_optimizer"], custom_objects=custom_objects)
        return cls(**config | {"inner_optimizer": inner})

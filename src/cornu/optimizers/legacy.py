"""The optimizers as `tf.keras.optimizers.legacy` had them: their formulas, names, slots and configs.

They take `lr=` and `decay=`, which divides the learning rate by `1 + decay * iterations`. Their weights are the iteration and
the slots; the learning rate is not among them. Source: tf.keras.optimizers.legacy.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.catalog import Catalog
from cornu._base.configurable import parameters
from cornu._base.errors import InvalidArgumentError
from cornu.core.variable import Variable
from cornu.optimizers import adadelta, adagrad, adam, adamax, base, ftrl, nadam, rmsprop, sgd, state

OPTIMIZERS = Catalog("legacy optimizer", "keras.optimizers.legacy", base=base.Optimizer)


class Optimizer(base.Optimizer):
    """What the legacy optimizers share: names of slots, the order of weights, short configs.

    Raises: InvalidArgumentError if the learning rate or its decay is negative.
    """

    slot_names: dict[str, str] = {}  # where the slots were called otherwise

    def __init__(self, learning_rate: Any = 0.001, *args: Any, **common: Any):
        super().__init__(learning_rate, *args, **common)
        rate = self._rate_variable
        for what, value in (("learning_rate", 0.0 if rate is None else float(rate)), ("decay", self.decay)):
            if value < 0:
                raise InvalidArgumentError(f"Expected `{what}` of 0 or more; received {value!r}.")
        self._iterations.path = f"{self.name}/iter"

    def _slot_name(self, variable: Variable, name: str | None) -> str:
        stem = variable.path.removesuffix(":0")
        return f"{stem}/{self.slot_names.get(name, name)}" if name else stem

    @property
    def weights(self) -> list[Variable]:
        """The iteration and the slots."""
        own = [variable for variable in self._variables if variable is not self._rate_variable]
        shared = list(self._shared.values())
        return [own[0], *shared, *(v for v in own[1:] if not any(v is s for s in shared))]

    @property
    def variables(self) -> state.Variables:
        """All state, the learning rate included; called as a method, `weights`."""
        found = _WeightsWhenCalled(self._variables)
        found.weights = self.weights
        return found

    def get_weights(self) -> list[np.ndarray]:
        """The values of `weights`."""
        return [np.asarray(variable) for variable in self.weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Assign `weights`. Raises: InvalidArgumentError if their number differs."""
        own = self.weights
        if len(weights) != len(own):
            raise InvalidArgumentError(
                f"Expected {len(own)} arrays for the weights of {self.name!r}; received {len(weights)}. Slots are made by the "
                "first step, or by build(model.trainable_variables)."
            )
        for variable, value in zip(own, weights, strict=True):
            variable.assign(value)

    def get_slot(self, var: Variable, slot_name: str) -> Variable:
        """What is remembered for `var` under that name. Raises: InvalidArgumentError naming the known ones."""
        slots = {self.slot_names.get(name, name): v for name, v in self._slots[self._get_variable_index(var)].items()}
        if slot_name not in slots:
            raise InvalidArgumentError(f"Expected a slot among {sorted(slots)}; received {slot_name!r}.")
        return slots[slot_name]

    def get_slot_names(self) -> list[str]:
        """The names of the slots."""
        return list(dict.fromkeys(self.slot_names.get(name, name) for slots in self._slots for name in slots))

    def get_config(self) -> dict[str, Any]:
        """The arguments; bounds of gradients only where they were given."""
        full = super().get_config()
        bounds = {name: full[name] for name in ("clipnorm", "global_clipnorm", "clipvalue") if full[name] is not None}
        own = {name: full[name] for name in parameters(type(self)) if name not in ("name", "learning_rate")}
        return {"name": self.name, "learning_rate": full["learning_rate"], "decay": self.decay, **bounds, **own}


class _WeightsWhenCalled(state.Variables):
    weights: list[Variable]

    def __call__(self) -> list[Variable]:
        return self.weights


@OPTIMIZERS.add()
class SGD(Optimizer, sgd.SGD):
    """Gradient descent, with momentum or without."""

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        name: str = "SGD",
        **common: Any,
    ):
        super().__init__(learning_rate, momentum, nesterov, name=name, **common)


@OPTIMIZERS.add()
class Adam(Optimizer, adam.Adam):
    """Adam; its state is all `m`, then all `v`, then all `vhat`."""

    grouped_slots = ("velocity", "velocity_hat")
    slot_names = {"momentum": "m", "velocity": "v", "velocity_hat": "vhat"}

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        amsgrad: bool = False,
        name: str = "Adam",
        **common: Any,
    ):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, name=name, **common)


@OPTIMIZERS.add()
class RMSprop(Optimizer, rmsprop.RMSprop):
    """RMSprop; without momentum epsilon is added to the root instead of below it."""

    slot_names = {"velocity": "rms", "average_gradient": "mg"}

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float | None = 1e-7,
        centered: bool = False,
        name: str = "RMSprop",
        **common: Any,
    ):
        super().__init__(learning_rate, rho, momentum, epsilon, centered, name=name, **common)

    def update(self, g, p, slots, lr, t):
        if self.momentum > 0:
            return super().update(g, p, slots, lr, t)
        rms = self.rho * slots["velocity"] + (1 - self.rho) * jnp.square(g)
        new, spread = {"velocity": rms}, rms
        if self.centered:
            mean = new["average_gradient"] = self.rho * slots["average_gradient"] + (1 - self.rho) * g
            spread = rms - jnp.square(mean)
        return p - lr * g / (jnp.sqrt(spread) + self.epsilon), new


@OPTIMIZERS.add()
class Adagrad(Optimizer, adagrad.Adagrad):
    """Adagrad; epsilon is added to the root."""

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float | None = 1e-7,
        name: str = "Adagrad",
        **common: Any,
    ):
        super().__init__(learning_rate, initial_accumulator_value, epsilon, name=name, **common)

    def update(self, g, p, slots, lr, t):
        accumulator = slots["accumulator"] + jnp.square(g)
        return p - lr * g / (jnp.sqrt(accumulator) + self.epsilon), {"accumulator": accumulator}


@OPTIMIZERS.add()
class Adadelta(Optimizer, adadelta.Adadelta):
    """Adadelta; its state is all mean squares of gradients, then all of steps."""

    grouped_slots = ("accumulated_delta_var",)
    slot_names = {"accumulated_grad": "accum_grad", "accumulated_delta_var": "accum_var"}

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.95,
        epsilon: float | None = 1e-7,
        name: str = "Adadelta",
        **common: Any,
    ):
        super().__init__(learning_rate, rho, epsilon, name=name, **common)


@OPTIMIZERS.add()
class Adamax(Optimizer, adamax.Adamax):
    """Adamax; its state is all `m`, then all `v`."""

    grouped_slots = ("norm",)
    slot_names = {"momentum": "m", "norm": "v"}

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        name: str = "Adamax",
        **common: Any,
    ):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, name=name, **common)


@OPTIMIZERS.add()
class Nadam(Optimizer, nadam.Nadam):
    """Nadam on the schedule `u_t = beta_1 * (1 - 0.96**(t * schedule_decay) / 2)`.

    `decay` is another name of `schedule_decay`, as configs write it; the learning rate stays.
    """

    grouped_slots = ("velocity",)
    slot_names = {"momentum": "m", "velocity": "v"}

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        name: str = "Nadam",
        **common: Any,
    ):
        decay = common.pop("decay", None)
        self.schedule_decay = float(common.pop("schedule_decay", 0.004 if decay is None else decay))
        super().__init__(learning_rate, beta_1, beta_2, epsilon, name=name, **common)

    def build(self, variables: Iterable[Variable]) -> None:
        """Make the slots; the product of the schedule is called `momentum_cache`."""
        super().build(variables)
        self._shared["u_product"].path = f"{self.name}/momentum_cache"

    def _u(self, t: jax.Array) -> jax.Array:
        return self.beta_1 * (1 - 0.5 * jnp.power(jnp.asarray(0.96, t.dtype), t * self.schedule_decay))

    def get_config(self) -> dict[str, Any]:
        """The arguments, `schedule_decay` under the name `decay`."""
        return {**super().get_config(), "decay": self.schedule_decay}


@OPTIMIZERS.add()
class Ftrl(Optimizer, ftrl.Ftrl):
    """FTRL-Proximal."""

    def __init__(
        self,
        learning_rate: Any = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        name: str = "Ftrl",
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
        **common: Any,
    ):
        super().__init__(
            learning_rate, learning_rate_power, initial_accumulator_value, l1_regularization_strength,
            l2_regularization_strength, l2_shrinkage_regularization_strength, beta, name=name, **common,
        )  # fmt: skip

"""What all optimizers share: the arguments, what an algorithm defines, and how gradients are applied."""

import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base import names
from cornu._base.catalog import Catalog
from cornu._base.configurable import Configurable, parameters
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.core import config, serialization
from cornu.core.context import context
from cornu.core.tape import GradientTape
from cornu.core.tensor import Tensor, convert_to_tensor, is_tensor, raw
from cornu.core.variable import Variable
from cornu.optimizers import step
from cornu.optimizers.learning_rate import LearningRate, as_number
from cornu.optimizers.state import OptimizerState

_PLAIN = (bool, int, float, str, type(None))


class Optimizer(OptimizerState, LearningRate, Configurable):
    """Base of all optimizers. An algorithm is a subclass with two pure methods on JAX arrays, per weight:

    - `slots(p)`: the arrays it remembers for the weight `p`, by name, at their first values;
    - `update(g, p, slots, lr, t)`: weight and slots after the gradient `g`; `lr` is the learning rate, `t` counts from 1,
      both of the dtype of `p`.

    A subclass written for Keras 3, which overrides `build` and `update_step`, works too.

    Args:
        learning_rate: a number, a `LearningRateSchedule`, or a function without arguments. `lr=` is accepted.
        weight_decay: each step first takes `learning_rate * weight_decay` of the weight away.
        clipnorm, global_clipnorm, clipvalue: bounds for the norm of each gradient, of all together, for each entry.
        use_ema: keep running averages of the weights, of momentum `ema_momentum`; the weights are set to them after
            every `ema_overwrite_frequency` steps (None: when training ends).
        loss_scale_factor: what the loss was multiplied by; gradients are divided by it.
        gradient_accumulation_steps: weights change every that many steps, by the mean gradient.
        name: default from the class.
        decay: Keras 2's: the learning rate is divided by `1 + decay * iterations`.

    Raises: InvalidArgumentError on unknown or contradicting arguments.
    Source: keras.optimizers.Optimizer.
    """

    # Slots that Keras stores after those of all weights, each name a group of its own: it decides the order in files.
    grouped_slots: tuple[str, ...] = ()

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **legacy: Any,
    ):
        learning_rate = legacy.pop("lr", learning_rate)
        self.decay = float(legacy.pop("decay", None) or 0.0)
        for of_older_configs in ("jit_compile", "is_legacy_optimizer"):  # steps are compiled, whatever they say
            legacy.pop(of_older_configs, None)
        if legacy:
            self._refuse(next(iter(legacy)))
        if sum(bound is not None for bound in (clipnorm, clipvalue, global_clipnorm)) > 1:
            raise InvalidArgumentError(
                "Expected at most one of clipnorm, clipvalue and global_clipnorm; received "
                f"clipnorm={clipnorm}, clipvalue={clipvalue}, global_clipnorm={global_clipnorm}."
            )
        if use_ema:
            unit_interval("ema_momentum", ema_momentum)
            if ema_overwrite_frequency is not None and not (
                isinstance(ema_overwrite_frequency, int) and ema_overwrite_frequency > 0
            ):
                raise InvalidArgumentError(
                    f"Expected `ema_overwrite_frequency` as a positive integer or None; received {ema_overwrite_frequency!r}."
                )
        if gradient_accumulation_steps is not None and not (
            isinstance(gradient_accumulation_steps, int) and gradient_accumulation_steps >= 2
        ):
            raise InvalidArgumentError(
                "Expected `gradient_accumulation_steps` as an integer of 2 or more, or None; "
                f"received {gradient_accumulation_steps!r}."
            )
        self.name = name or names.auto_name(type(self).__name__)
        self.weight_decay, self.clipnorm, self.clipvalue = weight_decay, clipnorm, clipvalue
        self.global_clipnorm, self.use_ema, self.ema_momentum = global_clipnorm, use_ema, ema_momentum
        self.ema_overwrite_frequency, self.loss_scale_factor = ema_overwrite_frequency, loss_scale_factor
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self.built = False
        self._variables: list[Variable] = []
        self._trainable: list[Variable] = []
        self._index: dict[int, int] = {}
        self._slots: list[dict[str, Variable]] = []
        self._shared: dict[str, Variable] = {}
        self._averages: list[Variable] = []
        self._accumulators: list[Variable] = []
        self._not_decayed: tuple[frozenset[int], tuple[str, ...]] = (frozenset(), ())
        self._compiled: dict[Any, Callable] = {}
        self._iterations = self.add_variable((), dtype="int32", name="iteration")
        self._schedule: Any = None
        self._rate_variable: Variable | None = None
        if callable(learning_rate) and not is_tensor(learning_rate):
            self._schedule = learning_rate
        else:
            self._rate_variable = self.add_variable(
                (), dtype=config.floatx(), name="learning_rate", initializer=as_number(learning_rate)
            )

    def _refuse(self, unknown: str) -> None:
        known = {*parameters(type(self)), *parameters(Optimizer), "lr", "decay"}
        raise InvalidArgumentError(
            f"{type(self).__name__} got the unknown argument {unknown!r}.{did_you_mean(unknown, known)} "
            f"It takes {', '.join(sorted(known))}."
        )

    # -- what an algorithm defines

    def slots(self, p: jax.Array) -> dict[str, Any]:
        """What the algorithm remembers for a weight, at its first values, in Keras' order."""
        return {}

    def slots_for(self, variable: Variable) -> dict[str, Any]:
        """What the algorithm remembers for a variable; for those that tell variables apart by more than their shape."""
        return self.slots(variable._read())

    def decay_of(self, variable: Variable) -> float | None:
        """The weight decay of a variable."""
        return self.weight_decay

    def shared_slots(self) -> dict[str, Any]:
        """What the algorithm remembers once for all weights, at its first values."""
        return {}

    def advance(self, shared: dict[str, jax.Array], t: jax.Array) -> dict[str, jax.Array]:
        """The shared slots at step `t`, given those of the step before. `update` finds them among its slots."""
        return shared

    def update(
        self, g: jax.Array, p: jax.Array, slots: dict[str, jax.Array], lr: jax.Array, t: jax.Array
    ) -> tuple[jax.Array, dict[str, jax.Array]]:
        """The weight `p` and its slots after a step with gradient `g`. Subclasses define it."""
        raise FailedPreconditionError(f"{type(self).__name__} must define `update(self, g, p, slots, lr, t)`.")

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Update one variable by assigning to it and to its slots. Subclasses written for Keras 3 override it."""
        slots = self._slots[self._get_variable_index(variable)]
        p, lr = variable._read(), raw(learning_rate)
        values = {name: v._read() for name, v in {**slots, **self._shared}.items()}
        t = self._iterations._read() + 1
        new_p, new_slots = self.update(raw(gradient), p, values, lr.astype(p.dtype), t.astype(p.dtype))
        variable.assign(new_p)
        for name, value in new_slots.items():
            slots[name].assign(value)

    # -- applying gradients

    def apply_gradients(
        self,
        grads_and_vars: Iterable[tuple[Any, Variable]],
        name: str | None = None,
        skip_gradients_aggregation: bool = False,
        experimental_aggregate_gradients: bool = True,
    ) -> Any:
        """One step. Variables whose gradient is None are left out, with a warning. Returns: `iterations`.

        The last three arguments are Keras 2's: ops have no names here, and an array spread over devices is one array.

        Raises: InvalidArgumentError if there is no gradient at all, or shapes or variables do not fit.
        """
        pairs = list(grads_and_vars)
        if not pairs:
            raise InvalidArgumentError("Expected (gradient, variable) pairs; received none.")
        self.apply([g for g, _ in pairs], [v for _, v in pairs])
        return self._iterations

    def apply(self, grads: Iterable[Any], trainable_variables: Iterable[Variable] | None = None) -> None:
        """One step, with gradients in the order of the variables (default: those it was built for).

        Raises: InvalidArgumentError if there is no gradient at all, or numbers, shapes or variables do not fit.
        """
        grads = list(grads)
        variables, which, grads = self._matched(grads, trainable_variables)
        if not grads:
            return
        values = [v._read() for v in variables]
        grads = [_gradient(g, v) for g, v in zip(grads, variables, strict=True)]
        state = [v._read() for v in self._variables]
        if context.scope is not None or any(isinstance(x, jax.core.Tracer) for x in (*grads, *values)):
            state, values = self._apply_pure(state, grads, values, which)
            for variable, value in zip((*self._variables, *variables), (*state, *values), strict=True):
                variable.assign(value)
            return
        state, values = self._jitted(which)(state, grads, values)
        for variable, value in zip((*self._variables, *variables), (*state, *values), strict=True):
            variable._stored = value  # as `assign` does; a step keeps shapes and dtypes

    def stateless_apply(
        self, optimizer_variables: Sequence[Any], grads: Sequence[Any], trainable_variables: Sequence[Any]
    ) -> tuple[list[Tensor], list[Tensor]]:
        """One step on given values; nothing is assigned. Returns: values of the weights, values of `variables`.

        Raises: FailedPreconditionError before `build`; InvalidArgumentError if the numbers do not fit.
        """
        if not self.built:
            raise FailedPreconditionError(
                f"The optimizer {self.name!r} has no slots yet. Call `build(model.trainable_variables)` first."
            )
        for name, given, expected in (
            ("optimizer_variables", optimizer_variables, self._variables),
            ("trainable_variables", trainable_variables, self._trainable),
            ("grads", grads, self._trainable),
        ):
            if len(given) != len(expected):
                raise InvalidArgumentError(f"Expected `{name}` with {len(expected)} entries; received {len(given)}.")
        which = tuple(i for i, g in enumerate(grads) if g is not None)
        values = [raw(v) for v in trainable_variables]
        state, updated = self._apply_pure(
            [raw(v) for v in optimizer_variables], [raw(grads[i]) for i in which], [values[i] for i in which], which
        )
        for i, value in zip(which, updated, strict=True):
            values[i] = value
        return [Tensor(v) for v in values], [Tensor(v) for v in state]

    def _apply_pure(
        self, state: Sequence, grads: Sequence, values: Sequence, which: Sequence[int] | None = None
    ) -> tuple[list, list]:
        """One step on JAX arrays: values of `variables`, gradients and weights in, values of `variables` and weights out.

        `which` are the positions of the weights among those the optimizer was built for (default: all).
        """
        return step.step(self, state, grads, values, range(len(self._trainable)) if which is None else which)

    def _jitted(self, which: tuple[int, ...]) -> Callable:
        """The compiled step; another one after a setting such as `clipnorm` was changed."""
        key = (which, self._settings())
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = jax.jit(
                lambda state, grads, values: self._apply_pure(state, grads, values, which)
            )
        return compiled

    def _settings(self) -> tuple:
        """What the compiled step has taken in as constants."""
        plain = tuple(value for name, value in self.__dict__.items() if isinstance(value, _PLAIN) and name != "built")
        return (plain, self._not_decayed, id(self._schedule), id(self._rate_variable))

    def _matched(
        self, grads: list, variables: Iterable[Variable] | None
    ) -> tuple[list[Variable], tuple[int, ...], list]:
        """Variables, their positions, and gradients, without those whose gradient is None."""
        if variables is None:
            if not self.built:
                raise FailedPreconditionError(
                    "Expected `trainable_variables`, because the optimizer was not built yet; received None."
                )
            variables = self._trainable
        else:
            variables = list(variables)
            if len(variables) == len(grads):
                self.build(variables)
        if len(grads) != len(variables):
            raise InvalidArgumentError(
                f"Expected one gradient per variable: {len(variables)}; received {len(grads)} gradients."
            )
        which = [self._get_variable_index(v) for v in variables]
        kept = [k for k, g in enumerate(grads) if g is not None]
        if grads and not kept:
            raise InvalidArgumentError(
                f"All {len(grads)} gradients are None: the loss does not depend on any of the variables. Compute it from "
                "them inside of the tape, and do not leave tensor operations in between."
            )
        if len(kept) < len(grads):
            missing = [v.path for v, g in zip(variables, grads, strict=True) if g is None]
            warnings.warn(
                f"Gradients do not exist for variables {missing} when minimizing the loss; they are left as they are. "
                "If using `model.compile()`, did you forget to provide a `loss` argument?",
                stacklevel=4,
            )
        return [variables[k] for k in kept], tuple(which[k] for k in kept), [grads[k] for k in kept]

    def minimize(
        self,
        loss: Any,
        var_list: Iterable[Variable] | Callable,
        tape: GradientTape | None = None,
        name: str | None = None,
    ) -> Any:
        """Differentiate `loss`, a function without arguments (or a tensor, with its `tape`), and make one step.

        `name` is Keras 2's and has no effect: ops have no names here.

        Returns: `iterations`. Source: tf.keras.optimizers.Optimizer.minimize.
        """
        return self.apply_gradients(self.compute_gradients(loss, var_list, tape))

    def compute_gradients(
        self, loss: Any, var_list: Iterable[Variable] | Callable, tape: GradientTape | None = None
    ) -> list[tuple[Any, Variable]]:
        """(gradient, variable) pairs of `loss`, see `minimize`. `var_list` may be a function that gives the list.

        Raises: InvalidArgumentError if `loss` is a tensor and there is no tape.
        """
        variables = list(var_list() if callable(var_list) else var_list)
        if callable(loss):
            with GradientTape() as tape:
                loss = loss()
        if tape is None:
            raise InvalidArgumentError(
                "Expected `loss` as a function without arguments, or as a tensor together with the `tape` that saw it "
                "being computed; received a tensor and no tape."
            )
        return list(zip(tape.gradient(loss, variables), variables, strict=True))

    def scale_loss(self, loss: Any) -> Any:
        """The loss times `loss_scale_factor`."""
        return loss if self.loss_scale_factor is None else convert_to_tensor(loss) * self.loss_scale_factor

    def exclude_from_weight_decay(
        self, var_list: Iterable[Variable] | None = None, var_names: Iterable[str] | None = None
    ) -> None:
        """Do not decay these variables, nor those in whose name one of the patterns is found. The last call counts."""
        self._not_decayed = (frozenset(id(v) for v in var_list or ()), tuple(var_names or ()))

    def _decays(self, variable: Variable) -> bool:
        ids, patterns = self._not_decayed
        return id(variable) not in ids and not any(re.search(pattern, variable.name) for pattern in patterns)

    def finalize_variable_values(self, var_list: Iterable[Variable]) -> None:
        """With `use_ema`, set the variables to their running averages; for the end of training."""
        if self.use_ema:
            for variable in var_list:
                variable.assign(self._averages[self._get_variable_index(variable)]._read())

    def _has_own_update_step(self) -> bool:
        return type(self).update_step is not Optimizer.update_step

    # -- config and copies

    def get_config(self) -> dict[str, Any]:
        """The arguments, with the learning rate of this moment."""
        rate = self._rate_variable
        common = {
            "name": self.name,
            "learning_rate": float(rate) if rate is not None else serialization.serialize(self._schedule),
            "weight_decay": self.weight_decay,
            "clipnorm": self.clipnorm,
            "global_clipnorm": self.global_clipnorm,
            "clipvalue": self.clipvalue,
            "use_ema": self.use_ema,
            "ema_momentum": self.ema_momentum,
            "ema_overwrite_frequency": self.ema_overwrite_frequency,
            "loss_scale_factor": self.loss_scale_factor,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
        } | ({"decay": self.decay} if self.decay else {})
        own = (name for name in parameters(type(self)) if name not in common and hasattr(self, name))
        return common | {name: getattr(self, name) for name in own}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Self:
        """An optimizer made from what `get_config` returned."""
        config = dict(config)
        if isinstance(config.get("learning_rate"), dict):
            config["learning_rate"] = serialization.deserialize(config["learning_rate"], custom_objects=custom_objects)
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, {len(self._variables)} variables>"

    def __getstate__(self) -> dict[str, Any]:
        ids, patterns = self._not_decayed
        excluded = [i for i, v in enumerate(self._trainable) if id(v) in ids]
        return self.__dict__ | {"_compiled": {}, "_index": {}, "_not_decayed": (excluded, patterns)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._index_variables()
        excluded, patterns = state["_not_decayed"]
        self._not_decayed = (frozenset(id(self._trainable[i]) for i in excluded), patterns)


OPTIMIZERS = Catalog("optimizer", "keras.optimizers", base=Optimizer)


def zeros_like(p: Any) -> np.ndarray:
    """Zeros of the shape and dtype of `p`, made on the host: nothing is compiled per shape."""
    return np.zeros(p.shape, p.dtype)


def power(base: float, t: jax.Array) -> jax.Array:
    """`base ** t` in the dtype of `t`."""
    return jnp.power(jnp.asarray(base, t.dtype), t)


def epsilon_or_default(epsilon: float | None) -> float:
    """The number itself; None means the configured one, as in Keras 2."""
    return config.epsilon() if epsilon is None else epsilon


def unit_interval(name: str, value: float) -> float:
    """Raises: InvalidArgumentError unless 0 <= value <= 1."""
    if not isinstance(value, (int, float, np.number)) or not 0 <= value <= 1:
        raise InvalidArgumentError(f"Expected `{name}` as a number between 0 and 1; received {value!r}.")
    return value


def _gradient(g: Any, variable: Variable) -> jax.Array:
    g = raw(g)
    if tuple(g.shape) != tuple(variable.shape):
        raise InvalidArgumentError(
            f"Expected a gradient of shape {tuple(variable.shape)} for the variable {variable.path!r}; "
            f"received shape {tuple(g.shape)}."
        )
    return g

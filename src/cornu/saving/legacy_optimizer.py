"""Optimizers in the old HDF5 format: their configs in the words of Keras 2, and the order of their state."""

from collections.abc import Mapping, Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np

from cornu import optimizers
from cornu.core import serialization
from cornu.core.scopes import init_scope
from cornu.core.variable import Variable
from cornu.optimizers import legacy
from cornu.saving.layer_groups import unique_names
from cornu.saving.trackables import legacy_names

# Optimizers that Keras 2 has in its last generation, which calls them `Custom>Adam`; `Adam` is the generation before.
_KERAS_2 = ("SGD", "RMSprop", "Adam", "AdamW", "Adadelta", "Adagrad", "Adamax", "Adafactor", "Nadam", "Ftrl", "Lion")
_PREFIX = "Custom>"
_KERAS_3_ONLY = ("loss_scale_factor", "gradient_accumulation_steps")

State = list[tuple[str, Any]]


def config(optimizer: Any) -> dict[str, Any]:
    """Class and arguments of an optimizer, as a part of `training_config`."""
    data = serialization.serialize(optimizer)
    arguments = {key: v for key, v in data["config"].items() if not (key in _KERAS_3_ONLY and v is None)}
    name = data["class_name"]
    if _is_keras_2s(optimizer):
        arguments["name"] = name  # Keras 3 takes a numbered name for the class
    if ">" in str(data["registered_name"]):
        name = data["registered_name"]
    return {"class_name": f"{_PREFIX}{name}" if _is_keras_2s(optimizer) else name, "config": arguments}


def from_config(data: Mapping[str, Any]) -> Any:
    """The optimizer of a file. Those of the generations that knew no `weight_decay` are `optimizers.legacy`'s.

    Raises: NotFoundError for an unknown class.
    """
    name, arguments = data["class_name"], dict(data["config"])
    bare = name.removeprefix(_PREFIX)
    if bare in ("LossScaleOptimizer", "LossScaleOptimizerV3"):
        inner = arguments.get("inner_optimizer") or arguments["optimizer"]
        scale = {key: arguments[key] for key in ("initial_scale", "dynamic_growth_steps") if arguments.get(key)}
        return optimizers.LossScaleOptimizer(from_config(inner), **scale)
    if isinstance(arguments.get("learning_rate"), Mapping):
        arguments["learning_rate"] = {"module": "keras.optimizers.schedules", **arguments["learning_rate"]}
    is_old = name == bare and "weight_decay" not in arguments and bare in legacy.OPTIMIZERS
    module = "keras.optimizers.legacy" if is_old else "keras.optimizers"
    if arguments.get("is_legacy_optimizer") and bare in legacy.OPTIMIZERS:
        module = "keras.optimizers.legacy"
    known = bare in legacy.OPTIMIZERS or bare in optimizers.OPTIMIZERS
    return serialization.deserialize(
        {"module": module, "class_name": bare, "config": arguments, "registered_name": None}
        if known
        else {"class_name": name, "config": arguments, "registered_name": name}
    )


def of_today(optimizer: legacy.Optimizer) -> dict[str, Any]:
    """The optimizer of Keras 3 with the arguments of a legacy one, serialized."""
    arguments = optimizer.get_config()
    decay = arguments.pop("decay")
    if decay and isinstance(arguments["learning_rate"], float) and not isinstance(optimizer, legacy.Nadam):
        rate = {"initial_learning_rate": arguments["learning_rate"], "decay_steps": 1, "decay_rate": decay}
        schedule = {"module": "keras.optimizers.schedules", "class_name": "InverseTimeDecay", "registered_name": None}
        arguments["learning_rate"] = {**schedule, "config": {**rate, "staircase": False, "name": "InverseTimeDecay"}}
    if arguments.get("epsilon", 0) is None:
        del arguments["epsilon"]
    name = type(optimizer).__name__
    return {"module": "keras.optimizers", "class_name": name, "config": arguments, "registered_name": None}


def take_state(optimizer: Any, older: legacy.Optimizer) -> None:
    """Let an optimizer that is built go on where the one that `of_today` was given had come to."""
    pairs = [(optimizer._iterations, older._iterations)]
    for own, others in ((optimizer._shared, older._shared), *zip(optimizer._slots, older._slots, strict=False)):
        pairs += [(variable, others[name]) for name, variable in own.items() if name in others]
    for variable, value in pairs:
        variable.assign(value)


def _is_keras_2s(optimizer: Any) -> bool:
    return type(optimizer).__name__ in _KERAS_2 and type(optimizer).__module__ == (
        f"cornu.optimizers.{type(optimizer).__name__.lower().removesuffix('w')}"
    )


def collect(optimizer: Any) -> dict[str, np.ndarray]:
    """The state by name, in the order of the file."""
    state = _state(optimizer)
    names = unique_names([name for name, _ in state])
    arrays = {name: np.asarray(value) for name, (_, value) in zip(names, state, strict=True)}
    return {name: array.astype(np.int64) if array.dtype == np.int32 else array for name, array in arrays.items()}


def _state(optimizer: Any) -> State:
    """Variables, or arrays in the place of variables that Keras 2 has and Cornu has not."""
    if isinstance(optimizer, legacy.Optimizer):
        return [(variable.path, variable) for variable in optimizer.weights]
    if not _is_keras_2s(optimizer):
        return [(variable.path, variable) for variable in optimizer._variables]
    names = legacy_names(optimizer)
    slot_names = {
        id(slot): f"{optimizer.name}/{names.get(name, name)}/{variable.path}"
        for variable, slots in zip(optimizer._trainable, optimizer._slots, strict=False)
        for name, slot in slots.items()
    }
    shared = {id(variable) for variable in optimizer._shared.values()}
    kept = [
        variable
        for variable in optimizer._variables
        if variable is not optimizer._rate_variable and id(variable) not in shared and not _is_placeholder(variable)
    ]
    state: State = [(slot_names.get(id(variable)) or str(variable.path), variable) for variable in kept]
    if isinstance(optimizer, optimizers.SGD) and not optimizer.momentum:  # Keras 2 keeps slots that it does not use
        state += [
            (f"{optimizer.name}/m/{v.path}", np.zeros(tuple(v.shape), v.dtype.name)) for v in optimizer._trainable
        ]
    return state


def _is_placeholder(variable: Variable) -> bool:
    return variable.dtype.name == "int32" and variable._name != "iteration"


def restore(optimizer: Any, arrays: Sequence[np.ndarray]) -> bool:
    """Read the state of an optimizer that is built. Returns: whether it fits; if not, nothing is assigned."""
    pairs = _pairs(optimizer, arrays)
    if pairs is None:
        return False
    with init_scope():
        for variable, array in pairs:
            variable.assign(array)
        product = optimizer._shared.get("u_product")
        if product is not None and not any(variable is product for variable, _ in pairs):  # follows from the step count
            count = int(optimizer._iterations)
            product.assign(np.prod(np.asarray(optimizer._u(jnp.arange(1, count + 1, dtype=jnp.float32)))))
    return True


def _pairs(optimizer: Any, arrays: Sequence[np.ndarray]) -> list[tuple[Variable, np.ndarray]] | None:
    """(variable, value), in the first of the orders that writers have used that fits."""
    arrays = list(arrays)
    state, count = [value for _, value in _state(optimizer)], len(optimizer._trainable)
    orders = [(state, arrays), (list(optimizer._variables), arrays)]
    if isinstance(optimizer, legacy.Optimizer):
        orders.append((state[1:], arrays))  # the step was not counted
        if len(arrays) > count and all(array.shape == (1,) for array in arrays[len(arrays) - count :]):
            orders.append((state, arrays[: len(arrays) - count]))  # Adam's third slot, unused
        if len(state) == 1:
            orders.append((state, arrays[:1]))  # SGD's slots, unused
        if count and (len(state) - 1) % count == 0:  # early releases sorted the weights of a graph by name
            by_name = sorted(range(count), key=lambda i: f"{optimizer._trainable[i].path}:0")
            groups = [state[start : start + count] for start in range(1, len(state), count)]
            orders.append(([state[0], *(group[i] for group in groups for i in by_name)], arrays))
    for wanted, given in orders:
        shapes = [tuple(np.shape(value)) if isinstance(value, np.ndarray) else tuple(value.shape) for value in wanted]
        if shapes == [array.shape for array in given]:
            return [(v, array) for v, array in zip(wanted, given, strict=True) if isinstance(v, Variable)]
    return None

"""All variables of a model as a tree of dicts, by the parts of their paths. Source: keras.Model.get_state_tree."""

from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.core.variable import Variable

_FORMATS = ("backend_tensor", "numpy_array")


def groups(model: Any) -> dict[str, list[Variable]]:
    """The variables by what they are for."""
    optimizer = getattr(model, "optimizer", None)
    return {
        "trainable_variables": model.trainable_variables,
        "non_trainable_variables": model.non_trainable_variables,
        "optimizer_variables": [] if optimizer is None else list(optimizer.variables),
        "metrics_variables": model.metrics_variables,
    }


def read(model: Any, value_format: str) -> dict[str, dict]:
    """The values. Raises: InvalidArgumentError on an unknown format."""
    if value_format not in _FORMATS:
        raise InvalidArgumentError(
            f"Expected value_format to be one of {', '.join(_FORMATS)}; received {value_format!r}."
        )
    tree: dict[str, dict] = {}
    for group, variables in groups(model).items():
        tree[group] = {}
        for variable in variables:
            *parents, name = variable.path.split("/")
            place = tree[group]
            for parent in parents:
                place = place.setdefault(parent, {})
            place[name] = variable.numpy() if value_format == "numpy_array" else variable.value
    return tree


def write(model: Any, tree: dict[str, dict]) -> None:
    """Assign the values of the tree; what it does not hold stays.

    Raises: InvalidArgumentError on a path that no variable has, or a value of another shape. Nothing is assigned then.
    """
    own = groups(model)
    pairs: list[tuple[Variable, Any]] = []
    for group, values in tree.items():
        if group not in own:
            raise InvalidArgumentError(
                f"Expected groups of {', '.join(own)} in a state tree; received {group!r}.{did_you_mean(group, own)}"
            )
        by_path = {variable.path: variable for variable in own[group]}
        for path, value in _flat(values):
            if path not in by_path:
                raise InvalidArgumentError(
                    f"The model {model.name!r} has no variable {path!r} among its {group}.{did_you_mean(path, by_path)}"
                )
            pairs.append((by_path[path], by_path[path]._checked(value)))
    for variable, value in pairs:
        variable.assign(value)


def _flat(values: Any, path: str = "") -> list[tuple[str, Any]]:
    if not isinstance(values, dict):
        return [(path, values)]
    return [pair for name, value in values.items() for pair in _flat(value, f"{path}/{name}" if path else name)]

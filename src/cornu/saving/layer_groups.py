"""Weights in the layout of the old HDF5 format: a group for each layer, and the names of its arrays in their order.

The weights of a layer are its trainable ones, then the others; those of a nested model lie in one group.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cornu._base.errors import DataLossError, InvalidArgumentError
from cornu.core.scopes import init_scope
from cornu.core.variable import Variable
from cornu.io.hdf5 import ArrayFile
from cornu.saving import cudnn_weights
from cornu.saving.report import LoadReport

LAYERS, WEIGHTS, TOP = "layer_names", "weight_names", "top_level_model_weights"
_LIMIT = 64_512  # bytes of an attribute; longer lists of names go on in `layer_names0`, `layer_names1`, ...

Arrays = dict[str, np.ndarray]
Attributes = dict[str, dict[str, Any]]


def weights_of(layer: Any) -> list[Variable]:
    """The variables of a layer in the order of the file."""
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def collect(model: Any, root: str) -> tuple[Arrays, Attributes]:
    """The weights of a model by path below `root`, and the attributes that tell their order."""
    arrays: Arrays = {}
    attributes: Attributes = {root or "/": names_attribute(LAYERS, [layer.name for layer in model.layers])}
    for name, variables in [*((layer.name, weights_of(layer)) for layer in model.layers), (TOP, _own(model))]:
        group, names = _below(root, name), unique_names([variable.path for variable in variables])
        attributes[group] = names_attribute(WEIGHTS, names)
        arrays |= {f"{group}/{key}": np.asarray(variable) for key, variable in zip(names, variables, strict=True)}
    return arrays, attributes


def restore(
    model: Any, file: ArrayFile, root: str, by_name: bool, skip_mismatch: bool, convert: Callable[..., list[np.ndarray]]
) -> LoadReport:
    """Read the weights below `root` into a model. Everything is compared before anything is assigned.

    Layers are matched by their place among those with weights, or `by_name`: then only layers of the same name are read.

    Args: convert: `convert(layer, arrays)` gives the arrays as they are kept here.
    Raises: InvalidArgumentError listing what does not fit, unless `skip_mismatch`; NotFoundError if nothing fits.
    """
    report = LoadReport(file.place)
    own = {layer.name: (layer, weights_of(layer)) for layer in model.layers if layer.weights or not layer.built}
    stored = {name: found for name in names_in(file, root, LAYERS) if (found := arrays_in(file, _below(root, name)))}
    own = {name: found for name, found in own.items() if found[1] or name in stored}
    pairs = _pairs(list(own), list(stored), by_name, report)
    if names_in(file, _below(root, TOP), WEIGHTS) and (top := _own(model)):
        own[TOP], stored[TOP] = (model, top), arrays_in(file, _below(root, TOP))
        pairs.append((TOP, TOP))
    loads: list[tuple[Variable, np.ndarray]] = []
    for name, group in pairs:
        loads += _compared(report, *own[name], stored[group], file, convert)
    left_alone = sorted(set(own) - {name for name, _ in pairs})
    read = {group for _, group in pairs}
    report.unexpected += [path for name in stored if name not in read for path in stored[name]]
    if by_name and report.matched:
        unexpected, report.unexpected = report.unexpected, []
        report.settle(skip_mismatch)
        report.unexpected = unexpected
        report.missing += [(name, name, "the file has no layer of that name") for name in left_alone]
    else:
        report.settle(skip_mismatch)
    with init_scope():
        for variable, values in loads:
            variable.assign(values)
    return report


def _pairs(own: list[str], stored: list[str], by_name: bool, report: LoadReport) -> list[tuple[str, str]]:
    """(name in the model, name in the file). Equal names go together even if the order differs."""
    if by_name or set(own) == set(stored):
        return [(name, name) for name in own if name in stored]
    if len(own) != len(stored):
        report.missing += [(name, name, _counts(own, stored)) for name in own if name not in stored]
        if not set(own) - set(stored):
            report.missing.append((", ".join(set(stored) - set(own)), "a layer of the file", _counts(own, stored)))
    return list(zip(own, stored, strict=False))


def _counts(own: list[str], stored: list[str]) -> str:
    return f"the model has {len(own)} layers with weights, the file {len(stored)}"


def _compared(
    report: LoadReport, layer: Any, variables: list[Variable], paths: list[str], file: ArrayFile, convert: Any
) -> list[tuple[Variable, np.ndarray]]:
    """The variables of a layer and their values, after noting in the report what is missing or differs in shape."""
    if not layer.built:
        why = "the layer is not built, so it has no variables to read into"
        report.missing.append((layer.name, layer.name, why))
        return []
    values = convert(layer, [file[path] for path in paths])
    if len(values) != len(variables):
        why = f"the file has {len(values)} arrays for its {len(variables)} variables"
        report.missing.append((layer.name, layer.name, why))
        return []
    values = cudnn_weights.converted(variables, values)
    loads = []
    for number, (variable, array) in enumerate(zip(variables, values, strict=True)):
        path = paths[number] if len(paths) == len(values) else f"{layer.name}/{variable.path}"
        if tuple(variable.shape) != array.shape:
            report.mismatched.append((f"{path} ({layer.name})", tuple(variable.shape), array.shape))
        else:
            report.matched.append(path)
            loads.append((variable, array))
    return loads


def _own(model: Any) -> list[Variable]:
    """The model's variables that are no layer's."""
    return [*model._trainable_variables, *model._non_trainable_variables]


def _below(root: str, name: str) -> str:
    return f"{root}/{name}" if root else name


def names_in(file: ArrayFile, group: str, key: str) -> list[str]:
    """The names that an attribute of a group lists, in one piece or several. Raises: DataLossError if they are no names."""
    attributes = file.attributes(group or "/")
    pieces = [attributes[key]] if key in attributes else []
    while f"{key}{len(pieces)}" in attributes and key not in attributes:
        pieces.append(attributes[f"{key}{len(pieces)}"])
    return [_text(name, f"{key} of {group or 'the file'}", file.place) for piece in pieces for name in np.ravel(piece)]


def arrays_in(file: ArrayFile, group: str) -> list[str]:
    """The paths of a group's arrays, in order. Raises: DataLossError if one that it names is not there."""
    paths = [f"{group}/{name}" for name in names_in(file, group, WEIGHTS)]
    if lost := [path for path in paths if path not in file]:
        raise DataLossError(f"{file.place} names the array {lost[0]!r} but does not hold it. Copy or save it again.")
    return paths


def _text(name: Any, what: str, place: str) -> str:
    if isinstance(name, bytes):
        name = name.decode("utf-8", "replace")
    if not isinstance(name, str):
        raise DataLossError(f"Expected {what} in {place} as text; received {name!r:.40}.")
    return name


def names_attribute(key: str, names: Sequence[str]) -> dict[str, Any]:
    """A list of names as one attribute, or as several if it is long. Raises: InvalidArgumentError for one enormous name."""
    encoded = [name.encode() for name in names]
    if any(len(name) > _LIMIT for name in encoded):
        raise InvalidArgumentError(f"Expected names of at most {_LIMIT} bytes; one of {key} is longer. Choose another.")
    array = np.array(encoded) if encoded else np.array([], "S1")
    if array.nbytes <= _LIMIT:
        return {key: array}
    pieces = 1
    while any(piece.nbytes > _LIMIT for piece in np.array_split(array, pieces)):
        pieces += 1
    return {f"{key}{number}": piece for number, piece in enumerate(np.array_split(array, pieces))}


def unique_names(names: Sequence[str]) -> list[str]:
    """The names, a number behind those that occurred before, and behind those below which others lie."""
    seen: set[str] = set()
    result = []
    for name in names:
        unique, number = name, 0
        while unique in seen or any(other.startswith(f"{unique}/") for other in names):
            number += 1
            unique = f"{name}_{number}"
        seen.add(unique)
        result.append(unique)
    return result

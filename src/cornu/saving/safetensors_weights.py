"""Weights in a `.safetensors` file: names are the variables' paths, the order is the model's. Optimizers are not in it."""

import os
from typing import Any

import numpy as np

from cornu.core import fresh_arrays
from cornu.core.scopes import init_scope
from cornu.core.variable import Variable
from cornu.io import safetensors
from cornu.io.atomic import replacing
from cornu.io.safetensors import ArrayFile
from cornu.saving.layer_groups import unique_names
from cornu.saving.report import LoadReport

_FORMAT = {"format": "cornu"}  # the names are paths of variables, in the order of `model.weights`


def save_weights(model: Any, path: str | os.PathLike, overwrite: bool = True) -> None:
    """Write the weights, whole or not at all. Raises: InvalidArgumentError if the file exists and `overwrite` is False."""
    arrays = {name: np.asarray(variable) for name, variable in _named(model).items()}
    with replacing(path, overwrite) as target:
        safetensors.write(target, arrays, _FORMAT)


def load_weights(model: Any, path: str | os.PathLike, skip_mismatch: bool = False) -> LoadReport:
    """Read the weights of a file into a model: by name, or in their order if only the models' and layers' names differ.

    Everything is compared before anything is assigned.

    Raises: InvalidArgumentError listing what does not fit, unless `skip_mismatch`; NotFoundError if nothing fits;
    DataLossError if the file is damaged.
    """
    own = _named(model)
    with safetensors.reading(path) as file:
        report = LoadReport(file.place)
        pairs = _pairs(own, file)
        for name, stored in pairs.items():
            if file.shape(stored) != tuple(own[name].shape):
                report.mismatched.append((name, tuple(own[name].shape), file.shape(stored)))
            else:
                report.matched.append(stored)
        known = set(pairs.values())
        report.missing += [(name, own[name].name, "no array has its name") for name in own if name not in pairs]
        report.unexpected += [name for name in file if name not in known]
        report.settle(skip_mismatch)
        matched = set(report.matched)
        with init_scope():
            for name, stored in pairs.items():
                if stored in matched:
                    fresh_arrays.adopt(own[name], file[stored])
    return report


def _named(model: Any) -> dict[str, Variable]:
    """The weights of a model by their names in the file."""
    return dict(zip(unique_names([variable.path for variable in model.weights]), model.weights, strict=True))


def _pairs(own: dict[str, Variable], file: ArrayFile) -> dict[str, str]:
    """Which name of the model is which of the file. Layers that were named automatically have other numbers next time."""
    if set(own) != set(file) and len(own) == len(file) and file.metadata.get("format") == _FORMAT["format"]:
        if [_kind(own[name].path) for name in own] == [_kind(name) for name in file]:
            return dict(zip(own, file, strict=True))
    return {name: name for name in own if name in file}


def _kind(path: str) -> str:
    """`dense_1/kernel` -> `kernel`; a number that made the name unique is left out."""
    last = path.rpartition("/")[2]
    head, _, number = last.rpartition("_")
    return head if head and number.isdigit() else last

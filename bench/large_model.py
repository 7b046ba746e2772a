"""A network of 500 MB, saved and loaded: shared by the workloads on files."""

import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from bench import measure

LAYERS, UNITS = 5, 5_000  # weights of a layer: 100 MB
REPEATS = 3


def network(keras: Any, quick: bool) -> Any:
    """Square layers, not compiled."""
    units = 200 if quick else UNITS
    layers = [keras.layers.Dense(units, kernel_initializer="ones") for _ in range(LAYERS)]
    return keras.Sequential([keras.layers.InputLayer((units,)), *layers])


def save_and_load(model: Any, name: str, save: Callable[[str], Any], load: Callable[[str], Any]) -> dict[str, Any]:
    """Best seconds of a save and a load, added; `first` is the save alone. The page cache is warm, as after a save it is."""
    rng = np.random.default_rng(0)
    model.set_weights([rng.random(weight.shape, "float32") for weight in model.get_weights()])
    saves, loads = [], []
    with tempfile.TemporaryDirectory(prefix="cornu-bench-") as folder:
        path = os.path.join(folder, name)
        for _ in range(REPEATS):
            saves.append(measure.seconds(lambda: save(path)))
            start = time.perf_counter()
            found = load(path)
            loads.append(time.perf_counter() - start)
        found = found.get_weights()
    same = all(np.array_equal(a, b) for a, b in zip(model.get_weights(), found, strict=True))
    problems = [] if same else ["the weights that were loaded are others than those that were saved"]
    return {
        "steady": min(saves) + min(loads),
        "first": min(saves),
        "result": float(found[0][0, 0]),
        "problems": problems,
    }

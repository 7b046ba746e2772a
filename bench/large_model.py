"""A network of 500 MB, saved and loaded: shared by the workloads on files."""

import gc
import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

LAYERS, UNITS = 5, 5_000  # weights of a layer: 100 MB
REPEATS = 3


def network(keras: Any, quick: bool) -> Any:
    """Square layers, not compiled."""
    units = 200 if quick else UNITS
    layers = [keras.layers.Dense(units, kernel_initializer="ones") for _ in range(LAYERS)]
    return keras.Sequential([keras.layers.InputLayer((units,)), *layers])


def save_and_load(model: Any, name: str, save: Callable[[str], Any], load: Callable[[str], Any]) -> dict[str, Any]:
    """Best seconds of a save and a load, added; `first` is the save alone, `processor` the least seconds of processor time.

    The page cache is warm, as after a save it is.
    """
    rng = np.random.default_rng(0)
    model.set_weights([rng.random(weight.shape, "float32") for weight in model.get_weights()])
    times = []
    with tempfile.TemporaryDirectory(prefix="cornu-bench-") as folder:
        path = os.path.join(folder, name)
        for _ in range(REPEATS):
            gc.collect()
            clocks = [_clocks()]
            save(path)
            clocks.append(_clocks())
            found = load(path)
            times.append(np.diff([*clocks, _clocks()], axis=0))
        found = found.get_weights()
    same = all(np.array_equal(a, b) for a, b in zip(model.get_weights(), found, strict=True))
    problems = [] if same else ["the weights that were loaded are others than those that were saved"]
    (save_seconds, save_work), (load_seconds, load_work) = np.min(times, axis=0).tolist()
    return {
        "steady": save_seconds + load_seconds, "first": save_seconds, "processor": save_work + load_work,
        "result": float(found[0][0, 0]), "problems": problems,
    }  # fmt: skip


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()

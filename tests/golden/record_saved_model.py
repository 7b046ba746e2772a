"""Write SavedModel folders with Keras 2: `TF_USE_LEGACY_KERAS=1 python tests/golden/record_saved_model.py`.

Output: `tests/golden/files/saved_model/*` (Keras' metadata and the variables; the graphs only where nothing else is there),
and `tests/golden/saved_model.npz` with predictions, and those after one more step.
"""

import shutil
from pathlib import Path

import numpy as np
import tensorflow as tf
from cases_saved_model import CASES, input_of

keras = tf.keras
HERE = Path(__file__).parent
FOLDER = HERE / "files" / "saved_model"


def trained(name):
    """The model of a case after one step."""
    keras.utils.set_random_seed(1)
    model = CASES[name](keras)
    x = input_of(name)
    y = np.ones((len(x), model(x).shape[-1]), "float32")
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError(), metrics=["mae"])
    model.train_on_batch(x, y)
    return model, x, y


def main() -> None:
    """Record every case."""
    values = {}
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name in CASES:
        model, x, y = trained(name)
        model.save(FOLDER / name, save_format="tf")
        values[f"{name}/prediction"] = model.predict(x, verbose=0)
        if name != "sequential":  # its dropout has other random numbers here
            model.train_on_batch(x, y)
            values[f"{name}/next"] = model.predict(x, verbose=0)
        for other in ("saved_model.pb", "fingerprint.pb"):
            (FOLDER / name / other).unlink()
        (FOLDER / name / "assets").rmdir()
    model, x, _ = trained("sequential")
    model.export(FOLDER / "exported")
    values["exported/prediction"] = model.predict(x, verbose=0)
    (FOLDER / "exported" / "fingerprint.pb").unlink()
    (FOLDER / "exported" / "assets").rmdir()
    np.savez_compressed(HERE / "saved_model.npz", **values)


if __name__ == "__main__":
    main()

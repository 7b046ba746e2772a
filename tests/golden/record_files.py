"""Write model files and what they predict: `python tests/golden/record_files.py` with keras==3.15.0 installed.

Output: `tests/golden/files/NAME.keras` or `.weights.h5`, and `tests/golden/files.npz` with predictions, and the weights
after one more training step. The files that Cornu wrote are read too, and what Keras predicts with them is recorded:

    python tests/interop/check_interop.py --part write cornu tests/golden/files/written_here   # where Cornu is installed
"""

from pathlib import Path

import cases_files as cases
import keras
import numpy as np

HERE = Path(__file__).parent
FOLDER = HERE / "files"


def main() -> None:
    """Record every case."""
    FOLDER.mkdir(exist_ok=True)
    recorded: dict[str, np.ndarray] = {}
    for name, build in cases.BUILDERS.items():
        keras.utils.clear_session()
        keras.utils.set_random_seed(7)
        model = build(keras)
        x, y = cases.data(name)
        for _ in range(3 if name in cases.TRAINED else 0):
            model.train_on_batch(x, y)
        path = FOLDER / f"{name}{cases.ending(name)}"
        (model.save_weights if name in cases.WEIGHTS_ONLY else model.save)(path)
        for i, output in enumerate(cases.flat(model.predict(x, verbose=0))):
            recorded[f"{name}/prediction/{i}"] = output
        if name not in cases.RANDOM_STEP:
            model.train_on_batch(x, y)
            for i, weight in enumerate(model.get_weights()):
                recorded[f"{name}/next/{i}"] = np.asarray(weight, "float32")
        print(name, path.stat().st_size)
    for path in sorted((FOLDER / "written_here").glob("*.keras")):
        model = keras.saving.load_model(path)
        for i, output in enumerate(cases.flat(model.predict(cases.data(path.stem)[0], verbose=0))):
            recorded[f"{path.stem}/read by keras/{i}"] = output
    np.savez_compressed(HERE / "files.npz", **recorded)


if __name__ == "__main__":
    main()

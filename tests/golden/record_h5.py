"""Write HDF5 models of both generations: `python tests/golden/record_h5.py` with tf_keras==2.21.0 and keras==3.15.0 installed.

Output: `tests/golden/files/h5/LIBRARY_NAME.h5.gz`, and `tests/golden/h5.npz` with predictions and the weights after one more
step. Files that Cornu wrote there (`cornu_NAME.h5.gz`, by `test_h5.py --write`) are read, and what the originals make of them is
recorded too: `cornu_NAME/LIBRARY/...`.
"""

import gzip
import tempfile
from pathlib import Path

import cases_h5 as cases
import keras
import numpy as np
import tf_keras

HERE = Path(__file__).parent
FOLDER = HERE / "files" / "h5"
# Keras 3 gives two arrays of Adafactor one name, and its step on `text` differs in the embedding from Cornu's; the legacy
# optimizers are Keras 2's.
LEFT_OUT = {"keras": {"adafactor", "text", *cases.LEGACY}, "tf_keras": set()}


def main() -> None:
    """Record every case."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        record(scratch)


def record(scratch: str) -> None:
    """Write and read files, and keep what came out."""
    recorded: dict[str, np.ndarray] = {}
    for name, library in (("keras", keras), ("tf_keras", tf_keras)):
        for case, build in cases.ALL.items():
            if case in LEFT_OUT[name]:
                continue
            library.utils.set_random_seed(7)
            model = build(library)
            x, y = cases.data(case)
            for _ in range(3):
                model.train_on_batch(x, y)
            path = FOLDER / f"{name}_{case}.h5"
            model.save(path)
            (FOLDER / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
            path.unlink()
            recorded |= outcome(f"{name}_{case}", model, x, y)
        for packed in sorted(FOLDER.glob("cornu_*.h5.gz")):
            path = Path(scratch) / packed.stem
            path.write_bytes(gzip.decompress(packed.read_bytes()))
            case = path.stem.removeprefix("cornu_").removesuffix("_tf2")
            x, y = cases.data(case)
            try:
                model = library.models.load_model(path)
            except Exception as error:
                print(f"{name} does not read {path.name}: {error!r:.200}")
                continue
            recorded |= outcome(f"{path.stem}/{name}", model, x, y, steps=name == "tf_keras")
    np.savez_compressed(HERE / "h5.npz", **recorded)


def outcome(key: str, model, x, y, steps: bool = True) -> dict[str, np.ndarray]:
    """Predictions, and the weights after one more step."""
    outputs = model.predict(x, verbose=0)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    values = {f"{key}/prediction/{i}": np.asarray(output) for i, output in enumerate(outputs)}
    if steps:
        model.train_on_batch(x, y)
        values |= {f"{key}/next/{i}": np.asarray(w, "float32") for i, w in enumerate(model.get_weights())}
    return values


if __name__ == "__main__":
    main()

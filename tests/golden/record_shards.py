"""Write sharded weights with Keras 3: `KERAS_BACKEND=tensorflow python tests/golden/record_shards.py`.

Output: `tests/golden/shards.json` with the indexes, `tests/golden/files/shards_*` and `tests/golden/shards.npz` with
predictions. With a folder as argument, that is read instead: `X.weights.json` of every case, written by Cornu.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import keras
import numpy as np
from cases_shards import CASES, KEPT, built

HERE = Path(__file__).parent


def record() -> None:
    """Record every case."""
    indexes, values = {}, {}
    for name, (make, size) in CASES.items():
        keras.utils.set_random_seed(1)
        model, x = built(keras, make)
        with tempfile.TemporaryDirectory() as folder:
            index = Path(folder) / f"shards_{name}.weights.json"
            model.save_weights(index, max_shard_size=size / 1024**3)
            indexes[name] = json.loads(index.read_text())
            if name in KEPT:
                for path in Path(folder).iterdir():
                    shutil.copy(path, HERE / "files" / path.name)
                values[name] = np.asarray(model(x))
    (HERE / "shards.json").write_text(json.dumps(indexes))
    np.savez_compressed(HERE / "shards.npz", **values)


def check(folder: str) -> None:
    """Load what Cornu wrote: the weights, and the predictions beside them."""
    for name, (make, _) in CASES.items():
        model, x = built(keras, make)
        model.load_weights(Path(folder) / f"{name}.weights.json")
        wanted = np.load(Path(folder) / f"{name}.npy")
        print(name, np.abs(np.asarray(model(x)) - wanted).max(), int(model.optimizer.iterations))


if __name__ == "__main__":
    check(sys.argv[1]) if len(sys.argv) > 1 else record()

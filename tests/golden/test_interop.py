"""Files of Keras 3.15 and tf-keras 2.21 mean here what they meant there: predictions, and the next step of training.

`tests/interop/matrix.py` compares both ways; what Cornu writes needs the originals to be read.
"""

import gzip
from pathlib import Path

import cases_interop as cases
import numpy as np
import pytest
from exchange import is_whole, loaded

import cornu

HERE = Path(__file__).parent
FOLDER = HERE / "files" / "interop"
ENDINGS = (".weights.h5", ".keras", ".h5", ".ckpt")
TOLERANCES = {"prediction": 1e-6, "step": 1e-5, "variance": 1e-5}
TF_KERAS_VARIANCE = 2e-3  # TensorFlow's kernel divides by n - 1


def _files():
    for path in sorted(FOLDER.glob("*/*.gz")):
        name = path.name.removesuffix(".gz").removesuffix(".index")
        if ".data-" not in name:
            ending = next(ending for ending in ENDINGS if name.endswith(ending))
            yield path.parent.name, name.removesuffix(ending).replace("_", " "), ending


@pytest.fixture(scope="module")
def recorded():
    with np.load(HERE / "interop.npz") as file:
        return dict(file)


@pytest.mark.parametrize("library, case, ending", list(_files()))
def test_predictions_and_next_step(library, case, ending, recorded, tmp_path):
    packed = f"{case}{ending}".replace(" ", "_")
    for path in FOLDER.glob(f"{library}/{packed}*.gz"):
        (tmp_path / path.name.removesuffix(".gz")).write_bytes(gzip.decompress(path.read_bytes()))
    cases.classes(cornu)  # registers them
    model = loaded(case, ending, cornu, tmp_path / packed)
    found = cases.predictions(case, model) | cases.next_step(case, model)
    is_fresh = ending == ".h5" and not is_whole(case, ending)
    for kind, tolerance in TOLERANCES.items():
        arrays = [value for name, value in found.items() if name.startswith(f"{kind}/")]
        if not arrays:
            continue
        name = f"fresh {kind}" if is_fresh and kind != "prediction" else kind
        wanted = np.split(recorded[f"{library}/{case}/{name}"], np.cumsum([array.size for array in arrays])[:-1])
        worst = max(cases.distance(a, b.reshape(-1)) for a, b in zip(wanted, arrays, strict=True))
        assert worst <= (TF_KERAS_VARIANCE if kind == "variance" and library == "tf_keras" else tolerance), kind

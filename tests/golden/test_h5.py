"""HDF5 models of tf_keras 2.21 and Keras 3.15 mean the same here; those written here were read by both.

`python tests/golden/test_h5.py --write` writes the files that `record_h5.py` then reads with the originals.
"""

import gzip
import sys
import warnings
from pathlib import Path

import cases_h5 as cases
import numpy as np
import pytest

import cornu
from cornu import config

HERE = Path(__file__).parent
FOLDER = HERE / "files" / "h5"
# TensorFlow takes the variance of a batch with n - 1 for moving averages in tf_keras; the gradients of attention's key biases
# and of biases before a normalization are rounding, which Adam and RMSprop make larger.
STEP_TOLERANCE = {"tf_keras_image": 2e-4, "cornu_image": 2e-4, "keras_attention": 2e-4, "tf_keras_attention": 2e-4,
                  "cornu_attention": 2e-4, "tf_keras_nested": 1e-4, "cornu_nested": 1e-4, "keras_nested": 1e-4}  # fmt: skip
WRITTEN = {"dense": "keras3", "image": "keras3", "nested": "keras3", "text": "keras3", "adafactor": "keras3",
           "legacy_adam": "keras3", "attention": "keras3", "attention_tf2": "tf2"}  # fmt: skip


@pytest.fixture(scope="module")
def recorded():
    with np.load(HERE / "h5.npz") as file:
        return dict(file)


@pytest.fixture
def unpacked(tmp_path):
    def unpack(name):
        path = tmp_path / f"{name}.h5"
        path.write_bytes(gzip.decompress((FOLDER / f"{name}.h5.gz").read_bytes()))
        return path

    return unpack


def parts(recorded, key):
    found = [value for name, value in recorded.items() if name.startswith(f"{key}/")]
    assert found, key
    return found


def predictions(model, case):
    outputs = model.predict(cases.data(case)[0], verbose=0)
    return outputs if isinstance(outputs, list) else [outputs]


def close(received, wanted, tolerance):
    assert len(received) == len(wanted)
    for a, b in zip(received, wanted, strict=True):
        np.testing.assert_allclose(np.asarray(a, "float32"), b, rtol=0, atol=tolerance)


@pytest.mark.parametrize("name", sorted(path.name.removesuffix(".h5.gz") for path in FOLDER.glob("*keras_*.h5.gz")))
def test_files_of_the_originals(name, recorded, unpacked):
    library = "tf_keras" if name.startswith("tf_keras") else "keras"
    case, path = name.removeprefix(f"{library}_"), unpacked(name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = cornu.saving.load_model(path)
    close(predictions(model, case), parts(recorded, f"{name}/prediction"), 1e-6)
    model.train_on_batch(*cases.data(case))
    close(model.get_weights(), parts(recorded, f"{name}/next"), STEP_TOLERANCE.get(name, 2e-5))


@pytest.mark.parametrize("name", WRITTEN)
def test_files_written_here_mean_the_same_to_the_originals(name, recorded, unpacked):
    case = name.removesuffix("_tf2")
    model = cornu.saving.load_model(unpacked(f"cornu_{name}"))
    readers = [r for r in ("tf_keras", "keras") if f"cornu_{name}/{r}/prediction/0" in recorded]
    assert readers == {"attention": ["keras"], "attention_tf2": ["tf_keras"]}.get(name, ["tf_keras", "keras"])
    for reader in readers:
        close(predictions(model, case), parts(recorded, f"cornu_{name}/{reader}/prediction"), 1e-6)
    if "tf_keras" in readers:
        model.train_on_batch(*cases.data(case))
        tolerance = STEP_TOLERANCE.get(f"cornu_{case}", 2e-5)
        close(model.get_weights(), parts(recorded, f"cornu_{name}/tf_keras/next"), tolerance)


def write():
    """Write the files that the originals read."""
    FOLDER.mkdir(exist_ok=True)
    for name, style in WRITTEN.items():
        config.set_style(style)
        cornu.utils.set_random_seed(7)
        case = name.removesuffix("_tf2")
        model = cases.ALL[case](cornu)
        for _ in range(3):
            model.train_on_batch(*cases.data(case))
        path = FOLDER / f"cornu_{name}.h5"
        model.save(path)
        (FOLDER / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        path.unlink()
    config.set_style("keras3")


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    write()

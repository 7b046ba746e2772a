"""Archives written by Keras 2 give the same predictions here, and keep their optimizer's step count."""

from pathlib import Path

import numpy as np
import pytest

import cornu

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", ["keras2_functional", "keras2_sequential"])
def test_predictions(name):
    with np.load(HERE / "keras2_files.npz") as file:
        recorded = {key.removeprefix(f"{name}/"): value for key, value in file.items() if key.startswith(f"{name}/")}
    model = cornu.saving.load_model(HERE / "files" / f"{name}.keras")
    x = [value for key, value in recorded.items() if key.startswith("x/")]
    received = model.predict(x if len(x) > 1 else x[0], verbose=0)
    np.testing.assert_allclose(received, recorded["prediction"], rtol=1e-5, atol=1e-6)
    assert int(model.optimizer.iterations) == 1

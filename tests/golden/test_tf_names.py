"""That every public name of TensorFlow 2.21's modules is here, or is known to be left out (`record_tf_math.py`)."""

import pytest
from tf_replay import MODULES, TABLE

LEFT_OUT = {
    "linalg": {"experimental"},
    "quantization": {"experimental", "quantized_concat"},
}


@pytest.mark.parametrize("module", TABLE["names"])
def test_names(module):
    space = MODULES["math"].special if module == "math.special" else MODULES[module]
    missing = {name for name in TABLE["names"][module] if not hasattr(space, name)}
    missing = {name for name in missing if not name.startswith("LinearOperator")}
    assert missing == LEFT_OUT.get(module, set())

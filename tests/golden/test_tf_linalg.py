"""`tf.linalg` and `tf.signal` against TensorFlow 2.21 (`record_tf_math.py`)."""

import pytest
from cases_tf_math import SMOOTH_LINALG, VALUES_LINALG
from tf_replay import check


@pytest.mark.parametrize("expression", SMOOTH_LINALG + VALUES_LINALG)
def test_values_dtypes_and_gradients(expression):
    check(expression)

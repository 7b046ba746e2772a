"""`tf.nn` against TensorFlow 2.21 (`record_tf_math.py`)."""

import pytest
from cases_tf_math import SMOOTH_NN, VALUES_NN
from tf_replay import check


@pytest.mark.parametrize("expression", SMOOTH_NN + VALUES_NN)
def test_values_dtypes_and_gradients(expression):
    check(expression)

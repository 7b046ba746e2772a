"""`tf.math`, `tf.bitwise`, `tf.sets` and `tf.quantization` against TensorFlow 2.21 (`record_tf_math.py`)."""

import pytest
from cases_tf_math import ERRORS, SMOOTH_MATH, VALUES_MATH
from tf_replay import check, check_refused


@pytest.mark.parametrize("expression", SMOOTH_MATH + VALUES_MATH)
def test_values_dtypes_and_gradients(expression):
    check(expression)


@pytest.mark.parametrize("expression", ERRORS)
def test_refused_arguments(expression):
    check_refused(expression)

"""Losses: names, configs, shapes of targets and weights, errors."""

import numpy as np
import pytest

from cornu import losses
from cornu._base.errors import InvalidArgumentError
from cornu.core.tape import GradientTape
from cornu.core.tensor import Tensor, convert_to_tensor

ONES = np.ones((2, 3), "float32")


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("mse", losses.mean_squared_error),
        ("MSE", losses.mean_squared_error),
        ("mae", losses.mean_absolute_error),
        ("MAPE", losses.mean_absolute_percentage_error),
        ("msle", losses.mean_squared_logarithmic_error),
        ("bce", losses.binary_crossentropy),
        ("kld", losses.kl_divergence),
        ("kullback_leibler_divergence", losses.kl_divergence),
        ("logcosh", losses.log_cosh),
        ("log_cosh", losses.log_cosh),
        ("sparse_categorical_crossentropy", losses.sparse_categorical_crossentropy),
    ],
)
def test_names_of_both_generations(name, function):
    assert losses.get(name) is function


@pytest.mark.parametrize("name", [name for name in losses.LOSSES if name[0].isupper() and len(name) > 4])
def test_every_class_is_found_by_name_and_comes_back_from_its_config(name):
    loss = losses.get(name)
    assert type(loss).__name__ == name
    again = losses.deserialize(losses.serialize(loss))
    assert type(again) is type(loss)
    assert again.get_config() == loss.get_config()


def test_options_that_keras_forgets_are_kept():
    assert losses.Huber(delta=2.0).get_config()["delta"] == 2.0
    assert "delta" not in losses.Huber().get_config()
    assert losses.deserialize(losses.serialize(losses.Huber(delta=2.0))).delta == 2.0


def test_a_function_is_itself_and_none_is_none():
    def mine(y_true, y_pred):
        return y_pred - y_true

    assert losses.get(mine) is mine
    assert losses.get(None) is None


def test_an_unknown_name_gets_a_suggestion():
    with pytest.raises(InvalidArgumentError, match="Did you mean 'binary_crossentropy'"):
        losses.get("binary_arossentropy")


def test_sparse_targets_for_a_categorical_loss():
    with pytest.raises(
        InvalidArgumentError, match=r"categorical_crossentropy.*\(2,\).*\(2, 3\).*use sparse_categorical"
    ):
        losses.CategoricalCrossentropy()([0, 1], ONES)
    with pytest.raises(InvalidArgumentError, match="use sparse_categorical"):
        losses.categorical_crossentropy(np.array([[0], [1]]), ONES)


def test_one_hot_targets_for_a_sparse_loss():
    with pytest.raises(InvalidArgumentError, match="one-hot, use categorical_crossentropy"):
        losses.SparseCategoricalCrossentropy()(ONES, ONES)


def test_shapes_that_do_not_fit():
    with pytest.raises(InvalidArgumentError, match=r"mean_squared_error expects.*\(2, 4\).*\(2, 3\)"):
        losses.MeanSquaredError()(np.zeros((2, 4)), ONES)
    with pytest.raises(InvalidArgumentError, match=r"binary_crossentropy expects.*sigmoid"):
        losses.BinaryCrossentropy()(np.zeros((2, 1)), ONES)
    with pytest.raises(InvalidArgumentError, match=r"a sample_weight that fits the values of shape \(2,\).*\(5,\)"):
        losses.MeanSquaredError()(ONES, ONES, sample_weight=np.ones(5))
    with pytest.raises(InvalidArgumentError, match="axis=7"):
        losses.categorical_crossentropy(ONES, ONES, axis=7)


def test_bad_options():
    with pytest.raises(InvalidArgumentError, match="reduction to be one of.*'average'"):
        losses.MeanSquaredError(reduction="average")
    with pytest.raises(InvalidArgumentError, match="q between 0 and 1"):
        losses.CategoricalGeneralizedCrossEntropy(q=1.5)


def test_auto_reduction_of_tf_keras():
    loss = losses.MeanSquaredError(reduction=losses.Reduction.AUTO)
    assert loss.reduction == "sum_over_batch_size"
    assert loss(ONES, 3 * ONES).numpy() == 4.0


def test_weights_of_one_number_a_sample_weigh_all_its_steps():
    values = losses.MeanSquaredError(reduction="none")(
        np.zeros((2, 2, 1)), np.ones((2, 2, 1)), sample_weight=[1.0, 3.0]
    )
    np.testing.assert_array_equal(values.numpy(), [[1, 1], [3, 3]])


def test_a_batch_that_is_masked_out_has_no_loss_and_no_nan_gradient():
    y_pred = convert_to_tensor(ONES)
    y_pred._keras_mask = convert_to_tensor(np.array([False, False]))
    with GradientTape() as tape:
        tape.watch(y_pred)
        value = losses.MeanSquaredError()(np.zeros((2, 3)), y_pred)
    assert value.numpy() == 0.0
    np.testing.assert_array_equal(tape.gradient(value, y_pred).numpy(), np.zeros((2, 3)))


def test_custom_loss_sees_tensors_of_the_loss_dtype():
    seen = []

    class Mine(losses.Loss):
        def call(self, y_true, y_pred):
            seen.append((type(y_true), y_true.dtype, y_pred.dtype))
            return (y_true - y_pred) ** 2

    loss = Mine()
    assert loss.name.startswith("mine")
    assert loss(np.zeros((2, 3), "int64"), np.full((2, 3), 2.0)).numpy() == 4.0
    assert seen == [(Tensor, "float32", "float32")]


def test_custom_loss_without_call():
    with pytest.raises(NotImplementedError, match="must define `call"):
        losses.Loss()(ONES, ONES)


def test_loss_dtype():
    assert losses.MeanSquaredError(dtype="float64")(ONES, ONES).dtype == "float64"
    assert losses.MeanSquaredError(dtype="mixed_bfloat16").dtype == "bfloat16"
    assert losses.MeanSquaredError()(ONES.astype("float64"), ONES.astype("float16")).dtype == "float32"


def test_the_result_dtype_of_functions_follows_the_prediction():
    assert losses.mean_squared_error(ONES.astype("int32"), ONES.astype("int32")).dtype == "float32"
    assert losses.mean_squared_error(ONES, ONES.astype("float64")).dtype == "float64"


def test_ignored_classes_do_not_count_in_the_mean():
    probabilities = np.array([[0.5, 0.5], [0.25, 0.75]], "float32")
    loss = losses.SparseCategoricalCrossentropy(ignore_class=-1)
    np.testing.assert_allclose(loss([0, -1], probabilities).numpy(), np.log(2), rtol=1e-6)


def test_large_errors_of_log_cosh_stay_finite():
    np.testing.assert_allclose(losses.log_cosh([[0.0]], [[1000.0]]).numpy(), [1000 - np.log(2)], rtol=1e-6)
    np.testing.assert_allclose(losses.log_cosh([[1000.0]], [[0.0]]).numpy(), [1000 - np.log(2)], rtol=1e-6)

"""ThresholdedReLU, AbstractRNNCell, RandomHeight and RandomWidth. Their numbers are compared with Keras 2's in `tests/golden`."""

import numpy as np
import pytest

import cornu
from cornu import backend, layers
from cornu.core.shapes import TensorShape
from cornu.data import Dataset
from cornu.saving import keras1_config, keras2_config, keras2_export

IMAGES = np.random.RandomState(0).normal(size=(4, 6, 8, 1)).astype("float32")


class Sums(layers.AbstractRNNCell):
    """Adds up its inputs in a state of two axes, and counts the steps."""

    def __init__(self, width, **common):
        super().__init__(**common)
        self.width = width
        self.state_size, self.output_size = [TensorShape([1, width]), 1], width

    def call(self, inputs, states):
        total, steps = states
        total = total + inputs[:, None]
        return total[:, 0], [total, steps + 1]


def test_entries_up_to_theta_are_zero():
    x = np.array([-np.inf, -1, 0.5, 0.51, np.nan], "float32")
    np.testing.assert_array_equal(layers.ThresholdedReLU(0.5)(x), np.array([0, 0, 0, 0.51, np.nan], "float32"))
    half = layers.ThresholdedReLU(0.5, dtype="float16")(x[2:4])
    assert half.dtype == "float16" and half.numpy().tolist() == [0, float(np.float16(0.51))]


@pytest.mark.parametrize("upgraded", [keras1_config.upgraded, keras2_config.upgraded])
def test_thresholds_of_older_configs(upgraded):
    stored = {"class_name": "ThresholdedReLU", "config": {"name": "t", "trainable": True, "theta": 0.25}}
    assert layers.deserialize(keras2_config.upgraded(upgraded(stored))).theta == 0.25


def test_thresholds_are_saved(tmp_path):
    model = cornu.Sequential([cornu.Input((3,)), layers.Dense(4), layers.ThresholdedReLU(theta=0.1)])
    x = np.random.RandomState(1).normal(size=(5, 3))
    for ending in ("keras", "h5"):
        model.save(tmp_path / f"model.{ending}")
        again = cornu.models.load_model(tmp_path / f"model.{ending}", compile=False)
        np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))


@pytest.mark.parametrize("theta", [-1, None, "1"])
def test_wrong_thresholds(theta):
    with pytest.raises(ValueError, match=f"Expected theta as a number of at least 0; received theta={theta!r}"):
        layers.ThresholdedReLU(theta)


def test_a_cell_with_states_of_several_shapes():
    x = np.arange(24.0, dtype="float32").reshape(2, 4, 3)
    output, total, steps = layers.RNN(Sums(3), return_state=True)(x)
    np.testing.assert_array_equal(output, x.sum(1))
    np.testing.assert_array_equal(total, x.sum(1, keepdims=True))
    np.testing.assert_array_equal(steps, [[4], [4]])
    stacked = layers.RNN([Sums(3), layers.GRUCell(2)])(x)
    assert stacked.shape == (2, 2)


def test_first_states_follow_the_inputs():
    cell = Sums(3)
    total, steps = cell.get_initial_state(np.ones((5, 7), "float16"))
    assert (total.shape, steps.shape, total.dtype) == ((5, 1, 3), (5, 1), "float16")
    assert cell.get_initial_state(batch_size=2)[0].dtype == "float32"


def test_cells_that_lack_something():
    with pytest.raises(TypeError, match="which has no `state_size`"):
        layers.RNN(layers.AbstractRNNCell())
    silent = type("Silent", (layers.AbstractRNNCell,), {"state_size": 2})
    with pytest.raises(TypeError, match=r"Silent has no `call\(self, inputs, states\)` method.*\(output, new_states\)"):
        layers.RNN(silent())(np.ones((1, 2, 2)))


@pytest.mark.parametrize(("kind", "axis"), [(layers.RandomHeight, 1), (layers.RandomWidth, 2)])
def test_one_size_changes(kind, axis):
    layer = kind(0.5, seed=1)
    shapes = {tuple(layer(IMAGES).shape) for _ in range(30)}
    allowed = range(IMAGES.shape[axis] // 2, IMAGES.shape[axis] * 3 // 2 + 1)
    assert len(shapes) > 2 and all(shape[axis] in allowed for shape in shapes)
    assert {(*shape[:axis], 0, *shape[axis + 1 :]) for shape in shapes} == {
        (*IMAGES.shape[:axis], 0, *IMAGES.shape[axis + 1 :])
    }
    np.testing.assert_array_equal(layer(IMAGES, training=False), IMAGES)
    assert kind((-0.99, -0.99))(IMAGES).shape[axis] == 1
    assert layer(IMAGES[0]).shape[2] == 1
    symbolic = layer(cornu.Input(IMAGES.shape[1:]))
    assert symbolic.shape == (None, *(None if i == axis else n for i, n in enumerate(IMAGES.shape) if i))


def test_sizes_with_the_channels_first():
    layer = layers.RandomHeight((0.5, 0.5), data_format="channels_first")
    np.testing.assert_array_equal(
        layer(np.moveaxis(IMAGES, -1, 1)), np.moveaxis(layers.RandomHeight((0.5, 0.5))(IMAGES).numpy(), -1, 1)
    )
    assert layer.compute_output_shape((2, 1, 6, 8)) == (2, 1, None, 8)


def test_what_belongs_to_an_image_goes_along():
    layer = layers.RandomWidth((1.0, 1.0), "nearest", bounding_box_format="xywh")
    boxes = {"boxes": np.array([[[1.0, 2.0, 3.0, 1.0]]]), "labels": np.array([[5]])}
    data = {"images": IMAGES[:1], "bounding_boxes": boxes, "segmentation_masks": np.arange(48).reshape(1, 6, 8)}
    changed = layer(data)
    np.testing.assert_array_equal(changed["images"], IMAGES[:1].repeat(2, axis=2))
    np.testing.assert_array_equal(changed["segmentation_masks"], data["segmentation_masks"].repeat(2, axis=2))
    np.testing.assert_allclose(changed["bounding_boxes"]["boxes"], [[[2, 2, 6, 1]]], rtol=1e-6)
    np.testing.assert_allclose(layer(data, training=False)["bounding_boxes"]["boxes"], boxes["boxes"])
    assert layer.compute_output_shape({"images": (1, 6, 8, 1), "labels": (1,)}) == {
        "images": (1, 6, None, 1),
        "labels": (1,),
    }


def test_images_of_any_size_in_training():
    model = cornu.Sequential(
        [cornu.Input((6, 8, 1)), layers.RandomHeight(0.3), layers.GlobalAveragePooling2D(), layers.Dense(1)]
    )
    model.compile("sgd", "mse")
    with pytest.warns(UserWarning, match=r"gives images of another size in every batch.*dataset.map"):
        history = model.fit(IMAGES, np.ones(4), batch_size=2, epochs=2, verbose=0)
    assert history.history["loss"][1] < history.history["loss"][0]
    layer = layers.RandomHeight((0.5, 0.5))
    mapped = Dataset.from_tensor_slices(IMAGES).batch(2).map(lambda x: layer(x))
    assert [tuple(batch.shape) for batch in mapped] == [(2, 9, 8, 1)] * 2


def test_files_for_keras_2_hold_arguments_that_it_knows():
    model = cornu.Sequential([cornu.Input((6, 8, 1)), layers.RandomHeight(0.2, seed=1)])
    stored = keras2_export.model_config(model)["config"]["layers"][-1]["config"]
    assert {name: stored[name] for name in stored.keys() - {"name", "trainable", "dtype"}} == {
        "factor": 0.2,
        "interpolation": "bilinear",
        "seed": 1,
    }


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: layers.RandomHeight((0.3, -0.2)), r"two ascending numbers.*factor=\(0.3, -0.2\)"),
        (lambda: layers.RandomHeight(-0.3), "factor as a number"),
        (lambda: layers.RandomWidth(1.0), "factor above -1, so that something is left; received factor=1.0"),
        (lambda: layers.RandomWidth(1.5), "factor as a number"),
        (lambda: layers.RandomWidth(0.2, "linear"), "interpolation as one of.*'linear'"),
    ],
)
def test_wrong_factors(make, match):
    with pytest.raises(ValueError, match=match):
        make()


def test_local_convolution_of_another_shape():
    with pytest.raises(
        ValueError, match=r"output_shape=\(2, 3\) for inputs of shape \(1, 3, 4, 1\).*received \(3, 3\)"
    ):
        backend.local_conv2d(np.ones((1, 3, 4, 1)), np.ones((6, 4, 2)), (2, 2), (1, 1), (3, 3))
    assert backend.local_conv2d(np.ones((1, 3, 4, 1)), np.ones((6, 4, 2)), (2, 2), (1, 1), None).shape == (1, 2, 3, 2)

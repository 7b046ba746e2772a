"""Image layers on single images, bytes and dicts, in models and datasets, and what they say about bad input."""

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu.data import Dataset

X = np.random.RandomState(0).uniform(0, 255, (4, 8, 10, 3)).astype("float32")
BOXES = np.array([[[1, 1, 4, 5], [5, 2, 9, 7]]] * 4, "float32")
BOX_LABELS = np.array([[1, 2]] * 4)
RANDOM = [
    ("RandomFlip", {}),
    ("RandomTranslation", {"height_factor": 0.2, "width_factor": 0.3}),
    ("RandomZoom", {"height_factor": 0.3}),
    ("RandomContrast", {"factor": 0.5}),
    ("RandomHue", {"factor": 0.5}),
    ("RandomSharpness", {"factor": 0.3}),
    ("RandomPosterization", {"factor": 3}),
    ("RandomErasing", {"factor": (1.0, 1.0)}),
    ("Solarization", {}),
]


def parts(**more):
    """Images with all that can belong to them."""
    masks = np.random.RandomState(1).randint(0, 3, (4, 8, 10, 1))
    boxes = {"boxes": BOXES, "labels": BOX_LABELS}
    labels = np.eye(4, dtype="float32")
    return {"images": X, "labels": labels, "bounding_boxes": boxes, "segmentation_masks": masks, **more}


@pytest.mark.parametrize(("name", "arguments"), RANDOM)
def test_single_images_bytes_and_evaluation(name, arguments):
    layer = getattr(layers, name)(**arguments, seed=1)
    assert np.array_equal(layer(X, training=False), X)
    changed = np.asarray(layer(X))  # training is what they are for
    assert changed.shape == X.shape
    assert np.abs(changed - X).max() > 1
    again = getattr(layers, name)(**arguments, seed=1)
    single = again(X[0])
    assert single.shape == X.shape[1:]
    batch = getattr(layers, name)(**arguments, seed=1)(X[:1])
    np.testing.assert_allclose(single, batch[0], atol=1e-3)
    assert layer(X.astype("uint8")).dtype == "float32"
    assert layer(layers.Input((None, None, 3))).shape == (None, None, None, 3)


def test_bytes_stay_bytes_where_keras_keeps_them():
    for layer in (layers.RandomGrayscale(1.0), layers.Resizing(4, 4), layers.RandomBrightness((0.5, 0.5))):
        assert layer(X.astype("uint8")).dtype == "uint8"
    bright = layers.RandomBrightness((0.5, 0.5))(np.full((1, 2, 2, 3), 200, "uint8"))
    assert np.all(np.asarray(bright) == 255)  # no wrapping around


def test_channels_first_is_the_same_change():
    first = layers.RandomRotation(0.2, seed=3, data_format="channels_first")(X.transpose(0, 3, 1, 2))
    np.testing.assert_allclose(
        np.asarray(first).transpose(0, 2, 3, 1), layers.RandomRotation(0.2, seed=3)(X), atol=1e-4
    )


def test_all_parts_get_the_same_change():
    data = parts(name="kept")
    out = layers.RandomFlip("horizontal", seed=2, bounding_box_format="xyxy")(data)
    assert out["name"] == "kept"
    assert np.array_equal(out["labels"], data["labels"])
    flipped = [np.array_equal(image, x[:, ::-1]) for image, x in zip(np.asarray(out["images"]), X, strict=True)]
    assert 0 < sum(flipped) < 4
    for i, is_flipped in enumerate(flipped):
        mask = data["segmentation_masks"][i]
        assert np.array_equal(out["segmentation_masks"][i], mask[:, ::-1] if is_flipped else mask)
        expected = [[6, 1, 9, 5], [1, 2, 5, 7]] if is_flipped else BOXES[i]
        assert np.array_equal(out["bounding_boxes"]["boxes"][i], expected)
    assert out["segmentation_masks"].dtype == "int64"


def test_a_single_image_with_parts_and_a_mask_without_a_channel():
    data = parts()
    one = {name: data[name][0] for name in ("images", "labels")}
    one["segmentation_masks"] = data["segmentation_masks"][0, :, :, 0]
    one["bounding_boxes"] = {"boxes": BOXES[0], "labels": BOX_LABELS[0]}
    out = layers.RandomRotation((0.25, 0.25), bounding_box_format="xyxy", fill_mode="constant")(one)
    assert out["images"].shape == (8, 10, 3)
    assert out["segmentation_masks"].shape == (8, 10)
    np.testing.assert_allclose(out["bounding_boxes"]["boxes"], [[2, 4, 6, 7], [3, 0, 8, 3]], atol=1e-4)


def test_boxes_of_other_formats_and_outside():
    shift = layers.RandomTranslation((0.0, 0.0), (0.8, 0.8), bounding_box_format="rel_xywh")
    boxes = {
        "boxes": np.array([[[0.1, 0.125, 0.3, 0.5], [0.5, 0.25, 0.4, 0.5]]], "float32"),
        "labels": np.array([[1, 2]]),
    }
    out = shift({"images": X[:1], "bounding_boxes": boxes})["bounding_boxes"]
    np.testing.assert_allclose(out["boxes"][0, 0], [0.9, 0.125, 0.1, 0.5], atol=1e-5)
    assert np.array_equal(out["labels"], [[1, -1]])


def test_random_crop_takes_a_window_and_resizes_small_images():
    places = set()
    layer = layers.RandomCrop(6, 7, seed=4)
    for _ in range(20):
        out = np.asarray(layer(X))
        found = [(i, j) for i in range(3) for j in range(4) if np.array_equal(out, X[:, i : i + 6, j : j + 7])]
        assert len(found) == 1
        places.update(found)
    assert len(places) > 5
    small = layers.RandomCrop(12, 12)(X)
    np.testing.assert_allclose(small, layers.Resizing(12, 12, crop_to_aspect_ratio=True)(X), atol=1e-4)


def test_masks_of_small_images_keep_their_classes():
    out = layers.CenterCrop(12, 12, bounding_box_format="xyxy")(parts())
    assert set(np.unique(out["segmentation_masks"])) <= {0, 1, 2}
    assert out["segmentation_masks"].shape == (4, 12, 12, 1)


def test_mixtures_of_boxes_and_labels():
    order, weight = np.array([1, 0, 3, 2]), np.full(4, 0.25, "float32")
    mix = layers.MixUp()
    boxes = mix.transform_bounding_boxes({"boxes": BOXES, "labels": BOX_LABELS}, {"permutation_order": order})
    assert boxes["boxes"].shape == (4, 4, 4)
    assert np.array_equal(boxes["labels"], [[1, 2, 1, 2]] * 4)
    labels = mix.transform_labels(np.eye(4, dtype="float32"), {"permutation_order": order, "mix_weight": weight})
    assert np.array_equal(labels[0], [0.25, 0.75, 0, 0])
    masks = np.zeros((4, 8, 10, 1), bool)
    masks[:, 1:4, 2:8] = True
    drawn = {"permutation_order": order, "batch_masks": masks, "mix_weight": weight, "input_shape": X.shape}
    cut = layers.CutMix(bounding_box_format="xyxy").transform_bounding_boxes(
        {"boxes": BOXES[:, :, :] + [[[0, 0, 0, 0], [3, 3, 0, 0]]], "labels": BOX_LABELS}, drawn
    )
    assert np.array_equal(cut["boxes"][0, 2], [2, 1, 4, 4])
    assert np.array_equal(cut["labels"], [[1, 2, 1, -1]] * 4)
    with pytest.raises(ValueError, match="one-hot"):
        mix.transform_labels(np.arange(4), {"permutation_order": order, "mix_weight": weight})


def test_elastic_boxes_follow_the_pixels():
    layer = layers.RandomElasticTransform((1.0, 1.0), bounding_box_format="xyxy")
    shift = np.zeros((1, 8, 10, 2), "float32")
    shift[..., 1] = -2  # every pixel comes from two places to its left
    drawn = {"apply_transform": np.array([True]), "moves": shift, "input_shape": (1, 8, 10, 3)}
    np.testing.assert_allclose(layer.transform_images(X[:1], drawn)[:, :, 2:], X[:1, :, :-2], atol=1e-3)
    boxes = layer.transform_bounding_boxes({"boxes": BOXES[:1], "labels": BOX_LABELS[:1]}, drawn)
    assert np.array_equal(boxes["boxes"][0], [[3, 1, 6, 5], [7, 2, 10, 7]])


def test_rand_augment_and_aug_mix_apply_what_was_drawn():
    layer = layers.RandAugment(num_ops=1, seed=3)
    drawn = layer.get_random_transformation(X)
    contrast = layers.RandomContrast(0.5).transform_images(X, drawn["transforms"]["random_contrast"])
    np.testing.assert_allclose(layer.transform_images(X, {**drawn, "layer_idxes": cornu.ops.array([5])}), contrast)
    mix = layers.AugMix(num_chains=2, chain_depth=1, seed=3)
    drawn = {**mix.get_random_transformation(X[:2]), "weight_sample": cornu.ops.array(0.25)}
    drawn |= {"layer_idxes": cornu.ops.array([9, 9]), "chain_mixing_weights": cornu.ops.array([0.5, 0.5])}
    expected = 0.25 * X[:2] + 0.75 * np.asarray(layers.AutoContrast()(X[:2]))
    np.testing.assert_allclose(mix.transform_images(X[:2], drawn), expected, rtol=1e-5, atol=1e-3)
    assert np.array_equal(mix(X, training=False), X)


def trained(*augmentation):
    """Losses of four steps on the same images, by a model that learns nothing; how often each layer drew."""
    model = cornu.Sequential(
        [layers.Input((8, 10, 3)), *augmentation, layers.Flatten(), layers.Dense(1, kernel_initializer="ones")]
    )
    model.compile(cornu.optimizers.SGD(0.0), "mse")
    history = model.fit(X, np.zeros((4, 1)), epochs=4, batch_size=4, verbose=0, shuffle=False)
    draws = [int(np.asarray(layer.generator.state)[1]) for layer in augmentation]
    assert np.abs(np.asarray(model(X, training=False)).ravel() - X.sum((1, 2, 3))).max() < 1
    return history.history["loss"], draws


def test_training_draws_anew_at_every_step_and_by_the_seed():
    first, draws = trained(layers.RandomTranslation(0.3, 0.3, seed=1), layers.RandomContrast(0.3, seed=2))
    assert len(set(first)) == 4
    assert draws == [8, 4]
    assert trained(layers.RandomTranslation(0.3, 0.3, seed=1), layers.RandomContrast(0.3, seed=2)) == (first, draws)


def test_choices_of_changes_are_compiled():
    losses, draws = trained(layers.RandAugment(num_ops=2, seed=2))
    assert len(set(losses)) == 4
    assert draws[0] % 4 == 0


def test_datasets_map_draws_anew():
    flip = layers.RandomFlip("horizontal", seed=5)
    same = np.repeat(X[:1], 12, 0)
    found = [element.numpy() for element in Dataset.from_tensor_slices(same).map(lambda x: flip(x, training=True))]
    kinds = [np.array_equal(element, X[0]) for element in found]
    assert 0 < sum(kinds) < 12


def test_pipeline():
    flow = layers.Pipeline([layers.RandomFlip(seed=1), layers.Resizing(4, 5), layers.Rescaling(1 / 255)])
    assert flow(X).shape == (4, 4, 5, 3)
    np.testing.assert_allclose(flow(X, training=False), np.asarray(layers.Resizing(4, 5)(X)) / 255, rtol=1e-6)
    again = layers.deserialize(layers.serialize(flow))
    assert [type(layer).__name__ for layer in again.layers] == ["RandomFlip", "Resizing", "Rescaling"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.RandomRotation((0.3, 0.1)), "factor as a number from 0 to 1, or two ascending numbers from -1 to 1"),
        (lambda: layers.RandomContrast(2), "received factor=2"),
        (lambda: layers.RandomFlip("sideways"), "mode as one of"),
        (lambda: layers.RandomZoom(0.2, fill_mode="mirror"), "fill_mode as one of"),
        (lambda: layers.RandomHue(0.2, value_range=(1, 0)), "value_range as two ascending numbers"),
        (lambda: layers.RandomPosterization(9), "factor as an integer from 1 to 8"),
        (lambda: layers.Resizing(4, 4, crop_to_aspect_ratio=True, pad_to_aspect_ratio=True), "at most one of"),
        (lambda: layers.RandomFlip(bounding_box_format="xxyy"), "bounding_box_format as one of"),
        (lambda: layers.RandomFlip()(np.zeros((2, 3, 4, 5, 1))), "rank 3 or a batch of images of rank 4"),
        (lambda: layers.RandomFlip()({"labels": np.zeros(2)}), "key 'images'"),
        (lambda: layers.RandomFlip()(parts()), "bounding_box_format='xyxy'"),
        (lambda: layers.RandomFlip()({"images": X, "bounding_boxes": BOXES}), "keys 'boxes' and 'labels'"),
        (lambda: layers.Pipeline([1]), "list of layers"),
    ],
)  # fmt: skip
def test_bad_input(make, message):
    with pytest.raises((ValueError, TypeError), match=message):
        make()

"""What image layers draw: the distributions, the seeds, one change for each image."""

import math

import numpy as np
import pytest

from cornu import layers

COUNT = 3000
UNIFORM = math.sqrt(1 / 12)
DRAWS = [
    ("RandomContrast", {"factor": (0.2, 0.4)}, "contrast_factor", 0.8, 1.4),
    ("RandomContrast", {"factor": 0.4}, "contrast_factor", 1.0, 1.4),
    ("RandomBrightness", {"factor": 0.2, "value_range": (-1, 1)}, "rgb_delta", -0.4, 0.4),
    ("RandomColorDegeneration", {"factor": 0.3}, "factor", -0.3, 0.3),
    ("RandomSharpness", {"factor": 0.3}, "factor", 0.0, 0.3),
    ("RandomRotation", {"factor": 0.25}, "angle", -90.0, 90.0),
    ("RandomZoom", {"height_factor": (-0.1, 0.5)}, "height_zoom", 0.9, 1.5),
    ("Solarization", {"addition_factor": (0.1, 0.4)}, "additions", 0.0, 102.0),
]


def drawn(layer, shape=(COUNT, 8, 10, 3)):
    """The numbers for a batch, as arrays."""
    found = layer.get_random_transformation(np.zeros(shape, "float32"))
    return {name: np.asarray(value) for name, value in found.items() if name != "input_shape"}


@pytest.mark.parametrize(("name", "arguments", "key", "low", "high"), DRAWS)
def test_uniform_between_the_ends_of_the_factor(name, arguments, key, low, high):
    values = drawn(getattr(layers, name)(**arguments, seed=1))[key].ravel()
    assert values.shape == (COUNT,)
    assert low <= values.min() < low + 0.01 * (high - low)
    assert high - 0.01 * (high - low) < values.max() <= high
    assert values.mean() == pytest.approx((low + high) / 2, abs=0.03 * (high - low))
    assert values.std() == pytest.approx(UNIFORM * (high - low), rel=0.05)


def test_translations_are_shares_of_the_size():
    values = drawn(layers.RandomTranslation((0.1, 0.3), 0.2, seed=2))["translations"]
    assert values[:, 0].min() == pytest.approx(-2, abs=0.02)  # to the right, of 10 pixels
    assert values[:, 0].max() == pytest.approx(2, abs=0.02)
    assert values[:, 1].min() == pytest.approx(0.8, abs=0.02)  # down, of 8 pixels
    assert values[:, 1].max() == pytest.approx(2.4, abs=0.02)


def test_hues_and_shears_go_either_way():
    hues = drawn(layers.RandomHue((0.2, 0.4), seed=3))["factor"]
    assert (np.abs(hues).min(), np.abs(hues).max()) == pytest.approx((0.1, 0.2), abs=0.001)
    assert (hues > 0).mean() == pytest.approx(0.5, abs=0.03)
    shears = drawn(layers.RandomShear((0.1, 0.2), (0.3, 0.4), seed=3))["shear_factor"]
    assert (np.abs(shears[:, 1]).min(), np.abs(shears[:, 1]).max()) == pytest.approx((0.3, 0.4), abs=0.001)
    assert np.array_equal(np.sign(shears[:, 0]), np.sign(shears[:, 1]))
    assert (shears[:, 0] > 0).mean() == pytest.approx(0.5, abs=0.03)


def test_saturation_is_a_ratio():
    values = drawn(layers.RandomSaturation(0.5, seed=4))["factor"]
    shares = values / (1 + values)
    assert (shares.min(), shares.max()) == pytest.approx((-0.5, 0.5), abs=0.005)
    assert shares.std() == pytest.approx(UNIFORM, rel=0.05)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("RandomInvert", "apply_inversion"),
        ("RandomPerspective", "apply_perspective"),
        ("RandomErasing", "apply_erasing"),
        ("RandomGaussianBlur", "should_apply_blur"),
        ("RandomElasticTransform", "apply_transform"),
    ],
)
def test_probability_of_a_change(name, key):
    for factor, share in ((0.6, 0.3), ((0.6, 0.8), 0.7), ((1.0, 1.0), 1.0), (0.0, 0.0)):
        assert drawn(getattr(layers, name)(factor, seed=5))[key].mean() == pytest.approx(share, abs=0.03)


def test_posterization_keeps_from_the_first_to_below_the_second_number_of_bits():
    bits = 8 - drawn(layers.RandomPosterization((2, 5), seed=6))["shift_factor"].astype(int)
    assert np.bincount(bits, minlength=6)[2:5] / COUNT == pytest.approx([1 / 3] * 3, abs=0.03)
    assert set(8 - drawn(layers.RandomPosterization((3, 3)))["shift_factor"]) == {3}


def test_half_of_the_images_are_flipped_and_a_share_is_grey():
    assert drawn(layers.RandomFlip(seed=7))["flips"].mean() == pytest.approx(0.5, abs=0.03)
    assert drawn(layers.RandomGrayscale(0.2, seed=7))["should_apply"].mean() == pytest.approx(0.2, abs=0.03)


def test_perspective_moves_corners_by_shares_of_their_coordinates():
    ends = drawn(layers.RandomPerspective(scale=0.4, seed=8))["end_points"]
    assert np.all(ends[:, 0] == 0)
    assert (ends[:, 3, 0].min(), ends[:, 3, 0].max()) == pytest.approx((7.2, 10.8), abs=0.02)
    assert (ends[:, 3, 1].min(), ends[:, 3, 1].max()) == pytest.approx((5.6, 8.4), abs=0.02)


def test_erased_rectangles():
    found = drawn(layers.RandomErasing(scale=(0.25, 0.64), seed=9), (500, 40, 50, 3))
    masks = found["batch_masks"][..., 0]
    heights, widths = masks.any(2).sum(1), masks.any(1).sum(1)
    assert np.array_equal(masks.sum((1, 2)), heights * widths)  # they are rectangles
    assert 20 <= heights.min() <= 21
    assert 31 <= heights.max() <= 32
    assert masks.mean() == pytest.approx(0.664**2, abs=0.02)  # the mean of sqrt(u) for u from 0.25 to 0.64, squared
    assert masks[:, :, 24].mean() == pytest.approx(masks[:, :, 25].mean(), abs=0.02)
    assert found["fill_value"].mean() / 255 == pytest.approx(0.3156, abs=0.01)  # normal noise cut to 0..1


def test_shares_of_mixtures():
    found = drawn(layers.MixUp(alpha=0.5, seed=10), (1000, 2, 2, 1))
    assert found["mix_weight"].mean() == pytest.approx(0.5, abs=0.03)
    assert found["mix_weight"].std() == pytest.approx(0.5 / math.sqrt(2), rel=0.06)
    assert sorted(found["permutation_order"]) == list(range(1000))
    cut = drawn(layers.CutMix((1.0, 1.0), seed=10), (1000, 20, 20, 1))
    assert cut["mix_weight"].ravel() == pytest.approx(1 - cut["batch_masks"].mean((1, 2, 3)), abs=1e-6)
    assert cut["mix_weight"].mean() == pytest.approx(0.5, abs=0.03)
    assert cut["mix_weight"].std() == pytest.approx(UNIFORM, rel=0.1)


def test_elastic_moves_have_the_strength_of_the_scale():
    moves = drawn(layers.RandomElasticTransform(scale=(0.2, 0.2), seed=11), (4, 90, 90, 1))["moves"][:, 15:-15, 15:-15]
    assert moves.std() == pytest.approx(20 * 0.2 / (2 * math.sqrt(math.pi)), rel=0.1)
    next_to = np.corrcoef(moves[:, :, :-2].ravel(), moves[:, :, 2:].ravel())[0, 1]
    assert next_to == pytest.approx(math.exp(-(2**2) / (4 * 2**2)), abs=0.03)  # of noise smoothed over 2 pixels


def test_a_seed_decides_and_calls_differ():
    x = np.random.RandomState(0).uniform(0, 255, (6, 8, 10, 3)).astype("float32")
    one, two, other = layers.RandomRotation(0.2, seed=1), layers.RandomRotation(0.2, seed=1), layers.RandomRotation(0.2)
    first = np.asarray(one(x))
    assert np.array_equal(first, two(x))
    second = np.asarray(one(x))
    assert np.array_equal(second, two(x))
    assert np.abs(first - second).max() > 1
    assert np.abs(first - np.asarray(other(x))).max() > 1
    same = np.repeat(x[:1], 6, 0)
    assert len({image.tobytes() for image in np.asarray(one(same))}) == 6  # every image its own

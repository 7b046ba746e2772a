"""Errors and edges of image ops; values are checked against Keras in tests/golden/test_nn.py."""

import numpy as np
import pytest

from cornu.ops import image


def draw(*shape):
    return np.random.RandomState(sum(shape)).uniform(0, 1, shape).astype("float32")


def test_one_image_and_channels_first_equal_the_batch():
    x = draw(1, 6, 7, 3)
    for call in (
        lambda x, **kw: image.resize(x, (4, 9), **kw),
        lambda x, **kw: image.gaussian_blur(x, **kw),
        lambda x, **kw: image.rgb_to_hsv(x, **kw),
        lambda x, **kw: image.extract_patches(x, 2, **kw),
        lambda x, **kw: image.affine_transform(x, np.array([1, 0.1, -1, 0, 1, 0.5, 0, 0], "float32"), **kw),
        lambda x, **kw: image.crop_images(x, 1, 2, 1, 1, **kw),
        lambda x, **kw: image.elastic_transform(x, 3.0, 1.0, seed=3, **kw),
    ):
        batch = call(x).numpy()
        np.testing.assert_allclose(call(x[0]).numpy(), batch[0], rtol=1e-5, atol=1e-6)
        first = call(np.moveaxis(x, -1, 1), data_format="channels_first").numpy()
        np.testing.assert_allclose(np.moveaxis(first, 1, -1), batch, rtol=1e-5, atol=1e-6)


def test_colours_go_there_and_back():
    x = draw(2, 5, 4, 3)
    np.testing.assert_allclose(image.hsv_to_rgb(image.rgb_to_hsv(x)).numpy(), x, atol=1e-6)
    grey = draw(1, 2, 2, 1)
    np.testing.assert_array_equal(image.rgb_to_grayscale(grey).numpy(), grey)


def test_blur_of_a_point_is_the_product_of_two_gaussians():
    point = np.zeros((1, 7, 9, 1), "float32")
    point[0, 3, 4, 0] = 1
    rows, columns = (np.exp(-(np.arange(-n, n + 1) ** 2) / (2 * s * s)) for n, s in ((1, 1.0), (2, 0.5)))
    expected = np.outer(rows / rows.sum(), columns / columns.sum())
    out = image.gaussian_blur(point, (3, 5), (1.0, 0.5)).numpy()[0, :, :, 0]
    np.testing.assert_allclose(out[2:5, 2:7], expected, rtol=1e-5)
    np.testing.assert_allclose(out.sum(), 1, rtol=1e-6)


def test_elastic_transform_is_decided_by_its_seed_and_rests_without_alpha():
    x = draw(2, 8, 9, 3)
    one, same, other = (image.elastic_transform(x, 5.0, 2.0, seed=s).numpy() for s in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 1e-3
    np.testing.assert_allclose(image.elastic_transform(x, alpha=0.0, seed=1).numpy(), x, atol=1e-6)


def test_perspective_without_movement_is_the_image():
    x, corners = draw(5, 7, 2), np.array([[0, 0], [0, 4], [6, 0], [6, 4]], "float32")
    np.testing.assert_allclose(image.perspective_transform(x, corners, corners).numpy(), x, atol=1e-4)


def test_ssim_of_equal_images_is_one():
    x = draw(2, 12, 12, 3)
    np.testing.assert_allclose(image.ssim(x, x).numpy(), np.ones(2), rtol=1e-5)


IMAGE, POINTS = draw(1, 5, 7, 3), np.zeros((4, 2), "float32")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: image.resize(draw(5, 7), (3, 3)),
            r"resize: expected an image of rank 3 or a batch of rank 4.*\(5, 7\)",
        ),
        (lambda: image.resize(IMAGE, (3, 3), "bilinaer"), r"'bilinaer'\. Did you mean 'bilinear'"),
        (lambda: image.resize(IMAGE, 3), r"size as \(height, width\); received 3"),
        (
            lambda: image.resize(IMAGE, (3, 3), crop_to_aspect_ratio=True, pad_to_aspect_ratio=True),
            r"exclude each other",
        ),
        (lambda: image.resize(IMAGE, (3, 3), fill_mode="reflect"), r"fill_mode to be one of 'constant'"),
        (lambda: image.affine_transform(IMAGE, draw(6)), r"transform of shape \(8,\) or \(1, 8\).*received \(6,\)"),
        (lambda: image.affine_transform(IMAGE, draw(8), fill_mode="reflct"), r"Did you mean 'reflect'"),
        (lambda: image.perspective_transform(IMAGE, POINTS[:3], POINTS), r"start_points of shape \(4, 2\)"),
        (lambda: image.map_coordinates(draw(4), draw(1, 3), 2), r"order 0 \(nearest\) or 1 \(linear\); received 2"),
        (lambda: image.map_coordinates(draw(4), draw(2, 3), 1), r"coordinates with 1 rows"),
        (lambda: image.pad_images(IMAGE, 1, 2, 3), r"exactly two of left_padding, right_padding, target_width"),
        (lambda: image.pad_images(IMAGE, -1, 2, 3, 4), r"margins of 0 or more; top_padding is -1"),
        (lambda: image.pad_images(IMAGE, 1, 2, target_height=4, target_width=12), r"bottom_padding -2"),
        (lambda: image.crop_images(IMAGE, 3, 0, 2, 0), r"leaves nothing"),
        (lambda: image.extract_patches(IMAGE, 6), r"larger than the images"),
        (lambda: image.extract_patches(IMAGE, (1, 1, 1, 1)), r"2 or 3 of them"),
        (
            lambda: image.rgb_to_grayscale(draw(1, 5, 7, 2)),
            r"expected 3 channels on axis 3; received shape \(1, 5, 7, 2\)",
        ),
        (lambda: image.rgb_to_hsv(np.zeros((2, 2, 3), "uint8")), r"float images in \[0, 1\]; received uint8"),
        (lambda: image.gaussian_blur(IMAGE, sigma=(0.0, 1.0)), r"sigma as two positive numbers"),
        (lambda: image.ssim(IMAGE, IMAGE), r"at least 11 pixels a side"),
        (lambda: image.scale_and_translate(IMAGE, (1, 5, 7, 3), [1.0], [0.0], (1,), "nearest"), r"method to be one of"),
    ],
)
def test_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()

"""Pictures: what is refused, what runs compiled, differentiated, in pipelines, and through files."""

import io

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import cornu
import cornu.tf as tf
from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import HostTensor, Tensor

A8 = np.random.RandomState(0).randint(0, 256, (9, 7, 3)).astype(np.uint8)
F = A8.astype(np.float32) / 255


@pytest.mark.parametrize("call, sentence", [
    (lambda i: i.resize(A8, 4), "2 elements"),
    (lambda i: i.resize(A8, (4, 0)), "positive"),
    (lambda i: i.resize(A8, (4, 4), method="bilinea"), "Did you mean 'bilinear'"),
    (lambda i: i.resize(np.zeros(3), (4, 4)), "height, width, channels"),
    (lambda i: i.central_crop(A8, 1.5), "within"),
    (lambda i: i.crop_to_bounding_box(A8, 0, 0, 90, 9), "height must be >= target"),
    (lambda i: i.pad_to_bounding_box(A8, 0, 0, 9, 3), "width must be <= target"),
    (lambda i: i.flip_left_right(np.zeros(3)), "height, width, channels"),
    (lambda i: i.random_crop(A8, (90, 9, 3)), "Need value.shape >= size"),
    (lambda i: i.rgb_to_grayscale(A8[..., :2]), "3 channels"),
    (lambda i: i.rgb_to_yuv(A8), "float images"),
    (lambda i: i.random_contrast(A8, 2.0, 1.0), "upper must be > lower"),
    (lambda i: i.random_hue(A8, 0.6), "at most 0.5"),
    (lambda i: i.adjust_gamma(F, -1), "non-negative"),
    (lambda i: i.ssim(F[:5], F[:5], 1.0), "at least 11 pixels"),
    (lambda i: i.decode_jpeg(b"abc"), "Unknown image file format"),
    (lambda i: i.decode_image(b""), "empty"),
    (lambda i: i.decode_png(b"\x89PNG\r\n\x1a\nxxxx"), "Invalid PNG"),
    (lambda i: i.adjust_jpeg_quality(A8, 500), "quality must be in"),
    (lambda i: i.decode_jpeg(i.encode_jpeg(A8), channels=4), "4 channels"),
    (lambda i: i.encode_png(F), "uint8 or uint16"),
    (lambda i: i.crop_and_resize(F[None], np.zeros((1, 4)), [0], (2, 2), method="cubic"), "method must be"),
])  # fmt: skip
def test_refuses(call, sentence):
    with pytest.raises(InvalidArgumentError, match=sentence):
        call(tf.image)


def test_host_pictures_stay_on_the_host():
    decoded = tf.io.decode_png(tf.io.encode_png(A8))
    small = tf.image.resize(tf.image.flip_left_right(decoded), (4, 4))
    assert isinstance(decoded, HostTensor) and isinstance(small, HostTensor)
    np.testing.assert_array_equal(decoded.numpy(), A8)


def test_compiled_is_eager():
    def change(x):
        x = tf.image.resize(tf.image.flip_up_down(x), (5, 6), method="bicubic", antialias=True)
        return tf.image.adjust_saturation(tf.image.per_image_standardization(x) / 4 + 0.5, 0.5)

    compiled = jax.jit(lambda x: change(Tensor(x))._value)
    np.testing.assert_allclose(compiled(jnp.asarray(F)), change(F).numpy(), atol=1e-5)


def test_gradients_flow():
    x = tf.Variable(F)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.image.resize(x, (3, 3)) ** 2)
    slope = tape.gradient(y, x).numpy()
    shifted = F.copy()
    shifted[4, 3, 1] += 1e-2
    numeric = (tf.reduce_sum(tf.image.resize(shifted, (3, 3)) ** 2) - y).numpy() / 1e-2
    assert slope[4, 3, 1] == pytest.approx(numeric, abs=2e-2)


def test_symbolic_pictures_make_models():
    inputs = cornu.Input((9, 7, 3))
    model = cornu.Model(inputs, tf.image.flip_left_right(tf.image.resize(inputs, (4, 6))))
    assert model.output_shape == (None, 4, 6, 3)
    expected = tf.image.flip_left_right(tf.image.resize(F[None], (4, 6))).numpy()
    np.testing.assert_allclose(model.predict(F[None], verbose=0), expected, atol=1e-5)


def test_pipeline_from_files(tmp_path):
    for number in range(3):
        tf.io.write_file(str(tmp_path / f"{number}.png"), tf.io.encode_png(A8[: 5 + number]))

    def load(path):
        picture = tf.image.decode_png(tf.io.read_file(path), channels=3)
        picture = tf.image.convert_image_dtype(picture, tf.float32)
        name = tf.strings.split(path, "/")[-1]
        return tf.image.resize(picture, [4, 4]), tf.strings.to_number(tf.strings.regex_replace(name, r"\.png$", ""))

    data = tf.data.Dataset.list_files(str(tmp_path / "*.png"), shuffle=False).map(load).batch(3)
    ((pictures, numbers),) = data
    expected = [tf.image.resize(A8[: 5 + n].astype(np.float32) / 255, (4, 4)).numpy() for n in range(3)]
    np.testing.assert_allclose(pictures.numpy(), expected, atol=1e-6)
    assert numbers.numpy().tolist() == [0, 1, 2]


def test_random_pictures_differ_and_repeat():
    tf.random.set_seed(3)
    first = [tf.image.random_brightness(F, 0.5).numpy() for _ in range(3)]
    assert not np.allclose(first[0], first[1])
    tf.random.set_seed(3)
    np.testing.assert_array_equal(first[0], tf.image.random_brightness(F, 0.5).numpy())
    crop = tf.image.random_crop(A8, (4, 4, 3), seed=1).numpy()
    found = [(r, c) for r in range(6) for c in range(4) if np.array_equal(A8[r : r + 4, c : c + 4], crop)]
    assert len(found) == 1


def test_flips_are_fair():
    pictures = np.repeat(F[None], 400, 0)
    flipped = tf.image.stateless_random_flip_left_right(pictures, (1, 2)).numpy()
    share = np.mean(np.all(flipped == F[:, ::-1], (1, 2, 3)))
    assert 0.4 < share < 0.6


def test_windows_cover_enough():
    box = np.array([[[0.2, 0.3, 0.6, 0.7]]], np.float32)
    for seed in range(20):
        begin, size, window = tf.image.stateless_sample_distorted_bounding_box((60, 80, 3), box, (seed, 1), 0.5)
        top, left, bottom, right = window.numpy()[0, 0]
        common = max(0, min(bottom, 0.6) - max(top, 0.2)) * max(0, min(right, 0.7) - max(left, 0.3))
        assert common >= 0.5 * 0.16 - 1e-6
        assert 0 <= top < bottom <= 1 and 0 <= left < right <= 1
        part = tf.image.crop_to_bounding_box(np.zeros((60, 80, 3)), *begin.numpy()[:2], *size.numpy()[:2])
        assert part.shape[0] == size.numpy()[0]


def test_gif_and_palette():
    from PIL import Image

    frames = [Image.fromarray(np.full((4, 5, 3), level, np.uint8)) for level in (0, 255)]
    out = io.BytesIO()
    frames[0].save(out, "gif", save_all=True, append_images=frames[1:])
    assert tf.io.decode_gif(out.getvalue()).numpy()[:, 0, 0, 0].tolist() == [0, 255]
    assert tf.io.decode_image(out.getvalue()).shape == (2, 4, 5, 3)
    assert tf.io.decode_image(out.getvalue(), expand_animations=False).shape == (4, 5, 3)
    with pytest.raises(InvalidArgumentError, match="animated"):
        tf.io.decode_png(out.getvalue())
    out = io.BytesIO()
    Image.fromarray(A8).save(out, "bmp")
    np.testing.assert_array_equal(tf.io.decode_bmp(out.getvalue()).numpy(), A8)


def test_jpeg_shapes_and_windows():
    data = tf.io.encode_jpeg(A8, quality=95)
    assert tf.io.is_jpeg(data).numpy() and not tf.io.is_jpeg(b"GIF8").numpy()
    assert tf.io.extract_jpeg_shape(data).numpy().tolist() == [9, 7, 3]
    whole = tf.io.decode_jpeg(data).numpy()
    np.testing.assert_array_equal(tf.io.decode_and_crop_jpeg(data, [1, 2, 3, 4]).numpy(), whole[1:4, 2:6])
    assert tf.io.decode_jpeg(data, channels=1).shape == (9, 7, 1)
    assert tf.io.decode_jpeg(tf.io.encode_jpeg(np.repeat(np.repeat(A8, 8, 0), 8, 1)), ratio=4).shape == (18, 14, 3)
    with pytest.raises(InvalidArgumentError, match="Invalid JPEG"):
        tf.io.decode_jpeg(data.numpy()[:300])
    assert tf.io.decode_jpeg(data.numpy()[:-40], try_recover_truncated=True).shape == (9, 7, 3)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_png_round_trip(channels, dtype):
    pixels = np.random.RandomState(1).randint(0, np.iinfo(dtype).max, (6, 5, channels)).astype(dtype)
    data = tf.io.encode_png(pixels)
    np.testing.assert_array_equal(tf.io.decode_png(data, dtype=dtype).numpy(), pixels)
    if channels != 2:
        assert tf.io.decode_png(data, channels=3, dtype=dtype).shape == (6, 5, 3)


@pytest.mark.parametrize("row_filter", range(5))
def test_deep_png_filters(row_filter):
    import struct
    import zlib

    from cornu.io.png import read_deep_png

    pixels = np.random.RandomState(2).randint(0, 65536, (4, 3, 3)).astype(np.uint16)
    raw = pixels.astype(">u2").reshape(4, -1).view(np.uint8).astype(int)
    rows = []
    for y, row in enumerate(raw):
        above = raw[y - 1] if y else np.zeros_like(row)
        left, corner = np.r_[[0] * 6, row[:-6]], np.r_[[0] * 6, above[:-6]]
        paeth = lambda a, b, c: min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
        nearest = list(map(paeth, left, above, corner))
        guess = [0 * row, left, above, (left + above) // 2, np.array(nearest)][row_filter]
        rows.append(bytes([row_filter, *((row - guess) % 256)]))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 4, 16, 2, 0, 0, 0))
    file += chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")
    np.testing.assert_array_equal(read_deep_png(file), pixels)

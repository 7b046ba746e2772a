"""Pictures, files, records, texts, ragged and sparse tensors are what TensorFlow 2.21 makes of them; files go both ways."""

import json
import pathlib

import jax.numpy as jnp
import numpy as np
import pytest
from cases_tf_io import EXAMPLES, FEATURES, RAGGED, RAW, REDUCTIONS, SPARSE, STRINGS, example, setting, texts
from cases_tf_io_image import A8, A16, CASES, STATELESS

import cornu.tf as tf
from cornu.core.tensor import Tensor
from cornu.data.records import read_records

HERE = pathlib.Path(__file__).parent
FILES = HERE / "files" / "tf_io"
ARRAYS = np.load(HERE / "tf_io.npz")
NOTES = json.loads((HERE / "tf_io.json").read_text())


def on_device(arguments):
    return [Tensor(jnp.asarray(a)) if isinstance(a, np.ndarray) else a for a in arguments]


def same(found, number, arguments):
    """Equal up to the rounding of float32 sums, whose order differs."""
    scale = max(
        [1.0, *(float(np.abs(a).max()) for a in arguments if isinstance(a, np.ndarray) and a.dtype != "float32")]
    )
    for part, value in enumerate(found if isinstance(found, (tuple, list)) else [found]):
        value, expected = np.asarray(value), ARRAYS[f"image_{number}_{part}"]
        assert (value.shape, value.dtype) == (expected.shape, expected.dtype)
        if expected.dtype.kind == "f":
            np.testing.assert_allclose(value, expected, rtol=2e-5, atol=2e-6 * scale)
        else:
            np.testing.assert_array_equal(value, expected)


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: f"{n}-{CASES[n][0]}")
def test_pictures_on_the_host(number):
    name, arguments, options = CASES[number]
    same(getattr(tf.image, name)(*arguments, **options), number, arguments)


@pytest.mark.parametrize("number", range(1, len(CASES), 5), ids=lambda n: f"{n}-{CASES[n][0]}")
def test_pictures_on_the_device(number):
    name, arguments, options = CASES[number]
    same(getattr(tf.image, name)(*on_device(arguments), **options), number, arguments)


@pytest.mark.parametrize("number", range(len(STATELESS)), ids=lambda n: STATELESS[n][0])
def test_random_pictures(number):
    name, arguments = STATELESS[number]
    found = getattr(tf.image, name)(*arguments, seed=(3, 8)).numpy()
    np.testing.assert_allclose(found, ARRAYS[f"stateless_{number}"], rtol=1e-5, atol=1e-6)
    tf.random.set_seed(5)
    found = getattr(tf.image, name.removeprefix("stateless_"))(*arguments, seed=9).numpy()
    np.testing.assert_allclose(found, ARRAYS[f"stateful_{number}"], rtol=1e-5, atol=1e-6)


def alike(found, expected):
    """Nested text; numbers to six digits."""
    if isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            alike(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-6, nan_ok=True)
    else:
        assert found == expected


@pytest.mark.parametrize("line", [*STRINGS, *RAW, *RAGGED, *SPARSE])
def test_line(line):
    alike(texts(eval(line, setting(tf))), NOTES[line])


@pytest.mark.parametrize("kind, ragged, axis, keepdims", REDUCTIONS)
def test_ragged_reduction(kind, ragged, axis, keepdims):
    found = getattr(tf, f"reduce_{kind}")(eval(ragged, setting(tf)), axis=axis, keepdims=keepdims)
    alike(texts(found), NOTES[f"{kind} {ragged} {axis} {keepdims}"])


@pytest.mark.parametrize("name, feature", FEATURES)
def test_parsed_examples(name, feature):
    serialized = [example(tf.train, **values).SerializeToString() for values in EXAMPLES]
    spec = {name: eval(f"tf.io.{feature}", {"tf": tf})}
    alike(texts(tf.io.parse_example(serialized, spec)[name]), NOTES[f"many {name} {feature}"])
    alike(texts(tf.io.parse_single_example(serialized[0], spec)[name]), NOTES[f"one {name} {feature}"])


@pytest.mark.parametrize("kind", ["", "GZIP", "ZLIB"])
def test_records_that_tensorflow_wrote(kind):
    records = list(read_records(str(FILES / f"examples{kind}.tfrecord"), kind))
    assert [tf.train.Example.FromString(record) for record in records] == [example(tf.train, **v) for v in EXAMPLES]


@pytest.mark.parametrize("name, channels", [("rgb.png", 3), ("deep.png", 3), ("grey.png", 1), ("alpha.png", 4)])
def test_png_that_tensorflow_wrote(name, channels):
    dtype = "uint16" if name == "deep.png" else "uint8"
    expected = {
        "rgb.png": A8,
        "deep.png": A16,
        "grey.png": A8[..., :1],
        "alpha.png": np.concatenate([A8, A8[..., :1]], -1),
    }
    found = tf.io.decode_png(tf.io.read_file(str(FILES / name)), dtype=dtype).numpy()
    assert found.shape[-1] == channels
    np.testing.assert_array_equal(found, expected[name])


JPEGS = {
    "rgb.jpg": (A8, {"quality": 90}),
    "grey.jpg": (A8[..., :1], {"format": "grayscale", "quality": 80, "progressive": True, "xmp_metadata": "note"}),
    "plain.jpg": (A8, {"chroma_downsampling": False, "density_unit": "cm", "x_density": 3, "y_density": 7}),
}


@pytest.mark.parametrize("name", JPEGS)
def test_jpeg_has_the_very_bytes_of_tensorflow(name):
    pixels, options = JPEGS[name]
    assert tf.io.encode_jpeg(pixels, **options).numpy() == (FILES / name).read_bytes()

"""Pictures: options, errors, files, and the ways to read them in batches."""

import io
import pickle
import sys

import numpy as np
import pytest

from cornu import layers, models, utils
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.preprocessing import image
from cornu.preprocessing.image import affine

Image = pytest.importorskip("PIL.Image")
LAST = {"row_axis": 0, "col_axis": 1, "channel_axis": 2}


@pytest.fixture
def pictures(rng):
    return (255 * rng.random((10, 8, 6, 3))).astype("float32")


@pytest.fixture
def folder(tmp_path, pictures):
    for number, x in enumerate(pictures):
        place = tmp_path / "ab"[number % 2]
        place.mkdir(exist_ok=True)
        image.save_img(place / f"{number}.png", x, scale=False)
    return tmp_path


@pytest.mark.parametrize("fill_mode", affine.FILL_MODES)
@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("shape", [(9, 7, 3), (1, 5, 1), (4, 1, 2)])
def test_compiled_batches_equal_single_pictures(fill_mode, order, shape, rng):
    batch = rng.random((3, *shape)).astype("float32")
    matrix = np.eye(2) + 0.4 * rng.standard_normal((3, 2, 2))
    offset = 3 * rng.standard_normal((3, 2))
    flips = np.array([True, False, True])
    together = affine.warp(batch, matrix, offset, fill_mode, 7.0, order, flips, ~flips)
    for n in range(3):
        alone = affine.warp(batch[n : n + 1], matrix[n : n + 1], offset[n : n + 1], fill_mode, 7.0, order)[0]
        alone = alone[::-1] if flips[n] else alone[:, ::-1]
        np.testing.assert_allclose(together[n], alone, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("fill_mode", affine.FILL_MODES)
@pytest.mark.parametrize("order", [0, 1])
def test_warp_is_scipys(fill_mode, order, rng):
    ndimage = pytest.importorskip("scipy.ndimage")
    x = rng.random((11, 6, 1)).astype("float32")
    for _ in range(10):
        matrix, offset = np.eye(2) + rng.standard_normal((2, 2)), 6 * rng.standard_normal(2)
        found = affine.warp(x[None], matrix[None], offset[None], fill_mode, 7.0, order)[0, ..., 0]
        expected = ndimage.affine_transform(x[..., 0], matrix, offset, order=order, mode=fill_mode, cval=7.0)
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_whole_coordinates_are_exact():
    """The whole and the fractional part of a place must agree, also where a sum is a hair below a whole number."""
    x = (255 * np.random.RandomState(0).rand(32, 28, 28, 1)).astype("float32")
    matrix, offset = np.tile([[0.9, 0.2], [-0.2, 0.9]], (32, 1, 1)), np.tile([1.0, 2.0], (32, 1))
    together = affine.warp(x, matrix, offset)
    alone = np.concatenate([affine.warp(x[n : n + 1], matrix[:1], offset[:1]) for n in range(32)])
    np.testing.assert_allclose(together, alone, atol=1e-3)


def test_training_on_a_flow(pictures):
    flow = image.ImageDataGenerator(horizontal_flip=True, rescale=1 / 255).flow(
        pictures, np.arange(10) % 2, batch_size=4, seed=1
    )
    model = models.Sequential([layers.Flatten(), layers.Dense(1, activation="sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    history = model.fit(flow, epochs=2, verbose=0)
    assert len(history.history["loss"]) == 2
    assert np.isfinite(history.history["loss"]).all()
    assert model.predict(image.ImageDataGenerator().flow(pictures, batch_size=4, shuffle=False), verbose=0).shape == (
        10,
        1,
    )


def test_flow_parts(pictures):
    generator = image.ImageDataGenerator(validation_split=0.2)
    extra, weights = np.arange(20).reshape(10, 2), np.linspace(0, 1, 10)
    flow = generator.flow((pictures, extra), np.arange(10), sample_weight=weights, batch_size=4, shuffle=False)
    (x, e), y, w = flow[2]
    assert len(flow) == 3
    assert (x.tolist(), e.tolist(), y.tolist()) == (pictures[8:].tolist(), extra[8:].tolist(), [8, 9])
    assert w.tolist() == weights[8:].tolist()
    assert [len(generator.flow(pictures, subset=name, batch_size=1)) for name in ("training", "validation")] == [8, 2]
    assert image.ImageDataGenerator().flow(pictures, sample_weight=weights, batch_size=4)[0].shape == (4, 8, 6, 3)
    again = pickle.loads(pickle.dumps(flow))
    assert again[0][1].tolist() == [0, 1, 2, 3]


def test_same_seed_same_pictures(pictures):
    def batches():
        flow = image.ImageDataGenerator(rotation_range=90).flow(pictures, batch_size=3, seed=9)
        return np.concatenate([next(flow) for _ in range(4)])

    assert np.array_equal(batches(), batches())


def test_saved_pictures(pictures, tmp_path):
    flow = image.ImageDataGenerator().flow(pictures, batch_size=2, shuffle=False, save_to_dir=tmp_path, save_prefix="p")
    next(flow)
    assert sorted(path.name.rsplit("_", 1)[0] for path in tmp_path.iterdir()) == ["p_0", "p_1"]


def test_directory(folder, capsys):
    generator = image.ImageDataGenerator(validation_split=0.4)
    flow = generator.flow_from_directory(folder, target_size=(4, 4), batch_size=3, subset="training", seed=1)
    assert "Found 6 images belonging to 2 classes." in capsys.readouterr().out
    x, y = next(flow)
    assert (x.shape, y.shape, flow.class_indices) == ((3, 4, 4, 3), (3, 2), {"a": 0, "b": 1})
    assert flow.image_shape == (4, 4, 3)
    with pytest.raises(InvalidArgumentError, match="Invalid class_mode"):
        generator.flow_from_directory(folder, class_mode="other")
    with pytest.raises(InvalidArgumentError, match="Invalid color mode"):
        generator.flow_from_directory(folder, color_mode="other")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        generator.flow_from_directory(folder / "nowhere")


def table(count=10):
    return {
        "filename": [f"{'ab'[n % 2]}/{n}.png" for n in range(count)],
        "class": ["cat" if n % 2 else "dog" for n in range(count)],
        "value": [n / 2 for n in range(count)],
        "other": [n * 3 for n in range(count)],
        "many": [["cat", "dog"] if n == 0 else ["dog"] if n == 1 else "emu" for n in range(count)],
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [[0, 1], [1, 0]]),
        ({"class_mode": "binary"}, [1, 0]),
        ({"class_mode": "sparse", "classes": ["dog", "cat"]}, [0, 1]),
        ({"class_mode": "raw", "y_col": "value"}, [0, 0.5]),
        ({"class_mode": "raw", "y_col": ["value", "other"]}, [[0, 0], [0.5, 3]]),
        ({"y_col": "many"}, [[1, 1, 0], [0, 1, 0]]),
    ],
)
def test_dataframe_targets(options, expected, folder):
    flow = image.ImageDataGenerator().flow_from_dataframe(
        table(), folder, target_size=(4, 4), batch_size=2, shuffle=False, **options
    )
    x, y = flow[0]
    assert x.shape == (2, 4, 4, 3)
    assert y.tolist() == expected


def test_dataframe_other_modes(folder, capsys):
    generator = image.ImageDataGenerator(validation_split=0.3)
    common = {"target_size": (8, 6), "batch_size": 2, "shuffle": False}
    x, y, w = generator.flow_from_dataframe(table(), folder, class_mode="input", weight_col="value", **common)[1]
    assert (np.array_equal(x, y), w.tolist()) == (True, [1, 1.5])
    x, outputs = generator.flow_from_dataframe(
        table(), folder, class_mode="multi_output", y_col=["value", "other"], **common
    )[1]
    assert [part.tolist() for part in outputs] == [[1, 1.5], [6, 9]]
    assert generator.flow_from_dataframe(table(), folder, class_mode=None, **common)[0].shape == (2, 8, 6, 3)
    flow = generator.flow_from_dataframe(table(), folder, subset="validation", **common)
    assert flow.filenames == table()["filename"][:3]
    capsys.readouterr()
    with pytest.warns(UserWarning, match="Found 2 invalid image filename"):
        flow = generator.flow_from_dataframe(table(12), folder, **common)
    assert capsys.readouterr().out == "Found 10 validated image filenames belonging to 2 classes.\n"
    assert generator.flow_from_dataframe(table(), folder, classes=["cat"], **common).samples == 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"class_mode": "other"}, "Invalid class_mode"),
        ({"x_col": "nothing"}, "Expected a column 'nothing'"),
        ({"y_col": "value"}, "values must be strings"),
        ({"y_col": "many", "class_mode": "binary"}, "values must be strings"),
        ({"class_mode": "multi_output", "y_col": "value"}, "y_col must be a list"),
        ({"weight_col": "class"}, "must be numeric"),
        ({"classes": ["cat"], "class_mode": "binary"}, "there must be 2 classes"),
    ],
)
def test_dataframe_errors(options, message, folder):
    with pytest.raises((InvalidArgumentError, InvalidTypeError), match=message):
        image.ImageDataGenerator().flow_from_dataframe(table(), folder, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"data_format": "x"}, "`data_format` should be"),
        ({"validation_split": 1.0}, "strictly between 0 and 1"),
        ({"zoom_range": [1, 2, 3]}, "`zoom_range` should be"),
        ({"brightness_range": 0.5}, "brightness_range should be"),
        ({"fill_mode": "x"}, "Expected fill_mode"),
    ],
)
def test_bad_generators(options, message):
    with pytest.raises(InvalidArgumentError, match=message):
        image.ImageDataGenerator(**options)


def test_bad_flows(pictures):
    generator = image.ImageDataGenerator(validation_split=0.2)
    for arguments, options, message in [
        ((pictures, np.zeros(9)), {}, "should have the same length"),
        ((pictures,), {"sample_weight": np.zeros(9)}, "`sample_weight` should have the same length"),
        (((pictures, np.zeros(9)),), {}, "All of the arrays in `x`"),
        ((pictures[0],), {}, "should have rank 4"),
        ((pictures,), {"subset": "x"}, "Invalid subset name"),
        ((pictures, np.arange(10)), {"subset": "training"}, "different number of classes"),
        ((pictures,), {"batch_size": 0}, "batch_size of 1 or more"),
    ]:
        with pytest.raises(InvalidArgumentError, match=message):
            generator.flow(*arguments, **options)
    with pytest.raises(ValueError, match="Asked to retrieve element 9"):
        generator.flow(pictures)[9]
    with pytest.raises(InvalidArgumentError, match="rank 4"):
        generator.fit(pictures[0])
    with pytest.warns(UserWarning, match="hasn't been fit"):
        next(image.ImageDataGenerator(featurewise_center=True).flow(pictures))
    with pytest.warns(UserWarning, match="overrides setting"):
        image.ImageDataGenerator(zca_whitening=True)


def test_bad_transforms(pictures):
    with pytest.raises(InvalidArgumentError, match="three axes"):
        image.apply_affine_transform(pictures, theta=3)
    with pytest.raises(InvalidArgumentError, match="two floats"):
        image.random_zoom(pictures[0], 0.5, **LAST)
    with pytest.raises(InvalidArgumentError, match="two floats"):
        image.random_brightness(pictures[0], 0.5)
    with pytest.raises(InvalidArgumentError, match="channel_axis"):
        image.apply_channel_shift(pictures[0], 1, 3)
    with pytest.raises(InvalidArgumentError, match="order of 0 to 5"):
        image.apply_affine_transform(pictures[0], theta=3, **LAST, order=6)
    with pytest.raises(InvalidArgumentError, match="tuple of 2 integers"):
        image.smart_resize(pictures[0], 3)
    with pytest.raises(InvalidArgumentError, match="incorrect rank"):
        image.smart_resize(pictures[0, 0], (3, 3))


def test_files(tmp_path, pictures):
    for name in ("x.png", "x.jpg", "x.bmp"):
        utils.save_img(tmp_path / name, pictures[0])
        assert utils.load_img(tmp_path / name).size == (6, 8)
    path = tmp_path / "x.png"
    assert utils.load_img(str(path), color_mode="rgba").mode == "RGBA"
    assert utils.load_img(path, grayscale=True).mode == "L"
    assert utils.load_img(io.BytesIO(path.read_bytes()), target_size=(3, 4), interpolation="bicubic").size == (4, 3)
    assert utils.load_img(path, target_size=(4, 4), keep_aspect_ratio=True).size == (4, 4)
    Image.fromarray(np.full((2, 2), 60000, np.uint16)).save(tmp_path / "deep.png")
    assert utils.img_to_array(utils.load_img(tmp_path / "deep.png", color_mode="grayscale")).max() == 60000
    buffer = io.BytesIO()
    utils.save_img(buffer, pictures[0], file_format="png")
    assert utils.img_to_array(Image.open(buffer)).shape == (8, 6, 3)
    with pytest.warns(UserWarning, match="does not support RGBA"):
        utils.save_img(tmp_path / "y.jpg", np.zeros((2, 2, 4)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda path: utils.load_img(path, color_mode="x"), "color_mode must be"),
        (lambda path: utils.load_img(path, target_size=(2, 2), interpolation="x"), "Invalid interpolation"),
        (lambda path: utils.load_img(3), "path-like"),
        (lambda path: utils.array_to_img(np.zeros((2, 2))), "rank 3"),
        (lambda path: utils.array_to_img(np.zeros((2, 2, 2))), "Unsupported channel number: 2"),
        (lambda path: utils.img_to_array(np.zeros(3)), "Unsupported image shape"),
        (lambda path: utils.img_to_array(np.zeros((3, 3)), data_format="x"), "Expected data_format"),
        (lambda path: utils.save_img(path.with_suffix(""), np.zeros((2, 2, 3))), "Pass file_format"),
    ],
)
def test_bad_pictures(call, message, tmp_path):
    path = tmp_path / "x.png"
    utils.save_img(path, np.zeros((3, 3, 3)))
    with pytest.raises((InvalidArgumentError, InvalidTypeError), match=message):
        call(path)


def test_without_pillow_or_scipy(monkeypatch, pictures):
    for name in ("PIL", "scipy"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(FailedPreconditionError, match="pip install pillow"):
        utils.array_to_img(pictures[0])
    with pytest.raises(FailedPreconditionError, match="pip install scipy"):
        image.apply_affine_transform(pictures[0], theta=3, **LAST, order=3)
    assert next(image.ImageDataGenerator(rotation_range=9).flow(pictures)).shape == pictures.shape

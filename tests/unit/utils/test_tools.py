"""The tools of `cornu.utils`: names, splitting, windows, files in folders, enqueuers, settings."""

import wave

import numpy as np
import pytest

from cornu import Input, layers, utils
from cornu._base.errors import (
    DataLossError,
    FailedPreconditionError,
    InvalidArgumentError,
    InvalidTypeError,
    NotFoundError,
)

NAMES = [
    "Config",
    "CustomObjectScope",
    "Progbar",
    "PyDataset",
    "Sequence",
    "array_to_img",
    "audio_dataset_from_directory",
    "clear_session",
    "custom_object_scope",
    "deserialize_keras_object",
    "disable_interactive_logging",
    "enable_interactive_logging",
    "get_custom_objects",
    "get_file",
    "get_registered_name",
    "get_registered_object",
    "get_source_inputs",
    "image_dataset_from_directory",
    "img_to_array",
    "is_interactive_logging_enabled",
    "is_keras_tensor",
    "legacy",
    "load_img",
    "normalize",
    "pack_x_y_sample_weight",
    "pad_sequences",
    "register_keras_serializable",
    "save_img",
    "serialize_keras_object",
    "set_random_seed",
    "split_dataset",
    "standardize_dtype",
    "text_dataset_from_directory",
    "timeseries_dataset_from_array",
    "to_categorical",
    "unpack_x_y_sample_weight",
    "np_utils",
    "to_ordinal",
    "OrderedEnqueuer",
    "GeneratorEnqueuer",
    "SequenceEnqueuer",
]


def test_names():
    for name in NAMES:
        assert getattr(utils, name) is getattr(utils, name)
        assert name in dir(utils)
    assert callable(utils.split_dataset)


def test_np_utils():
    assert utils.np_utils.to_categorical([0, 2], nb_classes=4).tolist() == [[1, 0, 0, 0], [0, 0, 1, 0]]
    assert utils.np_utils.to_categorical([1], 2, dtype="int8").dtype == np.int8
    assert utils.to_ordinal([[0], [2]], 3).tolist() == [[0, 0], [1, 1]]
    np.testing.assert_allclose(utils.np_utils.normalize([[3.0, 4.0]]), [[0.6, 0.8]])


def test_split_dataset_kinds():
    from cornu.data import Dataset

    left, right = utils.split_dataset(Dataset.range(5), left_size=2)
    assert [list(part.as_numpy_iterator()) for part in (left, right)] == [[0, 1], [2, 3, 4]]
    pairs = Dataset.from_tensor_slices((np.arange(4), np.arange(8.0).reshape(4, 2)))
    left, right = utils.split_dataset(pairs, right_size=1)
    assert [(int(a), b.tolist()) for a, b in right.as_numpy_iterator()] == [(3, [6, 7])]
    assert left.cardinality().numpy() == 3


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (np.arange(10), {}, "At least one of the `left_size` or `right_size`"),
        (np.arange(10), {"left_size": 11}, "`left_size` should be either"),
        (np.arange(10), {"right_size": 1.2}, "`right_size` should be either"),
        (np.arange(10), {"left_size": "a"}, "Invalid `left_size` Type"),
        (np.arange(10), {"left_size": 8, "right_size": 8}, "The sum of `left_size` and `right_size` should be smaller"),
        (np.arange(10), {"left_size": 0.7, "right_size": 0.7}, "is greater than 1"),
        (np.arange(10), {"left_size": 0.01}, "leaves one side empty"),
        (np.arange(10), {"left_size": 1, "preferred_backend": "torch"}, "preferred_backend"),
        ([1, 2, 3], {"left_size": 1}, "Expected a list of `numpy.ndarray` objects"),
        ([np.zeros(3), np.zeros(4)], {"left_size": 1}, "different lengths"),
        ("abc", {"left_size": 1}, "Unsupported dataset type"),
    ],
)
def test_bad_splits(data, options, message):
    with pytest.raises((InvalidArgumentError, InvalidTypeError), match=message):
        utils.split_dataset(data, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sequence_length": 0}, "`sequence_length` must be higher"),
        ({"sampling_rate": 0}, "`sampling_rate` must be higher"),
        ({"sequence_stride": 0}, "`sequence_stride` must be higher"),
        ({"sampling_rate": 20}, "`sampling_rate` must be lower"),
        ({"start_index": -1}, "`start_index` must be 0 or greater"),
        ({"start_index": 30}, "`start_index` must be lower"),
        ({"end_index": 30}, "`end_index` must be lower"),
        ({"start_index": 5, "end_index": 4}, "`end_index` must be higher"),
        ({"format": "grain"}, 'Expected format "tf"'),
    ],
)
def test_bad_windows(options, message):
    with pytest.raises(InvalidArgumentError, match=message):
        utils.timeseries_dataset_from_array(np.arange(10), None, **{"sequence_length": 3, **options})


@pytest.fixture
def texts(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        for number in range(3):
            (tmp_path / name / f"{number}.txt").write_text(f"{name}{number}")
    return tmp_path


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"validation_split": 0.3}, "If `subset` is set"),
        ({"validation_split": 0.3, "subset": "training"}, "you must provide a `seed`"),
        ({"validation_split": 3.0, "subset": "training", "seed": 1}, "between 0 and 1"),
        ({"validation_split": 0.3, "subset": "x", "seed": 1}, "`subset` must be either"),
        ({"validation_split": 0.1, "subset": "validation", "seed": 1}, "leaves no file"),
        ({"label_mode": "x"}, "`label_mode` argument must be"),
        ({"labels": "x"}, "`labels` argument should be"),
        ({"labels": [1, 2]}, "Expected the lengths of `labels`"),
        ({"labels": [0] * 6, "class_names": ["a"]}, "You can only pass `class_names`"),
        ({"class_names": ["z"]}, "did not match the names of the subdirectories"),
        ({"class_names": ["a"], "label_mode": "binary"}, "there must be exactly 2"),
        ({"format": "grain"}, 'Expected format "tf"'),
    ],
)
def test_bad_folders(options, message, texts):
    with pytest.raises(InvalidArgumentError, match=message):
        utils.text_dataset_from_directory(texts, **options)


def test_folder_messages(texts, capsys):
    made = utils.text_dataset_from_directory(texts, validation_split=0.5, subset="both", seed=1)
    assert capsys.readouterr().out.splitlines() == [
        "Found 6 files belonging to 2 classes.", "Using 3 files for training.", "Using 3 files for validation.",
    ]  # fmt: skip
    assert [part.class_names for part in made] == [["a", "b"]] * 2
    with pytest.raises(NotFoundError, match="No image files found"):
        utils.image_dataset_from_directory(texts, verbose=False)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        utils.text_dataset_from_directory(texts / "nowhere")


def test_pictures_are_padded(tmp_path):
    pytest.importorskip("PIL")
    (tmp_path / "a").mkdir()
    utils.save_img(tmp_path / "a" / "x.png", np.full((2, 6, 3), 255.0), scale=False)
    made = utils.image_dataset_from_directory(tmp_path, labels=None, image_size=(6, 6), pad_to_aspect_ratio=True)
    rows = next(iter(made)).numpy()[0, :, 0, 0]
    assert rows.tolist() == [0, 0, 255, 255, 0, 0]
    for options, message in [({"color_mode": "x"}, "color_mode"), ({"interpolation": "x"}, "interpolation"),
                             ({"image_size": 3}, "image_size"),
                             ({"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True}, "Only one")]:  # fmt: skip
        with pytest.raises(InvalidArgumentError, match=message):
            utils.image_dataset_from_directory(tmp_path, **options)


def test_source_inputs():
    a, b, c = (Input((3,), name=name) for name in "abc")
    x = layers.Add()([layers.Dense(3)(a), b])
    assert [tensor.name for tensor in utils.get_source_inputs(x + a)] == ["a", "b"]
    assert utils.get_source_inputs(c) == [c]


def test_config():
    config = utils.Config(a=1, b="x")
    config.c = config.a + 2
    assert (config["c"], len(config), "b" in config, repr(utils.Config(a=1))) == (3, 3, True, "<Config {'a': 1}>")
    assert config.to_json() == '{"a": 1, "b": "x", "c": 3}'
    del config.b
    config.freeze()
    for change in (lambda: setattr(config, "a", 2), lambda: config.update(a=2), lambda: config.pop("a")):
        with pytest.raises(ValueError, match="frozen"):
            change()
    config.unfreeze()
    config.update(a=5)
    assert config.as_dict() == {"a": 5, "c": 3}
    with pytest.raises(AttributeError, match="Unknown attribute: 'nope'"):
        config.nope


class Numbers(utils.PyDataset):
    def __init__(self):
        super().__init__()
        self.epochs = 0

    def __len__(self):
        return 3

    def __getitem__(self, index):
        return 10 * self.epochs + index

    def on_epoch_end(self):
        self.epochs += 1


def test_ordered_enqueuer():
    enqueuer = utils.OrderedEnqueuer(Numbers())
    with pytest.raises(FailedPreconditionError, match=r"Call start\(\) first"):
        next(enqueuer.get())
    enqueuer.start(workers=2, max_queue_size=2)
    assert enqueuer.is_running()
    batches = enqueuer.get()
    assert [next(batches) for _ in range(7)] == [0, 1, 2, 10, 11, 12, 20]
    enqueuer.stop()
    assert not enqueuer.is_running()
    enqueuer = utils.OrderedEnqueuer([4, 5, 6], shuffle=True)
    enqueuer.start()
    batches = enqueuer.get()
    assert sorted(next(batches) for _ in range(3)) == [4, 5, 6]
    enqueuer.stop()


def test_generator_enqueuer():
    def numbers():
        yield from (1, 2, 3)

    enqueuer = utils.GeneratorEnqueuer(numbers(), random_seed=3)
    enqueuer.start(max_queue_size=1)
    assert list(enqueuer.get()) == [1, 2, 3]
    enqueuer.stop()

    def broken():
        yield 1
        raise KeyError("gone")

    enqueuer = utils.GeneratorEnqueuer(broken())
    enqueuer.start()
    with pytest.raises(KeyError, match="gone"):
        list(enqueuer.get())
    enqueuer.stop()
    with pytest.raises(FailedPreconditionError, match="cannot be sent to another process"):
        utils.GeneratorEnqueuer(numbers(), use_multiprocessing=True)


def test_sounds(tmp_path):
    def write(name, width, values):
        with wave.open(str(tmp_path / name), "wb") as file:
            file.setparams((1, width, 4, 0, "NONE", ""))
            file.writeframes(values)

    write("a.wav", 1, bytes([0, 128, 192]))
    write("b.wav", 3, b"\0\0\x80\0\0\x40")
    made = utils.audio_dataset_from_directory(tmp_path, labels=None, shuffle=False, sampling_rate=8, verbose=False)
    assert next(iter(made)).numpy()[..., 0].tolist() == [[-1, -0.5, 0, 0.25, 0.5, 0.5], [-1, -0.25, 0.5, 0.5, 0, 0]]
    for options, message in [
        ({"ragged": True}, "ragged=False"),
        ({"sampling_rate": 0}, "`sampling_rate` should be higher"),
    ]:
        with pytest.raises(InvalidArgumentError, match=message):
            utils.audio_dataset_from_directory(tmp_path, **options)
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    with pytest.raises(DataLossError, match="not a PCM WAV file"):
        next(iter(utils.audio_dataset_from_directory(tmp_path, labels=None, shuffle=False, verbose=False)))

"""What `record_dataset_utils.py` records from Keras 3.15 and `test_dataset_utils.py` checks: data sets made of files and arrays."""

import pathlib
import wave

import numpy as np

X, N = np.arange(20).reshape(10, 2), np.arange(10)

SPLITS = [
    (N, {"left_size": 0.8}),
    (N, {"left_size": 3}),
    (N, {"right_size": 0.25}),
    (N, {"left_size": 0.3, "right_size": 0.4}),
    ((X, N), {"left_size": 2}),
    ([X, N * 0.5], {"right_size": 3, "left_size": 4}),
    (N, {"left_size": 4, "shuffle": True, "seed": 3}),
    ((X, N), {"left_size": 0.5, "shuffle": True, "seed": 11}),
]

SERIES = np.arange(24)
WINDOWS = [
    (False, {"sequence_length": 3}),
    (True, {"sequence_length": 3, "batch_size": 2}),
    (False, {"sequence_length": 3, "sampling_rate": 2, "sequence_stride": 3, "batch_size": 2}),
    (False, {"sequence_length": 3, "start_index": 4, "end_index": 15, "batch_size": None}),
    (True, {"sequence_length": 2, "start_index": 4, "end_index": 15}),
    (True, {"sequence_length": 3, "shuffle": True, "seed": 3, "batch_size": 3}),
    (True, {"sequence_length": 4, "shuffle": True, "seed": 5, "batch_size": None}),
    (False, {"sequence_length": 30}),
]

TEXTS = [
    {"shuffle": False},
    {"seed": 3, "batch_size": 4},
    {"label_mode": "binary", "shuffle": False, "batch_size": None},
    {"label_mode": "categorical", "shuffle": False, "batch_size": 5},
    {"label_mode": None, "seed": 7},
    {"labels": [1, 0, 2, 2, 1, 1, 0, 0, 0, 0], "shuffle": False},
    {"labels": None, "shuffle": False},
    {"max_length": 1, "shuffle": False, "batch_size": 20},
    {"class_names": ["b", "a"], "shuffle": False},
    {"class_names": ["b"], "seed": 1},
    {"validation_split": 0.3, "subset": "training", "seed": 1},
    {"validation_split": 0.3, "subset": "validation", "seed": 1},
    {"validation_split": 0.3, "subset": "validation", "shuffle": False},
    {"validation_split": 0.3, "subset": "both", "seed": 1},
]

IMAGES = [
    {"image_size": (5, 7), "shuffle": False},
    {"image_size": (3, 4), "shuffle": False, "color_mode": "grayscale"},
    {"image_size": (3, 3), "shuffle": False, "color_mode": "rgba", "crop_to_aspect_ratio": True, "interpolation": "nearest"},
    {"image_size": (8, 3), "seed": 1, "data_format": "channels_first", "label_mode": "categorical"},
    {"image_size": (9, 11), "shuffle": False, "interpolation": "bicubic"},
    {"image_size": (3, 4), "shuffle": False, "interpolation": "area"},
    {"image_size": (9, 4), "shuffle": False, "interpolation": "lanczos3"},
    {"image_size": (3, 11), "shuffle": False, "interpolation": "lanczos5"},
    {"image_size": (9, 11), "shuffle": False, "interpolation": "gaussian"},
    {"image_size": (3, 11), "shuffle": False, "interpolation": "mitchellcubic"},
    {"image_size": (3, 3), "seed": 4, "batch_size": None, "label_mode": None},
    {"image_size": (6, 6), "seed": 4, "subset": "both", "validation_split": 0.5, "batch_size": 2, "crop_to_aspect_ratio": True},
]  # fmt: skip


SOUNDS = [
    {"shuffle": False, "batch_size": 2},
    {"seed": 3, "output_sequence_length": 9, "label_mode": "categorical"},
    {"labels": None, "batch_size": None, "seed": 2},
]


def write_files(folder, save_img):
    """Ten texts in two classes, eight pictures in two."""
    rng = np.random.RandomState(0)
    for name in "ba":
        texts, pictures = pathlib.Path(folder, "texts", name, "sub"), pathlib.Path(folder, "pictures", name)
        texts.mkdir(parents=True)
        pictures.mkdir(parents=True)
        for number in range(4):
            (texts.parent / f"{number}.txt").write_text(f"{name}{number}")
            save_img(str(pictures / f"{number}.png"), rng.rand(5, 7, 3))
        (texts / "z.txt").write_text(f"{name}z")
        sounds = pathlib.Path(folder, "sounds", name)
        sounds.mkdir(parents=True)
        for number in range(3):
            with wave.open(str(sounds / f"{number}.wav"), "wb") as file:
                file.setparams((2, 2, 8000, 0, "NONE", ""))
                file.writeframes(rng.randint(-32768, 32768, (5 + 3 * number, 2)).astype("<i2").tobytes())


def parts_of(datasets):
    """Every array of every element, in order: [(dataset, element, part, array), ...]."""
    found = []
    for d, dataset in enumerate(datasets if isinstance(datasets, (list, tuple)) else [datasets]):
        for e, element in enumerate(dataset.as_numpy_iterator()):
            for p, part in enumerate(element if isinstance(element, tuple) else (element,)):
                array = np.asarray(part)
                found.append((d, e, p, array.astype("S4") if array.dtype.kind in "OS" else array))
    return found


def results(utils, folder):
    """Name of a case -> a function that makes its data sets."""
    calls = {}
    for n, (data, options) in enumerate(SPLITS):
        calls[f"split{n}"] = lambda data=data, o=options: utils.split_dataset(data, **o)
    for n, (targets, options) in enumerate(WINDOWS):
        calls[f"window{n}"] = lambda t=targets, o=options: utils.timeseries_dataset_from_array(
            SERIES, SERIES * 10 if t else None, **o
        )
    for n, options in enumerate(TEXTS):
        calls[f"text{n}"] = lambda o=options: utils.text_dataset_from_directory(f"{folder}/texts", verbose=False, **o)
    for n, options in enumerate(SOUNDS):
        calls[f"sound{n}"] = lambda o=options: utils.audio_dataset_from_directory(
            f"{folder}/sounds", verbose=False, **o
        )
    for n, options in enumerate(IMAGES):
        calls[f"image{n}"] = lambda o=options: utils.image_dataset_from_directory(
            f"{folder}/pictures", verbose=False, **o
        )
    return calls


NAMES = list(results(None, ""))

"""What `record_preprocessing.py` records from tf_keras and `test_preprocessing.py` checks: pictures, texts, sequences."""

import pathlib

import numpy as np


def pictures(channels=3, count=10, rows=12, columns=9):
    """Smooth pictures in 0..255, float32, the same everywhere."""
    rng = np.random.RandomState(7)
    coarse = rng.rand(count, rows, columns, channels)
    smooth = (coarse + np.roll(coarse, 1, 1) + np.roll(coarse, 1, 2) + np.roll(coarse, (1, 1), (1, 2))) / 4
    return (255 * smooth).astype("float32")


MOVES = {"rotation_range": 40, "width_shift_range": 0.2, "height_shift_range": 0.3, "zoom_range": 0.4}

# arguments of ImageDataGenerator, arguments of flow
GENERATORS = [
    ({}, {}),
    ({"rescale": 1 / 255.0, **MOVES, "horizontal_flip": True}, {}),
    ({**MOVES, "shear_range": 20, "fill_mode": "constant", "cval": 30.0}, {"batch_size": 4}),
    ({**MOVES, "shear_range": 20, "fill_mode": "reflect", "vertical_flip": True}, {"batch_size": 4}),
    ({**MOVES, "fill_mode": "wrap", "zoom_range": [0.5, 3.0]}, {"batch_size": 3, "shuffle": False}),
    ({**MOVES, "interpolation_order": 0}, {}),
    ({**MOVES, "interpolation_order": 3}, {}),
    ({"width_shift_range": 3, "height_shift_range": [1, 2, 5]}, {}),
    ({"width_shift_range": [0.1, 0.3], "height_shift_range": 2.5, "rotation_range": 10}, {"batch_size": 5}),
    ({"channel_shift_range": 60.0, "horizontal_flip": True, "vertical_flip": True}, {}),
    ({"brightness_range": (0.3, 1.6), "rotation_range": 20}, {}),
    ({"samplewise_std_normalization": True, "zoom_range": 0.2}, {}),
    ({"samplewise_center": True}, {"subset": "validation"}),
    ({"featurewise_center": True, "featurewise_std_normalization": True}, {"subset": "training"}),
    ({"featurewise_center": True, "zca_whitening": True, "zca_epsilon": 1e-2}, {}),
    ({"data_format": "channels_first", **MOVES, "channel_shift_range": 30.0}, {}),
    ({"dtype": "float64", **MOVES}, {}),
]
PREPROCESSING_FUNCTIONS = {
    "fixed": lambda x: x[..., ::-1] / 2,
    "random": lambda x: x + np.random.rand(),
}


def transforms(image):
    """Name -> a call of one function of `tf.keras.preprocessing.image`, as NumPy's seed is 3."""
    last = {"row_axis": 0, "col_axis": 1, "channel_axis": 2}
    x = pictures()[0]
    return {
        "rotation": lambda: image.random_rotation(x, 30, **last),
        "shift": lambda: image.random_shift(x, 0.3, 0.2, **last, fill_mode="constant", cval=9),
        "shear": lambda: image.random_shear(x, 25, **last, fill_mode="reflect"),
        "zoom": lambda: image.random_zoom(x, (0.6, 1.4), **last, fill_mode="wrap"),
        "no_zoom": lambda: image.random_zoom(x, (1, 1), **last),
        "channels_first": lambda: image.random_rotation(x.transpose(2, 0, 1), 30),
        "channel_shift": lambda: image.random_channel_shift(x, 40, 2),
        "brightness": lambda: image.random_brightness(x, (0.4, 1.5)),
        "brightness_small": lambda: image.apply_brightness_shift(x / 255, 1.3),
        "brightness_outside": lambda: image.apply_brightness_shift(x * 2 - 100, 0.7, scale=False),
        "affine": lambda: image.apply_affine_transform(x, 10, 1.5, -2, 8, 0.9, 1.2, **last),
        "affine_order_2": lambda: image.apply_affine_transform(x, 10, 1.5, -2, 8, 0.9, 1.2, **last, order=2),
        "affine_bytes": lambda: image.apply_affine_transform(x.astype("uint8"), 33, **last),
        "affine_integers": lambda: image.apply_affine_transform(x.astype("int32") - 128, 33, **last),
        "affine_float64": lambda: image.apply_affine_transform(x.astype("float64"), 33, shear=3, **last),
        "whole_shift": lambda: image.apply_affine_transform(x, tx=2, ty=-3, **last, fill_mode="constant"),
        "row": lambda: image.apply_affine_transform(x[:1], 12, **last, fill_mode="reflect"),
        "img": lambda: np.asarray(image.array_to_img(x)),
        "img_unscaled": lambda: np.asarray(image.array_to_img(x, scale=False)),
        "img_grey": lambda: np.asarray(image.array_to_img(x[..., :1] * 3, scale=False)),
        "img_first": lambda: np.asarray(image.array_to_img(x.transpose(2, 0, 1), data_format="channels_first")),
        "array": lambda: image.img_to_array(image.array_to_img(x), data_format="channels_first", dtype="float64"),
        "smart_resize": lambda: image.smart_resize(x, (5, 7)),
    }


def write_pictures(folder, image):
    """Two classes, one with a folder inside; 13 files."""
    folder = pathlib.Path(folder)
    for number, x in enumerate(pictures(count=13)):
        place = folder / ("cat" if number % 2 else "dog") / ("more" if number > 8 else "")
        place.mkdir(parents=True, exist_ok=True)
        image.save_img(place / f"{number}.png", x, scale=False)
    (folder / "cat" / "notes.txt").write_text("no picture")


# arguments of ImageDataGenerator, arguments of flow_from_directory
DIRECTORIES = [
    ({}, {"target_size": (6, 8), "shuffle": False}),
    ({**MOVES}, {"target_size": (10, 7), "interpolation": "bilinear", "class_mode": "binary", "seed": 4, "batch_size": 5}),
    ({"rescale": 0.5}, {"target_size": (6, 6), "color_mode": "grayscale", "class_mode": "sparse", "seed": 4, "keep_aspect_ratio": True}),
    ({"validation_split": 0.4}, {"target_size": (6, 6), "color_mode": "rgba", "class_mode": "input", "seed": 1, "subset": "training"}),
    ({"validation_split": 0.4, "data_format": "channels_first"}, {"target_size": (6, 6), "class_mode": None, "seed": 1, "subset": "validation"}),
    ({}, {"target_size": (6, 6), "classes": ["dog"], "seed": 2, "interpolation": "lanczos"}),
]  # fmt: skip

TEXTS = [
    "The quick brown fox jumps over the lazy dog.",
    "The dog: the DOG!\tbarks",
    "Ünïcode -- and\nnew lines, 3 numbers",
    "",
    "fox fox fox the_fox",
]
TOKENIZERS = [
    {},
    {"num_words": 5},
    {"num_words": 6, "oov_token": "<oov>"},
    {"oov_token": "fox"},
    {"char_level": True, "num_words": 12},
    {"char_level": True, "lower": False, "oov_token": "?"},
    {"lower": False, "filters": ",.", "split": "o"},
    {"filters": ""},
]


def tokenizer_results(text, options):
    """Everything that a tokenizer says."""
    tokenizer = text.Tokenizer(**options)
    tokenizer.fit_on_texts(TEXTS[:3])
    tokenizer.fit_on_texts([["The", "Fox", "reads"], TEXTS[4]])
    sequences = tokenizer.texts_to_sequences([*TEXTS, "unknown words the", ["Fox", "zebra"]])
    tokenizer = text.tokenizer_from_json(tokenizer.to_json())
    again = tokenizer.texts_to_sequences([*TEXTS, "unknown words the", ["Fox", "zebra"]])
    return {
        "config": tokenizer.get_config(),
        "sequences": sequences,
        "again": again,
        "texts": tokenizer.sequences_to_texts([*sequences, [1, 99, 2]]),
        "matrices": [
            tokenizer.sequences_to_matrix(sequences, mode).tolist() for mode in ("binary", "count", "freq", "tfidf")
        ],
    }


def text_results(text):
    """The functions."""
    return {
        "words": [text.text_to_word_sequence(t) for t in TEXTS],
        "split": text.text_to_word_sequence("a,b c", filters=",", lower=False, split="-"),
        "md5": [text.hashing_trick(t, 20, "md5") for t in TEXTS],
        "own": text.hashing_trick(TEXTS[0], 7, len),
        "one_hot": len(text.one_hot(TEXTS[0], 50)),
        "analyzer": text.hashing_trick(TEXTS[0], 7, len, analyzer=lambda t: t.split("o")),
    }


PADDINGS = [
    ([[1], [2, 3], [4, 5, 6]], {}),
    ([[1], [2, 3], [4, 5, 6]], {"maxlen": 2}),
    ([[1], [2, 3], [4, 5, 6]], {"maxlen": 2, "truncating": "post", "padding": "post", "value": -1}),
    ([[1.5], [], [4, 5.25, 6]], {"dtype": "float32", "maxlen": 4, "value": 0.5}),
    ([[[1, 2]], [[3, 4], [5, 6]]], {"padding": "post"}),
    ([["a"], ["b", "c"]], {"dtype": object, "value": "-"}),
]

SERIES = [
    {"length": 3},
    {"length": 4, "sampling_rate": 2, "batch_size": 3},
    {"length": 2, "stride": 3, "start_index": 2, "end_index": 17, "batch_size": 2},
    {"length": 3, "reverse": True, "batch_size": 5},
    {"length": 3, "shuffle": True, "batch_size": 5},
]

SKIPGRAMS = [
    {},
    {"window_size": 1, "negative_samples": 0.0, "shuffle": False},
    {"negative_samples": 2.5, "categorical": True, "seed": 5},
    {"sampling_table": True, "negative_samples": 0.5},
]
SENTENCE = [3, 7, 0, 2, 9, 4, 1, 1, 8]

"""What `record_categories.py` records from Keras and `test_categories.py` checks: categories, numbers, words, sounds."""

import numpy as np

TEXTS = ["The cat, sat! on the MAT", "a dog's  life\tis (good)", "", "Ünï Çödé—naïve “quote” 中文 the"]
WORDS = [["b", "a", "c"], ["b", "z", "c"], ["b", "b", "a"]]
LONG = ["", "a", "hello world", "x" * 20, "y" * 40, "z" * 70, "é" * 200]
KNOWN, NUMBERS = ["the", "cat", "sat", "on", "mat"], [10, 20, 30]
UNKNOWN = [["a", "b"], ["c", "zzz"], ["q", "r"], ["", "s"]]


def numbers(count=100):
    """The same normally distributed numbers everywhere."""
    return np.random.RandomState(0).randn(count, 1).astype("float32")


def sound(channels=1):
    """Two rows of 3000 entries."""
    return np.random.RandomState(1).randn(2, 3000, channels).astype("float32")


# name -> class, arguments, inputs; then, if it adapts, its data and the rows of a batch (None: an array)
CASES = {
    "multi_hot": ("CategoryEncoding", {"num_tokens": 4}, [[0, 1], [3, 3]]),
    "multi_hot_row": ("CategoryEncoding", {"num_tokens": 4}, [0, 1, 3]),
    "multi_hot_scalar": ("CategoryEncoding", {"num_tokens": 4}, 2),
    "multi_hot_cube": ("CategoryEncoding", {"num_tokens": 4}, [[[0, 1], [2, 3]], [[2, 2], [1, 1]]]),
    "multi_hot_out_of_range": ("CategoryEncoding", {"num_tokens": 4}, [[0, 5]]),
    "one_hot": ("CategoryEncoding", {"num_tokens": 4, "output_mode": "one_hot"}, [0, 1, 3]),
    "one_hot_column": ("CategoryEncoding", {"num_tokens": 4, "output_mode": "one_hot"}, [[0], [1]]),
    "one_hot_matrix": ("CategoryEncoding", {"num_tokens": 4, "output_mode": "one_hot"}, [[0, 2], [1, 3]]),
    "one_hot_scalar": ("CategoryEncoding", {"num_tokens": 4, "output_mode": "one_hot"}, 2),
    "count": ("CategoryEncoding", {"num_tokens": 4, "output_mode": "count", "dtype": "int64"}, [[0, 1], [3, 3]]),
    "bins": ("Discretization", {"bin_boundaries": [0.0, 1.0, 2.0]}, [[-1.0, 0.0, 0.5, 1.0, 2.0, 9.0]]),
    "bins_of_integers": ("Discretization", {"bin_boundaries": [1.0, 2.0]}, [1, 2, 3]),
    "bins_one_hot": ("Discretization", {"bin_boundaries": [0.0, 1.0], "output_mode": "one_hot"}, [[-1.0], [0.5]]),
    "bins_multi_hot": ("Discretization", {"bin_boundaries": [0.0, 1.0], "output_mode": "multi_hot"}, [[-1.0, 0.5]]),
    "bins_count": ("Discretization", {"bin_boundaries": [0.0, 1.0], "output_mode": "count"}, [[-1.0, -2.0, 0.5]]),
    "bins_found": ("Discretization", {"num_bins": 4}, [[-1.0], [0.5]], numbers().tolist(), None),
    "bins_found_in_batches": ("Discretization", {"num_bins": 4}, [[-1.0]], numbers().tolist(), 7),
    "bins_found_coarsely": ("Discretization", {"num_bins": 4, "epsilon": 0.1}, [[-1.0]], numbers().tolist(), 7),
    "bins_found_of_many": ("Discretization", {"num_bins": 5, "epsilon": 0.03}, [[-1.0]], numbers(555).tolist(), 200),
    "bins_found_of_few": ("Discretization", {"num_bins": 9}, [[4.0]], [[1.0], [2.0], [5.0]], None),
    "hashing": ("Hashing", {"num_bins": 10**9}, LONG),
    "hashing_mask": ("Hashing", {"num_bins": 3, "mask_value": ""}, [["A"], ["B"], [""], ["C"], ["D"]]),
    "hashing_salt": ("Hashing", {"num_bins": 10**9, "salt": 133}, LONG),
    "hashing_salts": ("Hashing", {"num_bins": 10**9, "salt": [3, -4]}, LONG),
    "hashing_integers": ("Hashing", {"num_bins": 10**6}, [[-5, 0], [3, 2**40]]),
    "hashing_integers_mask": ("Hashing", {"num_bins": 30, "mask_value": 2, "salt": 1}, [1, 2, 3]),
    "hashing_one_bin": ("Hashing", {"num_bins": 1, "mask_value": ""}, ["a", ""]),
    "hashing_one_hot": ("Hashing", {"num_bins": 4, "output_mode": "one_hot"}, ["a", "b"]),
    "hashing_multi_hot": ("Hashing", {"num_bins": 4, "output_mode": "multi_hot"}, [["a", "b"], ["c", "d"]]),
    "hashing_count": ("Hashing", {"num_bins": 4, "output_mode": "count", "dtype": "int32"}, [["a", "a"], ["c", "d"]]),
    "hashing_int32": ("Hashing", {"num_bins": 4, "dtype": "int32"}, ["a"]),
    "words": ("StringLookup", {"vocabulary": list("abc")}, UNKNOWN),
    "words_scalar": ("StringLookup", {"vocabulary": list("abc")}, "b"),
    "words_mask": ("StringLookup", {"vocabulary": list("abc"), "mask_token": ""}, UNKNOWN),
    "words_unknown": ("StringLookup", {"vocabulary": list("abc"), "num_oov_indices": 3, "mask_token": ""}, UNKNOWN),
    "words_special_given": ("StringLookup", {"vocabulary": ["", "[UNK]", "a"], "mask_token": ""}, UNKNOWN),
    "words_inverted": ("StringLookup", {"vocabulary": list("abc"), "invert": True, "mask_token": "m"}, [[0, 1], [3, 9]]),
    "words_one_hot": ("StringLookup", {"vocabulary": list("abc"), "output_mode": "one_hot"}, UNKNOWN),
    "words_multi_hot": ("StringLookup", {"vocabulary": list("abc"), "output_mode": "multi_hot", "mask_token": ""}, UNKNOWN),
    "words_count": ("StringLookup", {"vocabulary": list("abc"), "output_mode": "count", "max_tokens": 9, "pad_to_max_tokens": True}, UNKNOWN),
    "words_tf_idf": ("StringLookup", {"vocabulary": list("abc"), "output_mode": "tf_idf", "idf_weights": [0.5, 0.25, 1.5], "num_oov_indices": 2}, UNKNOWN),
    "words_found": ("StringLookup", {}, WORDS, WORDS, None),
    "words_found_in_batches": ("StringLookup", {"max_tokens": 4, "mask_token": ""}, WORDS, WORDS, 2),
    "words_found_without_unknown": ("StringLookup", {"num_oov_indices": 0}, WORDS, WORDS, None),
    "words_found_sorted": ("StringLookup", {}, ["é", ""], ["b", "a", "ab", "B", "é", "z", "a ", "", "[UNK]"], None),
    "words_found_mask": ("StringLookup", {"mask_token": "z"}, WORDS, WORDS, None),
    "words_found_tf_idf": ("StringLookup", {"output_mode": "tf_idf"}, UNKNOWN, WORDS, 2),
    "words_found_tf_idf_row": ("StringLookup", {"output_mode": "tf_idf"}, ["x", "y", "x"], ["x", "y", "x"], None),
    "words_found_count": ("StringLookup", {"output_mode": "count", "encoding": "utf-8"}, WORDS, WORDS, None),
    "integers": ("IntegerLookup", {"vocabulary": NUMBERS}, [[10, 20], [30, 40], [-5, 0]]),
    "integers_mask": ("IntegerLookup", {"vocabulary": NUMBERS, "mask_token": 0}, [[10, 20], [30, 40], [-5, 0]]),
    "integers_unknown": ("IntegerLookup", {"vocabulary": NUMBERS, "num_oov_indices": 3}, [[10, 40], [-5, 0], [41, -6]]),
    "integers_farmhash": ("IntegerLookup", {"vocabulary": NUMBERS, "num_oov_indices": 3, "oov_method": "farmhash"}, [[10, 40], [-5, 0], [41, -6]]),
    "integers_siphash": ("IntegerLookup", {"vocabulary": NUMBERS, "num_oov_indices": 3, "oov_method": "farmhash", "salt": 3}, [[10, 40], [-5, 0], [41, -6]]),
    "integers_inverted": ("IntegerLookup", {"vocabulary": NUMBERS, "invert": True, "oov_token": -7}, [[0, 1], [3, 9]]),
    "integers_one_hot": ("IntegerLookup", {"vocabulary": NUMBERS, "output_mode": "one_hot"}, [[10], [40]]),
    "integers_multi_hot": ("IntegerLookup", {"vocabulary": NUMBERS, "output_mode": "multi_hot"}, [[10, 40], [41, 40]]),
    "integers_tf_idf": ("IntegerLookup", {"vocabulary": NUMBERS, "output_mode": "tf_idf", "idf_weights": [1.0, 2.0, 4.5]}, [[10, 40], [41, 40]]),
    "integers_found": ("IntegerLookup", {"max_tokens": 4, "mask_token": 5}, [[3, 1, 2]], [[3, 1, 2], [3, 5, 2]], None),
    "integers_found_tf_idf": ("IntegerLookup", {"output_mode": "tf_idf"}, [[3, 1, 9]], [[3, 1, 2], [3, 5, -1]], 1),
    "texts": ("TextVectorization", {"vocabulary": KNOWN}, TEXTS),
    "texts_column": ("TextVectorization", {"vocabulary": KNOWN}, [[text] for text in TEXTS]),
    "texts_scalar": ("TextVectorization", {"vocabulary": KNOWN}, "the cat barks"),
    "texts_empty": ("TextVectorization", {"vocabulary": KNOWN}, ["", " "]),
    "texts_length": ("TextVectorization", {"vocabulary": KNOWN, "output_sequence_length": 4}, TEXTS),
    "texts_longer": ("TextVectorization", {"vocabulary": KNOWN, "output_sequence_length": 9}, TEXTS),
    "texts_multi_hot": ("TextVectorization", {"vocabulary": KNOWN, "output_mode": "multi_hot"}, TEXTS),
    "texts_count": ("TextVectorization", {"vocabulary": KNOWN, "output_mode": "count", "max_tokens": 10, "pad_to_max_tokens": True}, TEXTS),
    "texts_tf_idf": ("TextVectorization", {"vocabulary": KNOWN, "output_mode": "tf_idf", "idf_weights": [0.5, 0.25, 1.5, 1.0, 2.0]}, TEXTS),
    "texts_as_they_are": ("TextVectorization", {"vocabulary": ["The", "the"], "standardize": None}, TEXTS),
    "texts_lower": ("TextVectorization", {"vocabulary": KNOWN, "standardize": "lower"}, TEXTS),
    "texts_strip": ("TextVectorization", {"vocabulary": KNOWN, "standardize": "strip_punctuation"}, TEXTS),
    "texts_characters": ("TextVectorization", {"vocabulary": list("abcé中"), "split": "character"}, TEXTS),
    "texts_unsplit": ("TextVectorization", {"vocabulary": KNOWN, "split": None}, [["The", "cat"], ["dog", "x"]]),
    "texts_unsplit_ngrams": ("TextVectorization", {"vocabulary": ["a b", "b"], "split": None, "ngrams": 2}, ["a", "b"]),
    "texts_blanks": ("TextVectorization", {"vocabulary": KNOWN, "standardize": None}, ["a\u00a0the\u2003cat\x0bsat\x1cmat the\ncat"]),
    "texts_ngrams": ("TextVectorization", {"vocabulary": ["the", "the cat", "cat sat"], "ngrams": 2}, TEXTS),
    "texts_ngrams_of_sizes": ("TextVectorization", {"vocabulary": ["the cat", "the", "cat sat on"], "ngrams": (2, 3)}, TEXTS),
    "texts_found": ("TextVectorization", {"max_tokens": 8}, TEXTS, TEXTS, None),
    "texts_found_in_batches": ("TextVectorization", {"output_mode": "tf_idf"}, TEXTS, TEXTS * 3, 2),
    "texts_found_ngrams": ("TextVectorization", {"ngrams": 2, "output_mode": "count"}, TEXTS, TEXTS, None),
    "texts_found_characters": ("TextVectorization", {"split": "character", "max_tokens": 9}, TEXTS, TEXTS, None),
    "texts_found_unsplit": ("TextVectorization", {"split": None}, TEXTS, TEXTS, None),
}  # fmt: skip

CROSSINGS = {
    "rows": ({"num_bins": 5}, [["A", "B", "A", "B", "A"], [101, 101, 101, 102, 102]]),
    "columns": ({"num_bins": 10**6}, [[["a"], ["hello"]], [[-3], [2**40]]]),
    "three": ({"num_bins": 500}, [["A", "B"], [1, 2], ["x", "y"]]),
    "integers": ({"num_bins": 50}, [[101, 102], [7, 8]]),
    "one_hot": ({"num_bins": 5, "output_mode": "one_hot"}, [["A", "B"], [101, 102]]),
    "scalars": ({"num_bins": 5}, ["A", 3]),
}

SPECTROGRAMS = [
    {},
    {"frame_length": 100, "frame_step": 30, "fft_length": 128},
    *({"mode": mode, "frame_length": 32} for mode in ("magnitude", "psd", "real", "imag", "stft")),
    {"mode": "psd", "frame_length": 15, "fft_length": 17, "scaling": "spectrum"},
    {"mode": "psd", "frame_length": 64, "scaling": None},
    {"padding": "same", "frame_length": 60, "mode": "magnitude"},
    {"expand_dims": True, "frame_length": 64},
    {"data_format": "channels_first", "frame_length": 64},
    {"data_format": "channels_first", "frame_length": 64, "expand_dims": True, "mode": "stft"},
    *({"mode": "magnitude", "frame_length": 33, "window": window, "periodic": periodic} for periodic in (False, True)
      for window in ("hann", "hamming", "blackman", "nuttall", "blackmanharris", "flattop", "boxcar", "bartlett", "triang",
                     "parzen", "bohman", "cosine", "tukey", "barthann", "exponential", "lanczos", None)),
]  # fmt: skip
MEL_SPECTROGRAMS = [
    {},
    {"sampling_rate": 8000, "num_mel_bins": 40, "fft_length": 512, "sequence_stride": 128},
    {"power_to_db": False, "fft_length": 256, "sequence_length": 200},
    {"mag_exp": 1.0, "window": "hamming", "fft_length": 256},
    {"window": None, "top_db": 10.0, "ref_power": 0.5, "fft_length": 256},
    {"min_freq": 100.0, "max_freq": 3000.0, "min_power": 3.0, "fft_length": 1024},
]

COLUMNS = {
    "f": np.array([0.1, 0.2, 0.3, 0.9], "float32"),
    "n": np.array([1.0, 2.0, 3.0, 4.0], "float32"),
    "d": np.array([1.0, 5.0, 3.0, 2.0], "float32"),
    "r": np.array([1.0, 2.0, 3.0, 4.0], "float32"),
    "s": np.array(["a", "b", "c", "a"]),
    "sh": np.array(["a", "b", "c", "z"]),
    "i": np.array([1, 2, 3, 2]),
    "ih": np.array([5, 6, 7, 8]),
}


def space(keras, output_mode="concat", mode="one_hot"):
    """A FeatureSpace of all kinds of features."""
    kinds = keras.utils.FeatureSpace
    features = {
        "f": kinds.float(),
        "n": kinds.float_normalized(),
        "d": kinds.float_discretized(num_bins=3, output_mode=mode),
        "r": kinds.float_rescaled(scale=2.0, offset=1.0),
        "s": kinds.string_categorical(output_mode=mode, max_tokens=3),
        "sh": kinds.string_hashed(num_bins=4, output_mode=mode),
        "i": kinds.integer_categorical(output_mode=mode, num_oov_indices=2),
        "ih": kinds.integer_hashed(num_bins=3, output_mode=mode),
    }
    crosses = [kinds.cross(("s", "i"), 5, mode), kinds.cross(("sh", "ih"), 50, mode)]
    return kinds(features, output_mode=output_mode, crosses=crosses)


def plain_space(keras):
    """A FeatureSpace of names of kinds."""
    names = {"f": "float", "n": "float_normalized", "d": "float_discretized", "r": "float_rescaled", "ih": "integer_hashed",
             "s": "string_categorical", "sh": "string_hashed", "i": "integer_categorical"}  # fmt: skip
    return keras.utils.FeatureSpace(
        names, crosses=[("s", "i")], crossing_dim=7, hashing_dim=5, num_discretization_bins=4
    )


SPACES = {
    "concat": space,
    "dict": lambda keras: space(keras, "dict"),
    "int": lambda keras: space(keras, "dict", "int"),
    "plain": plain_space,
}


def models(keras):
    """Name -> a model with preprocessing layers, adapted or given vocabularies, and inputs for it."""
    layers = keras.layers

    def chain(dtype, *stack):
        return keras.Sequential([keras.Input((1,), dtype=dtype), *stack])

    def adapted(layer, data):
        layer.adapt(np.array(data))
        return layer

    texts = np.array([[text] for text in TEXTS])
    integers = np.array([[5], [5], [2]])
    return {
        "texts": (chain("string", adapted(layers.TextVectorization(output_mode="tf_idf"), TEXTS), layers.Dense(2)), texts),
        "texts_given": (chain("string", layers.TextVectorization(vocabulary=KNOWN, output_sequence_length=4, ngrams=(1, 2)), layers.Embedding(7, 2)), texts),
        "words": (chain("string", adapted(layers.StringLookup(output_mode="tf_idf", num_oov_indices=2), WORDS)), np.array([["b"], ["q"]])),
        "words_given": (chain("string", layers.StringLookup(vocabulary=list("abc"), output_mode="one_hot"), layers.Dense(2)), np.array([["b"], ["q"]])),
        "integers": (chain("int64", adapted(layers.IntegerLookup(mask_token=0), integers), layers.Embedding(5, 2)), integers),
        "bins": (chain("float32", adapted(layers.Discretization(num_bins=3), numbers()), layers.CategoryEncoding(3, "one_hot"), layers.Dense(2)), numbers()[:5]),
        "hashing": (chain("string", layers.Hashing(9, salt=3), layers.CategoryEncoding(9, "one_hot")), np.array([["b"], ["q"]])),
        "crossing": crossing(keras),
        "sound": (keras.Sequential([keras.Input((3000, 1)), layers.STFTSpectrogram(frame_length=64, mode="magnitude")]), sound()),
    }  # fmt: skip


def crossing(keras):
    """A model of two inputs."""
    word, number = keras.Input((1,), dtype="string", name="word"), keras.Input((1,), dtype="int64", name="number")
    vectors = keras.layers.HashedCrossing(6, output_mode="one_hot")([word, number])
    model = keras.Model({"word": word, "number": number}, keras.layers.Dense(2)(vectors))
    return model, {"word": np.array([["a"], ["b"]]), "number": np.array([[1], [2]])}


def as_text(keras, inputs):
    """Texts as tensors, everything else as it is."""
    if isinstance(inputs, dict):
        return {name: as_text(keras, value) for name, value in inputs.items()}
    return keras.ops.convert_to_tensor(inputs) if inputs.dtype.kind == "U" else inputs


def write(keras, folder):
    """Write the models and spaces to a folder. For those of this project: `cases_categories.write(cornu, FOLDER)`."""
    keras.utils.set_random_seed(3)
    for name, (model, _) in models(keras).items():
        model.save(f"{folder}/{name}.keras")
    made = space(keras)
    made.adapt(dataset(keras, COLUMNS))
    made.save(f"{folder}/space.keras")


def dataset(keras, data, rows=None):
    """A dataset of rows or batches: this project's, or TensorFlow's."""
    if hasattr(keras, "data"):
        made = keras.data.Dataset.from_tensor_slices(data)
    else:
        import tensorflow

        made = tensorflow.data.Dataset.from_tensor_slices(data)
    return made if rows is None else made.batch(rows)

"""Film reviews, good and bad, as numbers of words. Source: keras.datasets.imdb; Maas et al., 2011."""

from typing import Any

import numpy as np

from cornu._base.errors import InvalidTypeError
from cornu.datasets.source import fetch, shuffled
from cornu.datasets.word_indexes import encode, word_index
from cornu.io.pickled_arrays import load_npz

Pair = tuple[np.ndarray, np.ndarray]


def load_data(
    path: str = "imdb.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int | None = 3,
    **kwargs: Any,
) -> tuple[Pair, Pair]:
    """25,000 reviews to train on and 25,000 to test. Shape: x object (25000,) of lists of int; y int64 (25000,), 1 is good.

    Args:
        path: the file's name in `$KERAS_HOME/datasets`, or a path of your own.
        num_words: keep word numbers below this one (the most frequent words); None for all.
        skip_top: the most frequent words to leave out.
        maxlen: drop reviews of this length or longer.
        seed: of the order of the reviews.
        start_char: stands at the start of each review; None for nothing.
        oov_char: stands for each word left out; None drops them.
        index_from: the first word has this number plus 1.
    Returns: `(x_train, y_train), (x_test, y_test)`. Raises: InvalidArgumentError if `maxlen` leaves nothing; NotFoundError if
    the file is neither cached nor to be had.
    """
    if "nb_words" in kwargs:  # Keras 1
        num_words = kwargs.pop("nb_words")
    if kwargs:
        raise InvalidTypeError(f"Unrecognized keyword arguments: {kwargs}. See help(imdb.load_data).")
    file = load_npz(fetch(path, "imdb.npz", "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"))
    state = np.random.RandomState(seed)
    x_train, y_train = shuffled(state, file["x_train"], file["y_train"])
    x_test, y_test = shuffled(state, file["x_test"], file["y_test"])
    rows, labels, places = encode(
        [*x_train, *x_test], np.concatenate([y_train, y_test]),
        num_words, skip_top, maxlen, start_char, oov_char, index_from,
    )  # fmt: skip
    count = int(np.searchsorted(places, len(x_train)))
    return (rows[:count], labels[:count]), (rows[count:], labels[count:])


def get_word_index(path: str = "imdb_word_index.json") -> dict[str, int]:
    """Word -> its number before `index_from` is added; 1 is the most frequent word."""
    return word_index(path, "imdb_word_index.json", "027313fe9a320280f3bf0fac5baf58c4a683cf39a7ed9c3d3d3912bde4284cf6")

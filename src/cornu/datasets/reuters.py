"""Newswires and their topics, as numbers of words. Source: keras.datasets.reuters; Reuters-21578."""

import numpy as np

from cornu.datasets.source import check_test_split, fetch, shuffled
from cornu.datasets.word_indexes import encode, word_index
from cornu.io.pickled_arrays import load_npz

Pair = tuple[np.ndarray, np.ndarray]

_TOPICS = (
    "cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves ship cotton carcass crude "
    "nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin strategic-metal livestock retail ipi iron-steel rubber "
    "heat jobs lei bop zinc orange pet-chem dlr gas silver wpi hog lead"
)


def load_data(
    path: str = "reuters.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    test_split: float = 0.2,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int | None = 3,
) -> tuple[Pair, Pair]:
    """11,228 newswires. Shape: x object (8982,) and (2246,) of lists of int; y int64, topics 0..45.

    Args:
        path: the file's name in `$KERAS_HOME/datasets`, or a path of your own.
        num_words: keep word numbers below this one (the most frequent words); None for all.
        skip_top: the most frequent words to leave out.
        maxlen: drop newswires of this length or longer.
        test_split: the fraction kept for testing.
        seed: of the order of the newswires.
        start_char: stands at the start of each newswire; None for nothing.
        oov_char: stands for each word left out; None drops them.
        index_from: the first word has this number plus 1.
    Returns: `(x_train, y_train), (x_test, y_test)`. Raises: InvalidArgumentError if `maxlen` leaves nothing; NotFoundError if
    the file is neither cached nor to be had.
    """
    check_test_split(test_split)
    file = load_npz(fetch(path, "reuters.npz", "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"))
    texts, topics = shuffled(seed, file["x"], file["y"])
    rows, labels, _ = encode(texts, topics, num_words, skip_top, maxlen, start_char, oov_char, index_from)
    count = int(len(rows) * (1 - test_split))
    return (rows[:count], labels[:count]), (rows[count:], labels[count:])


def get_word_index(path: str = "reuters_word_index.json") -> dict[str, int]:
    """Word -> its number before `index_from` is added; 1 is the most frequent word."""
    return word_index(
        path, "reuters_word_index.json", "9b56000edc4b34a32e89fd5a23b2605594682c74efcf7d8f4e2a5514b771e633"
    )


def get_label_names() -> tuple[str, ...]:
    """The 46 topics, in the order of their numbers."""
    return tuple(_TOPICS.split())

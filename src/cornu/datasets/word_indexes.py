"""Texts as lists of word numbers: what IMDB and Reuters share."""

import json
from collections.abc import Sequence
from itertools import chain

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.datasets.source import fetch


def word_index(path: str, name: str, file_hash: str) -> dict[str, int]:
    """Word -> number, 1 for the most frequent one; `load_data` adds its `index_from`."""
    with open(fetch(path, name, file_hash), encoding="utf-8") as file:
        return json.load(file)


def encode(
    texts: Sequence[Sequence[int]],
    labels: np.ndarray,
    num_words: int | None,
    skip_top: int,
    maxlen: int | None,
    start_char: int | None,
    oov_char: int | None,
    index_from: int | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Texts with shifted numbers, a start mark, and words outside the limits replaced or left out.

    Texts of `maxlen` numbers or more are dropped.
    Returns: the texts (an object array of lists), their labels, and their places among the texts given.
    Raises: InvalidArgumentError if none is left.
    """
    marks = int(start_char is not None)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + marks
    places = np.flatnonzero(lengths < maxlen) if maxlen else np.arange(len(texts))
    if not len(places):
        raise InvalidArgumentError(
            f"After filtering for sequences shorter than maxlen={maxlen}, no sequence was kept. Increase maxlen."
        )
    lengths = lengths[places]
    ends = np.cumsum(lengths)
    head = [start_char] * marks
    words = np.fromiter(
        chain.from_iterable(chain(head, texts[place]) for place in places.tolist()), np.int64, int(ends[-1])
    )
    if index_from:
        words += index_from
        if start_char is not None:
            words[(ends - lengths)[lengths > 0]] = start_char
    known = (words >= skip_top) & (
        words < (num_words or words.max())
    )  # as Keras: without a limit the last word is left out
    if oov_char is None:
        ends = np.cumsum(known)[ends - 1]
        words = words[known]
    else:
        words = np.where(known, words, oov_char)
    flat, rows, start = words.tolist(), np.empty(len(places), object), 0
    for row, end in enumerate(ends.tolist()):
        rows[row] = flat[start:end]
        start = end
    return rows, labels[places], places

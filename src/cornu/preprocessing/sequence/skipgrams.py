"""Pairs of words that stand near each other, and pairs that do not. Source: tf.keras.preprocessing.sequence."""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np


def skipgrams(
    sequence: Sequence[int],
    vocabulary_size: int,
    window_size: int = 4,
    negative_samples: float = 1.0,
    shuffle: bool = True,
    categorical: bool = False,
    sampling_table: Any = None,
    seed: int | None = None,
) -> tuple[list[list[int]], list[Any]]:
    """Couples (word, neighbour) with label 1 and (word, random word) with label 0. Word 0 is no word.

    Args:
        vocabulary_size: largest word number + 1.
        window_size: neighbours are at most this far away.
        negative_samples: how many random couples per real one.
        categorical: labels [0, 1] and [1, 0].
        sampling_table: the probability of each word to be used, by its rank (`make_sampling_table`).
        seed: of the final order. All other numbers come from Python's `random`.
    Returns: the couples and the labels. Source: Mikolov et al., 2013.
    """
    couples: list[list[int]] = []
    for place, word in enumerate(sequence):
        if not word or (sampling_table is not None and sampling_table[word] < random.random()):
            continue
        start, end = max(0, place - window_size), min(len(sequence), place + window_size + 1)
        couples += [[word, sequence[near]] for near in range(start, end) if near != place and sequence[near]]
    labels: list[Any] = [[0, 1] if categorical else 1 for _ in couples]
    if negative_samples > 0 and couples:
        words = [word for word, _ in couples]
        random.shuffle(words)
        for number in range(int(len(labels) * negative_samples)):
            couples.append([words[number % len(words)], random.randint(1, vocabulary_size - 1)])
            labels.append([1, 0] if categorical else 0)
    if shuffle:
        seed = random.randint(0, 10_000_000) if seed is None else seed
        for part in (couples, labels):
            random.seed(seed)
            random.shuffle(part)
    return couples, labels


def make_sampling_table(size: int, sampling_factor: float = 1e-5) -> np.ndarray:
    """The probability to use the word of each rank, if words are distributed by Zipf's law.

    Formula: min(1, sqrt(sampling_factor * (r (log r + 0.577) + 1/2 - 1/(12 r)))) for rank r.
    Shape: (size,), float64.
    """
    rank = np.arange(size)
    rank[:1] = 1
    inverse_frequency = rank * (np.log(rank) + 0.577) + 0.5 - 1.0 / (12.0 * rank)
    return np.minimum(1.0, np.sqrt(sampling_factor * inverse_frequency))

"""Candidate classes for losses over very many classes. The draws have TensorFlow's distributions, not its bits. Source: tf.nn."""

import csv
from typing import Any, NamedTuple

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.random_state import draw
from cornu.ops.candidates import draw_classes
from cornu.tf.host_values import host


class Candidates(NamedTuple):
    """What a sampler returns; the expected counts say how often each class is drawn on average."""

    sampled_candidates: Any
    true_expected_count: Any
    sampled_expected_count: Any


class AccidentalHits(NamedTuple):
    """Where candidates are true classes: row of the batch, number of the candidate, and a weight that outweighs any logit."""

    indices: Any
    ids: Any
    weights: Any


def uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: Any = None,
    name: str | None = None,
) -> Candidates:
    """Classes below `range_max`, all alike. Source: tf.random.uniform_candidate_sampler."""
    shares = ops.full((int(range_max),), 1 / int(range_max), "float32")
    return _sampled("uniform", shares, true_classes, num_true, num_sampled, unique, range_max, seed)


def log_uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: Any = None,
    name: str | None = None,
) -> Candidates:
    """Classes below `range_max` with the share log((c + 2) / (c + 1)) / log(range_max + 1): frequent ones have small numbers.

    Source: tf.random.log_uniform_candidate_sampler.
    """
    classes = np.arange(int(range_max))
    shares = ops.convert_to_tensor((np.log1p(1 / (classes + 1)) / np.log(int(range_max) + 1)).astype("float32"))
    return _sampled("log_uniform", shares, true_classes, num_true, num_sampled, unique, range_max, seed)


def learned_unigram_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: Any = None,
    name: str | None = None,
) -> Candidates:
    """Classes as often as they were seen. Nothing is seen before a call, so that all are alike.

    Source: tf.random.learned_unigram_candidate_sampler.
    """
    return uniform_candidate_sampler(true_classes, num_true, num_sampled, unique, range_max, seed)


def fixed_unigram_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    vocab_file: str = "",
    distortion: float = 1.0,
    num_reserved_ids: int = 0,
    num_shards: int = 1,
    shard: int = 0,
    unigrams: Any = (),
    seed: Any = None,
    name: str | None = None,
) -> Candidates:
    """Classes with shares that are given.

    Args:
        vocab_file: a CSV file, whose last column holds a weight per class; or `unigrams`, the weights themselves.
        distortion: the power that weights are taken to.
        num_reserved_ids: classes before the first weight, never drawn.
        num_shards, shard: only classes c with c % num_shards == shard are drawn.

    Raises: InvalidArgumentError unless the weights are given once, one for each class.
    Source: tf.random.fixed_unigram_candidate_sampler.
    """
    if bool(vocab_file) == bool(len(unigrams)):
        raise InvalidArgumentError("fixed_unigram_candidate_sampler: expected either vocab_file or unigrams.")
    if vocab_file:
        with open(vocab_file, newline="", encoding="utf-8") as file:
            unigrams = [float(row[-1]) for row in csv.reader(file) if row]
    weights = np.concatenate([np.zeros(num_reserved_ids), np.asarray(unigrams, float) ** distortion])
    if len(weights) != int(range_max):
        raise InvalidArgumentError(
            f"fixed_unigram_candidate_sampler: expected {range_max} classes; received {num_reserved_ids} reserved ones and "
            f"{len(unigrams)} weights."
        )
    weights[np.arange(len(weights)) % num_shards != shard] = 0
    shares = ops.convert_to_tensor((weights / weights.sum()).astype("float32"))
    return _sampled("table", shares, true_classes, num_true, num_sampled, unique, range_max, seed)


def all_candidate_sampler(
    true_classes: Any, num_true: int, num_sampled: int, unique: bool, seed: Any = None, name: str | None = None
) -> Candidates:
    """The classes 0 to `num_sampled` - 1, each once. Source: tf.nn.all_candidate_sampler."""
    true = _true_classes(true_classes, num_true)
    return Candidates(
        ops.arange(int(num_sampled), dtype="int64"),
        ops.ones(tuple(true.shape), "float32"),
        ops.ones((int(num_sampled),), "float32"),
    )


def _true_classes(true_classes: Any, num_true: int) -> Any:
    true = ops.convert_to_tensor(true_classes)
    if len(true.shape) != 2 or true.shape[1] != int(num_true):
        raise InvalidArgumentError(f"Expected true_classes of shape (batch, {num_true}); received {tuple(true.shape)}.")
    return true


def _sampled(kind, shares, true_classes, num_true, num_sampled, unique, range_max, seed) -> Candidates:
    true, count, limit = _true_classes(true_classes, num_true), int(num_sampled), int(range_max)
    if unique and count > limit:
        raise InvalidArgumentError(
            f"Expected at most range_max={limit} unique candidates; received num_sampled={count}."
        )
    found, tries = draw_classes(draw(seed), shares, kind, count, bool(unique), limit)

    def expected(classes: Any) -> Any:
        share = ops.take(shares, classes, axis=0)
        if not unique:
            return ops.multiply(share, float(count))
        return ops.negative(ops.expm1(ops.multiply(ops.log1p(ops.negative(share)), ops.cast(tries, "float32"))))

    return Candidates(found, expected(true), expected(found))


def compute_accidental_hits(
    true_classes: Any, sampled_candidates: Any, num_true: int, seed: Any = None, name: str | None = None
) -> AccidentalHits:
    """Where candidates are true classes of their row. `seed` has no use. Source: tf.nn.compute_accidental_hits."""
    true, sampled = host(_true_classes(true_classes, num_true)), host(sampled_candidates)
    rows, _, ids = np.nonzero(true[:, :, None] == sampled[None, None])
    least = np.full(len(rows), np.finfo(np.float32).min, np.float32)
    parts = (rows.astype(np.int32), ids.astype(np.int64), least)
    return AccidentalHits(*map(ops.convert_to_tensor, parts))

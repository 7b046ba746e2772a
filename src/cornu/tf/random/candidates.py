"""Classes to contrast the true ones with, drawn for sampled losses. Source: tf.random.*_candidate_sampler."""

import functools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import draws, tf_seeds
from cornu.core.tensor import Tensor, convert_to_tensor

_BLOCKS = 512  # for each class that is sampled


class UniformCandidateSampler(NamedTuple):
    """What `uniform_candidate_sampler` returns."""

    sampled_candidates: Tensor
    true_expected_count: Tensor
    sampled_expected_count: Tensor


class LogUniformCandidateSampler(NamedTuple):
    """What `log_uniform_candidate_sampler` returns."""

    sampled_candidates: Tensor
    true_expected_count: Tensor
    sampled_expected_count: Tensor


def uniform_candidate_sampler(
    true_classes: Any, num_true: int, num_sampled: int, unique: bool, range_max: int, seed: Any = None, name: Any = None
) -> UniformCandidateSampler:
    """Classes of `[0, range_max)`, all equally likely, and how often each is expected among the samples.

    Shape: (batch, num_true) -> (num_sampled,), (batch, num_true), (num_sampled,).
    Raises: InvalidArgumentError if `unique` asks for more classes than there are, or the true classes have another shape.
    Source: tf.random.uniform_candidate_sampler.
    """
    draw = lambda state, count: draws.integers(state, (count,), 0, range_max, "int64")
    probability = lambda classes: jnp.full(classes.shape, 1 / range_max)
    found = _sampled("uniform", draw, probability, true_classes, num_true, num_sampled, unique, range_max, seed)
    return UniformCandidateSampler(*found)


def log_uniform_candidate_sampler(
    true_classes: Any, num_true: int, num_sampled: int, unique: bool, range_max: int, seed: Any = None, name: Any = None
) -> LogUniformCandidateSampler:
    """Classes of `[0, range_max)` with probabilities `log((c + 2) / (c + 1)) / log(range_max + 1)`, frequent ones first.

    Shape: (batch, num_true) -> (num_sampled,), (batch, num_true), (num_sampled,).
    Raises: InvalidArgumentError if `unique` asks for more classes than there are, or the true classes have another shape.
    Source: tf.random.log_uniform_candidate_sampler.
    """
    whole = math.log(range_max + 1)

    def draw(state: np.ndarray, count: int) -> np.ndarray:
        exponents = draws.uniform(state, (count,), "float64") * whole
        return np.array([*map(math.exp, exponents.tolist())]).astype(np.int64) - 1

    probability = lambda classes: jnp.log((classes + 2.0) / (classes + 1.0)) / whole
    found = _sampled("log_uniform", draw, probability, true_classes, num_true, num_sampled, unique, range_max, seed)
    return LogUniformCandidateSampler(*found)


def _sampled(
    kind: str, draw: Callable, probability: Callable, true_classes: Any, num_true: int, num_sampled: int, unique: bool,
    range_max: int, seed: Any,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    true = convert_to_tensor(true_classes, "int64")
    if true.ndim != 2 or true.shape[1] != num_true:
        raise InvalidArgumentError(
            f"Expected true_classes of shape (batch, {num_true}); received shape {tuple(true.shape)}."
        )
    if unique and num_sampled > range_max:
        raise InvalidArgumentError(
            f"Expected at most {range_max} unique samples of {range_max} classes; received {num_sampled}."
        )
    state = tf_seeds.next_state(f"{kind} candidates {unique}", seed, num_sampled * _BLOCKS)
    find = functools.partial(_distinct if unique else _plain, draw, count=num_sampled)
    found = find(state) if isinstance(state, np.ndarray) else draws.on_host(find, (num_sampled + 1,), "int64", state)
    sampled, tries = jnp.asarray(found[:-1]), found[-1]

    def expected(classes: Any) -> Tensor:
        chance = probability(classes)
        count = jnp.where(tries == num_sampled, chance * num_sampled, -jnp.expm1(tries * jnp.log1p(-chance)))
        return Tensor(count.astype(np.float32))

    return Tensor(sampled), expected(true._value), expected(sampled)


def _plain(draw: Callable, state: np.ndarray, count: int) -> np.ndarray:
    """The first `count` classes of a stream, and how many draws they took."""
    return np.append(draw(state, count), count)


def _distinct(draw: Callable, state: np.ndarray, count: int) -> np.ndarray:
    """The first `count` different classes of a stream, and how many draws they took."""
    length = 2 * count
    while True:
        drawn = draw(state, length)
        _, first = np.unique(drawn, return_index=True)
        if len(first) >= count:
            places = np.sort(first)[:count]
            return np.append(drawn[places], places[-1:] + 1 if count else 0)
        length *= 2

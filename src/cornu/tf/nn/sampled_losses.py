"""Losses over very many classes that look at a few drawn ones. Source: tf.nn."""

from typing import Any

from cornu import ops
from cornu.tf.nn.candidate_sampling import log_uniform_candidate_sampler
from cornu.tf.nn.crossentropies import sigmoid_cross_entropy_with_logits, softmax_cross_entropy_with_logits
from cornu.tf.nn.embeddings import table


def nce_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = False,
    name: str = "nce_loss",
) -> Any:
    """Noise-contrastive loss: the true classes told from drawn ones by logistic regressions, summed over the classes.

    Args: `sampled_values`, what a candidate sampler returned; by default log-uniform and unique.
    Shape: weights (classes, d), biases (classes,), labels (n, num_true), inputs (n, d) -> (n,).
    Source: Gutmann and Hyvarinen 2010; tf.nn.nce_loss.
    """
    logits, targets = _logits(
        weights,
        biases,
        labels,
        inputs,
        num_sampled,
        num_classes,
        num_true,
        sampled_values,
        remove_accidental_hits,
        None,
    )
    return ops.sum(sigmoid_cross_entropy_with_logits(labels=targets, logits=logits), 1)


def sampled_softmax_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = True,
    seed: Any = None,
    name: str = "sampled_softmax_loss",
) -> Any:
    """Crossentropy of a softmax over the true and the drawn classes. Arguments and shapes: as `nce_loss`.

    Source: Jean et al. 2014; tf.nn.sampled_softmax_loss.
    """
    logits, targets = _logits(
        weights,
        biases,
        labels,
        inputs,
        num_sampled,
        num_classes,
        num_true,
        sampled_values,
        remove_accidental_hits,
        seed,
    )
    return softmax_cross_entropy_with_logits(labels=ops.stop_gradient(targets), logits=logits)


def _logits(weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled, removes_hits, seed):
    """Logits of true, then of drawn classes, less the log of how often each is drawn, and targets. Shape: (n, true + drawn)."""
    weights, biases, inputs = table(weights), ops.convert_to_tensor(biases), ops.convert_to_tensor(inputs)
    labels = ops.cast(labels, "int64")
    labels = ops.expand_dims(labels, 1) if len(labels.shape) == 1 else labels
    if sampled is None:
        sampled = log_uniform_candidate_sampler(labels, num_true, num_sampled, True, num_classes, seed)
    drawn, true_count, drawn_count = (ops.stop_gradient(each) for each in sampled)
    drawn = ops.cast(drawn, "int64")
    true = ops.sum(ops.multiply(ops.expand_dims(inputs, 1), ops.take(weights, labels, axis=0)), -1)
    true = ops.add(true, ops.take(biases, labels, axis=0))
    others = ops.matmul(inputs, ops.transpose(ops.take(weights, drawn, axis=0)))
    others = ops.add(others, ops.take(biases, drawn, axis=0))
    if removes_hits:
        is_hit = ops.any(ops.equal(ops.expand_dims(labels, -1), drawn), 1)
        others = ops.where(is_hit, ops.add(others, ops.convert_to_tensor(others.dtype.min, others.dtype)), others)
    true = ops.subtract(true, ops.log(ops.cast(true_count, true.dtype)))
    others = ops.subtract(others, ops.log(ops.cast(drawn_count, others.dtype)))
    targets = ops.concatenate([ops.divide(ops.ones_like(true), float(num_true)), ops.zeros_like(others)], 1)
    return ops.concatenate([true, others], 1), targets

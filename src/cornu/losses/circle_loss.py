"""Circle loss: similarities within a class are pulled up, those between classes pushed down, each at its own pace."""

import jax
import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.core.shapes import text
from cornu.losses.alignment import floating
from cornu.losses.base import LOSSES, FunctionLoss


@LOSSES.add()
@op(tensors="y_true y_pred ref_labels ref_embeddings")
def circle(y_true, y_pred, ref_labels=None, ref_embeddings=None, remove_diagonal=True, gamma=80, margin=0.4):
    """Circle loss of embeddings of length 1 with integer labels.

    Args: ref_labels, ref_embeddings: what the embeddings are compared with, by default themselves. remove_diagonal:
    row i is not compared with reference i of its class, which by default is itself. gamma: scale. margin: relaxation.
    Shape: (n,), (n, d) -> (n,).
    Raises: InvalidArgumentError if the embeddings are not a matrix with a label for each row.
    Differs from the paper, as Keras does: the gradient also flows through the pace of each similarity.
    Source: Sun et al. 2020, equations 6 and 8; keras.losses.circle.
    """
    embeddings = floating(y_pred)
    labels = jnp.reshape(y_true, (-1,)).astype(jnp.int32)
    if embeddings.ndim != 2 or labels.shape[0] != embeddings.shape[0]:
        raise InvalidArgumentError(
            f"circle expects y_pred as (n, d) embeddings and y_true as n labels; received y_pred of shape "
            f"{text(embeddings.shape)} and y_true of shape {text(y_true.shape)}."
        )
    others = embeddings if ref_embeddings is None else floating(ref_embeddings).astype(embeddings.dtype)
    other_labels = labels if ref_labels is None else jnp.reshape(ref_labels, (-1,)).astype(jnp.int32)

    similarity = jnp.minimum(embeddings @ others.T, 1)  # (n, references)
    same = labels[:, None] == other_labels[None, :]
    different = ~same
    if remove_diagonal:
        same = same & ~jnp.eye(*same.shape, dtype=bool)
    pull = jnp.maximum(1 + margin - similarity, 0)
    push = jnp.maximum(margin + similarity, 0)
    positive = _masked_logsumexp(-gamma * pull * (similarity - (1 - margin)), same)
    negative = _masked_logsumexp(gamma * push * (similarity - margin), different)
    has_both = jnp.any(same, axis=1) & jnp.any(different, axis=1)
    return jnp.where(has_both, jax.nn.softplus(jnp.where(has_both, positive + negative, 0)), 0)


def _masked_logsumexp(x: jax.Array, mask: jax.Array) -> jax.Array:
    """Over the entries of each row that the mask keeps; very negative for rows without one."""
    return jax.nn.logsumexp(jnp.where(mask, x, -1e9), axis=1)


@LOSSES.add()
class Circle(FunctionLoss):
    """Circle loss within a batch. Source: Sun et al. 2020; keras.losses.Circle."""

    def __init__(
        self, gamma=80.0, margin=0.4, remove_diagonal=True, reduction="sum_over_batch_size", name="circle", dtype=None
    ):
        options = {"gamma": gamma, "margin": margin, "remove_diagonal": remove_diagonal}
        super().__init__(circle, reduction, name, dtype, **options)

    def call(self, y_true, y_pred):
        """A value per example; examples alone in their class are masked, so that they do not count in the mean."""
        values = super().call(y_true, y_pred)
        values._keras_mask = _has_partner(y_true, remove_diagonal=self.remove_diagonal)
        return values


@op
def _has_partner(y_true, remove_diagonal=True):
    """Whether the batch has another example of the same class. Shape: (n,) or (n, 1) -> (n,)."""
    labels = jnp.reshape(y_true, (-1,))
    return jnp.sum(labels[:, None] == labels[None, :], axis=1) > (1 if remove_diagonal else 0)

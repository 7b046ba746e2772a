"""Loss of sequences whose labels are not aligned with the frames."""

import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.core.shapes import text
from cornu.losses.base import LOSSES, FunctionLoss
from cornu.ops.ctc import ctc_loss


@LOSSES.add()
@op
def ctc(y_true, y_pred):
    """Connectionist temporal classification: minus the log-probability of the labels under any alignment.

    Class 0 is the blank and pads `y_true`; every frame of `y_pred` (logits) counts.
    Shape: (n, labels), (n, frames, classes) -> (n,).
    Raises: InvalidArgumentError if the ranks differ from that. Source: Graves et al. 2006; keras.losses.ctc.
    """
    if y_true.ndim != 2 or y_pred.ndim != 3:
        raise InvalidArgumentError(
            "ctc expects y_true of shape (batch, labels) and y_pred of shape (batch, frames, classes); received "
            f"{text(y_true.shape)} and {text(y_pred.shape)}."
        )
    labels = y_true.astype(jnp.int32)
    label_count = jnp.sum(labels != 0, axis=1, dtype=jnp.int32)
    frames = jnp.full(y_pred.shape[:1], y_pred.shape[1], jnp.int32)
    return ctc_loss.raw(labels, y_pred, label_count, frames, mask_index=0)


@LOSSES.add()
class CTC(FunctionLoss):
    """Connectionist temporal classification. Source: Graves et al. 2006; keras.losses.CTC."""

    def __init__(self, reduction="sum_over_batch_size", name="ctc", dtype=None):
        super().__init__(ctc, reduction, name, dtype)

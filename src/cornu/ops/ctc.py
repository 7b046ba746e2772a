"""Connectionist temporal classification: loss and decoding. Source: Graves et al. 2006."""

import functools

import jax
import jax.numpy as jnp
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.ops._checks import choice

_NEVER = -1e5  # log-probability of the impossible: finite, so that gradients are


@op
def ctc_loss(target, output, target_length, output_length, mask_index=0):
    """Minus the log-probability of the labels, summed over all alignments with the frames.

    Args:
        target: integer labels, padded; `target_length` of them count in each row.
        output: logits per frame; `output_length` frames count in each row.
        mask_index: the class that means "no label".
    Shape: (n, labels), (n, frames, classes), (n,), (n,) -> (n,).
    Raises: InvalidArgumentError if the ranks or batch sizes do not fit.
    Source: Graves et al. 2006, equations 5 to 8; keras.ops.ctc_loss.
    """
    if target.ndim != 2 or output.ndim != 3 or target.shape[0] != output.shape[0]:
        raise InvalidArgumentError(
            "ctc_loss: expected target (batch, labels) and output (batch, frames, classes); received target "
            f"{target.shape}, output {output.shape}."
        )
    count, labels = target.shape
    places = 2 * labels + 1  # labels with blanks between and around them
    target, ends = target.astype("int32"), target_length.astype("int32")
    spread = jnp.full((count, places), mask_index, "int32").at[:, 1::2].set(target)
    jumps = (
        jnp.zeros((count, places), bool).at[:, 3::2].set(target[:, 1:] != target[:, :-1])
    )  # may skip the blank before
    wide = output.astype(jnp.promote_types(output.dtype, "float32"))
    log_p = jax.nn.log_softmax(wide, -1)
    indicator = jax.nn.one_hot(spread, output.shape[-1], dtype=log_p.dtype)
    log_p = jnp.einsum("ntc,npc->tnp", log_p, indicator, precision=lax.Precision.HIGHEST)

    def step(alpha: jax.Array, frame: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, None]:
        time, emitted = frame
        one = _shift(alpha, 1)
        two = jnp.where(jumps, _shift(alpha, 2), _NEVER)
        moved = jnp.logaddexp(jnp.logaddexp(alpha, one), two) + emitted
        return jnp.where((time < output_length)[:, None], moved, alpha), None

    begin = jnp.where(jnp.arange(places) < 2, log_p[0], _NEVER)
    times = jnp.arange(1, output.shape[1], dtype=output_length.dtype)
    alpha, _ = lax.scan(step, begin, (times, log_p[1:]))
    last = jnp.take_along_axis(alpha, 2 * ends[:, None], 1)[:, 0]
    label = jnp.take_along_axis(alpha, jnp.maximum(2 * ends[:, None] - 1, 0), 1)[:, 0]
    return -jnp.where(ends > 0, jnp.logaddexp(last, label), last).astype(output.dtype)


def _shift(alpha: jax.Array, by: int) -> jax.Array:
    return jnp.pad(alpha, ((0, 0), (by, 0)), constant_values=_NEVER)[:, : alpha.shape[1]]


@op
def ctc_decode(
    inputs,
    sequence_lengths,
    strategy="greedy",
    beam_width=100,
    top_paths=1,
    merge_repeated=True,
    mask_index=0,
):
    """The likeliest label sequences for logits per frame.

    Args:
        strategy: `"greedy"` takes the best class of each frame; `"beam_search"` keeps the `beam_width` best prefixes.
        top_paths: how many sequences beam search returns.
        merge_repeated: greedy only: equal classes in neighbouring frames are one label. Beam search always merges.
    Shape: (n, frames, classes), (n,) -> labels (paths, n, frames) int32 padded with -1, and scores (n, paths): for
    greedy minus the sum of the best logits, for beam search log-probabilities.
    Raises: InvalidArgumentError on another strategy, or if more paths than beams are asked for.
    Source: Graves et al. 2006 (greedy); Hannun et al. 2014, algorithm 1 (beam search); keras.ops.ctc_decode.
    """
    if inputs.ndim != 3:
        raise InvalidArgumentError(
            f"ctc_decode: expected inputs (batch, frames, classes); received shape {inputs.shape}."
        )
    inputs = inputs.astype(jnp.promote_types(inputs.dtype, "float32"))
    lengths = sequence_lengths.astype("int32")
    if choice("ctc_decode", "strategy", strategy, ("greedy", "beam_search")) == "greedy":
        return _greedy(inputs, lengths, merge_repeated, mask_index)
    if top_paths > beam_width:
        raise InvalidArgumentError(
            f"ctc_decode: expected top_paths up to beam_width {beam_width}; received {top_paths}."
        )
    search = functools.partial(_beam_search, width=beam_width, paths=top_paths, blank=mask_index)
    labels, scores = jax.vmap(search)(jax.nn.log_softmax(inputs, -1), lengths)
    return jnp.swapaxes(labels, 0, 1), scores


def _greedy(logits: jax.Array, lengths: jax.Array, merge: bool, blank: int) -> tuple[jax.Array, jax.Array]:
    frames = logits.shape[1]
    counted = jnp.arange(frames, dtype="int32") < lengths[:, None]
    best = jnp.argmax(logits, -1).astype("int32")
    keep = counted & (best != blank)
    if merge:
        keep &= jnp.concatenate([jnp.ones_like(keep[:, :1]), best[:, 1:] != best[:, :-1]], 1)
    order = jnp.argsort(~keep, axis=1, stable=True)  # kept labels move to the front
    labels = jnp.take_along_axis(jnp.where(keep, best, -1), order, 1)
    scores = -jnp.sum(jnp.where(counted, jnp.max(logits, -1), 0), 1, keepdims=True)
    return labels[None], scores


def _beam_search(log_p: jax.Array, length: jax.Array, *, width: int, paths: int, blank: int):
    """Prefix beam search for one sequence; `log_p` is (frames, classes)."""
    frames, classes = log_p.shape
    never = jnp.asarray(-jnp.inf, log_p.dtype)
    class_numbers = jnp.arange(classes, dtype="int32")

    def step(beams, frame):
        time, now = frame
        prefixes, sizes, ends_blank, ends_label = beams  # (width, frames), (width,), log-probabilities (width,) twice
        alive = jnp.logaddexp(ends_blank, ends_label) > never
        last = jnp.where(sizes > 0, prefixes[jnp.arange(width), sizes - 1], -1)
        total = jnp.logaddexp(ends_blank, ends_label)
        stay_blank = total + now[blank]
        stay_label = jnp.where(sizes > 0, ends_label + now[last], never)
        repeated = class_numbers[None] == last[:, None]
        grow = jnp.where(repeated, ends_blank[:, None], total[:, None]) + now[None]  # (width, classes)
        grow = jnp.where(class_numbers[None] == blank, never, grow)
        # A prefix that grows into one already in the beam gives its probability to that one.
        parents = jnp.where(jnp.arange(frames)[None] == sizes[:, None] - 1, -1, prefixes)
        is_parent = (parents[:, None] == prefixes[None]).all(-1) & (sizes[:, None] == sizes[None] + 1)
        is_parent &= alive[:, None] & alive[None]  # (child, parent)
        given = jnp.where(is_parent, grow[:, last].T, never)
        stay_label = jnp.logaddexp(stay_label, jax.nn.logsumexp(given, axis=1))
        taken = (is_parent[:, :, None] & (last[:, None, None] == class_numbers)).any(0)
        grow = jnp.where(taken, never, grow)
        candidates = jnp.concatenate([jnp.logaddexp(stay_blank, stay_label), grow.reshape(-1)])
        _, chosen = lax.top_k(candidates, width)
        grew = chosen >= width
        source = jnp.where(grew, (chosen - width) // classes, chosen).astype("int32")
        added = ((chosen - width) % classes).astype("int32")
        at_end = jnp.arange(frames)[None] == sizes[source][:, None]
        fresh = (
            jnp.where(grew[:, None] & at_end, added[:, None], prefixes[source]),
            sizes[source] + grew,
            jnp.where(grew, never, stay_blank[source]),
            jnp.where(grew, candidates[chosen], stay_label[source]),
        )
        return jax.tree.map(lambda new, old: jnp.where(time < length, new, old), fresh, beams), None

    first = jnp.arange(width) == 0
    beams = (
        jnp.full((width, frames), -1, "int32"),
        jnp.zeros(width, "int32"),
        jnp.where(first, jnp.zeros((), log_p.dtype), never),
        jnp.full(width, never),
    )
    beams, _ = lax.scan(step, beams, (jnp.arange(frames, dtype="int32"), log_p))
    scores, best = lax.top_k(jnp.logaddexp(beams[2], beams[3]), paths)
    return beams[0][best], scores

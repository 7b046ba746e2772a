"""What multi-head layers are made of: projections into heads and back, and scores over any axes."""

from typing import Any, NamedTuple

from cornu.layers.core.einsum_dense import EinsumDense

_LETTERS = "bcdefghijklmnopqrstuvwxyz"


class AttentionPlan(NamedTuple):
    """The two einsums of attention over some axes: query and key to scores, scores and value to outputs.

    Shape: query (batch, ..., heads, dim) in the order of the input's axes; scores (batch, other axes, heads, attended axes
    of the query, attended axes of the key).
    """

    scores: str
    outputs: str


def plan_attention(rank: int, axes: tuple[int, ...]) -> AttentionPlan:
    """The einsums for projected inputs of that rank, attending over those axes."""
    letters = iter(_LETTERS)
    query = ["a", *(next(letters) for _ in range(rank - 1))]
    key = [next(letters) if i in axes else letter for i, letter in enumerate(query)]
    heads, depth = query[-2], query[-1]
    other = [letter for i, letter in enumerate(query[:-2]) if i not in axes]
    scores = [*other, heads, *(query[i] for i in axes), *(key[i] for i in axes)]
    q, k, s = "".join(query), "".join(key), "".join(scores)
    value_depth = next(letters)
    return AttentionPlan(f"{q},{k}->{s}", f"{s},{k.replace(depth, value_depth)}->{q.replace(depth, value_depth)}")


def into_heads(name: str, rank: int, heads: int, depth: int, use_bias: bool, **parts: Any) -> EinsumDense:
    """A dense map of the last axis to (heads, depth), for inputs of that rank."""
    kept = "a" + _LETTERS[: rank - 2]
    return EinsumDense(
        f"{kept}z,zxy->{kept}xy",
        output_shape=(*(None,) * (rank - 2), heads, depth),
        bias_axes="xy" if use_bias else None,
        name=name,
        **parts,
    )


def out_of_heads(name: str, rank: int, sizes: tuple[int, ...], use_bias: bool, **parts: Any) -> EinsumDense:
    """A dense map of the last two axes, (heads, depth), to axes of those sizes, for outputs that came in at that rank."""
    kept, made = "a" + _LETTERS[: rank - 2], _LETTERS[rank : rank + len(sizes)]
    return EinsumDense(
        f"{kept}yz,yz{made}->{kept}{made}",
        output_shape=(*(None,) * (rank - 2), *sizes),
        bias_axes=made if use_bias else None,
        name=name,
        **parts,
    )

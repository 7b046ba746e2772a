"""Parts of matrices, their diagonals and bands, and factorizations as TensorFlow returns them. Leading axes are batches."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op


@op(tensors="x")
def band_part(x, lower=-1, upper=-1):
    """The entries up to `lower` places below and `upper` above the diagonal (negative: all), 0 elsewhere. Shape: (..., n, m)."""
    rows, columns = np.ogrid[: x.shape[-2], : x.shape[-1]]
    keep = ((rows - columns <= lower) | (lower < 0)) & ((columns - rows <= upper) | (upper < 0))
    return jnp.where(keep, x, jnp.zeros((), x.dtype))


def _diagonals(bands: tuple[int, int], rows: int, columns: int, align: str):
    """For every entry of every diagonal, highest first: its row, its column, and whether it is one of the matrix.

    Diagonals shorter than the longest one stand at the left or the right end of their line, as `align` says for those above
    and those below the main one.
    """
    low, high = bands
    lengths = {k: min(rows + min(k, 0), columns - max(k, 0)) for k in range(low, high + 1)}
    longest = max(lengths.values())
    above, below = align.split("_")
    places = []
    for k in range(high, low - 1, -1):
        shift = longest - lengths[k] if (above if k >= 0 else below) == "RIGHT" else 0
        step = np.arange(longest) - shift
        places.append((step - min(k, 0), step + max(k, 0), (step >= 0) & (step < lengths[k])))
    return [np.stack(each) for each in zip(*places, strict=True)]


@op(tensors="x padding")
def band_diagonals(x, padding, bands=(0, 0), align="RIGHT_LEFT"):
    """The diagonals `bands[0]` to `bands[1]`, the highest first; a single one has no axis of its own.

    Shape: (..., n, m) -> (..., diagonals, longest) or (..., longest). Raises: InvalidArgumentError if there is no such diagonal.
    """
    height, width = x.shape[-2:]
    _check_bands(bands, height, width, align)
    rows, columns, exists = _diagonals(bands, height, width, align)
    found = x[..., np.where(exists, rows, 0), np.where(exists, columns, 0)]
    found = jnp.where(exists, found, jnp.asarray(padding, x.dtype))
    return found[..., 0, :] if bands[0] == bands[1] else found


@op(tensors="x diagonals")
def with_diagonals(x, diagonals, bands=(0, 0), align="RIGHT_LEFT"):
    """The matrix with other diagonals, given as `band_diagonals` returns them. Shape: (..., n, m), kept.

    Raises: InvalidArgumentError if there is no such diagonal or the shapes do not fit.
    """
    height, width = x.shape[-2:]
    _check_bands(bands, height, width, align)
    rows, columns, exists = _diagonals(bands, height, width, align)
    diagonals = diagonals[..., None, :] if bands[0] == bands[1] else diagonals
    if diagonals.shape[-2:] != rows.shape:
        raise InvalidArgumentError(
            f"set_diag: expected diagonals of shape (..., {rows.shape[0]}, {rows.shape[1]}); received {diagonals.shape}."
        )
    kept = np.nonzero(exists)
    return x.at[..., rows[kept], columns[kept]].set(diagonals[..., kept[0], kept[1]].astype(x.dtype))


def _check_bands(bands, rows, columns, align):
    low, high = bands
    if align not in ("RIGHT_LEFT", "LEFT_RIGHT", "LEFT_LEFT", "RIGHT_RIGHT"):
        raise InvalidArgumentError(
            f"Expected align 'RIGHT_LEFT', 'LEFT_RIGHT', 'LEFT_LEFT' or 'RIGHT_RIGHT'; received {align!r}."
        )
    if low > high or (rows and columns and not (-rows < low and high < columns)):
        raise InvalidArgumentError(
            f"Expected diagonals from {1 - rows} to {columns - 1}, rising; received {low} to {high}."
        )


@op
def lu_permuted(x):
    """L below and U on and above the diagonal of one matrix, and the order p (int32) of rows with `x[p] = L @ U`."""
    packed, _, order = lax.linalg.lu(x)
    return packed, order.astype(jnp.int32)


@op
def lu_product(packed, order):
    """The matrix that `lu_permuted` took apart. Shape: (..., n, n), (..., n) -> (..., n, n)."""
    size = packed.shape[-1]
    product = (jnp.tril(packed, -1) + jnp.eye(size, dtype=packed.dtype)) @ jnp.triu(packed)
    return jnp.take_along_axis(product, jnp.argsort(order, -1)[..., None], -2)


@op
def lu_solution(packed, order, b):
    """`x` with `a @ x = b` for the matrix that `lu_permuted` took apart. Shape: (..., n, n), (..., n), (..., n, k)."""
    shape = jnp.broadcast_shapes(packed.shape[:-2], b.shape[:-2])
    packed = jnp.broadcast_to(packed, (*shape, *packed.shape[-2:]))
    b = jnp.broadcast_to(b, (*shape, *b.shape[-2:]))
    order = jnp.broadcast_to(order, (*shape, order.shape[-1]))
    half = lax.linalg.triangular_solve(
        packed, jnp.take_along_axis(b, order[..., None], -2), left_side=True, lower=True, unit_diagonal=True
    )
    return lax.linalg.triangular_solve(packed, half, left_side=True, lower=False)


@op(unify=True)
def solve_batched_triangular(a, b, lower=True, adjoint=False):
    """`x` with `a @ x = b`, or with the conjugate transpose of `a`; the other triangle is not read.

    Shape: (..., n, n), (..., n, k) -> (..., n, k), batches broadcast.
    """
    shape = jnp.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a, b = jnp.broadcast_to(a, (*shape, *a.shape[-2:])), jnp.broadcast_to(b, (*shape, *b.shape[-2:]))
    return lax.linalg.triangular_solve(a, b, left_side=True, lower=lower, transpose_a=adjoint, conjugate_a=adjoint)


@op(unify=True)
def regularized_least_squares(a, b, penalty=0.0):
    """`x` that makes `|a @ x - b|**2 + penalty * |x|**2` smallest; the shortest one if rows are too few.

    Shape: (..., m, n), (..., m, k) -> (..., n, k). Solved through Cholesky factors of the smaller Gram matrix.
    """
    adjoint = jnp.conj(jnp.swapaxes(a, -1, -2))
    rows, columns = a.shape[-2:]
    gram = adjoint @ a if rows >= columns else a @ adjoint
    factor = jnp.linalg.cholesky(gram + penalty * jnp.eye(gram.shape[-1], dtype=a.dtype))

    def solve(right):
        half = lax.linalg.triangular_solve(factor, right, left_side=True, lower=True)
        return lax.linalg.triangular_solve(factor, half, left_side=True, lower=True, transpose_a=True, conjugate_a=True)

    return solve(adjoint @ b) if rows >= columns else adjoint @ solve(b)


@op(inexact=True)
def expm(x):
    """Matrix exponential. Shape: (..., n, n), kept."""
    flat = x.reshape(-1, *x.shape[-2:])
    return jax.vmap(jax.scipy.linalg.expm)(flat).reshape(x.shape) if flat.shape[0] else x


@op(tensors="x", eager=True)
def logm(x):
    """Principal logarithm of matrices. Shape: (..., n, n), kept. Computed on the host by inverse scaling and squaring."""
    return _on_host(x, "logm")


@op(tensors="x", eager=True)
def sqrtm(x):
    """Principal square root of matrices. Shape: (..., n, n), kept. Computed on the host by the Schur method."""
    return _square_root(x)


@jax.custom_jvp
def _square_root(x):
    return _on_host(x, "sqrtm")


@_square_root.defjvp
def _square_root_jvp(primals, tangents):
    root = _square_root(*primals)
    eye = jnp.eye(root.shape[-1], dtype=root.dtype)
    # root @ slope + slope @ root = tangent, written for the rows of `slope` one after the other
    left = jnp.einsum("...ij,kl->...ikjl", root, eye) + jnp.einsum("ij,...lk->...ikjl", eye, root)
    size = root.shape[-1] ** 2
    system = left.reshape(*root.shape[:-2], size, size)
    slope = jnp.linalg.solve(system, tangents[0].reshape(*root.shape[:-2], size, 1))
    return root, slope.reshape(root.shape)


def _on_host(x, name):
    import scipy.linalg

    function = getattr(scipy.linalg, name)

    def run(array):
        flat = np.asarray(array).reshape(-1, *array.shape[-2:])
        found = [np.asarray(function(each.astype(np.result_type(each.dtype, np.float64)))) for each in flat]
        return np.asarray(found).reshape(array.shape).astype(array.dtype) if found else np.asarray(array)

    return jax.pure_callback(run, jax.ShapeDtypeStruct(x.shape, x.dtype), x)


@op
def tridiagonal_product(diagonals, b):
    """The tridiagonal matrix times `b`: `diagonals` are super, main and sub, each of n entries of which the last, none and the
    first do not count. Shape: (..., 3, n), (..., n, k) -> (..., n, k).
    """
    above, main, below = (diagonals[..., i, :, None] for i in range(3))
    zero = jnp.zeros_like(b[..., :1, :])
    after = jnp.concatenate([b[..., 1:, :], zero], -2)
    before = jnp.concatenate([zero, b[..., :-1, :]], -2)
    above = above.at[..., -1, :].set(0)
    below = below.at[..., 0, :].set(0)
    return above * after + main * b + below * before


@op
def tridiagonal_solution(diagonals, b, pivoting=True):
    """`x` with the tridiagonal matrix times `x` equal to `b`; diagonals as in `tridiagonal_product`.

    Shape: (..., 3, n), (..., n, k) -> (..., n, k). With pivoting the matrix is solved whole, else its diagonals are eliminated.
    """
    above, main, below = (diagonals[..., i, :] for i in range(3))
    if not pivoting:
        shape = jnp.broadcast_shapes(diagonals.shape[:-2], b.shape[:-2])
        under, middle, over = (jnp.broadcast_to(each, (*shape, each.shape[-1])) for each in (below, main, above))
        under, over = under.at[..., 0].set(0), over.at[..., -1].set(0)
        return lax.linalg.tridiagonal_solve(under, middle, over, jnp.broadcast_to(b, (*shape, *b.shape[-2:])))
    size = main.shape[-1]
    places = np.arange(size)
    matrix = jnp.zeros((*main.shape, size), main.dtype).at[..., places, places].set(main)
    matrix = matrix.at[..., places[:-1], places[1:]].set(above[..., :-1])
    matrix = matrix.at[..., places[1:], places[:-1]].set(below[..., 1:])
    return jnp.linalg.solve(matrix, b)


@op
def banded_triangular_solution(bands, b, lower=True, adjoint=False):
    """`x` with the triangular matrix of these bands times `x` equal to `b`.

    Shape: (..., k, n), (..., n, m). Bands are as `band_diagonals` gives them, the main one first if `lower`, else last.
    """
    count, size = bands.shape[-2:]
    span = (1 - count, 0) if lower else (0, count - 1)
    rows, columns, exists = _diagonals(span, size, size, "RIGHT_RIGHT" if lower else "LEFT_LEFT")
    kept = np.nonzero(exists)
    matrix = jnp.zeros((*bands.shape[:-2], size, size), bands.dtype)
    matrix = matrix.at[..., rows[kept], columns[kept]].set(bands[..., kept[0], kept[1]])
    return solve_batched_triangular.raw(matrix, b, lower, adjoint)

"""Products and linear algebra. Leading axes are batches. Integer matrices are computed in floatx."""

import jax
import jax.numpy as jnp

from cornu.core.dispatch import op
from cornu.ops.reductions import sum_dtype


def _product(function):
    """Run a product; bool has no multiply-add in XLA, so it goes through int32 and back."""

    def run(x1, x2, *args, **kwargs):
        if x1.dtype == jnp.bool_:
            return function(x1.astype(jnp.int32), x2.astype(jnp.int32), *args, **kwargs).astype(bool)
        return function(x1, x2, *args, **kwargs)

    return run


@op(unify=True)
def matmul(x1, x2):
    """Matrix product of the last two axes. Shape: (..., n, k), (..., k, m) -> (..., n, m)."""
    return _product(jnp.matmul)(x1, x2)


@op(unify=True)
def dot(x1, x2):
    """Sum of products over the last axis of `x1` and the second to last of `x2`; scalars multiply."""
    return _product(jnp.dot)(x1, x2)


@op(unify=True)
def inner(x1, x2):
    """Sum of products over the last axis of both."""
    return _product(jnp.inner)(x1, x2)


@op(unify=True)
def outer(x1, x2):
    """Every entry of `x1` times every entry of `x2`. Shape: (n,), (m,) -> (n, m); both are flattened."""
    return jnp.outer(x1, x2)


@op(unify=True)
def vdot(x1, x2):
    """Sum of products of all entries; `x1` is conjugated. Shape: a scalar."""
    return _product(jnp.vdot)(x1, x2)


@op(unify=True)
def kron(x1, x2):
    """Kronecker product: blocks of `x2`, each times one entry of `x1`."""
    return jnp.kron(x1, x2)


@op(unify=True)
def tensordot(x1, x2, axes=2):
    """Sum of products over pairs of axes: the last and first `axes`, or two lists of axes."""
    return _product(jnp.tensordot)(x1, x2, axes)


@op(static="subscripts")
def einsum(subscripts, *operands):
    """Sum of products in Einstein's notation: `einsum("ij,jk->ik", a, b)`. All-int8 operands give int32."""
    dtype = jnp.result_type(*operands)
    if all(x.dtype == jnp.int8 for x in operands):
        dtype = jnp.dtype(jnp.int32)
    computed = jnp.int32 if dtype == jnp.bool_ else dtype
    return jnp.einsum(subscripts, *(x.astype(computed) for x in operands)).astype(dtype)


@op(unify=True)
def cross(x1, x2, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Vector product of 3-vectors (or z component of 2-vectors) along an axis."""
    return jnp.cross(x1, x2, axisa, axisb, axisc, axis)


@op(unify=True, inexact=True)
def correlate(x1, x2, mode="valid"):
    """Cross-correlation of two 1-D tensors; `mode` is "valid", "same" or "full"."""
    return jnp.correlate(x1, x2, mode)


@op
def trace(x, offset=0, axis1=0, axis2=1):
    """Sum of the diagonal of two axes."""
    return jnp.trace(x, offset, axis1, axis2, dtype=sum_dtype(x.dtype))


@op(inexact=True)
def corrcoef(x):
    """Pearson correlation of the rows. Shape: (n, m) -> (n, n)."""
    return jnp.corrcoef(x)


@op(inexact=True)
def norm(x, ord=None, axis=None, keepdims=False):
    """Norm of vectors (one axis) or matrices (two axes); of the flattened tensor without `ord` and `axis`.

    `ord`: None (2-norm, Frobenius), a number, "fro", "nuc".
    """
    if axis is None and ord is not None and x.ndim > 2:
        raise ValueError("expected one or two axes when ord is given for a tensor of more than two dimensions")
    return jnp.linalg.norm(x, ord, axis, keepdims)


@op(unify=True, inexact=True)
def cdist(x, y):
    """Euclidean distance between all pairs of rows. Shape: (..., n, d), (..., m, d) -> (..., n, m)."""
    squares = jnp.sum(jnp.square(x[..., :, None, :] - y[..., None, :, :]), -1)
    apart = squares > 0
    return jnp.where(apart, jnp.sqrt(jnp.where(apart, squares, 1)), 0)  # the gradient at distance 0 is 0, not nan


def _square(x):
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ValueError(f"expected square matrices in the last two axes, received shape {tuple(x.shape)}")
    return x


@op(inexact=True)
def inv(x):
    """Inverse of square matrices."""
    return jnp.linalg.inv(_square(x))


@op(inexact=True)
def pinv(x, rcond=None):
    """Moore-Penrose pseudo-inverse; singular values below `rcond` times the largest count as 0."""
    return jnp.linalg.pinv(x, rcond)


@op(inexact=True)
def det(x):
    """Determinant of square matrices."""
    return jnp.linalg.det(_square(x))


@op(inexact=True)
def slogdet(x):
    """Sign and log of the absolute value of the determinant."""
    return tuple(jnp.linalg.slogdet(_square(x)))


@op(inexact=True)
def logdet(x):
    """Log of the determinant of positive definite matrices."""
    return jnp.linalg.slogdet(_square(x))[1]


@op(inexact=True)
def matrix_rank(x, tol=None):
    """Rank (int32): number of singular values above `tol`."""
    return jnp.linalg.matrix_rank(x, None if tol is None else tol / jnp.linalg.norm(x, 2, (-2, -1))).astype(jnp.int32)


@op(inexact=True)
def cholesky(x, upper=False):
    """Triangular L with x = L @ L^T of positive definite matrices; `upper` gives its transpose."""
    factor = jnp.linalg.cholesky(_square(x))
    return jnp.swapaxes(factor, -1, -2).conj() if upper else factor


@op(inexact=True)
def cholesky_inverse(x, upper=False):
    """Inverse of the matrices whose lower (or `upper`) Cholesky factor is `x`; the other triangle is not read."""
    identity = jnp.broadcast_to(jnp.eye(x.shape[-1], dtype=x.dtype), _square(x).shape)
    half = jax.scipy.linalg.solve_triangular(x, identity, lower=not upper)
    transposed = jnp.swapaxes(half, -1, -2)
    return half @ transposed if upper else transposed @ half


@op(inexact=True)
def qr(x, mode="reduced"):
    """Orthogonal Q and upper triangular R with x = Q @ R; `mode` is "reduced" or "complete"."""
    if mode not in ("reduced", "complete"):
        raise ValueError(f"expected mode to be 'reduced' or 'complete', received {mode!r}")
    return tuple(jnp.linalg.qr(x, mode))


@op(inexact=True)
def svd(x, full_matrices=True, compute_uv=True):
    """Singular value decomposition x = U @ diag(S) @ V; only S without `compute_uv`."""
    found = jnp.linalg.svd(x, full_matrices, compute_uv)
    return tuple(found) if compute_uv else found


@op(inexact=True, eager=True)
def eig(x):
    """Complex eigenvalues and right eigenvectors (columns) of square matrices. On CPU only."""
    return tuple(jnp.linalg.eig(_square(x)))


@op(inexact=True)
def eigh(x):
    """Rising eigenvalues and eigenvectors (columns) of symmetric matrices."""
    return tuple(jnp.linalg.eigh(_square(x)))


@op(unify=True, inexact=True)
def solve(a, b):
    """x with a @ x = b; `b` is a vector per matrix if it has one axis fewer."""
    _square(a)
    if b.ndim == a.ndim - 1:
        return jnp.linalg.solve(a, b[..., None])[..., 0]
    return jnp.linalg.solve(a, b)


@op(unify=True, inexact=True)
def solve_triangular(a, b, lower=False):
    """x with a @ x = b for triangular `a`; the other triangle is not read."""
    _square(a)
    if b.ndim == a.ndim - 1:
        return jax.scipy.linalg.solve_triangular(a, b[..., None], lower=lower)[..., 0]
    return jax.scipy.linalg.solve_triangular(a, b, lower=lower)


@op(unify=True, inexact=True)
def lstsq(a, b, rcond=None):
    """x that makes the length of a @ x - b smallest; the shortest such x if there are several."""
    return jnp.linalg.lstsq(a, b, rcond)[0]


@op(inexact=True)
def lu_factor(x):
    """L and U in one matrix, and the pivots (int32): row i was exchanged with row pivots[i]."""
    lu, pivots = jax.scipy.linalg.lu_factor(_square(x))
    return lu, pivots.astype(jnp.int32)

"""Factorizations, inverses and functions of matrices of `tf.linalg`. Leading axes are batches. Source: tf.linalg."""

from typing import Any, NamedTuple

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.ops import matrices
from cornu.tf.known_values import known
from cornu.tf.naming import named


class Lu(NamedTuple):
    """What `lu` returns."""

    lu: Any
    p: Any


class Qr(NamedTuple):
    """What `qr` returns."""

    q: Any
    r: Any


class LogMatrixDeterminant(NamedTuple):
    """What `slogdet` returns."""

    sign: Any
    log_abs_determinant: Any


cholesky = named("cholesky(input:x)", ops.cholesky, floating=True)
det = named("det(input:x)", ops.det, floating=True)
expm = named("expm(input:x)", matrices.expm, floating=True)
logm = named("logm(input:x)", matrices.logm, floating=True)
sqrtm = named("sqrtm(input:x)", matrices.sqrtm, floating=True)


def inv(input: Any, adjoint: bool = False, name: str | None = None) -> Any:
    """Inverse of square matrices, with `adjoint` of their conjugate transposes.

    Raises: InvalidArgumentError on integers and matrices that are not square. Source: tf.linalg.inv.
    """
    inverse = ops.inv(strict_dtypes.floating("inv", input))
    return _adjoint(inverse) if adjoint else inverse


def pinv(a: Any, rcond: Any = None, validate_args: bool = False, name: str | None = None) -> Any:
    """Moore-Penrose inverse. Singular values up to `rcond` (default: 10 * max(n, m) * precision) times the largest count as 0.

    Shape: (..., n, m) -> (..., m, n). Source: tf.linalg.pinv.
    """
    a = strict_dtypes.floating("pinv", a)
    if rcond is None:
        import numpy as np

        rcond = 10.0 * max(a.shape[-2:]) * float(np.finfo(a.dtype.as_numpy_dtype).eps)
    return ops.pinv(a, float(rcond))


def slogdet(input: Any, name: str | None = None) -> LogMatrixDeterminant:
    """Sign and log of the absolute value of the determinant. Source: tf.linalg.slogdet."""
    return LogMatrixDeterminant(*ops.slogdet(strict_dtypes.floating("slogdet", input)))


def logdet(matrix: Any, name: str | None = None) -> Any:
    """Log of the determinant of positive definite matrices, through Cholesky factors. Source: tf.linalg.logdet."""
    factor = ops.cholesky(strict_dtypes.floating("logdet", matrix))
    return ops.multiply(ops.sum(ops.log(ops.real(ops.diagonal(factor, 0, -2, -1))), -1), 2.0)


def qr(input: Any, full_matrices: bool = False, name: str | None = None) -> Qr:
    """Unitary q and upper triangular r with `input = q @ r`. Source: tf.linalg.qr."""
    return Qr(*ops.qr(strict_dtypes.floating("qr", input), "complete" if full_matrices else "reduced"))


def svd(tensor: Any, full_matrices: bool = False, compute_uv: bool = True, name: str | None = None) -> Any:
    """Singular values s, and left and right singular vectors u, v as columns, with `tensor = u @ diag(s) @ adjoint(v)`.

    Shape: (..., n, m) -> (..., p), (..., n, p), (..., m, p), p being the smaller size. Source: tf.linalg.svd.
    """
    x = strict_dtypes.floating("svd", tensor)
    if not compute_uv:
        return ops.svd(x, False, False)
    u, s, vh = ops.svd(x, bool(full_matrices), True)
    return s, u, _adjoint(vh)


def eig(tensor: Any, name: str | None = None) -> tuple[Any, Any]:
    """Complex eigenvalues and eigenvectors (columns) of square matrices. Source: tf.linalg.eig."""
    return ops.eig(strict_dtypes.floating("eig", tensor))


def eigvals(tensor: Any, name: str | None = None) -> Any:
    """Complex eigenvalues of square matrices. Source: tf.linalg.eigvals."""
    return eig(tensor)[0]


def eigh(tensor: Any, name: str | None = None) -> tuple[Any, Any]:
    """Rising eigenvalues and eigenvectors (columns) of self-adjoint matrices, of which only the lower half is read.

    Source: tf.linalg.eigh.
    """
    x = strict_dtypes.floating("eigh", tensor)
    strictly_lower = ops.tril(x, -1)
    return ops.eigh(ops.add(ops.tril(x), _adjoint(strictly_lower)))


def eigvalsh(tensor: Any, name: str | None = None) -> Any:
    """Rising eigenvalues of self-adjoint matrices. Source: tf.linalg.eigvalsh."""
    return eigh(tensor)[0]


def lu(input: Any, output_idx_type: Any = "int32", name: str | None = None) -> Lu:
    """L (below the diagonal, whose ones are left out) and U in one matrix, and the order p of rows with `input[p] = L @ U`.

    Source: tf.linalg.lu.
    """
    packed, order = matrices.lu_permuted(strict_dtypes.floating("lu", input))
    return Lu(packed, ops.cast(order, output_idx_type))


def lu_reconstruct(lower_upper: Any, perm: Any, validate_args: bool = False, name: str | None = None) -> Any:
    """The matrix that `lu` took apart. Source: tf.linalg.lu_reconstruct."""
    _check_order("lu_reconstruct", lower_upper, perm, validate_args)
    return matrices.lu_product(lower_upper, perm)


def lu_matrix_inverse(lower_upper: Any, perm: Any, validate_args: bool = False, name: str | None = None) -> Any:
    """Inverse of the matrix that `lu` took apart. Source: tf.linalg.lu_matrix_inverse."""
    packed = ops.convert_to_tensor(lower_upper)
    return lu_solve(packed, perm, ops.eye(packed.shape[-1], dtype=packed.dtype), validate_args)


def lu_solve(lower_upper: Any, perm: Any, rhs: Any, validate_args: bool = False, name: str | None = None) -> Any:
    """`x` with `a @ x = rhs` for the matrix that `lu` took apart. Shape: (..., n, n), (..., n), (..., n, k).

    Source: tf.linalg.lu_solve.
    """
    _check_order("lu_solve", lower_upper, perm, validate_args)
    return matrices.lu_solution(lower_upper, perm, rhs)


def _check_order(name: str, lower_upper: Any, perm: Any, is_checked: bool) -> None:
    shape, order = tuple(ops.convert_to_tensor(lower_upper).shape), ops.convert_to_tensor(perm)
    if len(shape) < 2 or shape[-1] != shape[-2] or order.shape[-1] != shape[-1]:
        raise InvalidArgumentError(
            f"{name}: expected square matrices and an order of their rows; received shapes {shape} and {tuple(order.shape)}."
        )
    values = known(order) if is_checked else None
    if values is not None and (sorted(values.reshape(-1, shape[-1])[0].tolist()) != list(range(shape[-1]))):
        raise InvalidArgumentError(f"{name}: expected perm to hold every row once; received {values}.")


def matrix_rank(a: Any, tol: Any = None, validate_args: bool = False, name: str | None = None) -> Any:
    """Number (int32) of singular values above `tol`, by default max(n, m) * precision * the largest.

    Source: tf.linalg.matrix_rank.
    """
    a = strict_dtypes.floating("matrix_rank", a)
    if tol is None:
        return ops.matrix_rank(a)
    return ops.sum(ops.cast(ops.greater(ops.svd(a, False, False), tol), "int32"), -1)


def _adjoint(x: Any) -> Any:
    return ops.conjugate(ops.swapaxes(x, -1, -2))

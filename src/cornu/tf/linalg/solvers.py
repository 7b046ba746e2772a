"""Linear equations of `tf.linalg`. Leading axes are batches; right-hand sides are matrices (..., n, k). Source: tf.linalg."""

from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.ops import matrices
from cornu.tf.linalg.products import adjoint as _adjoint


def _pair(name: str, a: Any, b: Any) -> tuple[Any, Any]:
    a, b = strict_dtypes.alike(name, [strict_dtypes.floating(name, a), b])
    a, b = ops.convert_to_tensor(a), ops.convert_to_tensor(b)
    if len(a.shape) < 2 or len(b.shape) < 2:
        raise InvalidArgumentError(
            f"{name}: expected matrices (..., n, n) and right-hand sides (..., n, k); received shapes {tuple(a.shape)} and "
            f"{tuple(b.shape)}. Give a vector a last axis: b[..., tf.newaxis]."
        )
    return a, b


def solve(matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None) -> Any:
    """`x` with `matrix @ x = rhs`, with `adjoint` for the conjugate transpose.

    Raises: InvalidArgumentError on vectors and integers. Source: tf.linalg.solve.
    """
    a, b = _pair("solve", matrix, rhs)
    return ops.solve(_adjoint(a) if adjoint else a, b)


def triangular_solve(matrix: Any, rhs: Any, lower: bool = True, adjoint: bool = False, name: str | None = None) -> Any:
    """`x` with `matrix @ x = rhs` for a triangular matrix; the other triangle is not read. Source: tf.linalg.triangular_solve."""
    a, b = _pair("triangular_solve", matrix, rhs)
    return matrices.solve_batched_triangular(a, b, lower=bool(lower), adjoint=bool(adjoint))


def cholesky_solve(chol: Any, rhs: Any, name: str | None = None) -> Any:
    """`x` with `a @ x = rhs` for the matrix with this (lower) Cholesky factor. Source: tf.linalg.cholesky_solve."""
    factor, b = _pair("cholesky_solve", chol, rhs)
    half = matrices.solve_batched_triangular(factor, b)
    return matrices.solve_batched_triangular(factor, half, lower=True, adjoint=True)


def lstsq(matrix: Any, rhs: Any, l2_regularizer: Any = 0.0, fast: bool = True, name: str | None = None) -> Any:
    """`x` that makes `|matrix @ x - rhs|**2 + l2_regularizer * |x|**2` smallest. Shape: (..., m, n), (..., m, k) -> (..., n, k).

    `fast` solves the normal equations; otherwise the singular values are used, which knows no regularizer.

    Raises: InvalidArgumentError for a regularizer without `fast`: TensorFlow would leave it out. Source: tf.linalg.lstsq.
    """
    a, b = _pair("lstsq", matrix, rhs)
    if not fast and float(l2_regularizer):
        raise InvalidArgumentError(
            f"lstsq: expected l2_regularizer=0 with fast=False; received {float(l2_regularizer)}. Leave fast=True, or append "
            "sqrt(l2_regularizer) * identity to the rows of the matrix and zeros to those of rhs."
        )
    if fast:
        return matrices.regularized_least_squares(a, b, penalty=float(l2_regularizer))
    return ops.matmul(ops.pinv(a), b)


def banded_triangular_solve(
    bands: Any, rhs: Any, lower: bool = True, adjoint: bool = False, name: str | None = None
) -> Any:
    """`x` with the triangular matrix of these bands times `x` equal to `rhs`. Shape: (..., bands, n), (..., n, k).

    A lower matrix has the main diagonal first, with the entries of the others at the right; an upper one has it last, with the
    entries of the others at the left. Source: tf.linalg.banded_triangular_solve.
    """
    a, b = _pair("banded_triangular_solve", bands, rhs)
    return matrices.banded_triangular_solution(a, b, lower=bool(lower), adjoint=bool(adjoint))


def tridiagonal_solve(
    diagonals: Any,
    rhs: Any,
    diagonals_format: str = "compact",
    transpose_rhs: bool = False,
    conjugate_rhs: bool = False,
    name: str | None = None,
    partial_pivoting: bool = True,
    perturb_singular: bool = False,
) -> Any:
    """`x` with the tridiagonal matrix times `x` equal to `rhs`, a vector (..., n) or a matrix (..., n, k).

    Args:
        diagonals_format: "compact", one tensor (..., 3, n) of super, main and sub diagonal, whose last and first entry do not
            count; "sequence", the three as a list; "matrix", (..., n, n).
        transpose_rhs, conjugate_rhs: what is done with `rhs` first.

    Raises: InvalidArgumentError on another format, or if `perturb_singular` is asked for: that needs an accelerator's solver.
    Source: tf.linalg.tridiagonal_solve.
    """
    if perturb_singular:
        raise InvalidArgumentError(
            "tridiagonal_solve: expected perturb_singular=False; singular matrices are not perturbed here. Add a small number to "
            "the main diagonal."
        )
    diagonals = _compact("tridiagonal_solve", diagonals, diagonals_format)
    b = ops.convert_to_tensor(strict_dtypes.alike("tridiagonal_solve", [diagonals, rhs])[1])
    is_vector = len(b.shape) == len(diagonals.shape) - 1
    if conjugate_rhs:
        b = ops.conjugate(b)
    if is_vector:
        b = ops.expand_dims(b, -1)
    elif transpose_rhs:
        b = ops.swapaxes(b, -1, -2)
    found = matrices.tridiagonal_solution(diagonals, b, pivoting=bool(partial_pivoting))
    return ops.squeeze(found, -1) if is_vector else found


def tridiagonal_matmul(diagonals: Any, rhs: Any, diagonals_format: str = "compact", name: str | None = None) -> Any:
    """The tridiagonal matrix times `rhs`. Shape: (..., n, k), kept. Formats and errors: as `tridiagonal_solve`.

    Source: tf.linalg.tridiagonal_matmul.
    """
    return matrices.tridiagonal_product(_compact("tridiagonal_matmul", diagonals, diagonals_format), rhs)


def _compact(name: str, diagonals: Any, diagonals_format: str) -> Any:
    if diagonals_format == "compact":
        return strict_dtypes.floating(name, diagonals)
    if diagonals_format == "matrix":
        matrix = strict_dtypes.floating(name, diagonals)
        return matrices.band_diagonals(matrix, ops.zeros((), matrix.dtype), bands=(-1, 1), align="LEFT_RIGHT")
    if diagonals_format == "sequence" and len(diagonals) == 3:
        above, main, below = (strict_dtypes.floating(name, each) for each in diagonals)
        if above.shape[-1] == main.shape[-1] - 1:
            one = [(0, 0)] * (len(main.shape) - 1)
            above, below = ops.pad(above, [*one, (0, 1)]), ops.pad(below, [*one, (1, 0)])
        return ops.stack([above, main, below], -2)
    raise InvalidArgumentError(
        f"{name}: expected diagonals_format 'compact', 'matrix' or 'sequence' (of three); received {diagonals_format!r}."
    )


def eigh_tridiagonal(
    alpha: Any,
    beta: Any,
    eigvals_only: bool = True,
    select: str = "a",
    select_range: Any = None,
    tol: Any = None,
    name: str | None = None,
) -> Any:
    """Rising eigenvalues, and eigenvectors (columns) unless `eigvals_only`, of a symmetric tridiagonal matrix.

    Args:
        alpha, beta: the main diagonal (n,) and the one beside it (n - 1,).
        select: "a" all; "i" those with numbers from `select_range[0]` to `[1]`; "v" those above `[0]`, up to `[1]`.
        tol: an allowed error; the eigenvalues are computed to full precision, which meets any.

    Raises: InvalidArgumentError on other selections or shapes. Source: tf.linalg.eigh_tridiagonal.
    """
    alpha = strict_dtypes.floating("eigh_tridiagonal", alpha)
    beta = ops.convert_to_tensor(strict_dtypes.alike("eigh_tridiagonal", [alpha, beta])[1])
    if len(alpha.shape) != 1 or tuple(beta.shape) != (max(alpha.shape[0] - 1, 0),):
        raise InvalidArgumentError(
            f"eigh_tridiagonal: expected diagonals of n and n - 1 entries; received {tuple(alpha.shape)}, {tuple(beta.shape)}."
        )
    if select not in ("a", "i", "v") or (select != "a" and (select_range is None or len(select_range) != 2)):
        raise InvalidArgumentError(
            f"eigh_tridiagonal: expected select 'a', or 'i' or 'v' with a select_range of two numbers; received {select!r}, "
            f"{select_range!r}."
        )
    lower = ops.add(ops.diag(alpha), ops.diag(beta, -1))
    values, vectors = ops.eigh(ops.add(lower, ops.diag(ops.conjugate(beta), 1)))
    if select == "i":
        chosen = slice(int(select_range[0]), int(select_range[1]) + 1)
        values, vectors = values[chosen], vectors[:, chosen]
    elif select == "v":
        (places,) = ops.nonzero(ops.logical_and(values > select_range[0], values <= select_range[1]))
        values, vectors = ops.take(values, places), ops.take(vectors, places, 1)
    return values if eigvals_only else (values, vectors)

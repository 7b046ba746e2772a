"""Products of matrices and vectors, norms and traces of `tf.linalg`. Leading axes are batches. Source: tf.linalg."""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.ops import running
from cornu.tf.naming import named

_matmul = named("matmul(a:x1, b:x2)", ops.matmul, alike=2, numeric=True)
cross = named("cross(a:x1, b:x2)", ops.cross, alike=2, numeric=True)


def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    output_type: Any = None,
    grad_a: bool = False,
    grad_b: bool = False,
    name: str | None = None,
) -> Any:
    """Matrix product. Shape: (..., n, k), (..., k, m) -> (..., n, m).

    `transpose` and `adjoint` (the conjugate transpose) are taken of a factor first. `output_type` is computed in. That a factor
    has many zeros, or that the product is part of a gradient, changes nothing in the result.
    Raises: InvalidArgumentError if a factor has fewer than two axes or the dtypes differ. Source: tf.linalg.matmul.
    """
    arrays = strict_dtypes.array_of(a), strict_dtypes.array_of(b)
    if any(array is None or array.ndim < 2 for array in arrays) or arrays[0].dtype != arrays[1].dtype:
        a, b = (ops.convert_to_tensor(each) for each in strict_dtypes.alike("matmul", [a, b]))
        for each in (a, b):
            if len(each.shape) < 2:
                raise InvalidArgumentError(
                    f"matmul: expected tensors of at least two axes; received shape {tuple(each.shape)}. Use tf.linalg.matvec or "
                    "tf.tensordot for vectors."
                )
    if transpose_a or adjoint_a:
        a = _turned("a", a, transpose_a, adjoint_a)
    if transpose_b or adjoint_b:
        b = _turned("b", b, transpose_b, adjoint_b)
    if output_type is not None:
        a, b = ops.cast(a, output_type), ops.cast(b, output_type)
    return _matmul(a, b)


def _turned(side: str, x: Any, is_transposed: bool, is_adjoint: bool) -> Any:
    if is_transposed and is_adjoint:
        raise InvalidArgumentError(f"matmul: expected transpose_{side} or adjoint_{side}, not both.")
    return matrix_transpose(x, conjugate=is_adjoint)


def matvec(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    adjoint_a: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Any:
    """Matrix times vector. Shape: (..., n, k), (..., k) -> (..., n). Options: as `matmul`. Source: tf.linalg.matvec."""
    product = matmul(a, ops.expand_dims(ops.convert_to_tensor(b), -1), transpose_a, False, adjoint_a)
    return ops.squeeze(product, -1)


def matrix_transpose(a: Any, name: str | None = None, conjugate: bool = False) -> Any:
    """The last two axes exchanged, and with `conjugate` the complex conjugate. Source: tf.linalg.matrix_transpose."""
    a = ops.convert_to_tensor(a)
    if len(a.shape) < 2:
        raise InvalidArgumentError(f"matrix_transpose: expected at least two axes; received shape {tuple(a.shape)}.")
    turned = ops.swapaxes(a, -1, -2)
    return ops.conjugate(turned) if conjugate else turned


def adjoint(matrix: Any, name: str | None = None) -> Any:
    """The conjugate transpose of the last two axes. Source: tf.linalg.adjoint."""
    return matrix_transpose(matrix, conjugate=True)


def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Any:
    """Sum of products over pairs of axes: the last and first `axes`, or two lists of axes. Source: tf.tensordot."""
    a, b = strict_dtypes.alike("tensordot", [a, b])
    plain = axes if isinstance(axes, int) else ops.convert_to_numpy(ops.convert_to_tensor(axes)).tolist()
    return ops.tensordot(a, b, axes=plain)


def einsum(equation: str, *inputs: Any, **kwargs: Any) -> Any:
    """Sum of products in Einstein's notation: `einsum("ij,jk->ik", a, b)`. `optimize` and `name` are accepted.

    Raises: InvalidArgumentError if two tensors differ in dtype. Source: tf.einsum.
    """
    if unknown := set(kwargs) - {"optimize", "name"}:
        raise InvalidArgumentError(f"einsum: expected the options optimize and name; received {sorted(unknown)[0]!r}.")
    return ops.einsum(equation, *strict_dtypes.alike("einsum", list(inputs)))


def trace(x: Any, name: str | None = None) -> Any:
    """Sum of the main diagonal of the last two axes, in the dtype of the input. Source: tf.linalg.trace."""
    x = strict_dtypes.numeric("trace", x)
    return ops.cast(ops.trace(x, 0, -2, -1), x.dtype)


def norm(tensor: Any, ord: Any = "euclidean", axis: Any = None, keepdims: Any = None, name: str | None = None) -> Any:
    """Norm of all entries together (`axis` None), of vectors (one axis) or of matrices (two axes).

    Args:
        ord: "euclidean" or "fro", the root of the sum of squares; 1, inf or, for vectors, any positive number; for matrices 1 is
            the largest sum of a column, inf that of a row, 2 the largest singular value.

    Raises: InvalidArgumentError on another `ord` or integers. Source: tf.norm.
    """
    x = strict_dtypes.floating("norm", tensor)
    keepdims = bool(keepdims)
    is_matrix = isinstance(axis, (list, tuple)) and len(axis) == 2
    if isinstance(axis, (list, tuple)) and not is_matrix:
        if len(axis) != 1:
            raise InvalidArgumentError(f"norm: expected one or two axes; received {axis!r}.")
        axis = axis[0]
    if ord in ("euclidean", "fro") or (ord == 2 and not is_matrix):
        if ord == "fro" and not is_matrix:
            raise InvalidArgumentError("norm: expected two axes for ord='fro'.")
        return running.euclidean_norm(x, tuple(axis) if is_matrix else axis, keepdims)
    if isinstance(ord, str) or ord <= 0 or (is_matrix and ord not in (1, 2, np.inf)):
        raise InvalidArgumentError(
            f"norm: expected ord 'euclidean', 'fro', 1, 2, inf or, for vectors, a positive number; received {ord!r}."
        )
    if is_matrix:
        return ops.norm(x, ord, tuple(axis), keepdims)
    size = ops.absolute(x)
    if ord == np.inf:
        return ops.max(size, axis, keepdims)
    if ord == 1:
        return ops.sum(size, axis, keepdims)
    return ops.power(ops.sum(ops.power(size, ord), axis, keepdims), 1 / ord)


def normalize(tensor: Any, ord: Any = "euclidean", axis: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """The tensor over its norm, and the norm, which keeps its axes with size 1. Source: tf.linalg.normalize."""
    x = strict_dtypes.floating("normalize", tensor)
    size = ops.cast(norm(x, ord, axis, keepdims=True), x.dtype)
    return ops.divide(x, size), size


def global_norm(t_list: Any, name: str | None = None) -> Any:
    """Root of the sum of squares of all entries of all tensors; None entries do not count. Source: tf.linalg.global_norm."""
    if not isinstance(t_list, (list, tuple)):
        raise InvalidArgumentError("global_norm: expected a list of tensors.")
    tensors = [strict_dtypes.floating("global_norm", each) for each in t_list if each is not None]
    if not tensors:
        return ops.zeros((), "float32")
    total = ops.sum(ops.square(tensors[0]))
    for each in tensors[1:]:
        total = ops.add(total, ops.sum(ops.square(each)))
    return ops.sqrt(total)

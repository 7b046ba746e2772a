"""`tf.linalg`: matrices, their products, parts, factorizations and equations."""

from cornu._base.suggest import attribute_error
from cornu.tf.linalg.diagonals import band_part, diag, diag_part, eye, set_diag, tensor_diag, tensor_diag_part
from cornu.tf.linalg.factors import (
    cholesky,
    det,
    eig,
    eigh,
    eigvals,
    eigvalsh,
    expm,
    inv,
    logdet,
    logm,
    lu,
    lu_matrix_inverse,
    lu_reconstruct,
    lu_solve,
    matrix_rank,
    pinv,
    qr,
    slogdet,
    sqrtm,
    svd,
)
from cornu.tf.linalg.products import (
    adjoint,
    cross,
    einsum,
    global_norm,
    matmul,
    matrix_transpose,
    matvec,
    norm,
    normalize,
    tensordot,
    trace,
)
from cornu.tf.linalg.solvers import (
    banded_triangular_solve,
    cholesky_solve,
    eigh_tridiagonal,
    lstsq,
    solve,
    triangular_solve,
    tridiagonal_matmul,
    tridiagonal_solve,
)
from cornu.tf.math.reductions import l2_normalize

__getattr__ = attribute_error(__name__)

"""Keras' operations on tensors (`keras.ops`): one function per op, by theme. Importing this puts the operators on tensors."""

from cornu._base.suggest import attribute_error
from cornu.ops import image, linalg, nn, numpy, operators
from cornu.ops.casting import (
    cast,
    convert_to_numpy,
    convert_to_tensor,
    dtype,
    is_symbolic,
    is_tensor,
    saturate_cast,
    shape,
    stop_gradient,
)
from cornu.ops.control_flow import associative_scan, cond, fori_loop, map, scan, switch, vectorized_map, while_loop
from cornu.ops.derivatives import custom_gradient, jvp
from cornu.ops.elementwise import erf, erfc, erfinv, rsqrt, view_as_complex, view_as_real
from cornu.ops.fourier import fft, fft2, ifft2, irfft, istft, rfft, stft
from cornu.ops.indexing import scatter, scatter_update, slice, slice_update
from cornu.ops.linalg import (
    cdist,
    cholesky,
    cholesky_inverse,
    det,
    eig,
    eigh,
    inv,
    logdet,
    lstsq,
    lu_factor,
    matrix_rank,
    norm,
    pinv,
    qr,
    solve,
    solve_triangular,
    svd,
)
from cornu.ops.nn import *  # noqa: F403
from cornu.ops.numpy import *  # noqa: F403
from cornu.ops.rearrange import rearrange
from cornu.ops.reductions import logsumexp
from cornu.ops.segments import segment_max, segment_min, segment_prod, segment_sum
from cornu.ops.shaping import extract_sequences, unstack
from cornu.ops.sorting import in_top_k, top_k

__getattr__ = attribute_error(__name__)

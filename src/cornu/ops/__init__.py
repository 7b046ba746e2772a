"""Keras' operations on tensors (`keras.ops`): one function per op, by theme. Importing this puts the operators on tensors."""

# ruff: noqa: F401, A004
from cornu.ops import operators
from cornu.ops.casting import (
    array, cast, convert_to_numpy, convert_to_tensor, copy, dtype, is_symbolic, is_tensor, ndim, saturate_cast,
    shape, size, stop_gradient, view,
)  # fmt: skip
from cornu.ops.comparison import (
    allclose, equal, greater, greater_equal, isclose, isfinite, isin, isinf, isnan, isneginf, isposinf, isreal,
    less, less_equal, logical_and, logical_not, logical_or, logical_xor, not_equal, signbit,
)  # fmt: skip
from cornu.ops.control_flow import (
    associative_scan, cond, fori_loop, map, scan, switch, vectorize, vectorized_map, while_loop,
)  # fmt: skip
from cornu.ops.creation import (
    arange, empty, empty_like, eye, full, full_like, geomspace, identity, linspace, logspace, meshgrid, ones,
    ones_like, tri, vander, zeros, zeros_like,
)  # fmt: skip
from cornu.ops.derivatives import custom_gradient, jvp
from cornu.ops.elementwise import (
    abs, absolute, add, angle, arccos, arccosh, arcsin, arcsinh, arctan, arctan2, arctanh, bitwise_and,
    bitwise_invert, bitwise_left_shift, bitwise_not, bitwise_or, bitwise_right_shift, bitwise_xor, cbrt, ceil,
    clip, conj, conjugate, cos, cosh, deg2rad, divide, divide_no_nan, erf, erfc, erfinv, exp, exp2, expm1, fabs,
    floor, floor_divide, fmax, fmin, fmod, gcd, heaviside, hypot, i0, imag, lcm, ldexp, left_shift, log, log10,
    log1p, log2, logaddexp, logaddexp2, maximum, minimum, mod, multiply, nan_to_num, negative, nextafter, power,
    rad2deg, real, reciprocal, right_shift, round, rsqrt, sign, sin, sinc, sinh, sqrt, square, subtract, tan,
    tanh, true_divide, trunc, view_as_complex, view_as_real,
)  # fmt: skip
from cornu.ops.fourier import fft, fft2, ifft2, irfft, istft, rfft, stft
from cornu.ops.indexing import (
    bincount, diff, get_item, histogram, scatter, scatter_update, select, slice, slice_update, take,
    take_along_axis, unravel_index, where,
)  # fmt: skip
from cornu.ops.linalg import (
    cdist, cholesky, cholesky_inverse, corrcoef, correlate, cross, det, dot, eig, eigh, einsum, inner, inv,
    kron, logdet, lstsq, lu_factor, matmul, matrix_rank, norm, outer, pinv, qr, slogdet, solve,
    solve_triangular, svd, tensordot, trace, vdot,
)  # fmt: skip
from cornu.ops.nan_reductions import (
    nanargmax, nanargmin, nancumprod, nancumsum, nanmax, nanmean, nanmedian, nanmin, nanpercentile, nanprod,
    nanquantile, nanstd, nansum, nanvar,
)  # fmt: skip
from cornu.ops.rearrange import rearrange
from cornu.ops.reductions import (
    all, amax, amin, any, argmax, argmin, average, count_nonzero, cumprod, cumsum, logsumexp, max, mean, median,
    min, percentile, prod, ptp, quantile, std, sum, trapezoid, var,
)  # fmt: skip
from cornu.ops.segments import segment_max, segment_min, segment_prod, segment_sum
from cornu.ops.shaping import (
    append, array_split, broadcast_to, concatenate, diag, diagflat, diagonal, dsplit, dstack, expand_dims,
    extract_sequences, flip, fliplr, flipud, hsplit, hstack, moveaxis, pad, ravel, repeat, reshape, roll, rot90,
    split, squeeze, stack, swapaxes, tile, transpose, tril, triu, unstack, vsplit, vstack,
)  # fmt: skip
from cornu.ops.sorting import (
    argpartition, argsort, digitize, in_top_k, nonzero, searchsorted, sort, top_k, unique,
)  # fmt: skip
from cornu.ops.windows import bartlett, blackman, hamming, hanning, kaiser

# --- neural networks and images (owned with ops/nn.py and ops/image) ---
from cornu.ops import image, nn
from cornu.ops.nn import *  # noqa: F403
# --- end of neural networks and images ---

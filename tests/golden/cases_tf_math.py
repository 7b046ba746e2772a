"""Cases for `tf.math`, `tf.nn`, `tf.linalg`, `tf.signal` and their neighbours: expressions in the modules and the inputs below.

`SMOOTH_*` are recorded with gradients, `VALUES_*` without; `ERRORS` must be refused.
"""

import numpy as np


def inputs() -> dict[str, np.ndarray]:
    """Fixed inputs, by the names that the expressions use."""
    rng = np.random.default_rng(23)

    def normal(*shape):
        return rng.normal(size=shape).astype("float32")

    square = normal(4, 4) + 3 * np.eye(4, dtype="float32")
    return {
        "a": normal(3, 4), "b": normal(3, 4), "p": np.abs(normal(3, 4)) + 0.5, "q": np.abs(normal(3, 4)) + 0.4,
        "u": np.tanh(normal(3, 4)) * 0.9, "o": np.abs(np.tanh(normal(3, 4))) * 0.9 + 0.05, "v": normal(6), "w": normal(3),
        "z": np.array([0.0, 1.0, -1.0, 0.0, 2.0], "float32"), "y": np.array([0.0, 0.0, 1.0, 2.0, 2.0], "float32"),
        "i": rng.integers(-9, 10, (3, 4)).astype("int32"), "j": rng.integers(1, 7, (3, 4)).astype("int32"),
        "k": np.array([0, 0, 2], "int32"), "n": np.array([2, 0, 1], "int32"), "c": rng.integers(0, 2, (3, 4)).astype(bool),
        "d": rng.integers(0, 2, (3, 4)).astype(bool), "h": np.array([1.5, -np.inf, np.nan, 0.0, np.inf], "float32"),
        "g": normal(3, 4).astype("float64"), "s8": np.array([100, 100, -3], "int8"), "cx": (normal(4) + 1j * normal(4)).astype("complex64"),
        "x1": normal(2, 7, 3), "x2": normal(2, 6, 5, 4), "x3": normal(1, 4, 4, 4, 2), "f1": normal(3, 3, 5), "f2": normal(3, 2, 4, 5),
        "f3": normal(2, 2, 2, 2, 3), "fg": normal(3, 2, 2, 6), "fd": normal(3, 2, 4, 2), "fp": normal(1, 1, 8, 3), "ft": normal(3, 3, 6, 4),
        "f1t": normal(3, 4, 3), "f3t": normal(2, 2, 2, 3, 2), "st": normal(2, 3, 4),
        "m": square, "s": (square @ square.T).astype("float32"), "bm": normal(2, 3, 3) + 3 * np.eye(3, dtype="float32"),
        "r": normal(4, 2), "tall": normal(5, 3), "v3": normal(2, 3), "w3": normal(2, 3), "t": normal(2, 3, 4), "sig": normal(2, 32),
        "diag3": normal(3, 5), "rhs": normal(5, 2), "frames": normal(6, 2, 4), "lab": np.array([[1, 2, 2], [3, 1, 0]], "int32"),
        "tab": normal(5, 3), "ids": np.array([[1, 4], [0, 1]], "int32"),
    }  # fmt: skip


def _calls(names: str, *arguments: str, module: str = "math") -> list[str]:
    return [f"{module}.{name}({argument})" for name in names.split() for argument in arguments]


SMOOTH_MATH = [
    *_calls("abs acos asin atan atanh asinh cos cosh digamma erf erfc erfinv exp expm1 lgamma log_sigmoid reciprocal sigmoid sin sinh "
            "softplus softsign sqrt rsqrt square tan tanh log log1p reciprocal_no_nan", "o"),
    *_calls("abs negative sign cosh softsign softplus", "z"), "math.acosh(p + 1.0)", "math.erfcinv(o)", "math.ndtri(o)",
    *_calls("add subtract multiply truediv divide maximum minimum atan2 squared_difference divide_no_nan multiply_no_nan xlogy xdivy", "p, q"),
    *_calls("maximum minimum divide_no_nan multiply_no_nan xlogy xdivy floormod xlog1py", "z, y"), "math.pow(p, a)", "math.pow(a, 2)",
    "math.xlog1py(a, p)", "math.floormod(a, p)", "math.nextafter(a, p)", "math.igamma(p, q)", "math.igammac(p, q)", "math.betainc(p, q, o)",
    "math.zeta(p + 1.0, q)", "math.polygamma(2.0, q)", "math.lbeta(p)", "math.add_n([a, b, p])", "math.accumulate_n([a, b])",
    "math.scalar_mul(2.5, a)", "math.polyval([a, b, p], u)", "math.l2_normalize(a, 1)", "math.l2_normalize(z)",
    *_calls("reduce_sum reduce_mean reduce_max reduce_min reduce_prod reduce_std reduce_variance reduce_logsumexp reduce_euclidean_norm",
            "a", "a, axis=1", "a, axis=[0, 1], keepdims=True"),
    "math.reduce_max(z)", "math.cumsum(a, 1)", "math.cumsum(a, exclusive=True)", "math.cumsum(a, axis=1, reverse=True)",
    "math.cumprod(p, axis=1, exclusive=True, reverse=True)", "math.cumulative_logsumexp(a, axis=1)",
    "math.cumulative_logsumexp(v, exclusive=True, reverse=True)[:-1]", "math.softmax(a)", "math.softmax(a, axis=0)", "math.log_softmax(a)",
    *_calls("segment_sum segment_mean segment_max segment_min segment_prod", "a, k"),
    *_calls("unsorted_segment_sum unsorted_segment_mean unsorted_segment_max unsorted_segment_min unsorted_segment_prod "
            "unsorted_segment_sqrt_n", "p, n, 3"),
    "math.top_k(a, 2)", *_calls("bessel_i0 bessel_i0e bessel_i1 bessel_i1e bessel_j0 bessel_j1 bessel_k0 bessel_k0e bessel_k1 bessel_k1e bessel_y0 "
                                "bessel_y1 dawsn expint fresnel_cos fresnel_sin spence", "p", "p * 6.0", module="math.special"),
]  # fmt: skip
VALUES_MATH = [
    *_calls("ceil floor rint round is_nan is_inf is_finite", "h"), *_calls("abs negative round sign square real imag conj", "i"),
    *_calls("add subtract multiply truediv divide divide_no_nan floordiv floormod mod maximum minimum squared_difference equal not_equal less "
            "less_equal greater greater_equal", "i, j"),
    *_calls("floordiv floormod equal less", "a, p"), *_calls("logical_and logical_or logical_xor", "c, d"), "math.logical_not(c)",
    *_calls("reduce_sum reduce_mean reduce_max reduce_min reduce_prod reduce_euclidean_norm", "j", "j, 1"), "math.reduce_sum(s8)",
    "math.reduce_sum(g)", "math.reduce_mean(-j)", "math.reduce_all(c)", "math.reduce_any(c, axis=0, keepdims=True)", "math.argmax(a)",
    "math.argmax(a, 1)", "math.argmin(a, axis=-1, output_type='int32')", "math.count_nonzero(i)", "math.count_nonzero(c, 0, keepdims=True)",
    "math.zero_fraction(z)", "math.cumsum(i)", "math.cumprod(j, 1)", "math.is_non_decreasing(z)", "math.is_strictly_increasing(k)",
    "math.invert_permutation(n)", "math.bincount(j)", "math.bincount(j, minlength=9)", "math.bincount(j, maxlength=4, dtype='int64')",
    "math.bincount(j, axis=-1)", "math.bincount(j, binary_output=True)", "math.bincount(k, weights=w)", "math.confusion_matrix(k, n)",
    "math.confusion_matrix(k, n, num_classes=4, dtype='float32', weights=w)", "math.in_top_k(n, a, 2)", "math.top_k(i, 3, index_type='int64')",
    "math.sobol_sample(3, 6, skip=2)", "math.angle(cx)", "math.angle(a)", "math.real(cx)", "math.imag(cx)", "math.conj(cx)", "math.abs(cx)",
    "math.exp(cx)", "math.approx_max_k(a, 2)", "math.segment_mean(i, k)", "math.unsorted_segment_max(i, n, 4)",
    "math.unsorted_segment_mean(i, n, 4)", "math.lgamma(z)", "math.polygamma(1.0, g * g)", "math.reduce_max(a[:, :0])",
    "math.truediv(s8, s8)", "math.pow(j, 3)", "math.pow(2, j)", "math.add(1, 2)", "math.multiply([1.5, 2.0], 2)", "math.zeta(y + 2.0, z + 3.0)",
    *_calls("bitwise_and bitwise_or bitwise_xor left_shift right_shift", "i, j", module="bitwise"), "bitwise.invert(i)",
    "bitwise.left_shift(s8, s8)", "sets.intersection(i, j)", "sets.union(i, j)", "sets.difference(i, j)", "sets.difference(i, j, aminusb=False)",
    *_calls("fake_quant_with_min_max_args", "a", "a, min=-1.0, max=3.1, num_bits=4, narrow_range=True", "a, min=0.5, max=3.0", module="quantization"),
    "quantization.fake_quant_with_min_max_args_gradient(a, b, -0.5, 0.5)", "quantization.fake_quant_with_min_max_vars_gradient(a, b, -0.5, 0.7)",
    "quantization.fake_quant_with_min_max_vars_per_channel(a, b[0] - 2.0, p[0])", "quantization.fake_quant_with_min_max_vars_per_channel_gradient(a, b, o[0] - 1.0, o[1])",
    "quantization.quantize_and_dequantize_v2(a, -1.0, 1.0, range_given=True, num_bits=4)", "quantization.quantize_and_dequantize_v2(p, 0.0, 0.0, signed_input=False)",
    "quantization.quantize_and_dequantize_v2(a, 0.0, 0.0, num_bits=5, round_mode='HALF_UP', narrow_range=True)",
]  # fmt: skip
SMOOTH_NN = [
    *_calls("relu relu6 elu selu gelu leaky_relu silu crelu softplus tanh l2_loss", "a", "z", module="nn"), "nn.gelu(a, approximate=True)",
    "nn.leaky_relu(a, alpha=0.1)", "nn.silu(a, beta=1.5)", "nn.softmax_cross_entropy_with_logits(labels=o, logits=a)",
    "nn.softmax_cross_entropy_with_logits(o, a, axis=0)", "nn.sparse_softmax_cross_entropy_with_logits(labels=n, logits=a)",
    "nn.sigmoid_cross_entropy_with_logits(labels=o, logits=a)", "nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z)",
    "nn.weighted_cross_entropy_with_logits(o, a, 2.0)", "nn.log_poisson_loss(p, a)", "nn.log_poisson_loss(p * 3.0, a, compute_full_loss=True)",
    "nn.compute_average_loss(a[0], sample_weight=p[0], global_batch_size=8)", "nn.compute_average_loss(a[0])", "nn.moments(a, [0])",
    "nn.moments(x2, [0, 1, 2], keepdims=True)", "nn.weighted_moments(a, [0], p)", "nn.sufficient_statistics(a, [0], 0.5)",
    "nn.sufficient_statistics(a, [0, 1], keepdims=True)[:3]", "nn.normalize_moments(3.0, a[0], p[0], b[0])",
    "nn.batch_normalization(x2, x2[0, 0, 0], p[0], b[0], o[0], 1e-3)", "nn.batch_normalization(a, 0.5, 2.0, None, None, 1e-3)",
    "nn.batch_norm_with_global_normalization(x2, a[0], p[0], b[0], o[0], 1e-3, True)", "nn.bias_add(x2, v[:4])",
    "nn.bias_add(x2, v, data_format='NCHW')", "nn.lrn(x2)", "nn.local_response_normalization(x2, depth_radius=1, bias=2.0, alpha=0.5, beta=0.75)",
    "nn.conv2d(x2, f2, 1, 'SAME')", "nn.conv2d(x2, f2, [1, 2, 1, 1], 'VALID')", "nn.conv2d(x2, f2, 2, [[0, 0], [1, 2], [0, 1], [0, 0]])",
    "nn.conv2d(x2, f2, 1, 'SAME', dilations=2)", "nn.conv2d(x2, fg, [2, 2], 'SAME')", "nn.conv1d(x1, f1, 2, 'SAME')",
    "nn.conv1d(x1, f1, stride=1, padding='VALID', dilations=2)", "nn.conv3d(x3, f3, [1, 2, 2, 2, 1], 'SAME')", "nn.convolution(x2, f2)",
    "nn.convolution(x1, f1, padding='SAME', dilations=[2])", "nn.atrous_conv2d(x2, f2, 2, 'VALID')",
    "nn.depthwise_conv2d(x2, fd, [1, 2, 2, 1], 'SAME')", "nn.depthwise_conv2d(x2, fd, [1, 1, 1, 1], 'VALID', dilations=[2, 2])",
    "nn.separable_conv2d(x2, fd, fp, [1, 1, 1, 1], 'SAME')", "nn.conv2d_transpose(x2, ft, [2, 12, 10, 6], 2)",
    "nn.conv2d_transpose(x2, ft, [2, 8, 7, 6], 1, 'VALID')", "nn.conv2d_transpose(x2, ft, [2, 11, 9, 6], [1, 2, 2, 1], 'SAME')",
    "nn.conv1d_transpose(x1, f1t, [2, 14, 4], 2)", "nn.conv3d_transpose(x3, f3t, [1, 8, 8, 8, 3], [1, 2, 2, 2, 1])",
    "nn.conv_transpose(x2, ft, [2, 12, 10, 6], [2, 2])", "nn.atrous_conv2d_transpose(x2, ft, [2, 6, 5, 6], 2, 'SAME')",
    "nn.max_pool2d(x2, 2, 2, 'VALID')", "nn.max_pool(x2, [1, 3, 2, 1], [1, 2, 1, 1], 'SAME')", "nn.max_pool1d(x1, 3, 2, 'SAME')",
    "nn.max_pool3d(x3, 2, 2, 'VALID')", "nn.max_pool2d(x2, 3, 2, [[0, 0], [1, 1], [0, 1], [0, 0]])", "nn.avg_pool2d(x2, 3, 2, 'SAME')",
    "nn.avg_pool(x2, 2, 2, 'VALID')", "nn.avg_pool1d(x1, 3, 1, 'SAME')", "nn.avg_pool3d(x3, 2, 2, 'SAME')",
    "nn.pool(x2, [2, 2], 'MAX', strides=[2, 1], padding='SAME')", "nn.pool(x2, [2, 2], 'AVG', dilations=[2, 2])",
    "nn.max_pool_with_argmax(x2, 2, 2, 'SAME')", "nn.dilation2d(x2, st, [1, 2, 1, 1], 'SAME', 'NHWC', [1, 1, 1, 1])",
    "nn.dilation2d(x2, st, [1, 1, 1, 1], 'VALID', 'NHWC', [1, 2, 1, 1])", "nn.erosion2d(x2, st, [1, 1, 1, 1], 'SAME', 'NHWC', [1, 1, 1, 1])",
    "nn.space_to_depth(x2[:, :, :4], 2)", "nn.depth_to_space(x2, 2)", "nn.space_to_batch(x2, [2, 3], [[0, 0], [1, 0]])",
    "nn.embedding_lookup(tab, ids)", "nn.embedding_lookup(tab, ids, max_norm=1.0)",
    "nn.ctc_loss(lab, frames, np.array([3, 2]), np.array([6, 5]), blank_index=-4)",
    "nn.ctc_loss(lab, x2[:, :, 0], np.array([3, 1]), np.array([6, 6]), logits_time_major=False)",
    "nn.nce_loss(tab, v[:5], ids[:, :1], v3, 3, 5, sampled_values=(np.array([2, 0, 4]), p[0, :2, None], p[1, :3]))",
    "nn.sampled_softmax_loss(tab, v[:5], ids[:, :1], v3, 3, 5, sampled_values=(np.array([2, 0, 4]), p[0, :2, None], p[1, :3]))",
]  # fmt: skip
VALUES_NN = [
    "nn.relu(i)", "nn.relu6(i)", "nn.leaky_relu(i)", "nn.zero_fraction(z)", "nn.in_top_k(n, a, 1)", "nn.top_k(a).indices", "nn.l2_normalize(a, axis=[0, 1])",
    "nn.isotonic_regression(a)", "nn.isotonic_regression(a, decreasing=False, axis=0)", "nn.scale_regularization_loss(v)",
    "nn.max_pool_with_argmax(x2, [1, 3, 2, 1], 1, 'VALID', include_batch_in_index=True)", "nn.collapse_repeated(lab, np.array([3, 2], 'int32'))",
    "nn.ctc_unique_labels(lab)", "nn.ctc_greedy_decoder(frames, np.array([6, 4], 'int32'))",
    "nn.ctc_greedy_decoder(frames, np.array([6, 4], 'int32'), merge_repeated=False, blank_index=1)",
    "nn.ctc_beam_search_decoder(frames, np.array([6, 4], 'int32'), beam_width=8, top_paths=2)",
    "nn.all_candidate_sampler(np.array([[1, 0], [2, 4]]), 2, 5, True)",
    "nn.depthwise_conv2d_backprop_input([2, 6, 5, 4], fd, np.ones((2, 6, 5, 8), 'float32'), [1, 1, 1, 1], 'SAME')",
    "nn.depthwise_conv2d_backprop_filter(x2, [3, 2, 4, 2], np.ones((2, 6, 5, 8), 'float32'), [1, 1, 1, 1], 'SAME')",
    "nn.dropout(a, 0.0)", "nn.experimental.stateless_dropout(a, 0.3, [1, 2], rng_alg='philox')",
    "nn.with_space_to_batch(x2, [2, 2], 'VALID', lambda x, rank, padding: nn.conv2d(x, f2, 1, padding))",
    "nn.with_space_to_batch(x2, [2, 1], 'SAME', lambda x, rank, padding: nn.conv2d(x, f2, 1, padding), filter_shape=[3, 2])",
]  # fmt: skip
SMOOTH_LINALG = [
    "linalg.matmul(a, b, transpose_b=True)", "linalg.matmul(t, t, adjoint_a=True)", "linalg.matvec(m, v[:4])", "linalg.matvec(a, w, transpose_a=True)",
    "linalg.tensordot(a, b, [[0, 1], [0, 1]])", "linalg.tensordot(a, r, 1)", "linalg.einsum('ij,kj->ik', a, b)", "linalg.cross(v3, w3)",
    "linalg.trace(bm)", "linalg.matrix_transpose(t)", "linalg.adjoint(t)", "linalg.norm(a)", "linalg.norm(a, axis=1)", "linalg.norm(a, ord=1, axis=1)",
    "linalg.norm(a, ord=3, axis=0)", "linalg.norm(a, ord=np.inf)", "linalg.norm(m, ord=1, axis=[0, 1])", "linalg.norm(m, ord='fro', axis=[0, 1], keepdims=True)",
    "linalg.norm(m, ord=2, axis=[-2, -1])", "linalg.normalize(a, axis=1)", "linalg.global_norm([a, None, b])", "linalg.det(bm)", "linalg.slogdet(bm)",
    "linalg.logdet(s)", "linalg.inv(bm)", "linalg.inv(m, adjoint=True)", "linalg.cholesky(s)", "linalg.solve(m, r)", "linalg.solve(m, r, adjoint=True)",
    "linalg.triangular_solve(m, r)", "linalg.triangular_solve(m, r, lower=False, adjoint=True)", "linalg.cholesky_solve(linalg.cholesky(s), r)",
    "linalg.lstsq(tall, rhs)", "linalg.lstsq(tall, rhs, l2_regularizer=0.5)", "linalg.lstsq(t[0], w[:, None], l2_regularizer=0.1)", "linalg.pinv(tall)",
    "linalg.eigvalsh(s)", "linalg.svd(tall, compute_uv=False)", "linalg.expm(bm)", "linalg.sqrtm(s)", "linalg.band_part(m, 1, 0)", "linalg.diag(a)",
    "linalg.diag(a, k=1, padding_value=2.0)", "linalg.diag(a, k=(-1, 1))", "linalg.diag_part(t)", "linalg.diag_part(m, k=(-2, 1))",
    "linalg.diag_part(m, k=(-1, 2), align='LEFT_LEFT', padding_value=7.0)", "linalg.set_diag(m, v[:4])", "linalg.set_diag(m, v[:3], k=-1)",
    "linalg.set_diag(m, t[0], k=(-1, 1), align='LEFT_RIGHT')", "linalg.tensor_diag(v3)", "linalg.tensor_diag_part(linalg.tensor_diag(v3))",
    "linalg.tridiagonal_solve(diag3 + np.float32([[0], [4], [0]]), rhs)", "linalg.tridiagonal_solve(diag3 + np.float32([[0], [4], [0]]), rhs[:, 0])",
    "linalg.tridiagonal_matmul(diag3, rhs)", "linalg.banded_triangular_solve(diag3[:2] + np.float32([[3], [0]]), rhs)",
    "linalg.banded_triangular_solve(diag3[:2] + np.float32([[0], [3]]), rhs, lower=False)", "linalg.l2_normalize(a, 1)",
    "linalg.qr(tall).r * linalg.qr(tall).r",
    "signal.frame(sig, 8, 3)", "signal.frame(sig, 8, 5, pad_end=True, pad_value=1.0)", "signal.overlap_and_add(t, 2)", "signal.dct(sig)",
    "signal.dct(sig, type=1)", "signal.dct(sig, type=3)", "signal.dct(sig, type=4)", "signal.dct(sig, type=2, norm='ortho')", "signal.dct(sig, type=3, norm='ortho')",
    "signal.dct(sig, type=4, norm='ortho')", "signal.dct(sig, n=20)", "signal.dct(sig, n=40)", "signal.idct(sig, norm='ortho')", "signal.idct(sig, type=3)",
    "math.abs(signal.stft(sig, 8, 4))", "math.abs(signal.rfft(sig))", "math.real(signal.fft2d(math.exp(cx)[None] * np.ones((3, 1), 'complex64')))",
    "signal.inverse_stft(signal.stft(sig, 8, 4), 8, 4, window_fn=signal.inverse_stft_window_fn(4))", "signal.mdct(sig, 8)", "signal.mdct(sig, 8, norm='ortho', pad_end=True)",
    "signal.inverse_mdct(signal.mdct(sig, 8))", "signal.inverse_mdct(signal.mdct(sig, 8, norm='ortho', window_fn=None), norm='ortho', window_fn=None)",
    "signal.mfccs_from_log_mel_spectrograms(sig)",
]  # fmt: skip
VALUES_LINALG = [
    "linalg.lu_reconstruct(*linalg.lu(m))", "linalg.lu_solve(*linalg.lu(m), r)", "linalg.lu_matrix_inverse(*linalg.lu(m))",
    "linalg.matmul(i, j, transpose_b=True)", "linalg.lu(m)", "linalg.eigh(s)[0]", "math.reduce_sum(math.abs(linalg.eigvals(s)))", "linalg.matrix_rank(tall)", "linalg.eye(2, 3)",
    "linalg.eye(2, batch_shape=[2])", "linalg.diag(i, num_rows=5, num_cols=4)", "linalg.eigh_tridiagonal(v, v[:5])", "linalg.eigh_tridiagonal(v, v[:5], select='i', select_range=(1, 2))",
    "linalg.logm(np.array([[1, 1], [0, 2]], 'complex64'))", "linalg.trace(i[:, :3])", "linalg.matrix_transpose(cx[None], conjugate=True)", "linalg.norm(cx)",
    "linalg.tridiagonal_solve([v[:5], v + 5.0, v[1:6]], v, diagonals_format='sequence')",
    "linalg.tridiagonal_matmul(m + 0.0, r, diagonals_format='matrix')", "signal.fft(cx)", "signal.ifft(cx)", "signal.fft3d(cx[None, None])", "signal.ifft2d(cx[None])",
    "signal.irfft(cx)", "signal.irfft(cx, fft_length=[5])", "signal.rfft(sig, fft_length=[20])", "signal.rfft2d(a, fft_length=[4, 5])", "signal.irfft2d(cx[None])",
    "signal.rfft3d(t)", "signal.irfft3d(cx[None, None])", "signal.fftshift(a)", "signal.ifftshift(v, axes=0)", "signal.stft(sig, 8, 3, fft_length=16, pad_end=True, window_fn=None)",
    *_calls("hann_window hamming_window", "8", "7", "8, periodic=False", module="signal"), "signal.kaiser_window(7, beta=5.0)", "signal.kaiser_bessel_derived_window(8)",
    "signal.vorbis_window(8)", "signal.inverse_stft_window_fn(3)(8, dtype=a.dtype)", "signal.linear_to_mel_weight_matrix(10, 65, 8000)",
]  # fmt: skip
ERRORS = [
    *_calls("sqrt exp log sin floor ceil sigmoid reduce_std reduce_variance reduce_logsumexp is_nan lgamma softmax erf", "i"),
    *_calls("add multiply maximum equal less pow floormod", "a, i", "a, g"), "math.add(i, 1.5)", "math.reduce_sum(c)", "math.reduce_mean(c)", "math.reduce_all(i)",
    "math.logical_and(i, j)", "math.logical_not(a)", "math.pow(i, -1)", "math.segment_sum(a, n)", "math.unsorted_segment_sum(a, k, 2)", "math.invert_permutation(k)",
    "math.confusion_matrix(i, i)", "math.add_n([])", "math.add_n([a, w])", "nn.elu(i)", "nn.l2_loss(i)", "nn.sigmoid_cross_entropy_with_logits(labels=w, logits=a)",
    "nn.sparse_softmax_cross_entropy_with_logits(labels=n + 9, logits=a)", "nn.dropout(a, 1.5)", "nn.bias_add(a, w)", "nn.conv2d(x2, f2, 1, 'SOME')",
    "nn.conv2d(x2, f2, [2, 1, 1, 1], 'SAME')", "nn.conv2d_transpose(x2, ft, [2, 20, 10, 6], 2)", "nn.embedding_lookup(tab, ids + 9)", "linalg.matmul(w, w)",
    "linalg.matmul(a, i)", "linalg.inv(i)", "linalg.solve(m, w)", "linalg.diag(w, k=2, num_rows=2)", "signal.mdct(sig, 6)", "bitwise.left_shift(a, a)",
    "linalg.norm(i)", "linalg.cholesky(i)", "nn.ctc_loss(lab, frames, None, np.array([6, 5]))",
]  # fmt: skip

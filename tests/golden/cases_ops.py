"""Cases for the ops: expressions in `ops`, `np` and the inputs below, evaluated in Keras (recorder) and Cornu (test)."""

import numpy as np


def inputs() -> dict[str, np.ndarray]:
    """Fixed inputs, by the names that the expressions use."""
    rng = np.random.default_rng(11)

    def normal(*shape):
        return rng.normal(size=shape).astype("float32")

    square = normal(4, 4) + 3 * np.eye(4, dtype="float32")
    holes = normal(3, 4)
    holes[0, 1] = holes[2, 3] = np.nan
    return {
        "a": normal(3, 4), "b": normal(3, 4), "p": np.abs(normal(3, 4)) + 0.5, "u": np.tanh(normal(3, 4)) * 0.9,
        "v": normal(5), "w": normal(5), "v3": normal(2, 3), "w3": normal(2, 3), "t": normal(2, 3, 4), "r": normal(4, 2),
        "m": square, "s": (square @ square.T).astype("float32"), "bm": normal(2, 3, 3) + 3 * np.eye(3, dtype="float32"),
        "n": holes, "sig": normal(2, 64), "sorted_v": np.sort(normal(6)),
        "i": rng.integers(-9, 10, (3, 4)).astype("int32"), "j": rng.integers(1, 7, (3, 4)).astype("int32"),
        "k": np.array([0, 2, 1, 2, 3], "int32"), "c": rng.integers(0, 2, (3, 4)).astype(bool),
        "g": np.array([[0, 2], [1, 1]], "int32"), "h": np.array([1.5, -np.inf, np.nan, 0.0, np.inf], "float32"),
    }  # fmt: skip


def _calls(names: str, *arguments: str) -> list[str]:
    return [f"ops.{name}({argument})" for name in names.split() for argument in arguments]


SMOOTH = [
    *_calls("abs absolute angle arcsinh arctan cbrt ceil conj conjugate copy cos cosh deg2rad erf erfc exp exp2 expm1 fabs "
            "floor i0 imag negative rad2deg real reciprocal round sign sin sinc sinh square tan tanh trunc nan_to_num", "a"),
    *_calls("log log10 log1p log2 sqrt rsqrt", "p"),
    *_calls("arccos arcsin arctanh erfinv", "u"), "ops.arccosh(p + 1)",
    *_calls("add subtract multiply divide true_divide divide_no_nan maximum minimum fmax fmin arctan2 hypot logaddexp "
            "logaddexp2 mod floor_divide heaviside nextafter", "a, b"),
    "ops.fmod(a, p)", "ops.power(p, a)", "ops.power(a, 2)", "ops.ldexp(a, i)", "ops.clip(a, -0.5, 0.5)",
    "ops.round(a, 1)",
    "ops.divide_no_nan(a, ops.zeros_like(a))", "ops.add(a, 2)", "ops.multiply(a, b[0])",
    *_calls("sum mean max min amax amin std var median logsumexp ptp prod", "t", "t, axis=1", "t, axis=(0, 2)",
            "t, axis=-1, keepdims=True"),
    "ops.max(t, initial=5.0)", "ops.min(t, axis=1, initial=0.1)", "ops.average(a)", "ops.average(a, axis=1, weights=p)",
    "ops.average(a, axis=0, weights=p[:, 0])", "ops.quantile(a, 0.3)", "ops.quantile(a, [0.1, 0.6], axis=1)",
    "ops.percentile(a, 30, axis=0, keepdims=True)", "ops.quantile(a, 0.3, method='nearest')",
    "ops.cumsum(a)", "ops.cumsum(a, axis=1)", "ops.cumprod(a, axis=0)", "ops.trapezoid(a)",
    "ops.trapezoid(a, dx=0.5, axis=0)",
    "ops.trapezoid(v, x=sorted_v[:5])", "ops.diff(a)", "ops.diff(a, n=2, axis=1)",
    *_calls("nansum nanmean nanmax nanmin nanstd nanvar nanprod nanmedian", "n", "n, axis=1", "n, axis=0, keepdims=True"),
    "ops.nancumsum(n, axis=1)", "ops.nancumprod(n)", "ops.nanquantile(n, 0.4)", "ops.nanpercentile(n, 40, axis=1)",
    "ops.reshape(a, (2, -1))", "ops.ravel(a)", "ops.transpose(t)", "ops.transpose(t, (1, 0, 2))", "ops.swapaxes(t, 0, 2)",
    "ops.moveaxis(t, 0, -1)", "ops.expand_dims(a, (0, 2))", "ops.squeeze(a[:1])", "ops.squeeze(t[:, :1], axis=1)",
    "ops.broadcast_to(v, (2, 5))", "ops.concatenate([a, b], axis=1)", "ops.stack([a, b], axis=-1)", "ops.hstack([a, b])",
    "ops.vstack([a, b])", "ops.dstack([a, b])", "ops.append(a, b)", "ops.append(a, b, axis=0)", "ops.split(a, 2, axis=1)",
    "ops.split(v, [1, 3])", "ops.array_split(v, 3)", "ops.hsplit(a, 2)", "ops.vsplit(a, 3)", "ops.dsplit(t, 2)",
    "ops.unstack(t, axis=1)", "ops.tile(a, (2, 1))", "ops.repeat(a, 2)", "ops.repeat(a, [1, 0, 2], axis=0)",
    "ops.repeat(a, 3, axis=1)", "ops.pad(a, ((1, 0), (2, 1)))", "ops.pad(a, 1, constant_values=2.0)",
    "ops.pad(a, ((1, 1), (2, 0)), mode='reflect')", "ops.pad(a, ((1, 1), (0, 1)), mode='symmetric')", "ops.flip(a)",
    "ops.flip(a, axis=1)", "ops.fliplr(a)", "ops.flipud(a)", "ops.roll(a, 2)", "ops.roll(a, (1, -1), axis=(0, 1))",
    "ops.rot90(a)", "ops.rot90(t, k=3, axes=(1, 2))", "ops.tril(a)", "ops.triu(a, k=1)", "ops.diag(v)",
    "ops.diag(m, k=1)",
    "ops.diagflat(a)", "ops.diagonal(t, offset=1, axis1=1, axis2=2)", "ops.extract_sequences(sig, 8, 3)",
    "ops.rearrange(t, 'a b c -> (b a) c')", "ops.rearrange(t, 'a b (c d) -> a c (d b)', d=2)",
    "ops.meshgrid(v, v3[0])", "ops.meshgrid(v, v3[0], indexing='ij')", "ops.vander(v, 3)",
    "ops.vander(v, increasing=True)",
    "ops.linspace(v, w, 4)", "ops.linspace(0.0, 1.0, 5, endpoint=False)", "ops.logspace(v, w, 3, base=2)",
    "ops.geomspace(1.0, 8.0, 4)", "ops.full((2, 2), 3.5)", "ops.full_like(a, 2)",
    "ops.take(a, [2, 0, -1], axis=1)", "ops.take(a, g)", "ops.take_along_axis(a, ops.argsort(a, axis=1), axis=1)",
    "ops.slice(a, (1, 2), (2, 2))", "ops.slice_update(a, (1, 1), b[:2, :2])",
    "ops.scatter(k[:, None][:4] + [[0]], v[:4], (6,))",
    "ops.scatter(g, v3, (3, 3, 3))", "ops.scatter_update(a, g, v[:2])",
    "ops.scatter_update(a, g, v[:2], reduction='add')",
    "ops.scatter_update(a, g, v[:2], reduction='max')", "ops.scatter_update(a, g, v[:2], reduction='min')",
    "ops.scatter_update(a, g, v[:2], reduction='mul')", "ops.where(c, a, b)", "ops.where(c, a, 0.0)",
    "ops.select([a > 0.5, a < -0.5], [a, b], 0.0)", "ops.get_item(t, (0, slice(1, 3), None, Ellipsis))",
    "ops.get_item(t, 1)", "ops.get_item(t, (Ellipsis, -1))", "ops.bincount(k, weights=v)",
    "ops.sort(a)", "ops.sort(a, axis=0)", "ops.top_k(a, 2)[0]", "ops.matmul(a, m)", "ops.matmul(t, r)", "ops.dot(a, m)",
    "ops.dot(v, w)", "ops.inner(a, b)", "ops.outer(v, w)", "ops.vdot(v, w)", "ops.kron(v3, r)", "ops.tensordot(t, r, 1)",
    "ops.tensordot(t, a, [[1, 2], [0, 1]])", "ops.einsum('ij,kj->ik', a, b)", "ops.einsum('bij,jk->bik', t, r)",
    "ops.cross(v3, w3)", "ops.correlate(v, w3[0])", "ops.correlate(v, w, mode='same')",
    "ops.correlate(v, w, mode='full')",
    "ops.trace(m)", "ops.trace(t, offset=1, axis1=1, axis2=2)", "ops.corrcoef(a)", "ops.norm(a)",
    "ops.norm(a, ord=1, axis=1)",
    "ops.norm(a, ord='fro', axis=(0, 1))", "ops.norm(m, ord='nuc', axis=(0, 1))", "ops.norm(v, ord=3)",
    "ops.norm(a, ord=np.inf, axis=0, keepdims=True)", "ops.norm(m, ord=2)", "ops.cdist(a, b)", "ops.inv(bm)",
    "ops.pinv(r)",
    "ops.det(bm)", "ops.slogdet(m)", "ops.logdet(s)", "ops.cholesky(s)", "ops.cholesky(s, upper=True)",
    "ops.cholesky_inverse(s)", "ops.cholesky_inverse(s, upper=True)", "ops.abs(ops.qr(a)[1])",
    "ops.abs(ops.qr(r, mode='complete')[0])", "ops.svd(a, compute_uv=False)", "ops.eigh(s)[0]",
    "ops.solve(bm, v3[:, :, None])", "ops.solve(m, r)", "ops.solve_triangular(s, r, lower=True)", "ops.lstsq(r, m[:, 0])",
    "ops.lu_factor(m)", "ops.segment_sum(v, k, 5)", "ops.segment_sum(r, k[:4])", "ops.segment_max(v, k, 5)",
    "ops.segment_min(v, k, 5)", "ops.segment_prod(v, k, 5)", "ops.fft((a, b))", "ops.fft2((a, b))", "ops.ifft2((a, b))",
    "ops.rfft(sig)", "ops.rfft(sig, fft_length=32)", "ops.irfft((a, b))", "ops.stft(sig, 16, 4, 16)",
    "ops.stft(sig, 12, 5, 16, window='hamming', center=False)", "ops.stft(sig, 16, 8, 32, window=None)",
    "ops.istft(ops.stft(sig, 16, 4, 16), 16, 4, 16)", "ops.istft(ops.stft(sig, 16, 4, 16), 16, 4, 16, length=60)",
    "ops.istft(ops.stft(sig, 16, 4, 16, center=False), 16, 4, 16, center=False)",
    "ops.istft(ops.stft(sig, 12, 4, 16, window='hamming'), 12, 4, 16, window='hamming')",
    "ops.view_as_real(ops.view_as_complex(r))", "ops.stop_gradient(a)", "ops.cast(a, 'float16')",
    "ops.map(lambda x: x * 2, a)", "ops.vectorized_map(lambda x: ops.sum(x * x), a)",
    "ops.scan(lambda s, x: (s + x, s * x), ops.zeros(4), a)",
    "ops.scan(lambda s, x: (s * x, s), ops.ones(4), a, reverse=True)",
    "ops.associative_scan(lambda x, y: x + y, a)", "ops.associative_scan(lambda x, y: x * y, a, reverse=True, axis=1)",
    "ops.fori_loop(0, 3, lambda i, x: x * 2, a)", "ops.while_loop(lambda x: ops.sum(x) < 50, lambda x: (x * 2,), (p,))",
    "ops.cond(True, lambda: a, lambda: b)", "ops.switch(1, [lambda x: x, lambda x: x * 3], a)",
]  # fmt: skip

VALUES = [
    "ops.abs(ops.svd(a)[0])",
    *_calls("equal not_equal greater greater_equal less less_equal logical_and logical_or logical_xor", "i, j", "c, c"),
    "ops.logical_not(i)", *_calls("isfinite isinf isnan isneginf isposinf isreal signbit nan_to_num", "h"),
    "ops.isclose(a, a + 1e-6)", "ops.allclose(a, a)", "ops.isin(i, j)", "ops.isin(i, j, invert=True)",
    *_calls("all any", "c", "c, axis=0", "c, axis=1, keepdims=True"), *_calls("argmax argmin", "a", "a, axis=1",
    "a, axis=0, keepdims=True"),
    *_calls("nanargmax nanargmin", "n", "n, axis=1"), "ops.count_nonzero(i)", "ops.count_nonzero(i, axis=1)",
    *_calls("add subtract multiply floor_divide mod divide fmod gcd lcm maximum bitwise_and bitwise_or bitwise_xor",
    "i, j"),
    "ops.power(i, 2)", "ops.bitwise_not(i)", "ops.bitwise_invert(i)", *_calls("left_shift right_shift bitwise_left_shift "
    "bitwise_right_shift", "i, j"), "ops.sum(i)", "ops.prod(j, axis=1)", "ops.mean(i, axis=0)", "ops.cumsum(c, axis=1)",
    "ops.nan_to_num(h, nan=1.0, posinf=2.0, neginf=-2.0)", "ops.argsort(a, axis=0)", "ops.argsort(i)", "ops.top_k(a, 2)",
    "ops.top_k(i, 3)[0]", "ops.argpartition(a, 1)[:, 1]", "ops.in_top_k(k[:3], a, 2)", "ops.searchsorted(sorted_v, v)",
    "ops.searchsorted(sorted_v, sorted_v, side='right')", "ops.digitize(a, sorted_v)", "ops.unique(k)",
    "ops.unique(k, return_inverse=True, return_counts=True)", "ops.unique(k, return_index=True)", "ops.nonzero(c)",
    "ops.where(c)",
    "ops.bincount(k)", "ops.bincount(k, minlength=7)", "ops.bincount(j)", "ops.histogram(v, bins=4)",
    "ops.histogram(v, bins=3, range=(-1, 1))", "ops.unravel_index(k, (2, 3))", "ops.zeros((2, 3))",
    "ops.ones((2,), dtype='int32')",
    "ops.zeros_like(a)", "ops.ones_like(i)", "ops.ones_like(a, dtype='bool')", "ops.empty((0, 2))", "ops.arange(5)",
    "ops.arange(1, 2, 0.25)", "ops.arange(9, 2, -3)", "ops.arange(3, dtype='float32')", "ops.eye(3)",
    "ops.eye(2, 4, k=1)",
    "ops.eye(3, dtype='int32')", "ops.identity(2)", "ops.tri(3)", "ops.tri(3, 4, k=-1)",
    "ops.full((2,), 7, dtype='int32')",
    "ops.linspace(0, 10, 5)", "ops.linspace(0, 10, 4, dtype='int32')", "ops.linspace(0.0, 1.0, 5, retstep=True)",
    *_calls("bartlett blackman hamming hanning", "6"), "ops.kaiser(6, 3.0)", "ops.cast(a * 3, 'int32')",
    "ops.cast(i, 'bool')",
    "ops.saturate_cast(a * 500, 'uint8')", "ops.saturate_cast(i, 'uint8')", "ops.convert_to_tensor([1.0, 2.0])",
    "ops.convert_to_tensor([1, 2])", "ops.convert_to_tensor([True])", "ops.array([[1, 2]], dtype='float32')",
    "ops.view(a, 'int32')", "ops.matrix_rank(r)", "ops.abs(ops.eig(s)[0])", "ops.matmul(i, ops.transpose(j))",
    "ops.cross(i[:, :3], j[:, :3])",
    "ops.segment_sum(k, k)", "ops.segment_max(i, k[:3], 4)", "ops.tril(i)", "ops.repeat(i, 2, axis=0)",
    "ops.get_item(i, (g[0],))",
    "ops.take(i, [0, 1], axis=0)", "ops.clip(i, -2, 2)", "ops.square(i)", "ops.abs(i)", "ops.sign(i)",
    "ops.sort(i, axis=0)",
    "ops.vectorize(lambda x: x + 1)(v)", "ops.select([i > 2], [i], 9)", "ops.scan(lambda s, x: (s + 1, x), 0, k)",
    "ops.fori_loop(0, 4, lambda i, x: x + i, 0)", "ops.stack([i, j])", "ops.einsum('ij,ij->i', i, j)", "ops.trunc(i)",
]  # fmt: skip

# Where Keras' TensorFlow backend differs from NumPy and from Keras' other backends.
JAX_ONLY = {
    "ops.argpartition(a, 1)[:, 1]": "every entry of its result is a position among the largest",
    "ops.eye(2, 4, k=1)": "its result has shape (3, 5)",
    "ops.mod(x, 2)": "uint8 becomes int32",
    "ops.eigh(s)[0]": "its gradient reads one triangle only",
    **{e: "it does not undo the window at the ends" for e in SMOOTH if "istft" in e},
}

DTYPES = ("bool", "uint8", "int8", "int32", "float16", "bfloat16", "float32")

ONE = [
    *_calls("abs all amax angle arccos argmax argsort average ceil conj cos count_nonzero cumprod cumsum diff erf exp flip floor "
            "isnan log logical_not logsumexp max mean median nan_to_num nansum nanmean negative nonzero ones_like prod ptp "
            "reciprocal round rsqrt sign sin sort sqrt "
            "square std sum tanh trunc var zeros_like bitwise_not trapezoid unique", "x"),
    "ops.norm(x)", "ops.clip(x, 0, 1)", "ops.clip(x, 0.0, 1.0)", "ops.full_like(x, 2)", "ops.top_k(x, 2)",
    "ops.add(x, 1)",
    "ops.add(x, 1.0)", "ops.divide(x, 2)", "ops.power(x, 2)", "ops.multiply(x, 0.5)", "ops.maximum(x, 0.5)",
    "ops.quantile(x, 0.5)",
    "ops.where(x > 0, x, 1.0)", "ops.linspace(x, x + x, 3)", "ops.einsum('i,i->', x, x)", "ops.mod(x, 2)",
    "ops.arange(3, dtype=x.dtype)",
]  # fmt: skip

TWO = _calls(
    "add subtract multiply divide floor_divide mod power maximum minimum arctan2 logaddexp hypot fmod divide_no_nan matmul dot "
    "outer kron cross append equal less logical_and bitwise_and left_shift gcd",
    "x, y",
)

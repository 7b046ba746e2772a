"""Functional models of ops alone: the expressions of `cases_ops`, and those below, on symbolic inputs."""

from typing import Any

import cases_ops
import numpy as np

# Written with operators, scalars and literal arrays, as models have them.
EXPRESSIONS = [
    "x / 255.0", "1 - x", "1.0 - x", "2 * x + 1", "x * 0.5", "0.5 * x", "-x", "abs(x)", "x ** 2", "2.0 ** x", "x // 0.3", "x % 0.7",
    "x @ k", "x + y", "x - y", "x * y", "x / y", "x > 0", "x >= y", "x < y", "x <= 0.0", "x == y", "x != y", "1.0 / (x * x + 1.0)",
    "~(x > 0)", "(x > 0) & (y > 0)", "(x > 0) | (y > 0)", "(x > 0) ^ (y > 0)", "n // 2", "n % 3", "n + 1", "n * 2.0",
    "x[0]", "x[:, 0]", "x[:, 1:3]", "x[..., -1]", "x[:, None]", "x[:, ::2]", "x[:, -2:]", "x[:, ::-1]", "x[:, :, None]", "z[:, 1, :2]",
    "z[..., 0]", "z[:, :, 0:2]", "x + np.ones((1, 4), 'float32')", "np.ones((1, 4), 'float32') * x",
    "x + np.array([1., 2., 3., 4.], 'float32')", "x + [1.0, 2.0, 3.0, 4.0]", "ops.add(x, [1.0, 2.0, 3.0, 4.0])",
    "ops.add(x1=x, x2=y)", "ops.multiply(x, 3)", "ops.maximum(x, 0.0)", "ops.minimum(0.5, x)", "ops.subtract(1.0, x)",
    "ops.mean(x, axis=-1)", "ops.mean(x, -1, True)", "ops.mean(x, axis=[0, 1])", "ops.mean(x, (0, 1))", "ops.sum(x, axis=1, keepdims=True)",
    "ops.max(x, axis=-1)", "ops.logsumexp(x, axis=-1, keepdims=True)", "ops.var(z, axis=[1, 2])", "ops.std(z, axis=1)",
    "ops.argmax(x, axis=-1)", "ops.argmax(x)", "ops.any(x > 0, axis=1)", "ops.reshape(x, (-1, 2, 2))", "ops.reshape(x, [-1, 2])",
    "ops.reshape(z, (3, -1))", "ops.expand_dims(x, 1)", "ops.expand_dims(x, axis=-1)", "ops.squeeze(x[:, :1], -1)", "ops.squeeze(x[:, :1], axis=1)",
    "ops.transpose(z, (0, 2, 1))", "ops.transpose(z, axes=[0, 2, 1])", "ops.transpose(x)", "ops.swapaxes(z, 1, 2)", "ops.moveaxis(z, 1, -1)",
    "ops.concatenate([x, y], axis=-1)", "ops.concatenate((x, y))", "ops.concatenate([x, y], 1)", "ops.stack([x, y], axis=1)", "ops.stack((x, y))",
    "ops.split(x, 2, axis=-1)", "ops.split(x, [1, 3], axis=1)", "ops.split(x, 2, axis=1)[1]", "ops.unstack(z, axis=1)", "ops.unstack(x, 4, 1)",
    "ops.array_split(x, 3, axis=1)", "ops.tile(x, 2)", "ops.tile(x, [1, 2])", "ops.repeat(x, 2, axis=1)", "ops.pad(x, [[0, 0], [1, 1]])",
    "ops.flip(x, axis=1)", "ops.roll(x, 1, axis=-1)", "ops.where(x > 0, x, y)", "ops.where(x > 0.0, x, 0.0)", "ops.where(x > 0, 1.0, -1.0)",
    "ops.clip(x, 0.0, 1.0)", "ops.clip(x, x_min=-1, x_max=1)", "ops.cast(n, 'float32')", "ops.cast(x, dtype='int32')", "ops.cast(x > 0, 'float32')",
    "ops.einsum('bi,ij->bj', x, k)", "ops.einsum('bij,bj->bi', z, y)", "ops.einsum('bi,bi->b', x, y)", "ops.matmul(x, k)", "ops.matmul(z, k)",
    "ops.dot(x, k)", "ops.tensordot(z, k, axes=1)", "ops.tensordot(z, k, axes=[[2], [0]])", "ops.take(k, n, axis=0)", "ops.take(x, [0, 2], axis=1)",
    "ops.take(x, np.array([0, 2]), axis=-1)", "ops.take_along_axis(x, n[:, None], axis=1)", "ops.one_hot(n, 4)", "ops.one_hot(n, num_classes=4, axis=0)",
    "ops.relu(x)", "ops.relu6(x)", "ops.sigmoid(x)", "ops.softmax(x)", "ops.softmax(x, axis=0)", "ops.softmax(z, axis=(1, 2))", "ops.log_softmax(x, -1)",
    "ops.softplus(x)", "ops.softsign(x)", "ops.silu(x)", "ops.swish(x)", "ops.gelu(x)", "ops.gelu(x, approximate=False)", "ops.elu(x)", "ops.elu(x, 0.5)",
    "ops.selu(x)", "ops.celu(x, 0.7)", "ops.leaky_relu(x)", "ops.leaky_relu(x, negative_slope=0.1)", "ops.hard_sigmoid(x)", "ops.hard_silu(x)",
    "ops.hard_swish(x)", "ops.hard_tanh(x)", "ops.log_sigmoid(x)", "ops.glu(x)", "ops.tanh_shrink(x)", "ops.soft_shrink(x)", "ops.hard_shrink(x)",
    "ops.threshold(x, 0.1, 0.5)", "ops.squareplus(x)", "ops.sparse_plus(x)", "ops.sparse_sigmoid(x)", "ops.sparsemax(x)", "ops.tanh(x)",
    "ops.normalize(x)", "ops.normalize(x, axis=-1, order=1)", "ops.layer_normalization(x)", "ops.rms_normalization(x, k[0])", "ops.moments(x, axes=[0])",
    "ops.batch_normalization(x, y[0], k[0] * k[0], -1)", "ops.max_pool(img, 2)", "ops.max_pool(img, 2, strides=1, padding='same')",
    "ops.average_pool(img, (2, 2), strides=(2, 2), padding='valid')", "ops.conv(img, ker, 1, 'same')", "ops.conv(img, ker, strides=(2, 2))",
    "ops.depthwise_conv(img, ker, 1)", "ops.conv_transpose(img, ker, strides=2, padding='same')", "ops.adaptive_average_pool(img, 2)",
    "ops.image.resize(img, (8, 8))", "ops.image.resize(img, (3, 3), interpolation='nearest')", "ops.image.rgb_to_grayscale(img)",
    "ops.image.pad_images(img, 1, 1, 8, 8)", "ops.image.crop_images(img, 1, 1, target_height=3, target_width=3)", "ops.image.extract_patches(img, 2)",
    "ops.binary_crossentropy(p, p)", "ops.categorical_crossentropy(p, p)", "ops.sparse_categorical_crossentropy(n, p)",
    "ops.categorical_crossentropy(p, x, from_logits=True)", "ops.multi_hot(n[:, None], 4)", "ops.segment_sum(x, n, num_segments=4)",
    "ops.top_k(x, 2)", "ops.top_k(x, k=2)[0]", "ops.in_top_k(n, x, 2)", "ops.sort(x)", "ops.argsort(x, axis=0)", "ops.cumsum(x, axis=1)", "ops.norm(x)",
    "ops.norm(x, axis=-1, keepdims=True)", "ops.stop_gradient(x)", "ops.slice(x, [0, 1], [3, 2])", "ops.slice_update(x, (0, 0), y[:1, :2])",
    "ops.scatter_update(x, [[0], [1]], y[:2])", "ops.zeros_like(x)", "ops.ones_like(x, dtype='int32')", "ops.full_like(x, 2.0)", "ops.arange(4) + n[:, None]",
    "x + ops.ones((4,))", "x * ops.convert_to_tensor([1.0, 2.0, 3.0, 4.0])", "ops.broadcast_to(x[:, None], (3, 2, 4))", "ops.square(x - ops.mean(x, axis=-1, keepdims=True))",
    "ops.exp(x) / ops.sum(ops.exp(x), axis=-1, keepdims=True)", "ops.sqrt(ops.abs(x) + 1e-6)", "ops.round(x, 1)", "ops.power(x, 2.0)", "ops.logical_not(x > 0)",
    "ops.dot_product_attention(q, q, q)", "ops.nan_to_num(x)", "ops.isnan(x)", "ops.equal(x, y)", "ops.greater(x, 0.5)", "ops.outer(n, n)", "ops.diff(x)",
    "ops.fft((x, y))", "ops.rfft(x)", "ops.extract_sequences(x, 2, 1)", "ops.tril(z)", "ops.triu(z, 1)", "ops.diagonal(z, axis1=1, axis2=2)", "ops.meshgrid(n, n)",
    "ops.average(x, axis=1, weights=p)", "ops.average(x)", "ops.quantile(x, 0.5, axis=1)", "ops.median(x, axis=1)", "ops.count_nonzero(n)", "ops.bincount(n, minlength=5)",
    "ops.space_to_depth(img, 2)", "ops.saturate_cast(x * 300.0, 'uint8')", "ops.isclose(x, y)", "ops.ravel(x)", "ops.vectorize(ops.relu)(x)",
]  # fmt: skip


def inputs() -> dict[str, np.ndarray]:
    """Fixed inputs by the names of the expressions; those of `cases_ops` are there too."""
    rng = np.random.default_rng(5)

    def normal(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype("float32")

    p = np.abs(normal(3, 4)) + 0.1
    return {
        "x": normal(3, 4), "y": normal(3, 4), "z": normal(3, 4, 4), "n": np.array([2, 0, 3], "int32"), "K": normal(4, 4),
        "img": normal(2, 6, 6, 3), "ker": normal(2, 2, 3, 3), "p": (p / p.sum(-1, keepdims=True)).astype("float32"), "q": normal(2, 3, 2, 4),
    }  # fmt: skip


def names_in(expression: str, known: Any) -> list[str]:
    """The inputs that an expression reads, in the order of `known`."""
    read = compile(expression, "expression", "eval").co_names
    return [name for name in known if name in read]


def every() -> dict[str, tuple[str, dict[str, np.ndarray]]]:
    """{key: (expression, inputs)}."""
    own = inputs()
    own["k"] = own.pop("K")
    return {expression: (expression, own) for expression in EXPRESSIONS} | {
        f"ops: {expression}": (expression, cases_ops.inputs()) for expression in (*cases_ops.SMOOTH, *cases_ops.VALUES)
    }


def graph(keras: Any, expression: str, values: dict[str, np.ndarray]) -> Any:
    """The functional model of an expression on the inputs that it reads."""
    symbols = {
        name: keras.Input(batch_shape=values[name].shape, dtype=str(values[name].dtype), name=name)
        for name in names_in(expression, values)
    }
    outputs = eval(expression, {"ops": keras.ops, "np": np, **symbols})
    return keras.Model(symbols, outputs, name="graph")


def entries(config: dict[str, Any]) -> dict[str, Any]:
    """The part of a functional config that ops write: all layers but the inputs, and the outputs."""
    layers = [layer for layer in config["layers"] if layer["class_name"] != "InputLayer"]
    return {"layers": layers, "output_layers": config["output_layers"]}

"""The table that drives both `record_layers.py` and `test_layers.py`: layers, their inputs, and how they are called.

Nothing here imports a framework: layers are named, arguments are plain.
"""

from typing import Any, NamedTuple

import numpy as np


class Case(NamedTuple):
    """One layer called once. `shapes` are those of the inputs; several of them make a list of inputs."""

    key: str
    layer: str
    arguments: dict[str, Any]
    shapes: tuple[tuple[int, ...], ...]
    training: bool | None = None
    mask: bool = False
    integers: int = 0  # inputs are indices below this number
    symbolic: tuple[tuple[int | None, ...], ...] = ()  # further input shapes whose output shape is compared


def image(key: str, layer: str, **arguments: Any) -> Case:
    """A case on small images, with unknown sizes tried too."""
    return Case(key, layer, arguments, ((2, 6, 5, 4),), symbolic=((None, None, 7, 4), (None, 8, None, 4)))


def sequence(key: str, layer: str, **arguments: Any) -> Case:
    """A case on short sequences."""
    return Case(key, layer, arguments, ((2, 7, 4),), symbolic=((None, None, 4),))


def volume(key: str, layer: str, **arguments: Any) -> Case:
    """A case on small volumes."""
    return Case(key, layer, arguments, ((2, 4, 5, 4, 2),), symbolic=((None, None, 6, 5, 2),))


def channels_first(key: str, layer: str, **arguments: Any) -> Case:
    """A case on images with the channels in front."""
    return Case(key, layer, {**arguments, "data_format": "channels_first"}, ((2, 4, 6, 5),))


def on(key: str, layer: str, *shapes: tuple[int, ...], **arguments: Any) -> Case:
    """A case on inputs of the given shapes."""
    return Case(key, layer, arguments, shapes)


LAYERS = [
    on("dense", "Dense", (3, 4), units=5, activation="relu", kernel_regularizer="l2"),
    on("dense_3d", "Dense", (2, 3, 4), units=5, use_bias=False, activation="softmax"),
    on("dense_lora", "Dense", (3, 4), units=5, lora_rank=2),
    on("einsum_dense", "EinsumDense", (2, 3, 4), equation="abc,cde->abde", output_shape=(3, 5, 2), bias_axes="de"),
    on(
        "einsum_ellipsis",
        "EinsumDense",
        (2, 3, 4),
        equation="...x,xy->...y",
        output_shape=5,
        bias_axes="y",
        activation="tanh",
    ),
    on("einsum_bias_inner", "EinsumDense", (2, 3, 4), equation="abc,cd->abd", output_shape=(3, 5), bias_axes="b"),
    on("activation", "Activation", (3, 4), activation="tanh"),
    on("identity", "Identity", (3, 4)),
    on("dropout_inference", "Dropout", (3, 4), rate=0.4, noise_shape=(None, 1), seed=3),
    on("flatten", "Flatten", (2, 3, 4)),
    on("flatten_first", "Flatten", (2, 3, 4), data_format="channels_first"),
    on("reshape", "Reshape", (2, 3, 4), target_shape=(2, -1)),
    on("permute", "Permute", (2, 3, 4, 5), dims=(2, 3, 1)),
    on("repeat_vector", "RepeatVector", (2, 3), n=4),
    on("masking", "Masking", (2, 3, 4), mask_value=0.5),
    Case("embedding", "Embedding", {"input_dim": 6, "output_dim": 3, "mask_zero": True}, ((2, 5),), integers=6),
    Case("embedding_lora", "Embedding", {"input_dim": 6, "output_dim": 3, "lora_rank": 2}, ((2, 5),), integers=6),
    sequence("conv1d", "Conv1D", filters=3, kernel_size=3),
    sequence("conv1d_causal", "Conv1D", filters=3, kernel_size=3, padding="causal", dilation_rate=2, activation="tanh"),
    sequence("conv1d_causal_strides", "Conv1D", filters=3, kernel_size=2, padding="causal", strides=2),
    image("conv2d", "Conv2D", filters=3, kernel_size=3, activation="sigmoid"),
    image("conv2d_same_strides", "Conv2D", filters=3, kernel_size=(3, 2), strides=2, padding="same", use_bias=False),
    image("conv2d_groups", "Conv2D", filters=4, kernel_size=2, groups=2),
    image("conv2d_dilated", "Conv2D", filters=3, kernel_size=2, dilation_rate=(2, 1), padding="same"),
    channels_first("conv2d_first", "Conv2D", filters=3, kernel_size=3, padding="same"),
    volume("conv3d", "Conv3D", filters=3, kernel_size=2, strides=(1, 2, 1)),
    sequence("conv1d_transpose", "Conv1DTranspose", filters=3, kernel_size=3, strides=2),
    image("conv2d_transpose", "Conv2DTranspose", filters=3, kernel_size=3, strides=2),
    image("conv2d_transpose_same", "Conv2DTranspose", filters=3, kernel_size=(3, 2), strides=(2, 3), padding="same"),
    image(
        "conv2d_transpose_padded",
        "Conv2DTranspose",
        filters=3,
        kernel_size=3,
        strides=2,
        padding="same",
        output_padding=1,
    ),
    image("conv2d_transpose_wide", "Conv2DTranspose", filters=2, kernel_size=2, strides=3),
    volume("conv3d_transpose", "Conv3DTranspose", filters=2, kernel_size=2, strides=2),
    sequence("depthwise_conv1d", "DepthwiseConv1D", kernel_size=3, depth_multiplier=2),
    image("depthwise_conv2d", "DepthwiseConv2D", kernel_size=3, strides=2, padding="same", activation="relu"),
    image("depthwise_conv2d_multiplier", "DepthwiseConv2D", kernel_size=(2, 3), depth_multiplier=2),
    channels_first("depthwise_conv2d_first", "DepthwiseConv2D", kernel_size=2),
    sequence("separable_conv1d", "SeparableConv1D", filters=3, kernel_size=3, depth_multiplier=2),
    image("separable_conv2d", "SeparableConv2D", filters=3, kernel_size=3, padding="same", strides=2),
    sequence("max_pooling1d", "MaxPooling1D"),
    image("max_pooling2d", "MaxPooling2D", pool_size=3, strides=2, padding="same"),
    image("max_pooling2d_valid", "MaxPooling2D", pool_size=(2, 3)),
    channels_first("max_pooling2d_first", "MaxPooling2D"),
    volume("max_pooling3d", "MaxPooling3D"),
    sequence("average_pooling1d", "AveragePooling1D", pool_size=2),
    image("average_pooling2d", "AveragePooling2D", pool_size=3, strides=2, padding="same"),
    volume("average_pooling3d", "AveragePooling3D", pool_size=2, padding="same"),
    sequence("global_max_pooling1d", "GlobalMaxPooling1D"),
    image("global_max_pooling2d", "GlobalMaxPooling2D", keepdims=True),
    volume("global_max_pooling3d", "GlobalMaxPooling3D"),
    sequence("global_average_pooling1d", "GlobalAveragePooling1D"),
    Case("global_average_pooling1d_mask", "GlobalAveragePooling1D", {}, ((2, 7, 4),), mask=True),
    channels_first("global_average_pooling2d", "GlobalAveragePooling2D"),
    volume("global_average_pooling3d", "GlobalAveragePooling3D"),
    sequence("adaptive_average_pooling1d", "AdaptiveAveragePooling1D", output_size=3),
    image("adaptive_average_pooling2d", "AdaptiveAveragePooling2D", output_size=(3, 2)),
    volume("adaptive_average_pooling3d", "AdaptiveAveragePooling3D", output_size=2),
    sequence("adaptive_max_pooling1d", "AdaptiveMaxPooling1D", output_size=3),
    image("adaptive_max_pooling2d", "AdaptiveMaxPooling2D", output_size=(3, 2)),
    volume("adaptive_max_pooling3d", "AdaptiveMaxPooling3D", output_size=2),
    image("batch_normalization", "BatchNormalization", momentum=0.9, epsilon=1e-2),
    image("batch_normalization_training", "BatchNormalization")._replace(training=True),
    on("batch_normalization_axis", "BatchNormalization", (4, 3, 5), axis=1, center=False)._replace(training=True),
    on("batch_normalization_plain", "BatchNormalization", (4, 3), scale=False)._replace(training=True),
    on("batch_normalization_mask", "BatchNormalization", (3, 5, 2))._replace(training=True, mask=True),
    on("batch_normalization_frozen", "BatchNormalization", (4, 3), trainable=False)._replace(training=True),
    on("layer_normalization", "LayerNormalization", (3, 4, 5)),
    on("layer_normalization_axes", "LayerNormalization", (3, 4, 5), axis=[1, 2], epsilon=1e-5, center=False),
    on("layer_normalization_rms", "LayerNormalization", (3, 4), rms_scaling=True),
    image("group_normalization", "GroupNormalization", groups=2),
    on("group_normalization_axis", "GroupNormalization", (2, 4, 6), groups=2, axis=1),
    on("instance_normalization", "GroupNormalization", (2, 4, 6), groups=-1),
    on("rms_normalization", "RMSNormalization", (3, 4, 5)),
    on("rms_normalization_axes", "RMSNormalization", (3, 4, 5), axis=(1, 2)),
    on("unit_normalization", "UnitNormalization", (3, 4, 5), axis=1),
    on("gaussian_noise", "GaussianNoise", (3, 4), stddev=0.3),
    on("gaussian_dropout", "GaussianDropout", (3, 4), rate=0.3, seed=1),
    on("alpha_dropout", "AlphaDropout", (3, 4), rate=0.3),
    on("spatial_dropout1d", "SpatialDropout1D", (3, 4, 2), rate=0.3),
    on("spatial_dropout2d", "SpatialDropout2D", (2, 3, 4, 2), rate=0.3),
    on("spatial_dropout3d", "SpatialDropout3D", (2, 3, 4, 2, 2), rate=0.3, data_format="channels_first"),
    on("activity_regularization", "ActivityRegularization", (3, 4), l1=0.1, l2=0.2),
    on("add", "Add", (2, 3, 4), (2, 3, 4), (2, 3, 4))._replace(symbolic=()),
    on("add_ranks", "Add", (2, 4), (2, 3, 4)),
    on("add_broadcast", "Add", (2, 1, 4), (2, 3, 1)),
    on("subtract", "Subtract", (2, 3), (2, 3)),
    on("multiply", "Multiply", (2, 3), (2, 3), (2, 3)),
    on("average", "Average", (2, 3), (2, 3), (2, 3)),
    on("maximum", "Maximum", (2, 3), (2, 3), (2, 3)),
    on("minimum", "Minimum", (2, 3), (2, 3)),
    on("concatenate", "Concatenate", (2, 3, 4), (2, 3, 2)),
    on("concatenate_axis", "Concatenate", (2, 3, 4), (2, 2, 4), axis=1),
    on("dot", "Dot", (2, 3), (2, 3), axes=1),
    on("dot_matrices", "Dot", (2, 3, 5), (2, 4, 5), axes=2),
    on("dot_cosine", "Dot", (2, 3, 5), (2, 5, 4), axes=(2, 1), normalize=True),
    on("dot_ranks", "Dot", (2, 3, 5), (2, 3, 4, 5), axes=(2, 3)),
    sequence("zero_padding1d", "ZeroPadding1D", padding=(1, 2)),
    image("zero_padding2d", "ZeroPadding2D", padding=((1, 2), (0, 3))),
    channels_first("zero_padding2d_first", "ZeroPadding2D", padding=(1, 2)),
    volume("zero_padding3d", "ZeroPadding3D", padding=(1, 0, 2)),
    sequence("cropping1d", "Cropping1D", cropping=(1, 2)),
    image("cropping2d", "Cropping2D", cropping=((1, 2), (0, 1))),
    channels_first("cropping2d_first", "Cropping2D", cropping=1),
    volume("cropping3d", "Cropping3D", cropping=1),
    sequence("up_sampling1d", "UpSampling1D", size=3),
    image("up_sampling2d", "UpSampling2D", size=(2, 3)),
    image("up_sampling2d_bilinear", "UpSampling2D", size=2, interpolation="bilinear"),
    image("up_sampling2d_bicubic", "UpSampling2D", size=2, interpolation="bicubic"),
    volume("up_sampling3d", "UpSampling3D", size=(1, 2, 3)),
    on("relu", "ReLU", (3, 4), max_value=1.0, negative_slope=0.2, threshold=0.3),
    on("relu_plain", "ReLU", (3, 4)),
    on("leaky_relu", "LeakyReLU", (3, 4)),
    on("prelu", "PReLU", (3, 4)),
    image("prelu_shared", "PReLU", shared_axes=[1, 2]),
    on("elu", "ELU", (3, 4), alpha=0.7),
    on("softmax", "Softmax", (3, 4)),
    on("softmax_axes", "Softmax", (2, 3, 4), axis=[1, 2]),
]

# Construction only: what the defaults are, and how other spellings are written down.
CONFIGS = [
    ("Dense", {"units": 2, "activation": "relu", "bias_initializer": "ones", "kernel_constraint": "max_norm"}),
    ("Conv2D", {"filters": 2, "kernel_size": (2, 3), "activity_regularizer": "l1", "name": "eyes", "trainable": False}),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 2, "strides": 2, "output_padding": 1, "dtype": "mixed_bfloat16"}),
    ("Embedding", {"input_dim": 3, "output_dim": 2, "embeddings_regularizer": "l2"}),
    ("EinsumDense", {"equation": "ab,bc->ac", "output_shape": 3}),
    ("BatchNormalization", {}),
    ("LayerNormalization", {}),
    ("GroupNormalization", {}),
    ("Dropout", {"rate": 0.25}),
    ("SpatialDropout2D", {"rate": 0.25, "seed": 4}),
    ("ZeroPadding1D", {}),
    ("ZeroPadding2D", {}),
    ("ZeroPadding3D", {}),
    ("Cropping1D", {}),
    ("Cropping2D", {}),
    ("Cropping3D", {}),
    ("UpSampling1D", {}),
    ("UpSampling2D", {}),
    ("UpSampling3D", {}),
    ("MaxPooling2D", {"strides": 1}),
    ("AveragePooling2D", {"pool_size": 2}),
    ("GlobalMaxPooling1D", {}),
    ("PReLU", {"shared_axes": [1]}),
    ("Softmax", {}),
    ("Dot", {"axes": (1, 2)}),
    ("Masking", {}),
    ("Flatten", {}),
]

# layer, arguments, shape to build for: the distribution of the first weights.
INITIAL = [
    ("Dense", {"units": 300}, (None, 200)),
    ("Conv2D", {"filters": 60, "kernel_size": 3}, (None, 8, 8, 50)),
    ("Conv2DTranspose", {"filters": 60, "kernel_size": 3}, (None, 8, 8, 50)),
    ("DepthwiseConv2D", {"kernel_size": 5, "depth_multiplier": 4}, (None, 8, 8, 300)),
    ("SeparableConv2D", {"filters": 100, "kernel_size": 5}, (None, 8, 8, 300)),
    ("Embedding", {"input_dim": 300, "output_dim": 100}, (None, 3)),
    ("EinsumDense", {"equation": "ab,bcd->acd", "output_shape": (20, 30)}, (None, 50)),
    ("EinsumDense", {"equation": "abc,bcd->abd", "output_shape": (30, 90)}, (None, 30, 8)),
    ("BatchNormalization", {}, (None, 5)),
]


def inputs_of(case: Case) -> list[np.ndarray]:
    """The inputs of a case, the same on every machine."""
    rng = np.random.RandomState(sum(map(ord, case.key)))
    if case.integers:
        return [rng.randint(0, case.integers, shape).astype("int32") for shape in case.shapes]
    return [rng.normal(size=shape).astype("float32") for shape in case.shapes]


def mask_of(case: Case) -> np.ndarray | None:
    """The mask of the first input, True for about two entries of three, the first always."""
    if not case.mask:
        return None
    mask = np.random.RandomState(5).uniform(size=case.shapes[0][:2]) < 0.66
    mask[:, 0] = True
    return mask


def weights_of(case: Case, shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    """Values for the weights; positive, because some of them are variances."""
    rng = np.random.RandomState(7 + sum(map(ord, case.key)))
    return [rng.uniform(0.1, 1.0, size=shape).astype("float32") for shape in shapes]


def cotangent_of(case: Case, shape: tuple[int, ...]) -> np.ndarray:
    """What the output is multiplied with before it is summed for the gradient."""
    return np.random.RandomState(11).normal(size=shape).astype("float32")

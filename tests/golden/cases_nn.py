"""What the recorder asks Keras and the test asks Cornu: ops of `keras.ops.nn`, `keras.ops.image`, `keras.activations`.

A case is (name, function, inputs, options). Inputs are drawn from the legacy NumPy generator, whose stream is frozen, so
only results are stored. `backend="jax"` marks cases that TensorFlow cannot do on a CPU or computes by a coarse table.
"""

import dataclasses
import zlib
from typing import Any

import numpy as np


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    function: str  # "nn.relu", "image.resize", "activations.relu"
    inputs: dict[str, Any]  # argument -> ("normal" | "uniform" | "labels", shape[, classes]) or an array
    options: dict[str, Any] = dataclasses.field(default_factory=dict)
    backend: str = "tensorflow"
    gradient: bool = True
    rtol: float = 1e-5
    atol: float = 2e-6

    def arrays(self) -> dict[str, np.ndarray]:
        """The inputs, the same on every run."""
        draw = np.random.RandomState(zlib.crc32(self.name.encode()))
        return {name: _draw(draw, spec) for name, spec in self.inputs.items()}


def _draw(draw: np.random.RandomState, spec: Any) -> np.ndarray:
    if isinstance(spec, np.ndarray):
        return spec
    kind, shape, *rest = spec
    if kind == "normal":
        return draw.standard_normal(shape).astype("float32")
    if kind == "uniform":
        return draw.uniform(0.02, 0.98, shape).astype("float32")
    if kind == "simplex":
        weights = draw.uniform(0.1, 1, shape)
        return (weights / weights.sum(-1, keepdims=True)).astype("float32")
    return draw.randint(0, rest[0], shape).astype("int32")


def weights(shape: tuple[int, ...]) -> np.ndarray:
    """Fixed weights that make a scalar of an output, so that its gradient can be asked for."""
    return np.cos(np.arange(int(np.prod(shape)), dtype="float32") * 0.7).reshape(shape)


def _activations() -> list[Case]:
    line = np.concatenate([np.linspace(-7.05, 7.05, 48), [-30.0, 30.0]]).astype("float32").reshape(5, 10)
    plain = [
        "celu",
        "elu",
        "gelu",
        "glu",
        "hard_shrink",
        "hard_sigmoid",
        "hard_silu",
        "hard_tanh",
        "leaky_relu",
        "log_sigmoid",
        "log_softmax",
        "relu",
        "relu6",
        "selu",
        "sigmoid",
        "silu",
        "soft_shrink",
        "softmax",
        "softplus",
        "softsign",
        "sparse_plus",
        "sparse_sigmoid",
        "squareplus",
        "tanh_shrink",
    ]
    # Keras' own sparsemax is left out: its rows do not sum to 1; the unit test checks ours against its definition.
    inputs = {name: {"x": line} for name in [*plain, "exponential", "mish", "tanh"]}
    cases = [Case(f"nn.{name}", f"nn.{name}", inputs[name]) for name in plain]
    cases += [Case(f"act.{name}", f"activations.{name}", x) for name, x in inputs.items()]
    more = [
        ("elu", {"alpha": 0.3}),
        ("celu", {"alpha": 2.5}),
        ("leaky_relu", {"negative_slope": 0.4}),
        ("gelu", {"approximate": False}),
        ("hard_shrink", {"threshold": 1.2}),
        ("soft_shrink", {"threshold": 1.2}),
        ("squareplus", {"b": 1}),
        ("softmax", {"axis": 0}),
        ("softmax", {"axis": (0, 1)}),
        ("softmax", {"axis": None}),
        ("log_softmax", {"axis": 0}),
        ("threshold", {"threshold": 0.5, "default_value": -2.0}),
    ]
    cases += [Case(f"nn.{name}{options}", f"nn.{name}", {"x": line}, options) for name, options in more]
    relus = [
        {"negative_slope": 0.1},
        {"max_value": 2.0},
        {"threshold": 1.0},
        {"max_value": 6.0, "threshold": 0.5},
        {"negative_slope": 0.1, "max_value": 3.0, "threshold": 1.0},
        {"negative_slope": 0.2, "threshold": -1.0},
    ]
    cases += [Case(f"act.relu{options}", "activations.relu", {"x": line}, options) for options in relus]
    cases.append(Case("act.gelu_tanh", "activations.gelu", {"x": line}, {"approximate": True}))
    return cases


def _convolutions() -> list[Case]:
    cases = []
    shapes = {1: (7,), 2: (6, 5), 3: (4, 5, 3)}
    for rank, spatial in shapes.items():
        for options in (
            {},
            {"padding": "same"},
            {"strides": 2},
            {"strides": 2, "padding": "same"},
            {"strides": 3, "padding": "same"},
            {"dilation_rate": 2, "padding": "same"},
        ):
            inputs = {"inputs": ("normal", (2, *spatial, 3)), "kernel": ("normal", (*(2, 3, 2)[-rank:], 3, 4))}
            cases.append(Case(f"conv{rank}{options}", "nn.conv", inputs, options))
    square = {"inputs": ("normal", (2, 6, 7, 4)), "kernel": ("normal", (3, 3, 4, 5))}
    cases += [
        Case("conv_1x1", "nn.conv", {"inputs": ("normal", (2, 5, 4, 3)), "kernel": ("normal", (1, 1, 3, 6))}),
        Case(
            "conv_1x1_s2",
            "nn.conv",
            {"inputs": ("normal", (2, 5, 4, 3)), "kernel": ("normal", (1, 1, 3, 6))},
            {"strides": 2},
        ),
        Case(
            "conv_2x2_image",
            "nn.conv",
            {"inputs": ("normal", (3, 2, 2, 8)), "kernel": ("normal", (3, 3, 8, 5))},
            {"padding": "same"},
        ),
        Case(
            "conv_even_kernel",
            "nn.conv",
            {"inputs": ("normal", (2, 5, 6, 6)), "kernel": ("normal", (4, 2, 6, 2))},
            {"padding": "same", "strides": (2, 1)},
        ),
        Case(
            "conv_wide",
            "nn.conv",
            {"inputs": ("normal", (1, 9, 9, 8)), "kernel": ("normal", (3, 3, 8, 8))},
            {"padding": "same"},
        ),
        Case("conv_dilated", "nn.conv", square, {"dilation_rate": (2, 1)}),
        Case(
            "conv_groups",
            "nn.conv",
            {"inputs": ("normal", (2, 6, 5, 4)), "kernel": ("normal", (3, 2, 2, 6))},
            {"padding": "same", "strides": 2},
            backend="jax",
        ),
        Case(
            "conv_groups1", "nn.conv", {"inputs": ("normal", (2, 8, 6)), "kernel": ("normal", (3, 2, 9))}, backend="jax"
        ),
        Case(
            "conv_first",
            "nn.conv",
            {"inputs": ("normal", (2, 3, 6, 5)), "kernel": ("normal", (3, 3, 3, 4))},
            {"padding": "same", "strides": 2, "data_format": "channels_first"},
            backend="jax",
        ),
        Case(
            "depthwise1",
            "nn.depthwise_conv",
            {"inputs": ("normal", (2, 7, 3)), "kernel": ("normal", (3, 3, 2))},
            {"padding": "same", "strides": 2},
        ),
        Case(
            "depthwise2", "nn.depthwise_conv", {"inputs": ("normal", (2, 6, 5, 3)), "kernel": ("normal", (3, 2, 3, 1))}
        ),
        Case(
            "depthwise2_multiplier",
            "nn.depthwise_conv",
            {"inputs": ("normal", (2, 6, 5, 3)), "kernel": ("normal", (3, 2, 3, 2))},
            {"padding": "same", "strides": 2},
        ),
        Case(
            "depthwise2_dilated",
            "nn.depthwise_conv",
            {"inputs": ("normal", (2, 7, 7, 3)), "kernel": ("normal", (3, 3, 3, 2))},
            {"dilation_rate": 2},
        ),
        Case(
            "depthwise2_first",
            "nn.depthwise_conv",
            {"inputs": ("normal", (2, 3, 6, 5)), "kernel": ("normal", (3, 2, 3, 2))},
            {"data_format": "channels_first"},
            backend="jax",
        ),
        Case(
            "separable1",
            "nn.separable_conv",
            {
                "inputs": ("normal", (2, 7, 3)),
                "depthwise_kernel": ("normal", (3, 3, 2)),
                "pointwise_kernel": ("normal", (1, 6, 4)),
            },
            {"padding": "same"},
        ),
        Case(
            "separable2",
            "nn.separable_conv",
            {
                "inputs": ("normal", (2, 6, 5, 3)),
                "depthwise_kernel": ("normal", (3, 3, 3, 2)),
                "pointwise_kernel": ("normal", (1, 1, 6, 4)),
            },
            {"strides": 2, "padding": "same"},
        ),
    ]
    for rank, spatial in {1: (5,), 2: (3, 4), 3: (2, 3, 2)}.items():
        for padding in ("valid", "same"):
            for strides, size, extra in (
                (1, 3, None),
                (2, 3, None),
                (2, 2, None),
                (3, 2, None),
                (2, 4, None),
                (2, 3, 1),
                (3, 3, 1),
            ):
                inputs = {"inputs": ("normal", (2, *spatial, 3)), "kernel": ("normal", (*(size,) * rank, 4, 3))}
                options = {"strides": strides, "padding": padding, "output_padding": extra}
                name = f"transpose{rank}_{padding}_s{strides}_k{size}_{extra}"
                cases.append(Case(name, "nn.conv_transpose", inputs, options))
    cases += [
        Case(
            "transpose_dilated",
            "nn.conv_transpose",
            {"inputs": ("normal", (2, 4, 5, 3)), "kernel": ("normal", (3, 2, 4, 3))},
            {"dilation_rate": 2, "padding": "same"},
            backend="jax",
        ),
        Case(
            "transpose_first",
            "nn.conv_transpose",
            {"inputs": ("normal", (2, 3, 4, 5)), "kernel": ("normal", (3, 2, 4, 3))},
            {"strides": 2, "data_format": "channels_first"},
            backend="jax",
        ),
    ]
    return cases


def _pools() -> list[Case]:
    cases = []
    ranks = {1: (7,), 2: (6, 7), 3: (4, 5, 6)}
    for kind in ("max_pool", "average_pool"):
        for rank, spatial in ranks.items():
            for size, strides, padding in (
                (2, None, "valid"),
                (2, 2, "same"),
                (3, 2, "valid"),
                (3, 1, "same"),
                (4, 3, "same"),
            ):
                options = {"pool_size": size, "strides": strides, "padding": padding}
                name = f"{kind}{rank}_{size}_{strides}_{padding}"
                cases.append(Case(name, f"nn.{kind}", {"inputs": ("normal", (2, *spatial, 3))}, options))
        cases.append(
            Case(
                f"{kind}_first",
                f"nn.{kind}",
                {"inputs": ("normal", (2, 3, 6, 7))},
                {"pool_size": (2, 3), "strides": (2, 3), "data_format": "channels_first"},
                backend="jax",
            )
        )
        cases.append(
            Case(
                f"{kind}_ties",
                f"nn.{kind}",
                {"inputs": np.round(np.sin(np.arange(72)) * 2).astype("float32").reshape(1, 6, 6, 2)},
                {"pool_size": 3, "strides": 2, "padding": "same"},
            )
        )
        cases.append(
            Case(f"{kind}_large", f"nn.{kind}", {"inputs": ("normal", (1, 11, 12, 2))}, {"pool_size": 10, "strides": 1})
        )
    for kind in ("adaptive_average_pool", "adaptive_max_pool"):
        for rank, spatial in ranks.items():
            for size in (1, 2, 3, 4):
                cases.append(
                    Case(
                        f"{kind}{rank}_{size}",
                        f"nn.{kind}",
                        {"inputs": ("normal", (2, *spatial, 2))},
                        {"output_size": size},
                        backend="jax",
                    )
                )
    return cases


def _normalizations() -> list[Case]:
    x = {"x": ("normal", (3, 4, 5))}
    five = {"mean": ("normal", (5,)), "variance": ("uniform", (5,))}
    return [
        Case("moments", "nn.moments", x, {"axes": (0, 1)}),
        Case("moments_keep", "nn.moments", x, {"axes": (1,), "keepdims": True}),
        Case("batch_norm", "nn.batch_normalization", {**x, **five}, {"axis": -1}),
        Case(
            "batch_norm_affine",
            "nn.batch_normalization",
            {**x, **five, "offset": ("normal", (5,)), "scale": ("normal", (5,))},
            {"axis": -1, "epsilon": 0.01},
        ),
        Case(
            "batch_norm_axis1",
            "nn.batch_normalization",
            {**x, "mean": ("normal", (4,)), "variance": ("uniform", (4,)), "scale": ("normal", (4,))},
            {"axis": 1},
        ),
        Case("layer_norm", "nn.layer_normalization", x),
        Case(
            "layer_norm_affine",
            "nn.layer_normalization",
            {**x, "gamma": ("normal", (5,)), "beta": ("normal", (5,))},
            {"epsilon": 1e-3},
        ),
        Case(
            "layer_norm_axes",
            "nn.layer_normalization",
            {**x, "gamma": ("normal", (4, 5)), "beta": ("normal", (4, 5))},
            {"axis": (1, 2)},
        ),
        Case("layer_norm_axis1", "nn.layer_normalization", {**x, "gamma": ("normal", (4,))}, {"axis": 1}),
        Case("rms_norm", "nn.rms_normalization", x),
        Case("rms_norm_scale", "nn.rms_normalization", {**x, "scale": ("normal", (5,))}, {"epsilon": 0.01}),
        Case("rms_norm_axes", "nn.rms_normalization", {**x, "scale": ("normal", (4, 5))}, {"axis": (1, 2)}),
        *(
            Case(f"normalize_{order}_{axis}", "nn.normalize", x, {"order": order, "axis": axis})
            for order in (1, 2, 3)
            for axis in (-1, 0)
        ),
        *(Case(f"normalize_{axis}", "nn.normalize", x, {"axis": axis}) for axis in ((1, 2), None)),
        Case("normalize_floor", "nn.normalize", x, {"epsilon": 2.5}),
    ]


def _losses() -> list[Case]:
    logits, p, target = ("normal", (6, 5)), ("simplex", (6, 5)), ("simplex", (6, 5))
    hard = np.array([[0, 1, 0], [0.2, 0.3, 0.5], [1, 1e-9, 1e-4]], "float32")
    ctc = {
        "target": np.array([[1, 2, 2], [3, 1, 0], [4, 0, 0]], "int32"),
        "output": ("normal", (3, 8, 5)),
        "target_length": np.array([3, 2, 1], "int32"),
        "output_length": np.array([8, 5, 6], "int32"),
    }
    frames = {"inputs": ("normal", (3, 7, 5)), "sequence_lengths": np.array([7, 5, 6], "int32")}
    return [
        Case("cce", "nn.categorical_crossentropy", {"target": target, "output": p}),
        Case("cce_unnormalised", "nn.categorical_crossentropy", {"target": target, "output": ("uniform", (6, 5))}),
        Case("cce_logits", "nn.categorical_crossentropy", {"target": target, "output": logits}, {"from_logits": True}),
        Case("cce_axis", "nn.categorical_crossentropy", {"target": target, "output": p}, {"axis": 0}),
        Case("cce_clipped", "nn.categorical_crossentropy", {"target": np.eye(3, dtype="float32"), "output": hard}),
        Case("scce", "nn.sparse_categorical_crossentropy", {"target": ("labels", (6,), 5), "output": p}),
        Case(
            "scce_unnormalised",
            "nn.sparse_categorical_crossentropy",
            {"target": ("labels", (6,), 5), "output": ("uniform", (6, 5))},
        ),
        Case(
            "scce_logits",
            "nn.sparse_categorical_crossentropy",
            {"target": ("labels", (6,), 5), "output": logits},
            {"from_logits": True},
        ),
        Case("scce_column", "nn.sparse_categorical_crossentropy", {"target": ("labels", (6, 1), 5), "output": p}),
        Case(
            "scce_image",
            "nn.sparse_categorical_crossentropy",
            {"target": ("labels", (2, 3), 5), "output": ("normal", (2, 3, 5))},
            {"from_logits": True},
        ),
        Case(
            "scce_clipped",
            "nn.sparse_categorical_crossentropy",
            {"target": np.array([0, 1, 2], "int32"), "output": hard},
            atol=3e-7,
        ),
        Case("bce", "nn.binary_crossentropy", {"target": target, "output": ("uniform", (6, 5))}),
        Case("bce_logits", "nn.binary_crossentropy", {"target": target, "output": logits}, {"from_logits": True}),
        Case("bce_clipped", "nn.binary_crossentropy", {"target": np.eye(3, dtype="float32"), "output": hard}),
        Case("psnr", "nn.psnr", {"x1": ("uniform", (2, 4, 4, 3)), "x2": ("uniform", (2, 4, 4, 3))}, {"max_val": 1.0}),
        Case("ctc_loss", "nn.ctc_loss", ctc),
        Case("ctc_greedy", "nn.ctc_decode", frames, {"strategy": "greedy"}, gradient=False),
        Case(
            "ctc_greedy_unmerged",
            "nn.ctc_decode",
            frames,
            {"strategy": "greedy", "merge_repeated": False, "mask_index": 4},
            gradient=False,
        ),
        Case("ctc_beam", "nn.ctc_decode", frames, {"strategy": "beam_search", "top_paths": 3}, gradient=False),
        Case(
            "ctc_beam_mask",
            "nn.ctc_decode",
            frames,
            {"strategy": "beam_search", "top_paths": 2, "mask_index": 4},
            gradient=False,
        ),
        Case(
            "ctc_beam_narrow",
            "nn.ctc_decode",
            frames,
            {"strategy": "beam_search", "beam_width": 4, "top_paths": 2},
            gradient=False,
        ),
    ]


def _others() -> list[Case]:
    labels = {"x": np.array([[0, 2], [5, -1]], "int32")}
    qkv = {"query": ("normal", (2, 3, 4, 5)), "key": ("normal", (2, 6, 4, 5)), "value": ("normal", (2, 6, 4, 5))}
    shared = {"query": ("normal", (2, 3, 4, 5)), "key": ("normal", (2, 6, 2, 5)), "value": ("normal", (2, 6, 2, 5))}
    mask = np.array([True, True, False, True, False, True])[None, None, None]
    return [
        Case("one_hot", "nn.one_hot", labels, {"num_classes": 4}, gradient=False),
        Case("one_hot_axis", "nn.one_hot", labels, {"num_classes": 3, "axis": 1, "dtype": "int32"}, gradient=False),
        Case("multi_hot", "nn.multi_hot", {"inputs": labels["x"]}, {"num_classes": 4}, gradient=False),
        Case(
            "multi_hot_1d", "nn.multi_hot", {"inputs": np.array([0, 2, 2], "int32")}, {"num_classes": 4}, gradient=False
        ),
        Case("polar", "nn.polar", {"abs_": ("uniform", (3, 2)), "angle": ("normal", (3, 2))}, gradient=False),
        Case("attention", "nn.dot_product_attention", qkv),
        Case("attention_bias", "nn.dot_product_attention", {**qkv, "bias": ("normal", (1, 4, 3, 6))}, {"scale": 0.3}),
        Case("attention_mask", "nn.dot_product_attention", {**qkv, "mask": mask}),
        Case("attention_causal", "nn.dot_product_attention", qkv, {"is_causal": True}),
        Case("attention_groups", "nn.dot_product_attention", shared, backend="jax"),
        Case("space_to_depth", "nn.space_to_depth", {"x": ("normal", (2, 4, 6, 3))}, {"block_size": 2}),
        Case("depth_to_space", "nn.depth_to_space", {"x": ("normal", (2, 2, 3, 8))}, {"block_size": 2}),
        Case(
            "depth_to_space_first",
            "nn.depth_to_space",
            {"x": ("normal", (2, 8, 2, 3))},
            {"block_size": 2, "data_format": "channels_first"},
        ),
        Case(
            "unfold",
            "nn.unfold",
            {"x": ("normal", (2, 3, 5, 6))},
            {"kernel_size": (2, 3), "padding": 1, "stride": (2, 1)},
        ),
        Case("unfold_dilated", "nn.unfold", {"x": ("normal", (2, 3, 5, 6))}, {"kernel_size": 2, "dilation": 2}),
        Case("fold", "nn.fold", {"x": ("normal", (2, 12, 12))}, {"output_size": (4, 5), "kernel_size": 2}),
        Case(
            "fold_padded",
            "nn.fold",
            {"x": ("normal", (2, 8, 9))},
            {"output_size": 4, "kernel_size": 2, "padding": 1, "stride": 2},
        ),
    ]


def _images() -> list[Case]:
    image, rgb = {"images": ("uniform", (2, 5, 7, 2))}, {"images": ("uniform", (2, 4, 5, 3))}
    small = {"images": (np.arange(105).reshape(1, 5, 7, 3) * 37 % 256).astype("uint8")}
    affine = np.array([1.1, 0.2, -0.7, -0.1, 0.9, 0.6, 0, 0], "float32")
    bent = np.array([[1.1, 0.2, -0.7, -0.1, 0.9, 0.6, 0.01, 0.02], [0.9, 0, 1.3, 0.3, 1.2, -2.13, 0, 0.01]], "float32")
    start = np.array([[0, 0], [0, 4], [6, 0], [6, 4]], "float32")
    end = np.array([[1, 0], [0, 3], [5, 1], [6, 4]], "float32")
    places = np.array([[[0.1, -0.7, 3.6, 2.2]], [[1.3, 5.2, 6.9, -1.4]]], "float32")
    cases = []
    for method in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"):
        for size in ((3, 4), (8, 9), (4, 10)):
            for antialias in (False, True):
                backend = "jax" if method == "bicubic" else "tensorflow"
                options = {"size": size, "interpolation": method, "antialias": antialias}
                cases.append(
                    Case(
                        f"resize_{method}_{size}_{antialias}",
                        "image.resize",
                        image,
                        options,
                        backend=backend,
                        atol=5e-6,
                        gradient=method != "area",
                    )
                )
        if method != "bicubic":
            cases.append(
                Case(
                    f"resize_uint8_{method}",
                    "image.resize",
                    small,
                    {"size": (3, 4), "interpolation": method},
                    gradient=False,
                )
            )
    for size in ((4, 4), (6, 3), (3, 8)):
        cases.append(Case(f"resize_crop_{size}", "image.resize", image, {"size": size, "crop_to_aspect_ratio": True}))
        cases.append(
            Case(
                f"resize_pad_{size}",
                "image.resize",
                image,
                {"size": size, "pad_to_aspect_ratio": True, "fill_value": 0.5},
            )
        )
    for method in ("nearest", "bilinear"):
        for mode in ("constant", "nearest", "reflect", "wrap"):
            options = {"interpolation": method, "fill_mode": mode, "fill_value": 0.5}
            cases.append(
                Case(
                    f"affine_{method}_{mode}",
                    "image.affine_transform",
                    {**image, "transform": affine},
                    options,
                    gradient=False,
                )
            )
            cases.append(
                Case(
                    f"affine_bent_{method}_{mode}",
                    "image.affine_transform",
                    {**image, "transform": bent},
                    options,
                    gradient=False,
                )
            )
        cases.append(
            Case(
                f"perspective_{method}",
                "image.perspective_transform",
                {**image, "start_points": np.stack([start, end]), "end_points": np.stack([end, start])},
                {"interpolation": method, "fill_value": 0.3},
                gradient=False,
                atol=2e-5,
            )
        )
    for order in (0, 1):
        for mode in ("constant", "nearest", "wrap", "mirror", "reflect"):
            cases.append(
                Case(
                    f"map_{order}_{mode}",
                    "image.map_coordinates",
                    {"inputs": ("normal", (4, 6)), "coordinates": places},
                    {"order": order, "fill_mode": mode, "fill_value": -1.0},
                    backend="jax",
                    gradient=False,
                )
            )
    cases += [
        Case("affine_uint8", "image.affine_transform", {**small, "transform": affine}, gradient=False),
        Case(
            "scale_linear",
            "image.scale_and_translate",
            {**image, "scale": np.array([0.5, 0.6], "float32"), "translation": np.array([0.3, -0.2], "float32")},
            {"output_shape": (2, 3, 4, 2), "spatial_dims": (1, 2), "method": "linear"},
            gradient=False,
        ),
        Case(
            "scale_cubic",
            "image.scale_and_translate",
            {**image, "scale": np.array([1.5, 0.6], "float32"), "translation": np.array([0.3, -0.2], "float32")},
            {"output_shape": (2, 7, 4, 2), "spatial_dims": (1, 2), "method": "cubic", "antialias": False},
            gradient=False,
        ),
        Case("patches", "image.extract_patches", image, {"size": (2, 3)}),
        Case("patches_same", "image.extract_patches", image, {"size": (2, 3), "strides": (1, 2), "padding": "same"}),
        Case("patches_dilated", "image.extract_patches", image, {"size": 2, "strides": 1, "dilation_rate": 2}),
        Case("patches_volume", "image.extract_patches", {"images": ("normal", (1, 4, 5, 6, 2))}, {"size": (2, 2, 3)}),
        Case(
            "patches_3d",
            "image.extract_patches_3d",
            {"volumes": ("normal", (1, 4, 5, 6, 2))},
            {"size": 2, "strides": 1, "padding": "same"},
        ),
        Case(
            "pad",
            "image.pad_images",
            image,
            {"top_padding": 1, "left_padding": 2, "bottom_padding": 3, "target_width": 12},
        ),
        Case(
            "crop",
            "image.crop_images",
            image,
            {"top_cropping": 1, "left_cropping": 2, "bottom_cropping": 1, "target_width": 3},
        ),
        Case("gray", "image.rgb_to_grayscale", rgb),
        Case("gray_uint8", "image.rgb_to_grayscale", small, gradient=False),
        Case("rgb_to_hsv", "image.rgb_to_hsv", rgb, gradient=False),
        Case("hsv_to_rgb", "image.hsv_to_rgb", rgb, gradient=False),
        Case("blur", "image.gaussian_blur", image),
        Case("blur_wide", "image.gaussian_blur", image, {"kernel_size": (5, 5), "sigma": (1.5, 1.5)}),
        Case("blur_even", "image.gaussian_blur", image, {"kernel_size": (4, 4), "sigma": (0.8, 0.8)}),
        Case("sobel", "image.sobel_edges", image),
        Case(
            "ssim",
            "image.ssim",
            {"image1": ("uniform", (2, 8, 9, 3)), "image2": ("uniform", (2, 8, 9, 3))},
            {"filter_size": 5},
        ),
    ]
    return cases


CASES = [*_activations(), *_convolutions(), *_pools(), *_normalizations(), *_losses(), *_others(), *_images()]

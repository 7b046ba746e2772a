"""How Keras' files write the ops of functional graphs: module, class name, and which arguments stand where.

Only what does not follow from the op itself is listed: a class is the op's name in class spelling, its module is `numpy`,
tensors are arguments of the node, and everything else is config.
"""

from cornu._base.names import snake_case

_BY_MODULE = {
    "nn": """adaptive_average_pool adaptive_max_pool average_pool batch_normalization binary_crossentropy
        categorical_crossentropy celu conv conv_transpose ctc_decode ctc_loss depth_to_space depthwise_conv
        dot_product_attention elu fold gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh layer_normalization
        leaky_relu log_sigmoid log_softmax max_pool moments multi_hot normalize one_hot polar psnr relu relu6
        rms_normalization selu separable_conv sigmoid silu soft_shrink softmax softplus softsign space_to_depth
        sparse_categorical_crossentropy sparse_plus sparse_sigmoid sparsemax squareplus swish tanh_shrink threshold unfold""",
    "core": """associative_scan cast cond convert_to_numpy convert_to_tensor custom_gradient dtype fori_loop is_tensor map
        saturate_cast scan scatter scatter_update shape slice_at slice_update stop_gradient switch unstack vectorized_map
        while_loop""",
    "math": """cdist erf erfc erfinv extract_sequences fft fft2 ifft2 in_top_k irfft istft logdet logsumexp rfft rsqrt
        segment_max segment_min segment_prod segment_sum stft top_k view_as_complex view_as_real""",
    "linalg": """cholesky cholesky_inverse det eig eigh inv jvp lstsq lu_factor matrix_rank norm pinv qr solve
        solve_triangular svd""",
    "image": """affine_transform crop_images elastic_transform extract_patches extract_patches_3d gaussian_blur hsv_to_rgb
        map_coordinates pad_images perspective_transform resize rgb_to_grayscale rgb_to_hsv scale_and_translate
        sobel_edges ssim""",
}
_MODULE_OF = {name: module for module, names in _BY_MODULE.items() for name in names.split()}


def keras_module(op_name: str) -> str:
    """`"keras.src.ops.nn"` for `relu`."""
    return f"keras.src.ops.{_MODULE_OF.get(op_name, 'numpy')}"


_CLASS_NAMES = {
    "allclose": "AllClose",
    "batch_normalization": "BatchNorm",
    "cdist": "CDist",
    "ctc_decode": "CTCDecode",
    "ctc_loss": "CTCLoss",
    "fft": "FFT",
    "fft2": "FFT2",
    "hsv_to_rgb": "HSVToRGB",
    "ifft2": "IFFT2",
    "irfft": "IRFFT",
    "isin": "IsIn",
    "istft": "ISTFT",
    "layer_normalization": "LayerNorm",
    "psnr": "PSNR",
    "rfft": "RFFT",
    "rgb_to_grayscale": "RGBToGrayscale",
    "rgb_to_hsv": "RGBToHSV",
    "rms_normalization": "RMSNorm",
    "searchsorted": "SearchSorted",
    "select_where": "Where",
    "slice_at": "Slice",
    "ssim": "SSIM",
    "stft": "STFT",
    "svd": "SVD",
}
_OP_OF = {class_name: name for name, class_name in _CLASS_NAMES.items()} | {
    "Abs": "absolute",
    "ConvertToTensor": "copy",
}

# Op -> its positional and its keyword arguments in a node; all other parameters are config.
ARGUMENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "average": (("x",), ("weights",)),
    "batch_normalization": (("x", "mean", "variance", "offset", "scale"), ()),
    "bincount": (("x",), ()),
    "clip": (("x",), ()),
    "dot_product_attention": (("query", "key", "value"), ("bias", "mask", "scale")),
    "isclose": (("x1", "x2", "rtol", "atol"), ()),
    "layer_normalization": (("x", "gamma", "beta"), ()),
    "max": (("x",), ()),
    "min": (("x",), ()),
    "pad": (("x",), ("constant_values",)),
    "rms_normalization": (("x",), ("scale",)),
    "threshold": (("x",), ()),
    "trapezoid": (("y",), ()),
}
UNKNOWN = {"multi_hot": ("num_tokens",)}  # parameters that Keras' class does not take
FILLED_IN = {  # where Keras writes the default that None means
    "one_hot": ("dtype",),
    "multi_hot": ("dtype",),
    "conv": ("data_format",),
    "conv_transpose": ("data_format",),
    "depthwise_conv": ("data_format",),
    "separable_conv": ("data_format",),
    "max_pool": ("data_format",),
    "average_pool": ("data_format",),
    "adaptive_max_pool": ("data_format",),
    "adaptive_average_pool": ("data_format",),
}


def class_name(op_name: str) -> str:
    """`"ReduceSum"` for `reduce_sum`, `"FFT"` for `fft`."""
    return _CLASS_NAMES.get(op_name) or "".join(part[:1].upper() + part[1:] for part in op_name.split("_"))


def op_name(written: str) -> str:
    """The op that a class in a file means, in the spelling of ops: `"fft"` for `FFT`."""
    return _OP_OF.get(written) or snake_case(written)

"""Initializers, regularizers and constraints that recorder and test share: class name, arguments, shape."""

import numpy as np

# Values that do not depend on chance.
FIXED = {
    "zeros": ("Zeros", {}, (2, 3)),
    "ones": ("Ones", {}, (2, 3)),
    "constant": ("Constant", {"value": 2.5}, (2, 3)),
    "identity": ("Identity", {}, (3, 3)),
    "identity_gain": ("Identity", {"gain": 0.5}, (2, 4)),
    "stft": ("STFT", {}, (8, 1, 5)),
    "stft_long": ("STFT", {}, (8, 1, 10)),
    "stft_imag": ("STFT", {"side": "imag"}, (8, 1, 5)),
    "stft_unscaled": ("STFT", {"scaling": None}, (8, 1, 5)),
    "stft_spectrum": ("STFT", {"scaling": "spectrum"}, (8, 1, 5)),
    "stft_no_window": ("STFT", {"window": None}, (8, 1, 5)),
    "stft_periodic": ("STFT", {"window": "hamming", "periodic": True}, (8, 1, 5)),
}

# Values that do: mean, deviation, least and greatest are compared.
RANDOM = {
    "normal": ("RandomNormal", {"mean": 0.3, "stddev": 0.2}, (200, 300)),
    "truncated": ("TruncatedNormal", {"mean": 0.3, "stddev": 0.2}, (200, 300)),
    "uniform": ("RandomUniform", {"minval": -0.1, "maxval": 0.4}, (200, 300)),
    "glorot_uniform": ("GlorotUniform", {}, (200, 300)),
    "glorot_normal": ("GlorotNormal", {}, (200, 300)),
    "he_uniform": ("HeUniform", {}, (3, 3, 40, 90)),
    "he_normal": ("HeNormal", {}, (3, 3, 40, 90)),
    "lecun_uniform": ("LecunUniform", {}, (5, 40, 90)),
    "lecun_normal": ("LecunNormal", {}, (5, 40, 90)),
    "scaling_vector": ("VarianceScaling", {"distribution": "uniform"}, (20000,)),
    "scaling_out": ("VarianceScaling", {"mode": "fan_out", "scale": 3.0, "distribution": "untruncated_normal"}, (50, 600)),
    "scaling_axes": (
        "VarianceScaling", {"input_axes": [0, 1], "output_axes": [-1], "distribution": "uniform"}, (9, 30, 4, 50),
    ),
    "orthogonal": ("Orthogonal", {"gain": 1.5}, (200, 100)),
}  # fmt: skip

REGULARIZERS = {
    "l1": ("L1", {"l1": 0.1}),
    "l2": ("L2", {"l2": 0.2}),
    "l1_l2": ("L1L2", {"l1": 0.1, "l2": 0.2}),
    "l1_l2_default": ("L1L2", {}),
    "orthogonal_rows": ("OrthogonalRegularizer", {"factor": 0.3}),
    "orthogonal_columns": ("OrthogonalRegularizer", {"factor": 0.3, "mode": "columns"}),
}

CONSTRAINTS = {
    "max_norm": ("MaxNorm", {"max_value": 1.5}),
    "max_norm_rows": ("MaxNorm", {"max_value": 1.5, "axis": 1}),
    "non_neg": ("NonNeg", {}),
    "unit_norm": ("UnitNorm", {}),
    "unit_norm_both": ("UnitNorm", {"axis": [0, 1]}),
    "min_max_norm": ("MinMaxNorm", {"min_value": 1.0, "max_value": 2.0}),
    "min_max_norm_rate": ("MinMaxNorm", {"min_value": 1.0, "max_value": 2.0, "rate": 0.3, "axis": 1}),
}


def weights():
    """A matrix with columns of small, middling and large norm, and weights of its entries for a scalar to differentiate."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(4, 3)) * np.array([0.1, 0.8, 3.0])
    return x.astype("float32"), rng.normal(size=(4, 3)).astype("float32")


def moments(values):
    """Mean, deviation, least, greatest."""
    return np.array([values.mean(), values.std(), values.min(), values.max()], "float32")

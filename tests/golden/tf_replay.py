"""What the tests of the `tf` modules share: a case evaluated here, and compared with what TensorFlow gave."""

import json
import pathlib

import numpy as np
import pytest
from cases_tf_math import inputs

import cornu
from cornu import ops
from cornu._base.errors import CornuError
from cornu.core.tape import GradientTape
from cornu.core.tensor import convert_to_tensor
from cornu.tf import bitwise, linalg, math, nn, quantization, sets, signal
from cornu.tf.sparse import SparseTensor

HERE = pathlib.Path(__file__).parent
TABLE = json.loads((HERE / "tf_math.json").read_text())
ARRAYS = np.load(HERE / "tf_math.npz")
MODULES = {
    "math": math,
    "nn": nn,
    "linalg": linalg,
    "signal": signal,
    "bitwise": bitwise,
    "sets": sets,
    "quantization": quantization,
    "np": np,
}
# (rtol, atol) where float32 rounding of a long or ill-conditioned computation needs more than 1e-5
_PARTS = {
    (1e-3, 1e-3): "(s) lstsq pinv sqrtm",
    (1e-4, 1e-4): "expm inv( det solve cholesky lu_ qr( tridiagonal",
    (
        1e-4,
        2e-5,
    ): """special signal conv ctc igamma erfcinv erfinv ndtri zeta gamma betainc lbeta eig svd sampled_softmax norm
        log_poisson space_to_batch reduce_prod""",
}
LOOSE = {part: limits for limits, parts in _PARTS.items() for part in parts.split()}
# where the sizes of the results depend on values, nothing can be compiled around them
NEEDS_VALUES = ("segment_sum(a, k)", "math.segment_", "ctc_loss")


def flatten(result):
    """Tensors of a nest, in order; the parts of sparse ones."""
    if isinstance(result, SparseTensor):
        return [result.indices, result.values, result.dense_shape]
    if isinstance(result, (list, tuple)):
        return [leaf for item in result for leaf in flatten(item) if leaf is not None]
    return [result]


def close(actual, expected, expression):
    """Whether the numbers are those recorded."""
    rtol, atol = next((limits for part, limits in LOOSE.items() if part in expression), (1e-5, 1e-6))
    np.testing.assert_allclose(actual, expected, rtol=rtol, atol=atol)


def values_and_gradients(expression, tensors, names):
    """The outputs, and the gradients of a weighted sum of them for the named tensors."""
    watched = [tensors[name] for name in names]
    with GradientTape() as tape:
        tape.watch(watched)
        outputs = [convert_to_tensor(output) for output in flatten(eval(expression, MODULES | tensors))]
        floats = [ops.cast(output, "float32") for output in outputs if output.dtype.is_floating]
        weights = [np.cos(np.arange(x.size, dtype="float32")).reshape(tuple(x.shape)) for x in floats]
        total = sum((ops.sum(x * w) for x, w in zip(floats, weights, strict=True)), start=ops.zeros(()))
    return outputs, tape.gradient(total, watched, unconnected_gradients="zero")


def check(expression):
    """Values, dtypes, shapes and gradients of a case; gradients inside of a compiled function."""
    case = TABLE["cases"][expression]
    tensors = {name: convert_to_tensor(value) for name, value in inputs().items()}
    if case["gradients"]:
        run = lambda given: values_and_gradients(expression, given, case["gradients"])
        is_compiled = not any(part in expression for part in NEEDS_VALUES)
        outputs, gradients = cornu.function(run)(tensors) if is_compiled else run(tensors)
    else:
        outputs, gradients = [convert_to_tensor(o) for o in flatten(eval(expression, MODULES | tensors))], []
    assert [output.dtype.name for output in outputs] == case["dtypes"]
    for place, output in enumerate(outputs):
        expected = ARRAYS[f"{case['number']}/{place}"]
        assert tuple(output.shape) == expected.shape
        close(output.numpy(), expected, expression)
    for (name, key), gradient in zip(case["gradients"].items(), gradients, strict=True):
        close(gradient.numpy(), ARRAYS[key], f"{expression} by {name}")


def check_refused(expression):
    """That the arguments are refused, with a sentence."""
    assert TABLE["errors"][expression]
    with pytest.raises(CornuError, match=r"[Ee]xpected|cannot take|does not fit|has no diagonal"):
        eval(expression, MODULES | {name: convert_to_tensor(value) for name, value in inputs().items()})

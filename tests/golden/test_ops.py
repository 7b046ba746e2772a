"""The ops against values, dtypes and gradients recorded from Keras 3.15 (`record_ops.py`)."""

import json
import pathlib

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from cases_ops import ONE, SMOOTH, TWO, VALUES, inputs

import cornu
from cornu import ops
from cornu.core import dtypes
from cornu.core.symbolic import unboxed
from cornu.core.tape import GradientTape
from cornu.core.tensor import box, convert_to_tensor

HERE = pathlib.Path(__file__).parent
TABLE = json.loads((HERE / "ops.json").read_text())
ARRAYS = np.load(HERE / "ops.npz")
# (rtol, atol) where float32 rounding of a long or ill-conditioned computation needs more than 1e-5
LOOSE = {"svd": (1e-4, 1e-5), "pinv": (1e-4, 1e-5), "lstsq": (1e-4, 1e-5), "eigh": (1e-4, 1e-5), "cholesky_inverse": (1e-4, 1e-5),
         "qr": (1e-4, 2e-5), "stft": (1e-4, 1e-5), "istft": (1e-4, 1e-5), "erfinv": (5e-5, 1e-6), "norm(m": (1e-4, 1e-5),
         "cast(a, 'float16')": (1e-3, 1e-3), "det": (1e-4, 1e-4), "solve": (1e-4, 1e-5), "fft": (1e-4, 1e-5),
         "sinc": (5e-5, 1e-6), "inv(": (1e-4, 1e-5), "cholesky": (1e-4, 1e-5)}  # fmt: skip


def flatten(result):
    """Tensors of a nest, in order."""
    if isinstance(result, (list, tuple)):
        return [leaf for item in result for leaf in flatten(item)]
    if isinstance(result, dict):
        return [leaf for item in result.values() for leaf in flatten(item)]
    return [result]


def close(actual, expected, expression):
    rtol, atol = next((limits for part, limits in LOOSE.items() if part in expression), (1e-5, 1e-6))
    np.testing.assert_allclose(np.asarray(actual, expected.dtype), expected, rtol=rtol, atol=atol)


def evaluate(expression, scope):
    return flatten(eval(expression, {"ops": ops, "np": np, **scope}))


def needs_values(expression):
    """Whether the sizes of the results depend on values, so that nothing can be compiled around it.

    Everything else is one program: compiling is what takes the time here.
    """
    return "segment_sum(r, k[:4])" in expression or "while_loop" in expression


def values_and_gradients(expression, tensors, names):
    """The outputs, and the gradients of a weighted sum of them for the named tensors."""
    watched = [tensors[name] for name in names]
    with GradientTape() as tape:
        tape.watch(watched)
        outputs = [convert_to_tensor(output) for output in evaluate(expression, tensors)]
        floats = [ops.cast(output, "float32") for output in outputs if output.dtype.is_floating]
        weights = [np.cos(np.arange(x.size, dtype="float32")).reshape(tuple(x.shape)) for x in floats]
        total = sum((ops.sum(x * w) for x, w in zip(floats, weights, strict=True)), start=ops.zeros(()))
    return outputs, tape.gradient(total, watched, unconnected_gradients="zero")


@pytest.mark.parametrize("expression", SMOOTH + VALUES)
def test_values_dtypes_and_gradients(expression):
    case = TABLE["cases"][expression]
    tensors = {name: convert_to_tensor(value) for name, value in inputs().items()}
    if case["gradients"]:
        run = lambda given: values_and_gradients(expression, given, case["gradients"])
        outputs, gradients = run(tensors) if needs_values(expression) else cornu.function(run)(tensors)
    else:
        outputs, gradients = [convert_to_tensor(output) for output in evaluate(expression, tensors)], []
    assert [output.dtype.name for output in outputs] == case["dtypes"]
    for place, output in enumerate(outputs):
        expected = ARRAYS[f"{case['number']}/{place}"]
        assert tuple(output.shape) == expected.shape
        as_numpy = output if output.dtype != "bfloat16" else ops.cast(output, "float32")
        close(as_numpy.numpy(), expected, expression)
    for (name, key), gradient in zip(case["gradients"].items(), gradients, strict=True):
        assert gradient.shape == tensors[name].shape
        close(gradient.numpy(), ARRAYS[key], expression)


@pytest.mark.parametrize("expression", ONE + TWO)
def test_result_dtypes(expression):
    ramp = np.array([1.0, 2.0, 3.0], "float32")

    def result(*arrays):
        scope = dict(zip("xy", map(box, arrays), strict=False))
        return unboxed(evaluate(expression, scope))

    found = {}
    for key in TABLE["dtypes"][expression]:
        arrays = [jnp.asarray(ramp).astype(dtype) for dtype in key.split()]
        by_value = "nonzero" in expression or "unique" in expression
        outputs = result(*arrays) if by_value else jax.eval_shape(result, *arrays)
        found[key] = [dtypes.name(output.dtype) for output in outputs]
    assert found == TABLE["dtypes"][expression]

"""Record what TensorFlow computes: `python tests/golden/record_tf_math.py` in an environment with tensorflow==2.21.

Writes `tf_math.npz` (values and gradients) and `tf_math.json` (dtypes, which expressions have gradients, which errors).
"""

import json
import pathlib
import re

import numpy as np
import tensorflow as tf
from cases_tf_math import (
    ERRORS,
    SMOOTH_LINALG,
    SMOOTH_MATH,
    SMOOTH_NN,
    VALUES_LINALG,
    VALUES_MATH,
    VALUES_NN,
    inputs,
)

HERE = pathlib.Path(__file__).parent
MODULES = {
    name: getattr(tf, name) for name in ["math", "nn", "linalg", "signal", "bitwise", "sets", "quantization"]
} | {"np": np}


def flatten(result):
    """Tensors of a nest, in order; the parts of sparse ones."""
    if isinstance(result, tf.SparseTensor):
        return [result.indices, result.values, result.dense_shape]
    if isinstance(result, (list, tuple)):
        return [leaf for item in result for leaf in flatten(item) if leaf is not None]
    return [result]


def weights(tensor):
    """Fixed weights of the entries of an output, to make one number of it."""
    return np.cos(np.arange(tf.size(tensor), dtype="float32")).reshape(tensor.shape)


def gradients(expression, tensors, names):
    """Gradients of the weighted sum of the outputs by the float inputs."""
    watched = [tensors[name] for name in names]
    with tf.GradientTape() as tape:
        tape.watch(watched)
        floats = [tf.cast(o, "float32") for o in flatten(eval(expression, MODULES | tensors)) if o.dtype.is_floating]
        total = tf.add_n([tf.reduce_sum(o * weights(o)) for o in floats])
    return tape.gradient(total, watched, unconnected_gradients="zero")


def main():
    table, arrays, errors = {}, {}, {}
    smooth = SMOOTH_MATH + SMOOTH_NN + SMOOTH_LINALG
    for number, expression in enumerate(smooth + VALUES_MATH + VALUES_NN + VALUES_LINALG):
        tensors = {name: tf.constant(value) for name, value in inputs().items()}
        try:
            outputs = flatten(eval(expression, MODULES | tensors))
        except Exception as error:
            raise SystemExit(f"{expression}: {type(error).__name__}: {error}") from None
        case = {"number": number, "dtypes": [o.dtype.name for o in outputs], "gradients": {}}
        for place, output in enumerate(outputs):
            arrays[f"{number}/{place}"] = output.numpy()
        if expression in smooth:
            used = [n for n in inputs() if re.search(rf"\b{n}\b", expression) and tensors[n].dtype == tf.float32]
            for name, gradient in zip(used, gradients(expression, tensors, used), strict=True):
                case["gradients"][name] = f"{number}/d{name}"
                arrays[f"{number}/d{name}"] = tf.convert_to_tensor(gradient).numpy()
        table[expression] = case
    for expression in ERRORS:
        tensors = {name: tf.constant(value) for name, value in inputs().items()}
        try:
            eval(expression, MODULES | tensors)
        except Exception as error:
            errors[expression] = type(error).__name__
        else:
            raise SystemExit(f"{expression}: no error")
    names = {
        name: sorted(n for n in dir(module) if not n.startswith("_"))
        for name, module in MODULES.items()
        if name != "np"
    }
    names["math.special"] = sorted(n for n in dir(tf.math.special) if not n.startswith("_"))
    np.savez_compressed(HERE / "tf_math.npz", **arrays)
    (HERE / "tf_math.json").write_text(json.dumps({"cases": table, "errors": errors, "names": names}, indent=0) + "\n")


main()

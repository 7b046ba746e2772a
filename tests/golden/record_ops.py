"""Record what Keras' ops compute: `python tests/golden/record_ops.py` in an environment with keras==3.15.0, tensorflow, jax.

Runs itself with the TensorFlow backend and then, for what that backend refuses, with JAX. Writes `ops.npz` (values and
gradients) and `ops.json` (dtypes, and which expressions have gradients).
"""

import json
import os
import pathlib
import re
import subprocess
import sys

import numpy as np
from cases_ops import DTYPES, JAX_ONLY, ONE, SMOOTH, TWO, VALUES, inputs

HERE = pathlib.Path(__file__).parent


def flatten(result):
    """Tensors of a nest, in order."""
    if isinstance(result, (list, tuple)):
        return [leaf for item in result for leaf in flatten(item)]
    if isinstance(result, dict):
        return [leaf for item in result.values() for leaf in flatten(item)]
    return [result]


def weights(array):
    """Fixed weights of the entries of an output, to make one number of it."""
    return np.cos(np.arange(array.size, dtype="float32")).reshape(array.shape)


def numbers(tensor):
    """Values that NumPy can store (bfloat16 as float32)."""
    import keras

    name = keras.backend.standardize_dtype(tensor.dtype)
    array = np.asarray(keras.ops.convert_to_numpy(tensor))
    return (array.astype("float32") if name == "bfloat16" else array), name


def gradients(expression, given, used):
    """Gradients of the weighted sum of the outputs by the float inputs."""
    import keras
    from keras import ops

    def total(tensors):
        scope = {**given, **dict(zip(used, tensors, strict=True))}
        outputs = flatten(eval(expression, {"ops": ops, "np": np, **scope}))
        outputs = [o for o in outputs if "float" in keras.backend.standardize_dtype(o.dtype)]
        return sum(ops.sum(ops.cast(o, "float32") * weights(np.empty(o.shape))) for o in outputs)

    if keras.backend.backend() == "jax":
        import jax

        return jax.grad(total)([given[name] for name in used])
    import tensorflow as tf

    tensors = [tf.constant(given[name]) for name in used]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        loss = total(tensors)
    return [tf.convert_to_tensor(g) if g is not None else None for g in tape.gradient(loss, tensors)]


def evaluate(expression, **scope):
    """Arrays and dtype names of the outputs."""
    from keras import ops

    return [numbers(o) for o in flatten(eval(expression, {"ops": ops, "np": np, **scope}))]


def record(known):
    """Fill the tables with everything this backend can compute and `known` lacks."""
    import keras
    from keras import ops

    for number, expression in enumerate(SMOOTH + VALUES):
        given = inputs()
        if expression in JAX_ONLY and keras.backend.backend() != "jax":
            continue
        if expression not in known["cases"]:
            try:
                tensors = {name: ops.convert_to_tensor(value) for name, value in given.items()}
                found = evaluate(expression, **tensors)
            except Exception as error:
                print("refused", expression, type(error).__name__, str(error)[:80])
                continue
            known["cases"][expression] = {"number": number, "dtypes": [dtype for _, dtype in found], "gradients": {}}
            known["arrays"] |= {f"{number}/{i}": array for i, (array, _) in enumerate(found)}
        case = known["cases"][expression]
        if expression in SMOOTH and not case["gradients"]:
            words = set(re.split(r"[()\[\],\s]+", expression))
            used = [name for name, value in given.items() if name in words and value.dtype == np.float32]
            try:
                found = gradients(expression, given, used)
            except Exception as error:
                print("no gradient", expression, type(error).__name__, str(error)[:80])
                continue
            for name, gradient in zip(used, found, strict=True):
                if gradient is not None:
                    array = np.asarray(keras.ops.convert_to_numpy(gradient), "float32")
                    if np.isfinite(array).all():
                        case["gradients"][name] = f"{number}/d{name}"
                        known["arrays"][f"{number}/d{name}"] = array
    ramp = np.array([1.0, 2.0, 3.0], "float32")
    for expression in ONE + TWO:
        if expression in JAX_ONLY and keras.backend.backend() != "jax":
            continue
        table = known["dtypes"].setdefault(expression, {})
        pairs = [(x, x) for x in DTYPES] if expression in ONE else [(x, y) for x in DTYPES for y in DTYPES]
        for x, y in pairs:
            key = x if expression in ONE else f"{x} {y}"
            if key not in table:
                try:
                    found = evaluate(expression, x=ops.cast(ramp, x), y=ops.cast(ramp, y))
                    table[key] = [dtype for _, dtype in found]
                except Exception:
                    continue


def main():
    """Record with this process's backend; the first process goes on with the second backend."""
    values, table = HERE / "ops.npz", HERE / "ops.json"
    known = {"cases": {}, "dtypes": {}, "arrays": {}}
    if "--second" in sys.argv:
        known |= json.loads(table.read_text())
        known["arrays"] = dict(np.load(values))
    record(known)
    np.savez_compressed(values, **known.pop("arrays"))
    table.write_text(json.dumps(known, indent=0, sort_keys=True) + "\n")
    if "--second" not in sys.argv:
        subprocess.run([sys.executable, __file__, "--second"], check=True, env={**os.environ, "KERAS_BACKEND": "jax"})


if __name__ == "__main__":
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    main()

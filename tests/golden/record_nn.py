"""Record what Keras answers to the cases of `cases_nn.py` into `nn.npz`.

Run twice in an environment with keras==3.15.0, tensorflow and jax:
`KERAS_BACKEND=tensorflow python tests/golden/record_nn.py` starts the file,
`KERAS_BACKEND=jax python tests/golden/record_nn.py` adds the cases marked for JAX.
"""

import pathlib

import keras
import numpy as np
from cases_nn import CASES, Case, weights

FILE = pathlib.Path(__file__).with_name("nn.npz")
BACKEND = keras.backend.backend()


def call(case: Case, arrays: dict) -> list:
    module, name = case.function.split(".")
    namespace = {"nn": keras.ops.nn, "image": keras.ops.image, "activations": keras.activations}[module]
    result = getattr(namespace, name)(**arrays, **case.options)
    return list(result) if isinstance(result, (tuple, list)) else [result]


def total(outputs: list):
    return sum(keras.ops.sum(out * weights(tuple(out.shape))) for out in outputs)


def gradients(case: Case, arrays: dict) -> dict:
    chosen = [name for name, value in arrays.items() if value.dtype == np.float32]
    fixed = {name: value for name, value in arrays.items() if name not in chosen}
    if BACKEND == "jax":
        import jax

        found = jax.grad(lambda given: total(call(case, {**fixed, **given})))({name: arrays[name] for name in chosen})
        return {name: np.asarray(value) for name, value in found.items()}
    import tensorflow as tf

    given = {name: tf.constant(arrays[name]) for name in chosen}
    with tf.GradientTape() as tape:
        tape.watch(given)
        loss = total(call(case, {**fixed, **given}))
    found = tape.gradient(loss, given, unconnected_gradients="zero")
    return {name: value.numpy() for name, value in found.items()}


def record(case: Case, kept: dict) -> None:
    arrays = case.arrays()
    for i, out in enumerate(call(case, {name: keras.ops.convert_to_tensor(value) for name, value in arrays.items()})):
        kept[f"{case.name}|out{i}"] = keras.ops.convert_to_numpy(out)
    if case.gradient:
        for name, value in gradients(case, arrays).items():
            kept[f"{case.name}|grad_{name}"] = value


def main() -> None:
    kept = {} if BACKEND == "tensorflow" else dict(np.load(FILE))
    for case in CASES:
        if case.backend == BACKEND:
            try:
                record(case, kept)
            except Exception as error:  # the list of all cases that a backend refuses is what one wants to see
                print(f"{case.name}: {type(error).__name__}: {str(error).splitlines()[0][:200]}")
    np.savez_compressed(FILE, **kept)
    print(f"{len(kept)} arrays, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()

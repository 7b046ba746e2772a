"""Record what the layers of Keras do: values, gradients, weights, configs, shapes.

Run `KERAS_BACKEND=jax python tests/golden/record_layers.py` in an environment with keras==3.15.0; it writes `layers.npz`
and `layers.json` beside itself.
"""

import inspect
import json
import pathlib

import jax
import keras
import numpy as np
from cases_layers import CONFIGS, INITIAL, LAYERS, cotangent_of, inputs_of, mask_of, weights_of

HERE = pathlib.Path(__file__).parent


def record(case, arrays):
    """Values and gradients into `arrays`; everything else as JSON."""
    layer = getattr(keras.layers, case.layer)(**case.arguments)
    config = layer.get_config()
    inputs = inputs_of(case)
    shapes = [(None, *shape[1:]) for shape in case.shapes]
    layer.build(shapes[0] if len(shapes) == 1 else shapes)
    values = weights_of(case, [tuple(weight.shape) for weight in layer.weights])
    layer.set_weights(values)
    trainable = [variable.value for variable in layer.trainable_variables]
    others = [variable.value for variable in layer.non_trainable_variables]
    options = {"training": case.training} if case.training is not None else {}
    if case.mask:
        options["mask"] = mask_of(case)

    def run(weights, inputs):
        given = inputs if len(inputs) > 1 else inputs[0]
        outputs, after = layer.stateless_call(weights, others, given, **options)
        return (outputs * cotangent_of(case, outputs.shape)).sum(), (outputs, after)

    differentiated = (0,) if case.integers else (0, 1)
    (_, (outputs, after)), gradients = jax.value_and_grad(run, argnums=differentiated, has_aux=True)(
        trainable, [jax.numpy.asarray(x) for x in inputs]
    )
    arrays[f"{case.key}/out"] = np.asarray(outputs)
    for variable, gradient in zip(layer.trainable_variables, gradients[0], strict=True):
        arrays[f"{case.key}/d_{variable.name}"] = np.asarray(gradient)
    for i, gradient in enumerate(gradients[1] if len(gradients) > 1 else ()):
        arrays[f"{case.key}/dx{i}"] = np.asarray(gradient)
    for variable, value in zip(layer.non_trainable_variables, after, strict=True):
        if case.training and "seed" not in variable.path:
            arrays[f"{case.key}/after_{variable.name}"] = np.asarray(value)
    symbolic = [(None, *case.shapes[0][1:]), *case.symbolic] if len(case.shapes) == 1 else [shapes]
    return {
        "config": config,
        "weights": [[w.name, list(w.shape), w.trainable] for w in layer.weights],
        "count": layer.count_params(),
        "supports_masking": layer.supports_masking,
        "output_shapes": [[shape, list(layer.compute_output_shape(shape))] for shape in symbolic],
    }


def distribution(name, arguments, shape):
    """Mean, deviation and limits of the first weights."""
    layer = getattr(keras.layers, name)(**arguments)
    layer.build(shape)
    return [[float(v.mean()), float(v.std()), float(v.min()), float(v.max())] for v in layer.get_weights()]


def defaults(name):
    """Default arguments of a class, in order."""
    parameters = inspect.signature(getattr(keras.layers, name).__init__).parameters.values()
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    shown = [p for p in parameters if p.name != "self" and p.kind not in kinds]
    return [[p.name, "required" if p.default is p.empty else p.default] for p in shown]


def main():
    """Write both files."""
    arrays, cases = {}, {}
    for case in LAYERS:
        cases[case.key] = record(case, arrays)
    names = sorted({case.layer for case in LAYERS} | {"Lambda"})
    facts = {
        "cases": cases,
        "configs": [getattr(keras.layers, name)(**arguments).get_config() for name, arguments in CONFIGS],
        "initial": [distribution(*row) for row in INITIAL],
        "defaults": {name: defaults(name) for name in names},
    }
    np.savez_compressed(HERE / "layers.npz", **arrays)
    (HERE / "layers.json").write_text(json.dumps(facts, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    main()

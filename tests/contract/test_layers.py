"""Checks that every exported layer passes. A layer without a row in `ROWS` fails."""

import json

import jax
import numpy as np
import pytest

import cornu
from cornu import layers
from cornu.core.tape import GradientTape

IMAGE, SEQUENCE, VOLUME, VECTOR = (2, 4, 4, 2), (2, 5, 3), (2, 4, 4, 4, 2), (3, 4)
PAIR = [VECTOR, VECTOR]
# layer -> (arguments, shape of the input, or a list of shapes)
ROWS = {
    "Activation": ({"activation": "tanh"}, VECTOR),
    "ActivityRegularization": ({"l1": 0.1}, VECTOR),
    "AdaptiveAveragePooling1D": ({"output_size": 2}, SEQUENCE),
    "AdaptiveAveragePooling2D": ({"output_size": 3}, IMAGE),
    "AdaptiveAveragePooling3D": ({"output_size": 2}, VOLUME),
    "AdaptiveMaxPooling1D": ({"output_size": 2}, SEQUENCE),
    "AdaptiveMaxPooling2D": ({"output_size": 3}, IMAGE),
    "AdaptiveMaxPooling3D": ({"output_size": 2}, VOLUME),
    "Add": ({}, PAIR),
    "AlphaDropout": ({"rate": 0.4, "seed": 1}, VECTOR),
    "Average": ({}, PAIR),
    "AveragePooling1D": ({}, SEQUENCE),
    "AveragePooling2D": ({"strides": 1, "padding": "same"}, IMAGE),
    "AveragePooling3D": ({}, VOLUME),
    "BatchNormalization": ({}, VECTOR),
    "Concatenate": ({}, PAIR),
    "Conv1D": ({"filters": 2, "kernel_size": 2}, SEQUENCE),
    "Conv1DTranspose": ({"filters": 2, "kernel_size": 2}, SEQUENCE),
    "Conv2D": ({"filters": 2, "kernel_size": 2, "activation": "tanh"}, IMAGE),
    "Conv2DTranspose": ({"filters": 2, "kernel_size": 2, "strides": 2}, IMAGE),
    "Conv3D": ({"filters": 2, "kernel_size": 2}, VOLUME),
    "Conv3DTranspose": ({"filters": 2, "kernel_size": 2}, VOLUME),
    "Cropping1D": ({}, SEQUENCE),
    "Cropping2D": ({"cropping": 1}, IMAGE),
    "Cropping3D": ({}, VOLUME),
    "Dense": ({"units": 3, "activation": "sigmoid", "kernel_regularizer": "l2"}, VECTOR),
    "DepthwiseConv1D": ({"kernel_size": 2}, SEQUENCE),
    "DepthwiseConv2D": ({"kernel_size": 2}, IMAGE),
    "Dot": ({"axes": 1}, PAIR),
    "Dropout": ({"rate": 0.4, "seed": 1}, VECTOR),
    "ELU": ({}, VECTOR),
    "EinsumDense": ({"equation": "ab,bc->ac", "output_shape": 3, "bias_axes": "c"}, VECTOR),
    "Embedding": ({"input_dim": 3, "output_dim": 2}, VECTOR),
    "Flatten": ({}, IMAGE),
    "GaussianDropout": ({"rate": 0.4, "seed": 1}, VECTOR),
    "GaussianNoise": ({"stddev": 0.4, "seed": 1}, VECTOR),
    "GlobalAveragePooling1D": ({}, SEQUENCE),
    "GlobalAveragePooling2D": ({}, IMAGE),
    "GlobalAveragePooling3D": ({}, VOLUME),
    "GlobalMaxPooling1D": ({}, SEQUENCE),
    "GlobalMaxPooling2D": ({}, IMAGE),
    "GlobalMaxPooling3D": ({}, VOLUME),
    "GroupNormalization": ({"groups": 2}, VECTOR),
    "Identity": ({}, VECTOR),
    "Lambda": ({"function": cornu.ops.square}, VECTOR),
    "LayerNormalization": ({}, VECTOR),
    "LeakyReLU": ({}, VECTOR),
    "Masking": ({}, SEQUENCE),
    "MaxPooling1D": ({}, SEQUENCE),
    "MaxPooling2D": ({}, IMAGE),
    "MaxPooling3D": ({}, VOLUME),
    "Maximum": ({}, PAIR),
    "Minimum": ({}, PAIR),
    "Multiply": ({}, PAIR),
    "PReLU": ({}, VECTOR),
    "Permute": ({"dims": (2, 1)}, SEQUENCE),
    "RMSNormalization": ({}, VECTOR),
    "ReLU": ({}, VECTOR),
    "RepeatVector": ({"n": 2}, VECTOR),
    "Reshape": ({"target_shape": (-1, 2)}, VECTOR),
    "SeparableConv1D": ({"filters": 2, "kernel_size": 2}, SEQUENCE),
    "SeparableConv2D": ({"filters": 2, "kernel_size": 2}, IMAGE),
    "Softmax": ({}, VECTOR),
    "SpatialDropout1D": ({"rate": 0.4, "seed": 1}, SEQUENCE),
    "SpatialDropout2D": ({"rate": 0.4, "seed": 1}, IMAGE),
    "SpatialDropout3D": ({"rate": 0.4, "seed": 1}, VOLUME),
    "Subtract": ({}, PAIR),
    "UnitNormalization": ({}, VECTOR),
    "UpSampling1D": ({}, SEQUENCE),
    "UpSampling2D": ({}, IMAGE),
    "UpSampling3D": ({}, VOLUME),
    "ZeroPadding1D": ({}, SEQUENCE),
    "ZeroPadding2D": ({}, IMAGE),
    "ZeroPadding3D": ({}, VOLUME),
}
RANDOM = {"AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise"} | {f"SpatialDropout{n}D" for n in (1, 2, 3)}
SMOOTH = ["BatchNormalization", "Conv2D", "Conv2DTranspose", "Dense", "EinsumDense", "GroupNormalization",
          "LayerNormalization", "RMSNormalization", "SeparableConv1D", "UnitNormalization"]  # fmt: skip
NOT_CALLED = {"Layer", "InputLayer"}  # the base, and the entry of a graph


def made(kind, **more):
    """The layer of a row."""
    return getattr(layers, kind)(**{**ROWS[kind][0], **more})


def data(name, dtype="float32"):
    """Inputs for the layer of a row."""
    rng = np.random.RandomState(len(name))
    if name == "Embedding":
        return rng.randint(0, 3, ROWS[name][1])
    shapes = ROWS[name][1]
    values = [rng.normal(size=shape).astype(dtype) for shape in (shapes if isinstance(shapes, list) else [shapes])]
    return values if isinstance(shapes, list) else values[0]


def filled(layer, inputs):
    """The layer, built, with weights that are neither 0 nor 1."""
    layer(inputs)
    rng = np.random.RandomState(2)
    layer.set_weights([rng.uniform(0.2, 0.9, weight.shape) for weight in layer.weights])
    return layer


def test_every_layer_has_a_row():
    exported = {
        thing.__name__
        for thing in vars(layers).values()
        if isinstance(thing, type) and issubclass(thing, layers.Layer) and thing.__module__.startswith("cornu.layers")
    }
    assert exported - NOT_CALLED == ROWS.keys()
    assert {layers.LAYERS.find(name).__name__ for name in layers.LAYERS} >= ROWS.keys()


@pytest.mark.parametrize("name", ROWS)
def test_config_round_trip(name):
    layer = made(name, name="mine")
    config = json.loads(json.dumps(layer.get_config()))
    twin = type(layer).from_config(config)
    assert json.loads(json.dumps(twin.get_config())) == config
    stored = json.loads(json.dumps(layers.serialize(layer)))
    assert (stored["module"], stored["class_name"], stored["registered_name"]) == ("keras.layers", name, None)
    again = layers.deserialize(stored)
    assert type(again) is type(layer)
    assert json.loads(json.dumps(again.get_config())) == config


@pytest.mark.parametrize("name", ROWS)
def test_eager_compiled_and_symbolic_agree(name):
    inputs = data(name)
    layer = filled(made(name), inputs)
    eager = layer(inputs)
    values = [variable.value._value for variable in layer.variables]
    ours = [variable.value._value for variable in layer.trainable_variables]
    others = [variable.value._value for variable in layer.non_trainable_variables]
    assert len(values) == len(ours) + len(others)
    compiled = jax.jit(lambda w, o, x: layer.stateless_call(w, o, x)[0]._value)(ours, others, inputs)
    np.testing.assert_allclose(compiled, eager.numpy(), rtol=1e-5, atol=1e-6)
    many = isinstance(inputs, list)
    open_batch = [(None, *x.shape[1:]) for x in inputs] if many else (None, *inputs.shape[1:])
    assert tuple(layer.compute_output_shape(open_batch)) == (None, *eager.shape[1:])
    dtype = "int64" if name == "Embedding" else None
    placeholders = [layers.Input(batch_shape=s, dtype=dtype) for s in (open_batch if many else [open_batch])]
    symbolic = layer(placeholders if many else placeholders[0])
    assert tuple(symbolic.shape) == (None, *eager.shape[1:])
    assert symbolic.dtype == eager.dtype


@pytest.mark.parametrize("name", ROWS)
def test_weights_round_trip(name):
    inputs = data(name)
    layer = filled(made(name), inputs)
    twin = made(name)
    twin.build_from_config(layer.get_build_config() or {})
    twin(inputs)
    assert [w.name for w in twin.weights] == [w.name for w in layer.weights]
    twin.set_weights(layer.get_weights())
    np.testing.assert_array_equal(twin(inputs).numpy(), layer(inputs).numpy())


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "float64"])
@pytest.mark.parametrize("name", ROWS)
def test_dtype_policy_is_kept(name, policy):
    layer = made(name, dtype=policy)
    outputs = layer(data(name), training=True) if name in RANDOM else layer(data(name))
    assert outputs.dtype == layer.compute_dtype == {"mixed_bfloat16": "bfloat16"}.get(policy, policy)
    variable_dtype = "float32" if policy == "mixed_bfloat16" else policy
    assert {str(w.dtype) for w in layer.weights} <= {variable_dtype, f"<dtype: '{variable_dtype}'>"}


@pytest.mark.parametrize("name", SMOOTH)
def test_gradient_is_numeric(name):
    inputs = data(name, "float64")
    layer = filled(made(name, dtype="float64"), inputs)
    x = cornu.convert_to_tensor(inputs)
    options = {"training": True} if name == "BatchNormalization" else {}
    cotangent = np.random.RandomState(1).normal(size=layer(x).shape)

    def total(value):
        return float((layer(value, **options).numpy() * cotangent).sum())

    with GradientTape() as tape:
        tape.watch(x)
        loss = cornu.ops.sum(layer(x, **options) * cotangent)
    gradient = tape.gradient(loss, x).numpy()
    for place in [tuple(n // 2 for n in inputs.shape), (0,) * inputs.ndim]:
        step = np.zeros_like(inputs)
        step[place] = 1e-5
        numeric = (total(inputs + step) - total(inputs - step)) / 2e-5
        assert gradient[place] == pytest.approx(numeric, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("name", ROWS)
def test_training_flag(name):
    layer, inputs = made(name), data(name)
    still = layer(inputs).numpy()
    np.testing.assert_array_equal(layer(inputs, training=False).numpy(), still)
    trained = layer(inputs, training=True).numpy()
    if name in RANDOM:
        assert not np.array_equal(trained, still)
        others = [layer(inputs, training=True).numpy() for _ in range(8)]  # few bits may come twice in a row
        assert not all(np.array_equal(other, trained) for other in others)
        np.testing.assert_array_equal(
            made(name)(inputs, training=True).numpy(), made(name)(inputs, training=True).numpy()
        )
    elif name != "BatchNormalization":
        np.testing.assert_array_equal(trained, still)


@pytest.mark.parametrize(
    "name", [name for name in ROWS if ROWS[name][1] == SEQUENCE or name in ("LayerNormalization", "Dense")]
)
def test_mask_goes_on_or_ends(name):
    layer = made(name)
    inputs = cornu.convert_to_tensor(np.random.RandomState(3).normal(size=SEQUENCE).astype("float32"))
    mask = cornu.convert_to_tensor([[True, True, True, False, False], [True, True, False, True, False]])
    inputs._keras_mask = mask
    after = layer(inputs)._keras_mask
    if name == "Masking":
        np.testing.assert_array_equal(after.numpy(), np.ones((2, 5), bool))
    elif layer.supports_masking and name != "GlobalAveragePooling1D":
        np.testing.assert_array_equal(after.numpy(), mask.numpy())
    else:
        assert after is None

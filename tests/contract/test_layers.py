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
SEQUENCES = [(2, 3, 4), (2, 5, 4)]  # query and value


@cornu.saving.register_keras_serializable()
def jax_affine(params, inputs):
    """The `call_fn` of a JaxLayer."""
    return inputs @ params["kernel"] + params["bias"]


@cornu.saving.register_keras_serializable()
def jax_affine_start(rng, inputs):
    """Its `init_fn`."""
    return {"kernel": jax.random.normal(rng, (inputs.shape[-1], 2)), "bias": jax.numpy.zeros(2)}


# layer -> (arguments, or a function of the dtype that makes them; shape of the input, or a list of shapes)
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
    "AdditiveAttention": ({}, SEQUENCES),
    "AlphaDropout": ({"rate": 0.4, "seed": 1}, VECTOR),
    "Attention": ({"use_scale": True, "score_mode": "concat"}, SEQUENCES),
    "Average": ({}, PAIR),
    "AveragePooling1D": ({}, SEQUENCE),
    "AveragePooling2D": ({"strides": 1, "padding": "same"}, IMAGE),
    "AveragePooling3D": ({}, VOLUME),
    "BatchNormalization": ({}, VECTOR),
    "Bidirectional": (lambda dtype=None: {"layer": layers.LSTM(3, return_sequences=True, dtype=dtype)}, SEQUENCE),
    "Concatenate": ({}, PAIR),
    "Conv1D": ({"filters": 2, "kernel_size": 2}, SEQUENCE),
    "Conv1DTranspose": ({"filters": 2, "kernel_size": 2}, SEQUENCE),
    "Conv2D": ({"filters": 2, "kernel_size": 2, "activation": "tanh"}, IMAGE),
    "Conv2DTranspose": ({"filters": 2, "kernel_size": 2, "strides": 2}, IMAGE),
    "Conv3D": ({"filters": 2, "kernel_size": 2}, VOLUME),
    "Conv3DTranspose": ({"filters": 2, "kernel_size": 2}, VOLUME),
    "ConvLSTM1D": ({"filters": 2, "kernel_size": 2}, (2, 3, 5, 2)),
    "ConvLSTM2D": ({"filters": 2, "kernel_size": 2}, (2, 3, 3, 4, 2)),
    "ConvLSTM3D": ({"filters": 2, "kernel_size": 2}, (2, 2, 3, 3, 3, 1)),
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
    "GRU": ({"units": 3, "return_sequences": True}, SEQUENCE),
    "GaussianDropout": ({"rate": 0.4, "seed": 1}, VECTOR),
    "GaussianNoise": ({"stddev": 0.4, "seed": 1}, VECTOR),
    "GlobalAveragePooling1D": ({}, SEQUENCE),
    "GlobalAveragePooling2D": ({}, IMAGE),
    "GlobalAveragePooling3D": ({}, VOLUME),
    "GlobalMaxPooling1D": ({}, SEQUENCE),
    "GlobalMaxPooling2D": ({}, IMAGE),
    "GlobalMaxPooling3D": ({}, VOLUME),
    "GroupQueryAttention": (
        {"head_dim": 2, "num_query_heads": 4, "num_key_value_heads": 2, "use_gate": True},
        SEQUENCES,
    ),
    "GroupNormalization": ({"groups": 2}, VECTOR),
    "Identity": ({}, VECTOR),
    "JaxLayer": ({"call_fn": jax_affine, "init_fn": jax_affine_start, "seed": 1}, VECTOR),
    "LSTM": ({"units": 3, "return_sequences": True}, SEQUENCE),
    "Lambda": ({"function": cornu.ops.square}, VECTOR),
    "LayerNormalization": ({}, VECTOR),
    "LeakyReLU": ({}, VECTOR),
    "LocallyConnected1D": ({"filters": 2, "kernel_size": 2}, SEQUENCE),
    "LocallyConnected2D": (
        {"filters": 2, "kernel_size": 2, "padding": "same", "implementation": 3, "activation": "tanh"},
        IMAGE,
    ),
    "Masking": ({}, SEQUENCE),
    "MaxPooling1D": ({}, SEQUENCE),
    "MaxPooling2D": ({}, IMAGE),
    "MaxPooling3D": ({}, VOLUME),
    "Maximum": ({}, PAIR),
    "MelSpectrogram": ({"fft_length": 8, "sequence_stride": 2, "num_mel_bins": 2, "min_freq": 500.0}, (3, 20)),
    "Minimum": ({}, PAIR),
    "MultiHeadAttention": ({"num_heads": 2, "key_dim": 3, "value_dim": 2}, SEQUENCES),
    "Multiply": ({}, PAIR),
    "Normalization": ({}, VECTOR),
    "PReLU": ({}, VECTOR),
    "Permute": ({"dims": (2, 1)}, SEQUENCE),
    "RMSNormalization": ({}, VECTOR),
    "RNN": (lambda dtype=None: {"cell": layers.GRUCell(3, dtype=dtype), "return_sequences": True}, SEQUENCE),
    "ReLU": ({}, VECTOR),
    "ReversibleEmbedding": ({"input_dim": 3, "output_dim": 2, "tie_weights": False}, VECTOR),
    "RepeatVector": ({"n": 2}, VECTOR),
    "Rescaling": ({"scale": 0.5, "offset": 1.0}, VECTOR),
    "Reshape": ({"target_shape": (-1, 2)}, VECTOR),
    "SeparableConv1D": ({"filters": 2, "kernel_size": 2}, SEQUENCE),
    "SeparableConv2D": ({"filters": 2, "kernel_size": 2}, IMAGE),
    "STFTSpectrogram": ({"frame_length": 4, "mode": "magnitude"}, (2, 12, 2)),
    "SimpleRNN": ({"units": 3, "return_sequences": True}, SEQUENCE),
    "Softmax": ({}, VECTOR),
    "SpatialDropout1D": ({"rate": 0.4, "seed": 1}, SEQUENCE),
    "SpatialDropout2D": ({"rate": 0.4, "seed": 1}, IMAGE),
    "SpatialDropout3D": ({"rate": 0.4, "seed": 1}, VOLUME),
    "SpectralNormalization": (lambda dtype=None: {"layer": layers.Dense(3, dtype=dtype)}, VECTOR),
    "Subtract": ({}, PAIR),
    "ThresholdedReLU": ({"theta": 0.5}, VECTOR),
    "TimeDistributed": (lambda dtype=None: {"layer": layers.Dense(2, dtype=dtype)}, SEQUENCE),
    "UnitNormalization": ({}, VECTOR),
    "UpSampling1D": ({}, SEQUENCE),
    "UpSampling2D": ({}, IMAGE),
    "UpSampling3D": ({}, VOLUME),
    "ZeroPadding1D": ({}, SEQUENCE),
    "ZeroPadding2D": ({}, IMAGE),
    "ZeroPadding3D": ({}, VOLUME),
}
INDEXED = {"Embedding", "ReversibleEmbedding"}  # take integers
RANDOM = {"AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise"} | {f"SpatialDropout{n}D" for n in (1, 2, 3)}
SMOOTH = ["BatchNormalization", "Conv2D", "Conv2DTranspose", "ConvLSTM2D", "Dense", "EinsumDense", "GRU",
          "GroupNormalization", "LSTM", "LayerNormalization", "LocallyConnected2D", "RMSNormalization", "SeparableConv1D",
          "UnitNormalization"]  # fmt: skip
# Called with states; RNN's row has one.
CELLS = {"AbstractRNNCell", "SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells"}
READING = {
    "CategoryEncoding",
    "Discretization",
    "HashedCrossing",
    "Hashing",
    "IntegerLookup",
    "StringLookup",
    "TextVectorization",
}  # texts and integers come in: golden/test_categories.py, unit/layers/preprocessing
PICTURES = {name for name, thing in vars(layers).items() if ".preprocessing.image." in getattr(thing, "__module__", "")}
FOREIGN = {"FlaxLayer", "TFSMLayer", "TorchModuleWrapper"}  # need other libraries: unit/layers/core
NOT_CALLED = {"Layer", "InputLayer", "Wrapper"} | CELLS | FOREIGN  # bases, and the entry of a graph
SEPARATE = {"GroupQueryAttention", "MultiHeadAttention"}  # take their inputs as arguments, not as a list
LEARNING = {"BatchNormalization", "SpectralNormalization"}  # a call in training changes their weights


def made(kind, **more):
    """The layer of a row."""
    arguments = ROWS[kind][0]
    arguments = arguments(more.get("dtype")) if callable(arguments) else arguments
    return getattr(layers, kind)(**{**arguments, **more})


def called(layer, inputs, **options):
    """The layer called on its inputs: as one list, or as separate arguments."""
    is_separate = layers.LAYERS.name_of(type(layer)) in SEPARATE
    return layer(*inputs, **options) if is_separate else layer(inputs, **options)


def data(name, dtype="float32"):
    """Inputs for the layer of a row."""
    rng = np.random.RandomState(len(name))
    if name in INDEXED:
        return rng.randint(0, 3, ROWS[name][1])
    shapes = ROWS[name][1]
    values = [rng.normal(size=shape).astype(dtype) for shape in (shapes if isinstance(shapes, list) else [shapes])]
    return values if isinstance(shapes, list) else values[0]


def filled(layer, inputs):
    """The layer, built, with weights that are neither 0 nor 1."""
    called(layer, inputs)
    rng = np.random.RandomState(2)
    layer.set_weights([rng.uniform(0.2, 0.9, weight.shape) for weight in layer.weights])
    return layer


def test_every_layer_has_a_row():
    exported = {
        layers.LAYERS.name_of(thing) or thing.__name__
        for thing in vars(layers).values()
        if isinstance(thing, type) and issubclass(thing, layers.Layer) and thing.__module__.startswith("cornu.layers")
    }
    assert exported - NOT_CALLED - READING - PICTURES - {"Pipeline"} == ROWS.keys()  # golden/test_image_layers.py
    assert {layers.LAYERS.name_of(layers.LAYERS.find(name)) for name in layers.LAYERS} >= ROWS.keys()


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
    eager = called(layer, inputs)
    values = [variable.value._value for variable in layer.variables]
    ours = [variable.value._value for variable in layer.trainable_variables]
    others = [variable.value._value for variable in layer.non_trainable_variables]
    assert len(values) == len(ours) + len(others)
    separate = name in SEPARATE
    compiled = jax.jit(lambda w, o, *x: layer.stateless_call(w, o, *x)[0]._value)(
        ours, others, *(inputs if separate else [inputs])
    )
    np.testing.assert_allclose(compiled, eager.numpy(), rtol=1e-5, atol=1e-6)
    many = isinstance(inputs, list)
    open_batch = [(None, *x.shape[1:]) for x in inputs] if many else (None, *inputs.shape[1:])
    shape = layer.compute_output_shape(*open_batch) if separate else layer.compute_output_shape(open_batch)
    assert tuple(shape) == (None, *eager.shape[1:])
    dtype = "int64" if name in INDEXED else None
    placeholders = [layers.Input(batch_shape=s, dtype=dtype) for s in (open_batch if many else [open_batch])]
    symbolic = called(layer, placeholders if many else placeholders[0])
    assert tuple(symbolic.shape) == (None, *eager.shape[1:])
    assert symbolic.dtype == eager.dtype


@pytest.mark.parametrize("name", ROWS)
def test_weights_round_trip(name):
    inputs = data(name)
    layer = filled(made(name), inputs)
    twin = made(name)
    twin.build_from_config(layer.get_build_config() or {})
    called(twin, inputs)
    assert [w.name for w in twin.weights] == [w.name for w in layer.weights]
    twin.set_weights(layer.get_weights())
    np.testing.assert_array_equal(called(twin, inputs).numpy(), called(layer, inputs).numpy())


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "float64"])
@pytest.mark.parametrize("name", ROWS)
def test_dtype_policy_is_kept(name, policy):
    layer = made(name, dtype=policy)
    outputs = called(layer, data(name), **({"training": True} if name in RANDOM else {}))
    assert outputs.dtype == layer.compute_dtype == {"mixed_bfloat16": "bfloat16"}.get(policy, policy)
    variable_dtype = "float32" if policy == "mixed_bfloat16" else policy
    assert {str(w.dtype) for w in layer.weights if w.dtype.is_floating} <= {
        variable_dtype,
        f"<dtype: '{variable_dtype}'>",
    }


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
    still = called(layer, inputs).numpy()
    np.testing.assert_array_equal(called(layer, inputs, training=False).numpy(), still)
    trained = called(layer, inputs, training=True).numpy()
    if name in RANDOM:
        assert not np.array_equal(trained, still)
        others = [layer(inputs, training=True).numpy() for _ in range(8)]  # few bits may come twice in a row
        assert not all(np.array_equal(other, trained) for other in others)
        np.testing.assert_array_equal(
            made(name)(inputs, training=True).numpy(), made(name)(inputs, training=True).numpy()
        )
    elif name not in LEARNING:
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

"""JaxLayer: functions on JAX arrays take part in everything that layers do."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.core.tape import GradientTape


def affine(params, inputs):
    return inputs @ params["w"] + params["b"][0]


def affine_start(rng, inputs):
    return {"w": jax.random.normal(rng, (inputs.shape[-1], 2)), "b": [jnp.zeros(2)]}


def noisy(params, state, rng, inputs, training):
    noise = jax.random.normal(rng, inputs.shape) if training else 0.0
    return inputs * params + noise, {"count": state["count"] + 1}


def noisy_start(rng, inputs, training):
    assert training and inputs.shape == (1, 2)
    return jnp.float32(2.0), {"count": jnp.zeros((), "int32")}


def test_weights_values_and_gradients():
    layer, x = (
        layers.JaxLayer(affine, affine_start, seed=3, name="j"),
        cornu.convert_to_tensor(np.ones((4, 3), "float32")),
    )
    with GradientTape() as tape:
        tape.watch(x)
        total = cornu.ops.sum(layer(x))
    assert [(w.path, tuple(w.shape), str(w.numpy().dtype)) for w in layer.weights] == [
        ("j/params_b_0", (2,), "float32"),  # dicts in the order of their keys
        ("j/params_w", (3, 2), "float32"),
    ]
    bias, kernel = layer.weights
    by_input, by_bias, by_kernel = tape.gradient(total, [x, bias, kernel])
    np.testing.assert_allclose(by_input, np.tile(kernel.numpy().sum(1), (4, 1)), rtol=1e-6)
    np.testing.assert_array_equal(by_bias, [4.0, 4.0])
    np.testing.assert_array_equal(by_kernel, np.full((3, 2), 4.0))
    twin = layers.JaxLayer(affine, affine_start, seed=3)
    np.testing.assert_array_equal(twin(x), layer(x))


def test_state_and_keys_are_carried_on():
    layer = layers.JaxLayer(noisy, noisy_start, seed=1)
    layer.build((None, 2))
    x = np.ones((3, 2), "float32")
    first, second = layer(x, training=True).numpy(), layer(x, training=True).numpy()
    assert first.dtype == "float32" and not np.array_equal(first, second)
    np.testing.assert_allclose(first, 2 + jax.random.normal(jnp.array([1, 0], "uint32"), (3, 2)), rtol=1e-6)
    np.testing.assert_array_equal(layer(x), 2 * x)
    assert layer.non_trainable_weights[0].numpy() == 3
    model = cornu.Sequential([layer, layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((8, 2)), np.ones((8, 1)), batch_size=4, epochs=1, verbose=0)
    assert layer.non_trainable_weights[0].numpy() == 5  # two steps
    assert layer.params[0].numpy() != 2.0


def test_nested_inputs_outputs_and_given_params():
    layer = layers.JaxLayer(lambda params, inputs: {"sum": inputs["a"] + inputs["b"] * params}, params=2.0)
    given = {"a": np.ones((1, 2), "float32"), "b": np.full((1, 2), 3, "float32")}
    np.testing.assert_array_equal(layer(given)["sum"], [[7.0, 7.0]])
    symbolic = layer({"a": layers.Input((2,)), "b": layers.Input((2,))})
    assert tuple(symbolic["sum"].shape) == (None, 2) and symbolic["sum"].dtype == "float32"
    kept = layers.JaxLayer(lambda state, inputs: (inputs, state), state={"f": True, "n": 3, "x": np.ones(3)})
    kept.build((None, 1))
    assert [str(w.numpy().dtype) for w in kept.non_trainable_weights] == ["bool", "int32", "float32"]


@pytest.mark.parametrize(
    ("call_fn", "init_fn", "message"),
    [
        (lambda params, inputs, foo: inputs, affine_start, r"received call_fn\(params, inputs, foo\)"),
        (lambda params: params, affine_start, "call_fn to take inputs and perhaps params"),
        (affine, lambda rng: 1, r"init_fn to take inputs and perhaps rng, training; received init_fn\(rng\)"),
        (affine, None, "init_fn, params or state.*received none"),
    ],
)
def test_functions_that_do_not_fit(call_fn, init_fn, message):
    with pytest.raises(InvalidArgumentError, match=message):
        layers.JaxLayer(call_fn, init_fn)


def test_wrong_results_and_arguments():
    x = np.ones((1, 2), "float32")
    with pytest.raises(InvalidTypeError, match="call_fn as a function; received 3 of type int"):
        layers.JaxLayer(3, affine_start)
    with pytest.raises(InvalidTypeError, match=r"\(outputs, state\) from call_fn, as it takes state; received"):
        layers.JaxLayer(lambda state, inputs: inputs, state=1.0)(x)
    with pytest.raises(InvalidTypeError, match=r"\(params, state\) from init_fn, as call_fn takes state; received 1"):
        layers.JaxLayer(noisy, lambda rng, inputs: 1.0)(x)
    with pytest.raises(InvalidArgumentError, match="state of the structure"):
        layers.JaxLayer(lambda state, inputs: (inputs, [state]), state=1.0)(x)
    with pytest.raises(InvalidArgumentError, match="platforms among cpu, cuda, rocm, tpu; received 'abacus'"):
        layers.JaxLayer(affine, affine_start, native_serialization_platforms=["abacus"])


def test_layers_of_other_libraries_say_what_to_do():
    with pytest.raises(FailedPreconditionError, match="module object here: .* give them its weights by set_weights"):
        layers.TorchModuleWrapper(object())
    with pytest.raises(FailedPreconditionError, match="SavedModel 'here' here: .* save the model as a .keras"):
        layers.TFSMLayer("here")


def test_flax_layer_without_flax(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "flax", None)
    with pytest.raises(FailedPreconditionError, match="pip install flax"):
        layers.FlaxLayer(object())

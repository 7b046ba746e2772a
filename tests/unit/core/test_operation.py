"""Operation, Function, RematScope, SymbolicScope and FloatDTypePolicy, as the root has them."""

import copy
import json

import jax
import numpy as np
import pytest

import cornu as keras
from cornu import KerasTensor, layers, ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core.symbolic_scope import in_symbolic_scope

X = np.random.RandomState(0).normal(size=(2, 3)).astype("float32")


class Power(keras.Operation):
    def __init__(self, exponent=2, scale=1.0, name=None):
        super().__init__(name=name)
        self.exponent, self.scale = exponent, scale

    def call(self, x):
        return x**self.exponent * self.scale


def test_operation_on_values_and_symbols():
    power = Power(3, name="cube")
    np.testing.assert_allclose(power(X), X**3)
    symbol = power(KerasTensor((None, 3)))
    assert tuple(symbol.shape) == (None, 3) and power.output is symbol
    assert tuple(power.input.shape) == (None, 3)
    assert power.get_config() == {"exponent": 3, "scale": 1.0, "name": "cube"}
    assert Power.from_config(power.get_config()).exponent == 3
    assert repr(power) == "<Operation name=cube>"
    assert isinstance(layers.Dense(1), keras.Operation) and not isinstance(ops.add, keras.Operation)


def test_operation_in_a_model():
    inputs = keras.Input((3,))
    model = keras.Model(inputs, Power(2, 0.5)(layers.Dense(3)(inputs)))
    config = json.loads(json.dumps(model.get_config()))
    twin = keras.Model.from_config(config, custom_objects={"Power": Power})
    twin.set_weights(model.get_weights())
    np.testing.assert_allclose(twin(X), model(X))
    np.testing.assert_allclose(model(X), (X @ model.get_weights()[0]) ** 2 / 2, rtol=1e-5)
    lines = []
    model.summary(print_fn=lambda line, **_: lines.append(line))
    assert "(Power)" in "\n".join(lines)
    np.testing.assert_allclose(copy.deepcopy(model)(X), model(X))


def test_operations_that_cannot_be():
    with pytest.raises(InvalidArgumentError, match="text without '/'; received 'a/b'"):
        keras.Operation(name="a/b")
    with pytest.raises(InvalidTypeError, match="method `call` in Operation"):
        keras.Operation()(1)
    with pytest.raises(InvalidTypeError, match="received scale of type object. Write get_config"):
        Power(scale=object()).get_config()
    with pytest.raises(InvalidArgumentError, match="called once on symbolic tensors; it was 0 times"):
        Power().input


def test_function_of_bare_symbols():
    a, b = KerasTensor((None, 3)), KerasTensor((None, 3))
    function = keras.Function([a, b], ops.sigmoid(a + b), name="gate")
    np.testing.assert_allclose(function([X, 2 * X]), 1 / (1 + np.exp(-3 * X)), rtol=1e-5)
    assert [operation.name.rstrip("_0123456789") for operation in function.operations] == ["add", "sigmoid"]
    assert function.inputs == [a, b] and len(function.outputs) == 1
    assert function.compute_output_shape([(5, 3), (5, 3)]) == (5, 3)
    assert tuple(function([KerasTensor((7, 3)), KerasTensor((7, 3))]).shape) == (7, 3)
    named = keras.Function({"a": a, "b": b}, {"sum": a + b})
    np.testing.assert_allclose(named({"a": X, "b": X})["sum"], 2 * X)
    with pytest.raises(InvalidArgumentError, match="inputs of 'gate' as .*received"):
        function([X])
    with pytest.raises(InvalidArgumentError, match=r"Expected shape \(None, 3\).*received \(2, 2\)"):
        function([X[:, :2], X])
    with pytest.raises(InvalidArgumentError, match="not among the inputs"):
        keras.Function([a], a + b)


def test_function_is_an_operation():
    inputs = keras.Input((3,))
    dense = layers.Dense(2)
    function = keras.Function(inputs, dense(inputs))
    assert function.operations[-1] is dense
    model = keras.Model(inputs, function(inputs))
    np.testing.assert_array_equal(model(X), dense(X))
    assert isinstance(model, keras.Function) and isinstance(function, keras.Operation)


def _rematerialized(layer):
    """How often the layer's compiled call computes something again."""
    layer(X)
    weights = [v.numpy() for v in layer.trainable_variables]
    program = str(jax.make_jaxpr(lambda w, x: layer.stateless_call(w, [], x)[0]._value)(weights, X))
    return program.count("checkpoint") + program.count("remat")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, 1),
        ({"mode": "activations"}, 1),
        ({"mode": "larger_than", "output_size_threshold": 7}, 1),  # the output has 8 entries
        ({"mode": "larger_than", "output_size_threshold": 8}, 0),
        ({"mode": "list_of_layers", "layer_names": ["d"]}, 1),
        ({"mode": "list_of_layers", "layer_names": ["e"]}, 0),
        ({"mode": None}, 0),
    ],
)
def test_remat_scope_chooses_layers_made_inside(arguments, expected):
    with keras.RematScope(**arguments):
        layer = layers.Dense(4, activation="tanh", name="d")
    assert _rematerialized(layer) == expected
    kept = layer.activation
    layer(X)
    assert layer.activation is kept
    outside = layers.Dense(4, activation="tanh", name="d")
    with keras.RematScope(**arguments):
        assert _rematerialized(outside) == 0


def test_remat_scope_changes_no_value():
    losses = []
    for mode in ("full", "activations", "larger_than", None):
        keras.utils.set_random_seed(0)
        with keras.RematScope(mode, output_size_threshold=3):
            model = keras.Sequential(
                [layers.Dense(8, "tanh"), layers.BatchNormalization(), layers.Dropout(0.3), layers.Dense(1)]
            )
        model.compile("adam", "mse")
        losses.append(
            model.fit(np.tile(X, (8, 1)), np.ones((16, 1)), epochs=2, verbose=0, shuffle=False).history["loss"]
        )
    for other in losses[:-1]:
        np.testing.assert_allclose(other, losses[-1], rtol=1e-5)
    with pytest.raises(InvalidArgumentError, match="mode 'full', 'activations'.*received 'most'"):
        keras.RematScope("most")


def test_symbolic_scope_marks():
    assert not in_symbolic_scope()
    with keras.SymbolicScope() as scope, keras.SymbolicScope():
        assert in_symbolic_scope() and isinstance(scope, keras.SymbolicScope)
        np.testing.assert_array_equal(ops.add(X, 1), X + 1)
    assert not in_symbolic_scope()


def test_float_dtype_policy_is_a_policy_that_files_name():
    policy = keras.FloatDTypePolicy("mixed_bfloat16")
    assert policy == keras.DTypePolicy("mixed_bfloat16") and policy.variable_dtype == "float32"
    stored = keras.dtype_policies.serialize(policy)
    assert stored == {
        "module": "keras",
        "class_name": "FloatDTypePolicy",
        "config": {"name": "mixed_bfloat16"},
        "registered_name": None,
    }
    assert type(keras.dtype_policies.deserialize(stored)) is keras.FloatDTypePolicy
    assert layers.Dense(2, dtype=policy).compute_dtype == "bfloat16"
    assert keras.FloatDTypePolicy().name == "float32"
    with pytest.raises(InvalidArgumentError, match="policy such as 'mixed_bfloat16'; received 'floaty'"):
        keras.FloatDTypePolicy("floaty")

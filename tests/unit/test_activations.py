"""Activations by name: every name of Keras, and the way back."""

import numpy as np
import pytest

from cornu import activations, initializers, regularizers
from cornu._base.errors import InvalidArgumentError

NAMES = [
    "celu",
    "elu",
    "exponential",
    "gelu",
    "glu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
    "threshold",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_goes_there_and_back(name):
    function = activations.get(name)
    assert function is getattr(activations, name)
    canonical = {"swish": "silu", "hard_swish": "hard_silu"}.get(name, name)
    assert activations.serialize(function) == canonical
    assert activations.deserialize(canonical) is function


def test_none_is_linear_and_functions_pass():
    x = np.ones(3)
    assert activations.get(None) is activations.linear
    assert activations.linear(x) is x
    assert activations.get(np.tanh) is np.tanh


def test_a_function_of_the_user_travels_by_name():
    def double(x):
        return 2 * x

    config = activations.serialize(double)
    assert config == {"module": "builtins", "class_name": "function", "config": "double", "registered_name": "function"}
    assert activations.deserialize(config, custom_objects={"double": double}) is double


def test_defaults_differ_from_the_ops_as_in_keras():
    from cornu import ops

    x = np.array([1.0], "float32")
    assert activations.gelu(x).numpy() == ops.gelu(x, approximate=False).numpy() != ops.gelu(x).numpy()
    assert activations.serialize(ops.relu) == "relu"


def test_unknown_name_gets_the_nearest():
    with pytest.raises(ValueError, match=r"Unknown activation: 'rellu'\. Did you mean 'relu'"):
        activations.get("rellu")
    with pytest.raises(ValueError, match=r"Expected the activation as a name, an object or a function; received 3"):
        activations.get(3)


@pytest.mark.parametrize("kind, thing", [("initializer", initializers.Ones()), ("regularizer", regularizers.L2(0.1))])
def test_objects_of_other_kinds_are_refused(kind, thing):
    with pytest.raises(InvalidArgumentError, match=f"Expected the activation as a name.*received the {kind} "):
        activations.get(thing)

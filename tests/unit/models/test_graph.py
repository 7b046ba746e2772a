"""The graph between inputs and outputs: which operations, in which order; what is refused."""

import copy

import numpy as np
import pytest

import cornu
from cornu import KerasTensor, layers, ops
from cornu.models.graph import Graph


def test_operations_lie_between_inputs_and_outputs():
    x = cornu.Input((3,), name="x")
    a = layers.Dense(2, name="a")(x)
    b = layers.Dense(2, name="b")(a)
    layers.Dense(2, name="unused")(b)
    assert [o.name for o in Graph(x, b).operations] == ["x", "a", "b"]
    assert [o.name for o in Graph(a, b).operations] == ["a", "b"]


def test_order_is_by_distance_from_the_outputs():
    x = cornu.Input((3,), name="x")
    long = layers.Dense(3, name="l2")(layers.Dense(3, name="l1")(x))
    short = layers.Dense(3, name="s1")(x)
    graph = Graph(x, layers.Add(name="add")([short, long]))
    assert [o.name for o in graph.operations] == ["x", "l1", "l2", "s1", "add"] or [o.name for o in graph.operations] == [
        "x", "l1", "s1", "l2", "add",
    ]  # fmt: skip
    assert [layer.name for layer in graph.layers] == [o.name for o in graph.operations]


def test_run_calls_shared_layers_once_per_node():
    calls = []

    class Probe(layers.Layer):
        def call(self, x):
            calls.append(1)
            return x * 2

    x, y = cornu.Input((2,)), cornu.Input((2,))
    probe = Probe()
    graph = Graph([x, y], probe(x) + probe(y))
    calls.clear()
    out = graph.run([cornu.convert_to_tensor([[1.0, 2.0]]), cornu.convert_to_tensor([[3.0, 4.0]])])
    assert out.tolist() == [[8.0, 12.0]] and len(calls) == 2


def test_structures_of_outputs():
    x = cornu.Input((2,))
    graph = Graph(x, {"twice": x * 2, "both": [x, x + 1]})
    out = graph.run([cornu.convert_to_tensor([[1.0, 2.0]])])
    assert out["twice"].tolist() == [[2.0, 4.0]] and out["both"][1].tolist() == [[2.0, 3.0]]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda x, y: (x, x + y), r"depend on the input 'y', which is not among the inputs of the model: \['x'\]"),
        (lambda x, y: ([x, x], x + 1), "Expected each input once"),
        (lambda x, y: (x, []), "Expected at least one tensor as outputs of a model; received none"),
        (lambda x, y: (x, 3.0), "Expected symbolic tensors .* as outputs of a model; received 3.0"),
        (lambda x, y: (x, layers.Dense(1, name="d")(layers.Dense(1, name="d")(x))), "'d' is used twice"),
    ],
)
def test_refused_graphs(make, message):
    with pytest.raises(ValueError, match=message):
        Graph(*make(cornu.Input((2,), name="x"), cornu.Input((2,), name="y")))


def test_deep_graphs_are_walked_and_copied_without_recursion():
    x = tensor = cornu.Input((1,))
    for _ in range(600):
        tensor = layers.Identity()(tensor)
    graph = Graph(x, tensor)
    twin = copy.deepcopy(graph)
    assert len(twin.nodes) == 601 and twin.operations[5] is not graph.operations[5]
    assert twin.run([cornu.convert_to_tensor([[3.0]])]).tolist() == [[3.0]]
    assert isinstance(twin.outputs, KerasTensor) and twin.outputs._keras_history.operation is twin.operations[-1]


def test_copy_keeps_options_and_intermediate_inputs():
    x = cornu.Input((4,))
    hidden = layers.Dense(4)(x)
    graph = Graph(hidden, ops.sum(hidden, axis=1, keepdims=True) * 2.0)
    twin = copy.deepcopy(graph)
    value = cornu.convert_to_tensor(np.ones((1, 4), np.float32))
    assert twin.run([value]).tolist() == [[8.0]]

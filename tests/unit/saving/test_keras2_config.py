"""Configs of Keras 2 in Keras 3's words."""

from cornu.saving.keras2_config import upgraded


def test_nodes_of_a_graph():
    config = {
        "class_name": "Functional",
        "config": {
            "name": "m",
            "layers": [
                {"class_name": "InputLayer", "name": "a", "config": {"batch_input_shape": [None, 3], "name": "a"},
                 "inbound_nodes": []},
                {"class_name": "Dense", "name": "d", "config": {"units": 2}, "inbound_nodes": [[["a", 0, 0, {}]]]},
                {"class_name": "Sequential", "name": "s", "config": {"layers": []}, "inbound_nodes": [[["d", 0, 0, {}]]]},
                {"class_name": "Add", "name": "add", "config": {},
                 "inbound_nodes": [[["d", 0, 0, {}], ["s", 1, 0, {}]]]},
                {"class_name": "Attend", "name": "att", "config": {},
                 "inbound_nodes": [[["add", 0, 0, {"value": ["d", 0, 0], "scale": 2.0, "k": ["_CONSTANT_VALUE", -1, 5]}]]]},
            ],
            "input_layers": [["a", 0, 0]],
            "output_layers": [["att", 0, 0]],
        },
    }  # fmt: skip
    new = upgraded(config)["config"]
    layers = {layer["name"]: layer for layer in new["layers"]}
    assert layers["a"]["config"]["batch_shape"] == [None, 3]
    assert histories(layers["d"]) == [[["a", 0, 0]]]
    assert histories(layers["add"]) == [[["d", 0, 0], ["s", 0, 0]]]  # a nested model's own node does not count
    node = layers["att"]["inbound_nodes"][0]
    assert node["kwargs"]["value"]["config"]["keras_history"] == ["d", 0, 0]
    assert node["kwargs"]["scale"] == 2.0
    assert node["kwargs"]["k"] == 5
    assert new["input_layers"] == ["a", 0, 0]
    assert new["output_layers"] == ["att", 0, 0]


def histories(layer):
    found = []
    for node in layer["inbound_nodes"]:
        argument = node["args"][0]
        tensors = argument if isinstance(argument, list) else [argument]
        found.append([tensor["config"]["keras_history"] for tensor in tensors])
    return found


def test_arguments_that_changed():
    assert upgraded({"class_name": "BatchNormalization", "config": {"axis": [3]}})["config"] == {"axis": 3}
    assert upgraded({"class_name": "LSTM", "config": {"units": 1, "time_major": False, "implementation": 2}})[
        "config"
    ] == {"units": 1}
    kept = {"class_name": "LSTM", "config": {"units": 1, "time_major": True}}  # would change the result: not dropped
    assert upgraded(kept) == kept
    loss = {"class_name": "MeanSquaredError", "config": {"reduction": "auto", "name": "l", "fn": "mse"}}
    assert upgraded(loss)["config"] == {"reduction": "sum_over_batch_size", "name": "l"}
    function = upgraded(
        {"class_name": "Lambda", "config": {"function": ["code", None, None], "function_type": "lambda"}}
    )
    assert function["config"]["function"]["class_name"] == "__lambda__"


def test_compile_arguments():
    config = {"compile_config": {"loss": "mse", "run_eagerly": None, "steps_per_execution": None, "jit_compile": None}}
    assert upgraded(config)["compile_config"] == {"loss": "mse", "run_eagerly": False, "steps_per_execution": 1}


def test_configs_of_keras_3_stay():
    node = {"args": [1], "kwargs": {}}
    config = {
        "class_name": "Functional",
        "config": {
            "layers": [
                {
                    "module": "keras.layers",
                    "class_name": "Dense",
                    "name": "d",
                    "config": {"units": 2},
                    "inbound_nodes": [node],
                }
            ],
            "input_layers": ["d", 0, 0],
            "output_layers": ["d", 0, 0],
        },
    }
    assert upgraded(config) == config

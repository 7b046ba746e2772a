"""Objects to Keras' JSON form and back: the forms, the lookup of names, and what is refused."""

import json
import sys

import numpy as np
import pytest

from cornu import activations, initializers, regularizers
from cornu._base.catalog import CATALOGS
from cornu._base.errors import InvalidArgumentError, InvalidTypeError, NotFoundError, UnsafeFileError
from cornu.core import keras_modules, registry, serialization
from cornu.core.serialization import deserialize, resolve, serialize
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor, convert_to_tensor


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})
    monkeypatch.setattr(registry, "_names", {})


class Box:
    """A user's class that holds a thing."""

    def __init__(self, thing=None):
        self.thing = thing

    def get_config(self):
        return {"thing": self.thing}

    @classmethod
    def from_config(cls, config):
        return cls(deserialize(config["thing"]))


FORMS = [  # recorded from Keras 3.15
    (None, None),
    (True, True),
    (np.float32(1.5), 1.5),
    (np.int64(3), 3),
    ((1, 2, (3, 4)), [1, 2, [3, 4]]),
    ({"a": (1, 2)}, {"a": [1, 2]}),
    (np.array([[1, 2]], "int64"), {"class_name": "__numpy__", "config": {"value": [[1, 2]], "dtype": "int64"}}),
    (slice(1, None, 2), {"class_name": "__slice__", "config": {"start": 1, "stop": None, "step": 2}}),
    (b"abc", {"class_name": "__bytes__", "config": {"value": "abc"}}),
    (..., {"class_name": "__ellipsis__", "config": {}}),
    (float, {"module": "builtins", "class_name": "type", "config": "float", "registered_name": "type"}),
    (np.dtype("float32"), "float32"),
]


@pytest.mark.parametrize(("value", "form"), FORMS, ids=lambda x: type(x).__name__)
def test_plain_forms(value, form):
    assert serialize(value) == form
    json.dumps(serialize(value))


def test_tensors():
    form = {"class_name": "__tensor__", "config": {"value": [1.0, 2.0], "dtype": "float32"}}
    assert serialize(convert_to_tensor([1.0, 2.0])) == form
    again = deserialize(form)
    assert isinstance(again, Tensor)
    np.testing.assert_array_equal(again.numpy(), np.array([1, 2], "float32"))
    half = serialize(convert_to_tensor([1.5], dtype="bfloat16"))
    assert half["config"] == {"value": [1.5], "dtype": "bfloat16"}
    assert deserialize(half).dtype == "bfloat16"


def test_values_come_back():
    value = {"a": [1, slice(1, 2, None), ..., b"x"], "b": None}
    assert deserialize(json.loads(json.dumps(serialize(value)))) == value
    array = deserialize(serialize(np.array([1, 2], "int16")))
    assert array.dtype == np.int16
    assert array.tolist() == [1, 2]
    assert deserialize({"class_name": "__tuple__", "config": {"value": [1, 2]}}) == (1, 2)


def test_symbolic_tensors():
    form = {
        "class_name": "__keras_tensor__",
        "config": {"shape": [None, 3], "dtype": "int32", "keras_history": ["i", 0, 0]},
    }
    tensor = deserialize(form)
    assert isinstance(tensor, KerasTensor)
    assert tuple(tensor.shape) == (None, 3)
    assert tensor.dtype == "int32"


def test_objects_are_written_as_keras_writes_them():
    assert serialize(initializers.GlorotUniform(seed=3)) == {
        "module": "keras.initializers",
        "class_name": "GlorotUniform",
        "config": {"seed": 3, "input_axes": None, "output_axes": None},
        "registered_name": None,
    }
    assert deserialize(serialize(regularizers.L2(0.25))).l2 == 0.25


def test_functions_are_written_by_name():
    form = {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}
    assert serialize(activations.relu) == form
    assert deserialize(form) is activations.relu


def test_old_module_paths():
    for module in (
        "keras.src.initializers.random_initializers",
        "tensorflow.python.keras.initializers",
        "tf_keras.initializers",
    ):
        assert keras_modules.public_module(module) == "keras.initializers"
        found = deserialize({"module": module, "class_name": "Zeros", "config": {}, "registered_name": None})
        assert isinstance(found, initializers.Zeros)
    assert keras_modules.public_module("keras.optimizers.schedules") == "keras.optimizers.schedules"
    assert (
        keras_modules.public_module("keras.src.optimizers.schedules.learning_rate_schedule")
        == "keras.optimizers.schedules"
    )
    assert keras_modules.public_module("keras.src.engine.sequential") == "keras"
    assert keras_modules.public_module("os.path") is None


def test_configs_without_module():
    assert isinstance(deserialize({"class_name": "Zeros", "config": {}}), initializers.Zeros)
    again = resolve(CATALOGS["keras.initializers"], {"class_name": "Constant", "config": {"value": 2.0}})
    assert again.value == 2.0


def test_resolve():
    catalog = CATALOGS["keras.initializers"]
    assert resolve(catalog, None) is None
    assert isinstance(resolve(catalog, "zeros"), initializers.Zeros)
    assert isinstance(resolve(catalog, initializers.Zeros), initializers.Zeros)
    given = initializers.Ones()
    assert resolve(catalog, given) is given
    with pytest.raises(
        InvalidArgumentError, match=r"Unknown initializer: 'glorot_unifrm'.* Did you mean 'glorot_uniform'"
    ):
        resolve(catalog, "glorot_unifrm")
    with serialization.custom_object_scope({"mine": Box}):
        assert isinstance(resolve(catalog, "mine"), Box)


def test_registered_classes():
    registry.register_keras_serializable("pack")(Box)
    assert serialization.get_registered_name(Box) == "pack>Box"
    assert serialization.get_registered_object("pack>Box") is Box
    form = serialize(Box((1, 2)))
    assert form["registered_name"] == "pack>Box"
    assert form["config"] == {"thing": [1, 2]}
    assert deserialize(form).thing == [1, 2]
    with pytest.raises(InvalidArgumentError, match=r"Expected a class with a `get_config\(\)` method; received object"):
        registry.register_keras_serializable()(object)


def test_custom_objects_by_any_name():
    form = {"module": "elsewhere", "class_name": "Box", "config": {"thing": 1}, "registered_name": "pack>Box"}
    for name in ("Box", "pack>Box"):
        assert deserialize(form, custom_objects={name: Box}).thing == 1
    with serialization.CustomObjectScope({"Box": Box}):
        assert deserialize(form).thing == 1
    with pytest.raises(NotFoundError, match="custom_objects="):
        deserialize(form)
    serialization.get_custom_objects()["Box"] = Box
    assert deserialize(form).thing == 1
    with pytest.raises(InvalidTypeError, match="custom_objects as a dict"), serialization.custom_object_scope([Box]):
        pass


def test_a_users_class_does_not_replace_a_class_of_keras():
    form = serialize(initializers.Zeros())
    assert isinstance(deserialize(form, custom_objects={"Zeros": Box}), initializers.Zeros)


def test_unknown_names():
    form = {"module": "keras.initializers", "class_name": "Zeroes", "config": {}, "registered_name": None}
    with pytest.raises(
        NotFoundError, match=r"'Zeroes' of module 'keras.initializers'.*Did you mean 'Zeros'.*register_keras"
    ):
        deserialize(form)
    with pytest.raises(NotFoundError, match=r"the function 'my_loss', which is not known here.*custom_objects"):
        deserialize(
            {"module": "builtins", "class_name": "function", "config": "my_loss", "registered_name": "function"}
        )


@pytest.mark.parametrize(
    ("module", "name"),
    [("os", "system"), ("builtins", "eval"), ("subprocess", "Popen"), ("cornu.io.atomic", "replacing")],
)
def test_nothing_is_imported_for_a_file(module, name):
    before = set(sys.modules)
    with pytest.raises(NotFoundError, match="not known here"):
        deserialize({"module": module, "class_name": name, "config": {}, "registered_name": None})
    assert not {m for m in set(sys.modules) - before if not m.startswith("cornu")}


@pytest.mark.parametrize("name", ["__import__", "jax", "lax", "np", "dispatch", "raw"])
def test_only_ops_are_found_among_ops(name):
    with pytest.raises(NotFoundError, match="not known here"):
        deserialize({"module": "builtins", "class_name": "function", "config": name, "registered_name": "function"})


def test_lambdas_are_code():
    offset = 2.0
    with pytest.warns(UserWarning, match="safe_mode=False"):
        form = json.loads(json.dumps(serialize(lambda x, k=3.0: np.sin(x) * k + offset)))
    with pytest.raises(UnsafeFileError, match="pass `safe_mode=False` to this very call"):
        deserialize(form)
    assert deserialize(form, safe_mode=False)(0.0) == 2.0
    with pytest.raises(UnsafeFileError, match="safe_mode=False"):  # the leave was for that call only
        deserialize(form)
    nested = {"module": None, "class_name": "Box", "config": {"thing": form}, "registered_name": "Box"}
    with serialization.custom_object_scope({"Box": Box}):
        assert deserialize(nested, safe_mode=False).thing(0.0) == 2.0
        with pytest.raises(UnsafeFileError, match="safe_mode=False"):
            deserialize(nested)
    form["config"]["value"][0] = "AAAA"
    with pytest.raises(InvalidArgumentError, match="fits only the Python version"):
        deserialize(form, safe_mode=False)


def test_constructors_can_ask_whether_the_file_is_trusted():
    class Asks(Box):
        def __init__(self, thing=None):
            super().__init__(serialization.is_loading_safely())

    form = {"module": None, "class_name": "Asks", "config": {"thing": None}, "registered_name": "Asks"}
    assert deserialize(form, custom_objects={"Asks": Asks}).thing is True
    assert deserialize(form, custom_objects={"Asks": Asks}, safe_mode=False).thing is False
    assert Asks().thing is False


def test_callbacks_are_out_of_reach():
    form = {
        "module": "keras.callbacks",
        "class_name": "CSVLogger",
        "config": {"filename": "x"},
        "registered_name": None,
    }
    with pytest.raises(NotFoundError, match="'CSVLogger' of module 'keras.callbacks', which is not known here"):
        deserialize(form)


def test_what_cannot_be_written():
    for thing in (object(), {1, 2}, 1j):
        with pytest.raises(InvalidTypeError, match="get_config"):
            serialize(thing)


def test_wrong_configs():
    form = {"module": "keras.initializers", "class_name": "Zeros", "config": {"depth": 3}, "registered_name": None}
    with pytest.raises(InvalidTypeError, match="Zeros cannot be made from its config"):
        deserialize(form)


def test_every_part_can_be_loaded():
    for module in keras_modules.PARTS:
        keras_modules.load(module)

"""`ref()` makes keys of tensors and variables."""

import cornu as keras
from cornu import ops


def test_a_reference_stands_for_one_object():
    a, b = keras.Variable(1.0), keras.Variable(1.0)
    tensor = ops.ones(2)
    slots = {a.ref(): "a", b.ref(): "b", tensor.ref(): "tensor"}
    assert [slots[thing.ref()] for thing in (a, b, tensor)] == ["a", "b", "tensor"]
    assert a.ref() == a.ref() != b.ref()
    assert a.ref().deref() is a
    assert tensor.ref() != "tensor"

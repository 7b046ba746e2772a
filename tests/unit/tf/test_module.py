import pytest

import cornu
import cornu.tf as tf
from cornu._base.errors import InvalidArgumentError


class Part(tf.Module):
    def __init__(self):
        super().__init__()
        self.v = tf.Variable(1.0, name="v")


class Whole(tf.Module):
    def __init__(self, name=None):
        super().__init__(name=name)
        with self.name_scope:
            self.b = tf.Variable(1.0, name="b")
        self.a = tf.Variable(2.0, name="a", trainable=False)
        self.parts = [Part(), {"k": Part()}]
        self.again = self.parts[0]

    @tf.Module.with_name_scope
    def __call__(self, x):
        if not hasattr(self, "w"):
            self.w = tf.Variable([1.0, 1.0], name="w")
        return self.w * x


def test_variables_by_attribute_name_own_ones_first():
    whole = Whole()
    whole(1.0)
    first, second = whole.parts[0].v, whole.parts[1]["k"].v
    assert [id(v) for v in whole.variables] == [id(v) for v in (whole.a, whole.b, whole.w, first, second)]
    assert [id(v) for v in whole.trainable_variables] == [id(v) for v in (whole.b, whole.w, first, second)]
    assert whole.non_trainable_variables == (whole.a,)
    assert whole.submodules == (whole.parts[0], whole.parts[1]["k"])


def test_names():
    whole = Whole()
    whole(1.0)
    assert (whole.name, whole.name_scope.name) == ("whole", "whole/")
    assert [v.path for v in whole.variables] == ["a", "whole/b", "whole/w", "v", "v"]
    assert Whole("other_name").name == "other_name"

    class HTTPServer2Go(tf.Module):
        pass

    assert HTTPServer2Go().name == "http_server2_go"
    with pytest.raises(InvalidArgumentError, match="'bad name' is not a valid module name"):
        Whole("bad name")


def test_layers_are_parts_of_modules():
    class Model(tf.Module):
        def __init__(self):
            super().__init__()
            self.dense = cornu.layers.Dense(2)

        def __call__(self, x):
            return self.dense(x)

    model = Model()
    model(tf.ones([1, 3]))
    assert [tuple(v.shape) for v in model.trainable_variables] == [(3, 2), (2,)]

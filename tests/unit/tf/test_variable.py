"""tf.Variable with a declared shape: values of other sizes may be assigned."""

import numpy as np
import pytest

import cornu.tf as tf


def test_assign_another_size():
    v = tf.Variable([1.0, 2.0], shape=[None])
    v.assign([1.0, 2.0, 3.0])
    assert v.shape.as_list() == [None]
    assert "shape=(None,)" in repr(v)
    assert v.read_value().shape == (3,)
    assert (tf.shape(v).numpy().tolist(), tf.size(v).numpy(), tf.rank(v).numpy()) == ([3], 3, 1)
    np.testing.assert_array_equal(v + 1, [2, 3, 4])
    with pytest.raises(ValueError, match=r"value of shape \(None,\).*received shape \(1, 1\)"):
        v.assign([[1.0]])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(v * v)
    np.testing.assert_array_equal(tape.gradient(y, v), [2, 4, 6])


def test_any_shape():
    v = tf.Variable(0.0, shape=tf.TensorShape(None))
    assert v.shape.rank is None
    assert "shape=<unknown>" in repr(v)
    v.assign([[1.0, 2.0]])
    np.testing.assert_array_equal(v.numpy(), [[1, 2]])


def test_compiled_functions_see_the_shape_of_now():
    v = tf.Variable([1.0, 2.0], shape=[None])

    @tf.function
    def grown(x):
        v.assign(tf.concat([v, x], 0))
        return tf.size(v), tf.reduce_sum(v)

    for count in (3, 4, 5):
        size, total = grown(tf.constant([1.0]))
        assert (size.numpy(), total.numpy()) == (count, count + 1)
    v.assign([5.0])
    assert [x.numpy() for x in grown(tf.constant([1.0]))] == [2, 6]


def test_the_first_value_must_fit():
    with pytest.raises(ValueError, match=r"initial value of shape \(3,\); received \(2,\)"):
        tf.Variable([1.0, 2.0], shape=[3])
    with pytest.raises(ValueError, match=r"initial value of shape \(None, None\); received \(2,\)"):
        tf.Variable([1.0, 2.0], shape=[None, None])


def test_shapes_of_unknown_rank():
    unknown = tf.TensorShape(None)
    assert (repr(unknown), str(unknown), unknown.rank, unknown.dims) == ("TensorShape(None)", "<unknown>", None, None)
    assert unknown == tf.TensorShape(None)
    assert unknown != tf.TensorShape([])
    assert unknown != ()
    assert not unknown
    assert tf.TensorShape([1]).is_compatible_with(unknown)
    assert unknown.merge_with([1, 2]) == (1, 2) == tf.TensorShape([1, 2]).merge_with(unknown)
    assert tf.TensorShape([1]).concatenate(unknown).rank is None
    assert unknown.with_rank(2).as_list() == [None, None]
    assert "shape=<unknown>" in repr(tf.TensorSpec(unknown))
    for ask in (len, list, lambda shape: shape.as_list()):
        with pytest.raises(ValueError, match="shape of known rank"):
            ask(unknown)

import numpy as np
import pytest

import cornu.tf as tf
from cornu._base.errors import InvalidArgumentError, OutOfRangeError


def filled(values, **options):
    array = tf.TensorArray(tf.float32, size=len(values), **options)
    for i, value in enumerate(values):
        array = array.write(i, value)
    return array


def test_write_read_stack_size():
    array = filled([1.0, 2.0, 3.0], clear_after_read=False)
    assert array.size().numpy() == 3
    assert array.read(1).numpy() == 2.0
    np.testing.assert_array_equal(array.stack(), [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(array.gather([2, 0]), [3.0, 1.0])
    assert array.dtype == "float32"
    assert tuple(array.element_shape) == ()


def test_elements_are_cleared_when_they_are_read():
    array = filled([1.0, 2.0])
    array.read(0)
    with pytest.raises(InvalidArgumentError, match="Could not read index 0 twice because it was cleared"):
        array.read(0)


def test_unstack_scatter_split_concat():
    array = tf.TensorArray(tf.float32, size=0, dynamic_size=True).unstack([[1.0], [2.0], [3.0]])
    np.testing.assert_array_equal(array.concat(), [1.0, 2.0, 3.0])
    array = tf.TensorArray(tf.float32, size=3).scatter([2, 0], [[5.0], [6.0]])
    np.testing.assert_array_equal(array.stack(), [[6.0], [0.0], [5.0]])
    array = tf.TensorArray(tf.float32, size=2, infer_shape=False).split(tf.constant([1.0, 2.0, 3.0]), [1, 2])
    np.testing.assert_array_equal(array.read(1), [2.0, 3.0])


def test_dynamic_size():
    array = tf.TensorArray(tf.int32, size=0, dynamic_size=True)
    array = array.write(2, 7)
    assert array.size().numpy() == 3
    np.testing.assert_array_equal(array.stack(), [0, 0, 7])
    assert tf.TensorArray(tf.int32, 0).stack().shape == (0,)


def test_errors():
    array = filled([1.0, 2.0])
    with pytest.raises(OutOfRangeError, match="Tried to write to index 5 but array is not resizeable and size is: 2"):
        array.write(5, 1.0)
    with pytest.raises(OutOfRangeError, match="Tried to read from index 5 but array size is: 2"):
        array.read(5)
    with pytest.raises(InvalidArgumentError, match=r"elements of shape \(\) for the TensorArray; received \(2,\)"):
        array.write(0, [1.0, 2.0])
    with pytest.raises(InvalidArgumentError, match="dtype float32 for the TensorArray; received int32"):
        array.write(0, tf.constant(1))
    with pytest.raises(InvalidArgumentError, match="Could not read index 0: nothing was written"):
        tf.TensorArray(tf.float32, size=1).read(0)


def test_gradients_outside_of_functions():
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        array = tf.TensorArray(tf.float32, size=2, clear_after_read=False).unstack(x)
        y = tf.reduce_sum(array.write(0, array.read(1) * 3.0).stack() * [1.0, 0.0])
    np.testing.assert_array_equal(tape.gradient(y, x), [0.0, 3.0])


@pytest.mark.parametrize("dynamic", [False, True])
def test_in_a_compiled_loop_over_rows(dynamic):
    def program(xs):
        array = tf.TensorArray(tf.float32, size=0 if dynamic else 3, dynamic_size=dynamic)
        for i in tf.range(3):
            if xs[i] > 1.5:
                array = array.write(i, xs[i])
            else:
                array = array.write(i, -xs[i])
        return array.stack()

    np.testing.assert_array_equal(tf.function(program)(tf.constant([1.0, 2.0, 3.0])), [-1.0, 2.0, 3.0])


def test_read_and_write_in_a_compiled_while_with_gradient():
    @tf.function
    def program(xs):
        with tf.GradientTape() as tape:
            tape.watch(xs)
            array = tf.TensorArray(tf.float32, size=4, clear_after_read=False).unstack(xs)
            i = 1
            while i < tf.shape(xs)[0]:
                array = array.write(i, array.read(i - 1) * array.read(i))
                i += 1
            y = array.read(3)
        return array.stack(), tape.gradient(y, xs)

    values, slopes = program(tf.constant([1.0, 2.0, 3.0, 4.0]))
    np.testing.assert_array_equal(values, [1.0, 2.0, 6.0, 24.0])
    np.testing.assert_allclose(slopes, [24.0, 12.0, 8.0, 6.0])


def test_given_to_and_returned_by_a_loop():
    @tf.function
    def program(n):
        array = tf.TensorArray(tf.int32, size=5, element_shape=[])
        return tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, a.write(i, i * i)), (0, array))[1].stack()

    np.testing.assert_array_equal(program(tf.constant(4)), [0, 1, 4, 9, 0])

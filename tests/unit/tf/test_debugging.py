import numpy as np
import pytest

import cornu
import cornu.tf as tf
from cornu._base.errors import InvalidArgumentError, InvalidTypeError


@pytest.mark.parametrize(
    "check, good, bad",
    [
        ("assert_equal", (1, 1), (1, 2)), ("assert_none_equal", (1, 2), (1, 1)), ("assert_less", (1, 2), (2, 2)),
        ("assert_less_equal", (2, 2), (3, 2)), ("assert_greater", (2, 1), (1, 1)), ("assert_greater_equal", (1, 1), (0, 1)),
        ("assert_positive", ([1, 2],), ([1, 0],)), ("assert_negative", ([-1],), ([0],)), ("assert_non_negative", ([0],), ([-1],)),
        ("assert_non_positive", ([0],), ([1],)), ("assert_near", (1.0, 1.0), (1.0, 1.1)), ("assert_rank", ([1], 1), ([1], 2)),
        ("assert_rank_at_least", ([[1]], 1), ([1], 2)), ("assert_rank_in", ([1], (0, 1)), ([[1]], (0, 1))),
        ("assert_scalar", (1,), ([1],)), ("assert_all_finite", ([1.0], "m"), ([np.inf], "m")),
        ("assert_shapes", ([(np.ones((2, 3)), ("n", 3)), (np.ones(2), "n")],), ([(np.ones((2, 3)), ("n", "n"))],)),
    ],
)  # fmt: skip
def test_assertions(check, good, bad):
    getattr(tf.debugging, check)(*good)
    with pytest.raises(InvalidArgumentError, match="Expected"):
        getattr(tf.debugging, check)(*bad)


def test_dtypes():
    tf.debugging.assert_integer([1])
    tf.debugging.assert_type(1.0, tf.float32)
    assert tf.debugging.assert_same_float_dtype([tf.constant(1.0)]) == "float32"
    for call in (lambda: tf.debugging.assert_integer([1.0]), lambda: tf.debugging.assert_type(1, tf.float32),
                 lambda: tf.debugging.assert_same_float_dtype([tf.constant(1)]),
                 lambda: tf.debugging.assert_proper_iterable("text")):  # fmt: skip
        with pytest.raises(InvalidTypeError, match="Expected"):
            call()
    assert tf.debugging.is_numeric_tensor(tf.constant(1)) and not tf.debugging.is_numeric_tensor(tf.constant("a"))


def test_inside_a_compiled_function():
    @cornu.function
    def half(x):
        tf.debugging.assert_positive(x, "needed here:")
        return x / 2

    assert float(half(tf.constant(2.0))) == 1
    with pytest.raises(Exception, match="needed here: Expected x > 0"):
        half(tf.constant(-2.0)).numpy()
        __import__("jax").effects_barrier()


def test_inside_a_function_of_tensorflow():
    @tf.function
    def root(x):
        tf.debugging.assert_non_negative(x)
        return tf.sqrt(x)

    assert float(root(tf.constant(4.0))) == 2
    with pytest.raises(InvalidArgumentError, match="Expected x >= 0 everywhere; received x=-4"):
        root(tf.constant(-4.0))
    assert float(root(tf.constant(9.0))) == 3


def test_devices_and_switches():
    assert tf.config.list_physical_devices("CPU")[0].name == "/physical_device:CPU:0"
    assert tf.config.list_logical_devices()[0] == ("/device:CPU:0", "CPU")
    with pytest.raises(InvalidArgumentError, match="Expected a GPU"):
        tf.config.experimental.set_memory_growth(tf.config.list_physical_devices()[0], True)
    tf.config.run_functions_eagerly(True)
    assert tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(False)
    with tf.device("/GPU:7"), tf.device("cpu"):
        assert tf.constant(1).numpy() == 1
    with pytest.raises(InvalidArgumentError, match="'/CPU:0' or '/GPU:1'"), tf.device("toaster"):
        pass


def test_name_scopes():
    with tf.name_scope("a") as outer, tf.name_scope("b"):
        assert outer == "a/" and tf.get_current_name_scope() == "a/b"
        assert tf.Variable(1.0, name="v").path == "a/b/v"
    assert tf.get_current_name_scope() == ""


def test_summaries(tmp_path):
    writer = tf.summary.create_file_writer(tmp_path)
    with writer.as_default(step=3):
        assert (
            tf.summary.scalar("loss", 0.5) and tf.summary.histogram("w", [1.0, 2.0]) and tf.summary.text("t", "hello")
        )
        assert tf.summary.image("p", np.zeros((1, 2, 2, 3), "float32"))
        with tf.summary.record_if(False):
            assert not tf.summary.scalar("loss", 0.5)
    assert not tf.summary.scalar("loss", 1.0)
    with writer.as_default(), pytest.raises(InvalidArgumentError, match="Expected a step for the summary 'loss'"):
        tf.summary.scalar("loss", 1.0)
    writer.close()
    data = next(tmp_path.iterdir()).read_bytes()
    assert all(tag in data for tag in (b"loss", b"scalars", b"hello", b"IHDR"))


def test_tables(tmp_path):
    table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a", "b"], [1, 2]), -1)
    assert table.lookup(tf.constant([["a", "x"]])).numpy().tolist() == [[1, -1]] and int(table.size()) == 2
    (tmp_path / "words").write_text("the\ncat\n")
    lines = tf.lookup.TextFileInitializer(
        str(tmp_path / "words"),
        tf.string,
        tf.lookup.TextFileIndex.WHOLE_LINE,
        tf.int64,
        tf.lookup.TextFileIndex.LINE_NUMBER,
    )
    words = tf.lookup.StaticVocabularyTable(lines, num_oov_buckets=3)
    found = words.lookup(tf.constant(["cat", "dog"])).numpy()
    assert found[0] == 1 and 2 <= found[1] < 5 and int(words.size()) == 5


def test_averages():
    v = tf.Variable(0.0)
    average = tf.train.ExponentialMovingAverage(0.5)
    average.apply([v])
    v.assign(4.0)
    average.apply([v])
    assert float(average.average(v)) == 2


def test_first_generation():
    v1 = tf.compat.v1
    with v1.Session(config=v1.ConfigProto(allow_soft_placement=True)) as session:
        assert session.run({"a": tf.constant([1, 2])})["a"].tolist() == [1, 2]
    for call in (v1.placeholder, v1.disable_eager_execution, lambda: session.run(1, feed_dict={1: 2})):
        with pytest.raises(cornu._base.errors.FailedPreconditionError, match="ops run at once"):
            call()
    v1.logging.set_verbosity(v1.logging.ERROR)
    assert v1.reduce_sum([1, 2]).numpy() == 3 and tf.compat.as_str(b"x") == "x"


def test_test_case():
    class Case(tf.test.TestCase):
        def runTest(self):
            self.assertAllClose([1.0, 2.0], tf.constant([1.0, 2.0 + 1e-7]))
            self.assertAllEqual(self.evaluate(tf.constant([1])), [1])
            with pytest.raises(AssertionError, match="Mismatched elements: 1 / 1"):
                self.assertAllClose([1.0], [2.0])
            assert self.get_temp_dir()

    assert Case().run().wasSuccessful()
    symbolic, numeric = tf.test.compute_gradient(lambda x: x * x, [tf.constant([1.0, 3.0])])
    np.testing.assert_allclose(symbolic[0], [[2, 0], [0, 6]])
    np.testing.assert_allclose(numeric[0], symbolic[0], atol=1e-3)


def test_variables_of_tensorflow():
    v = tf.Variable(3.0, trainable=False, name="v")
    assert isinstance(v, tf.Variable) and isinstance(cornu.layers.Dense(1, input_shape=(1,)), tf.Module) is False
    assert not v.trainable and tf.Variable(lambda: 2).dtype == "int32"
    with pytest.raises(InvalidArgumentError, match="expected an initial value; received None"):
        tf.Variable()
    with pytest.raises(InvalidArgumentError, match=r"initial value of shape \(2,\); received \(\)"):
        tf.Variable(1.0, shape=(2,))

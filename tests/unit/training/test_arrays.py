"""Data in memory becomes checked arrays."""

import collections

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import config
from cornu.core.tensor import Tensor
from cornu.core.variable import Variable
from cornu.training.adapters import ArrayData, adapt, train_validation_split
from cornu.training.arrays import to_arrays


class Column:
    """Answers like a pandas Series."""

    index = ()

    def __init__(self, values):
        self.values = np.asarray(values)

    def to_numpy(self):
        return self.values

    def __array__(self, dtype=None, copy=None):
        return self.values


class Frame:
    """Answers like a pandas DataFrame."""

    def __init__(self, **columns):
        self.data, self.columns, self.iloc = columns, list(columns), self

    def __getitem__(self, key):
        return Column(self.data[self.columns[key[1]]])

    def to_numpy(self):
        return np.stack([np.asarray(values, object) for values in self.data.values()], 1)


class Dates(Frame):
    """A frame of one kind of column, which comes as an array of that kind."""

    def to_numpy(self):
        return np.stack(list(self.data.values()), 1)


class Torch:
    """Answers like a torch tensor on a device."""

    shape = (2,)

    def detach(self):
        return self

    def cpu(self):
        return self

    def numpy(self):
        return np.array([1.0, 2.0])


DTYPES = [
    (np.ones((2, 1)), "float32"),
    (np.ones((2, 1), "float16"), "float32"),
    (np.ones((2, 1), "float32"), "float32"),
    (np.ones(2, "int64"), "int64"),
    (np.ones(2, "uint8"), "uint8"),
    (np.ones(2, bool), "bool"),
    ([1.5, 2.5], "float32"),
    ([[1, 2], [3, 4]], "int32"),
    (range(3), "int32"),
    ([np.float64(1.0), np.float64(2.0)], "float32"),
    (np.array([1, 2.5, True], object), "float32"),
    (jnp.ones(2, "float32"), "float32"),
    (jnp.ones(2, "float64"), "float32"),
    (jnp.ones(2, "bfloat16"), "float32"),
    (Tensor(jnp.ones(2, "int32")), "int32"),
    (Torch(), "float32"),
    (Column([1.0, 2.0]), "float32"),
]


@pytest.mark.parametrize(("value", "dtype"), DTYPES)
def test_dtypes(value, dtype):
    assert to_arrays(value, "x").dtype == dtype


def test_floatx_decides():
    config.set_floatx("float64")
    try:
        assert to_arrays(np.ones(2, "float32"), "x").dtype == "float64"
    finally:
        config.set_floatx("float32")


def test_arrays_are_not_copied():
    x, device = np.ones((3, 2), "float32"), jnp.ones(3)
    assert to_arrays(x, "x") is x
    assert to_arrays(Tensor(device), "x") is device or device.dtype != "float32"


def test_a_variable_is_copied():
    variable = Variable(np.array([1.0, 2.0], "float32"))
    array = to_arrays(variable, "x")
    variable.assign([5.0, 6.0])
    assert array.tolist() == [1.0, 2.0]


def test_a_series_becomes_a_column():
    assert to_arrays(Column([1, 2, 3]), "y").shape == (3, 1)
    assert adapt({"a": Column([1, 2, 3])}).data[0]["a"].tolist() == [[1], [2], [3]]


def test_a_frame_of_mixed_numbers():
    frame = Frame(age=[30, 40], member=[True, False], height=[1.5, 1.75])
    assert to_arrays(frame, "x").tolist() == [[30.0, 1.0, 1.5], [40.0, 0.0, 1.75]]


Pair = collections.namedtuple("Pair", "a b")


def test_nests_keep_their_structure():
    a, b = np.ones((2, 1)), jnp.zeros((2, 3))
    assert isinstance(to_arrays((a, b), "x"), tuple)
    assert isinstance(to_arrays([a], "x"), list)
    found = to_arrays({"p": Pair(a, [b, None])}, "x")
    assert type(found["p"]) is Pair and found["p"].b[0].shape == (2, 3) and found["p"].b[1] is None


REFUSED = [
    (np.array(["cat", "dog"]), InvalidTypeError, "x to hold numbers; received text: 'cat' at row 0"),
    (["cat", "dog"], InvalidTypeError, "received text: 'cat' at row 0"),
    (np.array([1, "dog"], object), InvalidTypeError, "received text: 'dog' at row 1"),
    (np.array([1.0, None], object), InvalidTypeError, "a missing value: None at row 1. Fill missing"),
    (np.array([[1], [1, 2]], object), InvalidTypeError, "a sequence: .*pad them"),
    (Frame(age=[1, 2], name=["Ann", "Bo"]), InvalidTypeError, r"x \(column 'name'\).*'Ann' at row 0"),
    (np.array(["2020-01-01"], "M8[D]"), InvalidTypeError, "received dates or durations"),
    (Dates(day=np.array(["2020-01-01"], "M8[D]")), InvalidTypeError, "x to hold numbers; received dates"),
    (np.zeros(2, [("a", "f4"), ("b", "i4")]), InvalidTypeError, r"records with fields \('a', 'b'\)"),
    ([[1, 2], [3]], InvalidArgumentError, "x as nested lists .* row 1 with 1 entries instead of 2 entries"),
    ([[1, 2], 3], InvalidArgumentError, "row 1 with a single number instead of 2 entries"),
    ([object()], InvalidTypeError, "x to hold numbers"),
    (object(), InvalidTypeError, "data frame; received .* of type object"),
    (3.0, InvalidArgumentError, "x to have rows .* received the scalar 3.0"),
    ((np.ones(2), "text"), InvalidTypeError, r"Expected x\[1\] as an array.*'text' of type str"),
]


@pytest.mark.parametrize(("value", "error", "match"), REFUSED)
def test_what_holds_no_numbers_is_refused(value, error, match):
    with pytest.raises(error, match=match):
        to_arrays(value, "x")


def test_text_may_be_let_through():
    assert to_arrays(np.array(["a", "b"]), "x", allow_text=True).tolist() == ["a", "b"]
    assert adapt(["a", "b"], allow_text=True).data[0].dtype == object


def test_array_data():
    data = adapt(np.arange(70.0).reshape(70, 1), list(range(70)))
    assert isinstance(data, ArrayData)
    assert (data.rows, data.batch_size, data.num_batches, data.steps) == (70, 32, 3, None)
    x, y, weight = data.batch(np.array([3, 1]))
    assert x.tolist() == [[3.0], [1.0]] and y.tolist() == [3, 1] and weight is None
    assert data.batch(slice(68, 80))[1].tolist() == [68, 69]
    assert data.peek()[0].shape == (32, 1)
    assert data.nbytes == 70 * 8


def test_array_data_of_device_arrays_and_nests():
    data = adapt({"a": jnp.arange(5.0), "b": np.arange(5)}, (np.arange(5), None), batch_size=2, steps=9, shuffle=True)
    assert (data.rows, data.num_batches, data.steps, data.shuffle) == (5, 3, 9, True)
    x, y, _ = data.batch(slice(1, 3))
    assert isinstance(x["a"], jax.Array) and x["a"].tolist() == [1.0, 2.0]
    assert y[0].tolist() == [1, 2] and y[1] is None


ADAPT_REFUSED = [
    ({"x": None, "y": np.ones(2)}, "x to hold the input data; received None"),
    ({"x": np.ones(4), "y": np.ones(3)}, "x has 4, y has 3"),
    ({"x": [np.ones(4), np.ones(5)], "y": np.ones(4)}, r"x\[0\] has 4, x\[1\] has 5, y has 4"),
    ({"x": np.ones(4), "y": np.ones(4), "sample_weight": np.ones(2)}, "sample_weight has 2"),
    ({"x": np.ones((0, 2)), "y": np.ones(0)}, "at least one row"),
    ({"x": np.ones(4), "batch_size": 0}, "batch_size to be a positive integer"),
    ({"x": np.ones(4), "steps": -1}, "steps_per_epoch to be a positive integer"),
    ({"x": np.ones(4), "steps": 0, "mode": "predict"}, "Expected steps to be a positive integer"),
]


@pytest.mark.parametrize(("arguments", "match"), ADAPT_REFUSED)
def test_adapt_refuses(arguments, match):
    with pytest.raises(InvalidArgumentError, match=match):
        adapt(**arguments)


@pytest.mark.parametrize(("rows", "share", "kept"), [(10, 0.25, 7), (10, 0.33, 6), (7, 0.5, 3), (3, 0.1, 2)])
def test_split_keeps_the_first_rows_as_keras_counts(rows, share, kept):
    (x, y, w), (vx, vy, vw) = train_validation_split((list(range(rows)), [Tensor(jnp.arange(rows))], None), share)
    assert x.tolist() == list(range(kept)) and vx.tolist() == list(range(kept, rows))
    assert y[0].tolist() == x.tolist() and vy[0].tolist() == vx.tolist() and w is None and vw is None


def test_split_refuses():
    with pytest.raises(InvalidArgumentError, match="contains 1 samples, which is not sufficient to split"):
        train_validation_split((np.ones(1), None, None), 0.5)
    with pytest.raises(InvalidArgumentError, match="x has 3, y has 2"):
        train_validation_split((np.ones(3), np.ones(2)), 0.5)
    with pytest.raises(
        InvalidArgumentError, match="x` as a generator, `validation_split` is only supported for arrays"
    ):
        train_validation_split(((i for i in range(3)), None, None), 0.5)

"""`@op`: what the decorator gives to a function on arrays."""

import copy
import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import cornu
from cornu import KerasTensor, Tensor, Variable, config, convert_to_tensor, ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import OPS, op

_traces: list[str] = []


@op
def _scaled(x, by=2.0, axes=None):
    _traces.append("scaled")
    return x * jnp.asarray(by, x.dtype)


@op(inexact=True)
def _halved(x):
    return x / 2


@op(unify=True)
def _joined(x, y):
    return x + y


@op(nests="xs")
def _summed(xs, start=0):
    leaves = jax.tree.leaves(xs)
    return sum(leaves[1:], leaves[0]) + start


@op
def _spread(*operands):
    return list(operands), {"count": jnp.int32(len(operands))}


@op(tensors="condition x")
def _chosen(condition, x=None):
    return condition if x is None else jnp.where(condition, x, 0)


@op(static="factor")
def _total(factor, *operands):
    return factor * sum(jnp.sum(x) for x in operands)


@op(eager=True)
def _nonzero(x):
    return jnp.nonzero(x)[0].astype(jnp.int32)


@op(static="length")
def _counted(length):
    return jnp.zeros(length, "float32")


@pytest.mark.parametrize(
    "x",
    [
        convert_to_tensor([1.0, 2.0]),
        Variable([1.0, 2.0]),
        jnp.array([1.0, 2.0], "float32"),
        np.float32([1, 2]),
        [1.0, 2.0],
    ],
)
def test_accepts_everything_that_is_like_a_tensor(x):
    y = _scaled(x)
    assert isinstance(y, Tensor) and y.dtype == "float32" and y.tolist() == [2.0, 4.0]


def test_scalars():
    assert _scaled(3).dtype == "int32" and _scaled(1.5).dtype == "float32" and _halved(3).numpy() == 1.5
    assert _halved(True).dtype == "float32" and _halved(np.int64(3)).dtype == "float32"


def test_symbolic_arguments_make_a_node():
    y = _scaled(KerasTensor((None, 3)), by=3.0)
    assert isinstance(y, KerasTensor) and y.shape == (None, 3)
    node = y._keras_history.operation
    assert node.op is _scaled and node.get_config()["by"] == 3.0


def test_compiled_once_per_static_arguments():
    x = convert_to_tensor([1.0, 2.0, 3.0])
    _scaled(x, by=5.0)
    _traces.clear()
    for _ in range(3):
        _scaled(x, by=5.0)
        _scaled(x, 5.0)
    assert len(_traces) == 0
    _scaled(x, by=6.0)
    assert len(_traces) == 1
    assert _scaled(convert_to_tensor([1]), by=True).dtype == "int32"


def test_a_static_argument_before_operands_holds_for_every_shape():
    assert [float(_total(3, np.ones(n, "float32"), np.ones(2, "float32"))) for n in (1, 2, 1)] == [9.0, 12.0, 9.0]


def test_static_arguments_of_any_kind():
    for axes in (
        [1, [2, 3]],
        {"a": [1]},
        slice(1, 2),
        np.array([1, 2]),
        np.int64(3),
        (None, "x"),
        convert_to_tensor([1, 2]),
    ):
        assert _scaled(convert_to_tensor([1.0]), axes=axes).tolist() == [2.0]


def test_a_traced_value_cannot_be_static():
    with pytest.raises(
        ValueError, match="_scaled needs 'axes' as a plain Python value; received a tensor that is computed inside"
    ):
        cornu.function(lambda x: _scaled(x, axes=x))(convert_to_tensor(1.0))
    with pytest.raises(ValueError, match="needs 'axes' as a plain Python value; received a symbolic tensor"):
        _scaled(convert_to_tensor(1.0), axes=KerasTensor((1,)))


def test_unify_follows_keras():
    def dtype(a, b):
        return _joined(convert_to_tensor(a), b if isinstance(b, (int, float)) else convert_to_tensor(b)).dtype

    i8, i32, i64 = (np.ones(1, f"int{n}") for n in (8, 32, 64))
    f32, f64 = np.ones(1, "float32"), np.ones(1, "float64")
    assert [dtype(i32, f32), dtype(i8, i32), dtype(i64, f32), dtype(f32, f64), dtype(i32, 1.5), dtype(i8, 3)] == [
        "float32", "int32", "float32", "float64", "float32", "int8",
    ]  # fmt: skip
    assert _joined(convert_to_tensor([1.0], "bfloat16"), i32).dtype == "bfloat16"
    assert _joined(convert_to_tensor([1.0], "bfloat16"), convert_to_tensor([1.0], "float16")).dtype == "float32"


def test_plain_float64_arrays_follow_a_float_tensor():
    assert _joined(convert_to_tensor([1.0]), np.array([1.5])).dtype == "float32"


def test_nests():
    xs = [convert_to_tensor([1.0]), (convert_to_tensor([2.0]), {"a": np.float32([3.0])})]
    assert _summed(xs, start=1).tolist() == [7.0]
    with cornu.GradientTape() as tape:
        v, w = Variable([1.0]), Variable([2.0])
        y = _summed({"one": v, "two": [w, w * 2.0]})
    assert [g.tolist() for g in tape.gradient(y, [v, w])] == [[1.0], [3.0]]


def test_a_list_of_tensors_takes_the_short_way_and_is_recorded():
    x, y = Variable([1.0, 2.0]), convert_to_tensor([3.0, 4.0])
    with cornu.GradientTape(persistent=True) as tape:
        tape.watch(y)
        both = ops.stack([x, y])
        three = ops.concatenate([y, x, y])
        with_number = ops.stack([y[0], 0.5])
    np.testing.assert_array_equal(both, [[1, 2], [3, 4]])
    np.testing.assert_array_equal(three, [3, 4, 1, 2, 3, 4])
    np.testing.assert_array_equal(with_number, [3, 0.5])
    np.testing.assert_array_equal(tape.gradient(both, [x, y], output_gradients=both), [[1, 2], [3, 4]])
    np.testing.assert_array_equal(tape.gradient(three, y), [2, 2])
    np.testing.assert_array_equal(tape.gradient(with_number, y), [1, 0])
    parts = [x * 2, y]
    with cornu.GradientTape() as tape:
        parts[0] = x * 2
        total = ops.sum(ops.stack(parts))
        parts.clear()  # the tape keeps what was joined
    np.testing.assert_array_equal(tape.gradient(total, x), [2, 2])
    np.testing.assert_array_equal(ops.stack([convert_to_tensor(1), convert_to_tensor(2.5)]), [1, 2.5])
    np.testing.assert_array_equal(ops.stack([[x, y], [y, x]]), [[[1, 2], [3, 4]], [[3, 4], [1, 2]]])
    with pytest.raises(InvalidArgumentError, match=r"stack cannot take these arguments.*\(2,\).*\(3,\)"):
        ops.stack([x, convert_to_tensor([1.0, 2.0, 3.0])])


def test_operands():
    parts, info = _spread(convert_to_tensor(1.0), 2.0)
    assert [float(p) for p in parts] == [1.0, 2.0] and int(info["count"]) == 2


def test_optional_tensors():
    x = convert_to_tensor([True, False])
    assert _chosen(x).tolist() == [True, False] and _chosen(x, convert_to_tensor([5.0, 6.0])).tolist() == [5.0, 0.0]
    assert _chosen(condition=x, x=None).tolist() == [True, False]


def test_eager_ops_see_values():
    assert _nonzero(convert_to_tensor([0.0, 3.0, 4.0])).tolist() == [1, 2]


def test_static_parameters_without_default():
    assert _counted(3).shape == (3,) and _counted(convert_to_tensor(2)).shape == (2,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: _scaled(), "_scaled needs the argument 'x'"),
        (lambda: _scaled(1.0, bye=2), "_scaled got the unknown argument 'bye'.*'by'"),
        (lambda: _scaled(1.0, 2.0, by=3.0), "_scaled got the argument 'by' twice"),
        (lambda: _scaled(1.0, 2.0, None, 4), r"_scaled takes at most 3 arguments \(x, by, axes\); received 4"),
        (lambda: _scaled("text"), "Expected"),
    ],
)
def test_wrong_calls(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_errors_of_the_body_are_sentences_with_shapes():
    with pytest.raises(ValueError, match=r"matmul cannot take these arguments: .*\(2, 3\).*\(2, 3\)"):
        ops.matmul(np.ones((2, 3)), np.ones((2, 3)))


def test_traced_arguments_run_the_body_directly():
    out = jax.jit(lambda a: _scaled(Tensor(a))._value)(jnp.float32(2.0))
    assert float(out) == 4.0
    assert float(jax.grad(lambda a: _scaled(Tensor(a), by=3.0)._value)(2.0)) == 3.0


def test_floatx_is_asked_for_anew():
    assert _halved(1).dtype == "float32"
    config.set_floatx("float16")
    assert _halved(1).dtype == "float16" and _scaled(1.5).dtype == "float16"


def test_a_setting_given_its_own_value_keeps_what_was_compiled():
    _scaled(convert_to_tensor([1.0]), by=7.0)
    _traces.clear()
    config.set_floatx(config.floatx())
    _scaled(convert_to_tensor([1.0]), by=7.0)
    assert _traces == []
    config.set_epsilon(1e-6)
    _scaled(convert_to_tensor([1.0]), by=7.0)
    assert _traces == ["scaled"]


def test_autocast_reads_variables_in_the_compute_dtype():
    from cornu.core.scopes import autocast

    with autocast("bfloat16"):
        assert _scaled(Variable([1.0])).dtype == "bfloat16"


def test_is_found_by_name_and_describes_itself():
    assert (
        OPS["matmul"] is ops.matmul
        and _scaled.name == "_scaled"
        and list(_scaled.signature.parameters) == ["x", "by", "axes"]
    )
    assert float(_scaled.raw(jnp.float32(1.0))) == 2.0
    assert ops.matmul.__doc__ and "matmul" in repr(ops.matmul)


def test_pickled_by_name():
    assert pickle.loads(pickle.dumps(ops.matmul)) is ops.matmul and copy.deepcopy(_scaled) is _scaled

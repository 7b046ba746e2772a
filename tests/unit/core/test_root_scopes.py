"""StatelessScope, device, remat, version, and the switches of `config` for attention and files."""

import jax
import numpy as np
import pytest

import cornu as keras
from cornu import layers, ops
from cornu.core import config


def test_stateless_scope_keeps_assignments():
    v, other = keras.Variable(1.0), keras.Variable([1.0, 2.0])
    with keras.StatelessScope([(v, np.float32(5.0))]) as scope:
        assert float(v) == 5.0
        v.assign_add(2.0)
        assert float(v) == 7.0
        assert scope.get_current_value(other) is None
        other.assign([3.0, 4.0])
    assert (float(v), other.numpy().tolist()) == (1.0, [1.0, 2.0])
    assert float(scope.get_current_value(v)) == 7.0
    assert scope.get_current_value(other).numpy().tolist() == [3.0, 4.0]


def test_stateless_scope_makes_a_layer_a_pure_function():
    norm = layers.BatchNormalization()
    x = np.random.RandomState(0).normal(size=(8, 3)).astype("float32")
    norm(x)

    @jax.jit
    def pure(values, x):
        with keras.StatelessScope(zip(norm.variables, values, strict=True)) as scope:
            y = norm(x, training=True)
        return y._value, [scope.get_current_value(v)._value for v in norm.variables]

    start = [v.numpy() for v in norm.variables]
    y, after = pure(start, x)
    for variable, value in zip(norm.variables, start, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    np.testing.assert_allclose(norm(x, training=True).numpy(), y, rtol=1e-5, atol=1e-6)
    for variable, value in zip(norm.variables, after, strict=True):
        np.testing.assert_allclose(variable.numpy(), value, rtol=1e-6)


def test_stateless_scope_collects_losses():
    layer = layers.ActivityRegularization(l2=0.5)
    with keras.StatelessScope(collect_losses=True) as scope:
        layer(np.full((2, 2), 3.0, "float32"))
    assert [float(loss) for loss in scope.losses] == [0.5 * 9 * 4 / 2]
    with keras.StatelessScope() as scope:
        layer(np.ones((1, 1), "float32"))
    assert scope.losses == []


def test_stateless_scope_refuses_what_it_cannot_keep():
    with pytest.raises(ValueError, match=r"pairs \(variable, value\); received 3"):
        keras.StatelessScope([(3, 4)])
    with pytest.raises(ValueError, match=r"shape"):
        keras.StatelessScope([(keras.Variable(1.0), np.ones(3))])
    with pytest.raises(ValueError, match="initialize_variables=True.*received False"):
        keras.StatelessScope(initialize_variables=False)


@pytest.mark.parametrize("name", ["cpu", "cpu:0", "CPU:0", "/device:CPU:0"])
def test_device(name):
    with keras.device(name):
        made = ops.ones((2,))
    assert made._value.devices() == {jax.devices("cpu")[0]}


@pytest.mark.parametrize("name", ["npu", "cpu:99", "cpu:first"])
def test_unknown_device(name):
    with pytest.raises(ValueError, match=rf"one of .*cpu:0.*received '{name}'"), keras.device(name):
        pass


class Deep(layers.Layer):
    """Dropout, a counter and tanh over and over, which would keep much for the gradient."""

    def __init__(self, through_remat):
        super().__init__()
        self.dropout = layers.Dropout(0.5, seed=3)
        self.run = keras.remat(self.inner) if through_remat else self.inner

    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=(shape[-1], shape[-1]), initializer="ones")
        self.count = self.add_weight(name="count", shape=(), initializer="zeros", trainable=False)

    def inner(self, x, scale):
        self.count.assign_add(1.0)
        for _ in range(4):
            x = ops.tanh(ops.matmul(x, self.kernel) * scale)
        return self.dropout(x), scale

    def call(self, x):
        return self.run(x, 0.1)[0]


def test_remat_changes_memory_not_numbers():
    x = np.random.RandomState(0).normal(size=(6, 4)).astype("float32")
    kernels, programs = [], []
    for through_remat in (False, True):
        deep = Deep(through_remat)
        model = keras.Sequential([keras.Input((4,)), deep])
        model.compile(keras.optimizers.SGD(0.5), "mse")
        model.fit(x, x, batch_size=3, epochs=2, shuffle=False, verbose=0)
        assert float(deep.count) == 4.0
        kernels.append(deep.kernel.numpy())

        def loss(values, deep=deep):
            return ops.sum(deep.stateless_call([values], [v.value for v in deep.non_trainable_variables], x)[0])._value

        programs.append(str(jax.make_jaxpr(jax.grad(loss))(deep.kernel.numpy())))
    np.testing.assert_allclose(kernels[1], kernels[0], rtol=1e-6)
    assert not np.allclose(kernels[0], 1.0)
    assert [("remat" in program or "checkpoint" in program) for program in programs] == [False, True]


def test_remat_of_eager_and_symbolic_calls():
    square = keras.remat(lambda x: x * x)
    x = keras.Variable([2.0, 3.0])
    with keras.GradientTape() as tape:
        y = ops.sum(square(x))
    assert tape.gradient(y, x).numpy().tolist() == [4.0, 6.0]
    i = keras.Input((2,))
    assert keras.Model(i, square(i))(np.array([[2.0, 3.0]])).numpy().tolist() == [[4.0, 9.0]]


def test_version():
    assert keras.version() == keras.__version__


def test_flash_attention_switch(monkeypatch):
    assert config.is_flash_attention_enabled() is None
    q = np.random.RandomState(0).normal(size=(1, 3, 2, 8)).astype("float32")
    plain = ops.dot_product_attention(q, q, q).numpy()
    try:
        config.enable_flash_attention()
        assert config.is_flash_attention_enabled() is True
        np.testing.assert_array_equal(ops.dot_product_attention(q, q, q).numpy(), plain)  # float32 has no fused kernel
        used = []
        monkeypatch.setattr(jax, "default_backend", lambda: "gpu")
        monkeypatch.setattr(jax.nn, "dot_product_attention", lambda *a, **k: used.append(k["implementation"]) or a[0])
        ops.dot_product_attention.raw(*[q.astype("bfloat16")] * 3)
        ops.dot_product_attention.raw(*[q.astype("bfloat16")] * 3, flash_attention=False)
        config.disable_flash_attention()
        assert config.is_flash_attention_enabled() is False
        ops.dot_product_attention.raw(*[q.astype("bfloat16")] * 3)
        assert used == ["cudnn"]
        with pytest.raises(ValueError, match="no attn_logits_soft_cap"):
            ops.dot_product_attention.raw(q, q, q, flash_attention=True, attn_logits_soft_cap=3.0)
    finally:
        config._set("flash_attention", None)


def test_unsafe_deserialization_lets_lambdas_run(monkeypatch):
    stored = keras.saving.serialize_keras_object(layers.Lambda(lambda x: x * 2))
    with pytest.raises(ValueError, match="lambda"):
        keras.saving.deserialize_keras_object(stored)
    monkeypatch.setitem(config._switches, "unsafe_deserialization", False)
    config.enable_unsafe_deserialization()
    assert keras.saving.deserialize_keras_object(stored)(np.array([2.0])).numpy().tolist() == [4.0]
    assert keras.saving.deserialize_keras_object(stored, safe_mode=True)(np.array([2.0])).numpy().tolist() == [4.0]

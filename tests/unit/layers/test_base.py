"""The base of layers: tracking, flags, losses, configs, masks, copies."""

import copy
import pickle

import numpy as np
import pytest

import cornu
from cornu import Variable, layers, ops
from cornu.layers import Layer

X = np.ones((4, 3), np.float32)


class Scale(Layer):
    def __init__(self, by, act="relu", **kwargs):
        super().__init__(**kwargs)
        self.by, self.act = by, cornu.activations.get(act)

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1],), initializer="ones")

    def call(self, x):
        return self.act(x * self.kernel * self.by)


class Block(Layer):
    def __init__(self, units=2, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = [layers.Dense(units), layers.Dense(units)]
        self.ends = {"last": layers.Dense(1)}

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(1,), initializer="ones")

    def call(self, x):
        for layer in self.dense:
            x = layer(x)
        return self.ends["last"](x) * self.scale


def test_names_and_paths_are_those_of_keras():
    block = Block()
    block(X)
    assert [v.path for v in block.weights] == [
        "block/scale", "block/dense/kernel", "block/dense/bias", "block/dense_1/kernel", "block/dense_1/bias",
        "block/dense_2/kernel", "block/dense_2/bias",
    ]  # fmt: skip
    assert block.count_params() == 1 + 8 + 6 + 3


def test_tracking_through_lists_dicts_and_tuples():
    class Holder(Layer):
        def __init__(self):
            super().__init__()
            self.nested = (layers.Dense(1), [layers.Dense(2), {"a": layers.Dense(3)}])
            self.later, self.table = [], {}
            self.later.append(layers.Dense(4))
            self.later += [layers.Dense(5)]
            self.table["k"] = layers.Dense(6)
            self.weight, self.weights_list = Variable(1.0), [Variable(2.0)]
            self.fixed = Variable(3.0, trainable=False)
            self.seeds = cornu.random.SeedGenerator(1)

        def call(self, x):
            return x

    holder = Holder()
    assert [layer.units for layer in holder._layers] == [1, 2, 3, 4, 5, 6]
    assert (len(holder.trainable_variables), len(holder.weights), len(holder.variables)) == (2, 3, 4)
    assert holder.variables[-1] is holder.seeds.state


def test_replaced_and_deleted_attributes():
    class Holder(Layer):
        def __init__(self):
            super().__init__()
            self.a, self.b = layers.Dense(1), layers.Dense(2)
            del self.a

    assert [layer.units for layer in Holder()._layers] == [2]


def test_same_layer_twice_is_tracked_once():
    dense = layers.Dense(1)

    class Holder(Layer):
        def __init__(self):
            super().__init__()
            self.a, self.b = dense, [dense]

    assert Holder()._layers == [dense]


def test_trainable_flags():
    model = cornu.Sequential([layers.Input((3,)), layers.Dense(2), layers.BatchNormalization(), layers.Dropout(0.5)])
    counts = lambda: (len(model.trainable_variables), len(model.non_trainable_variables), len(model.weights))
    assert counts() == (4, 3, 6)
    model.layers[1].trainable = False
    assert counts() == (2, 5, 6)
    model.trainable = False
    assert counts() == (0, 7, 6) and not model.layers[0].trainable
    model.trainable = True
    assert counts() == (4, 3, 6) and model.layers[1].trainable
    assert Scale(2.0, trainable=False).trainable is False


def test_weights_made_while_frozen_do_not_train():
    scale = Scale(2.0, trainable=False)
    scale(X)
    assert scale.trainable_weights == [] and len(scale.non_trainable_weights) == 1
    scale.trainable = True
    assert len(scale.trainable_weights) == 1


@pytest.mark.parametrize("attribute", [3, layers.Dense])
def test_forgotten_super_init_is_explained(attribute):
    class Bad(Layer):
        def __init__(self):
            self.x = attribute(2) if callable(attribute) else attribute

        def call(self, x):
            return x

    with pytest.raises(RuntimeError, match=r"Bad.__init__ did not call super\(\).__init__\(\)"):
        Bad()(X)


def test_config_comes_from_the_arguments():
    config = Scale(2.5, act="tanh", name="mine").get_config()
    assert (config["by"], config["name"], config["trainable"]) == (2.5, "mine", True)
    twin = Scale.from_config(config)
    assert (twin.by, twin.name) == (2.5, "mine") and twin.act is cornu.activations.tanh

    class Kept(Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.inner = layers.Dense(units)

    assert Kept.from_config(Kept(3).get_config()).inner.units == 3  # not stored: the recorded argument is used


def test_unknown_arguments_name_the_nearest():
    with pytest.raises(TypeError, match="Scale got the unknown argument 'nam'.*'name'"):
        Scale(1.0, nam="x")
    with pytest.raises(TypeError, match="Scale.call got the unknown argument 'trainig'"):
        Scale(1.0)(X, trainig=True)
    with pytest.raises(TypeError, match="Expected the name of a layer as a string; received 3"):
        Scale(1.0, name=3)


def test_losses():
    dense = layers.Dense(
        2, kernel_regularizer=cornu.regularizers.L2(0.1), activity_regularizer="l1", kernel_initializer="ones"
    )
    model = cornu.Sequential([layers.Input((3,)), dense])
    model(X[:2])
    np.testing.assert_allclose(
        [float(loss) for loss in model.losses], [0.06, 0.6], rtol=1e-6
    )  # as Keras: activity per row


def test_add_loss_lasts_for_one_call_and_trains():
    class Penalty(Layer):
        def call(self, x):
            self.add_loss(0.5 * ops.sum(x))
            return x

    x = cornu.Input((3,))
    model = cornu.Model(x, Penalty()(layers.Dense(1, use_bias=False, kernel_initializer="ones")(x)))
    for _ in range(2):
        model(X)
        assert [float(loss) for loss in model.losses] == [6.0]
    model.compile(cornu.optimizers.SGD(0.1))
    assert model.fit(X, verbose=0).history["loss"] == [6.0]
    np.testing.assert_allclose(model.get_weights()[0], np.full((3, 1), 1 - 0.1 * 0.5 * 4), rtol=1e-6)


def test_add_metric_is_followed():
    class Watched(Layer):
        def call(self, x):
            self.add_metric(ops.max(x), name="peak")
            return x

    model = cornu.Sequential([layers.Input((3,)), Watched(), layers.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(5 * X, np.ones((4, 1), np.float32), verbose=0).history
    assert history["peak"] == [5.0]
    assert model.evaluate(X, np.ones((4, 1), np.float32), verbose=0, return_dict=True)["peak"] == 1.0


def test_state_assigned_in_call_survives_training():
    class Counter(Layer):
        def build(self, shape):
            self.count = self.add_weight(name="count", shape=(), initializer="zeros", trainable=False)

        def call(self, x, training=None):
            if training:
                self.count.assign_add(1.0)
            return x

    counter = Counter()
    model = cornu.Sequential([layers.Input((3,)), counter, layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(X, X[:, :1], batch_size=1, epochs=2, verbose=0)
    assert float(counter.count) == 8.0


@pytest.mark.parametrize(
    ("policy", "out", "weights"),
    [
        ("mixed_bfloat16", "bfloat16", "float32"), ("mixed_float16", "float16", "float32"), ("float16", "float16", "float16"),
        ("bfloat16", "bfloat16", "bfloat16"), ("float64", "float64", "float64"), (None, "float32", "float32"),
    ],
)  # fmt: skip
def test_dtype_policies(policy, out, weights):
    dense = layers.Dense(2, dtype=policy)
    assert dense(X).dtype == out
    assert (dense.dtype, dense.variable_dtype, dense.compute_dtype) == (weights, weights, out)
    assert dense.kernel.dtype == weights and dense.kernel.value.dtype == weights
    assert layers.Dense.from_config(dense.get_config()).dtype_policy == dense.dtype_policy


def test_autocast_off():
    class Kind(Layer):
        def call(self, x):
            self.seen = x.dtype.name
            return x

    off = Kind(dtype="mixed_bfloat16", autocast=False)
    off(X)
    on = Kind(dtype="mixed_bfloat16")
    on(X)
    assert (off.seen, on.seen) == ("float32", "bfloat16")
    on(np.array([1, 2]))
    assert on.seen == "int64"  # only floats are cast


def test_masks_are_made_passed_on_and_given():
    ends = []

    class Ends(Layer):
        def call(self, x, mask=None):
            ends.append(mask)
            return x * 1.0

    embedded = layers.Embedding(5, 2, mask_zero=True)(np.array([[1, 0, 2]]))
    assert embedded._keras_mask.tolist() == [[True, False, True]]
    dropped = layers.Dropout(0.5)(embedded)
    Ends()(dropped)
    assert ends[-1].tolist() == [[True, False, True]]
    Ends()(dropped, mask=cornu.convert_to_tensor([[False, False, True]]))
    assert ends[-1].tolist() == [[False, False, True]]
    assert Ends()(embedded)._keras_mask is None  # does not support masking
    assert layers.Masking()(np.array([[[0.0], [1.0]]], np.float32))._keras_mask.tolist() == [[False, True]]


@pytest.mark.parametrize(
    "layer, is_kept",
    [
        (lambda: layers.LSTM(2, return_sequences=True), True),
        (lambda: layers.LSTM(2), False),
        (lambda: layers.BatchNormalization(), True),
        (lambda: layers.Bidirectional(layers.GRU(2, return_sequences=True)), True),
        (lambda: layers.TimeDistributed(layers.Dense(2)), True),
        (lambda: layers.GlobalAveragePooling1D(), False),
    ],
)
def test_a_mask_given_to_a_call_goes_on_as_the_tensors_own(layer, is_kept):
    x = cornu.convert_to_tensor(np.ones((1, 3, 2), np.float32))
    given = cornu.convert_to_tensor([[True, False, True]])
    expected = given.tolist() if is_kept else None
    assert _mask_of(layer()(x, mask=given)) == expected
    x._keras_mask = cornu.convert_to_tensor([[False, True, True]])
    assert _mask_of(layer()(x, mask=given)) == expected  # the argument counts, not what came with the tensor
    symbols = cornu.Input((3, 2)), cornu.Input((3,), dtype="bool")
    symbol = layer()(symbols[0], mask=symbols[1])
    assert (symbol._keras_mask is not None) == is_kept


def test_masks_given_as_a_list_and_beside_several_tensors():
    x = cornu.convert_to_tensor(np.ones((1, 3, 2), np.float32))
    masks = [cornu.convert_to_tensor([row]) for row in ([True, False, True], [False, True, True])]
    assert _mask_of(layers.Attention()([x, x], mask=masks)) == [[True, False, True]]  # that of the queries
    state = [np.zeros((1, 2), np.float32)] * 2
    hidden = layers.LSTM(2, return_sequences=True)(x, initial_state=state, mask=masks[1])
    assert _mask_of(hidden) == [[False, True, True]]


def _mask_of(tensor):
    return None if tensor._keras_mask is None else tensor._keras_mask.tolist()


def test_masks_travel_through_symbolic_tensors():
    class Softmax(Layer):  # needs a mask, as layers of Keras' guide on masking do
        def call(self, x, mask=None):
            kept = ops.exp(x) * ops.expand_dims(ops.cast(mask, "float32"), -1)
            return kept / ops.sum(kept, axis=1, keepdims=True)

    x = cornu.Input((None,), dtype="int32")
    hidden = layers.Dense(1)(layers.Embedding(5, 2, mask_zero=True)(x))
    assert hidden._keras_mask.shape == (None, None) and hidden._keras_mask.dtype == "bool"
    model = cornu.Model(x, Softmax()(hidden))
    out = model(np.array([[1, 0, 2]])).numpy()[0, :, 0]
    assert out[1] == 0.0
    np.testing.assert_allclose(out.sum(), 1.0, rtol=1e-6)


def test_stateless_call():
    norm = layers.BatchNormalization()
    norm.build((None, 3))
    y, (mean, variance) = norm.stateless_call(
        norm.trainable_variables, norm.non_trainable_variables, 3 * X, training=True
    )
    np.testing.assert_allclose(mean, [0.03] * 3, rtol=1e-5)
    np.testing.assert_allclose(variance, [0.99] * 3, rtol=1e-5)
    assert y.shape == (4, 3) and norm.moving_mean.numpy().tolist() == [0.0] * 3
    with pytest.raises(ValueError, match="Expected 2 trainable values for 'batch_normalization'; received 1"):
        norm.stateless_call([1.0], [], X)
    with pytest.raises(RuntimeError, match="Build 'dense' before stateless_call"):
        layers.Dense(1).stateless_call([], [], X)
    dense = layers.Dense(1, kernel_regularizer="l2", kernel_initializer="ones")
    dense.build((None, 3))
    _, _, losses = dense.stateless_call(dense.trainable_variables, [], X, return_losses=True)
    np.testing.assert_allclose([float(loss) for loss in losses], [0.03], rtol=1e-6)


def test_get_and_set_weights():
    scale = Scale(1.0)
    scale(X)
    scale.set_weights([np.array([1.0, 2.0, 3.0])])
    assert scale.get_weights()[0].tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match=r"Expected 1 arrays for the weights of 'scale' \(scale/kernel\); received 2"):
        scale.set_weights([1, 2])
    with pytest.raises(
        ValueError, match=r"Expected shape \(3,\) for the weight 'scale/kernel' of 'scale'; received \(2,\)"
    ):
        scale.set_weights([np.ones(2)])


def test_counting_before_building():
    with pytest.raises(RuntimeError, match="The parameters of 'dense' cannot be counted before it is built"):
        layers.Dense(1).count_params()


def test_build_runs_once():
    dense = layers.Dense(2)
    dense.build((None, 3))
    kernel = dense.kernel
    dense(X)
    assert dense.kernel is kernel and dense.get_build_config() == {"input_shape": (None, 3)}


def test_output_shapes_are_traced():
    assert layers.Dense(3).compute_output_shape((None, 7)) == (None, 3)
    assert Block().compute_output_shape((None, 5)) == (None, 1)


def test_input_and_output_of_the_only_call():
    dense = layers.Dense(2)
    x = cornu.Input((3,))
    y = dense(x)
    assert dense.input is x and dense.output is y and (dense.input_shape, dense.output_shape) == ((None, 3), (None, 2))
    dense(x)
    with pytest.raises(ValueError, match="'dense' was called on symbolic inputs 2 times"):
        dense.output


def test_errors_name_the_layer_once():
    block = Block()
    block(X)
    with pytest.raises(ValueError, match="Layer 'block/dense' expects size 3 along axis -1; received shape") as caught:
        block(np.ones((2, 4), np.float32))
    assert str(caught.value).count("block/dense") == 1


def test_layer_without_call():
    class Nothing(Layer):
        pass

    with pytest.raises(TypeError, match=r"Nothing has no `call\(self, inputs\)` method"):
        Nothing()(X)


def test_copies():
    for twin_of in (copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))):
        block = Block()
        cornu.Model(x := cornu.Input((3,)), block(x))  # what it was called on is not copied with it
        twin = twin_of(block)
        np.testing.assert_array_equal(twin(X), block(X))
        twin.weights[0].assign([5.0])
        assert (
            block.scale.numpy().tolist() == [1.0] and twin.scale is twin.weights[0] and twin.dense[0] is twin._layers[0]
        )
        twin.dense.append(layers.Dense(1))
        assert len(twin._layers) == 4 and len(block._layers) == 3 and twin._inbound_nodes == []
    twin = pickle.loads(pickle.dumps(layers.InputLayer(shape=(3,), name="x")))
    assert twin._inbound_nodes[0].outputs.shape == (None, 3)


def test_config_of_a_subclass_has_the_arguments_of_the_class_it_extends():
    class Wide(layers.Dense):
        def __init__(self, units, factor=2, **kwargs):
            super().__init__(units, **kwargs)
            self.factor = factor

    layer = Wide(3, factor=4, activation="relu", use_bias=False)
    twin = Wide.from_config(layer.get_config())
    assert (twin.units, twin.factor, twin.use_bias) == (3, 4, False) and twin.activation is layer.activation


def test_config_of_a_users_layer_holds_what_it_was_made_with():
    class Doubled(Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = 2 * units

    assert Doubled.from_config(Doubled(3).get_config()).units == 6


def test_a_list_of_another_layer_is_tracked_too():
    class Holder(Layer):
        def __init__(self, parts):
            super().__init__()
            self.parts = parts

    first = Holder([layers.Dense(1)])
    assert Holder(first.parts)._layers == first._layers


def test_training_without_a_default_is_false_outside_of_training():
    class Twice(Layer):
        def call(self, x, training):
            return 2 * x if training else x

    np.testing.assert_array_equal(Twice()(X), X)
    np.testing.assert_array_equal(Twice()(X, training=True), 2 * X)


def test_a_loss_function_lasts_a_symbolic_loss_is_refused():
    layer = layers.Dense(1)
    layer.add_loss(lambda: 7.0)
    layer(X), layer(X)
    assert layer.losses == [7.0]
    with pytest.raises(TypeError, match="self.add_loss"):
        layer.add_loss(cornu.Input((3,)))

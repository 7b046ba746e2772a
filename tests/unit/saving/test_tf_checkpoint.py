import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, NotFoundError
from cornu.optimizers import legacy
from cornu.saving import object_graph, tf_checkpoint
from cornu.tf import train

RNG = np.random.default_rng(0)
X = RNG.normal(size=(32, 5)).astype("float32")
Y = X[:, :2]


class Net(cornu.Model):
    def __init__(self):
        super().__init__()
        self.blocks = [layers.Dense(4), layers.Dense(3)]
        self.named = {"head": layers.Dense(2)}
        self.norm = layers.BatchNormalization()
        self.scale = cornu.Variable(2.0)

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return self.named["head"](self.norm(x)) * self.scale


def stack(optimizer="adam"):
    model = cornu.Sequential(
        [layers.Input((5,)), layers.Dense(4, "tanh"), layers.BatchNormalization(), layers.Dense(2)]
    )
    model.compile(optimizer, "mse")
    return model


def test_training_goes_on_where_it_stopped(tmp_path):
    for make in (cornu.optimizers.Adam, lambda: cornu.optimizers.SGD(momentum=0.9), legacy.Adam, legacy.RMSprop):
        model = stack(make())
        model.fit(X, Y, verbose=0, shuffle=False, epochs=2)
        model.save_weights(tmp_path / "x.ckpt")
        model.fit(X, Y, verbose=0, shuffle=False)
        other = stack(make())
        report = other.load_weights(tmp_path / "x.ckpt")
        other.fit(X, Y, verbose=0, shuffle=False)
        for mine, theirs in zip(other.get_weights(), model.get_weights(), strict=True):
            np.testing.assert_array_equal(mine, theirs)
        report.assert_existing_objects_matched()


def test_names_of_a_subclassed_model(tmp_path):
    model = Net()
    model(X)
    model.save_weights(tmp_path / "deep" / "net.ckpt")
    names = dict(train.list_variables(tmp_path / "deep"))
    assert names["blocks/0/kernel/.ATTRIBUTES/VARIABLE_VALUE"] == [5, 4]
    assert names["named/head/bias/.ATTRIBUTES/VARIABLE_VALUE"] == [2]
    assert names["scale/.ATTRIBUTES/VARIABLE_VALUE"] == []
    assert "norm/moving_mean/.ATTRIBUTES/VARIABLE_VALUE" in names
    assert (tmp_path / "deep" / "checkpoint").read_text().startswith('model_checkpoint_path: "net.ckpt"\n')


def test_what_is_not_built_is_read_when_it_is_built(tmp_path):
    model = Net()
    wanted = model(X)
    model.save_weights(tmp_path / "net.ckpt")
    other = Net()
    other.load_weights(tmp_path / "net.ckpt").expect_partial()
    np.testing.assert_array_equal(other(X), wanted)
    other.blocks[0].kernel.assign(np.zeros((5, 4)))
    other(X)  # it is read once
    assert not np.asarray(other.blocks[0].kernel).any()
    fitted = Net()
    fitted.compile("sgd", "mse")
    fitted.load_weights(tmp_path / "net.ckpt")
    np.testing.assert_allclose(fitted.predict(X, verbose=0), wanted, rtol=1e-6)


def test_what_does_not_fit(tmp_path):
    model = stack()
    model.save_weights(tmp_path / "x.ckpt")
    wrong = cornu.Sequential([layers.Input((7,)), layers.Dense(4), layers.BatchNormalization(), layers.Dense(2)])
    with pytest.raises(
        InvalidArgumentError, match=r"layer_with_weights-0/kernel.*the model has \(7, 4\), the file \(5, 4\)"
    ):
        wrong.load_weights(tmp_path / "x.ckpt")
    before = wrong.get_weights()[0]
    with pytest.warns(UserWarning, match="wrong shape"):
        wrong.load_weights(tmp_path / "x.ckpt", skip_mismatch=True)
    np.testing.assert_array_equal(wrong.get_weights()[0], before)
    np.testing.assert_array_equal(wrong.get_weights()[-2], model.get_weights()[-2])
    with pytest.raises(NotFoundError, match="loading would change nothing"):
        cornu.Sequential([layers.Input((1,)), layers.Dense(1)]).load_weights(tmp_path / "x.ckpt")
    with pytest.raises(InvalidArgumentError, match="exists"):
        model.save_weights(tmp_path / "x.ckpt", overwrite=False)
    with pytest.raises(FailedPreconditionError, match="not built"):
        cornu.Sequential([layers.Dense(1)]).save_weights(tmp_path / "y.ckpt")
    with pytest.raises(InvalidArgumentError, match="save_format None, 'tf' or 'h5'"):
        model.save_weights(tmp_path / "x.ckpt", save_format="pickle")


def test_checkpoint_of_objects(tmp_path):
    step, model = cornu.Variable(np.int64(3)), stack()
    checkpoint = train.Checkpoint(step=step, model=model, optimizer=model.optimizer)
    path = checkpoint.save(tmp_path / "run")
    assert path.endswith("run-1") and train.latest_checkpoint(tmp_path) == path
    kernel = model.get_weights()[0]
    step.assign(9)
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    checkpoint.restore(path).assert_consumed()
    assert int(step) == 3
    np.testing.assert_array_equal(model.get_weights()[0], kernel)
    fresh = train.Checkpoint(step=cornu.Variable(np.int64(0)))
    with (
        pytest.raises(InvalidArgumentError, match="values without a place"),
        pytest.warns(UserWarning, match="not in the model"),
    ):
        fresh.restore(path).assert_consumed()
    assert int(fresh.step) == 3


def test_manager_keeps_the_last_ones(tmp_path):
    step = cornu.Variable(np.int64(0))
    manager = train.CheckpointManager(train.Checkpoint(step=step), tmp_path / "all", max_to_keep=2)
    assert manager.restore_or_initialize() is None
    for number in range(4):
        step.assign(number)
        manager.save()
    assert [path.rpartition("-")[2] for path in manager.checkpoints] == ["3", "4"]
    assert sorted(file.name for file in (tmp_path / "all").iterdir()) == [
        "checkpoint", "ckpt-3.data-00000-of-00001", "ckpt-3.index", "ckpt-4.data-00000-of-00001", "ckpt-4.index",
    ]  # fmt: skip
    again = train.CheckpointManager(train.Checkpoint(step=cornu.Variable(np.int64(0))), tmp_path / "all", 2)
    assert again.restore_or_initialize() == manager.latest_checkpoint
    assert int(again.checkpoint.step) == 3


def test_arrays_by_name(tmp_path):
    model = stack()
    model.save_weights(tmp_path / "x.ckpt")
    reader = train.load_checkpoint(tmp_path / "x.ckpt")
    name = "layer_with_weights-0/kernel/.ATTRIBUTES/VARIABLE_VALUE"
    np.testing.assert_array_equal(reader.get_tensor(name), model.get_weights()[0])
    assert reader.has_tensor(name) and reader.get_variable_to_dtype_map()[name] == "float32"
    assert object_graph.parse(reader.get_tensor(object_graph.KEY))[0].children["layer_with_weights-0"]
    with pytest.raises(NotFoundError, match="has no 'w'"):
        reader.get_tensor("w")
    assert tf_checkpoint.read_state(tmp_path / "nowhere") == (None, [])


def test_states_of_recurrent_layers_are_not_saved(tmp_path):
    def make(batch):
        return cornu.Sequential([layers.Input((4, 3), batch_size=batch), layers.GRU(2, stateful=True), layers.Dense(1)])

    model, other = make(8), make(1)
    model.predict(np.ones((8, 4, 3)), batch_size=8, verbose=0)
    model.save_weights(tmp_path / "x.ckpt")
    other.load_weights(tmp_path / "x.ckpt")
    for a, b in zip(model.get_weights(), other.get_weights()):
        np.testing.assert_array_equal(a, b)
    assert not any("state" in name for name, _ in train.list_variables(str(tmp_path / "x.ckpt")))


def test_a_part_is_restored_through_nested_checkpoints(tmp_path):
    net = Net()
    net(X)
    path = train.Checkpoint(net=net, step=cornu.Variable(3)).save(str(tmp_path / "ckpt"))
    scale = cornu.Variable(0.0)
    with pytest.warns(UserWarning, match="not in the model: step"):
        train.Checkpoint(net=train.Checkpoint(scale=scale)).restore(path)
    assert float(scale) == 2.0


def test_modules_in_lists_are_saved(tmp_path):
    from cornu.tf.module import Module

    class Part(Module):
        def __init__(self, value):
            super().__init__()
            self.w = cornu.Variable(value)

    class Whole(Module):
        def __init__(self, *values):
            super().__init__()
            self.parts = [Part(value) for value in values]
            self.named = {"last": self.parts[-1]}

    written, read = Whole(1.0, 2.0), Whole(0.0, 0.0)
    path = train.Checkpoint(model=written).write(str(tmp_path / "module"))
    names = [name for name, _ in train.list_variables(path)]
    assert "model/parts/1/w/.ATTRIBUTES/VARIABLE_VALUE" in names
    train.Checkpoint(model=read).read(path).assert_consumed()
    assert [float(part.w) for part in read.parts] == [1.0, 2.0]


@pytest.mark.parametrize(
    "layer, x, names",
    [
        (layers.Embedding(5, 2), np.array([[1, 2]]), {"embeddings"}),
        (layers.DepthwiseConv1D(2), np.ones((1, 4, 3)), {"bias", "depthwise_kernel"}),
        (layers.DepthwiseConv2D(2), np.ones((1, 4, 4, 3)), {"bias", "depthwise_kernel"}),
        (layers.Normalization(), np.ones((2, 3)), {"count", "mean", "variance"}),
        (layers.GRU(2), np.ones((1, 4, 3)), {"cell/bias", "cell/kernel", "cell/recurrent_kernel"}),
    ],
)
def test_variables_are_called_as_keras_2_calls_them(tmp_path, layer, x, names):
    layer(x)
    path = train.Checkpoint(layer=layer).write(tmp_path / "x")
    found = {key.removesuffix("/.ATTRIBUTES/VARIABLE_VALUE") for key, _ in train.list_variables(path)}
    assert {name.removeprefix("layer/") for name in found if name.startswith("layer/")} == names

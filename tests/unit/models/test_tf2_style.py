import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError

SUMMARY = """\
Model: "sequential"
_________________________________________________________________
Layer (type)                 Output Shape              Param #   
=================================================================
conv2d (Conv2D)              (None, 26, 26, 32)        320       
_________________________________________________________________
batch_normalization (BatchNo (None, 26, 26, 32)        128       
_________________________________________________________________
dense (Dense)                (None, 26, 26, 10)        330       
=================================================================
Total params: 778
Trainable params: 714
Non-trainable params: 64
_________________________________________________________________
"""  # noqa: W291
CONNECTED = """\
Model: "model"
__________________________________________________________________________________________________
Layer (type)                    Output Shape         Param #     Connected to                     
==================================================================================================
input_1 (InputLayer)            [(None, 4)]          0                                            
__________________________________________________________________________________________________
dense (Dense)                   (None, 3)            15          input_1[0][0]                    
__________________________________________________________________________________________________
dense_1 (Dense)                 (None, 3)            15          input_1[0][0]                    
__________________________________________________________________________________________________
add (Add)                       (None, 3)            0           dense[0][0]                      
                                                                 dense_1[0][0]                    
==================================================================================================
Total params: 30
Trainable params: 30
Non-trainable params: 0
__________________________________________________________________________________________________
"""  # noqa: W291


@pytest.fixture(autouse=True)
def tensorflow_style():
    cornu.backend.clear_session()
    cornu.config.set_style("tf2")
    yield
    cornu.config.set_style("keras3")


def text_of(model, **options):
    lines = []
    model.summary(print_fn=lines.append, **options)
    return "\n".join(lines) + "\n"


def test_summary_as_the_old_generation_printed_it():
    model = cornu.Sequential(
        [layers.Conv2D(32, 3, input_shape=(28, 28, 1)), layers.BatchNormalization(), layers.Dense(10)]
    )
    assert text_of(model) == SUMMARY


def test_summary_with_connections():
    inputs = layers.Input((4,))
    model = cornu.Model(inputs, layers.add([layers.Dense(3)(inputs), layers.Dense(3)(inputs)]))
    assert text_of(model) == CONNECTED


def test_summary_of_a_subclass_says_multiple():
    class Net(cornu.Model):
        def __init__(self):
            super().__init__()
            self.head = layers.Dense(2)

        def call(self, x):
            return self.head(x)

    model = Net()
    with pytest.raises(FailedPreconditionError, match=r"'net' does not yet. Call model.build\(shape\)"):
        model.summary()
    model(np.ones((1, 3), "float32"))
    assert "dense (Dense)                multiple                  8" in text_of(model)
    assert len(text_of(model, line_length=40, positions=[0.4, 0.7, 1.0]).splitlines()[1]) == 40
    with pytest.raises(InvalidArgumentError, match="Expected 3 positions"):
        text_of(model, positions=[0.5, 1.0])


def names(model):
    return [variable.name for variable in model.weights]


def test_names_of_variables():
    first = cornu.Sequential([layers.Dense(2, input_shape=(3,)), layers.BatchNormalization()])
    assert names(first) == [
        "dense/kernel:0", "dense/bias:0", "batch_normalization/gamma:0", "batch_normalization/beta:0",
        "batch_normalization/moving_mean:0", "batch_normalization/moving_variance:0",
    ]  # fmt: skip
    assert first.inputs[0].name == "dense_input"

    class Baseline(cornu.Model):
        def __init__(self):
            super().__init__()
            self.c1, self.inner = layers.Dense(2), cornu.Sequential([layers.Dense(2)])

        def call(self, x):
            return self.inner(self.c1(x))

    model = Baseline()
    model(np.ones((1, 3), "float32"))
    assert names(model) == [
        "baseline/dense_1/kernel:0",
        "baseline/dense_1/bias:0",
        "dense_2/kernel:0",
        "dense_2/bias:0",
    ]
    inputs = layers.Input((4, 2))
    recurrent = cornu.Model(inputs, layers.Bidirectional(layers.LSTM(3))(inputs))
    assert names(recurrent)[0] == "bidirectional/forward_lstm/lstm_cell/kernel:0"
    assert (recurrent.name, inputs.name) == ("model", "input_1")


@pytest.mark.parametrize(
    "name, wanted", [("VGG16", "vg_g16"), ("ResNet18", "res_net18"), ("Conv2DTranspose", "conv2d_transpose")]
)
def test_automatic_names(name, wanted):
    made = type(name, (layers.Layer,), {})
    assert made().name == wanted
    cornu.config.set_style("keras3")
    assert type("VGG16", (layers.Layer,), {})().name == "vgg16"


def test_printing_of_variables():
    variable = cornu.Variable([1.0, 2.0], name="v")
    assert repr(variable) == "<tf.Variable 'v:0' shape=(2,) dtype=float32, numpy=array([1., 2.], dtype=float32)>"
    cornu.config.set_style("keras3")
    assert variable.name == "v" and repr(variable).startswith("<Variable path=v, shape=(2,)")


def test_operators_do_not_promote():
    whole, half = cornu.convert_to_tensor(1), cornu.convert_to_tensor(0.5)
    with pytest.raises(
        InvalidArgumentError, match=r"received int32 and float32. Cast one of them: tf.cast\(x, tf.float32\)"
    ):
        whole + half
    assert (whole / 2).dtype == "float64" and (half + np.float64(2)).dtype == "float32"
    assert not bool(cornu.convert_to_tensor([1, 2]) == cornu.convert_to_tensor([1, 2, 3]))
    assert cornu.ops.add(whole, half).dtype == "float32"  # Keras' own functions promote
    cornu.config.set_style("keras3")
    assert (whole + half).dtype == "float32"


def test_models_train_in_this_style():
    model = cornu.Sequential([layers.Embedding(5, 4), layers.LSTM(4), layers.Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["acc"])
    x, y = np.arange(12).reshape(4, 3) % 5, np.array([0, 1, 2, 0])
    history = model.fit(x, y, epochs=2, verbose=0, class_weight={0: 1, 1: 2, 2: 1}, sample_weight=np.ones(4))
    assert list(history.history) == ["loss", "acc"] and np.isfinite(history.history["loss"]).all()


def test_targets_beside_columns_of_outputs_are_columns():
    seen = []

    def loss(y, prediction):
        seen.append((tuple(y.shape), tuple(prediction.shape)))
        return cornu.ops.mean(prediction, -1)

    x, y = np.ones((8, 2), "float32"), np.arange(8.0)
    for units, head in ((3, []), (1, []), (1, [layers.Reshape(())])):
        model = cornu.Sequential([layers.Dense(units), *head])
        model.compile("sgd", loss, metrics=[loss])
        seen.clear()
        model.fit(x, y, batch_size=8, verbose=0)
        model.evaluate(x, y, batch_size=8, verbose=0)
        assert set(seen) == ({((8,), (8,))} if head else {((8, 1), (8, units))})

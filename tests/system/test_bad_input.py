"""Mistakes that users make: each gets one clear sentence, the last thing printed, and the model can be trained afterwards."""

import numpy as np
import pytest

import cornu as keras
from cornu import layers

rng = np.random.default_rng(3)
X = rng.normal(size=(20, 4)).astype("float32")
X2 = X[:, :3]
Y = (np.arange(20) % 3).astype("int32")
TARGETS = X[:, :2]


def classifier(**options):
    model = keras.Sequential(
        [
            layers.Input((4,), name="features"),
            layers.Dense(5, activation="relu", name="hidden"),
            layers.Dense(3, activation="softmax", name="out"),
        ],
        name="classifier",
    )
    model.compile("sgd", "sparse_categorical_crossentropy", **options)
    return model


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__(name="own")
        self.hidden, self.out = layers.Dense(5, name="hidden"), layers.Dense(3, activation="softmax", name="out")

    def call(self, inputs):
        return self.out(self.hidden(inputs))


def subclassed(**options):
    model = Subclassed()
    model.compile("sgd", "sparse_categorical_crossentropy", **options)
    return model


def two_inputs():
    first, second = keras.Input((4,), name="first"), keras.Input((3,), name="second")
    outputs = layers.Dense(3, activation="softmax")(layers.concatenate([first, second]))
    model = keras.Model([first, second], outputs, name="two")
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def two_outputs():
    inputs = keras.Input((4,))
    model = keras.Model(inputs, [layers.Dense(3, name="a")(inputs), layers.Dense(2, name="b")(inputs)])
    model.compile("sgd", ["mse", "mse"])
    return model


def batches(*pairs):
    yield from pairs


def assert_usable(model, x=X, y=Y):
    history = model.fit(x, y, verbose=0, epochs=2)
    assert len(history.history["loss"]) == 2
    assert np.isfinite(history.history["loss"]).all()
    assert all(np.isfinite(w).all() for w in model.get_weights())
    assert np.isfinite(np.asarray(model.predict(x, verbose=0))).all()


@pytest.fixture
def fails():
    """`fails(model, sentence, error, **fit arguments)`: that fit fails so, ends with the sentence, and the next fit works."""

    def check(model, match, error=ValueError, usable=(X, Y), **arguments):
        with pytest.raises(error, match=match) as caught:
            model.fit(**{"verbose": 0, **arguments})
        assert not getattr(caught.value, "__notes__", None)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
        assert_usable(model, *usable)

    return check


# -- shapes and structures of inputs


@pytest.mark.parametrize("options", [{}, {"run_eagerly": True}], ids=["compiled", "eager"])
def test_a_wrong_shape(fails, options):
    fails(
        classifier(**options), r"'features' of the model 'classifier' expects shape \(None, 4\); received shape \(\w+, 3\)",
        x=X2, y=Y,
    )  # fmt: skip


def test_a_wrong_shape_in_a_layer_of_a_built_subclass(fails):
    model = subclassed()
    model.fit(X, Y, verbose=0)
    fails(model, r"Layer 'own/hidden' expects size 4 along axis -1; received shape \(20, 3\)", x=X2, y=Y)


def test_a_wrong_shape_in_a_later_batch(fails):
    data = batches((X[:5], Y[:5]), (X2[:5], Y[:5]))
    fails(classifier(), r"expects shape \(None, 4\); received shape \(5, 3\)", x=data)


def test_a_wrong_shape_in_predict_evaluate_and_call():
    model = classifier()
    for call in (
        lambda: model.predict(X2, verbose=0),
        lambda: model.predict_on_batch(X2),
        lambda: model.evaluate(X2, Y, verbose=0),
        lambda: model(X2),
        lambda: model.train_on_batch(X2, Y),
    ):
        with pytest.raises(ValueError, match=r"expects shape \(None, 4\); received shape \(\w+, 3\)"):
            call()
    assert_usable(model)


@pytest.mark.parametrize(
    ("x", "match"),
    [
        (X, r"'two' expects 2 inputs \(first, second\); received 1"),
        ([X, X2, X], r"expects 2 inputs \(first, second\); received 3"),
        (
            {"first": X, "secnd": X2},
            r"misses the input 'second'; it received \['first', 'secnd'\]. Did you mean 'secnd'",
        ),
    ],
    ids=["one", "three", "name"],
)
def test_a_wrong_number_of_inputs(fails, x, match):
    fails(two_inputs(), match, usable=({"first": X, "second": X2}, Y), x=x, y=Y)


def test_too_many_inputs_for_a_sequential_model(fails):
    fails(classifier(), r"'classifier' expects 1 inputs \(features\); received 2", x=[X, X], y=Y)


# -- targets


@pytest.mark.parametrize(
    ("make", "arguments", "match"),
    [
        (classifier, {"x": X, "y": Y + 1}, r"labels from 0 to 2 for output 'out' .* received 3 at row 2.*subtract 1"),
        (classifier, {"x": X, "y": Y - 1}, r"labels from 0 to 2 .*received -1 at row 0. Labels are class numbers"),
        (subclassed, {"x": X, "y": Y + 7}, r"received 7 at row 0. Give the last layer at least 10 units"),
        (classifier, {"x": X, "y": Y + 0.5}, r"received 0.5 at row 0.*use categorical_crossentropy"),
        (classifier, {"x": X, "y": Y, "validation_data": (X, Y + 1)}, r"labels from 0 to 2 .*received 3 at row 2"),
    ],
    ids=["above", "negative", "subclass", "fraction", "validation"],
)  # fmt: skip
def test_labels_out_of_range_before_any_step(fails, make, arguments, match):
    model = make()
    with pytest.raises(ValueError, match=match):
        model.fit(**arguments, verbose=0)
    assert int(model.optimizer.iterations.numpy()) == 0
    fails(model, match, **arguments)


def test_labels_out_of_range_in_a_later_batch_and_outside_of_fit(fails):
    model = classifier()
    fails(model, "labels from 0 to 2 .*received 3 at row 1", x=batches((X[:5], Y[:5]), (X[:5], Y[1:6] + 1)))
    for call in (lambda: model.evaluate(X, Y + 1, verbose=0), lambda: model.train_on_batch(X, Y + 1)):
        with pytest.raises(ValueError, match="labels from 0 to 2 .*received 3 at row 2"):
            call()


@pytest.mark.parametrize(
    ("loss", "y", "match"),
    [
        ("mse", X, r"mean_squared_error expects .* same shape; received y_true of shape \(20, 4\) and y_pred of shape \(20, 3\)"),
        ("categorical_crossentropy", Y, "look like class numbers: use sparse_categorical_crossentropy"),
        ("sparse_categorical_crossentropy", np.eye(3)[Y], "If the targets are one-hot, use categorical_crossentropy"),
        ("binary_crossentropy", X, r"Dense\(1, activation='sigmoid'\)"),
    ],
    ids=["mse", "classes", "one-hot", "binary"],
)  # fmt: skip
@pytest.mark.parametrize("stream", [False, True], ids=["arrays", "generator"])
def test_targets_that_do_not_fit_the_loss(loss, y, match, stream):
    model = classifier()
    model.compile("sgd", loss)
    with pytest.raises(ValueError, match=match) as caught:
        model.fit(batches((X, y)), verbose=0) if stream else model.fit(X, y, verbose=0)
    assert not getattr(caught.value, "__notes__", None)
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert_usable(model)


def test_the_output_with_the_wrong_targets_is_named(fails):
    model = two_outputs()
    with pytest.raises(ValueError, match=r"\(20, 4\) and y_pred of shape \(20, 2\).* loss of the output 'b'"):
        model.fit(X, [X2, X], verbose=0)
    with pytest.raises(ValueError, match=r"has 2 outputs \(a, b\), but y holds 1 arrays. Give one for each"):
        model.fit(X, X2, verbose=0)
    with pytest.raises(ValueError, match=r"y has an entry for 'c', but the outputs of the model are \['a', 'b'\]"):
        model.fit(X, {"a": X2, "c": TARGETS}, verbose=0)
    assert np.isfinite(model.fit(X, [X2, TARGETS], verbose=0).history["loss"]).all()


def test_missing_targets(fails):
    fails(classifier(), "'out' has a loss, but no target was given. Pass y", x=X)
    fails(classifier(metrics=["accuracy"]), "metric 'accuracy' needs targets.* Pass y", x=X)


def test_two_arrays_of_targets_for_one_output(fails):
    fails(classifier(), "one output, but y holds 2 arrays. Give one array", x=X, y=[Y, Y])


# -- rows


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"x": X, "y": Y[:19]}, "same number of rows .*x has 20, y has 19"),
        ({"x": batches((X, Y[:19]))}, "same number of rows .*x has 20, y has 19"),
        ({"x": X, "y": Y, "sample_weight": np.ones(19)}, "sample_weight has 19"),
        ({"x": X, "y": Y, "sample_weight": np.ones((20, 7))}, r"sample_weight that fits .*\(20,\).*received shape \(20, 7\)"),
        ({"x": X, "y": Y, "validation_data": (X, Y[:3])}, "x has 20, y has 3"),
        ({"x": X[:0], "y": Y[:0]}, "at least one row of data; received x and y with 0 rows"),
        ({"x": [], "y": []}, "at least one row of data"),
        ({"x": batches()}, "yield at least one batch; received none"),
        ({}, "x to hold the input data; received None"),
    ],
    ids=["y", "generator", "weights", "weights2", "validation", "empty", "lists", "empty-generator", "nothing"],
)  # fmt: skip
def test_rows_that_do_not_match_or_do_not_exist(fails, arguments, match):
    fails(classifier(), match, **arguments)


# -- what is not numbers


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"x": np.array([list("abcd")] * 20), "y": Y}, "x to hold numbers; received text: 'a' at row 0. Map text"),
        ({"x": [list("abcd")] * 20, "y": Y}, "x to hold numbers; received"),
        ({"x": np.array([[object()] * 4] * 20), "y": Y}, "x to hold numbers; received an entry of type object.* at row 0"),
        ({"x": np.array([[1, 2, 3, 4], [1, None, 3, 4]] * 10, dtype=object), "y": Y}, "a missing value: None at row 1. Fill"),
        ({"x": X, "y": np.array(["cat", "dog"] * 10)}, "y to hold numbers; received text: 'cat'"),
        ({"x": batches((np.array([list("abcd")]), Y[:1]))}, "x to hold numbers; received text: 'a'"),
        ({"x": {"features": np.array([list("abcd")] * 20)}, "y": Y}, r"x\['features'\] to hold numbers; received text"),
        ({"x": object(), "y": Y}, "x as an array.*received <object object"),
    ],
    ids=["text", "lists", "objects", "none", "labels", "generator", "dict", "object"],
)  # fmt: skip
def test_strings_and_objects(fails, arguments, match):
    fails(classifier(), match, TypeError, **arguments)


# -- names


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda m: m.compile("adamm", "mse"), ValueError, "Unknown optimizer: 'adamm'. Did you mean 'Adam'"),
        (lambda m: m.compile("sgd", "sparse_crossentropy"), ValueError, "Unknown loss: .* 'sparse_categorical_crossentropy'"),
        (lambda m: m.compile("sgd", "mse", metrics=["acuracy"]), ValueError, "'acuracy'. Did you mean 'accuracy'"),
        (lambda m: m.compile("sgd", "mse", metric=["mae"]), TypeError, "unknown argument 'metric'. Did you mean 'metrics'"),
        (lambda m: m.fit(X, Y, epoch=3), TypeError, "unknown argument 'epoch'. Did you mean 'epochs'"),
        (lambda m: layers.Dense(3, activation="rellu"), ValueError, "Unknown activation: 'rellu'. Did you mean 'relu'"),
        (lambda m: layers.Dens(3), AttributeError, "no attribute 'Dens'. Did you mean 'Dense'"),
        (lambda m: layers.Dense(3, activaton="relu"), TypeError, "unknown argument 'activaton'. Did you mean 'activation'"),
        (lambda m: m.get_layer("hiden"), ValueError, "'hiden'. Did you mean 'hidden'"),
        (lambda m: m.fit(X, Y, batch_size=0), ValueError, "batch_size to be a positive integer; received 0"),
        (lambda m: m.fit(X, Y, epochs=2.5), TypeError, "epochs to be a positive integer; received 2.5"),
        (lambda m: m.fit(X, Y, callbacks=[keras.callbacks.EarlyStopping]), TypeError, r"the class EarlyStopping. Write EarlyS"),
        (lambda m: m.fit(X, Y, class_weight={"a": 1.0}), ValueError, "class_weight as a dict from class numbers"),
    ],
)  # fmt: skip
def test_unknown_names_offer_the_nearest(make, error, match):
    model = classifier()
    with pytest.raises(error, match=match):
        make(model)
    assert_usable(model)


# -- the order of calls, and data that ends


@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch", "test_on_batch"])
def test_training_before_compile(method):
    model = keras.Sequential([layers.Dense(3, activation="softmax")])
    with pytest.raises(RuntimeError, match=rf"Call compile\(\) before {method}\(\), e.g. model.compile\(optimizer="):
        getattr(model, method)(X, Y)
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert_usable(model)


def test_validation_split_with_a_generator_and_out_of_range(fails):
    fails(
        classifier(),
        "x` as a generator, `validation_split` is only supported for arrays",
        x=batches((X, Y)),
        validation_split=0.2,
    )
    fails(classifier(), "fraction between 0 and 1, such as 0.2; received 1.5", x=X, y=Y, validation_split=1.5)
    fails(classifier(), "`y` should not be passed", x=batches((X, Y)), y=Y)


def test_a_generator_that_ends_early():
    model = classifier()
    with pytest.warns(UserWarning, match="ran out of data.*steps_per_epoch"):
        history = model.fit(batches((X[:5], Y[:5]), (X[5:10], Y[5:10])), steps_per_epoch=3, epochs=3, verbose=0)
    assert len(history.history["loss"]) == 1
    assert int(model.optimizer.iterations.numpy()) == 2
    assert_usable(model)


def test_a_generator_that_raises():
    def broken():
        yield X[:5], Y[:5]
        raise OSError("disk gone")

    model = classifier()
    with pytest.raises(OSError, match="disk gone"):
        model.fit(broken(), verbose=0)
    assert int(model.optimizer.iterations.numpy()) == 1
    assert_usable(model)


@pytest.mark.parametrize("hook", ["on_train_begin", "on_train_batch_end", "on_epoch_end", "on_test_batch_end"])
def test_a_callback_that_raises(hook):
    def broken(*_):
        raise ArithmeticError("in the callback")

    callback = keras.callbacks.Callback()
    setattr(callback, hook, broken)
    model = classifier()
    with pytest.raises(ArithmeticError, match="in the callback"):
        model.fit(X, Y, validation_split=0.2, verbose=0, callbacks=[callback])
    assert_usable(model)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_terminate_on_nan(bad, capsys):
    x = X.copy()
    x[12, 0] = bad
    model = classifier()
    model.optimizer.learning_rate = 0.0
    before = model.get_weights()
    history = model.fit(
        x, Y, batch_size=4, shuffle=False, verbose=0, epochs=3, callbacks=[keras.callbacks.TerminateOnNaN()]
    )
    assert "Batch 3: Invalid loss, terminating training" in capsys.readouterr().out
    assert len(history.history["loss"]) == 1
    model.set_weights(before)
    with pytest.raises(RuntimeError, match="NaN or Inf loss encountered at batch 3"):
        model.fit(
            x, Y, batch_size=4, shuffle=False, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN(raise_error=True)]
        )
    model.set_weights(before)
    model.optimizer.learning_rate = 0.01
    assert_usable(model)


# -- the user's own code inside of the compiled step


def own(body):
    """A model whose train_step is `body(model, x, y)`."""

    class Own(keras.Sequential):
        def train_step(self, data):
            return body(self, *data)

    model = Own([layers.Input((4,)), layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize(
    ("body", "error", "match"),
    [
        (lambda m, x, y: None, TypeError, r"Own.train_step returned None. Return a dict of logs, such as {'loss': loss}"),
        (lambda m, x, y: {"loss": missing}, NameError, "name 'missing' is not defined"),  # noqa: F821
        (lambda m, x, y: {"loss": x + keras.ops.ones((7,))}, ValueError, r"x1: shape \(20, 4\) float32, x2: shape \(7,\)"),
    ],
    ids=["none", "name", "shapes"],
)  # fmt: skip
def test_mistakes_in_a_train_step(body, error, match):
    model = own(body)
    with pytest.raises(error, match=match) as caught:
        model.fit(X, Y, verbose=0)
    assert not getattr(caught.value, "__notes__", None)
    assert np.isfinite(model.evaluate(X, Y, verbose=0))
    assert model.predict(X, verbose=0).shape == (20, 3)


@pytest.mark.parametrize(
    ("body", "match"),
    [
        (lambda m, x, y: {"loss": x.numpy().mean()}, r"runs eagerly.*concrete tensor for .numpy\(\).*run_eagerly=True"),
        (lambda m, x, y: {"loss": 1.0 if keras.ops.sum(x) > 0 else 0.0}, "runs eagerly.*used as a Python bool.*Use ops.where"),
    ],
)  # fmt: skip
def test_a_train_step_that_needs_values(body, match):
    model = own(body)
    with pytest.warns(UserWarning, match=match):
        history = model.fit(X, Y, verbose=0)
    assert np.isfinite(history.history["loss"][0])


def test_a_mistake_in_call_names_the_layer_and_leaves_no_trace():
    class Bad(layers.Layer):
        right = False

        def call(self, inputs):
            return inputs if self.right else inputs + keras.ops.ones((7,))

    bad = Bad(name="bad")
    model = keras.Sequential([bad, layers.Dense(3, activation="softmax")], name="model")
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match=r"\(None, 4\) float32, x2: shape \(7,\).* 'model/bad' \(Bad\)") as caught:
        model.fit(X, Y, verbose=0)
    assert not getattr(caught.value, "__notes__", None)
    bad.right = True
    assert_usable(model)


SCRIPT = """
import numpy as np
import cornu as keras
from cornu import layers
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.out = layers.Dense(3, activation="softmax")
    def call(self, inputs):
        return self.out(inputs)
model = Own()
model.compile("sgd", "LOSS", run_eagerly=EAGER)
model.fit(np.ones((20, 4)), np.zeros((20, 2)), verbose=0)
"""


@pytest.mark.parametrize("eager", [False, True], ids=["compiled", "eager"])
def test_what_is_printed_of_an_uncaught_error(fresh_process, eager):
    printed = fresh_process(SCRIPT.replace("LOSS", "mse").replace("EAGER", str(eager))).stderr.strip()
    lines = printed.splitlines()
    assert lines[-1].startswith(
        "cornu._base.errors.InvalidArgumentError: mean_squared_error expects y_true and y_pred of the"
    )
    assert "(20, 2)" in lines[-1] and "(20, 3)" in lines[-1]
    assert printed.count("Traceback (most recent call last)") == 1
    assert not any("/jax/" in line for line in lines)
    assert any('File "<string>"' in line for line in lines)

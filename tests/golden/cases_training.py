"""Whole training runs that recorder and test share: each case is `case(keras, Tape) -> results` and knows no implementation.

`keras` is the package under test, `Tape` its gradient tape. Results are nests of dicts, lists, numbers and arrays: the history,
the final weights, what `evaluate` and `predict` return. Nothing is random: weights come from NumPy, nothing is shuffled.
"""

import numpy as np

_rng = np.random.default_rng(31)
X = _rng.normal(size=(20, 4)).astype("float32")
X2 = _rng.normal(size=(20, 3)).astype("float32")
LABELS = _rng.integers(0, 3, size=20).astype("int32")
ONE_HOT = np.eye(3, dtype="float32")[LABELS]
BINARY = (LABELS > 0).astype("int32")
TARGETS = _rng.normal(size=(20, 2)).astype("float32")
WEIGHTS = _rng.uniform(0.2, 2.0, size=20).astype("float32")
WEIGHTS2 = _rng.uniform(0.2, 2.0, size=20).astype("float32")
WORDS = _rng.integers(0, 6, size=(20, 5)).astype("int32")
WORDS[:, 0] = np.maximum(WORDS[:, 0], 1)
TAGS = _rng.integers(0, 3, size=(20, 5)).astype("int32")
TAG_WEIGHTS = _rng.uniform(0.2, 2.0, size=(20, 5)).astype("float32")
SERIES = _rng.normal(size=(20, 5, 2)).astype("float32")
SERIES[:, 3:] = 0.0
SERIES[::2, 2] = 0.0

CASES = {}


def case(function):
    """Add a case to the table."""
    CASES[function.__name__] = function
    return function


def set_weights(model):
    """Weights that depend on nothing but their order; biases, moving averages and the like keep their start."""
    rng = np.random.default_rng(5)
    for variable in model.weights:
        if variable.name in ("kernel", "embeddings"):
            variable.assign(rng.uniform(-0.6, 0.6, size=tuple(variable.shape)).astype("float32"))
    return model


def mlp(keras, units=3, activation="softmax", cls=None):
    """Four features, one hidden layer."""
    layers = [
        keras.layers.Input((4,)),
        keras.layers.Dense(5, activation="tanh"),
        keras.layers.Dense(units, activation=activation, name="out"),
    ]
    return set_weights((cls or keras.Sequential)(layers))


def two_outputs(keras):
    """Two inputs; outputs `a` (3 classes) and `b` (2 numbers)."""
    first, second = keras.Input((4,), name="first"), keras.Input((3,), name="second")
    hidden = keras.layers.Concatenate()([first, second])
    hidden = keras.layers.Dense(5, activation="tanh")(hidden)
    a = keras.layers.Dense(3, activation="softmax", name="a")(hidden)
    b = keras.layers.Dense(2, name="b")(hidden)
    return set_weights(keras.Model([first, second], [a, b]))


def dict_outputs(keras):
    """The same with dicts."""
    first, second = keras.Input((4,), name="first"), keras.Input((3,), name="second")
    hidden = keras.layers.Concatenate()([first, second])
    hidden = keras.layers.Dense(5, activation="tanh")(hidden)
    a = keras.layers.Dense(3, activation="softmax", name="layer_a")(hidden)
    b = keras.layers.Dense(2, name="layer_b")(hidden)
    return set_weights(keras.Model({"first": first, "second": second}, {"b": b, "a": a}))


def train(model, x, y=None, evaluate=None, predict=True, **fit):
    """fit, evaluate and predict; everything one can see of it."""
    fit = {"epochs": 2, "batch_size": 5, "shuffle": False, "verbose": 0, **fit}
    history = model.fit(x, y, **fit)
    results = {"history": history.history, "epochs": history.epoch, "weights": weights_of(model)}
    if evaluate is None:
        evaluate = {"x": x, "y": y, "batch_size": fit["batch_size"], "sample_weight": fit.get("sample_weight")}
    if evaluate:
        results["evaluate"] = model.evaluate(**evaluate, verbose=0, return_dict=True)
        results["evaluate_list"] = model.evaluate(**evaluate, verbose=0)
    if predict:
        results["predict"] = model.predict(x if predict is True else predict, verbose=0)
    return results


def weights_of(model):
    """All weights as arrays."""
    return [np.asarray(w, "float32") for w in model.get_weights()]


# -- one output


@case
def sparse_labels_and_validation_split(keras, Tape):
    model = mlp(keras)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return train(model, X, LABELS, batch_size=8, validation_split=0.25)


@case
def one_hot_and_weights(keras, Tape):
    model = mlp(keras)
    model.compile(
        keras.optimizers.SGD(0.1, momentum=0.9),
        keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
        metrics=["acc", "mae", keras.metrics.AUC(name="area"), keras.metrics.CategoricalCrossentropy()],
        weighted_metrics=["accuracy", keras.metrics.MeanSquaredError()],
    )
    return train(
        model, X, ONE_HOT, batch_size=8, sample_weight=WEIGHTS, validation_data=(X[:10], ONE_HOT[:10], WEIGHTS2[:10])
    )


@case
def binary_labels(keras, Tape):
    model = mlp(keras, 1, "sigmoid")
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy", "AUC", "Precision", keras.metrics.Recall()])
    results = {"column": train(model, X, BINARY[:, None], validation_data=(X[:7], BINARY[:7, None]))}
    model = mlp(keras, 1, "sigmoid")
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"], weighted_metrics=["mae"])
    results["flat"] = train(model, X, BINARY, sample_weight=WEIGHTS, validation_split=0.25)
    return results


@case
def binary_from_logits(keras, Tape):
    model = mlp(keras, 1, None)
    model.compile(
        "sgd", keras.losses.BinaryCrossentropy(from_logits=True), metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)]
    )
    return train(model, X.astype("float64"), BINARY.astype(bool))


@case
def class_weights(keras, Tape):
    model = mlp(keras)
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"], weighted_metrics=["accuracy"])
    results = train(model, X, LABELS, class_weight={0: 0.5, 1: 2.0, 2: 1.5}, validation_split=0.25)
    results["one_hot"] = None
    model = mlp(keras)
    model.compile("sgd", "categorical_crossentropy", weighted_metrics=["accuracy"])
    results["one_hot"] = train(model, X, ONE_HOT, class_weight={1: 3.0}, evaluate={})
    return results


@case
def regression_with_names(keras, Tape):
    model = mlp(keras, 2, None)
    model.compile(
        "adam", "mse", metrics=["mae", "mse", "mean_squared_error", "RootMeanSquaredError", "cosine_similarity"]
    )
    return train(model, X, TARGETS, validation_data=(X[:10], TARGETS[:10]))


@case
def validation_options(keras, Tape):
    model = mlp(keras, 2, None)
    model.compile("sgd", "mse", metrics=["mae"])
    options = {"validation_data": (X[:10], TARGETS[:10], WEIGHTS[:10]), "validation_batch_size": 4}
    return {
        "every_other": train(model, X, TARGETS, epochs=5, initial_epoch=1, validation_freq=2, **options),
        "listed": train(model, X, TARGETS, epochs=4, validation_freq=[1, 4], **options),
        "steps": train(model, X, TARGETS, validation_steps=2, **options),
    }


@case
def steps_per_epoch_with_arrays(keras, Tape):
    model = mlp(keras, 2, None)
    model.compile("sgd", "mse", metrics=["mae"])
    return train(
        model, X, TARGETS, epochs=1, steps_per_epoch=2, evaluate={"x": X, "y": TARGETS, "batch_size": 8, "steps": 2}
    )


@case
def steps_per_execution(keras, Tape):
    model = mlp(keras, 2, None)
    model.compile("sgd", "mse", metrics=["mae"], steps_per_execution=2)
    return train(model, X[:16], TARGETS[:16], validation_data=(X, TARGETS))


@case
def losses_with_other_reductions(keras, Tape):
    results = {}
    for reduction in ("sum", "mean_with_sample_weight"):
        model = mlp(keras, 2, None)
        model.compile(
            "sgd",
            keras.losses.Huber(reduction=reduction),
            metrics=[keras.losses.MeanSquaredError(), keras.losses.mean_absolute_error],
        )
        results[reduction] = train(model, X, TARGETS, sample_weight=WEIGHTS, epochs=1)
    return results


@case
def loss_weight_of_a_single_output(keras, Tape):
    model = mlp(keras, 2, None)
    model.compile("sgd", ["mse"], loss_weights=[0.3], metrics=[["mae"]])
    return train(model, X, TARGETS)


@case
def sample_weights_of_zero(keras, Tape):
    model = mlp(keras, 2, None)
    model.compile("adam", "mae", weighted_metrics=["mse"])
    return train(model, X, TARGETS, sample_weight=(np.arange(20) % 3 > 0).astype("float32"))


@case
def learning_rate_callbacks(keras, Tape):
    model = mlp(keras, 2, None)
    model.compile(keras.optimizers.SGD(0.05), "mse")
    callbacks = [
        keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5),
        keras.callbacks.EarlyStopping(monitor="val_loss", patience=1, min_delta=10.0, restore_best_weights=True),
    ]
    return train(model, X, TARGETS, epochs=5, validation_split=0.25, callbacks=callbacks)


@case
def frozen_layer(keras, Tape):
    model = mlp(keras, 2, None)
    model.layers[0].trainable = False
    model.compile("adam", "mse")
    return train(model, X, TARGETS)


# -- several outputs


@case
def lists_everywhere(keras, Tape):
    model = two_outputs(keras)
    model.compile(
        "sgd",
        ["sparse_categorical_crossentropy", "mse"],
        metrics=[["accuracy"], ["mae", "mse"]],
        weighted_metrics=[["accuracy"], ["mae"]],
        loss_weights=[1.0, 0.5],
    )
    return train(
        model,
        [X, X2],
        [LABELS, TARGETS],
        sample_weight=[WEIGHTS, WEIGHTS2],
        validation_data=([X[:10], X2[:10]], [LABELS[:10], TARGETS[:10]], [WEIGHTS[:10], WEIGHTS2[:10]]),
    )


@case
def dicts_everywhere(keras, Tape):
    model = dict_outputs(keras)
    model.compile(
        "sgd",
        {"a": "sparse_categorical_crossentropy", "b": "mse"},
        metrics={"b": ["mae", "mse"], "a": "accuracy"},
        weighted_metrics={"a": ["accuracy"]},
        loss_weights={"b": 0.5, "a": 2.0},
    )
    return train(
        model,
        {"second": X2, "first": X},
        {"b": TARGETS, "a": LABELS},
        sample_weight={"a": WEIGHTS, "b": WEIGHTS2},
        validation_split=0.25,
    )


@case
def dicts_for_a_model_of_lists(keras, Tape):
    model = two_outputs(keras)
    model.compile(
        "sgd",
        loss={"b": "mse", "a": keras.losses.SparseCategoricalCrossentropy()},
        metrics={"a": ["accuracy"]},
        loss_weights={"a": 0.7, "b": 0.2},
    )
    return train(
        model,
        {"first": X, "second": X2},
        {"a": LABELS, "b": TARGETS},
        batch_size=8,
        validation_data=({"first": X[:10], "second": X2[:10]}, {"a": LABELS[:10], "b": TARGETS[:10]}),
    )


@case
def one_loss_and_flat_metrics(keras, Tape):
    model = two_outputs(keras)
    model.compile("sgd", ["mse", "mae"], metrics=["mse", "mae"], loss_weights=[0.25, 2])
    return train(model, [X, X2], [ONE_HOT, TARGETS], sample_weight=WEIGHTS, predict=False)


@case
def output_without_loss(keras, Tape):
    model = two_outputs(keras)
    model.compile("sgd", [None, "mse"], metrics=[None, "mae"])
    return train(model, [X, X2], [LABELS, TARGETS])


@case
def metric_dict_without_all_outputs(keras, Tape):
    model = dict_outputs(keras)
    model.compile(
        "sgd", {"a": "categorical_crossentropy", "b": "mse"}, metrics={"b": keras.metrics.MeanAbsoluteError()}
    )
    return train(model, {"first": X, "second": X2}, {"a": ONE_HOT, "b": TARGETS})


@case
def subclassed_with_a_tuple(keras, Tape):
    class Pair(keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden = keras.layers.Dense(5, activation="tanh")
            self.a = keras.layers.Dense(3, activation="softmax")
            self.b = keras.layers.Dense(2)

        def call(self, inputs):
            hidden = self.hidden(inputs)
            return self.a(hidden), self.b(hidden)

    model = Pair()
    model(X[:1])
    set_weights(model)
    model.compile("sgd", ["sparse_categorical_crossentropy", "mse"], metrics=[["accuracy"], ["mae"]])
    return train(model, X, (LABELS, TARGETS))


@case
def subclassed_with_dicts(keras, Tape):
    class Named(keras.Model):
        def __init__(self):
            super().__init__()
            self.a = keras.layers.Dense(3, activation="softmax")
            self.b = keras.layers.Dense(2)

        def call(self, inputs, training=None):
            return {"second": self.b(inputs["u"]), "first": self.a(inputs["v"])}

    model = Named()
    model({"u": X[:1], "v": X2[:1]})
    set_weights(model)
    model.compile("sgd", {"first": "sparse_categorical_crossentropy", "second": "mse"}, metrics={"first": ["accuracy"]})
    return train(model, {"u": X, "v": X2}, {"first": LABELS, "second": TARGETS})


# -- streams


@case
def generators(keras, Tape):
    def batches(weighted):
        while True:
            for start in range(0, 20, 5):
                rows = slice(start, start + 5)
                yield (X[rows], LABELS[rows], WEIGHTS[rows]) if weighted else (X[rows], LABELS[rows])

    def same():  # how far Keras on TensorFlow reads ahead must not matter
        while True:
            yield X[3:9], LABELS[3:9]

    model = mlp(keras)
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"], weighted_metrics=["accuracy"])
    history = model.fit(
        batches(True), steps_per_epoch=3, epochs=3, validation_data=same(), validation_steps=2, verbose=0
    )
    return {
        "history": history.history,
        "weights": weights_of(model),
        "evaluate": model.evaluate(batches(True), steps=4, verbose=0, return_dict=True),
        "predict": model.predict((batch[:1] for batch in batches(False)), steps=4, verbose=0),
    }


@case
def generator_of_dicts(keras, Tape):
    def batches():
        for start in range(0, 20, 6):
            rows = slice(start, start + 6)
            yield {"first": X[rows], "second": X2[rows]}, {"a": LABELS[rows], "b": TARGETS[rows]}

    model = dict_outputs(keras)
    model.compile("sgd", {"a": "sparse_categorical_crossentropy", "b": "mse"}, metrics={"a": ["accuracy"]})
    history = model.fit(
        batches(), steps_per_epoch=4, verbose=0
    )  # else Keras on TensorFlow counts a fifth batch, of loss 0
    return {"history": history.history, "weights": weights_of(model)}


@case
def py_dataset(keras, Tape):
    class Rows(keras.utils.PyDataset):
        def __len__(self):
            return 3

        def __getitem__(self, index):
            rows = slice(8 * index, 8 * index + 8)
            return X[rows], LABELS[rows]

    model = mlp(keras)
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"], weighted_metrics=["accuracy"])
    history = model.fit(
        Rows(), epochs=2, shuffle=False, verbose=0, class_weight={0: 1.0, 1: 0.3, 2: 2.0}, validation_data=Rows()
    )
    return {
        "history": history.history,
        "weights": weights_of(model),
        "evaluate": model.evaluate(Rows(), verbose=0, return_dict=True),
        "predict": model.predict(Rows(), verbose=0),
    }


@case
def batch_by_batch(keras, Tape):
    model = mlp(keras)
    model.compile(
        "adam",
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        weighted_metrics=["sparse_categorical_crossentropy"],
    )
    return {
        "train": [model.train_on_batch(X[:8], LABELS[:8]) for _ in range(3)],
        "weighted": model.train_on_batch(X[8:16], LABELS[8:16], sample_weight=WEIGHTS[8:16], return_dict=True),
        "classes": model.train_on_batch(X[8:16], LABELS[8:16], class_weight={0: 2.0, 2: 0.1}, return_dict=True),
        "test": [model.test_on_batch(X[:8], LABELS[:8], return_dict=True) for _ in range(2)],
        "reset": [model.reset_metrics(), model.test_on_batch(X[:8], LABELS[:8], sample_weight=WEIGHTS[:8])][1],
        "predict": model.predict_on_batch(X[:3]),
        "evaluate": model.evaluate(X, LABELS, batch_size=8, verbose=0),
        "after": model.test_on_batch(X[:8], LABELS[:8]),
        "weights": weights_of(model),
    }


@case
def batch_by_batch_with_only_a_loss(keras, Tape):
    model = mlp(keras, 2, None)
    model.compile("sgd", "mse")
    return {
        "train": [model.train_on_batch(X[:8], TARGETS[:8]) for _ in range(2)],
        "test": model.test_on_batch(X[:8], TARGETS[:8]),
        "evaluate": model.evaluate(X, TARGETS, batch_size=8, verbose=0),
        "dict": model.test_on_batch(X[:8], TARGETS[:8], return_dict=True),
    }


# -- optimizers inside of training


@case
def optimizers_with_options(keras, Tape):
    optimizers, schedules = keras.optimizers, keras.optimizers.schedules
    table = {
        "accumulation": optimizers.SGD(0.1, gradient_accumulation_steps=2),
        "ema": optimizers.SGD(0.1, use_ema=True, ema_momentum=0.8),
        "ema_overwrite": optimizers.Adam(0.1, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=2),
        "schedule": optimizers.SGD(schedules.ExponentialDecay(0.1, 2, 0.5), momentum=0.9, nesterov=True, clipnorm=0.2),
        "clip": optimizers.AdamW(schedules.CosineDecay(0.1, 5), weight_decay=0.1, global_clipnorm=0.1),
    }
    results = {}
    for name, optimizer in table.items():
        model = mlp(keras, 2, None)
        model.compile(optimizer, "mse")
        results[name] = train(model, X, TARGETS, predict=False)
    return results


# -- penalties, masks, state


@case
def penalties(keras, Tape):
    class Penalty(keras.layers.Layer):
        def call(self, inputs):
            self.add_loss(0.1 * keras.ops.mean(keras.ops.square(inputs)))
            return inputs

    model = set_weights(
        keras.Sequential(
            [
                keras.Input((4,)),
                keras.layers.Dense(5, kernel_regularizer="l2", activity_regularizer=keras.regularizers.L1(0.01)),
                Penalty(),
                keras.layers.Dense(2, bias_regularizer="l1", kernel_constraint="unit_norm"),
            ]
        )
    )
    model.compile("sgd", "mse", metrics=["mae"])
    return train(model, X, TARGETS, sample_weight=WEIGHTS, validation_split=0.25)


@case
def only_added_losses(keras, Tape):
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(4)

        def call(self, inputs):
            outputs = self.dense(inputs)
            self.add_loss(keras.ops.mean(keras.ops.square(outputs - inputs)))
            return outputs

    model = Own()
    model(X[:1])
    set_weights(model)
    model.compile("adam")
    return train(model, X, validation_data=(X[:10], None))


@case
def embedding_mask(keras, Tape):
    # with SGD: Adam of Keras on TensorFlow squares the gradients of a repeated word one by one
    def model():
        return set_weights(
            keras.Sequential(
                [
                    keras.Input((5,), dtype="int32"),
                    keras.layers.Embedding(6, 4, mask_zero=True),
                    keras.layers.Dense(3, activation="softmax"),
                ]
            )
        )

    def compiled():
        made = model()
        made.compile(
            "sgd",
            "sparse_categorical_crossentropy",
            metrics=["accuracy"],
            weighted_metrics=["accuracy", keras.metrics.SparseCategoricalCrossentropy(name="ce")],
        )
        return made

    return {
        "steps": train(compiled(), WORDS, TAGS, sample_weight=TAG_WEIGHTS),
        "none": train(compiled(), WORDS, TAGS),
    }


@case
def masking_and_pooling(keras, Tape):
    inputs = keras.Input((5, 2))
    masked = keras.layers.Masking()(inputs)
    hidden = keras.layers.Dense(3, activation="relu")(masked)
    series = keras.layers.Dense(2, name="series")(hidden)
    pooled = keras.layers.Dense(2, name="pooled")(keras.layers.GlobalAveragePooling1D()(hidden))
    model = set_weights(keras.Model(inputs, [series, pooled]))
    model.compile("sgd", ["mae", "mse"], metrics=[["mse"], ["mae"]], weighted_metrics=[["mse"], ["mae"]])
    return train(model, SERIES, [SERIES[:, ::-1].copy(), TARGETS])


@case
def moving_statistics(keras, Tape):
    model = set_weights(
        keras.Sequential(
            [
                keras.Input((4,)),
                keras.layers.BatchNormalization(momentum=0.7),
                keras.layers.Dense(5, activation="relu"),
                keras.layers.BatchNormalization(momentum=0.9, center=False),
                keras.layers.Dense(3, activation="softmax"),
            ]
        )
    )
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return train(model, X, LABELS, batch_size=8, validation_split=0.25)


@case
def nested_and_shared(keras, Tape):
    inner_in = keras.Input((4,))
    inner = keras.Model(inner_in, keras.layers.Dense(3, activation="tanh")(keras.layers.LayerNormalization()(inner_in)))
    shared = keras.layers.Dense(4, activation="tanh")
    first, second = keras.Input((4,)), keras.Input((4,))
    both = inner(shared(first)) - inner(shared(second)) * 0.5
    outputs = keras.layers.Dense(2, name="out")(keras.ops.concatenate([both, keras.ops.square(both)], axis=-1))
    model = set_weights(keras.Model([first, second], outputs))
    model.compile("adam", "mse")
    return train(model, [X, X[::-1].copy()], TARGETS)


@case
def metric_in_a_layer(keras, Tape):
    class Watching(keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.mean = keras.metrics.Mean(name="activity")

        def call(self, inputs):
            self.mean.update_state(inputs)
            return inputs

    model = set_weights(keras.Sequential([keras.Input((4,)), keras.layers.Dense(5), Watching(), keras.layers.Dense(2)]))
    model.compile("sgd", "mse", metrics=["mae"])
    return train(model, X, TARGETS, validation_split=0.25)


# -- the user's own


def own_steps(keras, Tape):
    """A model that overrides train_step and test_step as the guides show."""

    class Own(keras.Sequential):
        def train_step(self, data):
            x, y = data
            with Tape() as tape:
                y_pred = self(x, training=True)
                loss = self.compute_loss(y=y, y_pred=y_pred)
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
            for metric in self.metrics:
                if metric.name == "loss":
                    metric.update_state(loss)
                else:
                    metric.update_state(y, y_pred)
            return {metric.name: metric.result() for metric in self.metrics}

        def test_step(self, data):
            x, y = data
            y_pred = self(x, training=False)
            loss = self.compute_loss(y=y, y_pred=y_pred)
            for metric in self.metrics:
                if metric.name != "loss":
                    metric.update_state(y, y_pred)
                else:
                    metric.update_state(loss)
            return {metric.name: metric.result() for metric in self.metrics}

    return Own


@case
def own_train_step(keras, Tape):
    model = mlp(keras, 2, None, own_steps(keras, Tape))
    model.compile("adam", "mse", metrics=["mae"])
    return train(model, X, TARGETS, validation_split=0.25)


@case
def own_train_step_with_own_trackers(keras, Tape):
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(2)
            self.loss_tracker = keras.metrics.Mean(name="loss")
            self.mae_metric = keras.metrics.MeanAbsoluteError(name="mae")
            self.loss_fn = keras.losses.MeanSquaredError()

        def call(self, inputs):
            return self.dense(inputs)

        @property
        def metrics(self):
            return [self.loss_tracker, self.mae_metric]

        def train_step(self, data):
            x, y = data
            with Tape() as tape:
                y_pred = self(x, training=True)
                loss = self.loss_fn(y, y_pred)
            gradients = tape.gradient(loss, self.trainable_weights)
            self.optimizer.apply(gradients, self.trainable_weights)
            self.loss_tracker.update_state(loss)
            self.mae_metric.update_state(y, y_pred)
            return {"loss": self.loss_tracker.result(), "mae": self.mae_metric.result(), "twice": 2 * loss}

        def test_step(self, data):
            x, y = data
            y_pred = self(x, training=False)
            self.loss_tracker.update_state(self.loss_fn(y, y_pred))
            self.mae_metric.update_state(y, y_pred)
            return {"loss": self.loss_tracker.result(), "mae": self.mae_metric.result()}

    model = Own()
    model(X[:1])
    set_weights(model)
    model.compile(optimizer="sgd")
    return train(model, X, TARGETS, validation_data=(X[:10], TARGETS[:10]))


@case
def two_optimizers_in_a_train_step(keras, Tape):
    class Game(keras.Model):
        def __init__(self, first, second):
            super().__init__()
            self.first, self.second = first, second

        def compile(self, first_optimizer, second_optimizer, loss_fn):
            super().compile()
            self.first_optimizer, self.second_optimizer, self.loss_fn = first_optimizer, second_optimizer, loss_fn

        def train_step(self, data):
            with Tape() as tape:
                first_loss = self.loss_fn(data, self.second(self.first(data)))
            weights = self.first.trainable_weights
            self.first_optimizer.apply_gradients(zip(tape.gradient(first_loss, weights), weights))
            with Tape() as tape:
                second_loss = self.loss_fn(data, self.second(self.first(data)))
            weights = self.second.trainable_weights
            self.second_optimizer.apply_gradients(zip(tape.gradient(second_loss, weights), weights))
            return {"first": first_loss, "second": second_loss}

    first = set_weights(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, activation="tanh")]))
    second = set_weights(keras.Sequential([keras.Input((2,)), keras.layers.Dense(4)]))
    model = Game(first, second)
    model.compile(keras.optimizers.Adam(0.01), keras.optimizers.SGD(0.1), keras.losses.MeanAbsoluteError())
    history = model.fit(X, batch_size=8, epochs=2, shuffle=False, verbose=0)
    return {"history": history.history, "first": weights_of(first), "second": weights_of(second)}


@case
def own_compute_loss(keras, Tape):
    class Own(keras.Sequential):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            loss = keras.ops.mean(keras.ops.abs(y - y_pred) ** 3)
            return loss + (0.5 if training else 0.25) + sum(self.losses)

        def compute_metrics(self, x, y, y_pred, sample_weight=None):
            logs = super().compute_metrics(x, y, y_pred, sample_weight)
            logs["largest"] = keras.ops.max(y_pred)
            return logs

    model = mlp(keras, 2, None, Own)
    model.compile("sgd", metrics=["mae"])
    return train(model, X, TARGETS, validation_split=0.25)


@case
def own_losses_and_metrics(keras, Tape):
    def cubic(y_true, y_pred):
        return keras.ops.mean(keras.ops.abs(y_true - y_pred) ** 3, axis=-1)

    def spread(y_true, y_pred):
        return keras.ops.max(y_pred) - keras.ops.min(y_pred)

    class Quartic(keras.losses.Loss):
        def __init__(self, factor=0.5, **kwargs):
            super().__init__(**kwargs)
            self.factor = factor

        def call(self, y_true, y_pred):
            return self.factor * keras.ops.mean((y_true - y_pred) ** 4, axis=-1)

    class Largest(keras.metrics.Metric):
        def __init__(self, name="largest", **kwargs):
            super().__init__(name=name, **kwargs)
            self.largest = self.add_weight(shape=(), initializer="zeros", name="value")
            self.rows = self.add_variable(shape=(), initializer="zeros", name="rows")

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.largest.assign(keras.ops.maximum(self.largest, keras.ops.max(y_pred)))
            self.rows.assign_add(keras.ops.cast(keras.ops.shape(y_true)[0], "float32"))

        def result(self):
            return self.largest + self.rows

    results = {}
    for name, loss in (("function", cubic), ("class", Quartic(name="quartic"))):
        model = mlp(keras, 2, None)
        model.compile("sgd", loss, metrics=[spread, Largest(), cubic], weighted_metrics=[cubic])
        results[name] = train(model, X, TARGETS, sample_weight=WEIGHTS, validation_split=0.25)
    return results


@case
def eagerly(keras, Tape):
    model = mlp(keras)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], run_eagerly=True)
    return train(model, X, LABELS, validation_split=0.25)


@case
def eagerly_with_own_steps(keras, Tape):
    model = mlp(keras, 2, None, own_steps(keras, Tape))
    model.compile("sgd", "mse", metrics=["mae"], run_eagerly=True)
    return train(model, X, TARGETS, validation_split=0.25)


@case
def half_precision(keras, Tape):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = mlp(keras)
    finally:
        keras.config.set_dtype_policy("float32")
    model.compile("sgd", "categorical_crossentropy", metrics=["mae"])
    return train(model, X, ONE_HOT)


LOOSE = {"half_precision": 2e-2}

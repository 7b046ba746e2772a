"""Training from datasets: the batches and their order are the dataset's, whichever way they are fed."""

import numpy as np
import pytest

import cornu
from cornu import data, layers
from cornu.training.adapters import ArrayData, StreamData, adapt

Dataset = data.Dataset
X = np.random.default_rng(0).normal(size=(90, 4)).astype("float32")
Y = (X.sum(1) > 0).astype("int32")


class Stream:
    """The batches of a dataset, as anything that can be iterated."""

    def __init__(self, dataset):
        self.dataset = dataset

    def __iter__(self):
        return iter(self.dataset)

    def __len__(self):
        return len(self.dataset)


@pytest.fixture(scope="module")
def model():
    model = cornu.Sequential([layers.Input((4,)), layers.Dense(2, activation="softmax")])
    model.compile(cornu.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.start = model.get_weights()
    return model


def trained(model, x, **options):
    model.set_weights(model.start)
    history = model.fit(x, verbose=0, **options).history
    return model.get_weights(), history


@pytest.mark.parametrize(
    "make",
    [
        lambda rows: rows.shuffle(90, seed=3).batch(16),
        lambda rows: rows.shuffle(7, seed=3).repeat(2).batch(16),
        lambda rows: rows.map(lambda x, y: (x * 2, y)).shuffle(20, seed=1).batch(16, drop_remainder=True),
        lambda rows: rows.batch(15).shuffle(6, seed=1),
        lambda rows: rows.batch(16, drop_remainder=True).shuffle(3, seed=4).repeat(2).prefetch(data.AUTOTUNE),
        lambda rows: rows.filter(lambda x, y: y > 0).batch(16),
        lambda rows: rows.skip(3).take(60).cache().shuffle(60, seed=2).batch(7),
    ],
)
def test_rows_in_memory_and_streams_train_alike(model, make):
    rows = Dataset.from_tensor_slices((X, Y))
    (fast, a), (slow, b) = trained(model, make(rows), epochs=2), trained(model, Stream(_counted(make(rows))), epochs=2)
    for one, other in zip(fast, slow, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-6, atol=1e-7)
    np.testing.assert_allclose(a["loss"], b["loss"], rtol=1e-5)


def _counted(dataset):
    if int(dataset.cardinality()) >= 0:
        return dataset
    return dataset.apply(data.experimental.assert_cardinality(sum(1 for _ in dataset)))


def test_which_datasets_are_trained_on_as_arrays():
    rows = Dataset.from_tensor_slices((X, Y))
    for dataset in (rows.batch(16), rows.shuffle(9).batch(16).prefetch(1), rows.map(lambda x, y: (x + 1, y)).batch(16)):
        assert isinstance(adapt(dataset), ArrayData)
    for dataset in (
        rows.batch(16).repeat(2),  # a smaller batch in the middle
        rows.batch(16).map(lambda x, y: (x, y)),
        rows.map(lambda x, y: (x.numpy(), y)).batch(16),
        Dataset.from_generator(lambda: iter([(X, Y)]), output_types=("float32", "int32")),
    ):
        assert isinstance(adapt(dataset), StreamData)


def test_every_epoch_has_an_order_of_its_own():
    found = adapt(Dataset.from_tensor_slices((X, Y)).shuffle(90, seed=1).batch(16))
    first = found.order((7, 0))
    assert found.order((7, 0)) is first
    second = found.order((7, 1))
    assert sorted(first) == sorted(second) == list(range(90))
    assert first.tolist() != second.tolist()
    state = found.state()
    third = found.order((7, 2))
    again = adapt(Dataset.from_tensor_slices((X, Y)).shuffle(90, seed=8).batch(16))
    again.restore(state, middle=False)
    assert again.order((7, 2)).tolist() == third.tolist()
    again.restore(state, middle=True)
    assert again.order((7, 1)).tolist() == second.tolist()


def test_validation_evaluate_and_predict(model):
    batches = Dataset.from_tensor_slices((X, Y)).batch(16)
    _, history = trained(model, batches, validation_data=batches)
    np.testing.assert_allclose(history["val_loss"][0], model.evaluate(X, Y, verbose=0)[0], rtol=1e-5)
    np.testing.assert_allclose(model.evaluate(batches, verbose=0), model.evaluate(X, Y, verbose=0), rtol=1e-5)
    only_x = Dataset.from_tensor_slices(X).batch(16)
    np.testing.assert_allclose(model.predict(only_x, verbose=0), model.predict(X, verbose=0), rtol=1e-5)
    np.testing.assert_allclose(model.predict(batches, verbose=0), model.predict(X, verbose=0), rtol=1e-5)


def test_repeated_datasets_need_a_number_of_steps(model):
    forever = Dataset.from_tensor_slices((X, Y)).shuffle(90).batch(16).repeat()
    with pytest.raises(ValueError, match="steps_per_epoch"):
        model.fit(forever, verbose=0)
    _, history = trained(model, forever, steps_per_epoch=4, epochs=2)
    assert len(history["loss"]) == 2


@pytest.mark.parametrize("make", [lambda rows: rows.shuffle(30, seed=2).repeat().batch(16),
                                  lambda rows: rows.repeat().batch(16).shuffle(3, seed=2)])  # fmt: skip
def test_endless_datasets_go_on_where_the_last_epoch_ended(model, make):
    rows = Dataset.from_tensor_slices((X, Y))
    dataset, options = make(rows), {"steps_per_epoch": 4, "epochs": 3}
    (fast, _), (slow, _) = trained(model, dataset, **options), trained(model, iter(make(rows)), **options)
    np.testing.assert_allclose(fast[0], slow[0], rtol=1e-5)


def test_the_place_in_an_endless_dataset_can_be_kept():
    rows = Dataset.from_tensor_slices((X, Y)).shuffle(30, seed=2).repeat().batch(16)
    found = adapt(rows, steps=4)
    assert isinstance(found, ArrayData)
    orders = [found.order((7, epoch)).tolist() for epoch in range(2)]
    state = found.state()
    orders.append(found.order((7, 2)).tolist())
    again = adapt(Dataset.from_tensor_slices((X, Y)).shuffle(30, seed=5).repeat().batch(16), steps=4)
    again.restore(state, middle=True)
    assert [again.order((7, epoch)).tolist() for epoch in (1, 2)] == orders[1:]
    assert isinstance(
        adapt(Dataset.from_tensor_slices((X, Y)).repeat().filter(lambda x, y: y > 0).batch(4), steps=2), ArrayData
    )


def test_batch_size_is_the_datasets(model):
    forever = Dataset.from_tensor_slices((X, Y)).batch(16).repeat()
    with pytest.raises(ValueError, match="batch_size"):
        model.fit(forever, steps_per_epoch=2, batch_size=4, verbose=0)


def test_class_weight(model):
    weights = {0: 1.0, 1: 5.0}
    batches = Dataset.from_tensor_slices((X, Y)).batch(16)
    (fast, _), (slow, _) = (
        trained(model, batches, class_weight=weights),
        trained(model, X, y=Y, batch_size=16, shuffle=False, class_weight=weights),
    )
    np.testing.assert_allclose(fast[0], slow[0], rtol=1e-5)


def test_python_maps_train(model):
    batches = Dataset.from_tensor_slices((X, Y)).map(lambda x, y: (x.numpy() * 2, y)).batch(16)
    (found, _), (expected, _) = trained(model, batches), trained(model, 2 * X, y=Y, batch_size=16, shuffle=False)
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-5)


def test_an_error_in_a_map_ends_fit_with_its_place(model):
    def fails(x, y):
        if float(x[0]) == X[40, 0]:
            raise RuntimeError("bad row")
        return x, y

    with pytest.raises(RuntimeError, match="bad row") as caught:
        model.fit(Dataset.from_tensor_slices((X, Y)).map(fails).batch(16), verbose=0)
    assert any("element 40" in note for note in caught.value.__notes__)


class Interrupt(cornu.callbacks.Callback):
    """Ctrl-C after some batches."""

    def __init__(self, after):
        super().__init__()
        self.left = after

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    "make",
    [
        lambda rows: rows.shuffle(30).batch(16),
        lambda rows: rows.shuffle(30).map(lambda x, y: (x.numpy(), y)).batch(16).prefetch(2),
    ],
)
def test_an_interrupted_run_is_finished_as_if_it_had_not_been(model, make, tmp_path):
    def run(*callbacks, seed=1):
        cornu.utils.set_random_seed(seed)
        model.set_weights(model.start)
        model.fit(make(Dataset.from_tensor_slices((X, Y))), epochs=3, verbose=0, callbacks=list(callbacks))
        return model.get_weights()

    expected = run()
    backup = cornu.callbacks.BackupAndRestore(tmp_path / "backup", save_freq=2)
    with pytest.raises(KeyboardInterrupt, match="^$"):
        run(Interrupt(9), backup)
    found = run(cornu.callbacks.BackupAndRestore(tmp_path / "backup", save_freq=2), seed=5)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)

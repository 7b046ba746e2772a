"""An interrupted run that goes on from its backup ends with the bits of one that was not interrupted."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.system import resume_workloads as workloads
from tests.system.resume_workloads import AtBatch, Restartable, compiled, rows, train

import cornu as keras
from cornu import layers
from cornu._base.errors import DataLossError, InvalidArgumentError
from cornu.callbacks import BackupAndRestore, Callback, CSVLogger, LambdaCallback, ModelCheckpoint

BATCHES = 24  # of a whole run


class Stop(Exception):
    pass


def stop():
    raise Stop("here")


def interrupted(model, data, backup, number, extra=()):
    with pytest.raises(Stop, match="here"):
        train(model, data, backup, [*extra, AtBatch(number, stop)])


def assert_equal(result, expected):
    assert len(result) == len(expected)
    for a, b in zip(result, expected, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)


@pytest.fixture(scope="module")
def mlp():
    return Restartable("mlp")


@pytest.fixture(scope="module")
def whole_runs():
    """The results of runs that nobody interrupts."""
    done = {}

    def result(name, data):
        if (name, data) not in done:
            done[name, data] = train(compiled(name), data)
        return done[name, data]

    return result


@pytest.mark.parametrize(
    ("name", "data", "save_freq", "number"),
    [("mlp", "arrays", 1, 9), ("mlp", "pydataset", "epoch", 13), ("cnn", "arrays", 4, 7), ("cnn", "pydataset", 5, 17)],
)
def test_a_new_model_goes_on(name, data, save_freq, number, whole_runs, tmp_path):
    interrupted(compiled(name), data, BackupAndRestore(tmp_path, save_freq), number)
    batches = []
    count = LambdaCallback(on_train_batch_end=lambda batch, logs: batches.append(batch))
    # Nothing of the new model counts, neither its first weights nor its seeds.
    resumed = train(compiled(name, seed=99), data, BackupAndRestore(tmp_path, save_freq), [count])
    assert_equal(resumed, whole_runs(name, data))
    every = 6 if save_freq == "epoch" else save_freq
    assert len(batches) == BATCHES - (number - 1) // every * every
    assert not list(tmp_path.glob("*"))


@pytest.mark.parametrize("data", ["arrays", "dataset", "pydataset"])
@pytest.mark.parametrize(("save_freq", "number"), [(1, 2), (1, 24), (3, 5), (6, 6), (6, 7), ("epoch", 24)])
def test_wherever_it_was_interrupted(data, save_freq, number, mlp, whole_runs, tmp_path):
    interrupted(mlp.as_at_first(), data, BackupAndRestore(tmp_path, save_freq), number)
    is_saved = number > (6 if save_freq == "epoch" else save_freq)
    assert (tmp_path / "backup.cornu").exists() == is_saved
    model = mlp.scrambled() if is_saved else mlp.as_at_first()
    assert_equal(train(model, data, BackupAndRestore(tmp_path, save_freq)), whole_runs("mlp", data))


def run_process(*arguments, seconds=100):
    script = Path(workloads.__file__)
    environment = {**os.environ, "PYTHONPATH": str(script.parents[2] / "src")}
    command = [sys.executable, str(script), *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=False)


def killed_and_resumed(name, data, kills, folder):
    """The result of a run whose processes die by `kill -9` after so many batches, and are started again."""
    for number in kills:
        died = run_process(name, data, folder / "backup", folder / "none", number)
        assert died.returncode == -signal.SIGKILL, died.stderr
    done = run_process(name, data, folder / "backup", folder / "result.npz")
    assert done.returncode == 0, done.stderr
    with np.load(folder / "result.npz") as arrays:
        return list(arrays.values())


@pytest.mark.parametrize(("name", "data", "number"), [("mlp", "arrays", 10), ("cnn", "pydataset", 15)])
def test_kill_9(name, data, number, whole_runs, tmp_path):
    assert_equal(killed_and_resumed(name, data, [number], tmp_path), whole_runs(name, data))


@pytest.mark.slow
@pytest.mark.parametrize("data", ["arrays", "dataset", "pydataset"])
@pytest.mark.parametrize("name", ["mlp", "cnn", "lstm"])
def test_random_kills(name, data, whole_runs, tmp_path):
    """50 kills over all models and data; some runs are killed more than once."""
    chance = random.Random(f"{name} {data}")
    rest = 6 if (name, data) != ("lstm", "pydataset") else 2
    run = 0
    while rest:
        kills = sorted(chance.sample(range(1, BATCHES + 1), min(rest, chance.choice([1, 1, 2]))))
        rest -= len(kills)
        if chance.random() < 0.5:  # only the last one: the run may get past the next number meanwhile
            kills[-1] = f"{kills[-1]}+{chance.uniform(0, 0.02):.6f}"
        run += 1
        (folder := tmp_path / str(run)).mkdir()
        assert_equal(killed_and_resumed(name, data, kills, folder), whole_runs(name, data))


def test_resume_begins_in_an_empty_folder_and_stays_at_the_end(tmp_path, whole_runs):
    folder = tmp_path / "new" / "backup"
    x, y = rows()
    arguments = {"batch_size": 16, "verbose": 0, "validation_split": 0.2, "resume": folder}
    expected = compiled("mlp").fit(x, y, epochs=4, **{**arguments, "resume": None}).history
    assert compiled("mlp").fit(x, y, epochs=2, **arguments).history["loss"] == expected["loss"][:2]
    model = compiled("mlp", seed=99)
    assert model.fit(x, y, epochs=4, **arguments).history == expected
    weights = model.get_weights()
    again = compiled("mlp", seed=99)
    history = again.fit(x, y, epochs=4, **arguments)  # nothing is left to do
    assert history.history == expected
    assert history.epoch == [0, 1, 2, 3]
    assert_equal(again.get_weights(), weights)


def test_an_interrupted_model_itself_goes_on(tmp_path, whole_runs):
    model = compiled("mlp")
    interrupted(model, "arrays", BackupAndRestore(tmp_path, 3), 8)
    assert_equal(train(model, "arrays", BackupAndRestore(tmp_path, 3)), whole_runs("mlp", "arrays"))


def generated():
    x, y = rows()
    for start in range(10**6):
        yield x[start % 40 :][:8], y[start % 40 :][:8]


def listed():
    x, y = rows()

    class Loader:
        def __iter__(self):
            return ((x[i : i + 8], y[i : i + 8]) for i in range(0, 48, 8))

    return Loader()


def streamed():
    """A dataset that is no rows in memory: its iterators tell their state."""
    from cornu.data import Dataset, TensorSpec

    x, y = rows()
    spec = TensorSpec((6, 6), "float32"), TensorSpec((), "int32")
    return Dataset.from_generator(lambda: zip(x, y, strict=True), output_signature=spec).shuffle(20).batch(8)


STREAMS = {
    "generator": (generated, {"steps_per_epoch": 4}),
    "loader": (listed, {}),
    "dataset from a generator": (streamed, {}),
    "loader with steps": (lambda: [listed()][0], {"steps_per_epoch": 3}),
    "host arrays": (None, {"batch_size": 8, "steps_per_epoch": 9}),
    "workers": (lambda: workloads.Batches(workers=2), {"steps_per_epoch": 4}),
}


@pytest.mark.parametrize("name", STREAMS)
def test_other_data(name, mlp, tmp_path, monkeypatch):
    make, options = STREAMS[name]
    monkeypatch.setattr("cornu.training.loop.device_budget", lambda: 0)
    if name == "workers":  # threads that share one generator have no order: no noise then
        monkeypatch.setattr(np.random, "normal", lambda **options: np.zeros(options["size"]))
    x, y = rows()

    def fit(model, *callbacks):
        data = (make(),) if make else (x, y)
        history = model.fit(*data, epochs=3, verbose=0, callbacks=list(callbacks), **options)
        return workloads.outcome(model, history)

    with pytest.raises(Stop, match="here"):
        fit(mlp.as_at_first(), BackupAndRestore(tmp_path, 1), AtBatch(8, stop))
    resumed = fit(mlp.scrambled(), BackupAndRestore(tmp_path, 1))
    assert_equal(resumed, fit(mlp.as_at_first()))


def test_callbacks_remember(mlp, tmp_path):
    class Own(Callback):
        def __init__(self):
            super().__init__()
            self.total = 0

        def on_epoch_end(self, epoch, logs=None):
            self.total += epoch

        def state(self):
            return {"total": self.total, "array": np.arange(2)}

        def restore(self, state):
            assert state["array"].tolist() == [0, 1]
            self.total = state["total"]

    def callbacks():
        return [
            BackupAndRestore(tmp_path / "b"),
            Own(),
            CSVLogger(tmp_path / "log.csv"),
            ModelCheckpoint(tmp_path / "best.weights.h5", save_best_only=True, save_weights_only=True),
            keras.callbacks.EarlyStopping(patience=9, restore_best_weights=True),
        ]

    x, y = rows()

    def fit(model, *callbacks):
        options = {"epochs": 5, "verbose": 0, "batch_size": 8, "validation_data": (x[:8], y[:8])}
        model.fit(x, y, callbacks=list(callbacks), **options)

    whole = callbacks()[1:]
    fit(mlp.as_at_first(), *whole)
    expected = (tmp_path / "log.csv").read_bytes()
    (tmp_path / "log.csv").write_text("what was there before")
    with pytest.raises(Stop, match="here"):
        fit(mlp.as_at_first(), *callbacks(), LambdaCallback(on_epoch_end=lambda epoch, logs: epoch == 3 and stop()))
    assert (tmp_path / "log.csv").read_bytes().count(b"\n") == 5  # a row that the backup does not know
    resumed = callbacks()
    fit(mlp.scrambled(), *resumed)
    assert (tmp_path / "log.csv").read_bytes() == expected
    for a, b in zip(resumed[1:], whole, strict=True):
        for name in ("total", "best", "wait", "best_epoch"):
            assert getattr(a, name, None) == getattr(b, name, None)
    assert_equal(resumed[-1].best_weights, whole[-1].best_weights)


def test_variables_that_turn_up_in_user_code(tmp_path):
    """Counters in no layer, and an optimizer that nobody built, are part of the backup."""
    x, y = rows()

    class Own(keras.Sequential):
        def train_step(self, batch):
            inputs, targets = batch
            with keras.GradientTape() as tape:
                loss = self.compute_loss(y=targets, y_pred=self(inputs, training=True))
            self.second.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
            count.assign_add(1.0)
            return {"loss": loss, "count": count.value}

    def fit(seed, *callbacks):
        nonlocal count
        keras.utils.set_random_seed(seed)
        count = keras.Variable(0.0, trainable=False)
        model = Own([layers.Flatten(), layers.Dense(3)])
        model.compile(loss="sparse_categorical_crossentropy")
        model.second = keras.optimizers.Adam(0.1)
        history = model.fit(x, y, batch_size=16, epochs=3, verbose=0, callbacks=list(callbacks)).history
        return [*model.get_weights(), history["loss"], count.numpy()]

    count = None
    expected = fit(3)
    with pytest.raises(Stop, match="here"):
        fit(3, BackupAndRestore(tmp_path, 1), AtBatch(5, stop))
    resumed = fit(4, BackupAndRestore(tmp_path, 1))
    assert resumed[-1] == expected[-1] == 9
    for a, b in zip(resumed, expected, strict=True):
        np.testing.assert_array_equal(a, b)


def test_backups_do_not_slow_the_loop_down_to_single_batches(tmp_path, monkeypatch):
    from cornu.training.programs import LoopProgram

    counts = []
    call = LoopProgram.__call__
    monkeypatch.setattr(LoopProgram, "__call__", lambda self, *args: counts.append(args[-1]) or call(self, *args))
    x, y = rows()
    model = compiled("mlp")
    model.steps_per_execution = 4
    model.fit(x, y, epochs=1, verbose=0, batch_size=4, callbacks=[BackupAndRestore(tmp_path, 6)])
    assert counts == [4, 2, 4, 2]


OTHERS = [
    ("another layer", lambda: compiled("cnn"), {}, "variables of the model; in this one there are"),
    ("wider", lambda: wider(), {}, r"in which .*kernel.* had shape \(36, 9\), float32; in this one it has \(36, 7\)"),
    ("optimizer", lambda: with_optimizer("sgd"), {}, "with the optimizer Adam; in this one the optimizer is SGD"),
    (
        "metrics",
        lambda: with_optimizer("adam", metrics=[]),
        {},
        "with 4 variables of the metrics; in this one there are 2",
    ),
    ("batch size", lambda: compiled("mlp"), {"batch_size": 5}, "rows 48, batch size 8; in this one .* batch size 5"),
]


def with_optimizer(optimizer, metrics=("accuracy", "mse")):
    model = compiled("mlp")
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=list(metrics))
    return model


def wider():
    model = keras.Sequential(
        [keras.Input((6, 6)), layers.Flatten(), layers.Dense(7), layers.Dropout(0.4), layers.Dense(3)]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@pytest.fixture(scope="module")
def backup(tmp_path_factory):
    folder = tmp_path_factory.mktemp("backup")
    interrupted(compiled("mlp"), "arrays", BackupAndRestore(folder, 2), 4)
    return folder / "backup.cornu"


@pytest.mark.parametrize(("model", "options", "match"), [case[1:] for case in OTHERS], ids=[case[0] for case in OTHERS])
def test_a_backup_of_another_run_is_refused(model, options, match, backup):
    x, y = rows()
    model = model()
    before = model.get_weights()
    with pytest.raises(InvalidArgumentError, match=f"backup.cornu is of a run .*{match}"):
        model.fit(x, y, verbose=0, **{"batch_size": 8, **options}, callbacks=[BackupAndRestore(backup.parent)])
    assert_equal(model.get_weights(), before)


def test_a_damaged_backup_is_named_and_the_model_stays_usable(backup, tmp_path):
    x, y = rows()
    whole = backup.read_bytes()
    damaged = tmp_path / "backup.cornu"
    for data in (
        whole[:100],
        whole[: len(whole) // 2],
        whole[:-30],
        b"",
        whole.replace(b"cornu state 1", b"cornu state 9"),
    ):
        damaged.write_bytes(data)
        model = compiled("mlp")
        before = model.get_weights()
        with pytest.raises(
            DataLossError, match=r"The backup .*backup.cornu cannot be read \(.*\) Delete it to start anew"
        ):
            model.fit(x, y, batch_size=8, verbose=0, resume=tmp_path)
        assert_equal(model.get_weights(), before)
        assert np.isfinite(model.evaluate(x, y, verbose=0)).all()
    damaged.unlink()
    assert len(model.fit(x, y, batch_size=8, verbose=0, resume=tmp_path).epoch) == 1


def test_the_backup_before_the_last_one(tmp_path, whole_runs):
    interrupted(compiled("mlp"), "arrays", BackupAndRestore(tmp_path, 3, double_checkpoint=True), 8)
    path = tmp_path / "backup.cornu"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.warns(UserWarning, match=r"backup.cornu is damaged; training goes on from .*previous.cornu"):
        resumed = train(compiled("mlp", 99), "arrays", BackupAndRestore(tmp_path, 3, double_checkpoint=True))
    assert_equal(resumed, whole_runs("mlp", "arrays"))
    assert not list(tmp_path.glob("*"))


@pytest.mark.parametrize("freq", ["batch", 0, -1, 1.5, True])
def test_unknown_frequency(freq):
    with pytest.raises(InvalidArgumentError, match="save_freq to be 'epoch', a positive number of batches, or False"):
        BackupAndRestore("b", save_freq=freq)


def test_two_backups_and_no_folder(tmp_path):
    with pytest.raises(InvalidArgumentError, match="Empty `backup_dir` argument passed"):
        BackupAndRestore("")
    x, y = rows()
    with pytest.raises(
        InvalidArgumentError, match="resume=.* or a BackupAndRestore among the callbacks; received both"
    ):
        compiled("mlp").fit(x, y, resume=tmp_path, callbacks=[BackupAndRestore(tmp_path)])


def test_validation_data_that_nobody_has_used_yet(mlp, tmp_path):
    """A shuffled validation set is gone through in the same order, also if the interruption came before its first pass."""
    from cornu.data import Dataset

    x, y = rows()

    def fit(model, *callbacks):
        validation = Dataset.from_tensor_slices((x[:16], y[:16])).shuffle(16).batch(8)
        history = model.fit(
            x, y, batch_size=8, epochs=2, verbose=0, validation_data=validation, callbacks=list(callbacks)
        )
        return workloads.outcome(model, history)

    with pytest.raises(Stop, match="here"):
        fit(mlp.as_at_first(), BackupAndRestore(tmp_path, 2), AtBatch(4, stop))
    resumed = fit(mlp.scrambled(), BackupAndRestore(tmp_path, 2))
    assert_equal(resumed, fit(mlp.as_at_first()))


def test_a_data_set_with_a_state_of_its_own(mlp, tmp_path):
    class Own(workloads.Batches):
        made = ()  # no attribute that could be found by looking

        def __getitem__(self, index):
            self.made = (*self.made, index)
            inputs, targets = super().__getitem__(index)
            return inputs + np.float32(0.01 * len(self.made)), targets

        def state(self):
            return {"made": list(self.made), "order": self.order}

        def restore(self, state):
            self.made, self.order = tuple(state["made"]), state["order"].copy()

    def fit(model, *callbacks):
        history = model.fit(Own(), epochs=3, verbose=0, callbacks=list(callbacks))
        return workloads.outcome(model, history)

    with pytest.raises(Stop, match="here"):
        fit(mlp.as_at_first(), BackupAndRestore(tmp_path, 2), AtBatch(9, stop))
    resumed = fit(mlp.scrambled(), BackupAndRestore(tmp_path, 2))
    assert_equal(resumed, fit(mlp.as_at_first()))

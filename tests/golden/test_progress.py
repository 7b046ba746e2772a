"""Progress bars print what Keras prints, character by character."""

import io
import json
import pathlib

import cases_progress as cases
import pytest

from cornu.callbacks import CallbackList
from cornu.training import progress
from cornu.training.progress import Progbar

RECORDED = json.loads(pathlib.Path(__file__).with_name("progress.json").read_text())


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    time = [cases.START]
    monkeypatch.setattr(progress, "now", lambda: time[0])
    return time


@pytest.mark.parametrize(("style", "name"), [(s, n) for s in ("keras3", "tf2") for n in RECORDED[s]])
def test_bar(style, name, clock, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    arguments, reports = cases.CASES[name]
    bar = Progbar(**arguments, style=style)
    for seconds, current, values, finalize in reports:
        clock[0] = cases.START + seconds
        bar.update(current, list(values.items()), finalize=finalize)
    assert terminal.getvalue() == RECORDED[style][name]


class Model:
    stop_training = False


@pytest.mark.parametrize("name", RECORDED["runs"])
@pytest.mark.parametrize("per_batch", [False, True], ids=["progress", "hooks"])
def test_run(name, per_batch, clock, monkeypatch):
    mode, epochs, steps, verbose = cases.RUNS[name]
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    callbacks = CallbackList(
        None, add_history=True, add_progbar=True, model=Model(), epochs=epochs, steps=steps, verbose=verbose
    )
    assert not any(callbacks.listens_to_batches(kind) for kind in ("train", "test", "predict"))

    def tick(seconds):
        clock[0] += seconds

    def told_by_hooks(kind, done, logs):
        getattr(callbacks.progbar, f"on_{kind}_batch_end")(done - 1, logs)

    cases.drive(callbacks, mode, epochs, tick, told_by_hooks if per_batch else callbacks.on_progress)
    assert terminal.getvalue() == RECORDED["runs"][name]


def test_off_a_terminal_one_plain_line_per_epoch(clock, monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stdout", stream)
    callbacks = CallbackList(add_progbar=True, model=Model(), epochs=2, steps=2, verbose="auto")

    def tick(seconds):
        clock[0] += seconds

    cases.drive(callbacks, "train", 2, tick, callbacks.on_progress)
    line = (
        "2/2 ━━━━━━━━━━━━━━━━━━━━ 1s 500ms/step - acc: 2.0000 - loss: 2.0000 - zeta: 2.0000"
        " - val_acc: 4.0000 - val_loss: 4.0000 - val_zeta: 4.0000\n"
    )
    assert stream.getvalue() == f"Epoch 1/2\n{line}Epoch 2/2\n{line}"

"""Who is called when, and when the loop must come back to Python."""

import pytest

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.callbacks import Callback, CallbackList, History, LambdaCallback, ProgbarLogger, TerminateOnNaN


class Model:
    stop_training = False


class Recorder(Callback):
    """Overrides every hook."""


HOOKS = [f"on_{mode}_{moment}" for mode in ("train", "test", "predict") for moment in ("begin", "end")]
BATCH_HOOKS = [f"on_{mode}_batch_{moment}" for mode in ("train", "test", "predict") for moment in ("begin", "end")]
for _hook in (*HOOKS, *BATCH_HOOKS, "on_epoch_begin", "on_epoch_end"):
    setattr(Recorder, _hook, lambda self, *args, _hook=_hook: self.calls.append((_hook, *args)))


@pytest.fixture
def recorder():
    recorder = Recorder()
    recorder.calls = []
    return recorder


def test_every_hook_reaches_the_callback_with_its_arguments(recorder):
    runs = CallbackList(recorder)
    for hook in HOOKS:
        getattr(runs, hook)({"loss": 1.0})
    for hook in (*BATCH_HOOKS, "on_epoch_begin", "on_epoch_end"):
        getattr(runs, hook)(3)
    expected = [(hook, {"loss": 1.0}) for hook in HOOKS]
    expected += [(hook, 3, {}) for hook in (*BATCH_HOOKS, "on_epoch_begin", "on_epoch_end")]
    assert recorder.calls == expected


def test_older_names_of_the_batch_hooks():
    calls = []

    class Old(Callback):
        def on_batch_begin(self, batch, logs=None):
            calls.append(("begin", batch, logs))

        def on_batch_end(self, batch, logs=None):
            calls.append(("end", batch, logs))

    runs = CallbackList([Old()])
    assert runs.listens_to_batches("train") and not runs.listens_to_batches("test")
    runs.on_train_batch_begin(0)
    runs.on_train_batch_end(0, {"loss": 1})
    runs.on_batch_end(1, {})
    assert calls == [("begin", 0, {}), ("end", 0, {"loss": 1}), ("end", 1, {})]


def overriding(hook):
    return type("Mine", (Callback,), {hook: lambda self, *args: None})()


LISTENERS = [
    (lambda: None, ()),
    (lambda: [History(), ProgbarLogger()], ()),
    (lambda: overriding("on_epoch_end"), ()),
    (lambda: overriding("on_train_batch_end"), ("train",)),
    (lambda: overriding("on_batch_begin"), ("train",)),
    (lambda: [overriding("on_test_batch_begin"), overriding("on_predict_batch_end")], ("test", "predict")),
    (lambda: LambdaCallback(on_epoch_end=print), ()),
    (lambda: LambdaCallback(on_train_batch_end=print), ("train",)),
    (lambda: LambdaCallback(on_batch_end=print), ("train",)),
    (lambda: LambdaCallback(on_test_batch_end=print), ("test",)),
    (TerminateOnNaN, ("train",)),
    (lambda: type("Louder", (ProgbarLogger,), {"on_train_batch_end": print})(), ("train",)),
]


@pytest.mark.parametrize(("make", "modes"), LISTENERS)
def test_listens_to_batches(make, modes):
    runs = CallbackList(make(), add_history=True, add_progbar=True)
    assert tuple(mode for mode in ("train", "test", "predict") if runs.listens_to_batches(mode)) == modes


def test_an_object_that_only_has_some_hooks():
    class Duck:
        seen = ()

        def on_epoch_end(self, epoch, logs):
            self.seen += (epoch,)

    duck = Duck()
    runs = CallbackList([duck], model=Model(), epochs=1)
    runs.on_train_begin()
    runs.on_epoch_end(2, {})
    assert duck.seen == (2,) and not runs.listens_to_batches("train")


def test_what_is_added_and_handed_over():
    model, mine = Model(), Callback()
    runs = CallbackList([[mine], ()], add_history=True, add_progbar=True, model=model, verbose=2, epochs=3, steps=7)
    assert [type(each) for each in runs.callbacks] == [Callback, History, ProgbarLogger]
    assert mine.model is model is runs.model and mine.params == {"verbose": 2, "epochs": 3, "steps": 7} == runs.params
    assert model.history is runs.history
    assert (runs.progbar.verbose, runs.progbar.epochs, runs.progbar.target) == (2, 3, 7)
    history = History()
    assert CallbackList(history, add_history=True).callbacks == [history]
    assert CallbackList(CallbackList([history])).callbacks == [history]
    assert CallbackList().callbacks == [] and CallbackList().history is None


def test_a_callback_without_super_init():
    class Bare(Callback):
        def __init__(self):
            self.mine = 1

    bare = Bare()
    assert bare.model is None and bare.params is None
    CallbackList([bare], model=(model := Model()), epochs=1)
    assert bare.model is model and bare.params == {"epochs": 1}


REFUSED = [
    ([3], InvalidTypeError, "received 3 of type int. Wrap a function in LambdaCallback"),
    ([lambda: 1], InvalidTypeError, "of type function"),
    ([History], InvalidTypeError, r"received the class History. Write History\(\.\.\.\)"),
]


@pytest.mark.parametrize(("callbacks", "error", "match"), REFUSED)
def test_refused(callbacks, error, match):
    with pytest.raises(error, match=match):
        CallbackList(callbacks)


def test_verbose_is_checked():
    with pytest.raises(InvalidArgumentError, match="verbose to be 'auto', 0, 1 or 2; received 3"):
        CallbackList(add_progbar=True, verbose=3)


def test_errors_pass_through():
    def fail(*args):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        CallbackList(LambdaCallback(on_epoch_end=fail)).on_epoch_end(0, {})


def test_history():
    history = History()
    for start in (0, 5):
        history.on_train_begin()
        history.on_epoch_end(start, {"loss": 1.0 + start})
        history.on_epoch_end(start + 1, {"loss": 2.0, "val_loss": 3.0})
    assert history.history == {"loss": [1.0, 2.0, 6.0, 2.0], "val_loss": [3.0, 3.0]}
    assert history.epoch == [5, 6]


def test_lambda_callback_keeps_other_arguments():
    callback = LambdaCallback(on_epoch_end=(hook := lambda epoch, logs: None), tag=3)
    assert callback.on_epoch_end is hook and callback.tag == 3
    assert callback.on_train_begin.__func__ is Callback.on_train_begin


def test_the_bar_reads_no_value_that_it_does_not_draw(monkeypatch, capsys):
    class Unread(dict):
        def __getitem__(self, name):
            raise AssertionError("read")

        items = values = get = __iter__ = __getitem__

    runs = CallbackList(add_progbar=True, model=Model(), epochs=1, steps=9, verbose=1)
    runs.on_train_begin()
    runs.on_epoch_begin(0)
    for step in range(9):
        runs.on_progress("train", step + 1, Unread(loss=1.0))
    runs.on_epoch_end(0, {"loss": 1.0})
    assert capsys.readouterr().out.endswith("/step - loss: 1.0000\n")

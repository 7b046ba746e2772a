"""Record the text of Keras' progress bars under a fake clock.

Run `python tests/golden/record_progress.py` in an environment with keras==3.15.0 (and tf_keras for the tf2 style).
"""

import contextlib
import io
import json
import pathlib
import time

import cases_progress as cases
import keras

clock = [cases.START]
time.time = lambda: clock[0]


def text_of(bar_class, arguments, reports):
    """What one bar prints."""
    out = io.StringIO()
    clock[0] = cases.START
    with contextlib.redirect_stdout(out):
        bar = bar_class(**arguments)
        bar._dynamic_display = True
        for seconds, current, values, finalize in reports:
            clock[0] = cases.START + seconds
            bar.update(current, list(values.items()), finalize=finalize)
    return out.getvalue()


def run_text(mode, epochs, steps, verbose):
    """What the callbacks of one run print."""
    out = io.StringIO()
    clock[0] = cases.START

    def tick(seconds):
        clock[0] += seconds

    def per_batch(kind, done, logs):
        getattr(callbacks, f"on_{kind}_batch_begin")(done - 1)
        getattr(callbacks, f"on_{kind}_batch_end")(done - 1, logs)
        time.sleep(0.02)  # Keras calls these hooks in another thread: let it see the clock as it is

    class Model:
        stop_training = False

    with contextlib.redirect_stdout(out):
        callbacks = keras.callbacks.CallbackList(
            None, add_history=True, add_progbar=True, model=Model(), epochs=epochs, steps=steps, verbose=verbose
        )
        cases.drive(callbacks, mode, epochs, tick, per_batch)
    return out.getvalue()


recorded = {
    "keras3": {name: text_of(keras.utils.Progbar, *case) for name, case in cases.CASES.items()},
    "runs": {name: run_text(*case) for name, case in cases.RUNS.items()},
}
with contextlib.suppress(ImportError):
    import tf_keras

    recorded["tf2"] = {}
    for name, case in cases.CASES.items():
        with contextlib.suppress(TypeError):  # no stateless_metrics there, and no unknown target with finalize
            recorded["tf2"][name] = text_of(tf_keras.utils.Progbar, *case)

path = pathlib.Path(__file__).with_name("progress.json")
path.write_text(json.dumps(recorded, indent=0, sort_keys=True) + "\n")

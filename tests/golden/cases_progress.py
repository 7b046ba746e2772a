"""Progress bars as tables: what is reported when. Read by the recorder and by the test.

A case is (constructor arguments, [(clock, current, values, finalize)]); the clock starts at 1000.0.
"""

START = 1000.0

RUN = [(0.4, 1, {"loss": 2.5, "acc": 0.25}, None), (0.5, 2, {"loss": 1.25, "acc": 5e-4}, None)]

CASES = {
    "short": ({"target": 3}, [*RUN, (0.75, 3, {"loss": 0.125, "acc": 1.0}, None)]),
    "two_digits": ({"target": 12}, [*RUN, (1.5, 3, {"loss": -0.5}, None), (7.75, 12, {"loss": 0.0}, None)]),
    "throttled": ({"target": 12, "interval": 0.3}, [*RUN, (0.72, 3, {"loss": 0.5}, None), (8.0, 12, {}, None)]),
    "stateful": ({"target": 5, "stateful_metrics": ["loss"]}, [*RUN, (0.75, 3, {"loss": 4.0, "acc": 1.0}, None)]),
    "stateless": ({"target": 5, "stateless_metrics": ["acc"]}, [*RUN, (0.75, 3, {"loss": 4.0, "acc": 1.0}, None)]),
    "finalized_early": ({"target": 5}, [*RUN, (0.75, 2, {"loss": 4.0, "acc": 1.0}, True)]),
    "finalized_late": ({"target": 3}, [*RUN, (0.75, 3, {"loss": 4.0}, False), (0.9, 3, {"val_loss": 2.0}, True)]),
    "unknown": ({"target": None}, [*RUN, (70.25, 3, {"loss": 0.125}, None), (71.0, 3, {"loss": 0.5}, True)]),
    "eta_seconds": ({"target": 1000}, [(0.5, 10, {"x": 1.0}, None), (5.0, 100, {}, None), (40.4, 1000, {}, None)]),
    "eta_minutes": ({"target": 1000}, [(8.0, 10, {"x": 1.0}, None), (9.0, 100, {}, None), (80.0, 1000, {}, None)]),
    "eta_hours": ({"target": 1000}, [(61.0, 10, {"x": 1.0}, None), (3700.0, 100, {}, None), (9e4, 1000, {}, None)]),
    "microseconds": ({"target": 4}, [(5e-5, 1, {}, None), (0.06, 2, {}, None), (0.0605, 4, {}, None)]),
    "large": ({"target": 100000}, [(0.25, 1, {}, None), (0.5, 50000, {}, None), (0.75, 100000, {}, None)]),
    "narrow": ({"target": 10, "width": 10, "unit_name": "sample"}, [(0.5, 2, {"l": 1e10}, None), (2.0, 10, {}, None)]),
    "not_finite": ({"target": 2}, [(0.5, 1, {"a": float("nan")}, None), (1.0, 2, {"a": float("inf")}, None)]),
    "summary": ({"target": 3, "verbose": 2}, [*RUN, (0.75, 3, {"loss": -0.5, "acc": 1.0}, None)]),
    "summary_long": ({"target": 30, "verbose": 2}, [*RUN, (75.0, 30, {"loss": 1e-3, "acc": 1.001e-3}, None)]),
    "silent": ({"target": 3, "verbose": 0}, [*RUN, (0.75, 3, {"loss": 0.125}, None)]),
}

# What a training loop reports: mode, number of epochs, steps it knows of, steps it does, verbose.
RUNS = {
    f"{mode}_{steps}_{verbose}": (mode, epochs, steps, verbose)
    for mode, epochs in (("train", 2), ("train1", 1), ("test", 1), ("predict", 1))
    for steps in (2, None, 5)
    for verbose in (0, 1, 2)
}


def drive(callbacks, mode, epochs, tick, progress):
    """Call the hooks of one run of two steps; `tick(seconds)` moves the clock; `progress(mode, done, logs)` a step."""

    def logs(value, prefix=""):
        return {prefix + name: value for name in ("loss", "zeta", "acc")}

    def steps(kind):
        for i in range(2):
            tick(0.25)
            progress(kind, i + 1, {} if kind == "predict" else logs(0.5))

    if not mode.startswith("train"):
        getattr(callbacks, f"on_{mode}_begin")()
        steps(mode)
        tick(0.25)
        getattr(callbacks, f"on_{mode}_end")(*([] if mode == "predict" else [logs(3.0)]))
        return
    callbacks.on_train_begin()
    for epoch in range(epochs):
        callbacks.on_epoch_begin(epoch)
        steps("train")
        callbacks.on_test_begin()
        callbacks.on_test_end(logs(9.0))
        tick(0.25)
        callbacks.on_epoch_end(epoch, {**logs(2.0), **logs(4.0, "val_")})
    callbacks.on_train_end(logs(2.0))

"""Methods of models that programs for Keras 1 and 2 call; today's `fit`, `evaluate` and `predict` do their work."""

import itertools
from collections.abc import Iterator
from typing import Any

import jax
import numpy as np

from cornu._base.errors import InvalidTypeError
from cornu._base.suggest import did_you_mean

# Keras 1's names of what Keras 2 renamed; the counts of samples (`samples_per_epoch`) become counts of batches.
_KERAS_1 = {
    "nb_epoch": "epochs",
    "max_q_size": "max_queue_size",
    "nb_worker": "workers",
    "pickle_safe": "use_multiprocessing",
}
_COUNTS = ("samples_per_epoch", "nb_val_samples", "val_samples")


class GeneratorMethods:
    """`fit_generator`, `evaluate_generator`, `predict_generator`, `predict_classes` and `predict_proba`."""

    def fit_generator(
        self: Any, generator: Any, steps_per_epoch: int | None = None, epochs: int = 1, **options: Any
    ) -> Any:
        """`fit` on batches from a generator, Sequence or dataset. Keras 1's names are taken too.

        Raises: InvalidTypeError on an unknown argument. Source: Model.fit_generator of Keras 2.
        """
        counts = _keras_1_names("fit_generator", options)
        if "samples_per_epoch" in counts:
            generator, steps_per_epoch = _in_batches(generator, counts["samples_per_epoch"])
        if "nb_val_samples" in counts:
            options["validation_data"], options["validation_steps"] = _in_batches(
                options.get("validation_data"), counts["nb_val_samples"]
            )
        return self.fit(generator, **{"steps_per_epoch": steps_per_epoch, "epochs": epochs, **options})

    def evaluate_generator(self: Any, generator: Any, steps: int | None = None, **options: Any) -> Any:
        """`evaluate` on batches from a generator, Sequence or dataset. Source: Model.evaluate_generator of Keras 2."""
        counts = _keras_1_names("evaluate_generator", options)
        if "val_samples" in counts:
            generator, steps = _in_batches(generator, counts["val_samples"])
        return self.evaluate(generator, **{"steps": steps, "verbose": 0, **options})

    def predict_generator(self: Any, generator: Any, steps: int | None = None, **options: Any) -> Any:
        """`predict` on batches from a generator, Sequence or dataset. Source: Model.predict_generator of Keras 2."""
        counts = _keras_1_names("predict_generator", options)
        if "val_samples" in counts:
            generator, steps = _in_batches(generator, counts["val_samples"])
        return self.predict(generator, **{"steps": steps, "verbose": 0, **options})

    def predict_proba(self: Any, x: Any, batch_size: int | None = None, verbose: int | str = 0) -> Any:
        """The outputs, as `predict` gives them. Source: Sequential.predict_proba of Keras 2."""
        return self.predict(x, batch_size=batch_size, verbose=verbose)

    def predict_classes(self: Any, x: Any, batch_size: int | None = None, verbose: int | str = 0) -> np.ndarray:
        """The most likely class of every row; of a single output whether it is above one half.

        Shape: (rows, classes) -> (rows,), (rows, 1) -> (rows, 1). Source: Sequential.predict_classes of Keras 2.
        """
        outputs = np.asarray(self.predict(x, batch_size=batch_size, verbose=verbose))
        return outputs.argmax(axis=-1) if outputs.shape[-1] > 1 else (outputs > 0.5).astype("int32")


def _keras_1_names(method: str, options: dict[str, Any]) -> dict[str, int]:
    """Give the options their names of today. Returns: the counts of samples among them.

    Raises: InvalidTypeError on a count that belongs to another method.
    """
    for old, name in _KERAS_1.items():
        if old in options:
            options[name] = options.pop(old)
    counts = {name: options.pop(name) for name in _COUNTS if name in options}
    allowed = _COUNTS[:2] if method == "fit_generator" else _COUNTS[2:]
    for name in counts:
        if name not in allowed:
            raise InvalidTypeError(f"{method} got the unknown argument {name!r}.{did_you_mean(name, allowed)}")
    return counts


def _in_batches(batches: Any, samples: int) -> tuple[Any, int | None]:
    """The batches again, and how many of them hold so many samples, going by the size of the first one."""
    if not isinstance(batches, Iterator):
        return batches, None
    first = next(batches)
    rows = len(jax.tree.leaves(first)[0])
    return itertools.chain([first], batches), -(-samples // rows)

"""What a load matched, and the sentences that say what it did not."""

import warnings
from dataclasses import dataclass, field

from cornu._base.errors import InvalidArgumentError, NotFoundError

# Arrays that may be in a file without a place in the model: state that newer versions of Keras do not keep either.
_PASSING = ("optimizer", "metrics", "seed_generator", "_metrics", "compile_metrics", "_tracker")


@dataclass
class LoadReport:
    """The outcome of reading weights into a model: paths inside the file.

    missing: (path of the object, its name, why); mismatched: (path of the variable, wanted shape, shape in the file);
    left_out: optimizers whose state is not that of the file.
    """

    place: str
    matched: list[str] = field(default_factory=list)
    missing: list[tuple[str, str, str]] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    mismatched: list[tuple[str, tuple[int, ...], tuple[int, ...]]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def expect_partial(self) -> "LoadReport":
        """The report; nothing will be said about values without a place. Source: tf.train.Checkpoint."""
        return self

    def assert_existing_objects_matched(self) -> "LoadReport":
        """The report. Raises: InvalidArgumentError unless every variable found its value."""
        if not self.is_complete:
            raise InvalidArgumentError(f"Not every variable has its value in {self.place}:\n{self.problems()}")
        return self

    def assert_consumed(self) -> "LoadReport":
        """The report. Raises: InvalidArgumentError unless every variable found its value, and every value its variable."""
        if self.unexpected:
            raise InvalidArgumentError(f"{self.place} has values without a place: {', '.join(self.unexpected[:10])}.")
        return self.assert_existing_objects_matched()

    @property
    def is_complete(self) -> bool:
        """Whether every variable of the model was found with its shape."""
        return not (self.missing or self.mismatched)

    @property
    def surprising(self) -> list[str]:
        """Unexpected arrays other than optimizer, metric and seed state."""
        return [path for path in self.unexpected if not set(path.split("/")) & set(_PASSING)]

    def problems(self) -> str:
        """One line for each thing that does not fit."""
        lines = [
            f"  missing in the file: {path or 'the model itself'} ({name}): {why}" for path, name, why in self.missing
        ]
        lines += [
            f"  wrong shape: {path}: the model has {wanted}, the file {received}"
            for path, wanted, received in self.mismatched
        ]
        lines += [f"  not in the model: {path}" for path in self.surprising]
        shown, hidden = lines[:20], len(lines) - 20
        return "\n".join(shown) + (f"\n  ... and {hidden} more" if hidden > 0 else "")

    def settle(self, skip_mismatch: bool) -> "LoadReport":
        """Raise or warn about what does not fit; call it before anything is assigned.

        Raises: InvalidArgumentError if variables are missing or differ in shape and `skip_mismatch` is False;
        NotFoundError if not one array of the file fits.
        """
        if not self.matched and (self.missing or self.mismatched or self.unexpected):
            raise NotFoundError(
                f"No array of {self.place} fits the model, so loading would change nothing:\n{self.problems()}\n"
                "Check that the file was saved from this architecture, and that the model is built."
            )
        if not self.is_complete and not skip_mismatch:
            raise InvalidArgumentError(
                f"{self.place} does not fit the model; nothing was loaded:\n{self.problems()}\n"
                "Build the model as it was when saved, or pass skip_mismatch=True to load what fits."
            )
        if not self.is_complete or self.surprising:
            warnings.warn(f"Not all of {self.place} fits the model:\n{self.problems()}", stacklevel=4)
        for optimizer in self.left_out:
            warnings.warn(
                f"The optimizer's state in {self.place} was not loaded: {optimizer}. To continue training from it, call "
                "`model.optimizer.build(model.trainable_variables)` first, or load the whole model with load_model.",
                stacklevel=4,
            )
        return self

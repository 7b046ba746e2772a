"""`cornu convert`: a model, or weights, in a file of another format."""

import warnings
from collections.abc import Iterator

from cornu.cli.inspect import shown, totals
from cornu.saving import conversion
from cornu.saving.conversion import Conversion
from cornu.saving.inspection import Contents


def convert(
    source: str, target: str, architecture: str | None, overwrite: bool, max_shard_size: float | None = None
) -> str:
    """Convert a file. Returns: what was read, written and compared, a line each. Raises: as `saving.conversion.convert`."""
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always")
        done = conversion.convert(source, target, architecture, overwrite, max_shard_size)
    return "\n".join([*_lines(done), *dict.fromkeys(f"note: {shown(note.message)}" for note in notes)])


def _lines(done: Conversion) -> Iterator[str]:
    yield f"read   {_line(done.source)}"
    yield f"wrote  {_line(done.target)}"
    yield f"match  {done.matched} arrays were read again and are equal"
    yield from map(shown, done.notes)


def _line(contents: Contents) -> str:
    of_training = f"; of optimizers and metrics {totals(contents.training_state)}" if contents.training_state else ""
    writer = f", {contents.writer}" if contents.writer else ""
    return f"{shown(contents.path)}: {contents.kind}{shown(writer)}; {totals(contents.weights)}{of_training}"

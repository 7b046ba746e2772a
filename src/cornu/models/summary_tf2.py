"""`model.summary()` in the style `"tf2"`: the table as tf.keras 2.0 to 2.4 and Keras 2 printed it."""

from collections.abc import Callable, Sequence
from typing import Any

from cornu._base.errors import InvalidArgumentError

_ENDS, _ENDS_CONNECTED = (0.45, 0.85, 1.0), (0.33, 0.55, 0.67, 1.0)  # of the columns, as fractions of the line
_WIDTH, _WIDTH_CONNECTED = 65, 98


def lines(
    name: str, titles: Sequence[str], rows: list[list[str]], counts: Sequence[int], length: int | None, positions: Any
) -> list[str]:
    """The lines of the table.

    Args:
        rows: the texts of each layer; the fourth column holds a line for each connection.
        counts: total, trainable and non-trainable parameters.
        length, positions: width in characters, and ends of the columns, as characters or fractions of the width.

    Raises: InvalidArgumentError if there is not one position for each column.
    """
    is_connected = len(titles) > 3 and titles[3] == "Connected to"
    length = length or (_WIDTH_CONNECTED if is_connected else _WIDTH)
    ends = list(positions or (_ENDS_CONNECTED if is_connected else _ENDS))
    if len(ends) < len(titles) and positions is None:
        ends = [0.9 * end for end in ends] + [1.0] * (len(titles) - len(ends))
    if len(ends) != len(titles):
        raise InvalidArgumentError(f"Expected {len(titles)} positions for summary(); received {len(ends)}.")
    ends = [int(length * end) if ends[-1] <= 1 else int(end) for end in ends]
    out = [f'Model: "{name}"', "_" * length, _row(titles, ends), "=" * length]
    for i, row in enumerate(rows):
        connections = row[3].split(", ") if is_connected else [""]
        out.append(_row([*row[:3], connections[0], *row[4:]] if is_connected else row, ends))
        out += [_row(["", "", "", each], ends) for each in connections[1:]]
        out.append(("=" if i + 1 == len(rows) else "_") * length)
    total, trainable, others = counts
    out += [f"Total params: {total:,}", f"Trainable params: {trainable:,}", f"Non-trainable params: {others:,}"]
    return [*out, "_" * length]


def _row(cells: Sequence[str], ends: Sequence[int]) -> str:
    """Each text cut, and filled up, to its column; one blank before the next."""
    line = ""
    for place, (cell, end) in enumerate(zip(cells, ends)):
        line = f"{line[:-1]} " if place else line
        line = f"{line}{cell}"[:end].ljust(end)
    return line


def shape_text(text: str, is_input: bool, is_part_of_graph: bool) -> str:
    """The output shape as that generation wrote it: inputs in a list, `multiple` for layers outside of a graph."""
    if is_input:
        return f"[{text}]"
    return text if is_part_of_graph else "multiple"


def show(print_fn: Callable[[str], Any], table: list[str]) -> None:
    """Print line by line, as that generation called `print_fn`."""
    for line in table:
        print_fn(line)

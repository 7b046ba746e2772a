"""The data of a call of `fit`, `evaluate` or `predict`, with the model built for it."""

from typing import Any

from cornu.models import host_part
from cornu.models.preparing import prepare
from cornu.training.adapters import ArrayData, StreamData, adapt
from cornu.training.batch_form import unpack_x_y_sample_weight
from cornu.training.outputs import is_leaf
from cornu.training.source import RunSource


def source_of(model: Any, data: ArrayData | StreamData, mode: str) -> RunSource:
    """Data ready to be run; the model is built for it."""
    source = host_part.run_source(model, data)
    prepare(model, source.example(), mode)
    return source


def evaluation_source(
    model: Any, x: Any, y: Any, sample_weight: Any, batch_size: int | None, steps: int | None, old: dict
) -> RunSource:
    """What `evaluate` runs on."""
    names, text = getattr(model, "output_names", None), host_part.has_host_layers(model)
    data = adapt(
        x, y, sample_weight, batch_size=batch_size, steps=steps, output_names=names, mode="evaluate", allow_text=text, **old
    )  # fmt: skip
    return source_of(model, data, "test")


def validation_source(model: Any, given: Any, batch_size: int | None, steps: int | None, old: dict) -> RunSource:
    """What validation runs on: (x, y), (x, y, sample_weight), or an iterable of batches, which have their sizes."""
    if (
        isinstance(given, list)
        and len(given) in (2, 3)
        and all(is_leaf(item) or isinstance(item, (list, tuple, dict)) for item in given)
    ):
        given = tuple(given)
    x, y, sample_weight = unpack_x_y_sample_weight(given) if isinstance(given, tuple) else (given, None, None)
    batch_size = batch_size if is_leaf(x) or isinstance(x, (list, tuple, dict)) else None
    return evaluation_source(model, x, y, sample_weight, batch_size, steps, old)


def least(*values: int | None) -> int | None:
    """The smallest of what is given."""
    given = [value for value in values if value is not None]
    return min(given) if given else None

"""Where TensorFlow's `data_format`, strides, windows and paddings put channels and spatial axes."""

import operator
from typing import Any, NamedTuple

from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.core.tensor import is_tensor

_LAST = {1: "NWC", 2: "NHWC", 3: "NDHWC"}
_FIRST = {1: "NCW", 2: "NCHW", 3: "NCDHW"}


class Layout(NamedTuple):
    """A batch of `rank` spatial axes with the channels second (`is_first`) or last."""

    op: str
    rank: int
    is_first: bool

    @property
    def keras(self) -> str:
        """Keras' name of it."""
        return "channels_first" if self.is_first else "channels_last"

    def spatial(self, name: str, value: Any, default: int = 1) -> tuple[int, ...]:
        """The entries of the spatial axes: of one number, one per spatial axis, or one per axis of the tensor.

        Raises: InvalidArgumentError on other counts, or if batch or channels have an entry other than 1.
        """
        if value is None:
            return (default,) * self.rank
        values = _integers(value)
        if values is not None and len(values) == 1:
            return values * self.rank
        if values is not None and len(values) == self.rank:
            return values
        if values is None or len(values) != self.rank + 2:
            raise InvalidArgumentError(
                f"{self.op}: expected {name} to be 1, {self.rank} or {self.rank + 2} integers; received {value!r}."
            )
        others, inner = (
            ((values[0], values[1]), values[2:]) if self.is_first else ((values[0], values[-1]), values[1:-1])
        )
        if others != (1, 1):
            raise InvalidArgumentError(
                f"{self.op}: expected {name} of 1 for batch and channels; received {values} for {self.keras.replace('_', ' ')}."
            )
        return inner

    def padding(self, value: Any) -> str | tuple[tuple[int, int], ...]:
        """`"same"`, `"valid"`, or the zeros before and after each spatial axis.

        Raises: InvalidArgumentError on other names, or explicit paddings that are no list of pairs, one per axis.
        """
        if isinstance(value, (str, bytes)):
            text = value.decode() if isinstance(value, bytes) else value
            if text.upper() not in ("SAME", "VALID"):
                hint = did_you_mean(text.upper(), ("SAME", "VALID"))
                raise InvalidArgumentError(
                    f"{self.op}: expected padding 'SAME', 'VALID' or pairs of numbers; received {value!r}.{hint}"
                )
            return text.lower()
        pairs = [_integers(pair) for pair in value]
        if len(pairs) != self.rank + 2 or any(pair is None or len(pair) != 2 for pair in pairs):
            raise InvalidArgumentError(
                f"{self.op}: expected explicit padding as {self.rank + 2} pairs, one per axis of the input; received {value!r}."
            )
        others, inner = ((pairs[0], pairs[1]), pairs[2:]) if self.is_first else ((pairs[0], pairs[-1]), pairs[1:-1])
        if any(pair != (0, 0) for pair in others):
            raise InvalidArgumentError(f"{self.op}: expected no padding of batch and channels; received {value!r}.")
        return tuple((int(pair[0]), int(pair[1])) for pair in inner if pair is not None)


def layout(op: str, data_format: str | None, rank: int) -> Layout:
    """The layout of inputs with `rank` spatial axes. Raises: InvalidArgumentError on an unknown format or rank."""
    if rank not in _LAST:
        raise InvalidArgumentError(
            f"{op}: expected 1, 2 or 3 spatial axes between batch and channels; received {rank} of them."
        )
    if data_format is None or data_format == _LAST[rank]:
        return Layout(op, rank, False)
    if data_format == _FIRST[rank]:
        return Layout(op, rank, True)
    known = (_LAST[rank], _FIRST[rank])
    hint = did_you_mean(str(data_format), known)
    raise InvalidArgumentError(
        f"{op}: expected data_format {known[0]!r} or {known[1]!r}; received {data_format!r}.{hint}"
    )


def channel_axis(op: str, data_format: str | None, rank: int) -> int:
    """The axis of the channels in a tensor of any rank. Raises: InvalidArgumentError on an unknown format."""
    if data_format is None or data_format == "N...C" or data_format in _LAST.values():
        return rank - 1
    if data_format == "NC..." or data_format in _FIRST.values():
        return 1
    raise InvalidArgumentError(f"{op}: expected data_format such as 'NHWC' or 'NCHW'; received {data_format!r}.")


def _integers(value: Any) -> tuple[int, ...] | None:
    if is_tensor(value) or hasattr(value, "__array__"):
        value = value.tolist() if hasattr(value, "tolist") else value.numpy().tolist()
    try:
        return (operator.index(value),)
    except TypeError:
        try:
            return tuple(operator.index(each) for each in value)
        except TypeError:
            return None

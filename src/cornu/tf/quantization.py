"""`tf.quantization`: numbers on the levels of an integer type, and numbers that only behave as if they were.

Left out: quantized dtypes are the plain integers of their size (quint8 is uint8); `quantized_concat` and
`experimental.quantize_saved_model`, which work on graphs of quantized ops.
"""

from typing import Any, NamedTuple

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import attribute_error
from cornu.core import dtypes, strict_dtypes
from cornu.ops.fake_quantization import fake_quantize, fake_quantize_gradient, round_to_levels


class FakeQuantGradients(NamedTuple):
    """The gradients by the inputs and by the ends of the range."""

    backprops_wrt_input: Any
    backprop_wrt_min: Any
    backprop_wrt_max: Any


def fake_quant_with_min_max_args(
    inputs: Any, min: float = -6, max: float = 6, num_bits: int = 8, narrow_range: bool = False, name: str | None = None
) -> Any:
    """Inputs rounded to 2**num_bits levels from `min` to `max`, moved a little so that 0 is one; `narrow_range` leaves one out.

    Raises: InvalidArgumentError unless min < max and 2 <= num_bits <= 16.
    Source: tf.quantization.fake_quant_with_min_max_args.
    """
    if not min < max:
        raise InvalidArgumentError(f"fake_quant_with_min_max_args: expected min below max; received {min} and {max}.")
    return fake_quant_with_min_max_vars(inputs, float(min), float(max), num_bits, narrow_range)


def fake_quant_with_min_max_args_gradient(
    gradients: Any,
    inputs: Any,
    min: float = -6,
    max: float = 6,
    num_bits: int = 8,
    narrow_range: bool = False,
    name: str | None = None,
) -> Any:
    """The gradient of `fake_quant_with_min_max_args` by its inputs. Source: tf.quantization."""
    return fake_quant_with_min_max_vars_gradient(gradients, inputs, float(min), float(max), num_bits, narrow_range)[0]


def fake_quant_with_min_max_vars(
    inputs: Any, min: Any, max: Any, num_bits: int = 8, narrow_range: bool = False, name: str | None = None
) -> Any:
    """`fake_quant_with_min_max_args` with a range that has gradients. Source: tf.quantization.fake_quant_with_min_max_vars."""
    return fake_quantize(
        *_range("fake_quant_with_min_max_vars", 0, inputs, min, max), **_options(num_bits, narrow_range)
    )


def fake_quant_with_min_max_vars_gradient(
    gradients: Any,
    inputs: Any,
    min: Any,
    max: Any,
    num_bits: int = 8,
    narrow_range: bool = False,
    name: str | None = None,
) -> FakeQuantGradients:
    """The gradients of `fake_quant_with_min_max_vars`. Source: tf.quantization.fake_quant_with_min_max_vars_gradient."""
    parts = _range("fake_quant_with_min_max_vars_gradient", 0, inputs, min, max)
    return FakeQuantGradients(*fake_quantize_gradient(gradients, *parts, **_options(num_bits, narrow_range)))


def fake_quant_with_min_max_vars_per_channel(
    inputs: Any, min: Any, max: Any, num_bits: int = 8, narrow_range: bool = False, name: str | None = None
) -> Any:
    """`fake_quant_with_min_max_vars` with a range for each entry of the last axis.

    Source: tf.quantization.fake_quant_with_min_max_vars_per_channel.
    """
    parts = _range("fake_quant_with_min_max_vars_per_channel", 1, inputs, min, max)
    return fake_quantize(*parts, **_options(num_bits, narrow_range))


def fake_quant_with_min_max_vars_per_channel_gradient(
    gradients: Any,
    inputs: Any,
    min: Any,
    max: Any,
    num_bits: int = 8,
    narrow_range: bool = False,
    name: str | None = None,
) -> FakeQuantGradients:
    """The gradients of `fake_quant_with_min_max_vars_per_channel`. Source: tf.quantization."""
    parts = _range("fake_quant_with_min_max_vars_per_channel_gradient", 1, inputs, min, max)
    return FakeQuantGradients(*fake_quantize_gradient(gradients, *parts, **_options(num_bits, narrow_range)))


def _range(name: str, rank: int, inputs: Any, low: Any, high: Any) -> list[Any]:
    parts = [
        ops.convert_to_tensor(each)
        for each in strict_dtypes.alike(name, [strict_dtypes.floating(name, inputs), low, high])
    ]
    for each in parts[1:]:
        if len(each.shape) != rank or (rank and each.shape[0] != parts[0].shape[-1]):
            wanted = "a scalar" if not rank else f"({parts[0].shape[-1]},)"
            raise InvalidArgumentError(f"{name}: expected min and max of shape {wanted}; received {tuple(each.shape)}.")
    return parts


def _options(num_bits: int, narrow_range: bool) -> dict[str, Any]:
    if not 2 <= num_bits <= 16:
        raise InvalidArgumentError(f"Expected num_bits from 2 to 16; received {num_bits}.")
    return {"bits": int(num_bits), "narrow": bool(narrow_range)}


def quantize_and_dequantize_v2(
    input: Any,
    input_min: Any,
    input_max: Any,
    signed_input: bool = True,
    num_bits: int = 8,
    range_given: bool = False,
    round_mode: str = "HALF_TO_EVEN",
    name: str | None = None,
    narrow_range: bool = False,
    axis: int | None = None,
) -> Any:
    """Inputs rounded to levels on both sides of 0, which is one, that cover `input_min` to `input_max`, or the inputs' own range.

    Args: `axis`, along which every slice has a range of its own; `round_mode`, "HALF_TO_EVEN" or "HALF_UP".
    Raises: InvalidArgumentError on another round mode. Source: tf.quantization.quantize_and_dequantize_v2.
    """
    if round_mode not in ("HALF_TO_EVEN", "HALF_UP"):
        raise InvalidArgumentError(f"Expected round_mode 'HALF_TO_EVEN' or 'HALF_UP'; received {round_mode!r}.")
    x = strict_dtypes.floating("quantize_and_dequantize", input)
    rank = len(x.shape)
    others = None if axis is None else tuple(each for each in range(rank) if each != axis % rank)
    if range_given:
        low, high = (ops.cast(each, x.dtype) for each in (input_min, input_max))
        if axis is not None:
            shape = [x.shape[each] if each == axis % rank else 1 for each in range(rank)]
            low, high = ops.reshape(low, shape), ops.reshape(high, shape)
    else:
        low, high = (ops.stop_gradient(reduce(x, others, True)) for reduce in (ops.min, ops.max))
    return round_to_levels(
        x,
        low,
        high,
        bits=int(num_bits),
        signed=bool(signed_input),
        half_up=round_mode == "HALF_UP",
        narrow=bool(narrow_range),
    )


quantize_and_dequantize = quantize_and_dequantize_v2


class Quantized(NamedTuple):
    """Integers, and the numbers that the smallest and the largest integer stand for."""

    output: Any
    output_min: Any
    output_max: Any


_STORED = {"quint8": "uint8", "qint8": "int8", "quint16": "uint16", "qint16": "int16", "qint32": "int32"}


def quantize(
    input: Any,
    min_range: Any,
    max_range: Any,
    T: Any,
    mode: str = "MIN_COMBINED",
    round_mode: str = "HALF_AWAY_FROM_ZERO",
    name: str | None = None,
    narrow_range: bool = False,
    axis: int | None = None,
    ensure_minimum_range: float = 0.01,
) -> Quantized:
    """Numbers from `min_range` to `max_range` as integers of type `T` ("quint8" or "uint8", "qint8", ...).

    Args:
        mode: "MIN_COMBINED" and "MIN_FIRST" spread the whole range over all integers, "SCALED" keeps 0 at 0.
        round_mode: "HALF_AWAY_FROM_ZERO", or with "SCALED" "HALF_TO_EVEN".
        ensure_minimum_range: a smaller range is widened to this.

    Raises: InvalidArgumentError on other modes and types. Source: tf.quantization.quantize.
    """
    kind, low, high = _stored("quantize", T, mode, axis, min_range, max_range)
    if round_mode not in ("HALF_AWAY_FROM_ZERO", "HALF_TO_EVEN") or (round_mode == "HALF_TO_EVEN" and mode != "SCALED"):
        raise InvalidArgumentError(f"quantize: round_mode {round_mode!r} does not exist with mode {mode!r}.")
    x = ops.cast(input, "float32")
    low = min(0.0, low)
    high = max(high, low + max(1.0, abs(low), abs(high)) * ensure_minimum_range, 0.0)
    turn = ops.round if round_mode == "HALF_TO_EVEN" else _half_away
    if mode == "SCALED":
        least, most = kind.min + (narrow_range and not kind.is_unsigned), kind.max
        factors = [
            each
            for each in (least / low if least * low > 0 else None, most / high if most * high > 0 else None)
            if each
        ]
        factor = min(factors, default=1.0)
        low, high = least / factor, most / factor
        levels = ops.clip(turn(ops.multiply(ops.clip(x, low, high), factor)), float(least), float(most))
        return Quantized(ops.cast(levels, kind), *_ends(low, high))
    steps = 2.0 ** (8 * kind.size) - 1
    factor = steps / (high - low)
    if mode == "MIN_FIRST":
        levels = ops.subtract(_half_away(ops.multiply(x, factor)), _whole(low * factor))
    else:
        levels = _half_away(ops.multiply(ops.subtract(ops.clip(x, low, high), low), factor))
    levels = ops.add(ops.cast(levels, "float64"), float(kind.min))
    return Quantized(ops.cast(ops.clip(levels, float(kind.min), float(kind.max)), kind), *_ends(low, high))


def dequantize(
    input: Any,
    min_range: Any,
    max_range: Any,
    mode: str = "MIN_COMBINED",
    name: str | None = None,
    axis: int | None = None,
    narrow_range: bool = False,
    dtype: Any = "float32",
) -> Any:
    """The numbers that integers of `quantize` stand for. Raises: InvalidArgumentError on other modes.

    Source: tf.quantization.dequantize.
    """
    x = ops.convert_to_tensor(input)
    kind, low, high = _stored("dequantize", x.dtype, mode, axis, min_range, max_range)
    x = ops.cast(x, "float64")
    if mode == "SCALED":
        least, most = kind.min + (narrow_range and not kind.is_unsigned), kind.max
        scale = high / most if kind.is_unsigned else max(low / least, high / most)
        return ops.cast(ops.multiply(x, scale), dtype)
    scale = (high - low) / (2.0 ** (8 * kind.size) - 1)
    return ops.cast(ops.add(ops.multiply(ops.subtract(x, float(kind.min)), scale), low), dtype)


def _stored(
    name: str, kind: Any, mode: str, axis: int | None, low: Any, high: Any
) -> tuple[dtypes.DType, float, float]:
    if mode not in ("MIN_COMBINED", "MIN_FIRST", "SCALED"):
        raise InvalidArgumentError(f"{name}: expected mode 'MIN_COMBINED', 'MIN_FIRST' or 'SCALED'; received {mode!r}.")
    if axis is not None:
        raise InvalidArgumentError(f"{name}: expected axis=None; received {axis}. Quantize the slices one by one.")
    text = getattr(kind, "name", kind)
    dtype = dtypes.as_dtype(_STORED.get(text, text) if isinstance(text, str) else kind)
    if not dtype.is_integer or dtype.size > 4:
        raise InvalidArgumentError(f"{name}: expected integers of at most 32 bits; received {dtype.name}.")
    return dtype, float(low), float(high)


def _half_away(x: Any) -> Any:
    return ops.multiply(ops.sign(x), ops.floor(ops.add(ops.absolute(x), 0.5)))


def _whole(number: float) -> float:
    return float(round(number))


def _ends(low: float, high: float) -> list[Any]:
    return [ops.convert_to_tensor(each, "float32") for each in (low, high)]


__getattr__ = attribute_error(__name__)

"""From an einsum equation of two operands to the shapes of kernel, bias and result."""

from typing import NamedTuple

from cornu._base.errors import InvalidArgumentError


class Plan(NamedTuple):
    """Shapes that an equation gives for one input shape; sizes the input leaves open are None."""

    kernel_shape: tuple[int | None, ...]
    summed_axes: tuple[int, ...]  # of the kernel: those that the result lacks
    kept_axes: tuple[int, ...]
    bias_shape: tuple[int | None, ...] | None
    output_shape: tuple[int | None, ...]


def plan_einsum_dense(
    equation: str, input_shape: tuple[int | None, ...], output_sizes: tuple[int | None, ...], bias_axes: str | None
) -> Plan:
    """Sizes of all axes: the input's letters from `input_shape`, the others from `output_sizes` (without batch axis).

    Raises: InvalidArgumentError if the equation, the shapes and `bias_axes` do not fit together.
    """
    inputs, kernel, outputs = _letters(equation)
    spelled_inputs, spelled_outputs, extra = _spell_ellipsis(equation, inputs, outputs, len(input_shape))
    if len(spelled_inputs) != len(input_shape):
        raise InvalidArgumentError(
            f"Expected an input of rank {len(spelled_inputs)} for the equation {equation!r}; received the shape {input_shape}."
        )
    sizes = dict(zip(spelled_inputs, input_shape, strict=True))
    # An ellipsis in the result may be left out of `output_sizes`; the sizes then belong to the last letters.
    given = output_sizes[max(0, len(output_sizes) - (len(spelled_outputs) - 1)) :]
    if len(given) != len(spelled_outputs) - 1 and not extra:
        raise InvalidArgumentError(
            f"Expected output_shape with {len(spelled_outputs) - 1} sizes, those of {outputs[1:]!r} in the equation {equation!r} "
            f"without the batch axis; received {output_sizes}."
        )
    tail = spelled_outputs[len(spelled_outputs) - len(given) :]
    for letter, size in zip(tail, given, strict=True):
        known = sizes.get(letter)
        if size is not None and known is not None and size != known:
            raise InvalidArgumentError(
                f"Expected axis {letter!r} of {equation!r} with the same size everywhere; the input {input_shape} has "
                f"{known}, output_shape {output_sizes} has {size}."
            )
        sizes[letter] = known if size is None else size
    unknown = [letter for letter in kernel + spelled_outputs if letter not in sizes]
    if unknown:
        raise InvalidArgumentError(
            f"Axis {unknown[0]!r} of the equation {equation!r} is neither in the input nor in the result, so its size is unknown."
        )
    return Plan(
        kernel_shape=tuple(sizes[letter] for letter in kernel),
        summed_axes=tuple(axis for axis, letter in enumerate(kernel) if letter not in outputs),
        kept_axes=tuple(axis for axis, letter in enumerate(kernel) if letter in outputs),
        bias_shape=_bias_shape(equation, outputs, bias_axes, sizes),
        output_shape=tuple(sizes[letter] for letter in spelled_outputs),
    )


def _letters(equation: str) -> tuple[str, str, str]:
    operands, arrow, outputs = equation.replace(" ", "").partition("->")
    parts = operands.split(",")
    if not arrow or len(parts) != 2:
        raise InvalidArgumentError(f"Expected an equation such as 'ab,bc->ac'; received {equation!r}.")
    return parts[0], parts[1], outputs


def _spell_ellipsis(equation: str, inputs: str, outputs: str, rank: int) -> tuple[str, str, str]:
    """Write the axes behind `...` as digits, which no equation uses as letters."""
    if "..." not in inputs:
        return inputs, outputs, ""
    count = rank - len(inputs.replace("...", ""))
    if count < 0 or count > 10 or "..." not in outputs:
        raise InvalidArgumentError(f"The equation {equation!r} cannot take an input of rank {rank}.")
    extra = "0123456789"[:count]
    return inputs.replace("...", extra), outputs.replace("...", extra), extra


def _bias_shape(equation: str, outputs: str, bias_axes: str | None, sizes: dict) -> tuple[int | None, ...] | None:
    """The bias broadcasts against the result: size 1 on the axes it does not vary along, none before its first axis."""
    if not bias_axes:
        return None
    wrong = [letter for letter in bias_axes if letter not in outputs or letter == "."]
    if wrong:
        raise InvalidArgumentError(
            f"Expected bias_axes out of the result {outputs!r} of {equation!r}; received {bias_axes!r} with {wrong[0]!r}."
        )
    first = min(outputs.index(letter) for letter in bias_axes)
    return tuple(sizes[letter] if letter in bias_axes else 1 for letter in outputs[first:])

"""The progress bar: how training, evaluation and prediction show where they are. Source: keras.utils.Progbar."""

import logging
import sys
import time
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import config

Style = Literal["keras3", "tf2"]

_BOLD, _GREEN, _WHITE, _END = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"

now = time.perf_counter


def current_style() -> Style:
    """The style of presentation in force: `keras3`, or `tf2` in scripts that import tensorflow."""
    return config.style()


def write(text: str) -> None:
    """Print `text` as it is and at once, or log it; what the stream cannot encode becomes ASCII."""
    if not config.is_interactive_logging_enabled():
        if line := text.strip():
            logging.getLogger("cornu").info(line)
        return
    stream = sys.stdout
    if stream is None:  # windowed programs have none
        return
    try:
        stream.write(text)
    except UnicodeEncodeError:
        stream.write(text.replace("━", "=").encode("ascii", "replace").decode())
    stream.flush()


def say(message: str) -> None:
    """Print one line of a callback."""
    write(message + "\n")


def is_interactive() -> bool:
    """True where a line can be redrawn in colour: a terminal or a notebook."""
    if not config.is_interactive_logging_enabled():
        return False
    return bool(getattr(sys.stdout, "isatty", lambda: False)()) or "ipykernel" in sys.modules


def _duration(seconds: float, unit: str) -> str:
    if seconds >= 1 or seconds == 0:
        return f" {seconds:.0f}s/{unit}"
    if seconds >= 1e-3:
        return f" {seconds * 1e3:.0f}ms/{unit}"
    return f" {seconds * 1e6:.0f}us/{unit}"


def _clock(seconds: float) -> str:
    whole = int(seconds)
    if whole >= 3600:
        return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"
    if whole >= 60:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole}s"


def _bar_keras3(current: int, target: int | None, width: int, colour: bool) -> str:
    if target is None:
        return f"{current:7d}/Unknown "
    head = f"{current:{len(str(target))}d}/{target}"
    filled = min(width, width * current // target if target else width)
    if not colour:
        return f"{head} {'━' * width} "
    done = f"{_GREEN}{'━' * filled}{_END}" if filled else ""
    return f"{_BOLD}{head}{_END} {done}{_WHITE}{'━' * (width - filled)}{_END} "


def _bar_tf2(current: int, target: int | None, width: int) -> str:
    if target is None:
        return f"{current:7d}/Unknown"
    filled = min(width, width * current // target if target else width)
    done = "=" * (filled - 1) + (">" if current < target else "=") if filled else ""
    return f"{current:{len(str(target))}d}/{target} [{done}{'.' * (width - filled)}]"


class Progbar:
    """A progress bar that redraws one line, as Keras prints it.

    Off a terminal it prints the finished line only. A call that does not print costs about a microsecond.

    Args:
        target: number of steps, or None if unknown.
        width: width of the bar in characters (default 20; 30 in the tf2 style).
        verbose: 0 nothing, 1 bar, 2 the finished line only.
        interval: least seconds between two drawings.
        stateful_metrics: names whose value is shown as given; other values are averaged over the steps.
        stateless_metrics: names whose value is averaged; if given, all others are shown as they are.
        unit_name: what a step is called.
        style: `keras3` or `tf2`; default the style in force.
    Raises: InvalidArgumentError if both stateful_metrics and stateless_metrics are given.
    Source: keras.utils.Progbar.
    """

    def __init__(
        self,
        target: int | None,
        width: int | None = None,
        verbose: int = 1,
        interval: float = 0.05,
        stateful_metrics: Iterable[str] | None = None,
        stateless_metrics: Iterable[str] | None = None,
        unit_name: str = "step",
        style: Style | None = None,
    ):
        if stateful_metrics is not None and stateless_metrics is not None:
            raise InvalidArgumentError(
                "Expected stateful_metrics or stateless_metrics; received both. Give the shorter list, leave the other."
            )
        self.style = style or current_style()
        self.target, self.verbose, self.interval, self.unit_name = target, verbose, interval, unit_name
        self.width = width or (30 if self.style == "tf2" else 20)
        self.stateful_metrics = set(stateful_metrics or ())
        self.stateless_metrics = None if stateless_metrics is None else set(stateless_metrics)
        self._values: dict[str, list[float]] = {}  # name -> [sum, weight]
        self._seen_so_far = 0
        self._start = now()
        self._last_update = float("-inf")
        self._first: tuple[int, float] | None = None  # steps and time at the first report, which holds the compilation
        self._previous_width = 0

    def update(
        self, current: int, values: Iterable[tuple[str, Any]] | None = None, finalize: bool | None = None
    ) -> None:
        """Report that `current` steps are done and the values of the metrics; draws if it is time to.

        Args: `finalize`: end the line; default when `current` reaches the target. These values are shown as given
        (in the tf2 style they are averaged like the others).
        """
        if finalize is None:
            finalize = self.target is not None and current >= self.target
        self._collect(current, values or (), finalize)
        self._seen_so_far = current
        moment = now()
        if self._first is None and current == 1:
            self._first = (current, moment)
        if finalize or (self.verbose == 1 and moment - self._last_update >= self.interval):
            self._draw(current, moment, finalize)

    def add(self, n: int, values: Iterable[tuple[str, Any]] | None = None) -> None:
        """Report that `n` more steps are done."""
        self.update(self._seen_so_far + n, values)

    def due(self) -> bool:
        """True if a call of `update` that does not finish the bar would draw."""
        return self.verbose == 1 and now() - self._last_update >= self.interval and is_interactive()

    def mark_first(self, current: int) -> None:
        """Count time per step from here, `current` steps done: what came before held the compilation."""
        if self._first is None:
            self._first = (current, now())

    def _collect(self, current: int, values: Iterable[tuple[str, Any]], finalize: bool) -> None:
        steps = max(current - self._seen_so_far, 1)
        for name, value in values:
            averaged = name in self.stateless_metrics if self.stateless_metrics is not None else (
                name not in self.stateful_metrics
            )  # fmt: skip
            if averaged and not (finalize and self.style == "keras3"):
                total = self._values.setdefault(name, [0.0, 0])
                total[0] += value * steps
                total[1] += steps
            else:
                self._values[name] = [value, 1]

    def _metrics(self, absolute: bool) -> str:
        """The metrics' text. Keras looks at the magnitude in bars, at the signed value with `verbose=2`."""
        parts = []
        for name, (total, weight) in self._values.items():
            mean = float(np.mean(total / max(1, weight)))
            fixed = (abs(mean) if absolute else mean) > 1e-3 or mean != mean
            parts.append(f" - {name}: {mean:.4f}" if fixed else f" - {name}: {mean:.4e}")
        return "".join(parts)

    def _step_seconds(self, current: int, moment: float) -> float:
        if not current:
            return moment - self._start
        if self._first is not None and current > self._first[0]:
            return (moment - self._first[1]) / (current - self._first[0])
        return (moment - self._start) / current

    def _draw(self, current: int, moment: float, finalize: bool) -> None:
        if self.verbose == 2:
            write(self._summary(current, moment))
        elif self.verbose == 1 and is_interactive():
            self._redraw(self._line(current, moment, finalize, colour=True), finalize)
        elif self.verbose == 1 and finalize:
            write(self._line(current, moment, finalize, colour=False) + "\n")
        self._last_update = moment

    def _line(self, current: int, moment: float, finalize: bool, colour: bool) -> str:
        elapsed, per_step = moment - self._start, self._step_seconds(current, moment)
        per_step_text = _duration(per_step, self.unit_name)
        running = self.target is not None and not finalize
        left = _clock(per_step * (self.target - current)) if running and self.target is not None else f"{elapsed:.0f}s"
        if self.style == "tf2":
            shown = f" - ETA: {left}" if running else f" - {left}{per_step_text}"
            return _bar_tf2(current, self.target, self.width) + shown + self._metrics(absolute=True)
        bold = f"{_BOLD}{left}{_END}" if colour else left
        bar = _bar_keras3(current, self.target, self.width, colour)
        return bar + bold + per_step_text + self._metrics(absolute=True)

    def _redraw(self, line: str, finalize: bool) -> None:
        """Go back over the previous line, as far as it was wide, and blank what is left of it."""
        width = len(line)
        for code in (_BOLD, _GREEN, _WHITE, _END):
            width -= len(code) * line.count(code)
        blanks = " " * max(0, self._previous_width - width)
        write("\b" * self._previous_width + "\r" + line + blanks + ("\n" if finalize else ""))
        self._previous_width = width

    def _summary(self, current: int, moment: float) -> str:
        """The finished line of `verbose=2`."""
        elapsed = moment - self._start
        count = f"{current:{len(str(self.target or current))}d}/{self.target or current}"
        if self.style == "tf2":
            epoch, step = _duration(elapsed, "epoch"), _duration(elapsed / max(current, 1), self.unit_name)
            return f"{count} - {elapsed:.0f}s{self._metrics(absolute=False)} -{epoch} -{step}\n"
        step = _duration(self._step_seconds(current, moment), self.unit_name)
        return f"{count} - {elapsed:.0f}s -{step}{self._metrics(absolute=False)}\n"

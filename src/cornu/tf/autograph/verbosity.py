"""What the conversion says about itself. Source: tf.autograph.set_verbosity, tf.autograph.trace."""

import logging
from collections.abc import Callable
from typing import Any

from cornu._base.errors import InvalidArgumentError

_settings: dict[str, int] = {"level": 0, "to_stdout": 0}


def set_verbosity(level: int, alsologtostdout: bool = False) -> None:
    """From level 1 on, every function that is converted is named; from 3 on, its rewritten text is shown too."""
    if not isinstance(level, int) or level < 0:
        raise InvalidArgumentError(f"Expected a verbosity level of 0 or more; received {level!r}.")
    _settings.update(level=level, to_stdout=int(alsologtostdout))


def report(name: str, text: Callable[[], str]) -> None:
    """Say that a function was rewritten, as far as the level asks for it."""
    if not _settings["level"]:
        return
    message = f"AutoGraph rewrote {name}" + (f":\n{text()}" if _settings["level"] >= 3 else "")
    logging.getLogger("cornu").info(message)
    if _settings["to_stdout"]:
        trace(message)


def trace(*args: Any) -> None:
    """Print the arguments while a function is traced."""
    print(*args)  # noqa: T201

"""TensorFlow's logger. Source: tf.compat.v1.logging."""

import logging as _logging
from typing import Any

DEBUG, INFO, WARN, ERROR, FATAL = 10, 20, 30, 40, 50
WARNING = WARN
_logger = _logging.getLogger("tensorflow")


def set_verbosity(v: Any) -> None:
    """Log what is at least as grave."""
    _logger.setLevel(v)


def get_verbosity() -> int:
    """What must be at least as grave to be logged."""
    return _logger.getEffectiveLevel()


def debug(msg: str, *args: Any, **kwargs: Any) -> None:
    """Log for debugging."""
    _logger.debug(msg, *args, **kwargs)


def info(msg: str, *args: Any, **kwargs: Any) -> None:
    """Log for information."""
    _logger.info(msg, *args, **kwargs)


def warning(msg: str, *args: Any, **kwargs: Any) -> None:
    """Log a warning."""
    _logger.warning(msg, *args, **kwargs)


warn = warning


def error(msg: str, *args: Any, **kwargs: Any) -> None:
    """Log an error."""
    _logger.error(msg, *args, **kwargs)


def fatal(msg: str, *args: Any, **kwargs: Any) -> None:
    """Log a fatal error."""
    _logger.critical(msg, *args, **kwargs)

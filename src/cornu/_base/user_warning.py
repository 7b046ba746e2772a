"""Warnings that point at the user's line, not at ours."""

import sys
import warnings


def warn(message: str) -> None:
    """Warn where Cornu was called from: Python then shows that line, and shows it once."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("cornu."):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, stacklevel=level)

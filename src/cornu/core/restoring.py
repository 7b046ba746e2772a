"""Values that were loaded before there were variables to hold them."""

from typing import Any


def restore_when_built(thing: Any) -> None:
    """Call, once, what a load left behind as `thing._restore_when_built`."""
    restore = thing.__dict__.pop("_restore_when_built", None)
    if restore is not None:
        restore()

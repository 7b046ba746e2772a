"""What the running thread is inside of: tapes, functional scope, automatic casting, the call of a layer."""

import threading
from typing import Any

from cornu.core import config


class Context(threading.local):
    """Per-thread state. Class attributes are the defaults of every new thread."""

    tapes: tuple = ()  # recording tapes, outermost first
    scope: Any = None  # innermost FunctionalScope
    autocast: str | None = None  # dtype that float variables are read in
    inferring: bool = False  # shapes are being found by tracing with stand-ins for unknown sizes
    call: Any = None  # CallContext of the outermost layer being called
    rewrite: Any = None  # what prepares a user's function for tracing: its control flow on tensors
    rewrite_of_style: Any = None  # the same in all traced functions, in the style "tf2"; set by TensorFlow's import

    def traceable(self, function: Any) -> Any:
        """The user's function as it is called here: while tracing, with its control flow rewritten if that is wanted."""
        if self.scope is None:
            return function
        rewrite = self.rewrite or (self.rewrite_of_style if config.style() == "tf2" else None)
        return function if rewrite is None else rewrite(function)


context = Context()

"""What the running thread is inside of: tapes, functional scope, automatic casting, the call of a layer."""

import threading
from typing import Any


class Context(threading.local):
    """Per-thread state. Class attributes are the defaults of every new thread."""

    tapes: tuple = ()  # recording tapes, outermost first
    scope: Any = None  # innermost FunctionalScope
    autocast: str | None = None  # dtype that float variables are read in
    inferring: bool = False  # shapes are being found by tracing with stand-ins for unknown sizes
    call: Any = None  # CallContext of the outermost layer being called


context = Context()

"""The errors Cornu raises. Each also is a built-in error, so `except ValueError` keeps working.

Text has three short parts: what was expected, what was received (name, shape, dtype, value), what to do.
"""


class CornuError(Exception):
    """Base of every error that Cornu raises on purpose."""


class InvalidArgumentError(CornuError, ValueError):
    """An argument has a value, shape or dtype that the operation cannot take. Source: tf.errors."""


class InvalidTypeError(CornuError, TypeError):
    """An argument is of a Python type that the operation cannot take."""


class TracedValueError(InvalidTypeError):
    """Python code asked for the value of a tensor that is being traced: what is compiled has to run eagerly instead."""


class TracedInitialValueError(TracedValueError):
    """A variable was made from a tensor that is being traced: the call that makes it has to run eagerly."""


class DatasetLoopError(TracedValueError):
    """A loop over a dataset stands in a function that is being traced: what is around the loop has to run eagerly."""


class UndefinedMethodError(CornuError, NotImplementedError):
    """A subclass leaves out a method that its base class needs."""


class NotFoundError(CornuError, ValueError):
    """A name, file or entry that was asked for does not exist."""


class FailedPreconditionError(CornuError, RuntimeError):
    """The object is not in the state that the call needs (not built, not compiled)."""


class OutOfRangeError(CornuError, IndexError):
    """An index or iterator went past its end."""


class DataLossError(CornuError, ValueError):
    """A file is truncated or corrupted."""


class UnsafeFileError(CornuError, ValueError):
    """A file asks for something that could run code or touch other files."""

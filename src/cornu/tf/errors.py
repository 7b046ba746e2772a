"""Errors under TensorFlow's names. Those of the house stand for the ones it raises. Source: tf.errors."""

from cornu._base.errors import CornuError, TracedValueError
from cornu._base.errors import DataLossError as DataLossError
from cornu._base.errors import FailedPreconditionError as FailedPreconditionError
from cornu._base.errors import InvalidArgumentError as InvalidArgumentError
from cornu._base.errors import NotFoundError as NotFoundError
from cornu._base.errors import OutOfRangeError as OutOfRangeError

OpError = CornuError
OperatorNotAllowedInGraphError = TracedValueError


class AbortedError(CornuError, RuntimeError):
    """An operation was given up."""


class AlreadyExistsError(CornuError, ValueError):
    """What was to be made exists."""


class CancelledError(CornuError, RuntimeError):
    """An operation was cancelled."""


class DeadlineExceededError(CornuError, TimeoutError):
    """A deadline passed."""


class InternalError(CornuError, RuntimeError):
    """The system broke one of its own rules."""


class PermissionDeniedError(CornuError, PermissionError):
    """The caller may not do this."""


class ResourceExhaustedError(CornuError, MemoryError):
    """Memory or disk ran out."""


class UnauthenticatedError(CornuError, PermissionError):
    """The caller is not known."""


class UnavailableError(CornuError, ConnectionError):
    """A service cannot be reached."""


class UnimplementedError(CornuError, RuntimeError):
    """The operation does not exist for these arguments."""


class UnknownError(CornuError, RuntimeError):
    """An error of unknown cause."""


OK, CANCELLED, UNKNOWN, INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED = range(8)
RESOURCE_EXHAUSTED, FAILED_PRECONDITION, ABORTED, OUT_OF_RANGE, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS = range(
    8, 16
)
UNAUTHENTICATED = 16

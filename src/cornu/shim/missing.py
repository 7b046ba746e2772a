"""What was asked for under TensorFlow's or Keras' names and is not there: `cornu run --report` ends with it."""

_missing: dict[str, None] = {}


def remember(name: str) -> None:
    """Note the full name of something that was not found."""
    _missing[name] = None


def missing_names() -> list[str]:
    """The full names that were not found in this process, in order."""
    return list(_missing)


def forget() -> None:
    """Begin afresh."""
    _missing.clear()

"""What a user sees of an error that was raised while JAX traced a function."""


def end_with_message(error: BaseException) -> None:
    """Take away the note that JAX adds below the message, so that the last line says what is wrong."""
    notes = getattr(error, "__notes__", None)
    if notes:
        notes[:] = [note for note in notes if "JAX_TRACEBACK_FILTERING" not in note]

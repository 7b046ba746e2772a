"""What a pickle asks for, checked before it is read: lengths fit the bytes that are there, and so do places in its memo.

The unpickler makes room for whatever memo a pickle names: ten bytes could ask for 34 GB. Source: Python's `pickletools`.
"""

import contextlib
import pickletools
import re
import struct

from cornu._base.errors import DataLossError, UnsafeFileError

_OPS = {op.code.encode("latin1"): op for op in pickletools.opcodes}
_STOP, _PUT, _LONG_PUT = b".", b"p", b"r"
_EXTENSIONS = (b"\x82", b"\x83", b"\x84")  # objects by number, from a table of the running program
_TWO_LINES = (b"c", b"i")
_COUNTS = {  # of a length in front of text or bytes: how many bytes it has
    pickletools.TAKEN_FROM_ARGUMENT1: "<B",
    pickletools.TAKEN_FROM_ARGUMENT4: "<i",
    pickletools.TAKEN_FROM_ARGUMENT4U: "<I",
    pickletools.TAKEN_FROM_ARGUMENT8U: "<Q",
}


def _size(op: pickletools.OpcodeInfo) -> int:
    """Bytes of an opcode's argument; negative if they vary."""
    return 0 if op.arg is None else op.arg.n


_PLAIN = re.compile(  # a run of opcodes with nothing to check, such as a million small numbers
    b"(?:%s)*+"
    % b"|".join(
        re.escape(code) + b".{%d}" % _size(op)
        for code, op in _OPS.items()
        if _size(op) >= 0 and code not in (_STOP, _LONG_PUT, *_EXTENSIONS)
    ),
    re.DOTALL,
)


def check_pickle(data: bytes) -> None:
    """Look through a pickle without running it.

    Raises: DataLossError if it is cut, or claims more than its bytes; UnsafeFileError for objects of the running program.
    """
    at = 0
    while True:
        at = _PLAIN.match(data, at).end()  # type: ignore[union-attr]  # matches nothing at least
        code = data[at : at + 1]
        if code == _STOP:
            return
        if code in _EXTENSIONS:
            raise UnsafeFileError(
                "Expected a file of arrays; it asks for objects of the running program. It was not loaded."
            )
        if code not in _OPS:
            raise DataLossError(f"The pickle is damaged or cut at byte {at}. Get the file again from its source.")
        at = _end(data, at, code)


def _end(data: bytes, at: int, code: bytes) -> int:
    """Where the opcode at a place, and its argument, end."""
    start, size, place = at + 1, _size(_OPS[code]), 0
    if code == _LONG_PUT:
        size = 4
        place = int.from_bytes(data[start : start + 4], "little")
    elif size == pickletools.UP_TO_NEWLINE:
        line = data.find(b"\n", start)
        end = data.find(b"\n", line + 1) if code in _TWO_LINES and line >= 0 else line
        with contextlib.suppress(ValueError):  # what is no number to Python is none to the unpickler
            place = int(data[start:line]) if code == _PUT else 0
        size = end + 1 - start if end >= 0 else len(data)
    elif size < 0:
        form = _COUNTS[size]
        width = struct.calcsize(form)
        (amount,) = struct.unpack_from(form, data, start) if start + width <= len(data) else (len(data),)
        size = width + amount if amount >= 0 else amount
    if size < 0 or start + size > len(data) or place > len(data):
        raise DataLossError(
            f"The pickle is damaged: at byte {at} of {len(data)} it asks for {max(abs(size), place)}. "
            "Get the file again from its source."
        )
    return start + size

"""RE2's patterns, which TensorFlow uses, as Python's. Source: github.com/google/re2/wiki/Syntax."""

import functools
import re
import sys
import unicodedata

from cornu._base.errors import InvalidArgumentError

_POSIX = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": r"\x00-\x7F", "blank": r"\t ", "cntrl": r"\x00-\x1F\x7F", "digit": "0-9",
    "graph": "!-~", "lower": "a-z", "print": " -~", "punct": r"!-/:-@\[-`{-~", "space": r"\t\n\v\f\r ", "upper": "A-Z",
    "word": "0-9A-Za-z_", "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_TOKEN = re.compile(r"\\([pP])(?:\{(\^?)(\w+)\}|(\w))|\[:(\^?)(\w+):\]|\\.|[\[\]]", re.DOTALL)


@functools.lru_cache(maxsize=256)
def compiled_pattern(pattern: bytes) -> re.Pattern:
    """The pattern for texts decoded as UTF-8. Raises: InvalidArgumentError if it cannot be read."""
    text = pattern.decode("utf-8", "surrogateescape")
    try:
        return re.compile(_translated(text), re.ASCII)
    except re.error as error:
        raise InvalidArgumentError(f"Invalid pattern: {text}, error: {error}.") from None


def _translated(text: str) -> str:
    """Classes by POSIX name and by Unicode property spelt out; `\\z` as Python writes it."""
    inside, begin = False, 0  # within brackets, and since where

    def replace(token: re.Match) -> str:
        nonlocal inside, begin
        found = token.group()
        if found == "[":
            if not inside:
                inside, begin = True, token.end()
                return found
            return r"\["
        if found == "]":
            first = text[begin : token.start()] in ("", "^")
            inside = inside and first  # a bracket that comes first is one of the characters
            return r"\]" if first and inside else found
        if token.group(6) is not None:
            if token.group(6) not in _POSIX or token.group(5):
                raise InvalidArgumentError(f"Invalid pattern: {text}, error: there is no class {found} here.")
            return _POSIX[token.group(6)]
        if token.group(1) is not None:
            is_not = (token.group(1) == "P") != bool(token.group(2))
            return _property(token.group(3) or token.group(4), is_not, inside)
        return r"\Z" if found == r"\z" else found

    return _TOKEN.sub(replace, text)


@functools.lru_cache(maxsize=64)
def _property(name: str, is_not: bool, inside: bool) -> str:
    """The characters of a general category (L, Lu, N, P, ...) as a class, or what stands within brackets of one."""
    ranges, start = [], None
    for point in range(sys.maxunicode + 2):
        has = point <= sys.maxunicode and unicodedata.category(chr(point)).startswith(name) != is_not
        if has and start is None:
            start = point
        elif not has and start is not None:
            ranges.append(f"\\U{start:08x}-\\U{point - 1:08x}")
            start = None
    if not ranges or (is_not and ranges == [f"\\U{0:08x}-\\U{sys.maxunicode:08x}"]):
        raise InvalidArgumentError(f"Invalid pattern: there is no Unicode category {name!r} (scripts are not known).")
    return "".join(ranges) if inside else f"[{''.join(ranges)}]"

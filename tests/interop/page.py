"""`docs/interop.md`: one section for each command that measures something, replaced when it runs again."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "interop.md"
TITLE = "# Files exchanged with the originals\n\nWritten by the commands that the sections name; run them again after a change.\n"


def replace_section(heading: str, text: str, page: Path = PAGE) -> None:
    """Put `text` under `## heading`, at the end if there is no such section."""
    known = page.read_text() if page.exists() else TITLE
    section = f"## {heading}\n\n{text.strip()}\n"
    old = re.search(rf"^## {re.escape(heading)}$.*?(?=^## |\Z)", known, re.MULTILINE | re.DOTALL)
    if old is None:
        page.write_text(f"{known.rstrip()}\n\n{section}")
        return
    after = known[old.end() :]
    page.write_text(known[: old.start()] + section + ("\n" + after if after else ""))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)

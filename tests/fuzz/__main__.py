"""`python -m tests.fuzz --count 100000 --seed 0 [--format NAME]`: damaged files of every format, read in child processes.

A case is right if it loads or is refused by one of Cornu's errors, within 5 seconds and 20 times its size + 200 MB. Others are
written to `--findings`; `python -m tests.fuzz --replay FOLDER` reads one again.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz import runs
from tests.fuzz.cases import judge
from tests.fuzz.formats import FORMATS


def replay(folder: Path) -> None:
    """Read a finding again, and let its error through."""
    form = FORMATS[folder.name.split("-")[0]]
    files = {path.name.removeprefix(form.name): path.read_bytes() for path in folder.iterdir()}
    print(*judge(files, form))
    form.read(folder / form.name)


def main(arguments: list[str]) -> int:
    """Run the cases. Returns: 1 if there are findings."""
    if arguments[:1] == ["--child"]:
        runs.child(arguments[1], Path(arguments[2]), *map(int, arguments[3:]))
        return 0
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="cases, of all formats together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--format", choices=FORMATS, help="all cases of this one")
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    parser.add_argument("--replay", type=Path, metavar="FOLDER")
    given = parser.parse_args(arguments)
    if given.replay:
        replay(given.replay)
        return 0
    found = 0
    shares = {given.format: 100} if given.format else {name: form.share for name, form in FORMATS.items()}
    with tempfile.TemporaryDirectory(prefix="cornu-corpus-") as corpus:
        for name, share in shares.items():
            start = time.monotonic()
            kinds = runs.run(name, Path(corpus), given.seed, -(-given.count * share // 100), given.findings)
            found += sum(kinds.values()) - kinds["ok"] - kinds["refused"]
            shown = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
            print(f"{name}: {sum(kinds.values())} cases in {time.monotonic() - start:.0f} s: {shown}", flush=True)
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

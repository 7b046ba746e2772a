"""Writes docs/scripts.md: which scripts of the seed documents run, from the reports of `run_seeds.py --json FILE`.

python docs/scripts.py fast.json full.json [...]; a script that is in several reports of one kind takes its place from the last.
"""

import json
import sys
from pathlib import Path

HEAD = """# Scripts of ten years

The scripts of the seed documents, unmodified, under `cornu run`: with two epochs and a few hundred samples (`--fast`), and whole.
Times are wall clock on two shared cores, imports and pictures included. CIFAR-10 is a stand-in where it is not
at hand. Written by `docs/scripts.py` from the runner's reports.

"""


def status(result: dict) -> str:
    """What became of a script."""
    if result["status"] == "fail" and result["mismatches"]:
        return "other values"
    return {"pass": "passes", "skip": "no data", "fail": "fails"}[result["status"]]


def cell(result: dict | None) -> str:
    """What became of a script, and in how many seconds."""
    if result is None:
        return "-"
    said = f": {'; '.join(result['mismatches'])}" if result["mismatches"] else ""
    return f"{status(result)}, {result['seconds']:.0f} s{said}"


def main(*files: str) -> None:
    """Merge the reports and write the table."""
    found: dict[bool, dict[str, dict]] = {True: {}, False: {}}
    for file in files:
        report = json.loads(Path(file).read_text())
        found[report["fast"]].update({each["script"]: each for each in report["results"]})
    lines = []
    for is_fast, title in ((True, "fast"), (False, "whole")):
        every = [status(each) for each in found[is_fast].values()]
        counts = ", ".join(f"{every.count(each)} {each}" for each in dict.fromkeys(every))
        lines.append(f"{title}: {counts}." if counts else f"{title}: not run.")
    lines += ["", "| script | values checked | fast | whole |", "|---|---|---|---|"]
    for script in sorted({*found[True], *found[False]}):
        fast, whole = found[True].get(script), found[False].get(script)
        checks = max(each["checks"] for each in (fast, whole) if each)
        lines.append(f"| `{script}` | {checks} | {cell(fast)} | {cell(whole)} |")
    Path(__file__).with_name("scripts.md").write_text(HEAD + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Tables and verdicts."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.race import Results

_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"))


def duration(value: float | None) -> str:
    """`1.23 s`, `45.6 ms`, `7.89 us`."""
    if value is None:
        return ""
    scale, unit = next(((scale, unit) for scale, unit in _UNITS if value >= scale), _UNITS[-1])
    return f"{value / scale:.3g} {unit}"


def compared(ratio: float) -> str:
    """The ratio in words, as seen from Cornu."""
    return f"{ratio:.2f}x faster" if ratio >= 1 else f"{1 / ratio:.2f}x slower"


def table(rows: list[list[str]]) -> str:
    """Columns side by side; the first is aligned to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])] for row in rows)
    return "\n".join("  " + "  ".join(line).rstrip() for line in lines)


def share(results: Results, contestant: str, limit: float) -> str:
    """Operations per second in 1e9, and what that is of the machine's `limit`: `142 (65 %)`; "" where none were counted."""
    operations, seconds = results.median("cornu", "operations"), results.median(contestant, "steady")
    if operations is None or not seconds:
        return ""
    speed = operations / seconds / 1e9
    return f"{speed:.0f} ({speed / limit:.0%})"


def measurements(workload: ModuleType, results: Results, limit: float) -> str:
    """Every contestant with its medians. Args: limit: operations of the machine's matrix product per second in 1e9."""
    columns = "", workload.UNIT, "lowest..highest", "GFLOP/s", "first call", "import", "peak MB", "result", "cornu is"
    rows = [list(columns)]
    for contestant, rounds in results.rounds.items():
        steady = [measured["steady"] for measured in rounds]
        ratio = None if contestant == "cornu" else results.ratio(contestant)
        result = rounds[-1].get("result")
        rows.append([
            contestant,
            duration(results.median(contestant, "steady")),
            f"{duration(min(steady))}..{duration(max(steady))}",
            share(results, contestant, limit),
            duration(results.median(contestant, "first")),
            duration(results.median(contestant, "import")),
            f"{results.median(contestant, 'peak'):.0f}",
            "" if result is None else f"{result:.4g}",
            "" if ratio is None else compared(ratio),
        ])  # fmt: skip
    return table(rows)


def verdicts(workload: ModuleType, results: Results) -> list[tuple[str, str]]:
    """`(PASS | FAIL | ----, sentence)` for every target and every problem; `----` is a rival that did not run."""
    lines = []
    for rival, wanted in workload.TARGETS.items():
        ratio = results.ratio(rival)
        goal = f"at least {wanted:g}x faster" if wanted >= 1 else f"at most {1 / wanted:g}x slower"
        if ratio is None:
            lines.append(("----", f"{rival}: wanted {goal}; not measured"))
        else:
            lines.append(("PASS" if ratio >= wanted else "FAIL", f"{rival}: {compared(ratio)}, wanted {goal}"))
    lines.extend(memory(results))
    lines.extend(("FAIL", problem) for problem in results.problems())
    if "cornu" in results.rounds and not results.problems():
        lines.extend(("PASS", promise) for promise in getattr(workload, "PROMISES", ()))
    return lines


def memory(results: Results) -> list[tuple[str, str]]:
    """The verdict on the peak: at most a fifth above that of the rival that needs least."""
    peaks = {name: results.median(name, "peak") or 0 for name in results.rounds if name not in ("cornu", "jax")}
    own = results.median("cornu", "peak")
    if not peaks or own is None:
        return []
    least = min(peaks, key=lambda name: peaks[name])
    sentence = f"peak memory: {own:.0f} MB beside {least}'s {peaks[least]:.0f} MB, wanted at most 1.2 of it"
    return [("PASS" if own <= 1.2 * peaks[least] else "FAIL", sentence)]


def page_row(name: str, workload: ModuleType, results: Results, limit: float, date: str) -> str:
    """A line of docs/benchmarks.md: Cornu, every rival from the fastest on, memory, the targets that are missed, when."""
    rivals = [rival for rival in results.rounds if rival != "cornu"]
    ratios = sorted((ratio, rival) for rival in rivals if (ratio := results.ratio(rival)) is not None)
    steady = {rival: duration(results.median(rival, "steady")) for rival in results.rounds}
    beside = ", ".join(f"{rival} {steady[rival]} ({compared(ratio)})" for ratio, rival in ratios)
    peaks = [results.median(rival, "peak") or 0 for _, rival in ratios]
    memory = f"{results.median('cornu', 'peak') or 0:.0f}" + (
        f" ({min(peaks):.0f} to {max(peaks):.0f})" if peaks else ""
    )
    missed = [sentence for verdict, sentence in verdicts(workload, results) if verdict == "FAIL"]
    work = share(results, "cornu", limit)
    title = workload.TITLE.replace("|", "\\|")
    when = f"{date}, {len(results.rounds.get('cornu', ()))}"
    own = steady.get("cornu", "failed")
    cells = f"`{name}`", title, workload.UNIT, own, work, beside, memory, "; ".join(missed), when
    return "| " + " | ".join(cells) + " |"


def page_rows(page: Path) -> dict[str, str]:
    """The lines of a page by their workload; none if it does not exist."""
    lines = page.read_text().splitlines() if page.exists() else []
    return {found[1]: line for line in lines if (found := re.match(r"\| `(\w+)` \|", line))}


def page(description: str, rows: Mapping[str, str]) -> str:
    """The whole of docs/benchmarks.md."""
    return f"""# Benchmarks

Medians, each contestant in a process of its own, rounds interleaved. Machines differ, and this one from hour to hour: quote
ratios, give or take a tenth. [`bench/README.md`](../bench/README.md) says how, [`bench/RESULTS.md`](../bench/RESULTS.md) why
rows miss their marks, what was tried, and earlier figures. A rival that is not named did not run.

The machine of the latest rows:

```
{description}
```

| workload | what | unit | Cornu | GFLOP/s (of the machine's) | rivals (Cornu is) | peak MB (rivals) | missed | date, rounds |
|---|---|---|---|---|---|---|---|---|
""" + "".join(f"{rows[name]}\n" for name in sorted(rows))


def machine(info: Mapping[str, Any]) -> str:
    """The machine in three lines."""
    return (
        f"{info['processor']}, {info['cores']} cores, load {info['load']}\n"
        f"float32 GEMM {info['gemm_gflops']} GFLOP/s, copy {info['copy_gb_per_s']} GB/s\n"
        f"{info['system']}, Python {info['python']}"
    )

"""Tables and verdicts."""

from collections.abc import Mapping
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


def measurements(workload: ModuleType, results: Results) -> str:
    """Every contestant with its medians."""
    rows = [["", workload.UNIT, "lowest..highest", "first call", "import", "peak MB", "result", "cornu is"]]
    for contestant, rounds in results.rounds.items():
        steady = [measured["steady"] for measured in rounds]
        ratio = None if contestant == "cornu" else results.ratio(contestant)
        result = rounds[-1].get("result")
        rows.append([
            contestant,
            duration(results.median(contestant, "steady")),
            f"{duration(min(steady))}..{duration(max(steady))}",
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
    lines.extend(("FAIL", problem) for problem in results.problems())
    if "cornu" in results.rounds and not results.problems():
        lines.extend(("PASS", promise) for promise in getattr(workload, "PROMISES", ()))
    return lines


def page_row(name: str, workload: ModuleType, results: Results) -> str:
    """A line of docs/benchmarks.md: Cornu, every rival from the fastest on, memory, the targets that are missed."""
    rivals = [rival for rival in results.rounds if rival != "cornu"]
    ratios = sorted((ratio, rival) for rival in rivals if (ratio := results.ratio(rival)) is not None)
    steady = {rival: duration(results.median(rival, "steady")) for rival in results.rounds}
    beside = ", ".join(f"{rival} {steady[rival]} ({compared(ratio)})" for ratio, rival in ratios)
    peaks = [results.median(rival, "peak") or 0 for _, rival in ratios]
    memory = f"{results.median('cornu', 'peak') or 0:.0f}" + (
        f" ({min(peaks):.0f} to {max(peaks):.0f})" if peaks else ""
    )
    missed = [sentence for verdict, sentence in verdicts(workload, results) if verdict == "FAIL"]
    title = workload.TITLE.replace("|", "\\|")
    cells = f"`{name}`", title, workload.UNIT, steady.get("cornu", "failed"), beside, memory, "; ".join(missed)
    return "| " + " | ".join(cells) + " |"


def page(description: str, rows: list[str], date: str) -> str:
    """The whole of docs/benchmarks.md."""
    return f"""# Benchmarks

Medians, each contestant in a process of its own, rounds interleaved. Machines differ: quote ratios. Written on {date};
[`bench/README.md`](../bench/README.md) says how, [`bench/RESULTS.md`](../bench/RESULTS.md) keeps earlier figures.

```
{description}
```

| workload | what | unit | Cornu | rivals, the fastest first (Cornu is) | peak MB (rivals) | missed |
|---|---|---|---|---|---|---|
""" + "".join(f"{row}\n" for row in rows)


def machine(info: Mapping[str, Any]) -> str:
    """The machine in three lines."""
    return (
        f"{info['processor']}, {info['cores']} cores, load {info['load']}\n"
        f"float32 GEMM {info['gemm_gflops']} GFLOP/s, copy {info['copy_gb_per_s']} GB/s\n"
        f"{info['system']}, Python {info['python']}"
    )

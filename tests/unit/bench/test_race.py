"""The arithmetic and the tables of the races; the races themselves are run by hand."""

import importlib
import sys
from types import SimpleNamespace

import pytest
from bench import race, report
from bench.__main__ import WORKLOADS
from bench.contestants import CONTESTANTS


def rounds(*seconds, problems=()):
    return [{"steady": s, "import": 1.0, "peak": 100.0, "problems": list(problems)} for s in seconds]


@pytest.fixture
def workload():
    return SimpleNamespace(TITLE="t", UNIT="seconds per call", TARGETS={"torch": 2.0, "jax": 1 / 3, "tensorflow": 8.0})


def test_ratio_is_the_median_of_the_ratios_within_rounds():
    results = race.Results({"cornu": rounds(1.0, 2.0, 4.0), "torch": rounds(3.0, 10.0, 8.0)})
    assert results.ratio("torch") == 3.0  # of 3, 5 and 2; the ratio of the medians would be 4
    assert results.ratio("jax") is None
    assert results.median("cornu", "steady") == 2.0
    assert results.median("cornu", "first") is None


def test_verdicts(workload):
    results = race.Results({"cornu": rounds(1.0), "torch": rounds(1.9), "jax": rounds(0.5)})
    assert report.verdicts(workload, results) == [
        ("FAIL", "torch: 1.90x faster, wanted at least 2x faster"),
        ("PASS", "jax: 2.00x slower, wanted at most 3x slower"),
        ("----", "tensorflow: wanted at least 8x faster; not measured"),
        ("PASS", "peak memory: 100 MB beside torch's 100 MB, wanted at most 1.2 of it"),
    ]
    results.rounds["torch"][0]["peak"] = 80.0
    assert ("FAIL", "peak memory: 100 MB beside torch's 80 MB, wanted at most 1.2 of it") in report.verdicts(
        workload, results
    )


def test_a_problem_is_a_failure_and_promises_hold_only_without_one(workload):
    workload.TARGETS, workload.PROMISES = {}, ("memory stays flat",)
    clean, leaking = race.Results({"cornu": rounds(1.0)}), race.Results({"cornu": rounds(1.0, 1.0, problems=["grew"])})
    assert report.verdicts(workload, clean) == [("PASS", "memory stays flat")]
    assert report.verdicts(workload, leaking) == [("FAIL", "grew")]


def test_measurements_table(workload):
    results = race.Results({"cornu": rounds(0.5, 0.25, 1.0), "torch": rounds(1.0, 1.0, 1.0)})
    results.rounds["cornu"] = [{**each, "operations": 40e9} for each in results.rounds["cornu"]]
    lines = report.measurements(workload, results, 200.0).splitlines()
    assert lines[1].split() == ["cornu", "500", "ms", "250", "ms..1", "s", "80", "(40%)", "1", "s", "100"]
    assert lines[2].endswith("2.00x faster")
    assert "40 (20%)" in lines[2]
    assert len({line.index("100") for line in lines[1:]}) == 1  # columns line up


@pytest.mark.parametrize("value, text", [(12.3456, "12.3 s"), (0.0456, "45.6 ms"), (7.89e-6, "7.89 us"), (None, "")])
def test_duration(value, text):
    assert report.duration(value) == text


def test_a_rival_that_is_not_installed_is_skipped_with_the_reason(workload, tmp_path):
    workload.with_torch = lambda torch, quick: {}
    results = race.race("mlp", workload, ["torch", "keras-jax"], rounds=1, rivals_python=str(tmp_path / "no-python"))
    assert results.skipped == {"torch": "torch not installed"}  # keras-jax has no function in this workload
    assert results.rounds == {}


def test_installed_versions():
    assert race.installed(sys.executable, ["numpy", "surely-not-a-package"]) == {
        "numpy": importlib.import_module("numpy").__version__,
        "surely-not-a-package": None,
    }


@pytest.mark.parametrize("name", WORKLOADS)
def test_workload_files_are_complete(name):
    workload = importlib.import_module(f"bench.workloads.{name}")
    assert workload.ROUNDS >= 3
    assert workload.UNIT.startswith("seconds per ")
    assert CONTESTANTS["cornu"].task(workload)
    assert all(CONTESTANTS[rival].task(workload) for rival in workload.TARGETS)


def test_rows_of_a_page_stay_until_they_are_raced_again(workload, tmp_path):
    page = tmp_path / "page.md"
    assert report.page_rows(page) == {}
    row = lambda name, seconds, date: report.page_row(
        name, workload, race.Results({"cornu": rounds(seconds, seconds), "torch": rounds(3.0, 3.0)}), 200.0, date
    )
    page.write_text(
        report.page("a machine", {"vgg16": row("vgg16", 1.0, "2026-01-01"), "mlp": row("mlp", 1.0, "2026-01-01")})
    )
    rows = report.page_rows(page)
    page.write_text(report.page("a machine", rows | {"mlp": row("mlp", 2.0, "2026-02-02")}))
    assert list(report.page_rows(page)) == ["mlp", "vgg16"]
    assert report.page_rows(page)["vgg16"] == rows["vgg16"] and rows["vgg16"].endswith("| 2026-01-01, 2 |")
    assert (
        "torch 3 s (1.50x faster)" in report.page_rows(page)["mlp"]
        and "2026-02-02, 2 |" in report.page_rows(page)["mlp"]
    )

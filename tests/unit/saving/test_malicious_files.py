"""Every malicious file is refused with one clear error, before anything is opened, imported, called or written.

The files are loaded in one child process under an audit hook; what it saw is compared here, case by case.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from malicious_cases import CASES

sys.path.pop(0)
MOST = 200_000  # kilobytes


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    folder = tmp_path_factory.mktemp("malicious")
    here = Path(__file__).parent
    paths = [str(here.parents[2] / "src"), str(here)]
    done = subprocess.run(
        [sys.executable, str(here / "audited_child.py"), str(folder)],
        capture_output=True, text=True, timeout=300, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", CASES)
def test_refused(outcome, name):
    case, found = CASES[name], outcome["results"][name]
    if case.error:
        assert re.fullmatch(f"({case.error})", found["error"]), found
        assert "CornuError" in found["classes"], found
    assert re.search(case.match, found["text"], re.DOTALL), found
    assert found["acts"] == []
    assert not found["canary"]
    assert found["kilobytes"] < MOST


def test_the_watch_sees_what_it_forbids(outcome):
    acts = outcome["control"]["acts"]
    assert outcome["control"]["canary"]
    assert any(act.startswith("marshal.loads") for act in acts)
    assert any(act.startswith("open ") and act.endswith("canary") for act in acts)


def test_nothing_was_written_outside(outcome):
    assert outcome["beside"] == ["canary", "canary.index"]
    assert outcome["canary"] == "secret\n" * 8

"""A process killed while it saves leaves files that load: those from before, or the new ones; the next save tidies up."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import saving_programs
from saving_programs import KINDS

sys.path.pop(0)
KILLS = int(os.environ.get("CORNU_KILLED_SAVES", "200"))


@pytest.fixture(scope="module")
def starter():
    """A process that starts the programs."""
    here = Path(__file__).parent
    paths = [str(here.parents[1] / "src"), str(here)]
    with subprocess.Popen(
        [sys.executable, "-u", saving_programs.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    ) as process:  # fmt: skip
        yield process
        process.stdin.close()


def killed(starter, kind, folder, start, seconds):
    """Run a program, kill it so long after its second save. Returns: the numbers of the saves that it told of."""
    starter.stdin.write(f"{kind}\t{folder}\t{start}\n")
    starter.stdin.flush()
    process = int(starter.stdout.readline().removeprefix("process "))
    told = [int(starter.stdout.readline()), int(starter.stdout.readline())]
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    while (line := starter.stdout.readline().strip()) != "dead":
        told.append(int(line))
    return told


def survive(starter, kind, folder, kills):
    chance, start = random.Random(kind), 1
    for _ in range(kills):
        told = killed(starter, kind, folder, start, chance.uniform(0, 0.06))
        number = KINDS[kind].number(folder)
        assert told[-1] - KINDS[kind].behind <= number <= told[-1] + 1  # it may be finished, but not told of any more
        start = number + 1
    return start


def tidied(kind, folder, start, monkeypatch):
    """The names in the folder after one more save."""

    told = []

    def stop(number):
        told.append(number)
        if len(told) > KINDS[kind].behind:
            raise StopIteration("enough")

    monkeypatch.setattr(saving_programs, "say", stop)
    with pytest.raises(StopIteration, match="enough"):
        KINDS[kind].program(folder, start)
    assert KINDS[kind].number(folder) == start
    return [name for name in os.listdir(folder) if name.startswith(".") or name.endswith(".tmp")]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="starts programs by forking")
@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_save_leaves_what_loads(kind, starter, tmp_path, monkeypatch):
    start = survive(starter, kind, tmp_path, 2)
    assert tidied(kind, tmp_path, start, monkeypatch) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="starts programs by forking")
@pytest.mark.parametrize("kind", KINDS)
def test_many_killed_saves(kind, starter, tmp_path, monkeypatch):
    start = survive(starter, kind, tmp_path, KILLS)
    assert tidied(kind, tmp_path, start, monkeypatch) == []

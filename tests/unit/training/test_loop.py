"""How many dispatches are under way at the same time."""

import types

import numpy as np
import pytest

from cornu.training import loop


class Dispatches:
    """A program that notes what is begun and what is waited for."""

    def __init__(self, nbytes):
        self.mutable = [types.SimpleNamespace(_stored=np.zeros(nbytes, np.uint8))]
        self.under_way, self.most = set(), 0

    def __call__(self, rows, data, order, first, count):
        number = object()
        self.under_way.add(number)
        self.most = max(self.most, len(self.under_way))
        return {"loss": types.SimpleNamespace(block_until_ready=lambda: self.under_way.discard(number))}


def run(program, kind, eager=False):
    told = []

    def after(done, logs):
        told.append(done)
        return False

    if kind == "arrays":
        pace = loop.Pace(1, False)
        done, _ = loop.run_arrays(program, None, 24, 4, lambda again: None, None, pace, eager, None, after)
    else:
        batches = iter([(np.zeros((4, 1)),)] * 6)
        done, _ = loop.run_stream(program, batches, None, 1, None, after)
    assert done == 6 and told == [1, 2, 3, 4, 5, 6]
    return program.most


@pytest.mark.parametrize("kind", ["arrays", "stream"])
def test_long_dispatches_of_large_models_run_one_at_a_time(kind, monkeypatch):
    monkeypatch.setattr(loop, "_LONG", -1.0)
    monkeypatch.setattr(loop, "_HEAVY", 100)
    assert run(Dispatches(101), kind) == 1
    assert run(Dispatches(100), kind) > 1


@pytest.mark.parametrize("kind", ["arrays", "stream"])
def test_short_dispatches_overlap(kind, monkeypatch):
    monkeypatch.setattr(loop, "_LONG", 60.0)
    monkeypatch.setattr(loop, "_HEAVY", 100)
    assert run(Dispatches(101), kind) == (2 if kind == "arrays" else loop._RUN_AHEAD)


def test_callbacks_that_listen_do_not_lift_the_bound(monkeypatch):
    monkeypatch.setattr(loop, "_LONG", 60.0)
    assert run(Dispatches(1), "arrays", eager=True) == 2


def test_the_first_to_ask_for_an_end_ends_it():
    program, told = Dispatches(1), []

    def after(done, logs):
        told.append(done)
        return done == 2

    pace = loop.Pace(1, False)
    done, _ = loop.run_arrays(program, None, 24, 4, lambda again: None, None, pace, False, None, after)
    assert told == [1, 2] and done in (2, 3)

"""The background thread: order, bound, errors, stopping."""

import gc
import threading
import time
import traceback

import pytest

from cornu.training.prefetch import Prefetcher


def settle(condition, seconds=5.0):
    """Wait until `condition()` holds."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return condition()


def test_order_and_end():
    run = Prefetcher(iter(range(100)), 3)
    assert list(run) == list(range(100))
    assert list(run) == []


def test_it_stays_a_bounded_number_ahead():
    made = []

    def source():
        for i in range(50):
            made.append(i)
            yield i

    run = Prefetcher(source(), 4)
    assert settle(lambda: len(made) == 5)  # four wait, one is held
    time.sleep(0.05)
    assert len(made) == 5
    assert next(run) == 0
    assert settle(lambda: len(made) == 6)
    assert run.join() == [1, 2, 3, 4, 5]
    assert len(made) == 6


def test_an_error_comes_after_what_was_made_before_it_with_its_traceback():
    def broken_source():
        yield 1
        raise KeyError("the shelf is empty")

    run = Prefetcher(broken_source(), 4)
    assert next(run) == 1
    with pytest.raises(KeyError, match="the shelf is empty") as caught:
        next(run)
    assert "broken_source" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]


def test_closing_ends_the_thread():
    before = threading.active_count()
    run = Prefetcher(iter(range(1000)), 2)
    assert next(run) == 0
    run.join()
    assert threading.active_count() <= before
    del run
    gc.collect()

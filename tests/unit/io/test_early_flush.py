"""Flushing while a file grows: what is written is what comes back, and no thread is left."""

import threading

import pytest

from cornu.io import early_flush


def test_a_large_file_is_flushed_on_the_way(tmp_path, monkeypatch):
    monkeypatch.setattr(early_flush, "_PART", 1000)
    flushed = threading.Event()
    monkeypatch.setattr(early_flush.os, "fdatasync", lambda number: flushed.set(), raising=False)
    with open(tmp_path / "a", "wb") as file, early_flush.flushing(file) as wrote:
        for _ in range(50):
            wrote(file.write(b"x" * 100))
        assert flushed.wait(10)
    assert (tmp_path / "a").read_bytes() == b"x" * 5000
    assert "cornu-flush" not in {thread.name for thread in threading.enumerate()}


def test_a_small_file_starts_no_thread(tmp_path):
    with open(tmp_path / "a", "wb") as file, early_flush.flushing(file) as wrote:
        wrote(file.write(b"x"))
        assert "cornu-flush" not in {thread.name for thread in threading.enumerate()}


def test_an_error_of_a_flush_is_raised(tmp_path, monkeypatch):
    """Linux reports a failed write to one sync only."""
    monkeypatch.setattr(early_flush, "_PART", 10)

    failed = threading.Event()

    def fail(number):
        failed.set()
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(early_flush.os, "fdatasync", fail, raising=False)
    with pytest.raises(OSError, match="Input/output error"):
        with open(tmp_path / "a", "wb") as file, early_flush.flushing(file) as wrote:
            wrote(file.write(b"x" * 100))
            failed.wait(10)

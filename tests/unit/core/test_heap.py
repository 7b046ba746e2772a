"""glibc's heap: set once, and left alone where the user has set it."""

import os
import types

import jax
import pytest

from cornu.core import heap
from cornu.core.heap import keep_freed_pages


def is_glibc():
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc")
    except (AttributeError, ValueError):
        return False


@pytest.fixture
def untouched(monkeypatch):
    for name in list(os.environ):
        if name.startswith("MALLOC_") or name == "GLIBC_TUNABLES":
            monkeypatch.delenv(name)
    heap._glibc.cache_clear()
    yield
    heap._glibc.cache_clear()


def test_it_is_done_where_there_is_glibc(untouched):
    assert keep_freed_pages() == is_glibc()


@pytest.mark.parametrize("name", ["MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES"])
def test_the_users_own_settings_win(untouched, monkeypatch, name):
    monkeypatch.setenv(name, "1")
    assert not keep_freed_pages()


def test_other_systems_are_left_alone(untouched, monkeypatch):
    monkeypatch.setattr(os, "confstr", lambda name: "musl 1.2")
    assert not keep_freed_pages()


def test_what_a_long_compilation_needed_is_given_back(monkeypatch):
    trimmed = []
    library = types.SimpleNamespace(malloc_trim=trimmed.append)
    monkeypatch.setattr(heap, "_glibc", lambda: library)
    heap._after("/some/other/event", 9.0)
    heap._after(heap._COMPILED, 0.01)
    assert not trimmed
    heap._after(heap._COMPILED, 9.0)
    assert trimmed == [0]


def test_jax_tells_how_long_it_compiled():
    told = []
    jax.monitoring.register_event_duration_secs_listener(lambda event, seconds, **_: told.append(event))
    jax.jit(lambda x: x * 3 + 1).lower(1.0).compile()
    assert heap._COMPILED in told

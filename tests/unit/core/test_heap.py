"""glibc's heap: set once, and left alone where the user has set it."""

import os

import pytest

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


def test_it_is_done_where_there_is_glibc(untouched):
    assert keep_freed_pages() == is_glibc()


@pytest.mark.parametrize("name", ["MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES"])
def test_the_users_own_settings_win(untouched, monkeypatch, name):
    monkeypatch.setenv(name, "1")
    assert not keep_freed_pages()


def test_other_systems_are_left_alone(untouched, monkeypatch):
    monkeypatch.setattr(os, "confstr", lambda name: "musl 1.2")
    assert not keep_freed_pages()

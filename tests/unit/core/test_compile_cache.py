"""Compiled programs on disk: where, when, and never an error."""

import os
import stat

import jax
import pytest

from cornu.core import compile_cache


@pytest.fixture
def fresh(monkeypatch):
    """The cache as in a new process; JAX's settings are put back."""
    monkeypatch.setattr(compile_cache, "_state", {"asked": False})
    settings = (
        "jax_compilation_cache_dir", "jax_persistent_cache_min_compile_time_secs", "jax_persistent_cache_min_entry_size_bytes",
    )  # fmt: skip
    saved = {name: getattr(jax.config, name) for name in settings}
    jax.config.update("jax_compilation_cache_dir", None)
    yield monkeypatch
    for name, value in saved.items():
        jax.config.update(name, value)


def test_switched_off(fresh):
    fresh.setenv("CORNU_COMPILE_CACHE", "0")
    assert compile_cache.cache_folder() is None
    compile_cache.enable_compile_cache()
    assert jax.config.jax_compilation_cache_dir is None


def test_folder_of_the_user(fresh, tmp_path):
    fresh.delenv("CORNU_COMPILE_CACHE", raising=False)
    fresh.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = compile_cache.cache_folder()
    assert folder.parent == tmp_path / "cornu" / "xla" and len(folder.name) == 16
    fresh.setattr(compile_cache, "_processor", lambda: "another one")
    assert compile_cache.cache_folder() != folder  # programs of another processor may crash


def test_made_private_and_used(fresh, tmp_path):
    place = tmp_path / "programs"
    place.mkdir(mode=0o777)
    fresh.setenv("CORNU_COMPILE_CACHE", str(place))
    compile_cache.enable_compile_cache()
    folder = compile_cache.cache_folder()
    assert jax.config.jax_compilation_cache_dir == str(folder)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, place)] == [0o700, 0o700]


def test_a_choice_of_the_user_stays(fresh, tmp_path):
    jax.config.update("jax_compilation_cache_dir", str(tmp_path))
    fresh.setenv("CORNU_COMPILE_CACHE", str(tmp_path / "other"))
    compile_cache.enable_compile_cache()
    assert jax.config.jax_compilation_cache_dir == str(tmp_path) and not (tmp_path / "other").exists()


def test_folder_that_cannot_be_made_is_no_error(fresh, tmp_path):
    (tmp_path / "file").write_text("")
    fresh.setenv("CORNU_COMPILE_CACHE", str(tmp_path / "file" / "below"))
    compile_cache.enable_compile_cache()
    assert jax.config.jax_compilation_cache_dir is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no users here")
def test_folder_of_somebody_else_is_not_trusted(fresh, tmp_path):
    fresh.setenv("CORNU_COMPILE_CACHE", str(tmp_path / "programs"))
    fresh.setattr(compile_cache.os, "getuid", lambda: os.stat(tmp_path).st_uid + 1)
    compile_cache.enable_compile_cache()
    assert jax.config.jax_compilation_cache_dir is None


def test_asked_once(fresh, tmp_path):
    fresh.setenv("CORNU_COMPILE_CACHE", str(tmp_path / "one"))
    compile_cache.enable_compile_cache()
    fresh.setenv("CORNU_COMPILE_CACHE", str(tmp_path / "two"))
    compile_cache.enable_compile_cache()
    assert not (tmp_path / "two").exists()

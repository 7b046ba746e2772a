"""A file is the old one or the new one, whatever happens in between."""

import os
import stat
import subprocess
import sys
import threading

import pytest

from cornu._base.errors import InvalidArgumentError, NotFoundError
from cornu.io import atomic


def test_content_and_no_leftovers(tmp_path):
    atomic.write_bytes(tmp_path / "a", b"one")
    atomic.write_bytes(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_failure_keeps_the_old_file(tmp_path, error):
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(error, match="stop"), atomic.replacing(tmp_path / "a") as temporary:
        temporary.write_bytes(b"half")
        raise error("stop")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


def test_existing_file_is_kept_without_overwrite(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(InvalidArgumentError, match="exists and overwrite=False"):
        atomic.write_bytes(tmp_path / "a", b"new", overwrite=False)
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_file_that_appears_meanwhile_is_kept_without_overwrite(tmp_path):
    with (
        pytest.raises(InvalidArgumentError, match="exists and overwrite=False"),
        atomic.replacing(tmp_path / "a", overwrite=False) as temporary,
    ):
        temporary.write_bytes(b"mine")
        (tmp_path / "a").write_bytes(b"theirs")
    assert (tmp_path / "a").read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == ["a"]


def test_new_file_without_overwrite(tmp_path):
    atomic.write_bytes(tmp_path / "a", b"new", overwrite=False)
    assert (tmp_path / "a").read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a"]


def test_links_and_permissions_survive(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    os.chmod(tmp_path / "real", 0o640)
    os.symlink(tmp_path / "real", tmp_path / "link")
    atomic.write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "real").stat().st_mode) == 0o640


def test_places_that_cannot_be_written(tmp_path):
    with pytest.raises(NotFoundError, match=r"does not exist\. Create it"):
        atomic.write_bytes(tmp_path / "no" / "a", b"")
    with pytest.raises(InvalidArgumentError, match="is a folder"):
        atomic.write_bytes(tmp_path, b"")


def left_by(process, folder, name="a", machine=None):
    """A temporary file as a process that was killed leaves it."""
    left = folder / f".{name}.{machine or atomic._machine()}-{process}-0123456789ab.tmp"
    left.write_bytes(b"half")
    return left


def test_leftovers_of_dead_processes_are_collected(tmp_path):
    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    dead, other = left_by(int(done.stdout), tmp_path), left_by(int(done.stdout), tmp_path, "b")
    alive, elsewhere = left_by(os.getppid(), tmp_path), left_by(1, tmp_path, machine="00000000")
    (tmp_path / f"{dead.name}.folder").mkdir()
    folder = tmp_path / dead.name.replace("0123456789ab", "ba9876543210")
    (folder / "inside").mkdir(parents=True)
    atomic.write_bytes(tmp_path / "a", b"new")
    assert not dead.exists()
    assert not folder.exists()
    assert other.exists()  # of another file
    assert alive.exists()
    assert elsewhere.exists()  # its process may be at work on another machine
    atomic.copy_name(tmp_path / "a", tmp_path / "b")
    assert not other.exists()
    os.utime(elsewhere, (0, 0))
    atomic.write_bytes(tmp_path / "a", b"new")
    assert not elsewhere.exists()


def test_scratch_folders_go(tmp_path):
    with pytest.raises(KeyError, match="stop"), atomic.scratch_folder(tmp_path / "a") as folder:
        (folder / "x").write_bytes(b"1")
        assert folder.parent == tmp_path
        raise KeyError("stop")
    assert os.listdir(tmp_path) == []


@pytest.fixture
def slow_disk(monkeypatch):
    """What reaches the disk, in order; names do so only when the event is set."""
    order, may_go_on = [], threading.Event()
    replace, sync_folder = os.replace, atomic._sync_folder

    def replaced(source, target):
        order.append(f"name {os.path.basename(target)}")
        replace(source, target)

    def synced(folder):
        assert may_go_on.wait(10)
        sync_folder(folder)
        order.append("folder")

    monkeypatch.setattr(os, "replace", replaced)
    monkeypatch.setattr(atomic, "_sync_folder", synced)
    yield order, may_go_on
    may_go_on.set()
    atomic.wait_for_names()


def test_names_that_are_synced_later_do_not_hold_the_writer(tmp_path, slow_disk):
    order, may_go_on = slow_disk
    with atomic.names_synced_later():
        atomic.write_bytes(tmp_path / "a", b"one")
    assert (tmp_path / "a").read_bytes() == b"one"
    assert order == ["name a"]
    may_go_on.set()
    atomic.wait_for_names()
    assert order == ["name a", "folder"]


def test_names_reach_the_disk_in_their_order(tmp_path, slow_disk):
    order, may_go_on = slow_disk
    threading.Timer(0.2, may_go_on.set).start()
    with atomic.names_synced_later():
        atomic.write_bytes(tmp_path / "a", b"one")
        atomic.write_bytes(tmp_path / "b", b"two")
    atomic.wait_for_names(tmp_path)
    assert order == ["name a", "folder", "name b", "folder"]


def test_what_the_disk_says_later_is_raised_by_the_next_file(tmp_path, monkeypatch):
    def full(folder):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch, atomic.names_synced_later():
        patch.setattr(atomic, "_sync_folder", full)
        atomic.write_bytes(tmp_path / "a", b"one")
    with pytest.raises(OSError, match="Input/output error"):
        atomic.write_bytes(tmp_path / "b", b"two")
    atomic.write_bytes(tmp_path / "b", b"two")  # said once
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


def test_a_folder_that_is_gone_needs_no_sync(tmp_path):
    (tmp_path / "folder").mkdir()
    with atomic.names_synced_later():
        atomic.write_bytes(tmp_path / "folder" / "a", b"one")
        (tmp_path / "folder" / "a").unlink()
        (tmp_path / "folder").rmdir()
    atomic.wait_for_names()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_a_forked_process_does_not_wait_for_the_thread_it_does_not_have(tmp_path):
    script = f"""
import os, pathlib
from cornu.io import atomic
folder = pathlib.Path({str(tmp_path)!r})
with atomic.names_synced_later():
    atomic.write_bytes(folder / "a", b"one")
    if (child := os.fork()) == 0:
        atomic.write_bytes(folder / "b", b"two")
        atomic.wait_for_names()
        os._exit(0)
assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]

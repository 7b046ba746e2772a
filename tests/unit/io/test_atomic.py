"""A file is the old one or the new one, whatever happens in between."""

import os
import stat
import subprocess
import sys

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

"""Files are fetched once, whole and with the right hash."""

import hashlib
import tarfile
from pathlib import Path

import pytest

from cornu import utils
from cornu._base.errors import DataLossError, InvalidArgumentError, NotFoundError

get_file = utils.get_file


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "plain.txt").write_text("plain")
    with tarfile.open(folder / "arch.tar.gz", "w:gz") as archive:
        archive.add(folder / "plain.txt", "inner/plain.txt")
    return folder


def test_fetched_once(source, tmp_path, capsys):
    url, cache = (source / "plain.txt").as_uri(), tmp_path / "cache"
    path = get_file("p.txt", url, cache_dir=cache)
    assert path == str(cache / "datasets" / "p.txt")
    assert "Downloading data from file://" in capsys.readouterr().out
    (source / "plain.txt").write_text("other")
    assert Path(get_file("p.txt", url, cache_dir=cache)).read_text() == "plain"
    assert capsys.readouterr().out == ""
    assert Path(get_file("p.txt", url, cache_dir=cache, force_download=True)).read_text() == "other"
    assert get_file(origin=url, cache_dir=cache, cache_subdir="models") == str(cache / "models" / "plain.txt")


def test_keras_home(source, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    assert get_file(origin=(source / "plain.txt").as_uri()) == str(tmp_path / "home/datasets/plain.txt")


@pytest.mark.parametrize("algorithm", ["sha256", "md5", "auto", "sha1"])
def test_hashes(source, tmp_path, algorithm, capsys):
    url = (source / "plain.txt").as_uri()
    name = "sha256" if algorithm == "auto" else algorithm
    digest = hashlib.new(name, b"plain").hexdigest()
    cached = tmp_path / "cache" / "datasets" / "plain.txt"
    cached.parent.mkdir(parents=True)
    cached.write_text("outdated")
    path = get_file(None, url, file_hash=digest, hash_algorithm=algorithm, cache_dir=tmp_path / "cache")
    assert Path(path).read_text() == "plain"
    assert "incomplete or outdated" in capsys.readouterr().out
    with pytest.raises(DataLossError, match="Incomplete or corrupted file detected"):
        get_file("q.txt", url, md5_hash="0" * 32, cache_dir=tmp_path / "cache")
    assert not (tmp_path / "cache/datasets/q.txt").exists()


@pytest.mark.parametrize(
    ("fname", "options", "file", "folder"),
    [
        ("arch", {"untar": True}, "arch_archive", "arch"),
        ("arch.tar.gz", {"extract": True}, "arch.tar.gz", "arch_extracted"),
        ("arch.tar.gz", {"extract": True, "archive_format": ["tar", "zip"]}, "arch.tar.gz", "arch_extracted"),
        (None, {"extract": True}, "arch.tar.gz_archive", "arch.tar.gz"),
    ],
)
def test_archives(source, tmp_path, fname, options, file, folder):
    path = get_file(fname, (source / "arch.tar.gz").as_uri(), cache_dir=tmp_path, **options)
    assert path == str(tmp_path / "datasets" / folder)
    assert (tmp_path / "datasets" / folder / "inner/plain.txt").read_text() == "plain"
    assert sorted(p.name for p in (tmp_path / "datasets").iterdir()) == sorted([file, folder])
    assert get_file(fname, (source / "arch.tar.gz").as_uri(), cache_dir=tmp_path, **options) == path


def test_offline_message(tmp_path):
    with pytest.raises(NotFoundError, match=r"URL fetch failure on .*put it at .*x\.npz, or set KERAS_HOME"):
        get_file("x.npz", (tmp_path / "nothing").as_uri(), cache_dir=tmp_path / "cache")
    assert not list((tmp_path / "cache/datasets").iterdir())


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("x",), {}, 'Please specify the "origin" argument'),
        (("a/b", "file:///x"), {}, "Paths are no longer accepted"),
        (("../b", "file:///x"), {}, "Paths are no longer accepted"),
        (("b", "data:text/plain,x"), {}, "Expected an address with http"),
        (("b", "file:///x"), {"extract": True, "archive_format": "rar"}, "Expected archive_format"),
        ((None, "http://host/"), {}, "Pass fname"),
    ],
)
def test_bad_arguments(arguments, options, message, tmp_path):
    with pytest.raises(InvalidArgumentError, match=message):
        get_file(*arguments, cache_dir=tmp_path, **options)

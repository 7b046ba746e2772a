"""Archives are unpacked, and cannot write anywhere else."""

import io
import stat
import tarfile
import zipfile

import pytest

from cornu._base.errors import DataLossError, InvalidArgumentError, UnsafeFileError
from cornu.io.extraction import extract


def tar(path, *members):
    """`(name, content)`, `(name, kind, goal)` for links and devices."""
    with tarfile.open(path, "w:gz") as archive:
        for name, *rest in members:
            info = tarfile.TarInfo(name)
            if len(rest) == 1:
                info.size = len(rest[0])
                archive.addfile(info, io.BytesIO(rest[0]))
            else:
                info.type, info.linkname = rest
                archive.addfile(info)
    return path


def test_whole_trees(tmp_path):
    path = tar(
        tmp_path / "a.tgz", ("d/x.txt", b"one"), ("d/e/y.txt", b"two"), ("d/e/up", tarfile.SYMTYPE, "../x.txt"),
        ("d/copy", tarfile.LNKTYPE, "d/x.txt"),
    )  # fmt: skip
    extract(path, tmp_path / "out")
    assert (tmp_path / "out/d/e/y.txt").read_bytes() == b"two"
    assert (tmp_path / "out/d/e/up").read_bytes() == b"one"
    assert (tmp_path / "out/d/copy").read_bytes() == b"one"
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("d/z.txt", "three")
    extract(tmp_path / "b.zip", tmp_path / "out")  # takes the place of what was there
    assert sorted(p.name for p in (tmp_path / "out").rglob("*")) == ["d", "z.txt"]


@pytest.mark.parametrize(
    "members",
    [
        [("../x", b"1")],
        [("/abs", b"1")],
        [("a/../../x", b"1")],
        [("a\\..\\x", b"1")],
        [("link", tarfile.SYMTYPE, "/etc")],
        [("link", tarfile.SYMTYPE, "..")],
        [("d/link", tarfile.SYMTYPE, "../../x")],
        [("link", tarfile.SYMTYPE, "d"), ("link/x", b"1")],
        [("d/s", tarfile.SYMTYPE, "../x"), ("t", tarfile.SYMTYPE, "d/s/../..")],
        [("link", tarfile.SYMTYPE, "x"), ("link", b"1")],
        [("pipe", tarfile.FIFOTYPE, "")],
    ],
)
def test_nothing_lands_outside(members, tmp_path):
    path = tar(tmp_path / "a.tgz", ("good", b"1"), *members)
    (tmp_path / "in").mkdir()
    with pytest.raises(UnsafeFileError, match="Nothing was unpacked"):
        extract(path, tmp_path / "in" / "out")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.tgz", "in"]
    assert not list((tmp_path / "in").iterdir())


def test_zip_links_and_escapes(tmp_path):
    for name, mode in (("../x", 0o644), ("link", stat.S_IFLNK | 0o777)):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, "/etc/passwd")
        with pytest.raises(UnsafeFileError, match="Nothing was unpacked"):
            extract(tmp_path / "a.zip", tmp_path / "out")
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


def test_other_files(tmp_path):
    (tmp_path / "x.txt").write_text("no archive")
    with pytest.raises(InvalidArgumentError, match="it is no archive"):
        extract(tmp_path / "x.txt", tmp_path / "out")
    path = tar(tmp_path / "a.tgz", ("x", b"1" * 5000))
    with pytest.raises(InvalidArgumentError, match="it is tar"):
        extract(path, tmp_path / "out", ("zip",))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataLossError, match="damaged"):
        extract(path, tmp_path / "out")

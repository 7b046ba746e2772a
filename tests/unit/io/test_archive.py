"""Zip archives: what is written comes back; what lies about itself is refused."""

import io
import os
import zipfile

import pytest

from cornu._base.errors import DataLossError, NotFoundError, UnsafeFileError
from cornu.io.archive import Archive, Budget, write_archive


def written(path, *members):
    with open(path, "wb") as file:
        write_archive(file, members)
    return path


def test_round_trip(tmp_path):
    (tmp_path / "big").write_bytes(bytes(range(256)) * 20)
    path = written(tmp_path / "a.zip", ("x.json", b"{}"), ("folder/big", tmp_path / "big"))
    with Archive(path) as archive:
        assert list(archive) == ["x.json", "folder/big"]
        assert archive.read("x.json") == b"{}"
        with archive.open("folder/big") as file:
            file.seek(-3, os.SEEK_END)
            assert file.read() == b"\xfd\xfe\xff"
            file.seek(256)
            assert file.read(2) == b"\x00\x01"
        copy = io.BytesIO()
        archive.copy("folder/big", copy)
        assert copy.getvalue() == (tmp_path / "big").read_bytes()
        with pytest.raises(NotFoundError, match=r"no member 'y'; it holds x\.json"):
            archive.read("y")
    assert zipfile.ZipFile(path).testzip() is None


def test_a_function_writes_a_member_where_it_stays(tmp_path):
    def write(file):
        file.write(b"0123456789")
        file.seek(4)
        file.write(memoryview(b"four"))
        file.truncate(9)

    with open(tmp_path / "a.zip", "w+b") as file:
        write_archive(file, [("first", b"1"), ("folder/second", write), ("third", b"3")])
    with Archive(tmp_path / "a.zip") as archive:
        assert [archive.read(name) for name in archive] == [b"1", b"0123four8", b"3"]
        with archive.open("folder/second") as file:
            assert file.read() == b"0123four8"
    assert zipfile.ZipFile(tmp_path / "a.zip").testzip() is None


def test_equal_contents_give_equal_bytes(tmp_path):
    one, two = (written(tmp_path / name, ("x", b"1" * 100)) for name in "ab")
    assert one.read_bytes() == two.read_bytes()


def test_compressed_members_are_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("x", b"abc" * 1000)
    with Archive(tmp_path / "a.zip") as archive, archive.open("x") as file:
        assert file.read() == b"abc" * 1000


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "a\\x", "C:/x"])
def test_names_outside_of_the_archive_are_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr(name, b"")
    with pytest.raises(UnsafeFileError, match="outside of the archive"):
        Archive(tmp_path / "a.zip")
    with pytest.raises(UnsafeFileError, match="outside of the archive"):
        written(tmp_path / "b.zip", (name, b""))


def test_links_duplicates_and_bombs_are_refused(tmp_path):
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as file:
        file.writestr(link, "/etc/passwd")
    with pytest.raises(UnsafeFileError, match="symbolic link"):
        Archive(tmp_path / "link.zip")

    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as file:
        file.writestr("x", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("x", b"2")
    with pytest.raises(UnsafeFileError, match="'x' twice"):
        Archive(tmp_path / "twice.zip")

    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("zeros", bytes(8 << 20))
    with pytest.raises(UnsafeFileError, match="claims to grow from"):
        Archive(tmp_path / "bomb.zip")

    path = written(tmp_path / "a.zip", ("x", b"12345"), ("y", b""))
    with pytest.raises(UnsafeFileError, match="claims 2 members; at most 1"):
        Archive(path, Budget(members=1))
    with (
        Archive(path, Budget(text=4, text_expansion=0)) as archive,
        pytest.raises(UnsafeFileError, match="claims 5 bytes; at most 4"),
    ):
        archive.read("x")


def test_damage_is_found(tmp_path):
    path = written(tmp_path / "a.zip", ("x", b"0123456789" * 100))
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"0123456789", b"0123456780", 1))
    with Archive(path) as archive:
        with pytest.raises(DataLossError, match=r"x in .* is damaged"):
            archive.read("x")
        with pytest.raises(DataLossError, match="its checksum differs"), archive.open("x"):
            pass
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(DataLossError, match="not a whole zip archive"):
            Archive(path)

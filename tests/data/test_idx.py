"""IDX files, whole and broken."""

import gzip
import struct

import numpy as np
import pytest

import dlnotes as dl


def idx(array, code):
    header = struct.pack(f">HBB{array.ndim}I", 0, code, array.ndim, *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


@pytest.mark.parametrize("dtype", CODES)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_every_type_comes_back_as_it_was(tmp_path, dtype, pack):
    array = np.random.default_rng(1).normal(0, 50, (4, 3, 2)).astype(dtype)
    path = tmp_path / "array"
    path.write_bytes(pack(idx(array, CODES[dtype])))
    for name in (path, str(path)):
        found = dl.data.read_idx(name)
        assert np.array_equal(found, array)
        assert found.dtype == np.dtype(dtype)
        assert found.dtype.isnative
        assert found.flags.writeable


def test_an_array_may_be_empty_or_larger_than_a_piece(tmp_path, monkeypatch):
    monkeypatch.setitem(dl.data.read_idx.__globals__["take"].__globals__, "PIECE", 5)
    for array in (np.zeros((3, 0), np.uint8), np.arange(23, dtype=np.uint8)):
        (tmp_path / "array").write_bytes(idx(array, 8))
        assert np.array_equal(dl.data.read_idx(tmp_path / "array"), array)


WHOLE = idx(np.arange(6, dtype=np.uint8).reshape(2, 3), 8)
FAULTS = {
    "empty": (b"", "ends after 0 of 4 bytes"),
    "header cut off": (WHOLE[:3], "ends after 3 of 4 bytes"),
    "shape cut off": (WHOLE[:7], "ends after 3 of 8 bytes"),
    "content cut off": (WHOLE[:-1], "ends after 5 of 6 bytes"),
    "goes on": (WHOLE + b"\0", "goes on after the 6 bytes"),
    "not zeros": (b"\1" + WHOLE[1:], "begins with 01 00 08 02"),
    "unknown type": (b"\0\0\x0a" + WHOLE[3:], "begins with 00 00 0a 02"),
    "text": (b"label,pixel\n5,0\n", "begins with 6c 61 62 65"),
    "no axes": (b"\0\0\x08\0", "says it has 0 axes"),
    "many axes": (b"\0\0\x08\xff" + 255 * b"\0\0\0\1" + b"\0", "says it has 255 axes"),
    "huge": (struct.pack(">HBB2I", 0, 8, 2, 2**31, 2**31), "asks for 4,611,686,018,427,387,904 b"),
    "huge but for a zero": (
        struct.pack(">HBB2I", 0, 8, 2, 0, 2**31) + b"1",
        "goes on after the 0 b",
    ),
    "too large even when empty": (
        struct.pack(">HBB4I", 0, 8, 4, 0, *3 * [2**31]),
        "too big|larger",
    ),
    "gzip cut off": (gzip.compress(WHOLE)[:-9], "ended before"),
    "gzip broken": (gzip.compress(WHOLE)[:10] + b"\xff" * 20, "invalid"),
    "gzip wrong sum": (gzip.compress(WHOLE)[:-8] + b"\0" * 8, "CRC"),
    "gzip of too much": (gzip.compress(WHOLE + b"\0" * 9**5), "goes on after the 6 bytes"),
    "gzip of nothing": (gzip.compress(b""), "ends after 0 of 4 bytes"),
    "gzip of a broken header": (gzip.compress(b"\1\2\3\4"), "begins with 01 02 03 04"),
    "only gzip's first bytes": (b"\x1f\x8b", "ended before"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_file_is_refused_by_name(tmp_path, fault):
    content, said = FAULTS[fault]
    path = tmp_path / "broken-ubyte"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"^read_idx: '.*broken-ubyte': .*({said})"):
        dl.data.read_idx(path)


def test_a_file_that_cannot_be_opened_is_refused_by_name(tmp_path):
    with pytest.raises(ValueError, match="^read_idx: '.*missing': No such file"):
        dl.data.read_idx(tmp_path / "missing")
    with pytest.raises(ValueError, match=f"^read_idx: '.*{tmp_path.name}': "):
        dl.data.read_idx(tmp_path)
    with pytest.raises(ValueError, match="^read_idx: .*null"):
        dl.data.read_idx("with\0null")


@pytest.mark.parametrize("path", [None, 3, b"bytes", ["a"]])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(TypeError, match="^read_idx: path is .*wanted the name of a file"):
        dl.data.read_idx(path)

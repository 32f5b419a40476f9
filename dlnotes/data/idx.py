"""IDX, the format that MNIST is published in: a short header, then the numbers."""

import contextlib
import gzip
import math
import os
import zlib
from pathlib import Path
from typing import IO

import numpy as np

# The third byte of the file says the type; numbers are big-endian.
TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MOST_AXES = 32  # NumPy's own limit for long
MOST_BYTES = 2**30  # Twenty times MNIST; a broken header can ask for anything.
PIECE = 2**20  # bytes read at a time, so that a short file costs no more than it holds


def read_idx(path: str | os.PathLike) -> np.ndarray:
    """The array in an IDX file, plain or gzip, with its own shape and type in this machine's byte
    order.

    The header is read first and says how many bytes must follow; exactly these are read. Format:
    LeCun, Cortes and Burges, "The MNIST database". ValueError naming the file where it cannot be
    opened or read, is not IDX, asks for more than 1 GiB, is too short or goes on after its end;
    TypeError where `path` is not a path.
    """
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"read_idx: path is {path!r}, wanted the name of a file")
    try:
        with contextlib.ExitStack() as stack:
            plain = stack.enter_context(Path(path).open("rb"))
            zipped = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            file = stack.enter_context(gzip.GzipFile(fileobj=plain)) if zipped else plain
            return array_in(file)
    except (OSError, EOFError, zlib.error, ValueError) as fault:
        # An OSError's own text would name the file a second time, or not at all.
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else fault
        raise ValueError(f"read_idx: {os.fspath(path)!r}: {reason}") from fault


def array_in(file: IO[bytes] | gzip.GzipFile) -> np.ndarray:
    """The array in an open IDX file; ValueError saying what is wrong with it."""
    magic = take(file, 4)
    if magic[:2] != b"\0\0" or magic[2] not in TYPES:
        raise ValueError(f"begins with {magic.hex(' ')}, wanted 00 00, a type and a number of axes")
    axes = magic[3]
    if not 1 <= axes <= MOST_AXES:
        raise ValueError(f"says it has {axes} axes, wanted 1–{MOST_AXES}")
    shape = tuple(np.frombuffer(take(file, 4 * axes), ">u4").tolist())
    dtype = np.dtype(TYPES[magic[2]])
    n_bytes = math.prod(shape) * dtype.itemsize
    if n_bytes > MOST_BYTES:
        raise ValueError(f"asks for {n_bytes:,} bytes, wanted at most {MOST_BYTES:,}")
    content = take(file, n_bytes)
    if file.read(1):
        raise ValueError(f"goes on after the {n_bytes:,} bytes of its shape {shape}")
    return np.frombuffer(content, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def take(file: IO[bytes] | gzip.GzipFile, n_bytes: int) -> bytes:
    """Exactly `n_bytes` of the file; ValueError where it ends before."""
    found = bytearray()
    while len(found) < n_bytes:
        piece = file.read(min(PIECE, n_bytes - len(found)))
        if not piece:
            raise ValueError(f"ends after {len(found):,} of {n_bytes:,} bytes")
        found += piece
    return bytes(found)

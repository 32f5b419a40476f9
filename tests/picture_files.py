"""Files that a reader might upload, good and bad, as base64 text."""

import base64
import io
import struct
import zlib

import numpy as np
from PIL import Image

COLOURS = np.random.default_rng(0).integers(0, 256, (5, 7, 3)).astype(np.uint8)


def text(data):
    return base64.b64encode(data).decode()


def written(image, kind="PNG", **options):
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


def file_of(pixels, kind="PNG", **options):
    return text(written(Image.fromarray(pixels), kind, **options))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def claiming(w, h):
    """A tiny PNG whose header claims to have w × h pixels."""
    header = struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0)
    end = chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + end

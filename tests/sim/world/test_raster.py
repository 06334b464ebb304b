from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray

from skykeep.sim.world.raster import encode_png, terrarium_rgb


def test_known_heights_have_their_terrarium_colours() -> None:
    rgb = terrarium_rgb(np.array([[0.0, 1.0, 0.5, -1.0, 300.0]]))
    assert rgb.tolist() == [[[128, 0, 0], [128, 1, 0], [128, 0, 128], [127, 255, 0], [129, 44, 0]]]


def test_heights_come_back_to_a_sixteenth_of_a_metre() -> None:
    heights_m = np.random.default_rng(3).uniform(-400.0, 8_800.0, (40, 50))
    red, green, blue = np.moveaxis(terrarium_rgb(heights_m).astype(float), -1, 0)
    assert np.abs(red * 256 + green + blue / 256 - 32_768 - heights_m).max() <= 1.0 / 16.0


def read_png(data: bytes) -> NDArray[np.uint8]:
    """Read the PNG by its specification: signature, chunks with checksums, one filtered deflate stream."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks: dict[bytes, bytes] = {}
    place = 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack(">I", data[place + 8 + length : place + 12 + length])
        assert checksum == zlib.crc32(kind + body)
        chunks[kind] = body
        place += 12 + length
    columns, rows, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colour) == (8, 2)
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(rows, 1 + 3 * columns)
    assert np.all(lines[:, 0] == 2)
    pixels: NDArray[np.uint8] = np.cumsum(lines[:, 1:], axis=0, dtype=np.uint8).reshape(rows, columns, 3)
    return pixels


@pytest.mark.parametrize("shape", [(1, 1), (256, 256), (3, 7)])
def test_a_png_reads_back_as_it_was(shape: tuple[int, int]) -> None:
    rgb = np.random.default_rng(4).integers(0, 256, (*shape, 3), dtype=np.uint8)
    assert np.array_equal(read_png(encode_png(rgb)), rgb)

from __future__ import annotations

import io
import zipfile

import pytest

from made_zones import national_list
from mutations import mutated
from skykeep.base.errors import DecodeError
from skykeep.wire.zone_files import format_of, read_zones, write_zones

KML = write_zones(national_list(2, seed=5), "kml")[0]


def archive(*names: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name in names:
            packed.writestr(name, KML if name.endswith(".kml") else b"picture")
    return out.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_an_archive_that_another_program_packed_is_read(method: int) -> None:
    data = archive("images/a.png", "doc.kml", method=method)
    assert format_of(data) == "kmz"
    assert read_zones(data, "made").zones == read_zones(KML, "made").zones


def test_only_the_first_document_is_read_and_the_others_are_named() -> None:
    listed = read_zones(archive("doc.kml", "more/second.kml"), "made")
    assert len(listed.zones) == 2
    assert listed.left_out == (("more/second.kml", "another document of the archive"),)


def test_an_archive_without_a_document_or_with_another_packing_is_refused() -> None:
    with pytest.raises(DecodeError, match=r"without a \.kml"):
        read_zones(archive("a.png"), "made")
    with pytest.raises(DecodeError, match="method 12"):
        read_zones(archive("doc.kml", method=zipfile.ZIP_BZIP2), "made")


def test_more_octets_than_the_archive_says_are_never_unpacked() -> None:
    data = bytearray(archive("doc.kml"))
    at = data.rfind(b"PK\x01\x02") + 24
    data[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(DecodeError, match="checksum"):
        read_zones(bytes(data), "made")
    data[at : at + 4] = b"\xff\xff\xff\xff"
    with pytest.raises(DecodeError, match="at most"):
        read_zones(bytes(data), "made")


def test_damaged_archives_are_read_or_refused() -> None:
    read = 0
    for data in mutated([archive("doc.kml")], 2_000, seed=4):
        try:
            read += len(read_zones(data, "made", "kmz").zones)
        except DecodeError:
            continue
    assert read > 0

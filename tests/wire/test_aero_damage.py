"""Damaged and hostile files of zones: a list or a DecodeError, never anything else, and soon."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_aero import MADE_AIXM, MADE_NOTAMS, MADE_OPENAIR, MADE_TFR, MADE_YAIXM
from mutations import documents_to_try, mutated
from skykeep.base.errors import DecodeError
from skykeep.domain.zone import ZoneList
from skykeep.wire.aixm import read_aixm
from skykeep.wire.notam import read_notam
from skykeep.wire.openair import read_openair
from skykeep.wire.tfr import read_tfr
from skykeep.wire.yaixm import read_yaixm

Read = Callable[[bytes, str], ZoneList]
NOTAMS = [b"(A01" + piece for piece in MADE_NOTAMS.split(b"(A01")[1:]]
FORMATS: dict[str, tuple[Read, list[bytes]]] = {
    "aixm": (read_aixm, [MADE_AIXM]),
    "notam": (read_notam, NOTAMS),
    "openair": (read_openair, [MADE_OPENAIR]),
    "tfr": (read_tfr, [MADE_TFR]),
    "yaixm": (read_yaixm, [MADE_YAIXM]),
}


def attempt(read: Read, data: bytes) -> bool:
    try:
        listed = read(data, "damaged")
    except DecodeError:
        return False
    assert isinstance(listed, ZoneList)
    for zone in listed.zones:
        assert zone.volumes
    return True


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files(name: str) -> None:
    read, files = FORMATS[name]

    whole = sum(attempt(read, data) for data in mutated(files, documents_to_try(), seed=5))

    assert 0 < whole <= documents_to_try()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xef\xbb\xbf", b"\x00" * 1000, b"\xff\xfe" * 500, b"(" * 50_000, b"[" * 50_000, b"{" * 50_000,
        b"<a>" * 50_000, b"A" * 200_000, b"0" * 200_000, b" " * 200_000, b"\n" * 200_000, b"- " * 50_000,
    ],
)  # fmt: skip
def test_hostile_files(name: str, data: bytes) -> None:
    attempt(FORMATS[name][0], data)


@pytest.mark.parametrize(
    "tail", ["0 ", "574012N ", "RADIUS ", "CLOCKWISE ARC ", "A) ", "MON-", "1-", "5740N01215E - "]
)
def test_a_long_notam_is_no_slower_than_long(tail: str) -> None:
    """Quadratic patterns would take minutes over this."""
    text = (tail * 30_000)[:29_000].encode()
    head = MADE_NOTAMS.split(b"E) ")[0]

    attempt(read_notam, head + b"E) " + text)
    attempt(read_notam, head.replace(b"D) 07", b"D) " + text[:1_900] + b" 07") + b"E) X")
    attempt(read_openair, b"AC R\nAN X\nAL " + text + b"\nDP " + text + b"\nDB " + text)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(FORMATS)), st.binary(max_size=400))
def test_any_bytes(name: str, data: bytes) -> None:
    attempt(FORMATS[name][0], data)

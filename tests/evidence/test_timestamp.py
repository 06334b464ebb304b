"""Whatever an authority answers is a timestamp or an InputError, and certificates are those of a chain."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skykeep.base.errors import InputError, SetupError
from skykeep.evidence.timestamp import check_timestamp, need_timestamps, read_certificates
from timestamp_authority import Authority, openssl

NOTE = b"a note\n"
MADE: dict[str, Authority] = {}


@pytest.fixture(scope="module", autouse=True)
def _made(tmp_path_factory: pytest.TempPathFactory) -> None:
    MADE["one"] = Authority(tmp_path_factory.mktemp("tsa") / "one")
    MADE["one"].first = MADE["one"].stamp(NOTE)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
@example(bytes.fromhex("30053003020100"))  # granted, and nothing in it
@example(bytes.fromhex("300530030201ff"))
@example(bytes.fromhex("30053003020109"))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"^timestamp: "):
        check_timestamp(data, NOTE)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_bent_byte_is_taken_that_a_signature_covers(data: st.DataObject) -> None:
    whole = MADE["one"].first
    at = data.draw(st.integers(0, len(whole) - 1))
    bent = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    roots = read_certificates(MADE["one"].root.read_bytes())
    was = check_timestamp(whole, NOTE, roots)
    with suppress(InputError):
        assert check_timestamp(bent, NOTE, roots) == was


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2_000))
def test_no_part_is_taken_for_the_whole(length: int) -> None:
    whole = MADE["one"].first
    with pytest.raises(InputError, match=r"^timestamp: "):
        check_timestamp(whole[: min(length, len(whole) - 1)], NOTE)


def test_it_is_over_one_note_only() -> None:
    with pytest.raises(InputError, match="one over another hash, must be over the SHA-256 of the note"):
        check_timestamp(MADE["one"].first, NOTE + b"!")
    with pytest.raises(InputError, match="70000 bytes, must be at most 65536"):
        check_timestamp(bytes(70_000), NOTE)


def test_a_certificate_for_another_purpose_does_not_timestamp(tmp_path: Path) -> None:
    """Under the same root, for servers: its signature as CMS, over what an authority would say."""
    folder = MADE["one"].folder
    (folder / "web").write_text("keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n")
    signed = "-CA root.pem -CAkey root.key -CAcreateserial -days 99 -extfile web -out web.pem"
    whole, content = MADE["one"].first, folder / "content"
    at = whole.index(bytes.fromhex("060b2a864886f70d0109100104")) + 13  # id-ct-TSTInfo, [0], octets
    content.write_bytes(_octets(whole[at:]))
    cms = "cms -sign -binary -nodetach -econtent_type 1.2.840.113549.1.9.16.1.4 -in content -signer web.pem"
    for words in (f"x509 -req -in signer.csr {signed}", f"{cms} -inkey signer.key -outform DER -out web.cms"):
        ran = openssl(folder, *words.split())
        assert ran.returncode == 0, ran.stderr
    token = (folder / "web.cms").read_bytes()
    inner = bytes.fromhex("3003020100") + token
    answer = b"\x30\x82" + len(inner).to_bytes(2, "big") + inner
    roots = read_certificates(MADE["one"].root.read_bytes())
    assert check_timestamp(answer, NOTE).name == MADE["one"].name, "the form of it is right"
    with pytest.raises(InputError, match="timestamp: "):
        check_timestamp(answer, NOTE, roots)


def _octets(data: bytes) -> bytes:
    """Return the content of the octet string inside a [0]."""
    for _ in range(2):
        long = data[1] & 0x80
        size = int.from_bytes(data[2 : 2 + (data[1] & 0x7F)], "big") if long else data[1]
        begin = 2 + (data[1] & 0x7F if long else 0)
        data = data[begin : begin + size]
    return data


def test_certificates_come_with_the_root_of_their_chain() -> None:
    assert len(read_certificates(MADE["one"].root.read_bytes())) == 1
    with pytest.raises(
        InputError, match="CN=Made-up Clock,O=Made-up Time alone, must be with its chain's root"
    ):
        read_certificates(MADE["one"].signer.read_bytes())
    with pytest.raises(InputError, match="certificate: what cannot be read"):
        read_certificates(b"no PEM")


def test_without_the_extra_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(SetupError, match=r"pip install 'skykeep\[timestamp\]'"):
        need_timestamps()

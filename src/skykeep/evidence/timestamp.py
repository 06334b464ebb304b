"""Timestamps by an authority (RFC 3161): somebody else's word that a note was there before a moment.

An authority signs the SHA-256 of the note's bytes, as they stand with their signatures, and the time. What
it answers is checked for its status, the hash, the number that was asked with, its signature and the chain of
certificates from it to a root. Roots that came with a record show nothing by themselves: whoever made the
record can have made them. So those that the reader has otherwise go before them.

Needs the extra `timestamp`. X.509 is that library's, and OpenSSL's under it.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING

import msgspec
from cryptography import x509

from skykeep.base.errors import InputError, SetupError

if TYPE_CHECKING:
    from rfc3161_client import TimeStampRequest, TimeStampResponse

NEEDS = "timestamps need the extra of that name: pip install 'skykeep[timestamp]'"
MOST_BYTES = 64 * 1024
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")


class Timestamp(msgspec.Struct, frozen=True, kw_only=True):
    """What an authority answered, as it came: a DER TimeStampResp, the `.tsr` of other tools. `certificates`
    (PEM) are those that stood behind it when it was asked.
    """

    answer: bytes
    certificates: bytes = b""


class Stamped(msgspec.Struct, frozen=True, kw_only=True):
    """What a timestamp says: when, and who. Its signature was looked at only if there were certificates.
    `time_utc_ns` is in whole seconds where the authority counts no finer.
    """

    time_utc_ns: int
    name: str


def need_timestamps() -> ModuleType:
    """Return the library that timestamps are asked for and checked with; SetupError without the extra."""
    try:
        import rfc3161_client
    except ImportError as error:
        raise SetupError(NEEDS) from error
    return rfc3161_client


def ask_for_timestamp(note: bytes) -> TimeStampRequest:
    """Return a request over the SHA-256 of a note, with a number of the library's own that nobody can guess;
    SetupError without the extra.
    """
    library = need_timestamps()
    builder = library.TimestampRequestBuilder(note, library.HashAlgorithm.SHA256)
    asked: TimeStampRequest = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    return asked


def read_certificates(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates of an authority as PEM holds them, with the root of the chain among them;
    InputError where it is not.
    """
    try:
        found = tuple(x509.load_pem_x509_certificates(pem))
    except ValueError as error:
        raise InputError("certificate", f"what cannot be read ({error})", "PEM certificates") from error
    if not any(each.subject == each.issuer for each in found):
        raise InputError("certificate", f"{found[0].subject.rfc4514_string()} alone", "with its chain's root")
    return found


def check_timestamp(
    answer: bytes, note: bytes, roots: Iterable[x509.Certificate] = (), nonce: int | None = None
) -> Stamped:
    """Return what an answer says of a note; InputError where it says nothing, or was made for another.

    One of `roots` must stand behind it; without any, its signature is not looked at. SetupError without the
    extra.
    """
    library, known = need_timestamps(), list(roots)
    if len(answer) > MOST_BYTES:
        raise InputError("timestamp", f"{len(answer)} bytes", f"at most {MOST_BYTES}")
    try:
        found = library.decode_timestamp_response(_in_order(answer))
        status = library.PKIStatus(found.status)
        if status is not library.PKIStatus.GRANTED:
            why = "".join(f", {says}" for says in found.status_string)
            raise InputError("timestamp", f"status {status.name.lower()}{why}", "granted")
        imprint = found.tst_info.message_imprint
        if imprint.hash_algorithm != _SHA256 or imprint.message != hashlib.sha256(note).digest():
            raise InputError("timestamp", "one over another hash", "over the SHA-256 of the note")
        if nonce is not None and found.tst_info.nonce != nonce:
            raise InputError("timestamp", "the number of another request", "that of this one")
        if known:
            library.VerifierBuilder(roots=known).build().verify_message(found, note)
        time_utc_ns, name = _ns_since_1970(found.tst_info.gen_time), _signer_of(found, known)
    except InputError:
        raise
    except library.VerificationError as error:
        raise InputError(
            "timestamp", _plain(str(error)), "a signature that one given stands behind"
        ) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError("timestamp", f"what cannot be read ({str(error)[:200]})", "RFC 3161") from error
    return Stamped(time_utc_ns=time_utc_ns, name=name)


def _plain(says: str) -> str:
    """Say what OpenSSL's stack of errors comes to."""
    if "certificate verify error" in says:
        return f"behind it stands none of the certificates given ({says.partition('Verify error: ')[2][:-6]})"
    return "a signature that does not fit" if "signature failure" in says else says[:200]


def _signer_of(found: TimeStampResponse, known: Iterable[x509.Certificate]) -> str:
    """Return the name in the certificate that an answer says is its signer's."""
    brought = [x509.load_der_x509_certificate(each) for each in found.signed_data.certificates]
    (signer,) = found.signed_data.signer_infos
    for each in (*brought, *known):
        if (each.issuer, each.serial_number) == (signer.issuer, signer.serial_number):
            return each.subject.rfc4514_string()
    raise InputError("timestamp", "no certificate of its signer", "one")


def _in_order(answer: bytes) -> bytes:
    """Return an answer with its certificates in the order of their bytes.

    OpenSSL's authorities send them in the order of the chain. DER wants a set in the order of its bytes, and
    the library reads no other. No signature covers their order.
    """
    try:
        at, _ = _inside(answer, 0)  # TimeStampResp: status, token
        at, _ = _inside(answer, _inside(answer, at)[1])  # the token: its kind, [0]
        at, _ = _inside(answer, _inside(answer, at)[1])
        at, _ = _inside(answer, at)  # SignedData: version, hashes, content, certificates
        for _ in range(3):
            at = _inside(answer, at)[1]
        begin, end = _inside(answer, at)
        certificates, at = [], begin
        while at < end:
            certificates.append(answer[at : _inside(answer, at)[1]])
            at += len(certificates[-1])
    except (IndexError, ValueError):
        return answer
    ordered = answer[:begin] + b"".join(sorted(certificates)) + answer[end:]
    return ordered if len(ordered) == len(answer) else answer


def _inside(data: bytes, at: int) -> tuple[int, int]:
    """Return where the content of the DER value at `at` begins and ends."""
    first, begin = data[at + 1], at + 2
    if first & 0x80:
        begin += first & 0x7F
        first = int.from_bytes(data[at + 2 : begin], "big")
    if not begin + first <= len(data) or begin + first <= at:
        raise ValueError
    return begin, begin + first


def _ns_since_1970(moment: datetime.datetime) -> int:
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1000

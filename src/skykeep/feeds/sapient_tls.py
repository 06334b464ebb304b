"""TLS with certificates on both sides, made from configured files; plain TCP only to ourselves."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Callable
from pathlib import Path

import msgspec

from skykeep.base.errors import SetupError


class TlsFiles(msgspec.Struct, frozen=True, kw_only=True):
    """PEM files: our certificate with its chain, its key, and the authorities that sign the other side's."""

    certificate: Path
    key: Path
    authorities: Path


def require_loopback(address: str) -> None:
    """SetupError unless `address` is of this machine: anything else needs TLS."""
    if address == "localhost":
        return
    try:
        loopback = ipaddress.ip_address(address).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise SetupError(
            f"{address} without TLS: only 127.0.0.0/8, ::1 and localhost may be plain; "
            "give tls = { certificate, key, authorities }"
        )


def server_context(files: TlsFiles, refused: Callable[[str], None]) -> ssl.SSLContext:
    """Return a context that asks every client for a certificate; `refused` hears why a handshake failed."""
    context = _loaded(files, ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED

    class TellingObject(ssl.SSLObject):
        def do_handshake(self) -> None:
            try:
                super().do_handshake()
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                raise
            except ssl.SSLError as error:
                # The event loop drops a failed handshake without a word.
                refused(_why(error))
                raise

    context.sslobject_class = TellingObject
    return context


def client_context(files: TlsFiles) -> ssl.SSLContext:
    """Return a context that shows our certificate and checks the server's and its name."""
    context = _loaded(files, ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = True
    return context


def _loaded(files: TlsFiles, protocol: ssl._SSLMethod) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    for path in (files.certificate, files.key, files.authorities):
        if not path.is_file():
            raise SetupError(f"{path}: no such file, must be PEM for TLS")
    try:
        context.load_cert_chain(files.certificate, files.key)
        context.load_verify_locations(files.authorities)
    except (ssl.SSLError, OSError) as error:
        raise SetupError(f"TLS files {files.certificate}, {files.authorities}: {_why(error)}") from error
    return context


def _why(error: OSError) -> str:
    return str(getattr(error, "reason", "") or error.strerror or error).replace("_", " ").lower()


def certificate_names(certificate: dict[str, object] | None) -> frozenset[str]:
    """Return the common names and DNS names of what `SSLObject.getpeercert` gave."""
    names: set[str] = set()
    if certificate:
        subject, alternatives = certificate.get("subject", ()), certificate.get("subjectAltName", ())
        assert isinstance(subject, tuple)
        assert isinstance(alternatives, tuple)
        names.update(value for part in subject for key, value in part if key == "commonName")
        names.update(value for key, value in alternatives if key == "DNS")
    return frozenset(names)

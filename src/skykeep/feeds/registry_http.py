"""A register of aircraft asked over HTTP: one GET an identity, answered in JSON.

`GET {address}?kind=remote_id&claimed_id=...` with `Authorization: Bearer ...` where a token is set.

| answer | means |
|---|---|
| 200 and `{"status": "valid", "operator_id": "", "model": "", "target_class": "", "says": ""}` | as it says |
| 404 | not registered |
| anything else, no answer in time, over 64 KiB, an unknown status | unreachable: nothing follows from it |

Hosts must be among those that the site allows, and every address behind a name is looked at before it is
called (`feeds/allowed_hosts.py`); plain HTTP goes to this machine only; redirections and proxies are not
followed.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request

import msgspec

from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.identity import TARGET_CLASS_NAMES
from skykeep.domain.registry import RegistryAnswer, RegistryStatus
from skykeep.domain.sensing import ClaimKind
from skykeep.feeds.allowed_hosts import HERE, Hosts
from skykeep.feeds.registry_file import ANY_KIND

PATIENCE_S = 3.0
LARGEST_BYTES = 65_536
LONGEST_WORDS = 300
NOT_FOUND = 404


class _Body(msgspec.Struct, frozen=True, kw_only=True):
    status: RegistryStatus
    operator_id: str = ""
    model: str = ""
    target_class: str = ""
    says: str = ""


class HttpRegister:
    """One register behind an address."""

    def __init__(
        self,
        address: str,
        name: str,
        hosts: Hosts,
        *,
        token: str = "",
        patience_s: float = PATIENCE_S,
        kinds: frozenset[ClaimKind] = ANY_KIND,
    ) -> None:
        try:
            parts = urllib.parse.urlsplit(address)
            host, _ = hosts.check(parts.hostname), parts.port
        except (LinkError, ValueError) as error:
            raise SetupError(f"{address}: {error}") from error
        if parts.scheme != "https" and not (parts.scheme == "http" and host in HERE):
            raise SetupError(f"{address}: must be https (plain http only to this machine)")
        if parts.query or parts.fragment:
            raise SetupError(f"{address}: must have no query and no fragment")
        self.name, self.kinds = name, kinds
        self._address, self._patience_s = address, patience_s
        self._opener = hosts.opener()
        self._headers = {"accept": "application/json"}
        if token:
            self._headers["authorization"] = f"Bearer {token}"

    def ask(self, kind: ClaimKind, claimed_id: str, now_utc_ns: int) -> RegistryAnswer:
        """Return what the register answers; `UNREACHABLE` with the reason where it gives no answer."""
        asked = {"kind": kind.value, "claimed_id": claimed_id}
        query = urllib.parse.urlencode(asked, errors="replace")
        request = urllib.request.Request(f"{self._address}?{query}", headers=self._headers)  # noqa: S310
        try:
            with self._opener.open(request, timeout=self._patience_s) as answer:
                body = _read(_all_of(answer, time.monotonic() + self._patience_s))
        except urllib.error.HTTPError as error:
            with error:
                if error.code == NOT_FOUND:
                    body = _Body(status=RegistryStatus.NOT_REGISTERED)
                else:
                    body = _nothing(f"It answered {error.code}.")
        except (OSError, ValueError, http.client.HTTPException, LinkError) as error:
            body = _nothing(f"{error}")
        return RegistryAnswer(
            kind=kind,
            claimed_id=claimed_id,
            status=body.status,
            source=self.name,
            time_utc_ns=now_utc_ns,
            operator_id=body.operator_id[:LONGEST_WORDS],
            model=body.model[:LONGEST_WORDS],
            target_class=body.target_class if body.target_class in TARGET_CLASS_NAMES else "",
            says=body.says[:LONGEST_WORDS],
        )


def _all_of(answer: http.client.HTTPResponse, until_s: float) -> bytes:
    """Return the body; OSError where it comes a drop at a time."""
    body = b""
    while len(body) <= LARGEST_BYTES:
        piece = answer.read1(LARGEST_BYTES)
        if not piece:
            break
        body += piece
        if time.monotonic() > until_s:
            raise TimeoutError("its answer took too long")
    return body


def _read(body: bytes) -> _Body:
    if len(body) > LARGEST_BYTES:
        return _nothing(f"It answered more than {LARGEST_BYTES} bytes.")
    try:
        return msgspec.json.decode(body, type=_Body)
    except (msgspec.DecodeError, ValueError) as error:
        return _nothing(f"What it answered cannot be read: {error}")


def _nothing(because: str) -> _Body:
    return _Body(status=RegistryStatus.UNREACHABLE, says=because)

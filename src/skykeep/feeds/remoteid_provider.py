"""Network Remote ID by asking: a service provider's flights in a view, and the details of the nameless.

As ASTM F3411-22a has a display provider ask: `GET URL/uss/flights?view=lat,lng,lat,lng`, then `GET
URL/uss/flights/ID/details`, with a bearer token. The token is read from its file for each round, so that
whatever obtains tokens can change it. Plain HTTP only to this machine itself; no redirection is followed, for
it would carry the token elsewhere.
"""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import msgspec

from skykeep.base.errors import LinkError, SetupError
from skykeep.feeds.allowed_hosts import HERE, NoRedirection
from skykeep.feeds.feed import Outlet
from skykeep.wire.remoteid_network_inputs import NetworkRemoteIdInput

LARGEST_ANSWER_BYTES = 8 << 20
PATIENCE_S = 10.0
DETAILS_PER_ROUND = 20
_OPENER = urllib.request.build_opener(NoRedirection)


class View(msgspec.Struct, frozen=True, kw_only=True):
    """The area asked about. Providers answer no diagonal over 7 km, and details of none over 2 km."""

    south_deg: float
    west_deg: float
    north_deg: float
    east_deg: float

    def __str__(self) -> str:
        return f"{self.south_deg:.6f},{self.west_deg:.6f},{self.north_deg:.6f},{self.east_deg:.6f}"


class RemoteIdProvider:
    """One service provider, asked every `period_s`."""

    def __init__(
        self,
        source_id: str,
        url: str,
        view: View,
        translator: NetworkRemoteIdInput,
        token_file: Path | None = None,
        period_s: float = 3.0,
    ) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in HERE):
            raise SetupError(f"{url}: must be https (plain http only to this machine)")
        self._source_id, self._url, self._view = source_id, url.rstrip("/"), view
        self._translator, self._token_file, self._period_s = translator, token_file, period_s

    @property
    def source_id(self) -> str:
        return self._source_id

    async def run(self, outlet: Outlet) -> None:
        """Ask until cancelled; LinkError when the provider cannot be reached or refuses."""
        while True:
            await self.ask(outlet)
            await asyncio.sleep(self._period_s)

    async def ask(self, outlet: Outlet) -> None:
        """Ask one round: the flights, then the details of some that are not named yet."""
        token = self._token()
        query = urllib.parse.urlencode({"view": str(self._view)}, safe=",")
        await self._take(f"/uss/flights?{query}", token, outlet)
        for flight in self._translator.wanted[:DETAILS_PER_ROUND]:
            await self._take(f"/uss/flights/{urllib.parse.quote(flight, safe='')}/details", token, outlet)

    async def _take(self, path: str, token: str, outlet: Outlet) -> None:
        data = await asyncio.to_thread(self._get, path, token)
        received_utc_ns = outlet.now_utc_ns()
        if data is not None and outlet.admit():
            taken = self._translator.take(data, received_utc_ns)
            if taken.records or taken.refusals:
                outlet.put(taken)

    def _get(self, path: str, token: str) -> bytes | None:
        """Return an answer, None for a flight that is no longer known."""
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(self._url + path, headers=headers)  # noqa: S310
        try:
            with _OPENER.open(request, timeout=PATIENCE_S) as answer:
                data: bytes = answer.read(LARGEST_ANSWER_BYTES + 1)
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 404 and path.endswith("/details"):
                    return None
                raise LinkError(f"{self._url}: answered {error.code} {error.reason}") from error
        except (OSError, ValueError) as error:
            raise LinkError(f"{self._url}: {error}") from error
        if len(data) > LARGEST_ANSWER_BYTES:
            raise LinkError(f"{self._url}: an answer of more than {LARGEST_ANSWER_BYTES} octets")
        return data

    def _token(self) -> str:
        if self._token_file is None:
            return ""
        try:
            return self._token_file.read_text().strip()
        except OSError as error:
            raise LinkError(f"{self._token_file}: {error.strerror}") from error

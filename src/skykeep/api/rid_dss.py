"""Telling a DSS (ASTM F3411-22a) where we provide identification service, and asking it who else does.

| done | asked of the DSS |
|---|---|
| create | PUT `/rid/v2/dss/identification_service_areas/ID` |
| change | PUT `.../ID/VERSION` |
| delete | DELETE `.../ID/VERSION`; the version is asked for first where we do not hold it |
| search | GET `.../identification_service_areas?area=lat,lng,...&earliest_time&latest_time` |

An area that has expired stays ours until we delete it, and can be deleted by its id alone: a DSS that has
forgotten it by then (404) has done what was wanted. Whoever is subscribed is told by us, as the interface
has it; one that cannot be told stops nothing and is named in the outcome.

The token is read from its file for each request. Plain HTTP only to this machine itself; no redirection.
"""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from skykeep.api.interuss_places import moment_body, outline_body
from skykeep.api.rid_flights import View
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.zone import Circle, Polygon
from skykeep.feeds.allowed_hosts import NoRedirection

AREAS = "/rid/v2/dss/identification_service_areas"
LARGEST_ANSWER_BYTES = 4 << 20
PATIENCE_S = 5.0
MOST_SUBSCRIBERS = 100
_HERE = ("127.0.0.1", "::1", "localhost")


Kind = TypeVar("Kind")


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirection)


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """An identification service area as the DSS has it."""

    id: str
    version: str
    owner: str = ""
    uss_base_url: str = ""


class SubscriptionState(msgspec.Struct, frozen=True):
    subscription_id: str
    notification_index: int = 0


class Subscriber(msgspec.Struct, frozen=True):
    url: str
    subscriptions: list[SubscriptionState] = []


class AreaAnswer(msgspec.Struct, frozen=True):
    service_area: Area
    subscribers: list[Subscriber] = []


class AreasAnswer(msgspec.Struct, frozen=True):
    service_areas: Annotated[list[Area], Meta(max_length=10_000)] = []


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a change: the area (None: the DSS had none), and which subscribers could not be told."""

    area: Area | None
    told: tuple[str, ...] = ()
    not_told: tuple[str, ...] = ()


def checked_url(url: str, what: str) -> str:
    """Return a base URL without its last slash; SetupError when it is not https."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise SetupError(f"{what} {url}: must be https (plain http only to this machine)")
    return url.rstrip("/")


def fetch(method: str, url: str, token: str, body: Any = None, patience_s: float = PATIENCE_S) -> bytes:
    """Return one answer; LinkError names the status where it is not a good one."""
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else msgspec.json.encode(body)
    if data is not None:
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310
    try:
        with _OPENER.open(request, timeout=patience_s) as answer:
            answered: bytes = answer.read(LARGEST_ANSWER_BYTES + 1)
    except urllib.error.HTTPError as error:
        with error:
            raise StatusError(url, error.code) from None
    except (OSError, ValueError) as error:
        raise LinkError(f"{url}: {error}") from error
    if len(answered) > LARGEST_ANSWER_BYTES:
        raise LinkError(f"{url}: an answer of more than {LARGEST_ANSWER_BYTES} octets")
    return answered


class StatusError(LinkError):
    """The other side answered, and not well."""

    def __init__(self, url: str, status: int) -> None:
        self.status = status
        super().__init__(f"{url}: answered {status}")


class Dss:
    """One DSS. `own_url` is the base URL under which our own `/uss/flights` is reached."""

    def __init__(self, url: str, own_url: str, token_file: Path | None = None) -> None:
        self._url = checked_url(url, "DSS")
        self._own_url = own_url.rstrip("/")
        self._token_file = token_file
        self._versions: dict[str, str] = {}

    @property
    def own_url(self) -> str:
        return self._own_url

    @property
    def areas(self) -> dict[str, str]:
        """The areas that are ours, by id, with their versions."""
        return dict(self._versions)

    def put_area(
        self,
        area_id: str,
        outline: Polygon | Circle,
        heights_hae_m: tuple[float, float],
        start_utc_ns: int,
        end_utc_ns: int,
    ) -> Told:
        """Create an area, or change the one that we hold by that id, and tell the subscribers."""
        low_m, high_m = heights_hae_m
        volume = {
            **outline_body(outline),
            "altitude_lower": {"value": low_m, "reference": "W84", "units": "M"},
            "altitude_upper": {"value": high_m, "reference": "W84", "units": "M"},
        }
        times = {"time_start": moment_body(start_utc_ns), "time_end": moment_body(end_utc_ns)}
        extents = {"volume": volume, **times}
        path = f"{AREAS}/{urllib.parse.quote(area_id, safe='')}"
        if area_id in self._versions:
            path += f"/{urllib.parse.quote(self._versions[area_id], safe='')}"
        answer = self._ask("PUT", path, AreaAnswer, {"extents": extents, "uss_base_url": self._own_url})
        self._versions[area_id] = answer.service_area.version
        return self._tell(answer, msgspec.to_builtins(answer.service_area) | times, extents)

    def delete_area(self, area_id: str, version: str = "") -> Told:
        """Delete an area by its id, expired or not; one that the DSS no longer has is gone as was wanted."""
        path = f"{AREAS}/{urllib.parse.quote(area_id, safe='')}"
        held = version or self._versions.get(area_id, "")
        try:
            held = held or self._version(path)
            try:
                answer = self._delete(path, held)
            except StatusError as error:
                if error.status != 409:
                    raise
                # Somebody else of us changed it: what the DSS has now is what is to go.
                answer = self._delete(path, self._version(path))
        except StatusError as error:
            if error.status != 404:
                raise
            self._versions.pop(area_id, None)
            return Told(area=None)
        self._versions.pop(area_id, None)
        return self._tell(answer, None, None)

    def areas_in(self, view: View, start_utc_ns: int, end_utc_ns: int) -> list[Area]:
        """Return the areas, whosesoever, that touch a view in a time."""
        south, west, north, east = view.south_deg, view.west_deg, view.north_deg, view.east_deg
        corners = ((south, west), (south, east), (north, east), (north, west))
        query = urllib.parse.urlencode(
            {
                "area": ",".join(f"{lat:.7f},{lng:.7f}" for lat, lng in corners),
                "earliest_time": moment_body(start_utc_ns)["value"],
                "latest_time": moment_body(end_utc_ns)["value"],
            },
            safe=",:",
        )
        return self._ask("GET", f"{AREAS}?{query}", AreasAnswer).service_areas

    def token(self) -> str:
        """Return the token to show."""
        if self._token_file is None:
            return ""
        try:
            return self._token_file.read_text().strip()
        except OSError as error:
            raise LinkError(f"{self._token_file}: {error.strerror}") from error

    def _version(self, path: str) -> str:
        return self._ask("GET", path, AreaAnswer).service_area.version

    def _delete(self, path: str, version: str) -> AreaAnswer:
        return self._ask("DELETE", f"{path}/{urllib.parse.quote(version, safe='')}", AreaAnswer)

    def _ask(self, method: str, path: str, kind: type[Kind], body: Any = None) -> Kind:
        data = fetch(method, self._url + path, self.token(), body)
        try:
            return msgspec.json.decode(data, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise LinkError(f"{self._url}{path}: {error}") from error

    def _tell(self, answer: AreaAnswer, area: Any, extents: Any) -> Told:
        told, not_told = [], []
        for subscriber in answer.subscribers[:MOST_SUBSCRIBERS]:
            body = {"subscriptions": subscriber.subscriptions}
            if area is not None:
                body |= {"service_area": area, "extents": extents}
            try:
                base = checked_url(subscriber.url, "subscriber")
                url = f"{base}/uss/identification_service_areas/{urllib.parse.quote(answer.service_area.id)}"
                fetch("POST", url, self.token(), body)
            except (LinkError, SetupError) as error:
                not_told.append(str(error))
            else:
                told.append(subscriber.url)
        not_told += [f"{one.url}: not tried" for one in answer.subscribers[MOST_SUBSCRIBERS:]]
        return Told(area=answer.service_area, told=tuple(told), not_told=tuple(not_told))

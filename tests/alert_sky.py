"""A sky for the alert desk: flights that other rooms have judged already, and people who do things.

Two assets 3 km apart, no playbook: what alerts do needs neither tasks nor proposals.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from made_picture import made_picture
from skykeep.base.clock import seconds_to_ns
from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.commands import AlertCommand
from skykeep.domain.identity import ClaimTest, Identification, Standing
from skykeep.domain.place import Asset, AssetKind, Person
from skykeep.domain.response import AlarmRate, Alert
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Site
from skykeep.domain.threat import Factors, Interval, Threat
from skykeep.geo.frames import LocalFrame
from skykeep.response.alerts import AlertBook
from skykeep.response.sighting import View
from skykeep.response.words import Words

START_UTC_NS = 1_935_540_000_000_000_000
DRONE = (0.9, 0.02, 0.04, 0.01, 0.03)
GULL = (0.02, 0.0, 0.95, 0.0, 0.03)
HOUSE = Asset(
    asset_id="house",
    name="the House",
    kind=AssetKind.RESIDENCE,
    position_enu_m=(0.0, 0.0, 0.0),
    breach_radius_m=200.0,
    warning_radius_m=1500.0,
)
STADIUM = msgspec.structs.replace(
    HOUSE, asset_id="stadium", name="the Stadium", position_enu_m=(3000.0, 0.0, 0.0), consequence=0.5
)
SITE = Site(
    site_id="site",
    name="Site",
    origin=LocalFrame(latitude_deg=10.0, longitude_deg=-30.0, height_hae_m=0.0),
    assets=(HOUSE, STADIUM),
    sensors=(),
    zones=(),
    permits=(),
    playbooks=(),
    people=(
        Person(person_id="op", name="Olga", role="operator"),
        Person(person_id="ada", name="Ada", role="commander", may_approve=True),
        Person(person_id="ben", name="Ben", role="deputy", may_approve=True),
    ),
)


class Flight(msgspec.Struct, kw_only=True):
    """One track and what is thought of it; it stands where it is put unless it is told its speed."""

    track_id: int = 1
    east_m: float = 3000.0
    north_m: float = 0.0
    east_mps: float = 0.0
    priority: float = 0.6
    group_id: str = ""
    asset_id: str = "house"
    breach_s: float | None = 120.0
    consequence: float = 1.0
    classes: tuple[float, float, float, float, float] = DRONE
    born_utc_ns: int = START_UTC_NS
    hits: int = 9
    claims: tuple[ClaimTest, ...] = ()
    verdict: AirspaceVerdict | None = None

    def threat(self) -> Threat:
        left_s = self.breach_s
        return Threat(
            track_id=self.track_id,
            asset_id=self.asset_id,
            aims_probability=0.9,
            breach=None
            if left_s is None
            else Interval(low_s=0.8 * left_s, mid_s=left_s, high_s=1.3 * left_s),
            worst_case_s=30.0,
            closest_approach_m=0.0,
            closest_approach_s=0.0,
            company=(),
            priority=self.priority,
            factors=Factors(
                unauthorised=1.0,
                aims_at_asset=0.9,
                breach_before_response=1.0,
                consequence=self.consequence,
            ),
            grounds=("It holds no permit.",),
            group_id=self.group_id,
        )

    def identification(self) -> Identification:
        return Identification(
            track_id=self.track_id,
            class_probabilities=self.classes,
            standing=Standing.UNKNOWN,
            set_by="rules",
            claimed_id="",
            claims=self.claims,
            evidence=(),
        )


class Watch:
    """An alert book, a clock and a sky. Every record that people are shown is kept in `shown`."""

    def __init__(self, *flights: Flight, rules: ResponseRules | None = None, site: Site = SITE) -> None:
        self.book = AlertBook(site, Words(site), rules or ResponseRules())
        self.flights = list(flights)
        self.time_utc_ns = START_UTC_NS
        self.shown: list[Alert] = []
        self.rates: list[AlarmRate] = []

    def look(self, seconds: int = 1, step_s: float = 1.0) -> Watch:
        """Let time pass, a look at every step."""
        for _ in range(seconds):
            self.time_utc_ns += seconds_to_ns(step_s)
            for flight in self.flights:
                flight.east_m += flight.east_mps * step_s
            rate = self.book.look(self.view())
            if rate is not None:
                self.rates.append(rate)
            self.shown += self.book.changed(self.time_utc_ns)
        return self

    def does(self, make: Callable[..., AlertCommand], by: str = "op", **fields: object) -> Alert:
        """A person does something with the first alert, unless another is named."""
        alert_id = fields.pop("alert_id", "alert-0001")
        alert = self.book.command(make(alert_id=alert_id, by=by, time_utc_ns=self.time_utc_ns, **fields))
        self.shown.append(alert)
        return alert

    def alert(self, alert_id: str = "alert-0001") -> Alert:
        return next(alert for alert in self.book.alerts if alert.alert_id == alert_id)

    def view(self) -> View:
        flights, n = self.flights, len(self.flights)
        picture = made_picture(
            self.time_utc_ns,
            [flight.track_id for flight in flights],
            [[flight.east_m, flight.north_m, 100.0, flight.east_mps, 0.0, 0.0] for flight in flights],
            born_utc_ns=[flight.born_utc_ns for flight in flights],
            hits=[flight.hits for flight in flights],
        )
        return View(
            self.time_utc_ns,
            picture,
            tuple(flight.identification() for flight in flights),
            tuple(flight.verdict for flight in flights if flight.verdict is not None),
            tuple(flight.threat() for flight in flights),
            np.full(n, 80.0),
        )


def swarm(count: int, group_id: str = "group-1", first: int = 1, north_m: float = 0.0) -> list[Flight]:
    """Return flights side by side that fly as one group."""
    return [Flight(track_id=first + k, north_m=north_m + 40.0 * k, group_id=group_id) for k in range(count)]

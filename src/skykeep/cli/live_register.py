"""The register beside the live console, composed: lists and commands, the public page, the doors."""

from __future__ import annotations

from pathlib import Path

from skykeep.api.apply_desk import ApplyDesk
from skykeep.api.apply_form import Region
from skykeep.api.interuss_geospatial import MapSettings
from skykeep.api.interuss_plan import PlanSettings
from skykeep.api.interuss_sources import SourceSettings
from skykeep.api.office_console import OfficeConsole
from skykeep.api.office_counter import OfficeCounter
from skykeep.api.own_flights import OwnFlights
from skykeep.api.register_api import DssSettings, RegisterApiSettings, create_register_api
from skykeep.api.server import Server
from skykeep.api.tokens import TokenSettings
from skykeep.app.register_duty import RegisterDuty
from skykeep.app.register_text import DoorsText, RegisterText
from skykeep.base.clock import Clock
from skykeep.domain.permit import Permit
from skykeep.domain.site import Site


class LiveRegister:
    """What a site file's `[register]` opens. `duty` follows the register; the rest shows and serves it."""

    def __init__(
        self, text: RegisterText, site: Site, folder: Path, clock: Clock, *, simulated: bool = False
    ) -> None:
        self.duty = RegisterDuty(text, site, folder, clock)
        duty = self.duty
        self.console = OfficeConsole(
            duty.office, site.people, text.authority, duty.zones, duty.track_place, duty.wake
        )
        self.flights = OwnFlights(site, self._permits, simulated=simulated)
        self.servers: list[Server] = []
        if text.doors is not None:
            settings = api_settings(text.doors, text, folder)
            app = create_register_api(
                duty.office, settings, clock, flights=self.flights, verdicts=self.flights
            )
            self.servers.append(Server(app, host=text.doors.host, port=text.doors.port))
        self._site, self._clock = site, clock

    def _permits(self) -> dict[str, Permit]:
        return self.duty.permits()

    def apply_desk(self) -> ApplyDesk | None:
        """Return the public page's desk, None where the site does not open one."""
        text = self.duty.text
        if not text.apply:
            return None
        region = Region(
            name=self._site.name,
            zone_name=text.time_zone,
            frame=self._site.origin,
            reach_m=text.apply_reach_m,
        )
        return ApplyDesk(OfficeCounter(self.duty.office, text.authority, self.duty.wake), region, self._clock)


def api_settings(doors: DoorsText, text: RegisterText, folder: Path) -> RegisterApiSettings:
    """Return what the doors are opened with."""
    return RegisterApiSettings(
        tokens=TokenSettings(
            issuer=doors.issuer,
            audiences=doors.audiences,
            key_files=tuple(folder / name for name in doors.key_files),
        ),
        scope_names=doors.scope_names,
        map=MapSettings(restriction_sources=doors.restriction_sources, rule_sets=doors.rule_sets),
        sources=SourceSettings(
            hosts=doors.source_hosts, http_from_this_machine=doors.source_http_from_this_machine
        ),
        plans=None
        if not doors.plan_contact
        else PlanSettings(contact=doors.plan_contact, authority_id=text.authority),
        dss=None
        if doors.dss is None
        else DssSettings(
            url=doors.dss.url,
            own_url=doors.dss.own_url,
            token_file=folder / doors.dss.token_file if doors.dss.token_file else None,
        ),
        tests=doors.test_interfaces,
    )

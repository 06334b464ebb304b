"""Which rules a night knew: those of its site, and those that came into force while it went on."""

from __future__ import annotations

import msgspec

from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.permit import Permit
from skykeep.domain.site import Site
from skykeep.domain.zone import Zone


class RulesTold:
    """The rules in force (`zones`), and every zone and permit there ever was, as it was last."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._in_force = {zone.zone_id: zone for zone in site.zones}
        self._ever = dict(self._in_force)
        self.permits: dict[str, Permit] = {permit.permit_id: permit for permit in site.permits}

    @property
    def zones(self) -> tuple[Zone, ...]:
        return tuple(self._in_force.values())

    def take(self, change: AirspaceChange) -> None:
        """Take note of a change."""
        for zone in change.zones_put:
            self._in_force[zone.zone_id] = self._ever[zone.zone_id] = zone
        for zone_id in change.zones_gone:
            self._in_force.pop(zone_id, None)
        self.permits.update({permit.permit_id: permit for permit in change.permits_put})

    def site(self) -> Site:
        """Return the site with every zone and permit that there ever was."""
        return msgspec.structs.replace(
            self._site, zones=tuple(self._ever.values()), permits=tuple(self.permits.values())
        )

"""A site of which only the place is known, and perhaps the sensors: nothing to guard, no rules, no people."""

from __future__ import annotations

from skykeep.domain.sensing import Sensor
from skykeep.domain.site import Site
from skykeep.geo.frames import LocalFrame


def bare_site(site_id: str, name: str, origin: LocalFrame, sensors: tuple[Sensor, ...] = ()) -> Site:
    """Return a site at `origin` with `sensors` and nothing else."""
    return Site(
        site_id=site_id,
        name=name,
        origin=origin,
        assets=(),
        sensors=sensors,
        zones=(),
        permits=(),
        playbooks=(),
        people=(),
        night=False,
    )

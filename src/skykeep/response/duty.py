"""How things stand at a site apart from the sky: posture, who is where, what both make of a breach."""

from __future__ import annotations

from skykeep.base.errors import InputError
from skykeep.domain.commands import SetOccupancy, SetPosture
from skykeep.domain.place import Asset
from skykeep.domain.posture import Occupancy, Posture, Situation
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Site
from skykeep.response.occupancy import OccupancyBook
from skykeep.response.posture import PostureBook


class Duty:
    """Posture and occupancy of one site, and what both make of each asset's consequence."""

    def __init__(self, site: Site, rules: ResponseRules) -> None:
        self._people = {person.person_id: person for person in site.people}
        self._assets = site.assets
        self._postures = PostureBook(site.postures, site.calendar, self._people)
        self._occupancies = OccupancyBook(site.assets, rules)

    @property
    def situation(self) -> Situation:
        """How things stood at the last look."""
        posture = self._postures.posture
        occupancies = self._occupancies.occupancies
        if posture is None:
            return Situation(level=self._postures.level, occupancies=occupancies)
        return Situation(posture=posture, level=self._postures.level, occupancies=occupancies)

    @property
    def standing(self) -> tuple[Posture | Occupancy, ...]:
        """What whoever was told nothing yet has to be told: the posture, and who is where."""
        posture = self._postures.posture
        return (*(() if posture is None else (posture,)), *self._occupancies.occupancies)

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The assets with who is there now, for whoever judges."""
        return self._occupancies.assets()

    @property
    def consequence_factor(self) -> dict[str, float]:
        """By what each asset's consequence is multiplied; the product is never above 1."""
        factor = self._postures.level.consequence_factor
        return {
            asset.asset_id: min(
                factor * self._occupancies.share(asset.asset_id), 1.0 / max(asset.consequence, 1e-9)
            )
            for asset in self._assets
        }

    def take_rules(self, rules: ResponseRules) -> None:
        """Go by other rules from the next look on."""
        self._occupancies.take_rules(rules)

    def command(self, command: SetPosture | SetOccupancy, now_utc_ns: int) -> None:
        """Take a person's word. Who is there anybody on duty may say; the posture is for who may approve."""
        person = self._people.get(command.by)
        if person is None:
            raise InputError("by", repr(command.by), "a person on duty at this site")
        now_utc_ns = max(now_utc_ns, command.time_utc_ns)
        if isinstance(command, SetOccupancy):
            self._occupancies.command(command, now_utc_ns)
        elif not person.may_approve:
            raise InputError("by", f"{person.person_id}, {person.role}", "a person who may approve")
        else:
            self._postures.command(command, now_utc_ns)

    def look(self, now_utc_ns: int) -> tuple[Posture | Occupancy, ...]:
        """Let the time pass; return what is otherwise than it was."""
        posture = self._postures.look(now_utc_ns)
        return (*(() if posture is None else (posture,)), *self._occupancies.look(now_utc_ns))

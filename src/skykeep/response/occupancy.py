"""Who is at each asset now, by configuration and by people's word, until the word runs out."""

from __future__ import annotations

import msgspec

from skykeep.base.errors import InputError
from skykeep.domain.commands import SetOccupancy
from skykeep.domain.place import Asset
from skykeep.domain.posture import Occupancy
from skykeep.domain.rules import ResponseRules
from skykeep.response.posture import check_until

MOST_PERSONS = 10_000_000


class OccupancyBook:
    """Who is at each asset, by configuration and by people's word."""

    def __init__(self, assets: tuple[Asset, ...], rules: ResponseRules) -> None:
        self._assets = {asset.asset_id: asset for asset in assets}
        self._rules = rules
        self._principal: dict[str, SetOccupancy] = {}
        self._persons: dict[str, SetOccupancy] = {}
        # When the word that holds last changed by running out.
        self._ran_out_utc_ns: dict[str, int] = {}
        self._occupancies = {asset_id: self._of(asset_id, 0) for asset_id in self._assets}

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """One for each asset, in the site's order."""
        return tuple(self._occupancies.values())

    def take_rules(self, rules: ResponseRules) -> None:
        self._rules = rules

    def command(self, command: SetOccupancy, now_utc_ns: int) -> None:
        """Take a person's word on who is there; it shows at the next look."""
        if command.asset_id not in self._assets:
            known = ", ".join(self._assets) or "an asset, and this site has none"
            raise InputError("asset_id", repr(command.asset_id), f"one of {known}")
        persons = command.occupancy_persons
        if command.principal_present is None and persons is None:
            raise InputError("principal_present", "nothing, nor occupancy_persons", "one of the two at least")
        if persons is not None and not 0 <= persons <= MOST_PERSONS:
            raise InputError("occupancy_persons", str(persons), f"in 0 to {MOST_PERSONS}")
        if not 0.5 <= command.sure <= 1.0:
            raise InputError("sure", f"{command.sure:g}", "in 0.5 (a guess) to 1 (certain)")
        check_until(command.until_utc_ns, now_utc_ns)
        if command.principal_present is not None:
            self._principal[command.asset_id] = command
        if persons is not None:
            self._persons[command.asset_id] = command

    def look(self, now_utc_ns: int) -> list[Occupancy]:
        """Let the time pass; return what is otherwise than it was."""
        for said in (self._principal, self._persons):
            for asset_id, command in said.items():
                if _over(command, now_utc_ns) and not _over(command, self._ran_out_utc_ns.get(asset_id, -1)):
                    self._ran_out_utc_ns[asset_id] = now_utc_ns
        changed = []
        for asset_id, before in self._occupancies.items():
            occupancy = self._of(asset_id, now_utc_ns)
            if occupancy != before:
                changed.append(occupancy)
        for occupancy in changed:
            self._occupancies[occupancy.asset_id] = occupancy
        return changed

    def assets(self) -> tuple[Asset, ...]:
        """Return the assets with who is there now. Away is only who counts as away."""
        return tuple(as_it_is(self._assets[each.asset_id], each) for each in self._occupancies.values())

    def share(self, asset_id: str) -> float:
        """Return how much of its consequence an asset has with the persons who are there now."""
        configured = self._assets[asset_id].occupancy_persons
        if configured <= 0:
            return 1.0
        here = self._occupancies[asset_id].occupancy_persons / configured
        return self._rules.empty_counts + (1.0 - self._rules.empty_counts) * here

    def _of(self, asset_id: str, now_utc_ns: int) -> Occupancy:
        asset = self._assets[asset_id]
        principal, persons = self._principal.get(asset_id), self._persons.get(asset_id)
        there, sure = asset.principal_present, 1.0
        if principal is not None:
            gone = _over(principal, now_utc_ns)
            there, sure = (None, 1.0) if gone else (principal.principal_present, principal.sure)
        count = asset.occupancy_persons
        if persons is not None and not _over(persons, now_utc_ns) and persons.occupancy_persons is not None:
            count = persons.occupancy_persons
        holding = [each for each in (principal, persons) if each is not None and not _over(each, now_utc_ns)]
        latest = max(holding, key=lambda each: each.time_utc_ns, default=None)
        since_utc_ns = 0 if latest is None else latest.time_utc_ns
        ends = [each.until_utc_ns for each in holding if each.until_utc_ns is not None]
        return Occupancy(
            asset_id=asset_id,
            occupancy_persons=count,
            principal_present=there,
            since_utc_ns=max(since_utc_ns, self._ran_out_utc_ns.get(asset_id, 0)),
            set_by="" if latest is None else latest.by,
            reason="" if latest is None else latest.reason,
            sure=sure,
            until_utc_ns=min(ends, default=None),
            counts_as_present=there is not False or sure < self._rules.sure_of_absence,
        )


def _over(command: SetOccupancy, now_utc_ns: int) -> bool:
    return command.until_utc_ns is not None and command.until_utc_ns <= now_utc_ns


def as_it_is(asset: Asset, now: Occupancy) -> Asset:
    """Return an asset with who is there now; a principal whose absence is doubted is not known to be away."""
    doubted = now.principal_present is False and now.counts_as_present
    present = None if doubted else now.principal_present
    return msgspec.structs.replace(asset, occupancy_persons=now.occupancy_persons, principal_present=present)

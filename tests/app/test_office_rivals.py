"""Eight clerks in eight processes approve, at the same moment, flights that cannot share the air."""

from __future__ import annotations

from pathlib import Path

import pytest

from office_people import ANA, CITY, DAY_NS, HOUR_NS, NOW_NS, disc, scope_of, terms_of
from rivals import rivals
from skykeep.app.office import Office, OfficeSettings
from skykeep.base.clock import ManualClock
from skykeep.domain.permit import GRANTED, Permit, PermitState
from skykeep.store.register import open_register

CLERKS = 8
ROUNDS = {"sqlite": 2, "postgresql": 10}
RIVAL = Path(__file__).parents[1] / "office_rival.py"


@pytest.mark.slow
def test_of_flights_that_cannot_share_the_air_one_is_approved(register_url: str) -> None:
    rounds = ROUNDS["postgresql" if "://" in register_url else "sqlite"]
    with (
        open_register(register_url) as register,
        rivals(RIVAL, *([[register_url, str(rounds)]] * CLERKS)) as ask,
    ):
        office = Office(register, ManualClock(NOW_NS), OfficeSettings(default_authority_id=CITY))
        for number in range(rounds):
            begins = NOW_NS + number * DAY_NS // 24 + HOUR_NS
            asked: list[Permit] = []
            for clerk in range(CLERKS):
                # Side by side by ten metres: each overlaps all the others.
                scope = scope_of(disc(east_km=0.01 * clerk), begins, begins + HOUR_NS // 4)
                asked.append(office.permits.apply(ANA, terms_of(scope)))
            assert {permit.state for permit in asked} == {PermitState.FURTHER_COORDINATION}

            assert ask([permit.permit_id for permit in asked]).count("granted") == 1

            now = [register.read().permit(permit.permit_id) for permit in asked]
            assert sum(permit is not None and permit.state in GRANTED for permit in now) == 1
        assert len(register.read().permits(GRANTED)) == rounds
        # Every step is kept, none twice: an application is a request, a submission and a hand-over.
        steps = [change.subject for change in register.read().changes_after(0, 10_000)]
        for permit in register.read().permits():
            assert len(register.read().permit_events(permit.permit_id)) == steps.count(permit.permit_id)

"""Several processes at once on one register: of permits that cannot stand together only one is granted."""

from __future__ import annotations

from pathlib import Path

from made_register import S, permit
from rivals import rivals
from skykeep.domain.permit import GRANTED
from skykeep.store.register import open_register

PROCESSES = 8
ROUNDS = {"sqlite": 2, "postgresql": 5}
RIVAL = Path(__file__).parents[1] / "register_rival.py"


def test_of_eight_processes_that_approve_what_conflicts_one_succeeds(register_url: str) -> None:
    """In each round every process asks for the same place and time at the same moment; a second permit, far
    from all others, is granted to each.
    """
    rounds = ROUNDS["postgresql" if "://" in register_url else "sqlite"]
    open_register(register_url).close()
    granted: dict[int, int] = {}
    with rivals(RIVAL, *([register_url, str(name), str(rounds)] for name in range(PROCESSES))) as ask:
        for number in range(rounds):
            granted[number] = ask([str(number)] * PROCESSES).count("granted")
    assert granted == dict.fromkeys(range(rounds), 1)

    with open_register(register_url) as register:
        read = register.read()
        for number in range(rounds):
            of_round = permit(from_s=100 * number, until_s=100 * number + 100).scope
            inside = of_round.start_utc_ns + 1 * S, of_round.end_utc_ns - 1 * S
            standing = read.permits(GRANTED, None, *inside)
            here = [p for p in standing if not p.permit_id.startswith("far")]
            assert len(here) == 1
        assert len(read.permits(GRANTED)) == rounds + PROCESSES * rounds
        assert [c.sequence for c in read.changes_after(0, 10_000)] == list(
            range(1, rounds * (2 * PROCESSES) + 1)
        )

"""An authority's clerk in a process of its own: `office_rival.py REGISTER ROUNDS`.

For each id of a permit on its standard input it approves that permit, and says whether it could.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from office_people import CITY, CLERK, NOW_NS
from skykeep.app.office import Office, OfficeSettings
from skykeep.base.clock import ManualClock
from skykeep.domain.faults import ConflictError
from skykeep.store.register import open_register


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main(url: str, rounds: str) -> None:
    with open_register(url) as register:
        office = Office(register, ManualClock(NOW_NS), OfficeSettings(default_authority_id=CITY))
        register.read().permits()
        say("ready")
        for _ in range(int(rounds)):
            permit_id = sys.stdin.readline().strip()
            try:
                office.permits.approve(CLERK, permit_id, "as asked")
            except ConflictError:
                say("refused")
            else:
                say("granted")


if __name__ == "__main__":
    main(*sys.argv[1:])

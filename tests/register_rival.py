"""A process of its own that approves permits: `register_rival.py REGISTER NAME ROUNDS`.

For each round number on its standard input it decides two permits in one change each, one that conflicts with
those of its rivals and one that does not, and says whether it granted the first.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import msgspec

from made_register import permit, permit_step, square
from skykeep.domain.permit import GRANTED, Permit, PermitState
from skykeep.domain.register import RegisterWriter
from skykeep.domain.zone import Polygon
from skykeep.store.register import open_register


def decide(writer: RegisterWriter, asked: Permit) -> bool:
    """Grant what conflicts with nothing that was granted; deny the rest."""
    at_the_time = writer.permits(GRANTED, None, asked.scope.start_utc_ns + 1, asked.scope.end_utc_ns - 1)
    conflicts = any(boxes_meet(asked, other) for other in at_the_time)
    state = PermitState.DENIED if conflicts else PermitState.APPROVED
    decided = msgspec.structs.replace(asked, state=state)
    writer.put_permit(decided, permit_step(decided))
    return not conflicts


def boxes_meet(one: Permit, other: Permit) -> bool:
    (west, south, east, north), (w, s, e, n) = box(one), box(other)
    return west <= e and w <= east and south <= n and s <= north


def box(of: Permit) -> tuple[float, float, float, float]:
    corners = [
        corner
        for flown in of.scope.volumes
        if isinstance(flown.volume.outline, Polygon)
        for ring in flown.volume.outline.rings
        for corner in ring
    ]
    longitudes, latitudes = zip(*corners, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main(url: str, name: str, rounds: str) -> None:
    with open_register(url) as register:
        register.read().permits()
        say("ready")
        for _ in range(int(rounds)):
            number = int(sys.stdin.readline())
            from_s = 100 * number
            here = permit(f"here-{name}-{number}", from_s=from_s, until_s=from_s + 100)
            away = square(west=20.0 + int(name))
            far = permit(f"far-{name}-{number}", from_s=from_s, until_s=from_s + 100, outline=away)
            granted = register.change(lambda writer, asked=here: decide(writer, asked))  # type: ignore[misc]
            assert register.change(lambda writer, asked=far: decide(writer, asked))  # type: ignore[misc]
            say("granted" if granted else "refused")


if __name__ == "__main__":
    main(*sys.argv[1:])

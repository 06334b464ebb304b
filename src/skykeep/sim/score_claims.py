"""Whether what is broadcast falsely was doubted, and what is broadcast truly was not.

A broadcast is one sender under one identity. It *is doubted* while the watch says, of the claim or of the
track it would belong to, that it cannot be so: contradicted by a sensor or by itself, on the air twice, or
not the flight of the permit that names its serial. Doubt counts once it has lasted for `LASTS_S` without a
break of more than `BREAK_S`.
*A spoofed claim is caught* if doubt counts before its sender breaches (of a ghost: before the night ends).
*A true claim is falsely doubted* if doubt ever counts while a permitted flight is, and for `SETTLED_S` has
been, where it may be; of all other honest senders, ever. A true sender whose serial somebody copies that
night is counted apart: there, doubt is right. Whoever is never heard, or for less than `LEAST_HEARD_S`, is
not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from skykeep.sim.generate_facts import Flight, Lie, Role

LASTS_S, BREAK_S = 2.0, 1.1
SETTLED_S = 8.0
LEAST_HEARD_S = 10.0


class Heard(NamedTuple):
    """What the watch said of one sender's broadcast at one tick; `why` is "" where it did not doubt it."""

    time_s: float
    name: str
    why: str


class ClaimFigures(NamedTuple):
    """One night's: (name, lie, why caught or "") for each false one, names with why for each true one that
    was doubted.
    """

    lies: tuple[tuple[str, Lie, str], ...]
    honest: int
    doubted: tuple[tuple[str, str], ...]
    copied_owners: int
    copied_owners_doubted: int


def score_claims(
    flights: Mapping[str, Flight], breaches_s: Mapping[str, float | None], heard: Iterable[Heard]
) -> ClaimFigures:
    """Return the figures of a night from what was said of every broadcast at every tick."""
    by_name: dict[str, list[Heard]] = {}
    for one in sorted(heard):
        by_name.setdefault(one.name, []).append(one)
    copied = {flight.claimed_id for flight in flights.values() if flight.lie is Lie.COPIED}
    lies, doubted = [], []
    honest = owners = owners_doubted = 0
    for name, ones in sorted(by_name.items()):
        flight = flights[name]
        if ones[-1].time_s - ones[0].time_s < LEAST_HEARD_S:
            continue
        if flight.lie is not None:
            until_s = breaches_s.get(name)
            before = [one for one in ones if until_s is None or one.time_s <= until_s]
            lies.append((name, flight.lie, lasting_doubt(before)))
        elif flight.claimed_id in copied:
            owners += 1
            owners_doubted += bool(lasting_doubt(ones))
        else:
            kept = [one for one in ones if _counts(flight, one.time_s)]
            if kept:
                honest += 1
                why = lasting_doubt(kept)
                doubted += [(name, why)] if why else []
    return ClaimFigures(tuple(lies), honest, tuple(doubted), owners, owners_doubted)


def _counts(flight: Flight, time_s: float) -> bool:
    if flight.role is not Role.PERMITTED:
        return True
    return all(flight.is_covered(time_s - 0.5 * k) for k in range(int(2 * SETTLED_S) + 1))


def lasting_doubt(ones: Iterable[Heard]) -> str:
    """Return why there was doubt that lasted, "" when there was none. `ones` are in order of time."""
    since_s = last_s = None
    for one in ones:
        if not one.why:
            continue
        if since_s is None or last_s is None or one.time_s - last_s > BREAK_S:
            since_s = one.time_s
        last_s = one.time_s
        if last_s - since_s >= LASTS_S:
            return one.why
    return ""

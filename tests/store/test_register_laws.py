"""What holds for any history: compared with a plain list of everything that was ever done."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made_register import S, permit, permit_step, release, restriction, restriction_step, zone, zone_list
from postgres import Cluster, is_there
from skykeep.domain.permit import PermitState
from skykeep.domain.register import ReleaseState
from skykeep.domain.restriction import AirspaceRestriction, RestrictionAction, RestrictionState
from skykeep.domain.zone import Zone, ZoneList
from skykeep.store.register import DatabaseRegister, open_register

EXAMPLES = {"sqlite": 40, "postgres": 10}
relaxed = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

seconds = st.integers(0, 30)
permits = st.lists(st.tuples(seconds, seconds, st.sampled_from(PermitState)), max_size=8)
# What happens, after how many seconds: a release of some zones held or in force, or a step of a restriction.
ids = st.lists(st.sampled_from("ABC"), max_size=3, unique=True)
releases = st.tuples(
    st.integers(0, 3),
    st.sampled_from(["town", "harbour"]),
    ids,
    st.sampled_from([ReleaseState.IN_FORCE, ReleaseState.HELD]),
)
steps = st.tuples(
    st.integers(0, 3), st.sampled_from(["R1", "R2"]), st.sampled_from(RestrictionState), st.booleans()
)
histories = st.lists(releases | steps, max_size=10)


def fresh(kind: str, request: pytest.FixtureRequest) -> str:
    if kind == "sqlite":
        return str(Path(tempfile.mkdtemp(dir=request.getfixturevalue("tmp_path"))) / "register.db")
    server = request.getfixturevalue("postgres")
    assert isinstance(server, Cluster)
    return server.database()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_permits_are_found_as_by_looking_at_each(kind: str, request: pytest.FixtureRequest) -> None:
    if kind == "postgres":
        request.getfixturevalue("postgres")
        assert is_there()

    @settings(max_examples=EXAMPLES[kind], suppress_health_check=relaxed)
    @given(
        permits, st.sets(st.sampled_from(PermitState)) | st.none(), seconds | st.none(), seconds | st.none()
    )
    def law(
        made: list[tuple[int, int, PermitState]],
        states: set[PermitState] | None,
        from_s: int | None,
        until_s: int | None,
    ) -> None:
        kept = [
            permit(f"P{number}", state, min(one, other), max(one, other))
            for number, (one, other, state) in enumerate(made)
        ]
        with open_register(fresh(kind, request)) as register:
            for each in kept:
                register.change(lambda writer, each=each: writer.put_permit(each, permit_step(each)))  # type: ignore[misc]
            found = register.read().permits(
                None if states is None else frozenset(states),
                None,
                None if from_s is None else from_s * S,
                None if until_s is None else until_s * S,
            )
        assert found == tuple(
            each
            for each in kept
            if (states is None or each.state in states)
            and (from_s is None or each.scope.end_utc_ns >= from_s * S)
            and (until_s is None or each.scope.start_utc_ns <= until_s * S)
        )

    law()


class Told:
    """The history as a plain list of what each step put in force."""

    def __init__(self) -> None:
        self.in_force: dict[tuple[str, str], list[tuple[int, tuple[Zone, ...]]]] = {}

    def says(self, key: tuple[str, str], time_s: int, zones: tuple[Zone, ...]) -> None:
        self.in_force.setdefault(key, []).append((time_s, zones))

    def at(self, time_s: int) -> tuple[Zone, ...]:
        found: list[Zone] = []
        for _, steps in sorted(self.in_force.items()):
            latest = [zones for from_s, zones in steps if from_s <= time_s]
            found.extend(latest[-1] if latest else ())
        return tuple(found)


def play(register: DatabaseRegister, history: list[tuple[object, ...]]) -> Told:
    told, now_s, numbers = Told(), 0, 0
    before: dict[str, AirspaceRestriction] = {}
    for wait_s, name, what, how in history:
        assert isinstance(wait_s, int)
        assert isinstance(name, str)
        now_s += wait_s
        if isinstance(how, ReleaseState):
            assert isinstance(what, list)
            numbers += 1
            listed: ZoneList = zone_list(*(zone(each, name=name) for each in what))
            made = release(listed, numbers, now_s, how, name)
            register.change(lambda writer, made=made: writer.put_release(made))  # type: ignore[misc]
            if how is ReleaseState.IN_FORCE:
                told.says(("release", name), now_s, listed.zones)
        else:
            assert isinstance(what, RestrictionState)
            was = before.get(name)
            shown = zone(name, name=f"{now_s}")
            published = shown if how else None
            step = restriction(name, what, drawn=zone(name), published=published)
            event = restriction_step(step, was.state if was else None, RestrictionAction.AMEND, now_s)
            register.change(lambda writer, step=step, event=event: writer.put_restriction(step, event))  # type: ignore[misc]
            before[name] = step
            ended = what in (RestrictionState.CANCELLED, RestrictionState.EXPIRED)
            drawn = (zone(name),) if what is RestrictionState.PUBLISHED else ()
            told.says(("restriction", name), now_s, () if ended else (shown,) if how else drawn)
    return told


@pytest.mark.parametrize("kind", EXAMPLES)
def test_zones_of_any_time_are_those_that_the_history_put_in_force(
    kind: str, request: pytest.FixtureRequest
) -> None:
    if kind == "postgres":
        request.getfixturevalue("postgres")

    @settings(max_examples=EXAMPLES[kind], suppress_health_check=relaxed)
    @given(histories)
    def law(history: list[tuple[object, ...]]) -> None:
        url = fresh(kind, request)
        with open_register(url) as register:
            told = play(register, history)
            for time_s in range(-1, 32):
                assert register.read().zones_at(time_s * S) == told.at(time_s), time_s
        # As well for one who opens it later and remembers nothing.
        with open_register(url) as register:
            assert register.read().zones_at(31 * S) == told.at(31)

    law()

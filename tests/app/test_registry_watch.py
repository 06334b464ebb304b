"""Registers are asked once about each identity, beside the watch; their answers are inputs like any other."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from judged_scenes import SERIAL, at_ns, claim, site
from skykeep.app.registry_watch import MOST_TRIES, MOST_WAITING, RegistryWatch
from skykeep.base.clock import ManualClock
from skykeep.domain.commands import Tick
from skykeep.domain.identity import ClaimCheckKind
from skykeep.domain.record import EntryRole
from skykeep.domain.registry import RegistryAnswer, RegistryStatus
from skykeep.domain.sensing import ClaimKind
from skykeep.engine.inputs import Input, decode_input
from skykeep.engine.outputs import RunHeader
from skykeep.engine.pipeline import Pipeline

HEADER = RunHeader(mode="LIVE", scenario="", seed=0, simulated=False, version="0", terrain_sha256="")


class FakeRegister:
    """Answers from a list, one after another, and keeps who was asked about."""

    def __init__(self, *statuses: RegistryStatus, name: str = "State") -> None:
        self.name, self.kinds = name, frozenset(ClaimKind)
        self.asked: list[str] = []
        self._statuses = list(statuses)

    def ask(self, kind: ClaimKind, claimed_id: str, now_utc_ns: int) -> RegistryAnswer | None:
        self.asked.append(claimed_id)
        status = self._statuses[min(len(self.asked), len(self._statuses)) - 1]
        return RegistryAnswer(
            kind=kind, claimed_id=claimed_id, status=status, source=self.name, time_utc_ns=now_utc_ns
        )


class Log:
    """A log in memory."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, EntryRole, str, bytes]] = []

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        self.entries.append((time_utc_ns, role, kind, payload))
        return len(self.entries)


def watch(*registers: FakeRegister) -> tuple[RegistryWatch, ManualClock, list[RegistryAnswer]]:
    clock, given = ManualClock(at_ns(0)), list[RegistryAnswer]()
    return RegistryWatch(registers, clock, given.append), clock, given


def test_an_identity_claimed_a_hundred_times_is_asked_about_once() -> None:
    register = FakeRegister(RegistryStatus.VALID)
    asking, _, given = watch(register)
    for second in range(100):
        asking.on_input(claim(second, [0.0, 0.0, 50.0]))
        asking.ask_next()
    assert register.asked == [SERIAL]
    assert [answer.status for answer in given] == [RegistryStatus.VALID]
    assert asking.counts == {"asked": 1, "valid": 1}


def test_a_register_out_of_reach_is_asked_again_now_and_then_and_not_for_ever() -> None:
    register = FakeRegister(RegistryStatus.UNREACHABLE)
    asking, clock, given = watch(register)
    for second in range(1000):
        clock.set_utc_ns(at_ns(second))
        asking.on_input(claim(second, [0.0, 0.0, 50.0]))
        asking.ask_next()
    assert len(register.asked) == MOST_TRIES
    assert len(given) == 1


def test_one_that_comes_back_is_heard() -> None:
    asking, clock, given = watch(FakeRegister(RegistryStatus.UNREACHABLE, RegistryStatus.STOLEN))
    for second in range(60):
        clock.set_utc_ns(at_ns(second))
        asking.on_input(claim(second, [0.0, 0.0, 50.0]))
        asking.ask_next()
    assert [answer.status for answer in given] == [RegistryStatus.UNREACHABLE, RegistryStatus.STOLEN]


def test_a_thousand_names_at_once_are_put_off_and_counted_and_the_watch_does_not_wait() -> None:
    asking, _, _ = watch(FakeRegister(RegistryStatus.VALID))
    for number in range(1000):
        asking.on_input(claim(1.0, [0.0, 0.0, 50.0], claimed_id=f"GHOST{number}"))
    assert asking.counts["put off"] == 1000 - MOST_WAITING


def test_who_was_answered_for_before_a_restart_is_not_asked_about_again() -> None:
    register = FakeRegister(RegistryStatus.VALID)
    first, _, given = watch(register)
    first.on_input(claim(0.0, [0.0, 0.0, 50.0]))
    first.ask_next()
    again, _, _ = watch(register)
    for answer in given:
        again.on_input(answer)
    again.on_input(claim(1.0, [0.0, 0.0, 50.0]))
    assert not again.ask_next()


def test_a_register_is_asked_about_the_kinds_that_it_knows() -> None:
    register = FakeRegister(RegistryStatus.NOT_REGISTERED)
    register.kinds = frozenset({ClaimKind.REMOTE_ID})
    asking, _, given = watch(register)
    asking.on_input(claim(0.0, [0.0, 0.0, 50.0], claimed_id="3C660C", kind=ClaimKind.ADSB))
    assert not asking.ask_next()
    assert given == []


def test_one_that_falls_silent_is_said_once_and_so_is_that_it_is_back() -> None:
    said: list[str] = []
    statuses = (RegistryStatus.UNREACHABLE, RegistryStatus.UNREACHABLE, RegistryStatus.VALID)
    asking = RegistryWatch((FakeRegister(*statuses),), ManualClock(at_ns(0)), say=said.append)
    for name in ("A", "B", "C"):
        asking.on_input(claim(0.0, [0.0, 0.0, 50.0], claimed_id=name))
        asking.ask_next()
    assert said == ["State does not answer: ", "State answers again."]
    assert asking.summary == "Registers: 3 asked, 2 unreachable, 1 valid."


def test_what_was_played_through_before_the_start_is_not_asked_about() -> None:
    register, answered = FakeRegister(RegistryStatus.VALID), threading.Event()
    asking, _, _ = watch(register)
    for name in ("GONE", "HERE"):
        asking.on_input(claim(0.0, [0.0, 0.0, 50.0], claimed_id=name))
    asking.start(lambda _: answered.set())
    asking.on_input(claim(1.0, [0.0, 0.0, 50.0], claimed_id="HERE"))
    assert answered.wait(30.0)
    asking.stop()
    assert register.asked == ["HERE"]


def run(inputs: Sequence[Input]) -> tuple[Pipeline, Log]:
    log = Log()
    pipeline = Pipeline(HEADER, site(), None, log, start_utc_ns=at_ns(0))
    for record in inputs:
        assert pipeline.receive(record) is None
    return pipeline, log


def test_an_answer_is_in_the_log_and_a_replay_without_registers_says_the_same() -> None:
    answer = RegistryAnswer(
        kind=ClaimKind.REMOTE_ID,
        claimed_id=SERIAL,
        status=RegistryStatus.STOLEN,
        source="State",
        time_utc_ns=at_ns(2),
    )
    pipeline, log = run([claim(1.0, [0.0, 0.0, 50.0]), answer, Tick(time_utc_ns=at_ns(3))])
    (state,) = pipeline.identifier.claims(at_ns(3))
    assert ClaimCheckKind.REGISTRY in {check.kind for check in state.test.checks}
    told = [
        decode_input(kind, payload)
        for _, role, kind, payload in log.entries
        if role is EntryRole.INPUT and kind not in ("run", "site")
    ]
    assert answer in told
    assert run(told)[1].entries == log.entries


def test_an_answer_about_nobody_is_refused_and_said() -> None:
    pipeline, _ = run([])
    nobody = RegistryAnswer(
        kind=ClaimKind.REMOTE_ID,
        claimed_id="",
        status=RegistryStatus.VALID,
        source="State",
        time_utc_ns=at_ns(1),
    )
    rejection = pipeline.receive(nobody)
    assert rejection is not None
    assert (rejection.field, rejection.must) == ("claimed_id", "an identity")


def test_it_runs_in_a_thread_of_its_own_and_stops() -> None:
    register, answered = FakeRegister(RegistryStatus.VALID), threading.Event()
    asking = RegistryWatch((register,), ManualClock(at_ns(0)), lambda _: answered.set())
    asking.start()
    asking.on_input(claim(0.0, [0.0, 0.0, 50.0]))
    assert answered.wait(30.0)
    asking.stop()
    assert register.asked == [SERIAL]

"""How quick a register of a hundred thousand permits and ten thousand zones stays, on SQLite and PostgreSQL.

Budget, p99: a question 20 ms, a change with its notices 100 ms, a list of 10,000 zones into force 10 s.

    python benchmarks/register.py [--permits 100000] [--zones 10000] [--postgresql URL] [--dir DIR]

One permit in a thousand is now; the rest are over. Changes are durable when they are counted: the disk says
how quick they are. The PostgreSQL at URL must be empty; without one SQLite alone is measured.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from made_register import (
    S,
    notice,
    permit,
    permit_step,
    restriction,
    restriction_step,
    subscription,
)
from made_zones import national_list
from skykeep.app.zone_lists import take_in
from skykeep.domain.permit import GRANTED, PermitState
from skykeep.store.register import DatabaseRegister, open_register
from skykeep.store.register_writer import Writer

QUESTION_MS, CHANGE_MS, LIST_S = 20.0, 100.0, 10.0
NOW_S = 1_000_000
SUBSCRIBERS = 20


def timed_ms(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Return the median and the 99th percentile."""
    took = []
    for _ in range(times):
        start_s = time.perf_counter()
        work()
        took.append(1e3 * (time.perf_counter() - start_s))
    took.sort()
    return took[len(took) // 2], took[int(0.99 * len(took))]


def fill(register: DatabaseRegister, permits: int) -> float:
    """Write permits, and return how many a second."""
    start_s = time.perf_counter()
    for first in range(0, permits, 1_000):

        def work(writer: Writer, first: int = first) -> None:
            for number in range(first, min(first + 1_000, permits)):
                begins_s = NOW_S if number % 1_000 == 0 else number % NOW_S // 2
                state = PermitState.APPROVED if number % 1_000 == 0 else PermitState.CLOSED
                made = permit(f"P{number:07d}", state, begins_s, begins_s + 600, owner=f"o{number % 5_000}")
                writer.put_permit(made, permit_step(made))

        register.change(work)
    return permits / (time.perf_counter() - start_s)


def measure(name: str, url: str, permits: int, zones: int) -> bool:
    with open_register(url) as register:
        rate = fill(register, permits)
        print(f"{name}: {permits:,} permits written, {rate:,.0f} a second in changes of 1,000")
        listed = national_list(zones)
        start_s = time.perf_counter()
        take_in(register, listed, "nation", "clerk", NOW_S * S)
        list_s = time.perf_counter() - start_s
        print(f"  {zones:,} zones into force {list_s:27.2f} s   (budget {LIST_S:g} s)")
        for number in range(SUBSCRIBERS):
            wants = subscription(f"s{number}")
            register.change(lambda writer, wants=wants: writer.put_subscription(wants))  # type: ignore[misc]
        read = register.read()
        now_ns = NOW_S * S
        numbers = iter(range(10**9))

        def one() -> None:
            number = next(numbers)
            made = permit(f"Q{number}", PermitState.APPROVED, NOW_S, NOW_S + 60)
            register.change(lambda writer: writer.put_permit(made, permit_step(made)))

        def signed() -> None:
            number = next(numbers)
            drawn = restriction(f"R{number}")

            def work(writer: Writer) -> None:
                writer.put_restriction(drawn, restriction_step(drawn, time_s=NOW_S))
                writer.post(msgspec.structs.replace(notice(number), notice_id=f"N{number}"))

            register.change(work)

        questions: dict[str, Callable[[], object]] = {
            "a permit by id": lambda: read.permit("P0050000"),
            "permits granted now": lambda: read.permits(GRANTED, None, now_ns, now_ns + S),
            "permits of one owner": lambda: read.permits(owner="o77"),
            "changes since the last": lambda: read.changes_after(permits),
            "zones in force": lambda: read.zones_at(now_ns),
            "what has to be told": read.deliveries,
        }
        within = list_s <= LIST_S
        for words, ask in questions.items():
            within &= row(words, timed_ms(ask, 200), QUESTION_MS)
        within &= row("a permit granted", timed_ms(one, 200), CHANGE_MS)
        within &= row(f"restriction and {SUBSCRIBERS} to tell", timed_ms(signed, 200), CHANGE_MS)
        within &= row("a permit by id, others writing", beside_a_writer(register, one), QUESTION_MS)
        return within


def beside_a_writer(register: DatabaseRegister, write: Callable[[], None]) -> tuple[float, float]:
    done = threading.Event()

    def writing() -> None:
        while not done.is_set():
            write()

    thread = threading.Thread(target=writing)
    thread.start()
    try:
        return timed_ms(lambda: register.read().permit("P0000000"), 500)
    finally:
        done.set()
        thread.join()


def row(words: str, took_ms: tuple[float, float], budget_ms: float) -> bool:
    median_ms, p99_ms = took_ms
    print(f"  {words:<32} p50 {median_ms:8.2f} ms   p99 {p99_ms:8.2f} ms   (budget {budget_ms:g} ms)")
    return p99_ms <= budget_ms


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--permits", type=int, default=100_000)
    parser.add_argument("--zones", type=int, default=10_000)
    parser.add_argument("--postgresql")
    parser.add_argument("--dir", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.dir) as folder:
        within = measure("SQLite", f"{folder}/register.db", asked.permits, asked.zones)
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        print(f"  on the disk {size / 1e6:,.0f} MB")
    if asked.postgresql:
        within &= measure("PostgreSQL", asked.postgresql, asked.permits, asked.zones)
    sys.exit(0 if within else 1)


if __name__ == "__main__":
    main()

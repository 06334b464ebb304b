"""Judging one tick: 2,000 tracks against 500 zones and 50 assets, with 40 broadcasts, in milliseconds of
processor.

`python3 x.py bench judging [--tracks N] [--assets N] [--zones N] [--ticks N] [--hour]`. Half of the tracks
are birds, a tenth have no echo at all; every broadcast is true. The first ticks, which warm up, are not
counted. Budget: 50 ms a tick for airspace, standing and assessment, 100 ms for all rooms together. `--hour`
instead lets all rooms judge an hour of ticks in which every track is another one after two minutes, 40 of
them under permits and 40 more under serials that nobody hears again, and prints what memory is held: it may
grow by 4 MiB after the first ten minutes. It has 300 tracks, 50 zones and 20 assets unless told otherwise,
so that it takes less than five minutes of processor.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from pathlib import Path

import msgspec
import numpy as np

from skykeep.airspace import Airspace
from skykeep.assessment import Assessor, settle
from skykeep.base.clock import NS_PER_S, from_iso_utc
from skykeep.base.compile import FloatArray
from skykeep.domain.outline import polygon_of_enu_m
from skykeep.domain.permit import Permit, PermitPriority, PermitState, Scope, Volume4D
from skykeep.domain.place import Asset, AssetKind
from skykeep.domain.sensing import Claim, ClaimKind
from skykeep.domain.site import Site
from skykeep.domain.track import Picture, TrackStatus
from skykeep.domain.zone import Hours, Limit, Period, Restriction, Volume, Zone
from skykeep.geo.frames import LocalFrame
from skykeep.identity import Identifier

BUDGET_MS = 100.0
JUDGING_MS = 50.0
FLAT_MIB = 4.0
START_UTC_NS = from_iso_utc("2031-05-03T02:10:00Z")
BROADCASTS = 40
# Tracks, zones and assets.
TICKS_OF = (2000, 500, 50)
HOUR_OF = (300, 50, 20)
LIFE_S = 120
WARM_UP_TICKS = 3
ORIGIN = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)


def volume(dice: np.random.Generator, radius_m: float, ceiling_m: float) -> Volume:
    """Return a rough circle of 24 corners somewhere in the city, from the ground up."""
    centre_m, turns = dice.uniform(-6000.0, 6000.0, 2), np.arange(24) * (2.0 * np.pi / 24)
    corners = centre_m + radius_m * np.stack((np.cos(turns), np.sin(turns)), axis=1)
    ring_m = tuple((float(x), float(y)) for x, y in corners)
    return Volume(outline=polygon_of_enu_m((ring_m,), ORIGIN), ceiling=Limit(value=ceiling_m))


def make_site(dice: np.random.Generator, zones: int, assets: int) -> Site:
    """Return a site with so many zones and assets, and a permit for each broadcast."""
    return Site(
        site_id="bench",
        name="Bench",
        origin=ORIGIN,
        assets=tuple(
            Asset(
                asset_id=f"asset-{k}",
                name=f"Asset {k}",
                kind=AssetKind.OTHER,
                position_enu_m=(*dice.uniform(-5000.0, 5000.0, 2).tolist(), 0.0),
                breach_radius_m=150.0,
                warning_radius_m=1200.0,
                consequence=float(dice.uniform(0.2, 1.0)),
            )
            for k in range(assets)
        ),
        sensors=(),
        zones=tuple(
            Zone(
                zone_id=f"zone-{k}",
                name=f"zone {k}",
                restriction=Restriction.REQ_AUTHORISATION,
                volumes=(
                    volume(
                        dice, float(dice.uniform(200.0, 1500.0)), float(dice.choice([60.0, 120.0, 500.0]))
                    ),
                ),
                strictness=int(dice.integers(0, 10)),
                document=f"Order {k}",
                periods=(Period(hours=(Hours(from_s=20 * 3600.0, to_s=7 * 3600.0),)),),
            )
            for k in range(zones)
        ),
        permits=tuple(make_permit(dice, k) for k in range(BROADCASTS)),
        playbooks=(),
        people=(),
    )


def make_permit(dice: np.random.Generator, number: int) -> Permit:
    """Return leave to fly in some circle, an hour before and after."""
    filed = Volume4D(
        volume=volume(dice, 800.0, 120.0),
        start_utc_ns=START_UTC_NS - 3600 * NS_PER_S,
        end_utc_ns=START_UTC_NS + 3600 * NS_PER_S,
    )
    return Permit(
        permit_id=f"P-{number}",
        state=PermitState.ACTIVE,
        version=1,
        holder="Holder",
        priority=PermitPriority.COMMERCIAL,
        scope=Scope(volumes=(filed,), serials=(f"SERIAL{number}",)),
        owner="Holder",
        document=f"Permit {number}",
    )


def make_picture(dice: np.random.Generator, tracks: int) -> Picture:
    """Return a crowded sky."""
    bird = dice.random(tracks) < 0.5
    speed_mps, course = (
        np.where(bird, 12.0, 15.0) * dice.uniform(0.6, 1.4, tracks),
        dice.uniform(0, 6.28, tracks),
    )
    state = np.column_stack(
        (
            dice.uniform(-6000.0, 6000.0, (tracks, 2)),
            dice.uniform(20.0, 150.0, tracks),
            speed_mps * np.sin(course),
            speed_mps * np.cos(course),
            np.zeros(tracks),
        )
    )
    now, none = np.full(tracks, START_UTC_NS, dtype=np.int64), np.zeros(0, dtype=np.int64)
    rcs_dbsm = np.where(bird, -24.0, -16.0) + dice.normal(0.0, 3.0, tracks)
    rcs_dbsm[dice.random(tracks) < 0.1] = np.nan
    return Picture(
        time_utc_ns=START_UTC_NS,
        track_id=np.arange(1, tracks + 1, dtype=np.int64),
        status=np.full(tracks, TrackStatus.CONFIRMED, dtype=np.int64),
        state=state,
        covariance=np.broadcast_to(np.diag([12.0, 12.0, 12.0, 1.0, 1.0, 0.7]) ** 2, (tracks, 6, 6)).copy(),
        existence=np.ones(tracks),
        born_utc_ns=now,
        last_detected_utc_ns=now,
        hits=np.full(tracks, 40, dtype=np.int64),
        rcs_dbsm=rcs_dbsm,
        rcs_spread_db=np.full(tracks, 5.0),
        modulation_db=np.where(bird, -21.0, -10.0) + dice.normal(0.0, 3.0, tracks),
        modulation_looks=np.full(tracks, 40.0),
        sensor_ids=(),
        support_track_id=none,
        support_sensor=none,
        support_sequence=none,
        support_row=none,
        support_weight=np.zeros(0),
        resumed_own_id=np.zeros(0, dtype=np.int64),
        resumed_track_id=np.zeros(0, dtype=np.int64),
        resumed_gap_ns=np.zeros(0, dtype=np.int64),
    )


def broadcast(identifier: Identifier, picture: Picture, tick: int, serials: dict[int, str]) -> None:
    """Let the tracks in the rows of `serials` say who and where they are."""
    for number, (row, serial) in enumerate(serials.items()):
        east_m, north_m, up_m, *velocity = picture.state[row].tolist()
        identifier.receive_claim(
            Claim(
                sensor_id="receiver",
                sequence=tick * len(serials) + number,
                kind=ClaimKind.REMOTE_ID,
                claimed_id=serial,
                time_utc_ns=picture.time_utc_ns,
                received_utc_ns=picture.time_utc_ns,
                position_enu_m=(east_m, north_m, up_m),
                velocity_enu_mps=(velocity[0], velocity[1], velocity[2]),
                sigma_m=(4.0, 5.0),
            )
        )


class Rooms:
    """All that judge, over one site."""

    def __init__(self, site: Site) -> None:
        self.identifier, self.airspace = Identifier(site), Airspace(ORIGIN, site.zones, site.permits)
        self.assessor = Assessor(site.assets)

    def judge(self, picture: Picture) -> tuple[FloatArray, int]:
        """Let every room judge; return the milliseconds that each took, (4,), and how many were judged."""
        height_m = picture.state[:, 2]
        clock = [time.process_time()]
        found = self.identifier.judge(picture, height_m)
        clock.append(time.process_time())
        verdicts = self.airspace.judge(picture, found, height_m, height_m)
        clock.append(time.process_time())
        settled = settle(found, verdicts, self.airspace.permits)
        clock.append(time.process_time())
        self.assessor.judge(picture, settled, verdicts)
        clock.append(time.process_time())
        return np.diff(clock) * 1e3, len(verdicts)


def measure(tracks: int, zones: int, assets: int, ticks: int) -> FloatArray:
    """Return milliseconds per tick in each room, (ticks, 4)."""
    dice = np.random.default_rng(1)
    site, picture = make_site(dice, zones, assets), make_picture(dice, tracks)
    rooms, spent_ms = Rooms(site), []
    serials = {row: f"SERIAL{row}" for row in range(min(BROADCASTS, tracks))}
    gc.freeze()
    for tick in range(ticks + WARM_UP_TICKS):
        state = picture.state.copy()
        state[:, :3] += state[:, 3:]
        picture = msgspec.structs.replace(picture, time_utc_ns=START_UTC_NS + tick * NS_PER_S, state=state)
        broadcast(rooms.identifier, picture, tick, serials)
        spent_ms.append(rooms.judge(picture)[0])
    return np.array(spent_ms[WARM_UP_TICKS:])


def passing(sky: Picture, second: int) -> tuple[Picture, dict[int, str]]:
    """Return the sky so many seconds on, and who broadcasts in which row.

    Every track is there for `LIFE_S` and is then another one, elsewhere; each second some are new.
    """
    slot = np.arange(len(sky))
    life, age_s = np.divmod(slot + second, LIFE_S)
    order = np.argsort(slot + len(sky) * life)
    slot, life, age_s = slot[order], life[order], age_s[order]
    state = sky.state[slot]
    # The next one in a slot begins where another one of the first did.
    state[:, :3] = sky.state[(slot + 7 * life) % len(sky), :3] + state[:, 3:] * age_s[:, None]
    now_utc_ns = START_UTC_NS + second * NS_PER_S
    picture = msgspec.structs.replace(
        sky,
        time_utc_ns=now_utc_ns,
        track_id=1 + slot + len(sky) * life,
        state=state,
        born_utc_ns=now_utc_ns - age_s * NS_PER_S,
        last_detected_utc_ns=np.full(len(sky), now_utc_ns, dtype=np.int64),
        hits=1 + age_s,
        rcs_dbsm=sky.rcs_dbsm[slot],
        modulation_db=sky.modulation_db[slot],
        modulation_looks=1.0 + np.minimum(age_s, 39.0),
    )
    told = [(row, int(k)) for row, k in enumerate(slot) if k < 2 * BROADCASTS]
    serials = {row: f"SERIAL{k}" if k < BROADCASTS else f"GUEST{picture.track_id[row]}" for row, k in told}
    return picture, serials


def hour(tracks: int, zones: int, assets: int) -> int:
    """Let all rooms judge 3,600 ticks of tracks that come and go; return 1 when memory is not flat."""
    dice = np.random.default_rng(1)
    site, sky = make_site(dice, zones, assets), make_picture(dice, tracks)
    rooms, settled_mib, judged, came = Rooms(site), 0.0, 0, tracks
    print(f"{tracks} tracks at a time, {zones} zones, {assets} assets, one tick a second", flush=True)
    for second in range(3601):
        picture, serials = passing(sky, second)
        broadcast(rooms.identifier, picture, second, serials)
        judged += rooms.judge(picture)[1]
        came += int(np.count_nonzero(picture.born_utc_ns == picture.time_utc_ns)) if second else 0
        if second % 600 == 0:
            held_mib = (
                int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
            )
            settled_mib = held_mib if second <= 600 else settled_mib
            print(
                f"{second // 60:>4} min {held_mib:>10.1f} MiB {time.process_time():>8.0f} s of processor",
                flush=True,
            )
    grown_mib = held_mib - settled_mib
    print(f"{came} tracks came, {judged} verdicts")
    print(f"grown by {grown_mib:.1f} MiB after ten minutes: {'OVER' if grown_mib > FLAT_MIB else 'kept'}")
    return int(grown_mib > FLAT_MIB)


def main() -> int:
    """Measure, print the table, and return 1 when over budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int)
    parser.add_argument("--zones", type=int)
    parser.add_argument("--assets", type=int)
    parser.add_argument("--ticks", type=int, default=40)
    parser.add_argument("--hour", action="store_true")
    asked = parser.parse_args()
    usual = HOUR_OF if asked.hour else TICKS_OF
    asked.tracks, asked.zones, asked.assets = (
        size if given is None else given
        for given, size in zip((asked.tracks, asked.zones, asked.assets), usual, strict=True)
    )
    if asked.hour:
        return hour(asked.tracks, asked.zones, asked.assets)
    spent_ms = measure(asked.tracks, asked.zones, asked.assets, asked.ticks)
    whole_ms = spent_ms.sum(axis=1)
    print(f"{asked.tracks} tracks, {asked.zones} zones, {asked.assets} assets, {asked.ticks} ticks")
    print(f"{'room':<12}{'median ms':>12}{'p99 ms':>12}")
    rooms = (
        *zip(("identity", "airspace", "standing", "assessment"), spent_ms.T, strict=True),
        ("all", whole_ms),
    )
    for name, column in rooms:
        print(f"{name:<12}{np.median(column):>12.1f}{np.quantile(column, 0.99):>12.1f}")
    judging_ms = float(np.median(spent_ms[:, 1:].sum(axis=1)))
    over = False
    for name, took_ms, budget_ms in (
        ("judging (airspace, standing, assessment)", judging_ms, JUDGING_MS),
        ("all rooms", float(np.median(whole_ms)), BUDGET_MS),
    ):
        over |= took_ms > budget_ms
        verdict = "OVER" if took_ms > budget_ms else "kept"
        print(f"{name}: {took_ms / budget_ms:.2f} of {budget_ms:.0f} ms a tick, median: {verdict}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())

"""`[terrain]` and `[population]` of a site's file: the ground around the site, and who is out on it.

Both are laid out anew on a square grid of the site's frame, the ground between the file's heights, people so
that none is lost or counted twice. A file that does not reach as far as is asked for is refused.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Annotated

import numpy as np
from msgspec import Meta

from skykeep.app.grid_file import DegreeGrid, read_grid
from skykeep.app.place_text import Name, Text
from skykeep.base.compile import BoolArray, FloatArray
from skykeep.base.errors import SetupError
from skykeep.domain.place import PopulationGrid
from skykeep.geo.frames import LocalFrame
from skykeep.geo.terrain import Terrain

Reach = Annotated[float, Meta(gt=0.0, le=30_000.0)]
Share = Annotated[float, Meta(gt=0.0, le=1.0)]
GROUND = "ground.npz"
MOST_NODES = 1_000_000
# From the deepest sea floor to the highest summit, and some more.
LOWEST_M, HIGHEST_M = -12_000.0, 10_000.0
METRES_PER_DEG = 111_320.0
# More than have ever been counted anywhere, tower blocks and crowds that stand as close as they can included.
MOST_PER_M2 = 10.0


class TerrainText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`geoid_m` is how high the sea's level stands above the ellipsoid here, for a file of heights above the
    sea; 0 for one of heights above the ellipsoid.
    """

    file: Name
    geoid_m: Annotated[float, Meta(ge=-120.0, le=100.0)] = 0.0
    reach_m: Reach = 8_000.0
    spacing_m: Annotated[float, Meta(ge=5.0, le=500.0)] = 30.0


class PopulationText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Persons in each cell by night and by day (without a file as by night), and which share of them is out
    of doors or under light roofs.
    """

    night: Name
    day: str = ""
    night_share: Share = 1.0
    day_share: Share = 1.0
    reach_m: Reach = 4_000.0
    cell_m: Annotated[float, Meta(ge=10.0, le=1_000.0)] = 100.0


def wind_of(speed_mps: float, from_deg: float) -> tuple[float, float]:
    """Return the wind's velocity east and north; it is said by where it comes from."""
    from_rad = np.radians(from_deg)
    return round(float(-speed_mps * np.sin(from_rad)), 6), round(float(-speed_mps * np.cos(from_rad)), 6)


def terrain_of(text: TerrainText, frame: LocalFrame, folder: Path) -> Terrain:
    """Return the ground of a site's file in `folder`."""
    path = folder / text.file
    grid = read_grid(path)
    absurd = (grid.values < LOWEST_M) | (grid.values > HIGHEST_M)
    if np.any(absurd):
        must = f"must be in {LOWEST_M:,.0f} to {HIGHEST_M:,.0f}"
        raise SetupError(f"{path}: a height of {grid.values[absurd][0]:g} m, {must}")
    count = 2 * int(np.ceil(text.reach_m / text.spacing_m)) + 1
    if count * count > MOST_NODES:
        most = f"must be {MOST_NODES:,} at most: a shorter reach_m or a wider spacing_m"
        raise SetupError(f"terrain: {count} x {count} heights, {most}")
    west_m = -text.spacing_m * (count - 1) / 2
    step_m = west_m + text.spacing_m * np.arange(count)
    east_m, north_m = np.meshgrid(step_m, step_m)
    nodes_m = np.stack((east_m.ravel(), north_m.ravel(), np.zeros(count * count)), axis=1)
    latitude_deg, longitude_deg, _ = frame.to_geodetic(nodes_m)
    _check_reach(grid, longitude_deg, latitude_deg, path)
    heights_m = grid.at(longitude_deg, latitude_deg) + text.geoid_m
    holes = int(np.count_nonzero(np.isnan(heights_m)))
    if holes:
        raise SetupError(f"{path}: {holes} of {heights_m.size} heights are unknown, must be none")
    heights_m = np.round(heights_m, 3).reshape(count, count)
    return Terrain(west_m=west_m, south_m=west_m, spacing_m=text.spacing_m, heights_m=heights_m)


def population_of(text: PopulationText, frame: LocalFrame, folder: Path) -> PopulationGrid:
    """Return who is out around a site, from its file in `folder`."""
    count = 2 * int(np.ceil(text.reach_m / text.cell_m))
    if count * count > MOST_NODES:
        most = f"must be {MOST_NODES:,} at most: a shorter reach_m or a wider cell_m"
        raise SetupError(f"population: {count} x {count} cells, {most}")
    night = _persons(folder / text.night, text, frame, count) * text.night_share
    day = night / text.night_share * text.day_share
    if text.day:
        day = _persons(folder / text.day, text, frame, count) * text.day_share
    west_m = -text.cell_m * count / 2
    return PopulationGrid(
        west_m=west_m,
        south_m=west_m,
        cell_m=text.cell_m,
        night_persons=np.round(night, 4),
        day_persons=np.round(day, 4),
    )


def _persons(path: Path, text: PopulationText, frame: LocalFrame, count: int) -> FloatArray:
    """Return persons in each cell: those of a cell of the file are spread evenly over it. Of a cell that the
    file knows in part the rest counts as that part; NaN where it knows nothing.
    """
    grid = read_grid(path)
    _check_persons(grid, path)
    half_m = text.cell_m * count / 2
    corners_m = np.array([(e, n, 0.0) for e in (-half_m, half_m) for n in (-half_m, half_m)])
    latitude_deg, longitude_deg, _ = frame.to_geodetic(corners_m)
    _check_reach(grid, longitude_deg, latitude_deg, path)
    # Only the cells near enough to give anybody: they may be a small part of a country.
    first, last = _span(longitude_deg, grid.west_deg, grid.cell_deg, grid.values.shape[1])
    low, high = _span(latitude_deg, grid.south_deg, grid.cell_deg, grid.values.shape[0])
    persons = grid.values[low:high, first:last]
    parts = min(16, 1 + int(np.ceil(2.0 * grid.cell_deg * METRES_PER_DEG / text.cell_m)))
    fine = np.repeat(np.repeat(persons, parts, axis=0), parts, axis=1) / parts**2
    step_deg = grid.cell_deg / parts
    lon_deg = grid.west_deg + first * grid.cell_deg + (np.arange(fine.shape[1]) + 0.5) * step_deg
    lat_deg = grid.south_deg + low * grid.cell_deg + (np.arange(fine.shape[0]) + 0.5) * step_deg
    lon_all, lat_all = np.meshgrid(lon_deg, lat_deg)
    at_m = frame.to_enu_m(lat_all.ravel(), lon_all.ravel(), np.full(fine.size, frame.height_hae_m))
    column = np.floor((at_m[:, 0] + half_m) / text.cell_m).astype(np.int64)
    row = np.floor((at_m[:, 1] + half_m) / text.cell_m).astype(np.int64)
    inside = (column >= 0) & (column < count) & (row >= 0) & (row < count)
    cells, told, known = (np.zeros((count, count)) for _ in range(3))
    at, found = (row[inside], column[inside]), fine.ravel()[inside]
    np.add.at(cells, at, np.nan_to_num(found))
    np.add.at(told, at, 1.0)
    np.add.at(known, at, np.isfinite(found).astype(np.float64))
    # A cell without a part of its own (the file's are far larger) is known if the file's cell there is.
    there = _unknown_at_middles(grid, frame, text, count)
    unknown = np.where(told > 0.0, known == 0.0, there)
    return np.where(unknown, np.nan, cells * np.where(known > 0.0, told / np.maximum(known, 1.0), 1.0))


def _unknown_at_middles(grid: DegreeGrid, frame: LocalFrame, text: PopulationText, count: int) -> BoolArray:
    """Return which cells have their middle in a cell that the file knows nothing of."""
    middle_m = text.cell_m * (np.arange(count) + 0.5 - count / 2)
    east_m, north_m = np.meshgrid(middle_m, middle_m)
    middles_m = np.stack((east_m.ravel(), north_m.ravel(), np.zeros(count * count)), axis=1)
    latitude_deg, longitude_deg, _ = frame.to_geodetic(middles_m)
    rows, columns = grid.values.shape
    row = np.clip(np.floor((latitude_deg - grid.south_deg) / grid.cell_deg).astype(np.int64), 0, rows - 1)
    column = np.clip(
        np.floor((longitude_deg - grid.west_deg) / grid.cell_deg).astype(np.int64), 0, columns - 1
    )
    return np.isnan(grid.values[row, column]).reshape(count, count)


def _check_persons(grid: DegreeGrid, path: Path) -> None:
    """Refuse cells with less than nobody, or with more persons than have room there."""
    if np.any(grid.values < 0.0):
        raise SetupError(f"{path}: {np.nanmin(grid.values):g} persons in a cell, must be 0 or more")
    middles_deg = grid.south_deg + grid.cell_deg * (np.arange(grid.values.shape[0]) + 0.5)
    wide_m2 = (grid.cell_deg * METRES_PER_DEG) ** 2 * np.cos(np.radians(middles_deg))
    most = np.maximum(MOST_PER_M2 * wide_m2, 1.0)[:, None]
    absurd = grid.values > most
    if np.any(absurd):
        row, column = np.argwhere(absurd)[0]
        must = f"must be {most[row, 0]:,.0f} at most: {MOST_PER_M2:g} to the square metre"
        raise SetupError(f"{path}: {grid.values[row, column]:g} persons in a cell, {must}")


def _span(degrees: FloatArray, rim_deg: float, cell_deg: float, count: int) -> tuple[int, int]:
    """Return the first cell along these degrees and the one after the last, with one more each way."""
    first = int(np.floor((float(np.min(degrees)) - rim_deg) / cell_deg)) - 1
    last = int(np.floor((float(np.max(degrees)) - rim_deg) / cell_deg)) + 2
    return max(first, 0), min(last, count)


def _check_reach(grid: DegreeGrid, longitude_deg: FloatArray, latitude_deg: FloatArray, path: Path) -> None:
    if not grid.covers(longitude_deg, latitude_deg):
        must = (
            f"must reach from {np.min(longitude_deg):.5f}, {np.min(latitude_deg):.5f} "
            f"to {np.max(longitude_deg):.5f}, {np.max(latitude_deg):.5f}"
        )
        raise SetupError(
            f"{path}: lies from {grid.west_deg:.5f}, {grid.south_deg:.5f} "
            f"to {grid.east_deg:.5f}, {grid.north_deg:.5f}, {must}"
        )


# --- beside the log, for a replay -------------------------------------------------------------------------


def keep_ground(terrain: Terrain, folder: Path) -> None:
    """Keep the ground beside the log: a replay cannot make the same decisions over any other."""
    written = io.BytesIO()
    place = np.array([terrain.west_m, terrain.south_m, terrain.spacing_m])
    np.savez_compressed(written, place=place, heights_m=terrain.heights_m)
    (folder / GROUND).write_bytes(written.getvalue())


def kept_ground(folder: Path) -> Terrain | None:
    """Return the ground that was kept in a folder, None where none was."""
    path = folder / GROUND
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as kept:
            west_m, south_m, spacing_m = kept["place"].tolist()
            heights_m = np.asarray(kept["heights_m"], dtype=np.float64)
        return Terrain(west_m=west_m, south_m=south_m, spacing_m=spacing_m, heights_m=heights_m)
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise SetupError(f"{path}: cannot be read: {error}") from error

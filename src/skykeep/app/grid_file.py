"""Grids of heights or people from files: the Esri ASCII grid, in degrees of WGS 84.

A plain text that every map tool writes: `ncols`, `nrows`, `xllcorner` or `xllcenter`, `yllcorner` or
`yllcenter`, `cellsize`, perhaps `NODATA_value`, then the rows, the northernmost first.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.base.errors import SetupError

MOST_CELLS = 16_000_000
KEYS = ("ncols", "nrows", "xllcorner", "xllcenter", "yllcorner", "yllcenter", "cellsize", "nodata_value")


class DegreeGrid(msgspec.Struct, frozen=True, kw_only=True):
    """Values at the centres of cells: row 0 is southernmost, column 0 westernmost; NaN where unknown."""

    west_deg: float
    south_deg: float
    cell_deg: float
    values: FloatArray

    @property
    def east_deg(self) -> float:
        return self.west_deg + self.cell_deg * int(self.values.shape[1])

    @property
    def north_deg(self) -> float:
        return self.south_deg + self.cell_deg * int(self.values.shape[0])

    def covers(self, longitude_deg: FloatArray, latitude_deg: FloatArray) -> bool:
        """Return whether all points are within the cells."""
        return bool(
            np.all((longitude_deg >= self.west_deg) & (longitude_deg <= self.east_deg))
            and np.all((latitude_deg >= self.south_deg) & (latitude_deg <= self.north_deg))
        )

    def at(self, longitude_deg: FloatArray, latitude_deg: FloatArray) -> FloatArray:
        """Return values between the centres of four cells, bilinear; at the rim those of the last cell."""
        rows, columns = self.values.shape
        column = np.clip((longitude_deg - self.west_deg) / self.cell_deg - 0.5, 0.0, columns - 1)
        row = np.clip((latitude_deg - self.south_deg) / self.cell_deg - 0.5, 0.0, rows - 1)
        left = np.minimum(column, max(columns - 2, 0)).astype(np.int64)
        low = np.minimum(row, max(rows - 2, 0)).astype(np.int64)
        right, high = np.minimum(left + 1, columns - 1), np.minimum(low + 1, rows - 1)
        across, up = column - left, row - low
        south = self.values[low, left] * (1.0 - across) + self.values[low, right] * across
        north = self.values[high, left] * (1.0 - across) + self.values[high, right] * across
        return np.asarray(south * (1.0 - up) + north * up)


def read_grid(path: Path) -> DegreeGrid:
    """Return the grid in a file; SetupError says what is wrong with it. What its values may be is for whoever
    asks to say, infinity included.
    """
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: cannot be read: {error}") from error
    head, body = _head(text, path)
    columns, rows = _count(head, "ncols", path), _count(head, "nrows", path)
    if columns * rows > MOST_CELLS:
        raise SetupError(f"{path}: {columns} x {rows} cells, must be {MOST_CELLS:,} at most")
    cell_deg = _number(head, "cellsize", path)
    if not 0.0 < cell_deg <= 10.0:
        raise SetupError(f"{path}: cellsize is {cell_deg:g}, must be above 0 and at most 10 degrees")
    try:
        values = np.array(body.split(), dtype=np.float64)
    except ValueError as error:
        raise SetupError(f"{path}: {error}, must be numbers") from error
    if values.size != columns * rows:
        raise SetupError(f"{path}: {values.size} values, must be {columns} x {rows} = {columns * rows}")
    if "nodata_value" in head:
        values[values == _number(head, "nodata_value", path)] = np.nan
    west_deg, south_deg = (_corner(head, axis, cell_deg, path) for axis in ("x", "y"))
    grid = DegreeGrid(
        west_deg=west_deg,
        south_deg=south_deg,
        cell_deg=cell_deg,
        values=np.ascontiguousarray(values.reshape(rows, columns)[::-1]),
    )
    if not (-180.0 <= west_deg <= grid.east_deg <= 360.0 and -90.0 <= south_deg <= grid.north_deg <= 90.0):
        found = f"from {west_deg:g}, {south_deg:g} to {grid.east_deg:g}, {grid.north_deg:g}"
        raise SetupError(f"{path}: lies {found}, must be degrees of longitude and latitude")
    return grid


def _head(text: str, path: Path) -> tuple[dict[str, str], str]:
    head: dict[str, str] = {}
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        words = text[at:end].split()
        if len(words) != 2 or words[0].lower() not in KEYS:
            break
        head[words[0].lower()] = words[1]
        at = end + 1
    if not head:
        raise SetupError(f"{path}: begins {text[:20]!r}, must begin with ncols: an Esri ASCII grid")
    return head, text[at:]


def _number(head: dict[str, str], key: str, path: Path) -> float:
    if key not in head:
        raise SetupError(f"{path}: {key} is missing")
    try:
        number = float(head[key])
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        raise SetupError(f"{path}: {key} is {head[key]!r}, must be a number")
    return number


def _count(head: dict[str, str], key: str, path: Path) -> int:
    number = _number(head, key, path)
    if number != int(number) or number < 2:
        raise SetupError(f"{path}: {key} is {head[key]!r}, must be a whole number of at least 2")
    return int(number)


def _corner(head: dict[str, str], axis: str, cell_deg: float, path: Path) -> float:
    """Return the rim in the west or the south."""
    if f"{axis}llcenter" in head:
        return _number(head, f"{axis}llcenter", path) - 0.5 * cell_deg
    return _number(head, f"{axis}llcorner", path)

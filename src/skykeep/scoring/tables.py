"""Tables of tracks and of truth as checked columns.

Both: `t` s, `x y z` east, north, up in m, `vx vy vz` in m/s. Tracks: `track_id`, and the covariance of the
position in m^2, `pxx pxy pxz pyy pyz pzz`, where a row may say nan ("not told"), and `coasting`, true where
no detection was had of late. Truth: `id`, and where known `cls`, what it is, and `in_cov`, false where nobody
could be blamed for not seeing it. Names of tracks and targets are whole numbers or texts. An InputError names
the table, the column and the first row that is wrong; rows count from 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.base.errors import InputError

SAME_MOMENT_S = 1e-3
"""Rows no further than this from a moment belong to it."""

POSITION, VELOCITY = ("x", "y", "z"), ("vx", "vy", "vz")
COVARIANCE = ("pxx", "pxy", "pxz", "pyy", "pyz", "pzz")
_SQUARE = (0, 1, 2, 1, 3, 4, 2, 4, 5)
_LONGEST_S, _FARTHEST_M, _FASTEST_MPS = 1e12, 1e8, 1e5

Columns = Mapping[str, NDArray[Any]]


class States(msgspec.Struct, frozen=True, kw_only=True):
    """Who was where and when: `number` counts the `names`, which stand in order. `table` is for sentences."""

    table: str
    time_s: FloatArray
    number: IntArray
    names: tuple[str, ...]
    position_m: FloatArray
    velocity_mps: FloatArray


class Tracks(msgspec.Struct, frozen=True, kw_only=True):
    """What was stated. `covariance_m2` (n, 3, 3) is nan where it was not told; `coasting` is None where no
    row tells.
    """

    states: States
    covariance_m2: FloatArray
    coasting: BoolArray | None = None


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """What was there. `kind` counts the `kinds`; where `covered` is false a row is neither asked nor blamed
    for.
    """

    states: States
    covered: BoolArray
    kind: IntArray
    kinds: tuple[str, ...]


def tracks_of(columns: Columns, table: str = "tracks") -> Tracks:
    """Return a table of tracks, checked; it may be empty."""
    checked = _Checked(columns, table)
    states = checked.states("track_id")
    return Tracks(
        states=states,
        covariance_m2=_covariance_m2(columns, checked, table, len(states.time_s)),
        coasting=checked.flags("coasting") if "coasting" in columns else None,
    )


def _covariance_m2(columns: Columns, checked: _Checked, table: str, rows: int) -> FloatArray:
    """Return the covariance of each row, nan where it is not told."""
    told = [name for name in COVARIANCE if name in columns]
    if not told:
        return np.full((rows, 3, 3), np.nan)
    if len(told) < len(COVARIANCE):
        raise InputError(f"{table}: covariance", f"only {', '.join(told)}", f"all of {' '.join(COVARIANCE)}")
    six = np.column_stack([checked.numbers(name) for name in COVARIANCE])
    known: BoolArray = np.asarray(np.isfinite(six).all(axis=1))
    for name, place in (("pxx", 0), ("pyy", 3), ("pzz", 5)):
        checked.refuse(name, known & ~(six[:, place] > 0.0), "above 0 m^2, or nan")
    square = np.where(known[:, None], six, np.nan)[:, _SQUARE].reshape(-1, 3, 3)
    least = np.ones(len(six))
    least[known] = np.linalg.eigvalsh(square[known])[:, 0]
    checked.refuse("pxx", ~(least > 0.0), "of a covariance that is positive definite")
    return square


def truth_of(columns: Columns, table: str = "truth") -> Truth:
    """Return a table of truth, checked; it must say something."""
    checked = _Checked(columns, table)
    states = checked.states("id")
    rows = len(states.time_s)
    if not rows:
        raise InputError(table, "no rows", "at least one")
    kind: IntArray = np.zeros(rows, dtype=np.int64)
    kinds: tuple[str, ...] = ("target",)
    if "cls" in columns:
        kind, kinds = checked.names("cls")
    covered = checked.flags("in_cov") if "in_cov" in columns else np.ones(rows, dtype=np.bool_)
    return Truth(states=states, covered=covered, kind=kind, kinds=kinds)


class _Checked:
    """The columns of one table, each checked as it is asked for."""

    def __init__(self, columns: Columns, table: str) -> None:
        self._columns, self._table = columns, table

    def states(self, name_column: str) -> States:
        missing = [name for name in ("t", name_column, *POSITION, *VELOCITY) if name not in self._columns]
        if missing:
            found = ", ".join(sorted(self._columns)) or "nothing"
            raise InputError(self._table, f"columns {found}", f"a table that has also {', '.join(missing)}")
        lengths = {len(column) for column in self._columns.values()}
        if len(lengths) > 1:
            raise InputError(self._table, f"columns of {sorted(lengths)} rows", "columns of one length")
        time_s = self.bounded("t", _LONGEST_S, "s")
        number, names = self.names(name_column)
        order = np.lexsort((time_s, number))
        again = (np.diff(number[order]) == 0) & (np.diff(time_s[order]) <= SAME_MOMENT_S)
        twice = np.zeros(len(time_s), dtype=np.bool_)
        twice[order[1:][again]] = True
        if twice.any():
            row = int(np.flatnonzero(twice)[0])
            found = f"{names[number[row]]} is there twice at t = {time_s[row]:g} s, again in row {row:,}"
            raise InputError(f"{self._table}: {name_column}", found, "at most once at a time")
        return States(
            table=self._table,
            time_s=time_s,
            number=number,
            names=names,
            position_m=np.column_stack([self.bounded(name, _FARTHEST_M, "m") for name in POSITION]),
            velocity_mps=np.column_stack([self.bounded(name, _FASTEST_MPS, "m/s") for name in VELOCITY]),
        )

    def numbers(self, name: str) -> FloatArray:
        column = self._columns[name]
        if column.dtype.kind not in "fiu" and len(column):
            raise InputError(f"{self._table}: {name}", f"{column[0]!r} in row 0", "a number")
        return column.astype(np.float64)

    def bounded(self, name: str, limit: float, unit: str) -> FloatArray:
        column = self.numbers(name)
        self.refuse(name, ~(np.abs(column) <= limit), f"from {-limit:g} to {limit:g} {unit}")
        return column

    def names(self, name: str) -> tuple[IntArray, tuple[str, ...]]:
        column = self._columns[name]
        if column.dtype.kind == "f":
            self.refuse(name, column != np.round(column), "a whole number or a text")
            column = column.astype(np.int64)
        elif column.dtype.kind == "O":
            self.refuse(name, np.array([not isinstance(item, str) for item in column], dtype=bool), "a text")
            column = column.astype(str)
        found, number = np.unique(column, return_inverse=True)
        return number.astype(np.int64), tuple(str(item) for item in found.tolist())

    def flags(self, name: str) -> BoolArray:
        column = self._columns[name]
        if column.dtype.kind != "b":
            said = column if column.dtype.kind in "fiu" else np.array([-1.0] * len(column))
            self.refuse(name, ~np.isin(said, (0, 1)), "true or false")
        return column.astype(np.bool_)

    def refuse(self, name: str, wrong: BoolArray, must: str) -> None:
        rows = np.flatnonzero(wrong)
        if len(rows):
            more = f" (and {len(rows) - 1:,} more)" if len(rows) > 1 else ""
            found = f"{self._columns[name][rows[0]]} in row {int(rows[0]):,}{more}"
            raise InputError(f"{self._table}: {name}", found, must)

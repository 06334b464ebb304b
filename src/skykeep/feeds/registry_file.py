"""A register of aircraft in a local file: CSV, one identity a line, for a site that may ask nobody.

| column | holds |
|---|---|
| `kind` | `remote_id`, `adsb`, `network_remote_id`, `telemetry`; empty for any |
| `claimed_id` | a serial, or a 24-bit address in hex; compared without regard to case |
| `status` | `valid`, `expired`, `revoked`, `stolen`; empty for `valid` |
| `expires` | a UTC time after which `valid` means `expired`; empty for never |
| `operator_id`, `model`, `target_class`, `says` | as the register has them |

Only `claimed_id` must be there. Whoever is not in the file is `not_registered` where `complete`, else nothing
is known of them.
"""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec

from skykeep.base.clock import from_iso_utc
from skykeep.base.errors import SetupError
from skykeep.domain.identity import TARGET_CLASS_NAMES
from skykeep.domain.registry import RegistryAnswer, RegistryStatus
from skykeep.domain.sensing import ClaimKind

COLUMNS = ("kind", "claimed_id", "status", "expires", "operator_id", "model", "target_class", "says")
LARGEST_BYTES = 200_000_000
ANY_KIND = frozenset(ClaimKind)
_STATED = (RegistryStatus.VALID, RegistryStatus.EXPIRED, RegistryStatus.REVOKED, RegistryStatus.STOLEN)


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    status: RegistryStatus
    expires_utc_ns: int | None
    operator_id: str
    model: str
    target_class: str
    says: str


class FileRegister:
    """Answers from the file as it was when this was made. `kinds` of claims are those it knows of."""

    def __init__(
        self, path: Path, name: str = "", *, complete: bool = True, kinds: frozenset[ClaimKind] = ANY_KIND
    ) -> None:
        self.name, self.kinds = name or path.stem, kinds
        self._complete = complete
        self._rows = _read(path)

    def __len__(self) -> int:
        return len(self._rows)

    def ask(self, kind: ClaimKind, claimed_id: str, now_utc_ns: int) -> RegistryAnswer | None:
        """Return what the file says of an identity, None where it says nothing."""
        folded = claimed_id.casefold()
        row = self._rows.get((kind.value, folded)) or self._rows.get(("", folded))
        if row is None:
            if not self._complete:
                return None
            return RegistryAnswer(
                kind=kind,
                claimed_id=claimed_id,
                status=RegistryStatus.NOT_REGISTERED,
                source=self.name,
                time_utc_ns=now_utc_ns,
            )
        status = row.status
        if (
            status is RegistryStatus.VALID
            and row.expires_utc_ns is not None
            and now_utc_ns > row.expires_utc_ns
        ):
            status = RegistryStatus.EXPIRED
        return RegistryAnswer(
            kind=kind,
            claimed_id=claimed_id,
            status=status,
            source=self.name,
            time_utc_ns=now_utc_ns,
            operator_id=row.operator_id,
            model=row.model,
            target_class=row.target_class,
            says=row.says,
        )


def _read(path: Path) -> dict[tuple[str, str], _Row]:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise SetupError(f"{path}: {path.stat().st_size} bytes, must be at most {LARGEST_BYTES}")
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _rows(path, csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SetupError(f"{path}: {error}") from error


def _rows(path: Path, reader: csv.DictReader[str]) -> dict[tuple[str, str], _Row]:
    columns = tuple(reader.fieldnames or ())
    unknown = [column for column in columns if column not in COLUMNS]
    if "claimed_id" not in columns or unknown:
        raise SetupError(f"{path}: columns {columns}, must be claimed_id and others of {COLUMNS}")
    rows: dict[tuple[str, str], _Row] = {}
    for given in reader:
        line = f"{path}, line {reader.line_num}"
        if None in given:
            raise SetupError(f"{line}: {len(columns) + len(given[None])} cells, must be {len(columns)}")
        cells = {column: (given.get(column) or "").strip() for column in COLUMNS}
        key = (cells["kind"], cells["claimed_id"].casefold())
        if not cells["claimed_id"]:
            raise SetupError(f"{line}: claimed_id is empty, must be an identity")
        if key in rows:
            raise SetupError(f"{line}: {cells['claimed_id']} once more, must be named once")
        rows[key] = _row(line, cells)
    return rows


def _row(line: str, cells: dict[str, str]) -> _Row:
    kinds = ("", *(kind.value for kind in ClaimKind))
    if cells["kind"] not in kinds:
        raise SetupError(f"{line}: kind {cells['kind']!r}, must be one of {kinds}")
    status = cells["status"] or RegistryStatus.VALID.value
    if status not in {one.value for one in _STATED}:
        must = ", ".join(one.value for one in _STATED)
        raise SetupError(f"{line}: status {status!r}, must be one of {must}")
    if cells["target_class"] and cells["target_class"] not in TARGET_CLASS_NAMES:
        raise SetupError(
            f"{line}: target_class {cells['target_class']!r}, must be one of {TARGET_CLASS_NAMES}"
        )
    try:
        expires_utc_ns = from_iso_utc(cells["expires"]) if cells["expires"] else None
    except ValueError as error:
        raise SetupError(f"{line}: expires {cells['expires']!r}, must be a UTC time: {error}") from error
    return _Row(
        status=RegistryStatus(status),
        expires_utc_ns=expires_utc_ns,
        operator_id=cells["operator_id"],
        model=cells["model"],
        target_class=cells["target_class"],
        says=cells["says"],
    )

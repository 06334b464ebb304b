"""An exported table of tracks in Parquet: each column says its unit and what it is in its own metadata.

It carries the header of the archive too, and begins with the archive's columns: `skykeep replay` shows it and
`skykeep evaluate` scores it.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from skykeep.store.archive import METADATA_KEY, ArchiveHeader
from skykeep.wire.outgoing import Outgoing
from skykeep.wire.table_out import columns_of, start_utc_ns


def write_table(path: Path, outgoing: Outgoing) -> None:
    """Write the table, zstd-compressed; the same night gives the same bytes; whole or not at all."""
    header = ArchiveHeader(
        name=outgoing.name,
        origin=outgoing.site.origin,
        start_utc_ns=start_utc_ns(outgoing),
        simulated=outgoing.simulated,
    )
    columns = columns_of(outgoing)
    arrays = [
        pa.array(c.values, type=pa.string()) if isinstance(c.values, list) else pa.array(c.values)
        for c in columns
    ]
    fields = [
        pa.field(c.name, array.type, metadata={"unit": c.unit, "says": c.says})
        for c, array in zip(columns, arrays, strict=True)
    ]
    schema = pa.schema(fields, metadata={METADATA_KEY: msgspec.json.encode(header)})
    draft = path.with_name(path.name + ".new")
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), draft, compression="zstd")
    draft.replace(path)

"""A file of another kind is said to be one, with an exit code that a script sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from skykeep.cli import skykeep


@pytest.mark.parametrize("kind", ["asterix", "adsb", "remoteid", "cot", "mavlink"])
@pytest.mark.parametrize("data", [b"", bytes(range(256)) * 4], ids=["empty", "octets"])
def test_nothing_that_reads_as_it_is_an_error(tmp_path: Path, kind: str, data: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(data)
    result = CliRunner().invoke(skykeep, ["decode", kind, str(file)])
    assert result.exit_code != 0
    said = result.output + str(result.exception)
    assert "holds nothing that reads as" in said or "must be" in said

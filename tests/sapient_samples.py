"""The official samples of SAPIENT version 2, where the recordings are, as octets made by protobuf alone."""

from __future__ import annotations

from pathlib import Path

from google.protobuf import json_format
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import (  # type: ignore[import-untyped]
    SapientMessage,
)

from recordings import RECORDINGS

FOLDER = RECORDINGS / "sapient" / "harness_v2"
MISPLACED = ("Default.DetectionReport", "Default.StatusReport")
"""Two say UTM and hold a latitude and a longitude, in that order."""


def paths() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))


def octets(path: Path) -> bytes:
    data: bytes = json_format.Parse(path.read_text(), SapientMessage()).SerializeToString()
    return data


def is_misplaced(path: Path) -> bool:
    return path.stem.endswith(MISPLACED)

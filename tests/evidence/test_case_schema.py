"""The JSON Schema of a case: kept in docs, made from the records, and true of what is written."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs

from sample_case import SAMPLE
from skykeep.evidence.case_json import case_json, case_schema
from skykeep.evidence.levels import Level, at_level

SCHEMA = Path(__file__).parents[2] / "docs" / "dossier.schema.json"


def test_the_schema_in_docs_is_that_of_the_records() -> None:
    made = json.dumps(case_schema(), indent=1) + "\n"

    assert SCHEMA.read_text() == made, "python -m pytest tells what must be there: write case_schema() anew"


def test_what_is_written_at_the_full_level_is_as_the_schema_says() -> None:
    validator = jsonschema_rs.validator_for(case_schema())

    validator.validate(json.loads(case_json(SAMPLE, Level.FULL)))
    assert not validator.is_valid({"format": "skykeep.case", "version": 1, "level": "full"})
    assert not validator.is_valid({**json.loads(case_json(SAMPLE, Level.FULL)), "level": "secret"})


def test_the_lower_levels_are_of_the_same_form_but_for_what_is_null() -> None:
    told = json.loads(case_json(at_level(SAMPLE, Level.PUBLIC), Level.PUBLIC))

    assert list(told["case"]) == list(json.loads(case_json(SAMPLE, Level.FULL))["case"])
    assert told["case"]["sensors"][0]["sensor"]["position_enu_m"] == [None, None, None]
    assert told["case"]["reports"][0]["text"] == "[withheld: personal]"

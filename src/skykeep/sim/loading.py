"""Scenario files: read, checked and refused in words that name the key, its line and what must be."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from skykeep.base.errors import SetupError
from skykeep.base.toml_records import line_of, record_of_toml, spell
from skykeep.sim.checks import first_problem
from skykeep.sim.scenario import Scenario


def bundled_scenarios() -> list[str]:
    """Return the names of the scenarios that come with Skykeep."""
    folder = resources.files("skykeep.sim") / "scenarios"
    return sorted(item.name[:-5] for item in folder.iterdir() if item.name.endswith(".toml"))


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Return the bundled scenario of that name, or the one in that file; SetupError says what is wrong."""
    name = str(name_or_path)
    if name in bundled_scenarios():
        text = (resources.files("skykeep.sim") / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")
        return parse_scenario(text, f"{name}.toml")
    path = Path(name_or_path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(bundled_scenarios())
        raise SetupError(
            f"scenario {name!r} is neither one of {known} nor a readable file: {error}"
        ) from error
    return parse_scenario(text, path.name)


def parse_scenario(text: str, source: str) -> Scenario:
    """Return the scenario that a TOML text holds; `source` is how errors name the file."""
    scenario = record_of_toml(text, source, Scenario)
    problem = first_problem(scenario)
    if problem is not None:
        path, sentence = problem
        raise SetupError(f"{source}, line {line_of(text, path)}: {spell(path)} {sentence}")
    return scenario

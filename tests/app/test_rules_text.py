"""Rule sets as files: what comes with Skykeep, there and back, and refusals that name key, line and bound."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from skykeep.app.rules_text import changes_between, packaged_rules_text, parse_rules, read_rules, rules_text
from skykeep.base.errors import InputError, SetupError
from skykeep.cli.rules import rules as command
from skykeep.domain.rule_bounds import check_rules, faults_of
from skykeep.domain.rules import DEFAULT_RULES, ResponseRules, RuleSet, ThreatRules


def test_what_comes_with_skykeep_is_what_the_code_says_and_is_whole() -> None:
    head = packaged_rules_text().partition("rules_id")[0]
    made = head + rules_text(DEFAULT_RULES)
    assert packaged_rules_text() == made, "skykeep.app.rules_text.rules_text(DEFAULT_RULES) writes it anew"
    assert parse_rules(packaged_rules_text(), "default.toml") == DEFAULT_RULES
    assert faults_of(DEFAULT_RULES) == ()


def test_what_a_file_leaves_out_is_as_usual() -> None:
    text = 'rules_id = "harbour"\nversion = 3\n[threat]\nresponse_s = 240.0\n'
    found = parse_rules(text, "rules.toml")
    assert found.called == "harbour v3"
    assert found.threat == ThreatRules(response_s=240.0)
    assert [change.field for change in changes_between(DEFAULT_RULES, found)] == [
        "rules_id",
        "version",
        "threat.response_s",
    ]


REFUSED = {
    "out of bounds": (
        "[threat]\nresponse_s = 0.0\n",
        "rules.toml, line 2: threat.response_s is 0, must be 1 to 86400",
    ),
    "a share above 1": (
        "[threat]\nunknown_counts = 1.5\n",
        "line 2: threat.unknown_counts is 1.5, must be 0 to 1",
    ),
    "no such rule": ("\n[threat]\nrespnse_s = 3.0\n", "line 3: unknown key threat.respnse_s, must be one of"),
    "no such table": ("[treat]\n", "unknown key treat, must be one of rules_id, version"),
    "a word for a number": ('[threat]\nhabit = "low"\n', "line 2: threat.habit is 'low', must be float"),
    "cleared before raised": (
        "[response]\nclear_priority = 0.6\n",
        "line 2: response.clear_priority is 0.6, must be less",
    ),
    "one of five": ("[threat]\nfastest_mps = [40.0, 70.0]\n", "threat.fastest_mps"),
    "no version": ("version = 0\n", "line 1: version is 0, must be 1 or more"),
    "not a number": ("[threat]\nhabit = nan\n", "threat.habit is nan, must be 0 to 1"),
    "not TOML": ("[threat\n", "rules.toml: "),
    "own rules under the usual name": (
        "[threat]\nhabit = 0.05\n",
        "line 1: rules_id is 'default' with rules of its own, must be a name of its own",
    ),
    "and a version of it that was never packaged": (
        'version = 2\nrules_id = "default"\n[response]\nraise_priority = 0.6\n',
        "line 2: rules_id is 'default' with rules of its own, must be a name of its own",
    ),
    "an hour with more than all": (
        "[response.debris]\nhours = [" + "[2.0, 0.0, 0.0], " * 24 + "]\n",
        "line 2: response.debris.hours is 2, must be 0 to 1",
    ),
    "it never sinks": (
        "[response.debris]\nwindmilling_sink_mps = [0.0, 0.0]\n",
        "line 2: response.debris.windmilling_sink_mps is 0, must be 0.1 to 100",
    ),
    "it glides for ever": (
        "[response.debris]\nglide_sink_mps = [0.0, 0.0]\n",
        "line 2: response.debris.glide_sink_mps is 0, must be 0.1 to 100",
    ),
    "it fails in no way": (
        "[response.debris]\nfailure_shares = [0.0, 0.0, 0.0]\n",
        "line 2: response.debris.failure_shares is 0 in all, must be more than 0 in one or more",
    ),
    "three arms carry it all": (
        "[response.debris]\nfailure_shares = [0.0, 1.0, 0.0]\narm_lost_thrust_share = [1.0, 1.0]\n",
        "line 3: response.debris.arm_lost_thrust_share is 1, must be 0 to 0.95",
    ),
    "no threat is enough": (
        "[response]\nraise_priority = 1.0\n",
        "line 2: response.raise_priority is 1, must be 0.01 to 0.95",
    ),
    "raised tomorrow": (
        "[response]\nraise_after_s = 86400.0\n",
        "line 2: response.raise_after_s is 86400, must be 0 to 60",
    ),
    "everything is harmless": (
        "[response]\nharmless_probability = 0.0\n",
        "line 2: response.harmless_probability is 0, must be 0.1 to 1",
    ),
    "a flood that ends above where it begins": (
        "[response.alerts]\nflood_above = 4\nflood_below = 6\n",
        "line 3: response.alerts.flood_below is 6, must be at most flood_above, 4",
    ),
    "a flood without end": (
        "[response.alerts]\nflood_below = 0\n",
        "line 2: response.alerts.flood_below is 0, must be 1 to 1000",
    ),
    "nobody is told": (
        '[[response.alerts.escalation]]\nrole = " "\nafter_s = 20.0\n',
        "line 2: response.alerts.escalation[1].role is ' ', must be 1 to 80 characters",
    ),
    "told before the one below": (
        '[response.alerts]\nescalation = [{ role = "chief", after_s = 40.0 },\n'
        '  { role = "mayor", after_s = 20.0 }]\n',
        "line 3: response.alerts.escalation[2].after_s is 20, must be more than the step before, 40",
    ),
    "told never": (
        '[[response.alerts.escalation]]\nrole = "chief"\nafter_s = 1e9\n',
        "line 3: response.alerts.escalation[1].after_s is 1e+09, must be 0 to 86400",
    ),
    "no such key in a step": (
        '[[response.alerts.escalation]]\nrole = "chief"\nafter_s = 20.0\nrolle = "mayor"\n',
        "line 4: unknown key response.alerts.escalation[1].rolle, must be one of role, after_s",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refusals_name_file_line_key_and_bound(what: str) -> None:
    text, said = REFUSED[what]
    with pytest.raises(SetupError) as refusal:
        parse_rules(text, "rules.toml")
    assert said in str(refusal.value)


def test_a_ladder_in_order_is_taken() -> None:
    steps = '[{ role = "chief", after_s = 20.0 }, { role = "mayor", after_s = 40.0 }]'
    found = parse_rules(f'rules_id = "own"\n[response.alerts]\nescalation = {steps}\n', "rules.toml")
    assert [step.role for step in found.response.alerts.escalation] == ["chief", "mayor"]
    assert parse_rules(rules_text(found), "rules.toml") == found


@given(st.floats(1.0, 86_400.0), st.floats(0.0, 1.0), st.integers(1, 99), st.text(min_size=1, max_size=30))
def test_there_and_back(response_s: float, share: float, version: int, says: str) -> None:
    threat = ThreatRules(response_s=response_s, unknown_counts=share)
    rules = RuleSet(rules_id="own", version=version, says=says, threat=threat)
    assert parse_rules(rules_text(rules), "rules.toml") == rules


def test_a_version_must_grow_and_another_name_may_start_anew() -> None:
    with pytest.raises(InputError, match=r"rules.version"):
        check_rules(DEFAULT_RULES, after=DEFAULT_RULES)
    check_rules(msgspec.structs.replace(DEFAULT_RULES, version=2), after=DEFAULT_RULES)
    check_rules(msgspec.structs.replace(DEFAULT_RULES, rules_id="other"), after=DEFAULT_RULES)
    with pytest.raises(InputError, match=r"rules.response.raise_after_s"):
        check_rules(RuleSet(response=ResponseRules(raise_after_s=-1.0)))


def test_the_command_shows_checks_and_compares(tmp_path: Path) -> None:
    own, run = tmp_path / "own.toml", CliRunner()
    own.write_text('rules_id = "own"\n[threat]\nhabit = 0.05\n', encoding="utf-8")
    assert run.invoke(command, ["show"]).output == packaged_rules_text()
    assert run.invoke(command, ["show", str(own)]).output == rules_text(read_rules(own))
    assert (
        run.invoke(command, ["check", str(own)]).output
        == "own v1: can be in force; 1 of its rules are its own.\n"
    )
    assert "threat.habit: 0.02 -> 0.05" in run.invoke(command, ["diff", str(own)]).output
    assert run.invoke(command, ["diff", str(own), str(own)]).output == "They are alike.\n"


def test_a_site_names_its_rules_beside_its_own_file(tmp_path: Path) -> None:
    from skykeep.app.site_text import read_site_file, site_of

    (tmp_path / "own.toml").write_text('rules_id = "own"\nversion = 4\n', encoding="utf-8")
    place = 'id = "s"\nname = "S"\nlatitude_deg = 1.0\nlongitude_deg = 2.0\n'
    (tmp_path / "site.toml").write_text(f'[site]\n{place}rules = "own.toml"\n', encoding="utf-8")
    assert site_of(read_site_file(tmp_path / "site.toml")).rules.called == "own v4"
    (tmp_path / "site.toml").write_text(f"[site]\n{place}", encoding="utf-8")
    assert site_of(read_site_file(tmp_path / "site.toml")).rules == DEFAULT_RULES

"""What `skykeep doctor` says of people: who is told, who is asked, who does what, and who may decide."""

from __future__ import annotations

from pathlib import Path

from skykeep.app.duty_check import look_at_duty
from skykeep.app.finding import Finding
from skykeep.app.site_text import read_site_file
from skykeep.feeds.system_clock import SystemClock
from skykeep.store.people_file import Cost, PeopleFile

EXAMPLE = Path(__file__).parents[2] / "examples" / "site.toml"
HEAD = '[site]\nid = "here"\nname = "Here"\nlatitude_deg = 10.0\nlongitude_deg = 20.0\n'
PLACES = "".join(
    f'[[assets]]\nid = "{name.lower()}"\nname = "{name}"\nlatitude_deg = 10.0\nlongitude_deg = 20.0\n'
    "breach_radius_m = 100.0\nwarning_radius_m = 500.0\n"
    for name in ("House", "Sickbay")
)
PEOPLE = "".join(
    f'[[people]]\nid = "{name.lower()}"\nname = "{name}"\nrole = "{role}"\nmay_approve = true\n'
    for name, role in (("Amara", "watch lead"), ("Bela", "duty officer"))
)
EFFECT = (
    'id = "jam", name = "Link", layer = "soft", says = "It loses its link.", '
    "success_probability = 0.6, delay_s = 2.0, max_range_m = 900.0"
)
PLAYBOOK = f"""
[[playbooks]]
id = "house"
asset = "house"
tasks = [{{ key = "in", text = "Bring everybody in", owner = "watch lead", due_before_breach_s = 20.0 }}]
effects = [{{ {EFFECT} }}]
"""
APPROVALS = '[approvals]\npeople_file = "people.json"\n'


def told(folder: Path, text: str) -> dict[str, Finding]:
    file = folder / "site.toml"
    file.write_text(HEAD + text)
    return {each.what: each for each in look_at_duty(read_site_file(file), folder)}


def enrol(folder: Path, *person_ids: str) -> PeopleFile:
    file = PeopleFile(folder / "people.json", SystemClock(), Cost(memory_kib=8, rounds=1, lanes=1))
    for person_id in person_ids:
        file.enrol(person_id, f"{person_id} and twelve more", "chief")
    return file


def test_a_site_with_nothing_of_it_is_told_so_and_nothing_is_bad(tmp_path: Path) -> None:
    found = told(tmp_path, "")
    assert {what: each.verdict for what, each in found.items()} == {"notices": "note", "people": "note"}
    assert found["notices"].says == "Nobody outside is told of anything: there is no [[notices.to]]."
    assert found["people"].says == "Nobody is on duty: there is no [[people]]."


def test_who_is_told_unsigned_and_which_private_networks_may_be_called_is_said(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret")
    duty = '[[notices.to]]\nname = "Duty"\nway = "webhook"\naddress = "https://a.example/"\n'
    duty += 'secret_file = "key"\n'
    events = '[[notices.to]]\nname = "Events"\nway = "ocsf"\naddress = "https://10.1.2.3/"\n'
    found = told(tmp_path, duty)["notices"]
    assert (found.verdict, found.says) == ("ok", "1 told: Duty by webhook.")
    found = told(tmp_path, f'[notices]\nnetworks = ["10.1.0.0/16"]\n{duty}{events}')["notices"]
    assert found.verdict == "note"
    assert found.says == (
        "2 told: Duty by webhook, Events by ocsf. Not signed, so that nobody can tell who sent it: Events. "
        "Private networks that may be called: 10.1.0.0/16."
    )
    (tmp_path / "key").unlink()
    found = told(tmp_path, duty)["notices"]
    assert (found.verdict, "key cannot be read" in found.says) == ("bad", True)


def test_a_register_is_looked_at_and_not_asked(tmp_path: Path) -> None:
    (tmp_path / "club.csv").write_text("claimed_id\nABC\nDEF\n")
    club = '[[registers]]\nname = "Club"\npath = "club.csv"\ncomplete = false\n'
    state = '[[registers]]\nname = "State"\naddress = "https://10.9.8.7/a"\nnetworks = ["10.9.0.0/16"]\n'
    lost = '[[registers]]\nname = "Lost"\npath = "lost.csv"\n'
    found = told(tmp_path, club + state + lost)
    asked = "Asked about remote_id, network_remote_id."
    assert found["register Club"].says == (
        f"A file of 2 aircraft. {asked} Whoever is not in it is not accused."
    )
    assert found["register State"].says == (
        f"Asked at 10.9.8.7, without a token. {asked} Private networks that may be called: 10.9.0.0/16."
    )
    assert [found[f"register {name}"].verdict for name in ("Club", "State", "Lost")] == ["ok", "note", "bad"]
    assert "lost.csv" in found["register Lost"].says


def test_a_place_without_a_playbook_is_named(tmp_path: Path) -> None:
    found = told(tmp_path, PLACES + PEOPLE + PLAYBOOK)
    assert found["playbooks"].verdict == "note"
    assert (
        found["playbooks"].says == "Without a playbook, so that an alert there gives nobody a task: Sickbay."
    )


def test_people_without_a_passphrase_cannot_make_up_a_quorum(tmp_path: Path) -> None:
    text = PLACES + PEOPLE + PLAYBOOK
    found = told(tmp_path, text)
    nobody = "Nobody can prove who they are, so no proposal is decided: there is no [approvals]."
    assert found["people"].says == f"2 on duty, 2 may approve. {nobody}"
    assert found["playbook house"].verdict == "bad"

    enrol(tmp_path, "amara", "carla")
    found = told(tmp_path, text + APPROVALS)
    assert found["people"].verdict == "note"
    assert found["people"].says == (
        "2 on duty, 2 may approve. Without a passphrase enrolled: Bela. Enrolled and not on duty: carla."
    )
    assert found["playbook house"].verdict == "bad"
    assert found["playbook house"].says.startswith(
        "At posture routine 2 must agree; 1 may approve and can prove who they are."
    )

    enrol(tmp_path, "bela").revoke("carla", "chief")
    found = told(tmp_path, text + APPROVALS)
    assert (found["people"].verdict, found["playbook house"].verdict) == ("ok", "ok")
    assert found["playbook house"].says == "1 for people to do, 1 to propose, in simulation."


def test_a_role_that_must_be_among_them_and_cannot_be_proven_is_named(tmp_path: Path) -> None:
    enrol(tmp_path, "amara", "carla")
    carla = '[[people]]\nid = "carla"\nname = "Carla"\nrole = "watch lead"\nmay_approve = true\n'
    quorum = 'quorums = [{ from_level = 2, approvals_needed = 2, roles = ["duty officer"] }]\n'
    found = told(tmp_path, PLACES + PEOPLE + carla + PLAYBOOK + quorum + APPROVALS)
    assert found["playbook house"].says.startswith(
        "At posture high 2 must agree, duty officer among them; 2 may approve and can prove who they are."
    )


def test_a_quorum_that_there_are_too_few_people_for_is_bad(tmp_path: Path) -> None:
    found = told(tmp_path, PLACES + PEOPLE + PLAYBOOK + "approvals_needed = 3\n")
    assert found["playbooks"].verdict == "bad"
    assert "it takes 3 approvals, must be at most 2, as many as may approve" in found["playbooks"].says


def test_the_example_is_looked_at_too() -> None:
    found = {each.what: each for each in look_at_duty(read_site_file(EXAMPLE), EXAMPLE.parent)}
    assert "Fenwick sickbay" in found["playbooks"].says
    assert found["register Aviation authority"].verdict == "bad"  # its token is not there: it is a secret

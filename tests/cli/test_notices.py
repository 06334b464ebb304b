"""`skykeep notices`: whom a site's file names, and whether they can be told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from notice_receiver import receiving
from skykeep.cli import main

SITE = '[site]\nid = "here"\nname = "Here"\nlatitude_deg = 10.0\nlongitude_deg = 20.0\n'


def site_file(folder: Path, url: str, networks: str) -> Path:
    (folder / "key").write_text("s3cret\n")
    to = f'[[notices.to]]\nname = "{{}}"\nway = "{{}}"\naddress = "{url}"\nsecret_file = "key"\n'
    path = folder / "site.toml"
    both = to.format("Duty", "webhook") + to.format("Security", "ocsf")
    path.write_text(f"{SITE}[notices]\nnetworks = {networks}\n{both}")
    return path


def test_everybody_is_told_that_it_is_a_test(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with receiving() as receiver:
        path = site_file(tmp_path, receiver.url, '["127.0.0.0/8"]')
        with pytest.raises(SystemExit) as ended:
            main(["notices", str(path), "--test"])
        assert ended.value.code == 0
        webhook, event = (json.loads(taken[3]) for taken in receiver.taken)
    assert webhook["says"].startswith("This is a test")
    assert event["class_uid"] == 8001
    said = capsys.readouterr().out
    assert said == "Duty: everything, by webhook: told\nSecurity: everything, by ocsf: told\n"


def test_who_cannot_be_told_is_named_and_the_command_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with receiving() as receiver:
        path = site_file(tmp_path, receiver.url, "[]")
        with pytest.raises(SystemExit) as ended:
            main(["notices", str(path), "--test"])
        assert receiver.taken == []
    assert ended.value.code == 1
    assert "Duty: everything, by webhook: not told: 127.0.0.1: leads to" in capsys.readouterr().out


def test_a_site_that_tells_nobody_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "site.toml"
    path.write_text(SITE)
    with pytest.raises(SystemExit):
        main(["notices", str(path)])
    assert capsys.readouterr().out.startswith("Nobody is told")

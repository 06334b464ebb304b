"""The site file that we show, and every piece of one in the papers, is what `skykeep run` understands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import trustme

from skykeep.app import feed_text
from skykeep.app.feed_factory import FeedMaker
from skykeep.app.feed_text import FeedText
from skykeep.app.office import OfficeSettings
from skykeep.app.office_forms import PeopleForm, PermitForm, RestrictionForm, read_form
from skykeep.app.site_text import IntakeText, SiteFile, read_site_file, site_of
from skykeep.base.errors import SetupError
from skykeep.base.toml_records import record_of_toml
from skykeep.feeds.sapient_client import SapientClient
from skykeep.feeds.sapient_server import SapientServer

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "site.toml"
FENCED = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
PLACE = '[site]\nid = "here"\nname = "Here"\nlatitude_deg = 10.0\nlongitude_deg = 20.0\n'
KINDS = {kind.__struct_config__.tag for kind in get_args(FeedText)}


# These show forms of the office, not a site's file.
FORMS = {
    "permits.md": (OfficeSettings, PermitForm),
    "restrictions.md": (RestrictionForm, PeopleForm),
}


def blocks(forms: bool = False) -> Iterator[tuple[str, str]]:
    """Yield every piece of a site's file in the papers, with where it stands; or every form."""
    for paper in sorted((ROOT / "docs").rglob("*.md")):
        if (paper.name in FORMS) != forms:
            continue
        for block in FENCED.finditer(paper.read_text()):
            if "[[" in block[1] or re.search(r"^\[\w", block[1], re.MULTILINE):
                line = paper.read_text()[: block.start()].count("\n") + 1
                yield f"{paper.relative_to(ROOT)}:{line}", block[1]


BLOCKS = dict(blocks())


def whole(piece: str) -> str:
    """Return a piece of a site's file as a whole one."""
    return piece if "[site]" in piece else PLACE + piece


def make_secrets(folder: Path) -> None:
    """Put made-up keys and tokens where the example says they are."""
    authority = trustme.CA()
    ours = authority.issue_cert("skykeep.example.org")
    for name in ("secrets", "tls"):
        (folder / name).mkdir()
    for name in ("skykeep", "tak"):
        ours.private_key_pem.write_to_path(folder / "tls" / f"{name}.key")
        ours.cert_chain_pems[0].write_to_path(folder / "tls" / f"{name}.pem")
    for name in ("authorities", "region", "tak-ca"):
        authority.cert_pem.write_to_path(folder / "tls" / f"{name}.pem")
    for name in ("provider.token", "rf-tower.token", "register.token", "mqtt"):
        (folder / "secrets" / name).write_text(f"made-up-and-long-enough-{name}\n")
    (folder / "secrets" / "mavlink.key").write_text("ab" * 32 + "\n")


def test_all_feeds_of_the_example_can_be_made(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    found = read_site_file(EXAMPLE)

    maker = FeedMaker(found, site_of(found, EXAMPLE.parent), tmp_path)
    plans = maker.plans()

    assert [plan.feed.source_id for plan in plans] == [feed.name for feed in found.feeds]
    assert set(maker.tokens) == {"rf-tower"}
    # A display, a SAPIENT parent, a TAK server and a TAK mesh are told.
    assert len(maker.sinks) == 4
    assert {type(plan.feed) for plan in plans} >= {SapientClient, SapientServer}


def test_the_example_has_a_feed_of_every_kind() -> None:
    assert {type(feed).__struct_config__.tag for feed in read_site_file(EXAMPLE).feeds} == KINDS


def test_a_secret_that_is_not_there_is_named(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    (tmp_path / "secrets" / "mavlink.key").unlink()
    found = read_site_file(EXAMPLE)

    with pytest.raises(SetupError, match=r"feed 'own-drones': .*mavlink\.key: cannot be read"):
        FeedMaker(found, site_of(found, EXAMPLE.parent), tmp_path).plans()


def test_the_papers_show_every_kind_of_feed() -> None:
    shown = {feed["kind"] for piece in BLOCKS.values() for feed in tomllib.loads(piece).get("feeds", ())}
    assert shown == KINDS


@pytest.mark.parametrize("where", BLOCKS)
def test_every_key_in_a_paper_is_there(where: str) -> None:
    found = record_of_toml(whole(BLOCKS[where]), where, SiteFile)

    for feed in found.feeds:
        if isinstance(feed, feed_text.ByteFeed):
            assert sum(way is not None for way in (feed.udp, feed.tcp, feed.listen)) == 1
        if isinstance(feed, feed_text.HttpFeed | feed_text.PeopleFeed):
            assert isinstance(found.intake, IntakeText)


def test_every_form_in_a_paper_can_be_read() -> None:
    shown = list(blocks(forms=True))
    for paper, wanted in FORMS.items():
        pieces = [piece for where, piece in shown if f"/{paper}:" in where]
        assert len(pieces) == len(wanted)
        for piece, form in zip(pieces, wanted, strict=True):
            assert isinstance(read_form(piece.encode(), paper, form), form)  # type: ignore[arg-type]


def test_a_key_that_is_not_there_is_found_out() -> None:
    with pytest.raises(SetupError, match=r"line 9: unknown key feeds\[1\]\.sensor_id"):
        record_of_toml(
            whole('[[feeds]]\nkind = "cot_mesh"\nuid = "A"\nsensor_id = "a"\nname = "a"\n'), "x", SiteFile
        )

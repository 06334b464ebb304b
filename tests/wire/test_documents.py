"""Documents as strangers hand them in: what a reader sees, who published it and when, and nothing run."""

from __future__ import annotations

import contextlib
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.errors import DecodeError, InputError
from skykeep.domain.statement import SourceDocument
from skykeep.wire.document_html import LARGEST_DEPTH, page_text
from skykeep.wire.document_text import decode_text
from skykeep.wire.documents import LARGEST_BYTES, Said, read_document

OPEN = Path(__file__).parents[1] / "statements" / "open"
PAGE = """<!doctype html><html><head><meta charset="windows-1251"><title>Night over the harbour</title>
<meta property="article:published_time" content="2031-05-03T07:30:00+02:00">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle",
"publisher": {"name": "Harbour Wire"}, "datePublished": "2031-05-03T07:31:00+02:00"}]}</script>
<style>p { color: red }</style><script>document.write("never")</script></head>
<body><nav>Home | Sport</nav><article><h1>Two drones &amp; a bang</h1>
<p class="byline">By Ada Vell</p><p>«Две машины», said\u00a0the   office.<br>Nobody was hurt.</p>
<div hidden>unseen</div><p style="display: none">unseen too</p>
<ul><li>one<li>two</ul></article></body></html>"""


def document(name: str, data: bytes, person: Said | None = None) -> SourceDocument:
    return read_document(name, data, retrieved_utc_ns=7, person=person)


def test_a_page_is_what_its_reader_sees_and_its_head_says_who_and_when() -> None:
    found = document("page.html", PAGE.encode("windows-1251"))
    assert found.text == (
        "Two drones & a bang\n\nBy Ada Vell\n\n«Две машины», said\u00a0the office.\nNobody was hurt."
        "\n\none\n\ntwo\n"
    )
    assert (found.publisher, found.published) == ("Harbour Wire", "2031-05-03T07:31:00+02:00")
    assert found.published_from == "metadata"


def test_a_page_without_a_site_in_its_head_has_it_from_its_title_and_never_from_its_headline() -> None:
    body = b"<body><h1>Two drones over the mole</h1><p>3 May 2031, 07:30</p><p>They fell.</p></body></html>"
    titled = document("a.html", b"<html><head><title>Two drones - Harbour Wire</title></head>" + body)
    assert (titled.publisher, titled.published) == ("Harbour Wire", "2031-05-03T07:30")
    assert document("a.html", b"<html>" + body).publisher == ""
    under = b"<html><body><header>Harbour Wire</header>" + body.removeprefix(b"<body>")
    assert document("a.html", under).publisher == "Harbour Wire"


def test_a_letter_is_read_as_a_person_beside_the_code_wrote_it_down() -> None:
    folder = OPEN / "forwarded-mail"
    found = document("a.eml", (folder / "a.eml").read_bytes())
    assert found.text == (folder / "a.eml.seen.txt").read_text(encoding="utf-8")
    assert (found.publisher, found.published_from) == ("Mirel Astov", "text")


def test_a_letter_inside_a_letter_is_read_and_an_attachment_only_named() -> None:
    data = (
        b"From: A <a@x.example>\r\nDate: Sat, 03 May 2031 07:26:00 +0400\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain'
        b"\r\n\r\nSee below.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: B <b@x.example>\r\n"
        b'Subject: Night\r\nContent-Type: text/plain; charset="koi8-r"'
        b"\r\nContent-Transfer-Encoding: base64\r\n\r\n8tXMyQ==\r\n"
        b'--b\r\nContent-Type: application/x-sh; name="run.sh"\r\nContent-Disposition: attachment; '
        b'filename="run.sh"\r\n\r\nrm -rf /\r\n--b--\r\n'
    )
    text = document("a.eml", data).text
    assert "Forwarded message" in text
    assert "From: B <b@x.example>" in text
    assert "Рули" in text
    assert "[attached: run.sh]" in text
    assert "rm -rf" not in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_text_is_the_same_in_every_encoding_that_says_its_name(encoding: str) -> None:
    words = "Зарево\u00a0над портом, “two bangs”\r\n\r\nليلة 🔥\r\n"
    found = decode_text(words.encode(encoding))
    assert (found.text, found.encoding) == (words, encoding.removesuffix("-sig"))
    assert not found.is_guessed


def test_an_encoding_that_says_no_name_is_told_by_its_bytes() -> None:
    words = "Ночью над портом видели два беспилотника, сообщили в администрации порта. " * 5
    found = decode_text(words.encode("windows-1251"))
    assert (found.text, found.encoding, found.is_guessed) == (words, "cp1251", True)


@pytest.mark.parametrize(
    ("data", "text", "stray"),
    [
        # A page put together of two: the one in UTF-8, the other in Latin-1.
        ("“Zwei Bänke” – ".encode() + "am Café\n".encode("latin-1"), "“Zwei Bänke” – am Caf\ufffd\n", 1),
        ("Café, naïve. ".encode() + "Ærø".encode("latin-1"), "Café, naïve. \ufffdr\ufffd", 2),
        ("Ночью над портом — ".encode() + b"\xff\xfe", "Ночью над портом — \ufffd\ufffd", 2),
        (
            "cut in the middle of an é".encode()[:-1] + " – é".encode(),
            "cut in the middle of an \ufffd – é",
            1,
        ),
    ],
)
def test_bytes_that_are_no_utf_8_among_others_that_are_stand_marked_and_are_counted(
    data: bytes, text: str, stray: int
) -> None:
    found = document("a.txt", data)
    assert (found.text, found.encoding, found.stray_bytes) == (text, "utf-8", stray)
    assert not found.is_encoding_guessed
    page = document("a.html", b"<html><body><p>" + data + b"</p></body></html>")
    assert (page.text.split(), page.stray_bytes) == (text.split(), stray)
    letter = b"From: A <a@x.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + data
    assert document("a.eml", letter).stray_bytes == stray


@pytest.mark.parametrize(
    "encoding", ["latin-1", "windows-1252", "windows-1250", "koi8-r", "shift_jis", "gb18030"]
)
def test_a_text_in_another_encoding_is_never_read_as_an_old_macintosh_one_nor_as_broken_utf_8(
    encoding: str,
) -> None:
    words = "Zwei Drohnen über dem Hafen, Café und Fähre. Zażółć. Ночью над портом. 夜の港で二機。".encode(
        encoding, errors="ignore"
    )
    found = decode_text(words)
    assert found.is_guessed
    assert not found.encoding.startswith("mac")
    assert found.stray_bytes == 0


# Labelled otherwise by a person who reads more than the first lines: what is read instead.
OTHERWISE_READ = {
    ("hollin-castle-court", "a.txt"): "Office of the State Attorney",
    ("hollin-castle-court", "b.txt"): "Corbin & Vael",
    ("kelstow-runway", "c.txt"): "",
    ("lantern-park-match", "d.txt"): "Posts tagged #LanternPark",
    ("long-hour-radio", "c.txt"): "",
    ("quell-reactor-recasts", "a.txt"): "CPS",
    ("telm-governor-night", "c.txt"): "",
}


def test_publisher_and_time_of_every_labelled_document() -> None:
    told = 0
    for labels in sorted(OPEN.glob("*/labels.toml")):
        for one in tomllib.loads(labels.read_text(encoding="utf-8"))["document"]:
            found = document(one["name"], (labels.parent / one["name"]).read_bytes())
            source = OTHERWISE_READ.get((labels.parent.name, one["name"]), one["source"])
            assert found.publisher.casefold() == source.casefold()
            assert found.published == one.get("published", "")
            begin = found.published_words[0] if found.published_words else None
            assert begin == (one["published_words"][0] if one.get("published_words") else None)
            told += 1
    assert told == 45


@pytest.mark.parametrize(
    ("first_lines", "published"),
    [
        ("HARBOUR POLICE\nFor release 03/05/31, midday\n", "2031-05-03"),
        ("HARBOUR POLICE\nLines as at 2100hrs 03/05/31\n", "2031-05-03T21:00"),
        ("Office of Works\nGiven this 3rd day of May 2031\n", "2031-05-03"),
        ("HARBOUR, 3 May 2031, 04:20 (HW) - " + "Two drones came over the port. " * 5, "2031-05-03T04:20"),
        ("Harbour, where on 3 May 2031 two drones came, slept. " * 5, ""),
        ("Works 33/05/31 and 3/13/31\nlines of numbers\n", ""),
    ],
)
def test_the_ways_a_head_tells_its_day(first_lines: str, published: str) -> None:
    assert document("a.txt", first_lines.encode()).published == published


def test_a_story_that_begins_with_a_sentence_has_no_publisher_and_no_time() -> None:
    found = document("a.txt", b"A mayor said on 3 May 2031 that two drones came. " * 6)
    assert (found.publisher, found.published, found.published_from) == ("", "", "")


def test_what_a_person_says_goes_before_the_text() -> None:
    said = Said(publisher="The Desk", published="2031-05-04")
    found = document("a.txt", b"Harbour Wire\n3 May 2031\n\nTwo drones came.\n", said)
    assert (found.publisher, found.published, found.published_from) == ("The Desk", "2031-05-04", "person")
    with pytest.raises(InputError, match="must be an ISO date"):
        document("a.txt", b"Two drones came.", Said(published="yesterday"))


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b"", "nothing a reader could see"),
        ("a.txt", b"\x00\x01\x02\x03" * 50, "control characters"),
        ("a.exe", b"MZ", "must be one of"),
        ("a.pdf", b"GIF89a", "begin like no PDF"),
        ("a.eml", b"no heads here", "neither From nor Date"),
        ("a.html", b"<html><script>only()</script></html>", "nothing a reader could see"),
        ("a.html", b"<html>" + b"<div>" * (LARGEST_DEPTH + 1) + b"x", "inside one another"),
        ("a.txt", b"word " * 400_001, "characters, must be at most"),
        ("a.txt", b"x" * (LARGEST_BYTES + 1), "bytes, must be at most"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(name: str, data: bytes, says: str) -> None:
    with pytest.raises(DecodeError, match=says):
        document(name, data)


def test_a_page_of_stray_ends_is_read_in_time_that_grows_with_its_length() -> None:
    assert page_text("</div>" * 50_000 + "<p>one" + "</b>" * 50_000).text == "one\n"


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.html", "a.eml"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    for start in (b"", b"From: x\nContent-Type: ", b"<html><body>"):
        with contextlib.suppress(DecodeError):
            assert document(name, start + data).text.strip()

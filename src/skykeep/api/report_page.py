"""The report page as HTML: one form, one style, one small script, all in the page itself.

It asks nothing of any other server, works without its script, and follows the reader's theme and language;
text that people or the configuration wrote is set with `dir="auto"`, so that either script reads right.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from importlib.resources import files

import msgspec

from skykeep.api.report_form import DISTANCES_M, LONGEST_CONTACT, LONGEST_TEXT, MOST_MINUTES, WHAT
from skykeep.api.report_words import LANGUAGES, Words

_ASSETS = files("skykeep.api") / "report_assets"
STYLE = (_ASSETS / "page.css").read_text(encoding="utf-8")
SCRIPT = (_ASSETS / "page.js").read_text(encoding="utf-8")
# Where each eighth stands on the compass, read like a page; None is the middle.
_COMPASS = (7, 0, 1, 6, None, 2, 5, 4, 3)
_ARROWS = "↑↗→↘↓↙←↖"


def source_hash(text: str) -> str:
    """Return the hash by which a policy lets one style or script of a page in."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


SECURITY_HEADERS = {
    "content-security-policy": "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{source_hash(STYLE)}'",
            f"script-src 'sha256-{source_hash(SCRIPT)}'",
            "img-src data:",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "permissions-policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What the page calls the place it reports to, and whose clock it goes by."""

    name: str
    zone_name: str


def form_page(
    words: Words,
    place: Place,
    ticket: str,
    values: Mapping[str, str],
    wrong: tuple[str, ...] = (),
    notice: str = "",
) -> str:
    """Return the page with the form, filled in as it was; `wrong` names the parts to be looked at again."""
    form = _Form(words, place, values, wrong)
    parts = (form.what(), form.text(), form.when(), form.where(), form.bearing(), form.contact())
    body = (
        f"<p>{escape(words.intro)}</p>{form.complaints(notice)}"
        f'<form method="post" action="report" novalidate accept-charset="utf-8">'
        f'<input type="hidden" name="ticket" value="{escape(ticket)}">'
        f'<input type="hidden" name="lang" value="{words.language}">'
        f'{"".join(parts)}<button type="submit">{escape(words.send)}</button></form>'
    )
    return _page(words, body)


def thanks_page(words: Words, reference: str) -> str:
    """Return the page that says that a report has come."""
    number = escape(words.reference).replace("{}", f"<bdi>{escape(reference)}</bdi>")
    return _page(
        words,
        f'<div role="status"><p><strong>{escape(words.thanks)}</strong></p><p>{number}</p></div>'
        f"<p>{escape(words.thanks_more)}</p>"
        f'<p><a href="report?lang={words.language}">{escape(words.another)}</a></p>',
    )


def _page(words: Words, body: str) -> str:
    return (
        f'<!doctype html><html lang="{words.language}" dir="{words.direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(words.title)}</title>'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body><main>{_languages(words)}'
        f'<h1>{escape(words.title)}</h1><p class="danger">{escape(words.danger)}</p>'
        f"{body}</main><script>{SCRIPT}</script></body></html>"
    )


def _languages(words: Words) -> str:
    items = "".join(
        f'<li lang="{one.language}" dir="{one.direction}">'
        + (
            f'<strong aria-current="true">{escape(one.name)}</strong>'
            if one is words
            else f'<a href="report?lang={one.language}" hreflang="{one.language}">{escape(one.name)}</a>'
        )
        + "</li>"
        for one in LANGUAGES.values()
    )
    return f'<nav class="languages" aria-label="{escape(words.languages)}"><ul>{items}</ul></nav>'


class _Form:
    """The parts of the form in one language, with what was filled in."""

    def __init__(self, words: Words, place: Place, values: Mapping[str, str], wrong: tuple[str, ...]) -> None:
        self._words = words
        self._place = place
        self._values = values
        complaints = {
            "what": words.wrong_what,
            "text": words.wrong_text.format(LONGEST_TEXT),
            "when": words.wrong_when,
            "where": words.wrong_where,
            "contact": words.wrong_contact.format(LONGEST_CONTACT),
        }
        self._wrong = {part: complaints[part] for part in wrong}

    def complaints(self, notice: str) -> str:
        """Return what must be looked at again, above the form."""
        if not self._wrong and not notice:
            return ""
        items = "".join(
            f'<li><a href="#{part}">{escape(says)}</a></li>' for part, says in self._wrong.items()
        )
        listed = f"<ul>{items}</ul>" if items else ""
        head = notice or self._words.wrong
        return f'<div class="wrong" id="wrong" role="alert" tabindex="-1">{escape(head)}{listed}</div>'

    def what(self) -> str:
        names = (self._words.heard, self._words.saw, self._words.filmed, self._words.other)
        choices = "".join(self._choice("what", key, says) for key, says in zip(WHAT, names, strict=True))
        return self._group("what", self._words.what, choices)

    def text(self) -> str:
        words = self._words
        return (
            f'<div class="part" id="text"><label for="text-in">{escape(words.text)}</label>'
            f'<p class="hint" id="text-hint">{escape(words.text_hint)}</p>{self._error("text")}'
            f'<textarea id="text-in" name="text" dir="auto" maxlength="{LONGEST_TEXT}" required '
            f'aria-describedby="text-hint{self._described("text")}"{self._invalid("text")}>'
            f"{escape(self._value('text'))}</textarea></div>"
        )

    def when(self) -> str:
        words = self._words
        zone = f"<bdi>{escape(self._place.zone_name)}</bdi>"
        hint = escape(words.at_time_hint).replace("{}", zone)
        choices = (
            self._choice("when", "now", words.now, by_default=True)
            + self._choice("when", "minutes", words.minutes_ago)
            + f'<div class="under"><input type="number" name="minutes" min="0" max="{MOST_MINUTES}" '
            f'inputmode="numeric" aria-label="{escape(words.minutes_ago)}" '
            f'value="{escape(self._value("minutes"))}"></div>'
            + self._choice("when", "time", words.at_time)
            + f'<div class="under"><input type="time" name="time" aria-label="{escape(words.at_time)}" '
            f'value="{escape(self._value("time"))}"><p class="hint">{hint}</p></div>'
        )
        return self._group("when", words.when, choices)

    def where(self) -> str:
        words = self._words
        name = f'<bdi dir="auto">{escape(self._place.name)}</bdi>'
        options = "".join(
            f'<option value="{one}"{" selected" if self._value("distance") == str(one) else ""}>'
            f"{escape(words.metres.format(one))}</option>"
            for one in DISTANCES_M
        )
        hidden = "".join(
            f'<input type="hidden" name="{one}" value="{escape(self._value(one))}">'
            for one in ("latitude", "longitude", "accuracy")
        )
        choices = (
            f'<div class="needs-script" hidden>{self._choice("where", "device", words.here)}'
            f'<p><button type="button" id="locate">{escape(words.locate)}</button></p>'
            f'<p id="located" class="hint" role="status" data-found="{escape(words.located)}" '
            f'data-missing="{escape(words.not_located)}"></p>{hidden}</div>'
            + self._choice("where", "site", escape(words.from_site).replace("{}", name), is_html=True)
            + f'<div class="under"><fieldset><legend>{escape(words.direction_from_site)}</legend>'
            f"{self._compass('site_direction', with_middle=False)}</fieldset>"
            f'<p><label for="distance">{escape(words.distance)}</label></p>'
            f'<select id="distance" name="distance">{options}</select></div>'
            + self._choice("where", "not_said", words.not_said)
        )
        return self._group("where", words.where, choices)

    def bearing(self) -> str:
        words = self._words
        hint = f'<p class="hint">{escape(words.bearing_hint)}</p>'
        return self._group("bearing", words.bearing, hint + self._compass("bearing", with_middle=True))

    def contact(self) -> str:
        words = self._words
        return (
            f'<div class="part" id="contact"><label for="contact-in">{escape(words.contact)}</label>'
            f'<p class="hint" id="contact-hint">{escape(words.contact_hint)}</p>{self._error("contact")}'
            f'<input type="text" id="contact-in" name="contact" dir="auto" maxlength="{LONGEST_CONTACT}" '
            f'autocomplete="off" aria-describedby="contact-hint{self._described("contact")}"'
            f'{self._invalid("contact")} value="{escape(self._value("contact"))}"></div>'
        )

    def _compass(self, name: str, *, with_middle: bool) -> str:
        chosen = self._value(name)
        cells = []
        for eighth in _COMPASS:
            if eighth is None and not with_middle:
                cells.append("<span></span>")
                continue
            value = "" if eighth is None else str(eighth)
            says = self._words.do_not_know if eighth is None else self._words.compass[eighth]
            arrow = "" if eighth is None else f'<span aria-hidden="true">{_ARROWS[eighth]}</span>'
            checked = " checked" if chosen == value and (eighth is not None or with_middle) else ""
            cells.append(
                f'<label><input type="radio" name="{name}" value="{value}"{checked}>{arrow}'
                f'<span dir="auto">{escape(says)}</span></label>'
            )
        return f'<div class="compass">{"".join(cells)}</div>'

    def _choice(
        self, name: str, value: str, says: str, *, by_default: bool = False, is_html: bool = False
    ) -> str:
        chosen = self._value(name) or (value if by_default else "")
        shown = says if is_html else escape(says)
        return (
            f'<label class="choice"><input type="radio" id="{name}-{value}" name="{name}" value="{value}"'
            f"{' checked' if chosen == value else ''}><span>{shown}</span></label>"
        )

    def _group(self, part: str, says: str, inside: str) -> str:
        described = self._described(part).strip()
        return (
            f'<fieldset id="{part}"{f" aria-describedby={described!r}" if described else ""}>'
            f"<legend>{escape(says)}</legend>{self._error(part)}{inside}</fieldset>"
        )

    def _error(self, part: str) -> str:
        says = self._wrong.get(part)
        return f'<p class="error" id="{part}-error">{escape(says)}</p>' if says else ""

    def _described(self, part: str) -> str:
        return f" {part}-error" if part in self._wrong else ""

    def _invalid(self, part: str) -> str:
        return ' aria-invalid="true"' if part in self._wrong else ""

    def _value(self, name: str) -> str:
        return self._values.get(name, "")

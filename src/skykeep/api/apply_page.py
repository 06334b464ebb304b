"""The form on which anybody asks for leave to fly, as HTML.

It works without its script, asks nothing of any other server, follows the reader's theme and language, and
gives back what was typed beside what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib.resources import files

from skykeep.api.apply_form import (
    CATEGORIES,
    CLASSES,
    LONGEST_CONTACT,
    LONGEST_NAME,
    LONGEST_PURPOSE,
    USES,
    Region,
)
from skykeep.api.apply_words import ENGLISH, Words
from skykeep.api.apply_words_ar import ARABIC
from skykeep.api.apply_words_fr import FRENCH
from skykeep.api.report_page import SECURITY_HEADERS as REPORT_HEADERS
from skykeep.api.report_page import STYLE as REPORT_STYLE
from skykeep.api.report_page import source_hash

LANGUAGES: dict[str, Words] = {words.language: words for words in (ENGLISH, FRENCH, ARABIC)}

_ASSETS = files("skykeep.api") / "apply_assets"
STYLE = REPORT_STYLE + (_ASSETS / "page.css").read_text(encoding="utf-8")
SCRIPT = (_ASSETS / "page.js").read_text(encoding="utf-8")
SECURITY_HEADERS = REPORT_HEADERS | {
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
}
# Where a complaint belongs that is not a field's own name.
FIELD_OF = {
    "away": "centre",
    "begin_past": "begin",
    "begin_gap": "begin",
    "end_before": "end",
    "end_long": "end",
    "end_gap": "end",
}


def choose_language(asked: str | None, accepted: str) -> Words:
    """Return the language asked for by name, else the first accepted that we speak, else English."""
    wishes = [
        asked or "",
        *(part.partition(";")[0].strip().partition("-")[0] for part in accepted.split(",")),
    ]
    return next((LANGUAGES[one.lower()] for one in wishes[:20] if one.lower() in LANGUAGES), ENGLISH)


def page(words: Words, title: str, body: str, path: str) -> str:
    """Return a whole page; `path` is what the links to its other languages go to."""
    return (
        f'<!doctype html><html lang="{words.language}" dir="{words.direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title>'
        '<meta name="robots" content="noindex">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body><main>{_languages(words, path)}'
        f"<h1>{escape(title)}</h1>{body}</main><script>{SCRIPT}</script></body></html>"
    )


def _languages(words: Words, path: str) -> str:
    items = "".join(
        f'<li lang="{one.language}" dir="{one.direction}">'
        + (
            f'<strong aria-current="true">{escape(one.name)}</strong>'
            if one is words
            else f'<a href="{escape(path)}?lang={one.language}" hreflang="{one.language}">'
            f"{escape(one.name)}</a>"
        )
        + "</li>"
        for one in LANGUAGES.values()
    )
    return f'<nav class="languages" aria-label="{escape(words.languages)}"><ul>{items}</ul></nav>'


def filled(template: str, value: str) -> str:
    """Return a sentence as HTML with a value in it that runs in its own direction."""
    return escape(template).replace("{}", f'<bdi dir="auto">{escape(value)}</bdi>', 1)


def form_page(
    words: Words,
    region: Region,
    ticket: str,
    values: Mapping[str, str],
    wrong: tuple[str, ...] = (),
    notice: str = "",
) -> str:
    """Return the page with the form, filled in as it was; `wrong` names what to look at again."""
    form = Form(words, region, values, wrong)
    body = (
        f"<p>{filled(words.intro, region.name)}</p>"
        f'<p class="danger">{escape(words.urgent)}</p>{form.complaints(notice)}'
        f'<form class="apply" method="post" action="apply" novalidate accept-charset="utf-8">'
        f'<input type="hidden" name="ticket" value="{escape(ticket)}">'
        f'<input type="hidden" name="lang" value="{words.language}">'
        f"{form.who()}{form.where()}{form.when()}{form.what()}"
        f'<button type="submit">{escape(words.send)}</button></form>'
    )
    return page(words, words.title, body, "apply")


class Form:
    """The parts of the form in one language, with what was filled in."""

    def __init__(
        self, words: Words, region: Region, values: Mapping[str, str], wrong: tuple[str, ...]
    ) -> None:
        self._words = words
        self._region = region
        self._values = values
        self._wrong: dict[str, str] = {}
        for name in wrong:
            field = FIELD_OF.get(name, name)
            if name == "away" and values.get("shape") == "corners":
                field = "corners"
            self._wrong.setdefault(field, words.wrong[name].replace("{}", region.name))

    def complaints(self, notice: str) -> str:
        """Return what must be looked at again, above the form."""
        if not self._wrong and not notice:
            return ""
        items = "".join(
            f'<li><a href="#{field}">{escape(self._name(field))}: {escape(says)}</a></li>'
            for field, says in self._wrong.items()
        )
        listed = f"<ul>{items}</ul>" if items else ""
        head = notice or self._words.look_again
        return f'<div class="wrong" id="wrong" role="alert" tabindex="-1">{escape(head)}{listed}</div>'

    def _name(self, field: str) -> str:
        """Return what a field is called, without what stands in brackets."""
        name: str = getattr(self._words, "where" if field == "shape" else field)
        return name.partition(" (")[0]

    def who(self) -> str:
        words = self._words
        return self._group(
            words.who,
            self._text("holder", words.holder, most=LONGEST_NAME, more=' autocomplete="name" required')
            + self._text(
                "contact",
                words.contact,
                words.contact_hint,
                most=LONGEST_CONTACT,
                more=' autocomplete="email" required',
            )
            + self._text("operator", words.operator, words.operator_hint, most=40, code=True)
            + self._lines("serials", words.serials, words.serials_hint, most=400, code=True),
        )

    def where(self) -> str:
        words = self._words
        locate = (
            f'<div class="needs-script" hidden><p><button type="button" id="locate">{escape(words.locate)}'
            f'</button></p><p id="located" class="hint" role="status" data-found="{escape(words.located)}" '
            f'data-missing="{escape(words.not_located)}"></p></div>'
        )
        circle = (
            self._text("centre", words.centre, words.centre_hint, most=60, code=True)
            + locate
            + self._text("radius", words.radius, most=8, code=True, more=' inputmode="decimal"')
        )
        corners = self._lines("corners", words.corners, words.corners_hint, most=2_000, code=True)
        return self._group(
            words.where,
            self._error("shape")
            + self._choice("shape", "circle", words.circle, by_default=True)
            + f'<div class="under">{circle}</div>'
            + self._choice("shape", "corners", words.corners)
            + f'<div class="under">{corners}</div>'
            + self._text("height", words.height, most=8, code=True, more=' inputmode="decimal" required'),
            "shape",
        )

    def when(self) -> str:
        words = self._words
        hint = f'<p class="hint" id="when-hint">{filled(words.when_hint, self._region.zone_name)}</p>'
        times = "".join(
            f'<div class="field"><label for="{name}">{escape(says)}</label>{self._error(name)}'
            f'<input type="datetime-local" id="{name}" name="{name}" required value="{self._value(name)}" '
            f'aria-describedby="when-hint{self._described(name)}"{self._invalid(name)}></div>'
            for name, says in (("begin", words.begin), ("end", words.end))
        )
        return self._group(words.when, f'{hint}<div class="pair">{times}</div>')

    def what(self) -> str:
        words = self._words
        uses = "".join(
            self._choice("use", use, says)
            for use, says in zip(USES, (words.commercial, words.hobby), strict=True)
        )
        classes = tuple(
            {"privately built": words.built, "none": words.no_class}.get(one, one) for one in CLASSES
        )
        use = (
            f'<fieldset id="use"{self._described_by("use")}><legend>{escape(words.use)}</legend>'
            f"{self._error('use')}{uses}</fieldset>"
        )
        return self._group(
            words.what,
            self._lines("purpose", words.purpose, "", most=LONGEST_PURPOSE)
            + use
            + self._select("category", words.category, CATEGORIES, words.categories)
            + self._select("uas_class", words.uas_class, CLASSES, classes),
        )

    # --- one field ---------------------------------------------------------------------------------------

    def _group(self, says: str, inside: str, part: str = "") -> str:
        more = f' id="{part}"{self._described_by(part)}' if part else ""
        return f"<fieldset{more}><legend>{escape(says)}</legend>{inside}</fieldset>"

    def _text(
        self, name: str, label: str, hint: str = "", *, most: int, code: bool = False, more: str = ""
    ) -> str:
        how = 'class="code"' if code else 'dir="auto"'
        return (
            f"{self._head(name, label, hint)}"
            f'<input type="text" id="{name}" name="{name}" {how} maxlength="{most}"{more} '
            f'value="{self._value(name)}"{self._notes(name, hint)}></div>'
        )

    def _lines(self, name: str, label: str, hint: str, *, most: int, code: bool = False) -> str:
        how = 'class="code" spellcheck="false"' if code else 'dir="auto"'
        return (
            f"{self._head(name, label, hint)}"
            f'<textarea id="{name}" name="{name}" {how} rows="3" maxlength="{most}"'
            f"{self._notes(name, hint)}>{self._value(name)}</textarea></div>"
        )

    def _select(self, name: str, label: str, keys: tuple[str, ...], says: tuple[str, ...]) -> str:
        chosen = self._values.get(name, "")
        options = "".join(
            f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(text)}</option>'
            for key, text in zip(("", *keys), ("—", *says), strict=True)
        )
        return (
            f'{self._head(name, label, "")}<select id="{name}" name="{name}"{self._notes(name, "")}>'
            f"{options}</select></div>"
        )

    def _choice(self, name: str, value: str, says: str, *, by_default: bool = False) -> str:
        chosen = self._values.get(name) or (value if by_default else "")
        return (
            f'<label class="choice"><input type="radio" id="{name}-{value}" name="{name}" value="{value}"'
            f"{' checked' if chosen == value else ''}><span>{escape(says)}</span></label>"
        )

    def _head(self, name: str, label: str, hint: str) -> str:
        said = f'<p class="hint" id="{name}-hint">{escape(hint)}</p>' if hint else ""
        return f'<div class="field"><label for="{name}">{escape(label)}</label>{said}{self._error(name)}'

    def _notes(self, name: str, hint: str) -> str:
        notes = ((f"{name}-hint " if hint else "") + self._described(name)).strip()
        return (f' aria-describedby="{notes}"' if notes else "") + self._invalid(name)

    def _error(self, name: str) -> str:
        says = self._wrong.get(name)
        return f'<p class="error" id="{name}-error">{escape(says)}</p>' if says else ""

    def _described(self, name: str) -> str:
        return f" {name}-error" if name in self._wrong else ""

    def _described_by(self, name: str) -> str:
        return f' aria-describedby="{name}-error"' if name in self._wrong else ""

    def _invalid(self, name: str) -> str:
        return ' aria-invalid="true"' if name in self._wrong else ""

    def _value(self, name: str) -> str:
        return escape(self._values.get(name, ""))

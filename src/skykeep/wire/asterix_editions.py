"""Which edition of an ASTERIX category a source sends: configuration, because a wrong one decodes silently
into nonsense.

libasterix carries the tables of the editions below. An older edition of the same category is read with the
earliest table at hand (`substituted`), where the octets are laid out alike: CAT048 has kept its field order
since 1.14, CAT034 since 1.26, CAT062 since 1.16, CAT065 since 1.3, CAT001 and CAT002 since 1.0. What
differs is refused by the plausibility gates.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from skykeep.base.errors import SetupError

# category: oldest edition whose field order the earliest table of libasterix still fits
OLDEST_LIKE_IT = {
    1: "1.0", 2: "1.0", 8: "1.2", 10: "0.24", 19: "1.2", 20: "1.5", 21: "0.23", 34: "1.26", 48: "1.14",
    62: "1.16", 63: "1.0", 65: "1.3", 247: "1.2",
}  # fmt: skip
# category: the edition used when none is configured
USUAL = {1: "1.4", 2: "1.2", 21: "2.4", 34: "1.27", 48: "1.27", 62: "1.18", 65: "1.4"}


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """The tables a source is read with. `substituted` says that they are not of the very edition that was
    asked for.
    """

    category: int
    wanted: str
    used: str
    substituted: bool


def _number(edition: str) -> tuple[int, int]:
    try:
        major, minor = edition.split(".")
        return int(major), int(minor)
    except ValueError as error:
        raise SetupError(f"edition {edition!r} must look like 1.21") from error


@lru_cache(maxsize=1)
def _tables() -> dict[int, dict[str, Any]]:
    from asterix import generated

    tables: dict[int, dict[str, Any]] = {}
    manifest: Any = generated.manifest
    for category, specs in manifest["CATS"].items():
        tables[int(category)] = {".".join(str(part) for part in spec.cv_edition): spec for spec in specs}
    return tables


def known_categories() -> tuple[int, ...]:
    """Return every category that can be decoded."""
    return tuple(sorted(_tables()))


def editions_at_hand(category: int) -> tuple[str, ...]:
    """Return the editions whose tables there are, oldest first; none for a category nobody decodes."""
    return tuple(sorted(_tables().get(category, {}), key=_number))


def choose_edition(category: int, wanted: str | None = None) -> Edition:
    """Return the tables to use; SetupError names the editions at hand when none fits."""
    at_hand = _tables().get(category)
    if at_hand is None:
        raise SetupError(
            f"CAT{category:03d} is not decoded; known are {', '.join(f'{c:03d}' for c in known_categories())}"
        )
    editions = editions_at_hand(category)
    if wanted is None:
        wanted = USUAL.get(category, editions[0])
    if wanted in at_hand:
        return Edition(category=category, wanted=wanted, used=wanted, substituted=False)
    oldest = OLDEST_LIKE_IT.get(category)
    if oldest is not None and _number(oldest) <= _number(wanted) < _number(editions[0]):
        return Edition(category=category, wanted=wanted, used=editions[0], substituted=True)
    raise SetupError(f"CAT{category:03d} edition {wanted}: at hand are {', '.join(editions)}")


def tables_of(edition: Edition) -> Any:
    """Return libasterix's description of the category."""
    return _tables()[edition.category][edition.used]


def parse_edition_options(options: tuple[str, ...]) -> dict[int, str]:
    """Return {48: "1.21"} of ("48=1.21",); SetupError when an option looks otherwise."""
    chosen = {}
    for option in options:
        category, _, edition = option.partition("=")
        if not category.isdigit() or not edition:
            raise SetupError(f"--edition {option!r} must look like 48=1.21")
        _number(edition)
        chosen[int(category)] = edition
    return chosen


class EditionRegistry:
    """Which edition each source sends, checked when it is made: by category, and otherwise for single sources
    (`sources` maps (area code, identification code) to {category: edition}). SetupError names what is not at
    hand.
    """

    def __init__(
        self,
        by_category: Mapping[int, str] | None = None,
        sources: Mapping[tuple[int, int], Mapping[int, str]] | None = None,
    ) -> None:
        named = by_category or {}
        self._usual = {
            category: choose_edition(category, named.get(category))
            for category in {*known_categories(), *named}
        }
        self._of_source = {
            (source, category): choose_edition(category, edition)
            for source, editions in (sources or {}).items()
            for category, edition in editions.items()
        }

    def is_known(self, category: int) -> bool:
        """Return whether blocks of this category can be read at all."""
        return category in self._usual

    def of(self, category: int, source: tuple[int, int] | None = None) -> Edition:
        """Return the edition that this source sends; the category must be known."""
        if source is not None and (source, category) in self._of_source:
            return self._of_source[source, category]
        return self._usual[category]

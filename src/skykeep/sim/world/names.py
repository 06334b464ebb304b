"""Names that belong to nowhere: streets named after people and things of a language nobody speaks."""

from __future__ import annotations

import numpy as np

_FIRST = (
    "Ael", "Bren", "Cael", "Dor", "Esk", "Fenn", "Gul", "Halt", "Ilv", "Jorr", "Kelv", "Lumm", "Marn",
    "Norr", "Ond", "Pell", "Quil", "Rusk", "Sell", "Tham", "Ulv", "Vess", "Wenn", "Yarr", "Zeph", "Orsel",
    "Tavr", "Mirr",
)  # fmt: skip
_MIDDLE = ("", "", "a", "e", "i", "ar", "en", "il", "or", "und")
_LAST = (
    "eth", "ane", "olt", "isk", "arro", "une", "emar", "essa", "ick", "ovar", "aune", "irel", "osk", "enta",
)  # fmt: skip
_CRAFTS = (
    "Lantern", "Ropemakers", "Coopers", "Saltpan", "Customs", "Sailmakers", "Anchor", "Pilots",
    "Glassblowers", "Herring", "Cisterns", "Bellfounders", "Chandlers", "Tanners", "Fishwives",
    "Astronomers", "Printers", "Beacon",
)  # fmt: skip
_KINDS = {
    "old_town": ("Lane", "Row", "Steps", "Alley", "Street", "Passage"),
    "centre": ("Street", "Street", "Avenue", "Arcade"),
    "residential": ("Street", "Street", "Road", "Avenue", "Terrace"),
    "suburb": ("Road", "Way", "Rise", "Close", "Drive", "Lane"),
    "industrial": ("Road", "Way", "Yard"),
    "port": ("Wharf", "Way"),
}


class StreetNames:
    """A supply of street names, none given twice."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator
        self._given: set[str] = set()

    def next_for(self, district_kind: str) -> str:
        """Return a new name fit for a street of that kind of district."""
        kinds = _KINDS[district_kind]
        while True:
            trade = district_kind == "old_town" and self._generator.random() < 0.35
            stem = _CRAFTS[self._generator.integers(len(_CRAFTS))] if trade else self._stem()
            name = f"{stem} {kinds[self._generator.integers(len(kinds))]}"
            if name not in self._given:
                self._given.add(name)
                return name

    def _stem(self) -> str:
        parts = (_FIRST, _MIDDLE, _LAST)
        return "".join(choice[self._generator.integers(len(choice))] for choice in parts)

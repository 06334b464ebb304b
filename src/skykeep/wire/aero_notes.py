"""What a reader of zones found on its way: deviations, contradictions, and what it had to leave out."""

from __future__ import annotations

from skykeep.domain.zone import Contradiction, Deviation, Gravity

LONGEST_QUOTE = 200


class Notes:
    """Collects while a file is read; a `Deviation` for each note, in the order of reading."""

    def __init__(self) -> None:
        self.deviations: list[Deviation] = []
        self.contradictions: list[Contradiction] = []
        self.left_out: list[tuple[str, str]] = []

    def noted(self, zone_id: str, field: str, found: str, must: str, done: str = "kept as it is") -> None:
        self._note(zone_id, field, found, must, Gravity.NOTED, done)

    def read_as(self, zone_id: str, field: str, found: str, must: str, done: str) -> None:
        self._note(zone_id, field, found, must, Gravity.READ_AS, done)

    def leave_out(self, name: str, field: str, found: str, must: str, source_text: str) -> None:
        """Keep what could not be a zone, as its source wrote it."""
        self._note(name, field, found, must, Gravity.LEFT_OUT, "not a zone; kept among what was left out")
        self.left_out.append((name, source_text))

    def _note(self, zone_id: str, field: str, found: str, must: str, gravity: Gravity, done: str) -> None:
        self.deviations.append(
            Deviation(
                zone_id=zone_id, field=field, found=quoted(found), must=must, gravity=gravity, done=done
            )
        )


def quoted(text: str) -> str:
    """Return text on one line, cut to a length that a report can bear."""
    line = " ".join(text[: 4 * LONGEST_QUOTE].split())
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"

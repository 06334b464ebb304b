"""The page of the nights: `python tests/story_pages.py` runs them all, notes what was seen, and writes
docs/nights.md.

With `--text` the page is made of what was seen before: nothing is run.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

from skykeep.sim.world import World, build_world
from story_nights import FOLDER, NightStory, Watch, run_story, stories

PAGE = Path(__file__).parents[1] / "docs" / "nights.md"
SEEN = FOLDER / "seen.toml"
HEAD = """# Nights, and what must come of them

{count} made-up nights, each run through the pipeline itself, from the first echo to the order. Each says
in plain English what happens, what is expected, and what was seen when this page was last made. The tests run
every one of them again. The scenarios are in `tests/stories/nights`, the vocabulary of the verdicts in
`tests/story_words.py`. In every night, besides: no alert is cleared without its reason, none is without
grounds, no proposal is without its footprint, no effect is ordered by fewer than two persons, and nothing
that a sensor sends is refused unless the night says so.
"""
CHAPTERS = {
    "a_raids": "What comes",
    "b_identities": "Who it says it is",
    "c_harmless": "Who means no harm",
    "d_people": "What people are asked, and what fails",
}


def seen_of(watch: Watch) -> str:
    """Return in a sentence or two what was seen of a night."""
    said = []
    for alert in watch.alerts():
        about = sorted({watch.who(track_id) or "nothing" for track_id in alert.track_ids})
        names = f"{len(about)} of {about[0].rpartition('-')[0]}" if len(about) > 2 else " and ".join(about)
        truths = [] if "nothing" in about else [watch.breach_s(name) for name in about]
        breach_s = min((time_s for time_s in truths if time_s is not None), default=None)
        raised_s = watch.seconds(alert.raised_utc_ns)
        before = "" if breach_s is None else f", {breach_s - raised_s:.0f} s before breach"
        said.append(f"{raised_s:.0f} s: {alert.title} ({names}{before})")
    return ". ".join(said) + "." if said else "No alert."


def page(seen: dict[str, str], waiting: dict[str, str]) -> str:
    """Return the whole page."""
    lines = [HEAD.format(count=len(stories()))]
    chapters: dict[str, list[NightStory]] = {}
    for story in stories().values():
        chapters.setdefault(_file_of(story), []).append(story)
    for name, nights in chapters.items():
        lines.append(f"## {CHAPTERS[name]}\n")
        for story in nights:
            lines.append(f"### {story.name[0].upper()}{story.name[1:]}\n\n{story.text}\n")
            lines += [f"* {said}" for said in story.expect]
            if story.name in waiting:
                lines.append(f"\nNot so yet: {waiting[story.name]}.")
            lines.append(f"\nSeen: {seen.get(story.name, 'not run yet.')}\n")
    return "\n".join(lines).rstrip() + "\n"


def _file_of(story: NightStory) -> str:
    for path in sorted(FOLDER.glob("?_*.toml")):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))["nights"]
        if any(each["name"] == story.name for each in raw):
            return path.stem
    raise AssertionError(f"{story.name} is in no file")


def read(name: str, table: str) -> dict[str, str]:
    """Return a table of texts from a file beside the nights."""
    found: dict[str, str] = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))[table]
    return found


def _note(world: World) -> None:
    lines = ["# What was seen of each night when the page was last made (tests/story_pages.py).", "[seen]"]
    for story in stories().values():
        said = seen_of(run_story(story, world))
        lines.append(f"{json.dumps(story.name)} = {json.dumps(said, ensure_ascii=False)}")
    SEEN.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if "--text" not in sys.argv:
        _note(build_world())
    PAGE.write_text(page(read("seen.toml", "seen"), read("waiting.toml", "waiting")), encoding="utf-8")

"""What a page needs to count the checks that its reader has answered (see `progress.js`)."""

from typing import Any

from dlnotes.lessons.course_map import CourseMap
from dlnotes.lessons.lesson import lesson
from dlnotes.lessons.progress import Counts
from dlnotes.lessons.questions import SIGNS, Check
from dlnotes.widgets.sentences import WORDS
from dlnotes.words import _


def counts_content(explorer: Any) -> dict[str, Any] | None:
    """Under which names a check counts, and which sign its verdict begins with; None if not."""
    if not isinstance(explorer, Check) or not (explorer.lesson and explorer.key):
        return None
    signs = {SIGNS["right"]: True, SIGNS["wrong"]: False}
    return {"lesson": explorer.lesson, "key": explorer.key, "signs": signs}


def map_content(course_map: CourseMap) -> dict[str, Any]:
    """The map of the course, as JSON: a page fills in the counts that it finds in its browser."""
    checks = {name: list(lesson(name).checks) for name in course_map.counts}
    none = [(name, Counts(0, 0, len(keys))) for name, keys in checks.items()]
    return {
        "title": course_map.title,
        "kind": type(course_map).__name__.lower(),
        "words": WORDS,
        "map": list(checks.items()),
        "picture": course_map.draw(none),
        "says": course_map.sentence(),
        "kept": _("Counted in this browser; what is answered in code counts in Jupyter."),
        "lost": _("This browser keeps nothing for pages like this one, so nothing is counted."),
    }

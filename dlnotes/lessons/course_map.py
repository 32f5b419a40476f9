"""The map of the course: its lessons, and how far the reader has come in each."""

from typing import Any

from dlnotes.lessons.lesson import LESSONS, lesson
from dlnotes.lessons.progress import Counts, Progress
from dlnotes.pictures.grid import table
from dlnotes.widgets.controls import button, picks
from dlnotes.widgets.explorer import Explorer
from dlnotes.words import _


class CourseMap(Explorer):
    """A table of the lessons with the reader's checks in each: right, tried, all."""

    title = _("How far you have come")

    look = button(_("Look again"))
    counts = picks(_("Checks by lesson"), value={})

    def __init__(self, *, progress: Progress | None = None, **values: Any) -> None:
        self.progress = progress or Progress()
        super().__init__(**({"counts": self.read()} | values))

    def read(self) -> dict[str, Counts]:
        """The counts as the progress file has them now."""
        return self.progress.summary({name: list(lesson(name).checks) for name in LESSONS})

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"counts": self.read()}

    def compute(self, **values: Any) -> list[tuple[str, Counts]]:
        return [(name, Counts(*found)) for name, found in values["counts"].items()]

    def draw(self, result: list[tuple[str, Counts]]) -> str:
        rows = [
            [f"{name[:2]} {lesson(name).title}", str(found.right), str(found.tried), str(found.all)]
            for name, found in result
        ]
        header = [_("lesson"), _("right"), _("tried"), _("checks")]
        return table(header, rows, width=520, title=self.title, description=self.say(result))

    def say(self, result: list[tuple[str, Counts]]) -> str:
        right, every = sum(found.right for _name, found in result), sum(f.all for _n, f in result)
        sentence = self.sentence().format(right=right, all=every)
        return f"{sentence} {self.progress.notice}".strip()

    @staticmethod
    def sentence() -> str:
        """What is said, with {right} and {all} for the counts."""
        return _("{right} of {all} checks are right.")

    def numbers(self, result: list[tuple[str, Counts]]) -> dict[str, Any]:
        return {name: f"{found.right}/{found.all}" for name, found in result}

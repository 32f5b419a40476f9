"""A lecture as a deck of slides: reveal.js from an installed package, inlined, in our own theme."""

import importlib.util
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dlnotes.export import cells, parts
from dlnotes.export.prose import Relink
from dlnotes.export.running import Lecture
from dlnotes.export.tex import Missing, missing
from dlnotes.words import _

CARRIER = "sphinx_revealjs"  # the package that brings reveal.js
# The speaker's window shows the deck itself in two frames.
POLICY = parts.POLICY + "; frame-src file: http: https:"


@dataclass
class Slide:
    """One slide: its HTML in order, and what only the speaker sees."""

    body: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def html(self) -> str:
        notes = f'<aside class="notes">{"".join(self.notes)}</aside>' if self.notes else ""
        return f'<section><div class="fit">{"".join(self.body)}</div>{notes}</section>'


def reveal(name: str) -> str:
    """A file of reveal.js; Missing names the package and the extra that bring it."""
    try:
        found = importlib.util.find_spec(CARRIER)
    except ValueError:  # a module without a spec
        found = None
    if found is None or not found.origin:
        raise Missing(missing("sphinx-revealjs"))
    path = Path(found.origin).parent / "_static" / "revealjs" / name
    if not path.is_file():
        raise Missing(missing("sphinx-revealjs"))
    return path.read_text(encoding="utf-8")


def deck(lecture: Lecture, *, relink: Relink) -> str:
    """The document: a stack of slides for each cell of the type "slide"."""
    stacks = "".join(
        f"<section>{''.join(slide.html() for slide in stack)}</section>"
        for stack in stacks_of(lecture, relink)
    )
    switch = f'<button type="button" class="theme">{_("Light or dark")}</button>'
    style = [reveal("dist/reset.css"), reveal("dist/reveal.css"), parts.style("slides.css")]
    return parts.document(
        parts.title_of(lecture),
        f'<body><div class="reveal"><div class="slides">{stacks}</div></div>{switch}\n'
        f"{parts.all_stores(lecture)}</body>",
        css="\n".join(style),
        scripts=[
            reveal("dist/reveal.js"),
            reveal("plugin/notes/notes.js"),
            parts.text_of(parts.HERE / "slides.js"),
        ],
        modules=[parts.module()],
        policy=POLICY,
    )


def stacks_of(lecture: Lecture, relink: Relink) -> list[list[Slide]]:
    """The slides, by the slide types of the cells."""
    stacks: list[list[Slide]] = []
    for cell in lecture.cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        body = cell_html(cell, lecture, relink)
        if kind == "skip" or not body:
            continue
        if kind == "notes" and stacks:
            stacks[-1][-1].notes.append(body)
            continue
        if kind == "slide" or not stacks:
            stacks.append([Slide()])
        elif kind == "subslide":
            stacks[-1].append(Slide())
        elif kind == "fragment":
            body = f'<div class="fragment">{body}</div>'
        stacks[-1][-1].body.append(body)
    return stacks


def cell_html(cell: Any, lecture: Lecture, relink: Relink) -> str:
    if cell.cell_type == "markdown":
        if not cells.is_shown(cell, "input"):
            return ""
        return f'<div class="prose">{cells.prose_of(cell, lecture, relink)}</div>'
    if cell.cell_type != "code":
        return ""
    code = outputs = ""
    if cell.source.strip() and cells.is_shown(cell, "input") and not cells.shows_widgets(cell):
        code = cells.code_of(cell)
    if cells.is_shown(cell, "output"):
        outputs = cells.outputs_of(cell, lecture, relink)
    return f'<div class="cell" data-prevent-swipe>{code}{outputs}</div>' if code + outputs else ""

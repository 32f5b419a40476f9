"""A notebook as one offline HTML page, or as a deck of slides, whose widgets still move.

`running` runs the notebook, `walk` visits the states of its explorers, `store` keeps their frames;
`page` and `deck` make the documents, `site` the whole course. In the page `recorded.js` feeds
`explorer.js`, the same that draws the explorers in Jupyter.
"""

from pathlib import Path

from dlnotes.export import deck, page, site
from dlnotes.export.prose import SCHEME
from dlnotes.export.running import ExportError, Lecture, run
from dlnotes.export.tex import Missing

__all__ = ["ExportError", "Lecture", "Missing", "html", "lecture", "slides", "website"]

MOST_BYTES = 6_000_000  # of recordings in one document, so that the whole stays under 8 MB
MOST_SECONDS = 35.0  # for recording them


def lecture(path: Path, *, size: int = MOST_BYTES, seconds: float = MOST_SECONDS) -> Lecture:
    """Run the notebook at `path` and record its explorers; ExportError says what went wrong."""
    return run(path, size=size, seconds=seconds)


def html(told: Lecture) -> str:
    """The lecture as a page that needs nothing but itself."""
    return page.page(told, relink=outward)


def slides(told: Lecture) -> str:
    """The lecture as a deck of slides that needs nothing but itself."""
    return deck.deck(told, relink=outward)


def website(
    folder: Path, paths: list[Path], *, force: bool = False
) -> list[tuple[Path, Lecture, str]]:
    """The notebooks as the pages of a website: where each goes, what it tells, its document.

    Nothing is written yet; ExportError says why something cannot be made or may not be replaced.
    """
    places = site.targets(folder, [path.stem for path in paths], force=force)
    told = list(site.lectures(paths, lecture))
    documents = site.pages(told)
    return [(places[each.name], each, documents[each.name]) for each in told]


def outward(url: str) -> str | None:
    """Of a document that stands alone, links lead out to the web and to its own headings; to its
    neighbours, nowhere."""
    return url if SCHEME.match(url) or url.startswith("#") else None

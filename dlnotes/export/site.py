"""The course as a website: every lesson a page, the map of the course as its index.

All links are relative, so that it works from a USB stick as it does from a web server.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dlnotes.export import cells, parts, place, running
from dlnotes.export.page import anchor, page
from dlnotes.export.prose import SCHEME
from dlnotes.export.running import ExportError, Lecture
from dlnotes.words import _

MAP = "00_start_here"  # the notebook that becomes the index
MOST_AT_ONCE = 4  # kernels
HEADING = re.compile(r"<h(\d)[^>]*>(.*?)</h\d>", re.DOTALL)
BLOCK = re.compile(r"</?(?:p|li|ul|ol|pre|t[rdh]|table|br|div|blockquote|h\d|math)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")


def file_of(name: str) -> str:
    return "index.html" if name == MAP else f"{name}.html"


def targets(folder: Path, names: list[str], *, force: bool) -> dict[str, Path]:
    """Where each notebook's page goes; ExportError where something stands against it."""
    if folder.exists() and not folder.is_dir():
        raise ExportError(_("{path} is a file, not a folder.").format(path=folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sentence = _("{path} cannot be made: {reason}.")
        raise ExportError(sentence.format(path=folder, reason=error.strerror or error)) from None
    return {
        name: place.check_target(folder / file_of(name), force=force, within=folder)
        for name in names
    }


def lectures(
    paths: list[Path], tell: Callable[[Path], Lecture], at_once: int | None = None
) -> Iterator[Lecture]:
    """Each notebook, run by `tell`, some at once; the first that fails ends it all, and now."""
    at_once = at_once or min(MOST_AT_ONCE, os.cpu_count() or 1, len(paths))
    if at_once == 1:
        yield from map(tell, paths)
        return
    with ThreadPoolExecutor(at_once) as pool:  # the work is done in kernels of their own
        waiting = [pool.submit(tell, path) for path in paths]
        try:
            for told in waiting:
                yield told.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            running.stop()
            raise


def pages(told: list[Lecture]) -> dict[str, str]:
    """The documents by notebook: with a way back, on and home, and a search on the map."""
    names = [lecture.name for lecture in told]

    def relink(url: str) -> str | None:
        if SCHEME.match(url) or url.startswith("#"):
            return url
        name, mark, heading = url.partition("#")
        stem = name.removesuffix(".ipynb")
        known = stem in names and name != stem
        return f"{quote(file_of(stem))}{mark}{heading}" if known else None

    titles = {lecture.name: parts.title_of(lecture) for lecture in told}
    found = {}
    for i, lecture in enumerate(told):
        before = names[i - 1] if i else None
        after = names[i + 1] if i + 1 < len(names) else None
        bottom = neighbours(before, after, titles)
        top = search_box(told, relink) if lecture.name == MAP else home()
        found[lecture.name] = page(lecture, relink=relink, top=top, bottom=bottom)
    return found


def home() -> str:
    link = f'<a href="{file_of(MAP)}">{escape(_("Map of the course"))}</a>'
    search = f'<a href="{file_of(MAP)}#search">{escape(_("Search"))}</a>'
    return f'<nav class="home">{link} {search}</nav>'


def neighbours(before: str | None, after: str | None, titles: dict[str, str]) -> str:
    links = []
    for name, kind, words in ((before, "prev", "← {title}"), (after, "next", "{title} →")):
        if name:
            text = escape(words.format(title=titles[name]))
            links.append(f'<a rel="{kind}" href="{quote(file_of(name))}">{text}</a>')
    return f'<nav class="neighbours" aria-label="{_("Lessons")}">{"".join(links)}</nav>'


def search_box(told: list[Lecture], relink: Any) -> str:
    """A field that finds sections by their words; the index is in the page."""
    index = [entry for lecture in told for entry in sections(lecture, relink)]
    data = json.dumps(index, ensure_ascii=False).replace("<", "\\u003c")
    return (
        f'<form class="search" role="search"><label for="search">{_("Search")}</label>'
        f'<input id="search" type="search" autocomplete="off"></form>'
        f'<ol class="found" aria-live="polite" data-none="{_("Nothing found.")}"></ol>'
        f'<script type="application/json" id="search-index">{data}</script>'
        f"<script>{parts.inert(parts.text_of(parts.HERE / 'search.js'))}</script>"
    )


def sections(lecture: Lecture, relink: Any) -> Iterator[list[str]]:
    """[link, lesson, heading, text] of each heading and what stands below it."""
    title, found, above = parts.title_of(lecture), list[list[str]](), ""
    for i, cell in enumerate(lecture.cells):
        if not cells.is_read(cell):
            if found and cells.is_shown(cell, "output"):
                found[-1][3] = f"{found[-1][3]} {cells.asked_in(cell, lecture)}".strip()
            continue
        made = cells.prose_of(cell, lecture, relink)
        heading = HEADING.search(made)
        if heading:
            words = plain(heading[2])
            if heading[1] < "3":
                above = words
            elif above:
                words = f"{above} · {words}"
        if heading or not found:
            link = f"{file_of(lecture.name)}#{anchor(i)}"
            found.append([link, title, words if heading else "", ""])
        found[-1][3] = f"{found[-1][3]} {plain(HEADING.sub('', made))}".strip()
    yield from found


def plain(made: str) -> str:
    """The words of HTML, as they are read: a tag inside a line is no space."""
    return " ".join(unescape(TAG.sub("", BLOCK.sub(" ", made))).split())

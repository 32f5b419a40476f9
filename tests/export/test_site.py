"""The course as a website: relative links, a map, a search."""

import json
import re

import pytest
from export.lectures import EVIL, code, lecture, prose, view

from dlnotes import export
from dlnotes.export import site
from dlnotes.export.recording import record
from dlnotes.export.walk import Budget
from dlnotes.lessons.questions import Predict


def told():
    first = [prose("# Map\n\n[one](01_first.ipynb), [two](02_next.ipynb#x), [gone](03_gone.ipynb)")]
    last = [prose("# Last\n\n[home](00_start_here.ipynb) [web](https://a.b) [file](data.csv)")]
    return [
        lecture("00_start_here", first),
        lecture("01_first"),
        lecture("02_next", [*last, prose(f"Words to find {EVIL}")]),
    ]


def links(text):
    return re.findall(r'href="([^"]*)"', text.split("<main>")[0] + text.split("<main>")[1])


def test_pages_link_to_one_another_and_nowhere_else():
    pages = site.pages(told())
    assert list(pages) == ["00_start_here", "01_first", "02_next"]
    assert links(pages["00_start_here"]) == [
        "data:,",
        "01_first.html",
        "02_next.html#x",
        "01_first.html",
    ]
    assert links(pages["01_first"]) == [
        "data:,", "index.html", "index.html#search", "02_next.html#there", "https://a.b",
        "index.html", "02_next.html",
    ]  # fmt: skip
    assert 'rel="prev" href="01_first.html"' in pages["02_next"]
    assert 'rel="next"' not in pages["02_next"]
    assert "data.csv" not in pages["02_next"]
    for text in pages.values():
        assert not re.search(r'(href|src)="(/|file:|http:)', text)


def test_the_map_finds_every_section():
    text = site.pages(told())["00_start_here"]
    index = json.loads(re.search(r'id="search-index">(.*?)</script>', text)[1])
    found = f"home web file Words to find {EVIL}"
    assert ["02_next.html#cell-1", "Last", "Last", found] in index
    idea = ["01_first.html#cell-3", "A *first* lesson", "An idea", f"x2 More {EVIL} How many?"]
    assert idea in index
    assert 'id="cell-3"' in site.pages(told())["01_first"]


def test_the_words_of_questions_are_found_where_they_stand():
    told = lecture("x", [prose("# One"), code("check", view("number")), code("box", view("box"))])
    told.views["box"] = {"box": [{"recording": "one"}, {"recording": "guess"}]}
    told.recordings["guess"] = record(Predict("Why?", ["a", "b"], "a", because="So."), Budget())
    assert list(site.sections(told, site.SCHEME.match)) == [
        ["x.html#cell-1", "One", "One", "How many? Why? a b"]
    ]
    told.cells[1].metadata["tags"] = ["hide-output"]
    told.cells = told.cells[1:2] + told.cells[:1] + told.cells[2:]
    assert [entry[3] for entry in site.sections(told, site.SCHEME.match)] == ["Why? a b"]


def test_a_section_is_what_stands_below_a_heading():
    cells = [
        prose("Before *all*, `words`."),
        prose("### First"),
        prose("## Above\n\n- one\n- two"),
        prose("### Below\n\n| a | b |\n|---|---|\n| c | d |"),
        prose("and on"),
        prose("unread", "notes"),
        prose("unread", tags=["remove-cell"]),
    ]
    assert list(site.sections(lecture("x", cells), site.SCHEME.match)) == [
        ["x.html#cell-1", "First", "", "Before all, words."],
        ["x.html#cell-2", "First", "First", ""],
        ["x.html#cell-3", "First", "Above", "one two"],
        ["x.html#cell-4", "First", "Above · Below", "a b c d and on"],
    ]


def test_a_site_goes_into_its_folder_and_replaces_nothing(tmp_path):
    folder = tmp_path / "new" / "site"
    names = ["00_start_here", "01_first"]
    places = site.targets(folder, names, force=False)
    assert [path.name for path in places.values()] == ["index.html", "01_first.html"]
    places["01_first"].touch()
    with pytest.raises(export.ExportError, match="01_first.html is there already"):
        site.targets(folder, names, force=False)
    assert site.targets(folder, names, force=True) == places
    with pytest.raises(export.ExportError, match="is a file, not a folder"):
        site.targets(places["01_first"], names, force=True)
    with pytest.raises(export.ExportError, match="cannot be made"):
        site.targets(places["01_first"] / "deeper", names, force=True)


def squared(number):
    return number * number


def failing(number):
    raise export.ExportError(f"{number} fails")


@pytest.mark.parametrize("at_once", [1, 2])
def test_lectures_run_at_once_or_one_by_one(at_once):
    assert list(site.lectures([1, 2, 3], squared, at_once)) == [1, 4, 9]
    with pytest.raises(export.ExportError, match="1 fails"):
        list(site.lectures([1, 2], failing, at_once))


def test_a_website_is_made_whole_before_anything_is_written(tmp_path, monkeypatch):
    by_name = {each.name: each for each in told()}
    monkeypatch.setattr(export, "lecture", lambda path: by_name[path.stem])
    monkeypatch.setattr(site.os, "cpu_count", lambda: 1)
    paths = [tmp_path / f"{name}.ipynb" for name in by_name]
    made = export.website(tmp_path / "site", paths)
    assert [(path.name, each.name) for path, each, _text in made] == [
        ("index.html", "00_start_here"), ("01_first.html", "01_first"), ("02_next.html", "02_next"),
    ]  # fmt: skip
    assert list((tmp_path / "site").iterdir()) == []

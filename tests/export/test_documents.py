"""The page and the deck that are written from a lecture."""

import importlib.util
import re
import sys
from html.parser import HTMLParser

import pytest
from export.lectures import CELLS, EVIL, code, lecture, prose

from dlnotes import export
from dlnotes.export import deck, parts, report


class Reader(HTMLParser):
    """Every element with its attributes, and the words outside of scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.styles, self.words, self.inside = [], [], "", None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.inside = tag if tag in ("script", "style") else None

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside == "style":
            self.styles.append(data)
        self.words += "" if self.inside else data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(params=["html", "slides"])
def document(request):
    return getattr(export, request.param)(lecture())


def test_a_document_asks_for_nothing_and_runs_nothing_but_ours(document):
    read = Reader(document)
    assert not read.all("iframe")
    assert all("src" not in script for script in read.all("script"))
    assert all(image["src"].startswith("data:image/") for image in read.all("img"))
    assert [link["href"] for link in read.all("link")] == ["data:,"]
    assert "default-src 'none'" in document
    assert EVIL in read.words  # as it was written
    assert document.count(EVIL) == 0
    assert not any(
        name.startswith("on") for _tag, attributes in read.elements for name in attributes
    )
    assert "@import" not in document
    assert not any(re.search(r"url\((?!data:)", style) for style in read.styles)


def test_a_document_says_what_the_cells_say(document):
    read = Reader(document)
    for words in (
        "A first lesson",
        "An idea",
        "<plain>",
        "red ",
        "1 < 2",
        "in view",
        "a cell",
        "ZeroError: as <said>",
    ):
        assert words in read.words
    for words in ("warned", "raw", "\x1b", "nly in Jupyter", "worse"):
        assert words not in read.words
    assert document.count("<math") == 3
    assert "<table><tr><td>a cell" in document
    assert "<em>words</em>" in document
    assert "<title>A *first* lesson</title>" in document
    links = [link["href"] for link in read.all("a")]
    assert links == ["https://a.b"]
    assert "the next" in read.words


def test_every_explorer_has_a_place_a_first_picture_and_one_store(document):
    read = Reader(document)
    places = [div["data-store"] for div in read.all("div") if div.get("class") == "dlnotes-place"]
    assert places == ["store-one", "store-one", "store-number"]
    stores = [script["id"] for script in read.all("script") if script.get("type") == "text/plain"]
    assert stores == ["store-one", "store-number"]
    assert "It is 2.5 & no more." in read.words
    assert "A widget (IntSlider) stands here" in read.words
    assert "A widget (?) stands here" in read.words
    assert "4 < 5" in read.words
    assert '<progress value="0.500">' in document


def test_code_in_prose_looks_as_code_in_cells():
    text = export.slides(lecture(cells=[prose("```python\nfor i in x: pass\n```")]))
    assert '<div class="highlight"><pre>' in text
    for name in ("code", "highlight"):
        for theme in ("light", "dark"):
            assert re.search(rf"\.{theme} \.{name} \.k\b", text)
    assert re.search(r"\.fit \.prose pre,[^}]*white-space: pre-wrap", text)


def test_the_explorers_code_is_explorer_js_itself(document):
    assert parts.text_of(parts.WIDGETS / "explorer.js") in document
    assert parts.text_of(parts.WIDGETS / "explorer.css") in document


def test_slides_follow_the_slide_types():
    stacks = deck.stacks_of(lecture(), export.outward)
    assert [len(stack) for stack in stacks] == [1, 3, 2]
    assert "hidden" not in stacks[1][2].html()
    assert "<strong>I</strong>" in stacks[1][2].html().split("<aside")[1]
    assert 'class="fragment"' in stacks[1][1].html()
    assert "import numpy" not in Reader(export.slides(lecture())).words
    alone = deck.stacks_of(lecture(cells=[prose("x"), prose("y")]), export.outward)
    assert [len(stack) for stack in alone] == [1]
    early = deck.stacks_of(lecture(cells=[prose("x", "notes"), prose("y")]), export.outward)
    assert "<p>x</p>" in early[0][0].html()


def test_a_page_folds_the_code_of_explorers_and_leaves_notes_out():
    read = Reader(export.html(lecture()))
    assert "see this" not in read.words
    assert len(read.all("details")) == 4
    assert "import numpy" in read.words


def test_without_a_heading_the_name_is_the_title():
    told = lecture(cells=[code("1"), prose("no heading")])
    assert parts.title_of(told) == "01_first"


@pytest.mark.parametrize("found", [None, ValueError("no spec")])
def test_without_reveal_the_extra_is_named(found, monkeypatch):
    def find(name):
        if found:
            raise found

    monkeypatch.setattr(importlib.util, "find_spec", find)
    with pytest.raises(export.Missing, match=r"sphinx-revealjs .*dlnotes\[slides\]"):
        export.slides(lecture())


def test_a_reveal_without_its_files_counts_as_none(tmp_path, monkeypatch):
    package = tmp_path / "sphinx_revealjs"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "sphinx_revealjs", raising=False)
    with pytest.raises(export.Missing):
        deck.reveal("dist/reveal.js")


def test_a_document_has_a_limit(monkeypatch):
    monkeypatch.setattr(parts, "LIMIT", 1000)
    with pytest.raises(export.ExportError, match=r"would have 0\.\d MB; at most 0"):
        export.html(lecture())


def test_no_script_can_end_its_element():
    assert "</script" not in parts.inert("a </script> b <!-- c")


def test_a_report_says_how_the_bytes_are_spent(tmp_path):
    told = lecture()
    told.recordings["number"].disabled["One"] = "Because."
    text = export.html(told)
    short = list(report.sentences(tmp_path / "a.html", told, text, whole=False))
    assert short == [f"{tmp_path / 'a.html'}: 0.1 MB."]
    found = list(report.sentences(tmp_path / "a.html", told, text, whole=True))
    sizes = [
        int(line.split()[0].replace(",", "")) for line in found[1:] if line.split()[0] != "off:"
    ]
    assert sum(sizes) == len(text.encode())
    assert any("Adder" in line and "60 states (every state)" in line for line in found)
    assert any("off: “One”. Because." in line for line in found)
    assert CELLS

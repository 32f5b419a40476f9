"""Lectures as if a kernel had run them, for the tests of what is written from them."""

from pathlib import Path

import nbformat
from export.explorers import Adder

from dlnotes.export.recording import record
from dlnotes.export.running import VIEW, Lecture
from dlnotes.export.walk import Budget
from dlnotes.lessons.judges import Number
from dlnotes.lessons.questions import Check

EVIL = "<script>alert(1)</script>"


def prose(source, kind="-", tags=()):
    metadata = {"slideshow": {"slide_type": kind}, "tags": list(tags)}
    return nbformat.v4.new_markdown_cell(source, metadata=metadata)


def code(source, *outputs, kind="-", tags=()):
    metadata = {"slideshow": {"slide_type": kind}, "tags": list(tags)}
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)


def shown(**data):
    found = {name.replace("__", "+").replace("_", "/"): value for name, value in data.items()}
    return nbformat.v4.new_output("display_data", found)


def view(key):
    return nbformat.v4.new_output("display_data", {VIEW: {"model_id": key}})


def printed(text, name="stdout"):
    return nbformat.v4.new_output("stream", text=text, name=name)


CELLS = [
    prose("# A *first* lesson\n\n[the next](02_next.ipynb#there) [the web](https://a.b)", "slide"),
    code("import numpy as np", kind="skip"),
    prose("## An idea\n\n$x^2$", "slide"),
    prose(f"More {EVIL}", "subslide"),
    code("1 < 2", printed(f"\x1b[31mred\x1b[0m {EVIL}"), printed("warned", "stderr"),
         kind="fragment"),
    code("Adder()", view("one"), kind="subslide"),
    code("hidden", printed("in view"), tags=["hide-input"]),
    code("in view", printed("hidden"), tags=["remove-output"]),
    prose("Only **I** see this.", "notes"),
    prose("Only in Jupyter.", tags=["remove-cell"]),
    code("only in Jupyter", printed("only in Jupyter"), tags=["remove-cell"]),
    code("box", view("box"), view("gone"), kind="slide"),
    code("figures", shown(image_png="aGk=\n", text_plain='"<Figure>'),
         shown(image_svg__xml=f"<svg>{EVIL}</svg>"), shown(text_latex="$$y$$"),
         shown(text_html=EVIL, text_plain="<plain>"), shown(image_png='"><script>'),
         shown(text_html=f"<table><tr><td>a cell</td></tr></table>{EVIL}", text_plain="worse"),
         shown(text_markdown="*words* $z$", text_plain="worse")),
    code("1 / 0", nbformat.v4.new_output("error", ename="ZeroError", evalue="as <said>")),
    code("check", view("number"), kind="subslide"),
    nbformat.v4.new_raw_cell("raw"),
    code(""),
]  # fmt: skip


OTHERS = [{"words": "4 < 5"}, {"bar": 0.5}]


def lecture(name="01_first", cells=CELLS):
    adder = record(Adder(), Budget())
    number = record(Check("How many?", Number(12)), Budget())
    views = {
        "one": {"recording": "one"},
        "number": {"recording": "number"},
        "box": {
            "box": [{"recording": "one"}, {"other": "IntSlider"}, {"words": "4 < 5"}, {"bar": 0.5}]
        },
    }
    return Lecture(name, Path(), cells, views, {"one": adder, "number": number})

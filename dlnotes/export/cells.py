"""The cells of a lecture as HTML, the same in a page and on a slide."""

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from dlnotes.export import prose, tables, tex
from dlnotes.export.recording import Recording
from dlnotes.export.running import ANSI, VIEW, Lecture, models_shown
from dlnotes.words import _

PICTURES = ("image/png", "image/jpeg")
OTHER_WIDGET = _("A widget ({name}) stands here in the notebook; only explorers can be exported.")


def prose_of(cell: Any, lecture: Lecture, relink: prose.Relink) -> str:
    return prose.html(cell.source, lecture.folder, cell.get("attachments", {}), relink)


def code_of(cell: Any) -> str:
    """The code of a cell, its words marked by kind."""
    return highlight(cell.source, PythonLexer(), HtmlFormatter(cssclass="code"))


def is_shown(cell: Any, part: str) -> bool:
    """Whether the cell's tags leave its "input" or its "output" in view."""
    hidden = {f"hide-{part}", f"remove-{part}", f"hide_{part}", "remove-cell"}
    return not hidden & set(cell.metadata.get("tags", []))


def is_read(cell: Any) -> bool:
    """Whether it is prose for the reader of the page, not for the speaker or for Jupyter alone."""
    notes = cell.metadata.get("slideshow", {}).get("slide_type") == "notes"
    return cell.cell_type == "markdown" and not notes and is_shown(cell, "input")


def shows_widgets(cell: Any) -> bool:
    return any(VIEW in output.get("data", {}) for output in cell.get("outputs", []))


def asked_in(cell: Any, lecture: Lecture) -> str:
    """The words of the questions that a cell shows."""
    shown = [lecture.views.get(model, {}) for model in models_shown([cell])]
    keys = [key for view in shown for key in recordings_in(view)]
    return " ".join(filter(None, (lecture.recordings[key].asked for key in keys)))


def recordings_in(view: dict[str, Any]) -> Iterator[str]:
    """The recordings that are shown in the place of a widget."""
    if "recording" in view:
        yield view["recording"]
    for child in view.get("box", ()):
        yield from recordings_in(child)


def outputs_of(cell: Any, lecture: Lecture, relink: prose.Relink) -> str:
    return "".join(output_html(output, lecture, relink) for output in cell.get("outputs", []))


def output_html(output: Any, lecture: Lecture, relink: prose.Relink) -> str:
    if output.output_type == "stream":
        return preformatted(output.text) if output.name == "stdout" else ""
    if output.output_type == "error":  # of a cell that may fail
        return preformatted(f"{output.ename}: {output.evalue}")
    data = output.get("data", {})
    if VIEW in data:
        model = data[VIEW]["model_id"]
        return view_html(lecture.views.get(model, {"other": "?"}), lecture)
    if "image/svg+xml" in data:
        return vector(data["image/svg+xml"], described(data))
    for kind in PICTURES:
        if kind in data and prose.is_base64(data[kind]):
            content = re.sub(r"\s", "", data[kind])
            return f'<img src="data:{kind};base64,{content}" alt="{described(data)}">'
    if "text/latex" in data:
        return tex.mathml(data["text/latex"].strip().strip("$"), block=True)
    if "text/markdown" in data:
        made = prose.html(data["text/markdown"], lecture.folder, {}, relink)
        return f'<div class="prose">{made}</div>'
    if found := tables.harmless(data.get("text/html", "")):
        return f'<div class="shown">{found}</div>'
    return preformatted(data.get("text/plain", ""))


def described(data: Any) -> str:
    return escape(str(data.get("text/plain", "")))


def vector(text: str, alt: str) -> str:
    """An SVG drawing of the notebook's as an image, in which no script runs."""
    import base64

    content = base64.b64encode(text.encode()).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{content}" alt="{alt}">'


def preformatted(text: str) -> str:
    return f'<pre class="output">{escape(ANSI.sub("", text))}</pre>' if text.strip() else ""


def view_html(view: dict[str, Any], lecture: Lecture) -> str:
    if "recording" in view:
        return place(view["recording"], lecture.recordings[view["recording"]])
    if "box" in view:
        inner = "".join(view_html(child, lecture) for child in view["box"])
        return f'<div class="box">{inner}</div>'
    if "words" in view:
        return f"<span>{escape(view['words'])}</span> "
    if "bar" in view:
        return f'<progress value="{view["bar"]:.3f}"></progress> '
    return f'<p class="missing">{escape(OTHER_WIDGET.format(name=view["other"]))}</p>'


def place(key: str, recording: Recording) -> str:
    """Where an explorer comes to life; until then, and without scripts, its first picture."""
    return (
        f'<div class="dlnotes-place" data-store="store-{escape(key)}">'
        f'<div class="dlnotes-explorer dlnotes-{escape(recording.kind)}">'
        f'<div class="dlnotes-picture">{recording.picture}</div>'
        f'<p class="dlnotes-says">{escape(recording.says)}</p></div></div>'
    )


def stores(lecture: Lecture) -> Iterator[str]:
    """The recordings, each in a script element that no browser runs."""
    for key, recording in lecture.recordings.items():
        yield f'<script type="text/plain" id="store-{escape(key)}">{recording.payload}</script>'

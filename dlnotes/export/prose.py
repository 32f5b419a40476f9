"""Markdown cells as HTML: formulas as MathML, pictures inlined, everything else escaped."""

import base64
import mimetypes
import re
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from dlnotes.export.tex import mathml

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
MOST_PICTURE = 3_000_000  # bytes
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
OUTWARD = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")

Relink = Callable[[str], str | None]


class Renderer(IPythonRenderer):
    """Jupyter's own Markdown, without its HTML: what looks like a tag is shown as it is written."""

    def __init__(self, folder: Path, attachments: dict[str, Any], relink: Relink) -> None:
        super().__init__(
            escape=True,
            allow_harmful_protocols=False,
            exclude_anchor_links=True,
            attachments=attachments,
        )
        self.folder, self.relink = folder, relink

    def inline_math(self, body: str) -> str:
        return mathml(body, block=False)

    def block_math(self, body: str) -> str:
        return mathml(body, block=True)

    def latex_environment(self, name: str, body: str) -> str:
        return mathml(rf"\begin{{{name}}}{body}\end{{{name}}}", block=True)

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{escape(code)}</pre>"

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        name = "-".join(unescape(TAG.sub("", text)).split())  # as Jupyter has it
        return f'<h{level} id="{escape(name)}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        target = self.relink(url)
        if target is None or (SCHEME.match(target) and not OUTWARD.match(target)):
            return text
        return super().link(text, target, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        data = self._inlined(url)
        alt = unescape(TAG.sub("", text))
        if data is None:
            return f"<em>[{escape(alt)}]</em>"
        return f'<img src="{data}" alt="{escape(alt)}">'

    def _inlined(self, url: str) -> str | None:
        """The picture as a data URI: attached to the cell, or a file beside the notebook."""
        if url.startswith("attachment:"):
            found = self.attachments.get(unquote(url.removeprefix("attachment:")), {})
            for kind in PICTURES:
                if kind in found:
                    return f"data:{kind};base64,{found[kind]}" if is_base64(found[kind]) else None
            return None
        if SCHEME.match(url):
            return url if is_data_picture(url) else None
        path = (self.folder / unquote(url)).resolve()
        guessed = mimetypes.guess_type(path.name)[0]
        inside = path.is_relative_to(self.folder.resolve())
        if not inside or guessed not in PICTURES or not path.is_file():
            return None
        if path.stat().st_size > MOST_PICTURE:
            return None
        return f"data:{guessed};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def is_base64(text: Any) -> bool:
    return isinstance(text, str) and bool(re.fullmatch(r"[A-Za-z0-9+/=\s]*", text))


def is_data_picture(url: str) -> bool:
    return bool(re.fullmatch(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*", url))


def html(source: str, folder: Path, attachments: dict[str, Any], relink: Relink) -> str:
    """A markdown cell as HTML. `relink` gives each link's target in the page, None for none."""
    return MarkdownWithMath(renderer=Renderer(folder, attachments, relink)).render(source)

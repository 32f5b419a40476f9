"""What every exported document is made of: the head, the styles, the explorers' scripts."""

from functools import lru_cache
from html import escape
from pathlib import Path

from pygments.formatters import HtmlFormatter

from dlnotes.export.cells import stores
from dlnotes.export.running import ExportError, Lecture
from dlnotes.widgets.explorer import HERE as WIDGETS
from dlnotes.words import _

HERE = Path(__file__).parent
LIMIT = 8_000_000  # bytes of one document

# A page asks nobody for anything; the browser itself sees to it.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


@lru_cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def style(*names: str) -> str:
    """The explorers' style, that of code, and those of this room by name."""
    blocks = [".code", ".highlight"]  # of cells, and in prose
    light = HtmlFormatter(style="default").get_style_defs([f".light {name}" for name in blocks])
    dark = HtmlFormatter(style="github-dark").get_style_defs([f".dark {name}" for name in blocks])
    sheets = [text_of(HERE / "theme.css"), light, dark, text_of(WIDGETS / "explorer.css")]
    return "\n".join([*sheets, *(text_of(HERE / name) for name in names)])


def module() -> str:
    """`explorer.js` as it is, and behind it the store of frames that feeds it here."""
    rest = (HERE / name for name in ("progress.js", "answers.js", "recorded.js"))
    return "\n".join(text_of(path) for path in (WIDGETS / "explorer.js", *rest))


def inert(script: str) -> str:
    """A script's text, with nothing in it that would end the element around it."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def document(
    title: str, body: str, *, css: str, scripts: list[str], modules: list[str], policy: str = POLICY
) -> str:
    """A whole HTML document in one file."""
    text = "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{_("en")}" class="light">',
            '<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="generator" content="dlnotes">',
            '<link rel="icon" href="data:,">',
            f"<title>{escape(title)}</title>",
            f"<style>{css}</style>",
            f"<script>{inert(text_of(HERE / 'theme.js'))}</script>",
            "</head>",
            body,
            *(f"<script>{inert(script)}</script>" for script in scripts),
            *(f'<script type="module">{inert(script)}</script>' for script in modules),
            "</html>\n",
        ]
    )
    if len(text.encode()) > LIMIT:
        sentence = _("The page would have {size:.1f} MB; at most {limit:.0f} are made.")
        raise ExportError(sentence.format(size=len(text.encode()) / 1e6, limit=LIMIT / 1e6))
    return text


def title_of(lecture: Lecture) -> str:
    """The first heading, else the notebook's name."""
    for cell in lecture.cells:
        for line in cell.source.splitlines() if cell.cell_type == "markdown" else ():
            if line.startswith("#"):
                return line.lstrip("#").strip()
    return lecture.name


def all_stores(lecture: Lecture) -> str:
    return "\n".join(stores(lecture))

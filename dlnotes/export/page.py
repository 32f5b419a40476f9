"""A lecture as one page to scroll through."""

from dlnotes.export import cells, parts
from dlnotes.export.prose import Relink
from dlnotes.export.running import Lecture
from dlnotes.words import _


def page(lecture: Lecture, *, relink: Relink, top: str = "", bottom: str = "") -> str:
    """The document. `top` and `bottom` are HTML that goes around the lecture, as a site has it."""
    body = "".join(cell_html(cell, i, lecture, relink) for i, cell in enumerate(lecture.cells))
    switch = f'<button type="button" class="theme">{_("Light or dark")}</button>'
    return parts.document(
        parts.title_of(lecture),
        f'<body class="page">{top}{switch}<main>{body}</main>{bottom}\n'
        f"{parts.all_stores(lecture)}</body>",
        css=parts.style("page.css"),
        scripts=[],
        modules=[parts.module()],
    )


def anchor(i: int) -> str:
    """The name in the page of cell `i`, for links that lead to it."""
    return f"cell-{i + 1}"


def cell_html(cell: cells.Any, i: int, lecture: Lecture, relink: Relink) -> str:
    if cells.is_read(cell):
        prose = cells.prose_of(cell, lecture, relink)
        return f'<section class="prose" id="{anchor(i)}">{prose}</section>'
    if cell.cell_type != "code":
        return ""
    code = ""
    if cell.source.strip() and cells.is_shown(cell, "input"):
        code = cells.code_of(cell)
        if cells.shows_widgets(cell) or is_setup(cell):
            code = f"<details><summary>{_('Code')}</summary>{code}</details>"
    outputs = cells.outputs_of(cell, lecture, relink) if cells.is_shown(cell, "output") else ""
    return f'<section class="cell">{code}{outputs}</section>' if code + outputs else ""


def is_setup(cell: cells.Any) -> bool:
    return cell.metadata.get("slideshow", {}).get("slide_type") == "skip"

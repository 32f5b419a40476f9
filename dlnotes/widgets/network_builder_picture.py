"""The picture of a `NetworkBuilder`: a table of layers, each a button, with bars for its cost."""

from types import SimpleNamespace

from dlnotes.pictures.marks import button
from dlnotes.pictures.palette import paint
from dlnotes.pictures.svg import (
    EDGE,
    GRID,
    INK,
    MUTED,
    TITLE_STEP,
    escape,
    heading,
    number,
    panel,
    text_width,
    wrap,
)  # fmt: skip
from dlnotes.widgets.network_misfit import Problem
from dlnotes.widgets.network_plan import in_words
from dlnotes.words import _

WIDTH, STEP, LETTERS = 860, 26, 13
LAYER, OUTPUT, PARAMETERS, WORK = 44, 342, 660, 840  # pixels: where the columns stand
BAR = 70


def shown(value: int | None) -> str:
    return "?" if value is None else f"{value:,}"


def cut(text: str, width: float) -> str:
    """A text that is too long for its place, shortened."""
    while text_width(text, LETTERS) > width:
        text = text[:-2].rstrip("…") + "…"
    return text


def bar(right: float, y: float, value: int | None, largest: int, color: int) -> str:
    """A column's share, as a bar left of the number."""
    if not value or not largest:
        return ""
    width = max(1.0, BAR * value / largest)
    return (
        f'<rect x="{number(right - BAR - 86)}" y="{number(y - 10)}" width="{number(width)}" '
        f'height="10" fill="{paint(color)}"/>'
    )


def line(y: float, cells: list[str], weight: str = "400") -> str:
    places = [
        (EDGE + 22, "end"), (LAYER, "start"), (OUTPUT, "start"), (PARAMETERS, "end"), (WORK, "end"),
    ]  # fmt: skip
    return "".join(
        f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(cell)}</text>'
        for cell, (x, anchor) in zip(cells, places, strict=True)
    )


def draw_plan(r: SimpleNamespace, *, title: str, said: str) -> str:
    """The list of layers, the chosen one marked, and the problem below the layer that has it."""
    top = EDGE + TITLE_STEP
    body = [heading((title,), EDGE), f'<g font-size="{LETTERS}" fill="{INK}">']
    names = ["", _("layer"), _("gives"), _("parameters"), _("multiply-adds")]
    body.append(line(top + 18, names, "600"))
    body.append(f'<path d="M{EDGE} {top + 25}H{WIDTH - EDGE}" stroke="{MUTED}"/>')
    y = float(top + 25 + 18)
    body.append(line(y, ["", _("input"), in_words(r.input), "", ""]))
    most = max(row.parameters for row in r.rows)
    most_work = max((row.multiply_adds or 0) for row in r.rows)
    for i, row in enumerate(r.rows):
        y += STEP
        body.append(one(i, row, y, i == r.at, most, most_work))
        if r.problem and r.problem.at == i:
            text, y = problem(r.problem, y)
            body.append(text)
    y += STEP
    body.append(f'<path d="M{EDGE} {number(y - 18)}H{WIDTH - EDGE}" stroke="{MUTED}"/>')
    totals = ["", _("all"), "", shown(r.parameters), shown(r.multiply_adds)]
    body.append(line(y, totals, "600"))
    if r.problem and r.problem.at == len(r.rows):
        text, y = problem(r.problem, y)
        body.append(text)
    body.append("</g>")
    return panel("".join(body), width=WIDTH, height=y + EDGE + 4, title=title, description=said,
                 name="plan", role="group")  # fmt: skip


def one(i: int, row: SimpleNamespace, y: float, chosen: bool, most: int, most_work: int) -> str:
    output = "?" if row.output is None else in_words(row.output)
    cells = [str(i), cut(row.text, OUTPUT - LAYER - 12), output]
    cells += [shown(row.parameters), shown(row.multiply_adds)]
    place = f'x="{EDGE}" y="{number(y - 18)}" width="{WIDTH - 2 * EDGE}" height="{STEP}" rx="4"'
    fill = f'fill="{GRID}" fill-opacity="{0.6 if chosen else 0}"'
    current = ' data-current="1"' if chosen else ""
    pointer = f'<text x="{EDGE - 4}" y="{number(y)}">▸</text>' if chosen else ""
    label = _("Layer {i}: {layer}, gives {output}").format(i=i, layer=row.text, output=output)
    return (
        f'<g class="dlnotes-pick" {button(f"row:{i}", False)}{current}>'
        f"<title>{escape(label)}</title><rect {place} {fill}/>"
        f"{pointer}{line(y, cells, '700' if chosen else '400')}"
        f"{bar(PARAMETERS, y, row.parameters, most, 0)}"
        f"{bar(WORK, y, row.multiply_adds, most_work, 2)}"
        "</g>"
    )


def problem(found: Problem, y: float) -> tuple[str, float]:
    """What does not fit, in a frame below the layer, and where the next line stands."""
    lines = wrap("✗ " + found.reason, LETTERS, WIDTH - LAYER - 3 * EDGE)
    texts = "".join(
        f'<text x="{LAYER + 8}" y="{number(y + 24 + 18 * i)}" font-weight="600">'
        f"{escape(words)}</text>"
        for i, words in enumerate(lines)
    )
    height = 18 * len(lines) + 8
    frame = (
        f'<rect x="{LAYER}" y="{number(y + 8)}" width="{WIDTH - LAYER - EDGE}" '
        f'height="{height}" rx="4" fill="none" stroke="{paint(1)}" stroke-width="2"/>'
    )
    return frame + texts, y + height + 10

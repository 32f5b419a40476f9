"""How the function box is drawn: a shelf of pictures, the box with the numbers, and the label."""

import json
from types import SimpleNamespace

import numpy as np

from dlnotes.pictures import marks
from dlnotes.pictures.grid import row
from dlnotes.pictures.image import image_tag, png_data_uri
from dlnotes.pictures.palette import paint
from dlnotes.pictures.svg import EDGE, GRID, INK, MUTED, escape, heading, number, panel
from dlnotes.words import _

WIDTH, HEIGHT = 680, 528  # pixels: the shelf above the box
SIZE, STEP = 52, 64  # pixels: a picture on the shelf, and from one to the next
# The middle of each picture on the shelf.
HOMES = tuple((EDGE + SIZE / 2 + STEP * i, 62.0) for i in range(10))
BOX = (10.0, 128.0, 660.0, 390.0)  # left, top, width and height of what a picture is dragged into
LETTERS, LINE = 11, 12  # pixels: of the numbers that go in
FIXED = "\u00a0"  # a space that stays one
LABELS, LEFT, LONGEST, BAR, BETWEEN = 230, 32, 120, 22, 30  # pixels: the panel of bars


def draw_box(r: SimpleNamespace, *, title: str, says: str) -> str:
    return row(draw_table(r, says), draw_label(r), title=title, description=says)


def draw_table(r: SimpleNamespace, says: str) -> str:
    """The shelf and the box, between which pictures are dragged."""
    axes = {
        "name": "table", "left": 0, "top": 0, "width": WIDTH, "height": HEIGHT, "x": [0, WIDTH],
        "y": [HEIGHT, 0], "x_log": False, "y_log": False,
    }  # fmt: skip
    title = _("Pictures")
    # A picture that is dragged lies on top. Each part keeps its place, and the keyboard its own.
    inner = "".join(
        f"<g>{part}</g>" for part in (heading((title,), EDGE), draw_inside(r), draw_shelf(r))
    )
    body = f'<g data-axes="{escape(json.dumps(axes))}">{inner}</g>'
    return panel(body, width=WIDTH, height=HEIGHT, title=title, description=says, role="group")


def padded(value: int) -> str:
    return f"{value:{FIXED}>4d}"


def text(x: float, y: float, words: str, size: float, more: str = "") -> str:
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-size="{size:g}" fill="{INK}"{more}>'
        f"{escape(words)}</text>"
    )


def draw_shelf(r: SimpleNamespace) -> str:
    parts = []
    for i, values in enumerate(r.pictures):
        x, y = HOMES[i]
        if r.held and r.held[0] == i:
            x, y = (
                min(max(at, 0), most) for at, most in zip(r.held[1:], (WIDTH, HEIGHT), strict=True)
            )
        left, top = x - SIZE / 2, y - SIZE / 2
        uri = png_data_uri(np.rint(255 * values).astype(np.uint8))
        chosen = i == r.inside
        edge = f'stroke="{paint(1)}" stroke-width="4"' if chosen else f'stroke="{MUTED}"'
        label = _("picture {number}: drag it into the box, or press Enter").format(number=i + 1)
        parts.append(
            f'<g class="dlnotes-pick" {marks.button(f"picture:{i}", True)}>'
            f"<title>{escape(label)}</title>{image_tag(uri, left, top, SIZE, SIZE, True)}"
            f'<rect x="{number(left)}" y="{number(top)}" width="{SIZE}" height="{SIZE}" '
            f'fill="transparent" {edge}/></g>'
        )
    return "".join(parts)


def draw_inside(r: SimpleNamespace) -> str:
    left, top, width, height = BOX
    open_ = ' stroke-dasharray="8 6"' if r.inside is None else ""
    parts = [
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="10" fill="{GRID}" '
        f'fill-opacity="0.35" stroke="{paint(0)}" stroke-width="3"{open_}/>',
        text(left, top - 12, _("The function"), 15, ' font-weight="600"'),
    ]
    middle = left + width / 2
    centred = ' text-anchor="middle"'
    made = _("made of {count} numbers that were learned").format(count=f"{r.parameters:,}")
    if r.inside is None:
        parts.append(text(middle, top + height / 2 - 10, _("drop a picture here"), 20, centred))
        parts.append(text(middle, top + height / 2 + 16, made, 14, centred))
        return "".join(parts)
    h, w = r.values.shape
    style = f'font-size="{LETTERS}" fill="{INK}" style="font-family:monospace"'
    lines = (
        f'<text x="{left + 8:g}" y="{number(top + 18 + LINE * i)}" textLength="{width - 20:g}" '
        f'lengthAdjust="spacingAndGlyphs">{"".join(map(padded, line))}</text>'
        for i, line in enumerate(r.values.tolist())
    )
    parts.append(f"<g {style}>{''.join(lines)}</g>")
    foot = top + height - 42
    uri = png_data_uri(r.values.astype(np.uint8))
    parts.append(image_tag(uri, left + 10, foot, 36, 36, True))
    went = _("{h} × {w} pixels = {count} numbers").format(h=h, w=w, count=h * w)
    parts.append(text(left + 58, foot + 15, went, 13))
    parts.append(text(left + 58, foot + 32, _("The function is {made}.").format(made=made), 13))
    return "".join(parts)


def draw_label(r: SimpleNamespace) -> str:
    """The label that came out, and how probable each is."""
    title, top = _("→ The label"), EDGE + 32
    parts = [heading((title,), EDGE)]
    for digit in range(10):
        y = top + BETWEEN * digit
        share = 0.0 if r.digit is None else float(r.probabilities[digit])
        best = r.digit is not None and digit == r.label
        weight = ' font-weight="700"' if best else ""
        parts.append(text(EDGE, y + 16, str(digit), 15, weight))
        parts.append(
            f'<rect x="{LEFT}" y="{y}" width="{number(LONGEST * share)}" height="{BAR}" '
            f'fill="{paint(1 if best else 0)}"/>'
        )
        if r.digit is not None:
            words = _("{share:.1f}%").format(share=100 * share)
            parts.append(text(LABELS - EDGE, y + 16, words, 14, ' text-anchor="end"' + weight))
    if r.digit is not None:
        words = _("“{label}”").format(label=r.label)
        parts.append(text(EDGE, top + BETWEEN * 10 + 40, words, 36, ' font-weight="700"'))
    description = _("A bar for each of the ten labels: how probable the function holds it to be.")
    return panel(
        "".join(parts), width=LABELS, height=top + BETWEEN * 10 + 56, title=title,
        description=description,
    )  # fmt: skip

"""How the function box is drawn: a shelf of pictures, the box with the numbers, and the label."""

import json
from types import SimpleNamespace

import numpy as np

from dlnotes.pictures import marks
from dlnotes.pictures.image import image_tag, png_data_uri
from dlnotes.pictures.palette import paint
from dlnotes.pictures.svg import EDGE, GRID, INK, MUTED, escape, heading, number, panel
from dlnotes.words import _

WIDTH, HEIGHT = 1000, 356  # pixels
SIZE = 52  # pixels: a picture on the shelf
TOP, STEP = 48, 60
# The middle of each picture on the shelf: two columns.
HOMES = tuple((EDGE + 30 + 62 * (i % 2), TOP + 30 + STEP * (i // 2)) for i in range(10))
BOX = (170.0, 40.0, 560.0, 306.0)  # left, top, width and height of what a picture is dragged into
LETTERS = 7.4  # pixels: of the numbers that go in
LINE = 9.3
FIXED = "\u00a0"  # a space that stays one
BARS, LONGEST, BAR = 800, 130, 18


def draw_box(r: SimpleNamespace, *, title: str, says: str) -> str:
    axes = {
        "name": "table", "left": 0, "top": 0, "width": WIDTH, "height": HEIGHT, "x": [0, WIDTH],
        "y": [HEIGHT, 0], "x_log": False, "y_log": False,
    }  # fmt: skip
    # A picture that is dragged lies on top. Each part keeps its place, and the keyboard its own.
    parts = (draw_inside(r), draw_label(r), draw_shelf(r))
    inner = "".join(f"<g>{part}</g>" for part in (heading((_("Pictures"),), EDGE), *parts))
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
        text(left, EDGE + 14, _("The function"), 15, ' font-weight="600"'),
    ]
    middle = left + width / 2
    centred = ' text-anchor="middle"'
    made = _("made of {count} numbers that were learned").format(count=f"{r.parameters:,}")
    if r.inside is None:
        parts.append(text(middle, top + height / 2 - 10, _("drop a picture here"), 20, centred))
        parts.append(text(middle, top + height / 2 + 16, made, 14, centred))
        return "".join(parts)
    uri = png_data_uri(r.values.astype(np.uint8))
    h, w = r.values.shape
    at = left + width - 110
    parts.append(image_tag(uri, at, top + 16, 96, 96, True))
    words = [_("{h} × {w} pixels").format(h=h, w=w), _("= {count} numbers").format(count=h * w)]
    parts += [text(at, top + 134 + 19 * i, line, 13) for i, line in enumerate(words)]
    parts.append(text(at, top + 206, "↓", 22) + text(at, top + 240, _("f(numbers)"), 16))
    parts.append(text(left + 14, top + height - 12, made, 13))
    style = f'font-size="{LETTERS}" fill="{INK}" style="font-family:monospace"'
    lines = (
        f'<text x="{left + 12:g}" y="{number(top + 18 + LINE * i)}" textLength="424" '
        f'lengthAdjust="spacingAndGlyphs">{"".join(map(padded, line))}</text>'
        for i, line in enumerate(r.values.tolist())
    )
    parts.append(f"<g {style}>{''.join(lines)}</g>")
    return "".join(parts)


def draw_label(r: SimpleNamespace) -> str:
    top = TOP + 4
    parts = [
        text(BARS - 28, EDGE + 14, _("The label"), 15, ' font-weight="600"'),
        text(BARS - 58, HEIGHT / 2, "→", 26),
    ]
    for digit in range(10):
        y = top + 22 * digit
        share = 0.0 if r.digit is None else float(r.probabilities[digit])
        best = r.digit is not None and digit == r.label
        weight = ' font-weight="700"' if best else ""
        parts.append(text(BARS - 16, y + 14, str(digit), 14, weight))
        parts.append(
            f'<rect x="{BARS}" y="{y}" width="{number(LONGEST * share)}" height="{BAR}" '
            f'fill="{paint(1 if best else 0)}"/>'
        )
        if r.digit is not None:
            words = _("{share:.1f} %").format(share=100 * share)
            parts.append(text(WIDTH - EDGE, y + 14, words, 13, ' text-anchor="end"' + weight))
    if r.digit is not None:
        words = _("“{label}”").format(label=r.label)
        parts.append(text(BARS - 16, top + 270, words, 34, ' font-weight="700"'))
    return "".join(parts)

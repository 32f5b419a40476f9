"""A graph of nodes and edges with numbers on them, as a calculation is drawn: left to right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dlnotes.pictures.palette import letters
from dlnotes.pictures.svg import (
    EDGE,
    INK,
    MUTED,
    PAPER,
    TITLE_STEP,
    escape,
    heading,
    number,
    panel,
    text_width,
    title_lines,
)  # fmt: skip

RADIUS = 25  # pixels: of a node
LETTERS = 12.5  # pixels: the size of every number
VALUE, SLOPE = letters(0), letters(1)


@dataclass(frozen=True)
class Node:
    """A number in a circle: its name above, `value` inside, `slope` below; "" for not known yet.

    `x` and `y` are the centre in pixels. `lit` draws it in bold: it is being worked on.
    """

    x: float
    y: float
    name: str
    value: str = ""
    slope: str = ""
    lit: bool = False


@dataclass(frozen=True)
class Link:
    """An edge between two nodes by index, with a number on it, `share` of the way along.

    With `pick`, the number is a button that reports it, named `label`; `chosen` frames it.
    """

    first: int
    second: int
    value: str = ""
    slope: str = ""
    lit: bool = False
    share: float = 0.5
    pick: str = ""
    label: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Tag:
    """A number beside a node, such as its bias; else as `Link`."""

    x: float
    y: float
    value: str
    slope: str = ""
    pick: str = ""
    label: str = ""
    chosen: bool = False


def graph(
    nodes: Sequence[Node], links: Sequence[Link], tags: Sequence[Tag] = (), *,
    width: float, height: float, title: str, description: str, words: tuple[str, str],
) -> str:  # fmt: skip
    """The graph as a panel. `words` say what the two kinds of numbers are, in the legend."""
    lines = title_lines(title, width - 2 * EDGE)
    body = [heading(lines, EDGE), legend(words, EDGE + TITLE_STEP * len(lines) + 12)]
    for link in links:
        a, b = nodes[link.first], nodes[link.second]
        stroke = INK if link.lit else MUTED
        body.append(
            f'<path d="M{number(a.x + RADIUS)} {number(a.y)}L{number(b.x - RADIUS)} {number(b.y)}" '
            f'fill="none" stroke="{stroke}" stroke-width="{2.5 if link.lit else 1}"/>'
        )
    body += [circle(node) for node in nodes]
    for link in links:
        if link.value:
            a, b = nodes[link.first], nodes[link.second]
            x = a.x + RADIUS + link.share * (b.x - a.x - 2 * RADIUS)
            body.append(chip(x, a.y + link.share * (b.y - a.y), link))
    body += [chip(tag.x, tag.y, tag) for tag in tags]
    text = "".join(body)
    role = "group" if "data-pick=" in text else "img"
    return panel(text, width=width, height=height, title=title, description=description, role=role)


def legend(words: tuple[str, str], y: float) -> str:
    value, slope = words
    second = EDGE + text_width(value, LETTERS) + 20
    style = f'font-size="{LETTERS}" y="{number(y)}"'
    return (
        f'<text x="{EDGE}" {style} fill="{VALUE}">{escape(value)}</text>'
        f'<text x="{number(second)}" {style} fill="{SLOPE}" font-style="italic">'
        f"{escape(slope)}</text>"
    )


def circle(node: Node) -> str:
    x, y = number(node.x), node.y
    ring = f'stroke="{INK if node.lit else MUTED}" stroke-width="{3 if node.lit else 1.25}"'
    middle = f'x="{x}" text-anchor="middle" font-size="{LETTERS}"'
    room = 2 * RADIUS - 4
    narrow = ""
    if text_width(node.value, LETTERS) > room:
        narrow = f' textLength="{room}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<circle cx="{x}" cy="{number(y)}" r="{RADIUS}" fill="{PAPER}" {ring}/>'
        f'<text {middle} y="{number(y - RADIUS - 5)}" fill="{INK}">{escape(node.name)}</text>'
        f'<text {middle} y="{number(y + 4.5)}" fill="{VALUE}"{narrow}>{escape(node.value)}</text>'
        f'<text {middle} y="{number(y + RADIUS + 14)}" fill="{SLOPE}" font-style="italic">'
        f"{escape(node.slope)}</text>"
    )


def chip(x: float, y: float, item: Any) -> str:
    """A number with its slope on a small ground, so that lines beneath do not cross it."""
    wide = text_width(item.value, LETTERS)
    whole = wide + (5 + text_width(item.slope, LETTERS) if item.slope else 0)
    left = x - whole / 2
    frame = f' stroke="{INK}" stroke-width="2"' if item.chosen else ""
    button = ""
    if item.pick:
        name = escape(item.label)
        pressed = str(item.chosen).lower()
        button = (
            f' role="button" tabindex="0" data-pick="{escape(item.pick)}" aria-label="{name}" '
            f'aria-pressed="{pressed}"'
        )
    style = f'font-size="{LETTERS}" y="{number(y + 4.5)}"'
    return (
        f'<g{button}><rect x="{number(left - 4)}" y="{number(y - 9.5)}" '
        f'width="{number(whole + 8)}" height="19" rx="4" fill="{PAPER}"{frame}/>'
        f'<text x="{number(left)}" {style} fill="{VALUE}">{escape(item.value)}</text>'
        f'<text x="{number(left + wide + 5)}" {style} fill="{SLOPE}" font-style="italic">'
        f"{escape(item.slope)}</text></g>"
    )

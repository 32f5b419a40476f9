"""Several panels side by side, and a table as a panel."""

import re
from collections.abc import Sequence

from dlnotes.pictures.svg import (
    BOLD,
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
    title_lines,
)  # fmt: skip

GAP = 12  # pixels between panels
CELL_SIZE, CELL_STEP = 13, 24  # pixels: the letters of a table, and from one row to the next
_OPENING = re.compile(r'<svg [^>]*? width="([\d.]+)" height="([\d.]+)"')
_NUMBER = re.compile(
    r"[-+−±]?(\d[\d., ]*|∞)([eE][-+]?\d+|×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(\s?\S{1,6})?"
)  # with a unit


def row(
    *panels: str, title: str = "", description: str = "", columns: int | None = None,
    together: bool = False,
) -> str:  # fmt: skip
    """Panels in one <svg>, side by side or in rows of `columns`. The title is not drawn.

    The panels are whole <svg> texts of this room; each becomes an inner <svg> with a place. A page
    may give them other places, and the root another viewBox, where there is less room; those that
    stand `together` are one panel to it, and stay as they are.
    """
    if not panels:
        raise ValueError("panels must be at least one <svg> text")
    if columns is not None and columns < 1:
        raise ValueError(f"columns must be 1 or more, not {columns}")
    found = [_OPENING.match(text) for text in panels]
    if not all(found):
        raise ValueError("panels must be <svg> texts made by dlnotes.pictures")
    sizes = [(float(match[1]), float(match[2])) for match in found if match]
    n = columns or len(panels)
    widths = [max(w for w, _ in sizes[i::n]) for i in range(min(n, len(sizes)))]
    heights = [max(h for _, h in sizes[i : i + n]) for i in range(0, len(sizes), n)]
    parts = []
    for i, text in enumerate(panels):
        x, y = sum(widths[: i % n]) + GAP * (i % n), sum(heights[: i // n]) + GAP * (i // n)
        parts.append(f'<svg x="{number(x)}" y="{number(y)}" {text[5:]}')
    width = sum(widths) + GAP * (len(widths) - 1)
    height = sum(heights) + GAP * (len(heights) - 1)
    return panel("".join(parts), width=width, height=height, title=title, description=description,
                 kind="dlnotes-panel" if together else "dlnotes-row", role="group")  # fmt: skip


def _mostly_numbers(cells: Sequence[str]) -> bool:
    words = [cell.strip() for cell in cells if cell.strip()]
    return 2 * sum(bool(_NUMBER.fullmatch(word)) for word in words) > len(words)


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    width: float = 480,
    title: str,
    description: str = "",
    highlight: int | None = None,
) -> str:
    """A table as a panel: columns of numbers to the right, others to the left; wider if need be.

    The row `highlight` is marked by a pointer and by weight. Raises ValueError if a row has another
    number of cells than the header, or there is no such row.
    """
    for i, cells in enumerate(rows):
        if len(cells) != len(header):
            raise ValueError(f"rows: row {i} has {len(cells)} cells, header has {len(header)}")
    if highlight is not None and not 0 <= highlight < len(rows):
        raise ValueError(f"highlight must be a row from 0 to {len(rows) - 1}, not {highlight}")
    columns = [[str(cells[j]) for cells in rows] for j in range(len(header))]
    to_right = [_mostly_numbers(column) for column in columns]
    # Any row may be the highlighted, bold one, and the table must not jump.
    need = [
        BOLD * max(text_width(cell, CELL_SIZE) for cell in [str(name), *column]) + 16
        for name, column in zip(header, columns, strict=True)
    ]
    left = EDGE + 14  # room for the pointer
    spare = max(width - left - EDGE - sum(need), 0) / max(len(need), 1)
    width = max(width, left + sum(need) + EDGE)
    lines = title_lines(title, width - 2 * EDGE)
    top = EDGE + TITLE_STEP * len(lines) + 2
    places, at = [], float(left)
    for wide, right in zip(need, to_right, strict=True):
        at += wide + spare
        places.append((at - 8, "end") if right else (at - wide - spare + 8, "start"))

    def line(cells: Sequence[str], index: int, weight: str, mark: str = "") -> str:
        y = number(top + CELL_STEP * (index + 1) - 7)
        texts = "".join(
            f'<text x="{number(x)}" y="{y}" text-anchor="{anchor}">{escape(str(cell))}</text>'
            for cell, (x, anchor) in zip(cells, places, strict=True)
        )
        return f'<g font-weight="{weight}"><text x="{EDGE}" y="{y}">{mark}</text>{texts}</g>'

    body = [heading(lines, EDGE)]
    foot = top + CELL_STEP * (len(rows) + 1)
    if highlight is not None:
        y = number(top + CELL_STEP * (highlight + 1))
        body.append(
            f'<rect x="{EDGE - 4}" y="{y}" width="{number(width - 2 * EDGE + 8)}" '
            f'height="{CELL_STEP}" rx="4" fill="{GRID}" fill-opacity="0.6"/>'
        )
    body.append(f'<g font-size="{CELL_SIZE}" fill="{INK}">' + line(header, 0, "600"))
    for i, cells in enumerate(rows):
        chosen = i == highlight
        body.append(line(cells, i + 1, "700" if chosen else "400", "▸" if chosen else ""))
    rule = number(top + CELL_STEP)
    body.append(f'</g><path d="M{EDGE} {rule}H{number(width - EDGE)}" stroke="{MUTED}"/>')
    said = description or "; ".join(
        ", ".join(str(cell) for cell in cells) for cells in [header, *rows]
    )
    return panel("".join(body), width=width, height=foot + EDGE, title=title, description=said)

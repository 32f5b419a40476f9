"""How far something is that takes its time, as a bar."""

from dlnotes.pictures.palette import paint
from dlnotes.pictures.svg import (
    EDGE,
    INK,
    MUTED,
    TITLE_STEP,
    escape,
    heading,
    number,
    panel,
    title_lines,
)  # fmt: skip

BAR, LETTERS = 12, 13  # pixels: the bar's height, and that of the letters beside it


def progress(
    share: float, *, width: float = 480, title: str, note: str = "", noted: float = 130
) -> str:
    """A panel with a bar that is filled to `share` (0 to 1), and beside it a few words.

    `noted` pixels are kept free for these.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share must be from 0 to 1, not {share}")
    lines = title_lines(title, width - 2 * EDGE)
    top = EDGE + TITLE_STEP * len(lines) + 4
    wide = width - 2 * EDGE - noted
    place = f'x="{EDGE}" y="{number(top)}" height="{BAR}"'
    body = (
        heading(lines, EDGE)
        + f'<rect {place} width="{number(wide * share)}" fill="{paint(0)}"/>'
        + f'<rect {place} width="{number(wide)}" fill="none" stroke="{MUTED}"/>'
        + f'<text x="{number(width - EDGE)}" y="{number(top + BAR - 1)}" text-anchor="end" '
        f'font-size="{LETTERS}" fill="{INK}">{escape(note)}</text>'
    )
    description = note or f"{share:.0%}"
    height = top + BAR + EDGE
    return panel(body, width=width, height=height, title=title, description=description)

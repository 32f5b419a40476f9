"""A table with a row for every possible picture: how many rows, exactly, and how many that is."""

from types import SimpleNamespace
from typing import Any

from dlnotes.pictures.grid import row, table
from dlnotes.pictures.svg import EDGE, INK, MUTED, escape, heading, panel
from dlnotes.widgets.controls import slider, switch
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.large_numbers import (
    digit_count,
    digits_of,
    ends,
    roughly,
    scientific,
    shortened,
)
from dlnotes.widgets.lookup_scale import landmarks
from dlnotes.words import _

LARGEST = 200  # pixels a side
WRITTEN = 45  # digits that are written in one line
LINES, PER_LINE, GROUP = 20, 80, 10  # of a page of digits
PAGE = LINES * PER_LINE
BUILT = 65_536  # rows: so many are built a little later
WIDTH = 620  # pixels


def pages_of(digits: int) -> int:
    return -(-digits // PAGE)


class LookupTable(Explorer):
    """Remember every picture: one row a picture, levels^(width · height · channels) rows.

    `rows` is that number, exactly, as a Python integer, `digits` all its digits as text (Python
    itself writes no integer of more than 4,300 digits). `AskTable` is such a table, really built.

    >>> LookupTable(width=4, height=4, channels=1, levels=2)
    """

    title = _("A table with a row for every picture")

    width = slider(_("Width"), 1, LARGEST, value=100, unit="px", group=_("Pictures"))
    height = slider(_("Height"), 1, LARGEST, value=100, unit="px", group=_("Pictures"))
    channels = slider(_("Channels"), 1, 3, value=3, group=_("Numbers"))
    levels = slider(_("Levels"), 2, 256, value=256, group=_("Numbers"))
    everything = switch(_("Write all its digits"), group=_("Digits"))
    page = slider(_("Page"), 1, pages_of(300_000), value=1, group=_("Digits"), play=True)

    @property
    def rows(self) -> int:
        """How many rows the table has, exactly."""
        return self.levels ** (self.width * self.height * self.channels)

    @property
    def digits(self) -> str:
        """All the digits of `rows`."""
        return digits_of(self.levels, self.width * self.height * self.channels)

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        v = SimpleNamespace(**values)
        count = pages_of(digit_count(v.levels, v.width * v.height * v.channels))
        off = "" if v.everything else _("Switch “Write all its digits” on first.")
        one = _("All digits are on this page.") if count == 1 else ""
        return {"page": {"maximum": count, "disabled": off or one}}

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {} if name in ("page", "everything") else {"page": 1}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        count = v.width * v.height * v.channels
        digits = digit_count(v.levels, count)
        found: dict[str, Any] = {
            "width": v.width,
            "height": v.height,
            "channels": v.channels,
            "levels": v.levels,
            "count": count,
            "digits": digits,
            "about": shortened(v.levels, count),
            "written": written(v.levels, count),
            "rows": roughly(v.levels, count),
            "page": None,
        }
        if v.everything:
            start = (v.page - 1) * PAGE
            found["page"] = v.page
            found["text"] = digits_of(v.levels, count)[start : start + PAGE]
        return found

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        return {"numbers": f"{r.count:,}", "rows": r.about, "digits": f"{r.digits:,}"}

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        numbers = _("1 number, one")
        if r.count > 1:
            numbers = _("{count} numbers, each one").format(count=f"{r.count:,}")
        sentences = [
            _(
                "{width} × {height} × {channels} = {numbers} of {levels} levels: {levels} to the "
                "power {count} {equals} {rows} pictures, a number of {digits}."
            ).format(
                width=r.width,
                height=r.height,
                channels=r.channels,
                numbers=numbers,
                count=f"{r.count:,}",
                levels=r.levels,
                equals="≈" if "×" in r.about else "=",
                rows=r.about,
                digits=length(r.digits),
            ),
            self.compared(r),
        ]
        return " ".join(sentences)

    @staticmethod
    def compared(r: SimpleNamespace) -> str:
        memory, atoms = landmarks()
        if r.rows > atoms.value:
            return _(
                "If each atom of the observable universe could hold a row, that many universes "
                "would be needed: {ratio}."
            ).format(ratio=scientific(r.rows / atoms.value))
        if r.rows > memory.value:
            return _("That is more rows than all memory on Earth has bytes.")
        if r.rows > BUILT:
            return _("With a byte a row, that fits into all the memory on Earth.")
        return _("A table of that size can be built, and will be.")

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        panels = [draw_number(r), draw_scale(r)]
        if r.page is not None:
            panels.append(draw_page(r))
        return row(*panels, title=self.title, description=self.say(result), columns=1)


def length(digits: int) -> str:
    return _("1 digit") if digits == 1 else _("{count} digits").format(count=f"{digits:,}")


def written(levels: int, count: int) -> str:
    """The number in one line: all its digits in threes, or its ends."""
    if digit_count(levels, count) <= WRITTEN:
        return f"{levels**count:,}"
    first, last = ends(levels, count)
    return f"{first} … {last}"


def draw_number(r: SimpleNamespace) -> str:
    title = _("Rows: {levels} to the power {width} × {height} × {channels}").format(
        levels=r.levels, width=r.width, height=r.height, channels=r.channels
    )
    hidden = r.digits - 2 * 18
    note = length(r.digits)
    if r.digits > WRITTEN:
        note = _("{digits}; the {hidden} between are left out").format(
            digits=note, hidden=f"{hidden:,}"
        )
    top = EDGE + 50
    body = (
        f'{heading((title,), EDGE)}<text x="{EDGE}" y="{top}" font-size="20" font-weight="600" '
        f'fill="{INK}" style="font-variant-numeric:tabular-nums" textLength="{fit(r.written)}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(r.written)}</text>'
        f'<text x="{EDGE}" y="{top + 24}" font-size="14" fill="{INK}">{escape(note)}</text>'
    )
    return panel(body, width=WIDTH, height=top + 30 + EDGE, title=title, description=note)


def fit(text: str) -> int:
    """The width of a line of digits, the same on every machine."""
    return min(11 * len(text), WIDTH - 2 * EDGE)


def draw_scale(r: SimpleNamespace) -> str:
    lines = [[_("rows of this table"), r.about, f"{r.digits:,}"]]
    for mark in landmarks():
        lines.append([mark.name, scientific(mark.value), str(len(str(mark.value)))])
        lines.append([f"({mark.source})", "", ""])
    return table(
        ["", _("how many"), _("digits")], lines, width=WIDTH,
        title=_("Beside other large numbers"), highlight=0,
    )  # fmt: skip


def draw_page(r: SimpleNamespace) -> str:
    """A page of its digits, in groups of ten."""
    first = (r.page - 1) * PAGE + 1
    title = _("Digits {first} to {last} of {digits}").format(
        first=f"{first:,}", last=f"{first + len(r.text) - 1:,}", digits=f"{r.digits:,}"
    )
    top, step = EDGE + 28, 15
    lines = []
    for i in range(0, len(r.text), PER_LINE):
        line = r.text[i : i + PER_LINE]
        grouped = " ".join(line[j : j + GROUP] for j in range(0, len(line), GROUP))
        lines.append(f'<text x="{EDGE}" y="{top + step * (i // PER_LINE) + 11}">{grouped}</text>')
    style = f'font-size="11" fill="{INK}" style="font-family:monospace"'
    edge = f'<path d="M{EDGE} {EDGE + 22}H{WIDTH - EDGE}" stroke="{MUTED}"/>'
    return panel(
        f"{heading((title,), EDGE)}{edge}<g {style}>{''.join(lines)}</g>",
        width=WIDTH, height=top + step * LINES + EDGE, title=title,
        description=_("A part of the number, in groups of ten digits."),
    )  # fmt: skip

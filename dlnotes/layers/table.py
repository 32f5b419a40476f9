"""A network as a table: its layers, their output shapes, parameters and multiply-adds."""

import html
from collections.abc import Iterator
from typing import Any, NamedTuple

from dlnotes.layers.layer import Layer, Shape
from dlnotes.words import _


class Row(NamedTuple):
    """One layer, in words ready to show."""

    place: str
    layer: str
    output: str
    parameters: str
    multiply_adds: str


def heading() -> Row:
    return Row("", _("layer"), _("output"), _("parameters"), _("multiply-adds"))


def count(layer: Layer) -> int:
    """How many numbers a layer learns."""
    return sum(parameter.value.size for parameter in layer.parameters())


def rows(net: Any) -> Iterator[Row]:
    """A row a layer and one for all; "?" as long as no example has shown the images' size."""
    example = net.example_shape()
    shape = None if example is None else (1, *example)
    total: int | None = 0
    for i, layer in enumerate(net):
        multiply_adds, shape = step(layer, shape)
        total = None if total is None or multiply_adds is None else total + multiply_adds
        output = "?" if shape is None else f"({', '.join(['n', *map(str, shape[1:])])})"
        yield Row(str(i), title(layer), output, f"{count(layer):,}", number(multiply_adds))
    yield Row("", _("all"), "", f"{count(net):,}", number(total))


def step(layer: Layer, shape: Shape | None) -> tuple[int | None, Shape | None]:
    """Multiply-adds and output shape, or None for both where `shape` is unknown or does not fit."""
    if shape is None:
        return None, None
    try:
        return layer.multiply_adds(shape), layer.output_shape(shape)
    except ValueError:
        return None, None


def title(layer: Any) -> str:
    """A network inside a network in a few words, any other layer as it was made."""
    inside = layer.children()
    return f"{type(layer).__name__}({len(inside)} layers)" if inside else repr(layer)


def number(value: int | None) -> str:
    return "?" if value is None else f"{value:,}"


def caption(net: Any) -> str:
    """What the numbers are, and how a reader gets those that are missing."""
    if net.example_shape() is None:
        return _('"?" is known once an x has gone through, or from input_shape=(…) of one example.')
    return _("Multiply-adds are for one example.")


def as_text(net: Any) -> str:
    """The table in columns: words to the left, numbers to the right."""
    table = [heading(), *rows(net)]
    widths = [max(len(row[column]) for row in table) for column in range(len(Row._fields))]
    lines = []
    for row in table:
        cells = [
            cell.rjust(width) if column in (0, 3, 4) else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([*lines, caption(net)])


def as_html(net: Any) -> str:
    """The table for a notebook; its last row is in bold."""
    body = list(rows(net))
    head = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in heading())
    lines = []
    for row in body:
        tag = "th" if row is body[-1] else "td"
        cells = "".join(
            f'<{tag} style="text-align: {"left" if column in (1, 2) else "right"}">'
            f"{html.escape(cell)}</{tag}>"
            for column, cell in enumerate(row)
        )
        lines.append(f"<tr>{cells}</tr>")
    return (
        f"<table><caption>{html.escape(caption(net))}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table>"
    )

"""The colours of the pictures, as data: six for series, quiet ones for text, grid and ground.

A picture names a colour as a CSS variable with its light value to fall back on, so that a page can
turn it dark. Each series colour has a contrast of at least 3 : 1 with its ground, and any two stay
apart under the three kinds of colour blindness (the tests compute both).
"""

from typing import Any

LIGHT = {
    "0": "#0072B2", "1": "#DF5E00", "2": "#04A959", "3": "#AC3E68", "4": "#794500", "5": "#332288",
    "ink": "#222222", "muted": "#666666", "grid": "#DDDDDD", "paper": "#FFFFFF",
}  # fmt: skip
DARK = {
    "0": "#5CB8F0", "1": "#F0701F", "2": "#459560", "3": "#B060A2", "4": "#F2DC3C", "5": "#9266FF",
    "ink": "#EEEEEE", "muted": "#AAAAAA", "grid": "#333333", "paper": "#111111",
}  # fmt: skip
# White and black stay as they are: for marks on an image, which does not follow the page either.
CSS = {name: f"var(--dlnotes-{name}, {light})" for name, light in LIGHT.items()}
CSS |= {"white": "#FFFFFF", "black": "#000000"}


FAINT = ("1", "2")  # by day too light for letters


def letters(color: Any) -> str:
    """The CSS for letters in a colour: where it is too light for them, mixed with ink."""
    css = paint(color)
    return f"color-mix(in srgb, {css} 75%, {CSS['ink']})" if str(color) in FAINT else css


def paint(color: Any) -> str:
    """The CSS for a colour: a palette index 0 to 5, or one of the names in `CSS`."""
    css = None if isinstance(color, bool) else CSS.get(str(color))
    if css is None:
        raise ValueError(f'color must be 0 to 5, "ink", "muted", "white" or "black", not {color!r}')
    return css

"""What the predictions of lesson 01 reveal, drawn when the reader has committed to one."""

from types import SimpleNamespace

from dlnotes.pictures.grid import row
from dlnotes.widgets.ask_table import AskTable, draw_neighbours, draw_picture
from dlnotes.widgets.lookup_table import LookupTable, draw_number, draw_scale
from dlnotes.words import _

SIDE = 100  # pixels: of the picture that is asked about


def draw_rows() -> str:
    """How many rows a table of such pictures has, beside other large numbers."""
    explorer = LookupTable(width=SIDE, height=SIDE)
    r = SimpleNamespace(**explorer.compute(**explorer.values))
    title = _("A row for every picture")
    return row(
        draw_number(r), draw_scale(r), title=title, description=explorer.say(vars(r)), columns=1
    )


def draw_nothing() -> str:
    """A picture that the table knows, and its neighbours."""
    explorer = AskTable()
    r = SimpleNamespace(**explorer.compute(**explorer.values))
    return row(
        draw_picture(r), draw_neighbours(r), title=explorer.title, description=explorer.say(vars(r))
    )

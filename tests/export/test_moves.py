"""What an export thinks would happen is what an explorer does."""

import numpy as np
import pytest
from driver import Page
from widgets.waves import Waves

from dlnotes.export.moves import Moves
from dlnotes.export.reach import control_groups, key_groups, pointer_groups
from dlnotes.lessons.lesson import lesson
from dlnotes.widgets.degree_explorer import DegreeExplorer
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.quadratic_fitter import QuadraticFitter

MAKE = {
    "waves": lambda: Waves(count=4),
    "fitter": lambda: QuadraticFitter(),
    "some": lambda: QuadraticFitter(show=["a1", "a2", "rate", "gradient", "step"]),
    "degree": lambda: DegreeExplorer(),
    "prediction": lambda: lesson("02_fitting_a_function").predict("bend"),
    "check": lambda: lesson("02_fitting_a_function").check("robust"),
}


@pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)
def test_a_walk_at_random_goes_where_the_explorer_goes(make):
    explorer, rng = make(), np.random.default_rng(1)
    page, moves = Page(explorer), Moves(explorer)
    state = moves.first
    for _step in range(40):
        picture = explorer._frame["picture"]
        groups = [
            *control_groups(moves, state, 7, None),
            *pointer_groups(moves, state, picture, 3, 3),
            *key_groups(picture),
        ]
        if not groups:  # everything is done
            break
        group = groups[rng.integers(len(groups))]
        message = group.messages[rng.integers(len(group.messages))]
        state = moves.after(state, message)
        frame = page.send(**message)
        assert state.values == explorer.values
        shown = moves.frame(state)
        if not frame["error"]:
            assert (shown["picture"], shown["says"]) == (frame["picture"], frame["says"])
        assert {name: c.describe() for name, c in moves.shown(state).items()} == explorer._controls


def test_what_only_remembers_the_way_starts_anew():
    fitter = QuadraticFitter(surface="none")
    moves = Moves(fitter)

    def at(state, name, value):
        return moves.afresh(state, {"do": "set", "name": name, "value": value})

    one = at(at(at(moves.first, "a1", 30.0), "a2", 5.0), "a1", 40.0)
    other = at(at(moves.first, "a1", 40.0), "a2", 5.0)
    assert one.values | {"hand": 0} == other.values | {"hand": 0}
    assert one.values["hand"]["count"] == other.values["hand"]["count"] == 1
    assert moves.after(one, {"do": "set", "name": "a1", "value": 41.0}).values["hand"]["count"] == 2


def test_what_goes_wrong_is_the_frame():
    moves = Moves(Waves(loud=True))
    bad = moves.after(moves.first, {"do": "set", "name": "name", "value": "bad"})
    assert moves.frame(bad)["error"] == {"sentence": "No wave has this name.", "details": ""}


def test_a_button_that_draws_lots_always_gives_what_it_gave_first():
    class Dice(Explorer):
        double, count = Waves.double, Waves.count

        def compute(self, **values):
            return values

        def pressed(self, name, /, **values):
            return {"count": int(rng.integers(1, 11))}

    rng = np.random.default_rng(0)
    moves = Moves(Dice())
    press = {"do": "press", "name": "double"}
    found = {moves.after(moves.first, press).values["count"] for _press in range(9)}
    assert len(found) == 1

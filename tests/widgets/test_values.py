"""The values of controls whose ranges depend on one another always fit."""

from widgets.waves import Waves

from dlnotes.widgets.controls import slider
from dlnotes.widgets.explorer import Explorer


def test_a_range_that_shrinks_takes_its_value_along():
    waves = Waves(count=8, chosen=7)
    waves.count = 4
    assert waves.chosen == 3
    assert waves._controls["chosen"]["maximum"] == 3
    assert waves._frame["values"] == {key: waves.values[key] for key in waves._frame["values"]}


class Fickle(Explorer):
    """Its ranges and options come and go with a switch that stands before them or after."""

    wide = slider("Wide", 0, 1, value=0)
    place = slider("Place", 0, 10, value=0)
    form = Waves.form

    def describe(self, **values):
        if not values["wide"]:
            return {"form": {"options": {"round": "Round"}, "value": "round"}}
        return {"place": {"maximum": 20}}

    def compute(self, **values):
        return values


def test_a_range_that_is_no_longer_described_is_the_declared_one():
    fickle = Fickle(wide=1, place=15)
    assert fickle.form == "sine"
    fickle.wide = 0
    assert (fickle.place, fickle.form) == (10, "round")
    fickle.wide = 1
    assert (fickle.place, fickle.form) == (10, "sine")


def test_a_base_class_declares_first():
    class More(Waves):
        depth = slider("Depth", 0, 5, value=2)

    assert list(More.declarations()) == [*Waves.declarations(), "depth"]
    assert More(depth=4, count=2).values["depth"] == 4

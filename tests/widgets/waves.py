"""A small explorer with every kind of control, for the tests of what all explorers promise."""

from dlnotes.pictures.grid import table
from dlnotes.widgets.controls import button, choice, picks, slider, switch, text
from dlnotes.widgets.explorer import Explorer


class Waves(Explorer):
    title = "Waves & <more>"

    count = slider("How many", 1, 10, value=3, group="Waves")
    chosen = slider("Which", 0, 9, value=0, group="Waves", play=True)
    height = slider("Height", 0.1, 10, step=1.1, value=1, log=True, unit="m")
    form = choice("Form", {"sine": "Sine", "square": "Square"}, value="sine")
    loud = switch("Loud")
    name = text("Name", value="calm", limit=20)
    double = button("Double")
    marks = picks("Marks", value=[])

    def describe(self, **values):
        return {
            "chosen": {"maximum": values["count"] - 1},
            "name": {"hidden": not values["loud"], "disabled": ""},
            "double": {"disabled": "Enough." if values["count"] > 5 else ""},
        }

    def moved(self, name, /, **values):
        if name == "form" and values["name"] == "stiff":
            raise ValueError("A stiff wave has one form.")
        return {"loud": values["form"] == "square"} if name == "form" else {}

    def pressed(self, name, /, **values):
        return {"count": 2 * values["count"]}

    def picked(self, pick, /, **values):
        return {"marks": [*values["marks"], pick["pick"]]}

    def compute(self, **values):
        if values["name"] == "bad":
            raise ValueError("No wave has this name.")
        if values["name"] == "broken":
            raise KeyError("wave")
        return values

    def draw(self, result):
        return table(["name"], [[result["name"]]], title=self.title, description=self.say(result))

    def say(self, result):
        return f"{result['count']} waves, number {result['chosen']}, {len(result['marks'])} marks"

    def numbers(self, result):
        return {
            "height": result["height"],
            "both": [result["count"] / 3, 2],
            "name": result["name"],
        }


class Slow(Explorer):
    """Without a picture, a sentence or a consequence: the least that an explorer can say."""

    pace = slider("Pace", 0, 1000, value=0)

    def compute(self, **values):
        return values["pace"]

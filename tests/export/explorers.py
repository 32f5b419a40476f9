"""Small explorers for the tests of what an export records of them."""

import json
import random
import time

import numpy as np

from dlnotes.pictures.grid import row
from dlnotes.pictures.image import png_data_uri
from dlnotes.pictures.svg import panel
from dlnotes.widgets.controls import button, choice, picks, slider, switch, text, upload
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.live import Live


class Adder(Explorer):
    """Two sliders and a switch: 6 × 5 × 2 states."""

    title = "Add <two>"

    one = slider("One", 0, 5, value=2)
    two = slider("Two", 0, 1, step=0.25, value=0.5)
    minus = switch("Minus")

    def compute(self, *, one, two, minus):
        return one - two if minus else one + two

    def draw(self, result):
        return panel(f"<text>{result:g}</text>", width=90, height=20, title=self.title)

    def say(self, result):
        return f"It is {result:g} & no more."

    def describe(self, **values):
        return {"one": {}, "two": {"help": "A part"}}


class Tall(Explorer):
    """Three panels and a list, more than a slide holds: 520 × 500 each, two in a row."""

    form = choice("Form", {"x": "X", "y": "Y"}, value="x")

    def compute(self, *, form):
        return form

    def draw(self, result):
        parts = [panel("<text>a</text>", width=520, height=500, title=f"{i}") for i in range(3)]
        return row(*parts, title=result, columns=2)


class Plane(Explorer):
    """Two sliders with too many places for every combination of them; `pause` makes it slow."""

    x = slider("X", 0, 1, step=1e-2, value=0.5)
    y = slider("Y", 0, 1e-4, step=1e-6, value=0)
    pause = 0.0

    def compute(self, *, x, y):
        until = time.process_time() + self.pause
        while time.process_time() < until:
            pass
        return x, y

    def say(self, result):
        return f"{result}"


class Space(Explorer):
    """Four sliders: more combinations than can be recorded, even of a few places each; a lamp."""

    a = slider("A", 0, 30, value=15)
    b = slider("B", 0, 30, value=15)
    c = slider("C", 0, 30, value=15)
    d = slider("D", 0, 30, value=15)
    lit = picks("Lit", value=0)

    def picked(self, pick, /, **values):
        return {"lit": 1 - values["lit"]}

    def compute(self, **values):
        return list(values.values())

    def draw(self, result):
        return panel('<g data-pick="lamp"/>', width=90, height=20, title=f"{result[-1]}")

    def say(self, result):
        return f"{result}"


class Noise(Explorer):
    """Pictures that have nothing in common and do not compress."""

    seed = slider("Seed", 0, 9, value=0)

    def compute(self, *, seed):
        return random.Random(seed).randbytes(50_000).hex()

    def draw(self, result):
        return panel(f"<text>{result}</text>", width=90, height=20, title="Noise")


class Shades(Explorer):
    """An image of its own for each value."""

    shade = slider("Shade", 0, 120, value=0)

    def compute(self, *, shade):
        return np.full((8, 8), shade, dtype=np.uint8)

    def draw(self, result):
        image = f'<image href="{png_data_uri(result)}" width="300" height="300"/>'
        return panel(image, width=300, height=300, title=f"{result[0, 0]}")


class Many(Explorer):
    """More than can be recorded: three long sliders, a list, a text, a button that is one way."""

    a = slider("A", 0, 200, value=7)
    b = slider("B", 0.001, 1000, step=1.1, value=1.0, log=True)
    c = slider("C", 1, 10_000, step=1.01, value=10, log=True, integer=True)
    form = choice("Form", {"x": "X", "y": "Y", "z": "Z"}, value="x")
    words = text("Words", value="some", examples=("a",))
    grow = button("Grow")
    visits = picks("Visits", value=0)

    def moved(self, name, /, **values):
        return {"visits": values["visits"] + 1}

    def pressed(self, name, /, **values):
        return {"a": values["a"] + 1}  # beyond its range in the end, which is an error

    def compute(self, **values):
        return values

    def draw(self, values):
        return panel("", width=90, height=20, title=f"{values['a']} {values['form']}")

    def say(self, values):
        return json.dumps(values)


class Cells(Explorer):
    """A 4×3 image whose cells are chosen by pointer or arrow keys, a dial, a pad, two handles."""

    cell = picks("Cell", value=[0, 0])
    dial = picks("Dial", value=0)
    level = picks("Level", value=1.0)
    idle = picks("Seen", value=0)
    many = switch("Many handles")
    file = upload("File", files=".png")

    def picked(self, pick, /, **values):
        x, y = values["cell"]
        how, name = pick["how"], pick["pick"]
        if name == "seen":
            return {"idle": values["idle"] + 1}  # nothing that is shown
        if name == "broken":
            raise KeyError("broken")
        if name == "handle:0":
            return {"level": round(min(max(pick.get("y", values["level"]), 1), 100))}
        if name.startswith("dial"):
            return {"dial": int(name.split(":")[1])}
        if how in ("click", "hover") and "x" in pick:
            return {"cell": [int(pick["x"]), int(pick["y"])]}
        if how == "key":
            step = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0)}.get(pick["key"], (0, 0))
            return {"cell": [min(max(x + step[0], 0), 3), y]}
        return {"cell": [0, 0]} if how == "leave" else {}

    def compute(self, **values):
        return values

    def draw(self, values):
        axes = {"name": "image", "left": 0, "top": 0, "width": 40, "height": 30}
        axes |= {"x": [0, 4], "y": [3, 0]}
        log = axes | {"name": "log", "y": [1, 100], "y_log": True}
        dials = "".join(f'<g data-pick="dial:{i}" data-hover="1"/>' for i in range(3))
        count = 5 if values["many"] else 1
        handles = "".join(f'<g data-pick="handle:{i}" data-drag="1"/>' for i in range(count))
        body = (
            f"<g data-axes='{json.dumps(axes)}'>"
            '<rect data-pick="image" data-hover="cells" tabindex="0"/>'
            '<path data-pick="pad" data-draw="1"/><g data-pick="broken"/></g>'
            f'{dials}<g data-pick="seen"/>'
            f"<g data-axes='{json.dumps(log)}'>{handles}</g>"
        )
        return panel(body, width=40, height=30, title=f"{values['cell']} {values['dial']}")

    def say(self, values):
        return f"{values['cell']} {values['dial']} {values['level']}"


class Counting(Live):
    """A run of 30 steps; the rate acts while it goes, the start begins another."""

    restarts = ("begin",)
    begin = slider("Begin at", 0, 5, value=0)
    rate = slider("Rate", 1, 3, value=1)
    shade = switch("Shade")

    def going(self):
        number = self.begin
        for _step in range(31):
            yield number
            number += self.rate

    def compute(self, **values):
        return self.record[values["shown"]], values["shade"]

    def draw(self, result):
        return panel(f"<text>{result}</text>", width=90, height=20, title="Counting")

    def say(self, result):
        return f"At {result[0]}"


class Trained(Counting):
    """A run that changes what others may show: its `weight`."""

    weight = 0

    def going(self):
        self.weight = 0
        while self.weight < 30:
            yield self.weight
            self.weight += 1


class Shown(Explorer):
    """The weight of a run."""

    def __init__(self, run):
        self.run = run
        super().__init__()

    def compute(self):
        return self.run.weight

    def say(self, result):
        return f"It weighs {result}"

"""A whole network looked into: every map of every layer, and the arithmetic of every number."""

import json
from collections.abc import Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.layers import Flatten, Layer, Softmax
from dlnotes.pictures.grid import row
from dlnotes.pictures.network import Band, Line, band, network
from dlnotes.pictures.svg import readable
from dlnotes.widgets import trained
from dlnotes.widgets.controls import button, choice, picks, slider
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.network_arithmetic import explained
from dlnotes.widgets.network_choice import map_chosen, number_chosen, term_chosen, term_of
from dlnotes.widgets.network_input import changed, checked_examples, examples_for
from dlnotes.widgets.network_paint import painted_after
from dlnotes.widgets.network_sources import flat, sources, viewable
from dlnotes.widgets.network_viewer_picture import TERMS, as_grid, as_picture, draw_right
from dlnotes.widgets.pad import BLANK, centred, drawing, drawn
from dlnotes.widgets.reading import class_names, in_per_cent, own_copy
from dlnotes.words import _

MOST_LINES = 60  # connections drawn at once: the strongest
REACH = 8  # pixels a picture can be moved
DIGIT = (1, 28, 28)


class NetworkViewer(Explorer):
    """Every layer's maps for the picture that goes in, and the arithmetic of any number of them.

    Parameters
    ----------
    net : a Sequential of any of the package's layers (others are shown, but not explained); if
        None, a small convolutional network that is trained on drawn digits when first asked for.
        The viewer keeps a copy: what the net learns later is seen by a new viewer.
    x : the pictures to choose from, (n, c, h, w), or lists of numbers, (n, n_in); if None, real
        digits. `y` (n,) says what they are.
    names : the classes' names; 0, 1, 2 … if None.
    probabilities : whether a softmax follows a network that ends in logits.

    Maps are chosen by a click, or by the arrow keys on a layer; a click on the enlarged map chooses
    a number. Lines lead to what the map under the pointer is made from.

    >>> NetworkViewer(net, x[:20], y[:20])
    """

    title = _("Look into a network")

    source = choice(
        _("Input"),
        {"picture": _("a picture"), "drawn": _("what I draw")},
        value="picture",
        group=_("What goes in"),
    )
    picture = slider(_("Picture"), 0, 9, value=3, group=_("What goes in"))
    brush = slider(_("Brush"), 0, 1, step=0.05, value=1.0, group=_("What goes in"))

    down = slider(_("Move down"), -REACH, REACH, value=0, unit="px", group=_("Change it"))
    right = slider(_("Move right"), -REACH, REACH, value=0, unit="px", group=_("Change it"))
    noise = slider(_("Noise"), 0, 1, step=0.05, value=0.0, group=_("Change it"))
    seed = slider(_("Noise drawn anew"), 0, 20, value=0, group=_("Change it"))

    clean = button(_("Take my marks off"), group=_("How it is shown"))
    scale = choice(
        _("Colour scale"),
        {"layer": _("one for each layer"), "all": _("one for all layers")},
        value="layer",
        group=_("How it is shown"),
    )

    pad = drawing(_("What is drawn"))
    painted = picks(_("Pixels painted"), value=[])
    at = picks(_("Where the keyboard's brush stands"), value=None)
    chosen = picks(_("The chosen layer and map"), value=[1, 0])
    hovered = picks(_("The layer and map under the pointer"), value=None)
    cell = picks(_("The chosen row and column"), value=[0, 0])
    channel = picks(_("The map whose products are shown"), value=0)
    term = picks(_("The product that is read"), value=None)

    def __init__(
        self, net: Layer | None = None, x: Any = None, y: Any = None, *,
        names: Sequence[str] | None = None, probabilities: bool = True, **options: Any,
    ) -> None:  # fmt: skip
        own = own_copy(trained.convolutional() if net is None else net, "NetworkViewer")
        if x is None:
            x, y = examples_for(own)
        self.x, self.y = checked_examples(own, x, y, "NetworkViewer")
        self.limits = float(self.x.min()), float(self.x.max())
        self.layers = [(repr(layer), layer) for layer in flat(own)]
        last = self._through(self.x[0])[-1]
        if probabilities and last.ndim == 1 and last.size > 1 and not self._ends_in_softmax():
            self.layers.append((repr(Softmax()), Softmax()))
        count = last.size if last.ndim == 1 else 0
        self.names = class_names(names if count else (), count, "NetworkViewer")
        self._seen = lru_cache(maxsize=8)(self._seen_now)
        if "cell" not in options and "chosen" not in options:
            shape = self._through(self.x[0])[1].shape
            if len(shape) == 3:
                options["cell"] = [shape[1] // 2, shape[2] // 2]
        super().__init__(**options)

    def _ends_in_softmax(self) -> bool:
        return isinstance(self.layers[-1][1], Softmax)

    def _through(self, x: np.ndarray) -> list[np.ndarray]:
        """x and every layer's output for it, without the axis of examples."""
        flowing, found = x[None], [x]
        for _name, layer in self.layers:
            flowing = layer(flowing)
            found.append(viewable(flowing[0]))
        return found

    # What the reader does -----------------------------------------------------------------------

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        v = SimpleNamespace(**values)
        drawing = v.source == "drawn"
        draws = self.x.shape[1:] == DIGIT
        still = "" if self.x.ndim == 4 else _("Only a picture can be moved.")
        reach = min(REACH, min(self.x.shape[2:], default=0) // 2)
        sides = {"minimum": -reach, "maximum": reach, "disabled": still}
        low, high = self.limits
        return {
            "source": {"hidden": not draws},
            "picture": {"maximum": len(self.x) - 1, "hidden": drawing},
            "brush": {
                "minimum": low,
                "maximum": high,
                "step": (high - low) / 20 or 1.0,
                "hidden": drawing,
            },
            "seed": {"hidden": not v.noise},
            "down": sides,
            "right": sides,
        }

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"painted": []} if name in ("picture", "source") else {}

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"painted": [], "pad": BLANK, "at": None}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        name, _colon, place = pick["pick"].partition(":")
        if pick["how"] == "leave":
            return {"hovered": None}
        if name == "pad":
            return {"pad": drawn(v.pad, pick)}
        if name == "input" and v.source == "picture":
            first = self.x[0][0] if self.x.ndim == 4 else self.x[0]
            return painted_after(v, pick, as_grid(first).shape, first.size)
        if name == "map" and pick["how"] in ("click", "key"):
            return number_chosen(v, self._now(v).outputs, pick)
        if name == "layer" and place in map(str, range(len(self.layers) + 1)):
            seen = self._now(v)
            return map_chosen(v, seen.bands, seen.outputs, int(place), pick)
        if name in TERMS:
            result = self.compute(**values)
            return term_chosen(result["term"], result["how"], pick)
        if name == "sum" and pick["how"] == "click" and place.isdigit():
            return {"channel": int(place)}
        return {}

    # What is shown ------------------------------------------------------------------------------

    def _now(self, v: SimpleNamespace) -> SimpleNamespace:
        """All that depends on the input alone, and not on what is chosen of it."""
        strokes = json.dumps(v.pad["strokes"]) if v.source == "drawn" else ""
        change = v.down, v.right, v.noise, v.seed if v.noise else 0, json.dumps(v.painted)
        return self._seen(v.source, v.picture, strokes, v.scale, *change)

    def _seen_now(
        self, source: str, picture: int, strokes: str, scale: str, down: int, right: int,
        noise: float, seed: int, painted: str,
    ) -> SimpleNamespace:  # fmt: skip
        start = self.x[picture]
        if source == "drawn":
            start = centred(json.loads(strokes))[None].astype(self.x.dtype)
        x = changed(start, down=down, right=right, noise=noise, seed=seed, painted=painted,
                    limits=self.limits)  # fmt: skip
        outputs = self._through(x)
        reach = max(float(np.abs(output).max(initial=0.0)) for output in outputs[1:])
        titles = [_("input"), *(f"{i}  {name}" for i, (name, _layer) in enumerate(self.layers))]
        bands: list[Band] = []
        for i, (title, output) in enumerate(zip(titles, outputs, strict=True)):
            limits, colormap = self._scale(i, output, reach if scale == "all" else None)
            named = self.names if i and output.shape == outputs[-1].shape else ()
            size = " × ".join(map(str, output.shape))
            bands.append(
                band(output, title=title, note=size, limits=limits, colormap=colormap, names=named)
            )
        return SimpleNamespace(x=x, outputs=outputs, bands=bands)

    def _scale(
        self, i: int, output: np.ndarray, reach: float | None
    ) -> tuple[tuple[float, float], str]:
        """The colour scale of one layer: of its own, or of the size that all layers share."""
        if i == 0:
            return self.limits, "grey"
        if reach is None:
            finite = np.abs(output[np.isfinite(output)])
            reach = float(finite.max(initial=0.0))
        return (-reach or -1.0, reach or 1.0), "diverging"

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        seen = self._now(v)
        layer, unit = v.chosen
        layer = min(layer, len(self.layers))
        output = seen.outputs[layer]
        unit = min(unit, len(output) - 1)
        grid = as_grid(output[unit] if output.ndim == 3 else output)
        cell = [min(place, size - 1) for place, size in zip(v.cell, grid.shape, strict=True)]
        if output.ndim == 1:
            cell = [unit // grid.shape[1], unit % grid.shape[1]]
        result = {
            "outputs": seen.outputs,
            "bands": seen.bands,
            "input": as_picture(seen.x, self.limits),
            "input_limits": self.limits,
            "pad": v.pad if v.source == "drawn" else None,
            "brush": v.at,
            "chosen": (layer, unit),
            "hovered": tuple(v.hovered) if v.hovered else None,
            "cell": cell,
            "enlarged": grid,
            "limits": seen.bands[layer].limits,
            "colormap": seen.bands[layer].colormap,
            "value": float(output[(unit, *cell) if output.ndim == 3 else unit]),
            "picture": v.picture,
            "label": None if self.y is None or v.source == "drawn" else self.y[v.picture],
            "source": None,
            "source_limits": None,
            "term": None,
        }
        result |= self._explained(v, seen, result)
        focus = result["hovered"] or result["chosen"]
        result["lines"] = self._lines(seen, *focus) if focus[0] else []
        return result

    def _explained(
        self, v: SimpleNamespace, seen: SimpleNamespace, result: dict[str, Any]
    ) -> dict[str, Any]:
        """The arithmetic of the chosen number, and the map that it was made from."""
        layer, unit = result["chosen"]
        if layer == 0:
            line = _("It goes in as it is; paint it, move it, or draw another.")
            return {"how": SimpleNamespace(lines=[line], box=None, window=None, sums=None, rows=[])}
        before = seen.outputs[layer - 1]
        image = None
        if layer > 1 and isinstance(self.layers[layer - 2][1], Flatten):
            flattened = seen.outputs[layer - 2].shape
            image = flattened if len(flattened) == 3 else None
        how = explained(self.layers[layer - 1][1], before, (unit, *result["cell"]), image)
        channel = 0 if how.window is None else min(v.channel, len(how.window) - 1)
        maps = before if image is None else seen.outputs[layer - 2]
        index = layer - (1 if image is None else 2)
        found = {
            "how": how,
            "channel": channel,
            "source_limits": seen.bands[index].limits,
            "source_colormap": seen.bands[index].colormap,
            "source_map": how.first + channel,
            "term": term_of(how, channel, v.term),
        }
        if maps.ndim == 3 and how.box:
            found["source"] = maps[how.first + channel]
        return found

    def _lines(self, seen: SimpleNamespace, layer: int, unit: int) -> list[Line]:
        """From which maps of the layer before this one is made, the strongest first."""
        before, module = seen.outputs[layer - 1], self.layers[layer - 1][1]
        strengths = sources(module, before.shape, unit)
        largest = max((abs(strength) for strength in strengths.values()), default=0.0) or 1.0
        order = sorted(strengths, key=lambda start: -abs(strengths[start]))[:MOST_LINES]
        return [Line(layer, start, unit, strengths[start] / largest) for start in order]

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        layer, unit = r.chosen
        labels = [
            _("{layer}. Arrow keys choose one of {count}.").format(
                layer=item.title, count=item.count
            )
            for item in r.bands
        ]
        left = network(
            r.bands, title=_("Every layer, for this input"), description=self.say(result),
            chosen=r.chosen, hovered=r.hovered, lines=r.lines, labels=labels,
        )  # fmt: skip
        r.enlarged_title = self._called(layer, unit, r.outputs[layer].ndim)
        r.number_title = f"{self._place(result)}: {readable(r.value, 4)}"
        return row(left, draw_right(r), title=self.title, description=self.say(result))

    def _called(self, layer: int, unit: int, rank: int) -> str:
        if layer == 0:
            return _("Input")
        if rank == 1:
            return _("Numbers of layer {layer}").format(layer=layer - 1)
        return _("Layer {layer}, map {map}").format(layer=layer - 1, map=unit)

    def _place(self, result: dict[str, Any]) -> str:
        """The chosen number in words."""
        layer, unit = result["chosen"]
        row, col = result["cell"]
        if result["outputs"][layer].ndim == 1:
            where = _("input") if layer == 0 else _("layer {layer}").format(layer=layer - 1)
            return _("{where}, number {i}").format(where=where.capitalize(), i=unit)
        return _("{map}, row {row}, column {col}").format(
            map=self._called(layer, unit, 3), row=row, col=col
        )

    def say(self, result: dict[str, Any]) -> str:
        final = result["outputs"][-1]
        number = f"{self._place(result)}: {readable(result['value'], 4)}."
        if final.ndim != 1 or final.size < 2:
            return number
        best = int(np.argmax(final))
        if isinstance(self.layers[-1][1], Softmax):
            sentence = _("It reads “{name}”, with {share}.").format(
                name=self.names[best], share=in_per_cent(float(final[best])) + "%"
            )
        else:
            sentence = _("The largest output is that of “{name}”: {value}.").format(
                name=self.names[best], value=readable(float(final[best]))
            )
        if result["label"] is not None:
            known = self.names[int(result["label"])]
            sentence += " " + _("It is “{name}”.").format(name=known)
        return f"{sentence} {number}"

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        final = result["outputs"][-1]
        shown: dict[str, Any] = {"layers": len(self.layers)}
        if final.ndim == 1 and final.size > 1:
            best = int(np.argmax(final))
            shown |= {"reads": self.names[best], "at": float(final[best])}
        return shown | {"chosen": list(result["chosen"]), "value": result["value"]}

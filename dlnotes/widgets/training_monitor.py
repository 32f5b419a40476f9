"""Training as it happens: curves, weights that form, what is taken for what, the time left."""

import copy
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.evaluation import check_examples
from dlnotes.layers import Conv2d, Sequential
from dlnotes.pictures.grid import row
from dlnotes.widgets.controls import button, choice, picks, slider
from dlnotes.widgets.live import Live, every_live
from dlnotes.widgets.training_picture import (
    ACROSS,
    draw_accuracy,
    draw_confusion,
    draw_layer,
    draw_loss,
    per_cent,
)
from dlnotes.widgets.training_run import (
    GOOD_RATE,
    OPTIMIZERS,
    Settings,
    SlicedRun,
    curves,
    flat,
    lessons,
    pictured,
    rehearse,
    thinned,
)
from dlnotes.words import _

HELD_BACK = 6  # one example in so many is held back, where no others are given
MOST_KEPT = 4  # runs that are laid over the next one
MOST_STEPS = 3000  # that are remembered
WORSE = 1.1  # times the loss before learning: less than that may be chance
CASES = 24  # pictures shown of one cell of the confusion matrix

SETTINGS, LOOK = _("Settings"), _("Look")


class TrainingMonitor(Live):
    """A network that learns while you watch: any `Sequential` that ends in one number a class.

    Parameters
    ----------
    net : the network. It is trained in place: afterwards `monitor.net` is the trained one. *Start
        again* puts the weights back that it had when the monitor was made.
    x, y : examples (n, …) and their classes (n,), whole numbers from 0.
    validation : (x, y) that it never learns from; one example in six is held back if None.
    labels : the names of the classes; "0", "1" … if None.
    name : what the run is called where several are compared.
    kept : runs to be laid under this one, such as `[other.run]`.

    Learning rate, batch size, optimiser and the number of epochs act on the run as it goes. `go(n)`
    makes n steps at once, `go()` all there are.

    Errors: TypeError and ValueError for arguments that do not fit, naming them.
    """

    title = _("Training")
    restarts = ("seed",)

    rate = slider(_("Learning rate"), 1e-4, 10, step=1.1, value=0.001, log=True, group=SETTINGS)
    batch = slider(_("Batch size"), 1, 512, step=1.2, value=64, log=True, group=SETTINGS)
    optimizer = choice(_("Optimiser"), OPTIMIZERS, value="adam", group=SETTINGS)
    epochs = slider(_("Epochs"), 1, 30, value=4, group=SETTINGS)
    seed = slider(_("Seed"), 0, 99, value=0, group=SETTINGS)

    layer = choice(_("Layer"), {"0": ""}, value="0", group=LOOK)
    example = slider(_("Picture that goes in"), 0, 0, value=0, group=LOOK)
    across = choice(_("Curves over"), ACROSS, value="epochs", group=LOOK)
    keep = button(_("Keep this run"), group=LOOK)
    forget = button(_("Forget kept runs"), group=LOOK)

    cell = picks(_("Cell of the confusion matrix"), value=None)
    kept = picks(_("Runs kept"), value=[])

    def __init__(
        self, net: Sequential, x: Any, y: Any, *, validation: tuple[Any, Any] | None = None,
        labels: Sequence[str] | None = None, name: str = "", **values: Any,
    ) -> None:  # fmt: skip
        if not isinstance(net, Sequential):
            raise TypeError(f"TrainingMonitor: net is {net!r}, wanted a Sequential")
        self.net, self.initial = net, net.state()
        self.x, self.y = check_examples(x, y, "TrainingMonitor: ", labels=True)
        if validation is None:
            held = np.arange(len(self.x)) % HELD_BACK == HELD_BACK - 1
            held[0] = False
            self.held_out = self.x[held], self.y[held]
            self.x, self.y = self.x[~held], self.y[~held]
        else:
            self.held_out = check_examples(*validation, "TrainingMonitor: validation ", labels=True)
        classes = self.classes()
        self.labels = [str(i) for i in range(classes)] if labels is None else list(labels)
        if len(self.labels) != classes:
            raise ValueError(
                f"TrainingMonitor: labels has {len(self.labels)} names, wanted {classes}"
            )
        self.name = name or _("run")
        self.looked = pictured(flat(net), self.x.shape[1:])
        # Looking must not disturb what the learning network keeps for its backward.
        self.lens = [copy.deepcopy(layer) for layer in flat(net)]
        rehearse(net, self.x, self.y)
        for other in list(every_live):
            if getattr(other, "net", None) is net:
                other.pause()  # as when its cell is run again
        super().__init__(**values)

    def classes(self) -> int:
        """How many classes the network tells apart; ValueError where examples have others."""
        shape = self.net.output_shape((1, *self.x.shape[1:]))
        most = int(max(self.y.max(), self.held_out[1].max(initial=0)))
        if len(shape) != 2 or shape[1] <= most:
            raise ValueError(
                f"TrainingMonitor: net gives an output of shape {shape}, wanted (n, {most + 1}) or "
                f"more for the classes 0 to {most}"
            )
        if len(self.held_out[0]) == 0:
            raise ValueError("TrainingMonitor: no example is held back, wanted at least one")
        return shape[1]

    # The run ------------------------------------------------------------------------------------

    def going(self) -> Iterator[Any]:
        self.net.load_state(self.initial)
        run = SlicedRun(self.net, self.x, self.y)
        for step in lessons(run, self.ask, self.held_out, self.looked):
            if len(self.record) >= MOST_STEPS:
                self.record[:] = thinned(self.record)
            yield step

    def ask(self) -> tuple[Settings, int, int]:
        """What the reader has chosen now."""
        settings = Settings(rate=self.rate, batch=round(self.batch), optimizer=self.optimizer)
        return settings, self.epochs, self.seed

    @property
    def run(self) -> dict[str, Any]:
        """The curves of the run so far as plain numbers, to be kept or laid under another run."""
        return {"name": self.name, **curves(self.record, len(self.x))}

    # The values' consequences -------------------------------------------------------------------

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        layers = flat(self.net)
        chosen = {str(i): f"{i}: {type(layers[i]).__name__}" for i in self.looked}
        of_maps = isinstance(layers[int(values["layer"])], Conv2d)
        none = "" if values["kept"] else _("No run has been kept.")
        return {
            "layer": {"options": chosen, "value": next(iter(chosen))},
            "example": {"maximum": len(self.held_out[0]) - 1, "hidden": not of_maps},
            "shown": {"label": _("Step shown")},
            "keep": {"disabled": "" if len(self.record) > 1 else _("Train first.")},
            "forget": {"disabled": none},
        }

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"rate": GOOD_RATE[values["optimizer"]]} if name == "optimizer" else {}

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        if name == "keep" and len(self.record) > 1:
            v = SimpleNamespace(**values)
            settings = _("{name} {number}: {optimizer}, {rate:.3g}").format(
                name=self.name, number=len(v.kept) + 1, optimizer=OPTIMIZERS[v.optimizer],
                rate=v.rate,
            )  # fmt: skip
            return {"kept": [*v.kept, self.run | {"name": settings}][-MOST_KEPT:]}
        return {"kept": []} if name == "forget" else {}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        if pick.get("pick") != "confusion" or pick.get("how") not in ("click", "key"):
            return {}
        cell = values["cell"] or [0, 0]
        most = len(self.labels) - 1
        if "x" in pick:
            cell = [int(pick["y"] // 1), int(pick["x"] // 1)]
        else:
            down = {"ArrowDown": 1, "ArrowUp": -1}.get(pick.get("key", ""), 0)
            right = {"ArrowRight": 1, "ArrowLeft": -1}.get(pick.get("key", ""), 0)
            cell = [cell[0] + down, cell[1] + right]
        return {"cell": [min(max(place, 0), most) for place in cell]}

    # What is shown ------------------------------------------------------------------------------

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        past = self.record[: v.shown + 1]
        now = past[-1]
        seen = next(step for step in reversed(past) if step.weights is not None)
        checked = next((step for step in reversed(past) if step.guesses is not None), None)
        total, n = v.epochs * len(self.x), len(self.x)
        left = now.seconds / now.seen * max(total - now.seen, 0) if now.seen else None
        run: dict[str, Any] = {"name": self.name, **curves(past, n)}
        judged = run["checked loss"]
        result = {
            "now": now,
            "epoch": min(now.seen // n + 1, -(-now.seen // n) or 1, v.epochs),
            "epochs": v.epochs,
            "total": total,
            "left": left,
            "across": v.across,
            "run": run,
            "kept": v.kept,
            "labels": self.labels,
            "cell": v.cell,
            "confusion": None,
            "cases": None,
            "held_back": len(self.held_out[1]),
            "accuracy": None,
            "checked": checked,
            "worse": bool(judged) and judged[-1] > WORSE * judged[0],
            "layer": self.look(int(v.layer), seen.weights, v.example),
        }
        if checked:
            truth = self.held_out[1]
            k = len(self.labels)
            counts = np.bincount(truth * k + checked.guesses, minlength=k * k).reshape(k, k)
            result |= {"confusion": counts, "accuracy": checked.held_back_accuracy}
            if v.cell:
                chosen = np.flatnonzero((truth == v.cell[0]) & (checked.guesses == v.cell[1]))
                result["cases"] = self.pictures(chosen[:CASES])
        return result

    def look(self, i: int, weights: dict[int, Any], example: int) -> dict[str, Any]:
        """Layer i as it was with these weights: its own, and of a convolution the maps it makes."""
        layer, image = self.lens[i], self.looked[i]
        found = {"layer": layer, "place": i, "image": image, "weights": weights[i], "maps": None}
        if isinstance(layer, Conv2d):
            found["weights"] = weights[i]["weight"]
            flowing = self.held_out[0][example : example + 1]
            found["picture"] = flowing[0]
            for earlier, kept in zip(self.lens[: i + 1], weights.values(), strict=False):
                earlier.load_state(kept)
                earlier.training = False
                flowing = earlier(flowing)
            found["maps"] = flowing[0]
        return found

    def pictures(self, chosen: np.ndarray) -> np.ndarray | None:
        """The chosen examples held back as images (m, h, w), None where they are not images."""
        x = self.held_out[0][chosen]
        if x.ndim == 4:
            return x.mean(axis=1)
        image = self.looked[min(self.looked)]
        return x.reshape(-1, *image[1:]) if image else None

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        panels = [draw_loss(r), draw_accuracy(r), draw_layer(r.layer), draw_confusion(r)]
        return row(*panels, title=self.title, description=self.say(result), columns=2)

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        if not r.now.step:
            return _("Nothing learned yet. {count} examples are held back to judge by.").format(
                count=f"{r.held_back:,}"
            )
        said = _(
            "Epoch {epoch} of {epochs}, step {step}: loss {loss:.3f}; {accuracy} of this batch "
            "read rightly."
        ).format(
            epoch=r.epoch, epochs=r.epochs, step=r.now.step, loss=r.now.loss,
            accuracy=per_cent(r.now.accuracy),
        )  # fmt: skip
        said += " " + _("Of {count} examples held back: {accuracy}.").format(
            count=f"{r.held_back:,}", accuracy=per_cent(r.accuracy)
        )
        if r.worse:
            said += " " + _("Their loss is higher than before learning: lower the learning rate.")
        if r.left:
            said += " " + _("About {left:.0f} s of work left.").format(left=np.ceil(r.left))
        return said

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        now = result["now"]
        if not now.step:
            return {"step": 0}
        return {"step": now.step, "loss": now.loss, "held_back_accuracy": result["accuracy"]}

    def figure(self) -> Any:
        """The accuracy on what is held back, of this run and those kept, for a report."""
        from dlnotes import plots

        runs = {
            run["name"]: (run["checked epochs"], run["checked accuracy"])
            for run in [*self.kept, self.run]
        }
        return plots.lines(runs, title=self.title, x_label=_("epochs"), y_label=_("accuracy"))

"""Where a plan does not fit, why, and what mends it at one press."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlnotes.widgets.network_plan import (
    MOST_WEIGHTS,
    ON_IMAGES,
    Plan,
    Shape,
    changed,
    filled_in,
    in_words,
    rows_of,
    weights_of,
)
from dlnotes.words import _

TO_LISTS = ("Flatten", "GlobalAvgPool2d")
EXPECTS = {"Dense": "n_in", "Conv2d": "c_in", "BatchNorm": "channels"}
GIVES = {"Dense": "n_out", "Conv2d": "c_out"}
ALONE = {"Conv2d": {"groups": 1}}  # any number of maps is split into one group

MOST_FURTHER = 3  # places of another form that one press mends, too: more would be hard to follow
END = _("{repair}; at the end: {further}")


@dataclass(frozen=True)
class Problem:
    """Where a plan does not fit and why; `repair` is what mends it, and `mended` the plan then.

    `at` is the number of the layer, or the number of layers where the end does not fit. It is only
    `counted` where what comes has the right form, and only another number of maps or inputs.
    """

    at: int
    reason: str
    repair: str
    mended: Plan
    counted: bool = False


def problem_of(plan: Plan, shape: Shape, classes: int | None) -> Problem | None:
    """The first place where the plan does not fit, None if all of it does.

    Where the repair would leave later layers with another number of inputs than they expect, or
    any with too many weights, it brings these into line too; and a few later places of another
    form, each named with its own repair.
    """
    problem = first_misfit(plan, shape, classes)
    if problem is None:
        return None
    repair, mended = brought_into_line(problem, shape, classes)
    for _time in range(MOST_FURTHER):
        later = first_misfit(mended, shape, classes)
        if later is None:
            break
        pattern = _("{repair}; layer {i}: {further}") if later.at < len(mended) else END
        further, mended = brought_into_line(later, shape, classes)
        repair = pattern.format(repair=repair, i=later.at, further=further)
    return replace(problem, repair=repair, mended=mended)


def brought_into_line(problem: Problem, shape: Shape, classes: int | None) -> tuple[str, Plan]:
    """The repair and its plan, in which the layers that follow expect what now comes to them."""
    repair, mended = affordable(problem.repair, problem.mended)
    followed = list[str]()
    while (later := first_misfit(mended, shape, classes)) and later.counted:
        followed.append(str(later.at))
        repair, mended = affordable(repair, later.mended)
    if followed:
        one, more = _("{repair}, and fit layer {i} to it"), _("{repair}, and fit layers {i} to it")
        repair = (one if len(followed) == 1 else more).format(repair=repair, i=", ".join(followed))
    return repair, mended


def affordable(repair: str, plan: Plan) -> tuple[str, Plan]:
    """The repair and its plan without layers of more weights than are taken: they give less."""
    for i, (kind, options) in enumerate(plan):
        weights = weights_of(kind, options)
        if weights > MOST_WEIGHTS and kind in GIVES:
            fewer = max(1, options[GIVES[kind]] * MOST_WEIGHTS // weights)
            plan = changed(plan, i, **{GIVES[kind]: fewer} | ALONE.get(kind, {}))
            pattern = _("{repair}, and let layer {i} give {fewer}")
            repair = pattern.format(repair=repair, i=i, fewer=fewer)
    return repair, plan


def first_misfit(plan: Plan, shape: Shape, classes: int | None) -> Problem | None:
    """The first place where the plan does not fit, and the repair of this place alone."""
    flowing = tuple(shape)
    for i, row in enumerate(rows_of(plan, shape)):
        if row.output is None:
            return misfit(plan, i, shape, flowing)
        flowing = row.output
    if classes is None or flowing == (classes,):
        return None
    return wrong_end(plan, flowing, classes)


def misfit(plan: Plan, i: int, shape: Shape, came: Shape) -> Problem:
    """Why layer i does not take what comes, and what would mend it."""
    kind, options = plan[i]
    comes = in_words(came)
    if kind in ON_IMAGES and len(came) != 3:
        reason = _("{comes} come in, and {kind} works on images.").format(comes=comes, kind=kind)
        rows = rows_of(plan[:i], shape)
        flowing = [shape, *(row.output for row in rows)]
        before = [j for j in range(i) if plan[j][0] in TO_LISTS and len(flowing[j] or ()) == 3]
        rest = [layer for j, layer in enumerate(plan) if j != i]
        if not rest:
            repair = _("Put a dense layer in its place")
            dense = filled_in("Dense", {"n_in": math.prod(came), "n_out": 10})
            return Problem(i, reason, repair, [dense])
        if before and (kind not in TO_LISTS or plan[before[-1]][0] == "Flatten"):
            j = before[-1]
            moved = [*rest[:j], plan[i], *rest[j:]]
            there = first_misfit(moved[: j + 1], shape, None)
            if there is None or there.counted:
                repair = _("Move it before {layer}").format(layer=plan[j][0])
                return Problem(i, reason, repair, moved)
        return Problem(i, reason, _("Take it out"), rest)
    if kind == "Dense" and len(came) != 1:
        reason = _("{comes} come in, and a dense layer takes a list of numbers.")
        flat = [*plan[:i], ["Flatten", {}], *plan[i:]]
        mended = changed(flat, i + 1, n_in=math.prod(came))
        return Problem(i, reason.format(comes=comes), _("Put Flatten() before it"), mended)
    wanted = EXPECTS.get(kind)
    if wanted and options[wanted] != came[0]:
        reason = _("{comes} come in, and it expects {wanted}.").format(
            comes=comes, wanted=options[wanted]
        )
        new = {wanted: came[0]}
        if kind == "Conv2d" and came[0] % options["groups"]:
            new["groups"] = 1
        repair = _("Let it expect {count}").format(count=came[0])
        return Problem(i, reason, repair, changed(plan, i, **new), counted=True)
    return too_small(plan, i, came)


def too_small(plan: Plan, i: int, came: Shape) -> Problem:
    """The window of layer i is larger than the image: make it as large."""
    cells = np.broadcast_to(plan[i][1]["kernel_size"], 2)
    dilation = np.broadcast_to(plan[i][1].get("dilation", 1), 2)
    spans = (cells - 1) * dilation + 1
    reason = _(
        "Its window covers {rows} × {cols} pixels, more than there are: {comes} come in."
    ).format(rows=spans[0], cols=spans[1], comes=in_words(came))
    side = min(*came[1:], *cells.tolist())
    new: dict[str, Any] = {"kernel_size": side, "padding": 0}
    if plan[i][0] != "AvgPool2d":
        new["dilation"] = 1
    repair = _("Make its window {side} × {side}").format(side=side)
    return Problem(i, reason, repair, changed(plan, i, **new))


def wrong_end(plan: Plan, last: Shape, classes: int) -> Problem:
    """All layers fit, but what comes out is not one number a class."""
    reason = _("It ends with {last}; for {classes} classes it must end with {classes} numbers.")
    reason = reason.format(last=in_words(last), classes=classes)
    heads = [i for i, (kind, _options) in enumerate(plan) if kind == "Dense"]
    keeps = {"ReLU", "LeakyReLU", "Sigmoid", "Tanh", "Softmax", "Dropout"}
    if heads and all(kind in keeps for kind, _options in plan[heads[-1] + 1 :]):
        repair = _("Let the last Dense layer give {classes}").format(classes=classes)
        return Problem(len(plan), reason, repair, changed(plan, heads[-1], n_out=classes))
    flat, n_in = "Flatten", math.prod(last)
    if len(last) == 3 and n_in * classes > MOST_WEIGHTS:
        flat, n_in = "GlobalAvgPool2d", last[0]
    before: Plan = [] if len(last) == 1 else [[flat, {}]]
    head = filled_in("Dense", {"n_in": n_in, "n_out": classes})
    names = f"{flat}(), Dense" if before else "Dense"
    repair = _("End with {names}({n_in}, {classes})").format(
        names=names, n_in=n_in, classes=classes
    )
    return Problem(len(plan), reason, repair, [*plan, *before, head])

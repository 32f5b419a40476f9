"""The pictures and sentences of a `BackpropStepper`: the graph, the two columns, the count."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from dlnotes.pictures.graph import Link, Node, Tag, graph
from dlnotes.pictures.grid import table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.backprop import INPUTS, Passes, subscript, symbols
from dlnotes.widgets.search_cost import in_words
from dlnotes.words import _

WIDTH = 630
APART = 108  # pixels from one unit to the next
TOP = 75  # pixels above the units
COLUMNS = (48, 244, 328, 526, 600)  # pixels: x, z, a, y, L
NAMES = {"tanh": "tanh", "sigmoid": "σ", "relu": "relu"}

Operation = tuple[str, int]


def operations(hidden: int) -> list[Operation]:
    """The forward pass one unit at a time; the backward pass is the same, last to first."""
    units = range(hidden)
    return [*(("z", j) for j in units), *(("a", j) for j in units), ("y", 0), ("L", 0)]


def done(r: SimpleNamespace) -> tuple[set[Operation], set[Operation], Operation | None, bool]:
    """What has gone forward, what backward, what the last step was, and whether it went back."""
    order = operations(r.hidden)
    forward = order[: r.step]
    backward = order[::-1][: max(0, r.step - len(order))]
    gone = [*forward, *backward]
    now = gone[-1] if gone else None
    return set(forward), set(backward), now, bool(backward)


def shown(value: float, known: bool = True) -> str:
    return readable(value + 0.0) if known else ""  # never a zero with a minus sign


def slope(value: float, known: bool) -> str:
    return f"∂ {shown(value)}" if known else ""


def known_slopes(r: SimpleNamespace) -> list[bool]:
    """Which of the parameters' slopes, in their order, back-propagation has found so far."""
    _forward, backward, _now, _back = done(r)
    first = [("z", j) in backward for j in range(r.hidden)]
    last = ("y", 0) in backward
    return [*first * INPUTS, *first, *[last] * (r.hidden + 1)]


def draw_graph(r: SimpleNamespace) -> str:
    p: Passes = r.passes
    forward, backward, now, _back = done(r)
    units = range(r.hidden)
    names, known = symbols(r.hidden), known_slopes(r)

    room = APART * max(r.hidden, 2)

    def at(column: int, i: int, n: int) -> tuple[float, float]:
        # The inputs stand so far apart that no two weights meet halfway.
        apart = 1.5 * APART if column == 0 else APART
        return COLUMNS[column], TOP + room / 2 + apart * (i - (n - 1) / 2)

    nodes = []
    for i in range(INPUTS):
        parts = [p.dz[j] * r.weights[i * r.hidden + j] for j in units if ("z", j) in backward]
        whole = len(parts) == r.hidden
        text = slope(p.dx[i] if whole else sum(parts), bool(parts)) + (
            "" if whole or not parts else "…"
        )
        nodes.append(Node(*at(0, i, INPUTS), f"x{subscript(i)}", shown(p.x[i]), text))
    for column, kind, values, slopes, source in (
        (1, "z", p.z, p.dz, "a"),
        (2, "a", p.a, p.da, "y"),
    ):
        for j in units:
            nodes.append(
                Node(
                    *at(column, j, r.hidden),
                    f"{kind}{subscript(j)}",
                    shown(values[j], (kind, j) in forward),
                    slope(slopes[j], (source, j if kind == "z" else 0) in backward),
                    now == (kind, j),
                )
            )
    nodes.append(
        Node(
            *at(3, 0, 1), "y", shown(p.y, ("y", 0) in forward),
            slope(p.dy, ("L", 0) in backward), now == ("y", 0),
        )
    )  # fmt: skip
    nodes.append(
        Node(
            *at(4, 0, 1), "L", shown(p.loss, ("L", 0) in forward), slope(1.0, bool(backward)),
            now == ("L", 0),
        )
    )  # fmt: skip
    z, a, y = INPUTS, INPUTS + r.hidden, INPUTS + 2 * r.hidden

    def number(k: int) -> dict[str, Any]:
        text, value = slope(p.slopes[k], known[k]), readable(r.weights[k])
        label = f"{names[k]} = {value} {text}".strip()
        return {
            "value": f"{names[k]} {value}", "slope": text, "pick": f"weight:{k}",
            "label": label, "chosen": r.chosen == k,
        }  # fmt: skip

    links = [
        Link(i, z + j, lit=now == ("z", j), **number(i * r.hidden + j))
        for i in range(INPUTS)
        for j in units
    ]
    links += [Link(z + j, a + j, lit=now == ("a", j)) for j in units]
    start = (INPUTS + 1) * r.hidden
    links += [Link(a + j, y, lit=now == ("y", 0), **number(start + j)) for j in units]
    links.append(Link(y, y + 1, lit=now == ("L", 0)))
    return graph(
        nodes, links, tags_of(r, nodes, number, z, y),
        width=WIDTH, height=TOP + room + 25, title=_("The network as a calculation"),
        description=_(
            "Inputs on the left, then sums z, activations a, the output y and the loss L; a "
            "weight on every edge, and after the backward pass its gradient."
        ),
        words=(_("value"), _("∂ gradient: how fast L changes with it")),
    )  # fmt: skip


def tags_of(
    r: SimpleNamespace, nodes: list[Node], number: Callable[..., dict[str, Any]], z: int, y: int
) -> list[Tag]:
    """The biases, by name below their sums."""
    owners = [*range(z, z + r.hidden), y]
    first = INPUTS * r.hidden
    places = [*range(first, first + r.hidden), (INPUTS + 2) * r.hidden]
    return [
        Tag(
            nodes[owner].x + 18,  # out of the way of the weights on its left
            nodes[owner].y + 54,
            **number(k),
        )
        for owner, k in zip(owners, places, strict=True)
    ]


def draw_slopes(r: SimpleNamespace) -> str:
    """Every gradient twice: by back-propagation as far as it has come, and by nudging."""
    p: Passes = r.passes
    _forward, backward, _now, _back = done(r)
    names = [*symbols(r.hidden), *(f"x{subscript(i)}" for i in range(INPUTS))]
    ready = all(("z", j) in backward for j in range(r.hidden))
    known = [*known_slopes(r), *[ready] * INPUTS]
    values = [*r.weights, *p.x]
    lines = [
        [names[k], readable(values[k]), readable(p.slopes[k] + 0.0, 5) if known[k] else "", text]
        for k, text in enumerate(readable(value + 0.0, 5) for value in p.nudged)
    ]
    return table(
        [_("number"), _("value"), _("back-propagation"), _("finite differences")],
        lines,
        width=430,
        title=_("The slope of L by each number, two ways"),
        highlight=r.chosen,
    )


def draw_cost(r: SimpleNamespace) -> str:
    lines = [
        [_("parameters"), *(f"{cost.parameters:,}" for cost in r.costs)],
        [_("nudging: forward passes"), *(f"{cost.parameters + 1:,}" for cost in r.costs)],
        [_("back-propagation: passes"), *[_("1 forward, 1 backward")] * len(r.costs)],
    ]
    if r.times:
        pairs = list(zip(r.costs, r.times, strict=True))
        nudging = [duration((cost.parameters + 1) * forward) for cost, (forward, _back) in pairs]
        once = [duration(forward + backward) for _cost, (forward, backward) in pairs]
        lines += [
            [_("nudging takes, here"), *nudging],
            [_("back-propagation takes, here"), *once],
        ]
    return table(
        [_("for one example"), *(cost.name for cost in r.costs)],
        lines,
        width=WIDTH,
        title=_("What all the slopes cost"),
    )


def duration(seconds: float) -> str:
    """A duration in words, also below a millisecond."""
    if seconds < 1e-3:
        return _("{n} microseconds").format(n=f"{1e6 * seconds:,.0f}")
    return in_words(seconds)


# What the last step did, written out ------------------------------------------------------------


def factor(value: float) -> str:
    """A number inside a product: a negative one stands in brackets."""
    return f"({readable(value)})" if value < 0 else shown(value)


def sentence(r: SimpleNamespace) -> str:
    p: Passes = r.passes
    total = 2 * len(operations(r.hidden))
    _forward, _backward, now, back = done(r)
    if now is None:
        return _(
            "Nothing is computed yet: {total} operations are to come. Press “Next operation”."
        ).format(total=total)
    opening = _("Backward") if back else _("Forward")
    kind, j = now
    written = {"z": written_z, "a": written_a, "y": written_y, "L": written_loss}[kind]
    text = _("{way}, operation {step} of {total}: {written}").format(
        way=opening, step=r.step, total=total, written=written(r, p, j, back)
    )
    if r.step == total:
        text += " " + _("The gradient check says: {report}").format(report=repr(p.report))
    return text


def weighted(numbers: list[tuple[str, float, str, float]], bias: tuple[str, float]) -> str:
    """A weighted sum, in symbols and in numbers."""
    names = " + ".join(f"{a}·{b}" for a, _x, b, _w in numbers)
    values = " + ".join(f"{factor(x)}·{factor(w)}" for _a, x, _b, w in numbers)
    return f"{names} + {bias[0]} = {values} + {factor(bias[1])}"


def written_z(r: SimpleNamespace, p: Passes, j: int, back: bool) -> str:
    unit = subscript(j)
    weights = [r.weights[i * r.hidden + j] for i in range(INPUTS)]
    if not back:
        terms = [
            (f"x{subscript(i)}", p.x[i], f"w{subscript(i, j)}", weights[i]) for i in range(INPUTS)
        ]
        bias = (f"b{unit}", r.weights[INPUTS * r.hidden + j])
        return f"z{unit} = {weighted(terms, bias)} = {readable(p.z[j])}."
    own = ", ".join(
        f"∂L/∂w{subscript(i, j)} = ∂L/∂z{unit}·x{subscript(i)} = {factor(p.dz[j])}·"
        f"{factor(p.x[i])} = {shown(p.dz[j] * p.x[i])}"
        for i in range(INPUTS)
    )
    on = _("b{unit} has the slope of z{unit} itself; x₁ and x₂ add up what every z hands them.")
    return f"{own}; " + on.format(unit=unit)


def written_a(r: SimpleNamespace, p: Passes, j: int, back: bool) -> str:
    unit, name = subscript(j), NAMES[r.activation]
    if not back:
        return f"a{unit} = {name}(z{unit}) = {name}({readable(p.z[j])}) = {readable(p.a[j])}."
    return (
        f"∂L/∂z{unit} = ∂L/∂a{unit}·{name}′(z{unit}) = {factor(p.da[j])}·{factor(p.bend[j])} = "
        f"{shown(p.dz[j])}."
    )


def written_y(r: SimpleNamespace, p: Passes, j: int, back: bool) -> str:
    start = (INPUTS + 1) * r.hidden
    weights = r.weights[start : start + r.hidden]
    if not back:
        terms = [
            (f"a{subscript(i)}", p.a[i], f"v{subscript(i)}", weights[i]) for i in range(r.hidden)
        ]
        return f"y = {weighted(terms, ('c', r.weights[-1]))} = {readable(p.y)}."
    own = (
        f"∂L/∂v₁ = ∂L/∂y·a₁ = {factor(p.dy)}·{factor(p.a[0])} = {shown(p.dy * p.a[0])}, "
        f"∂L/∂a₁ = ∂L/∂y·v₁ = {factor(p.dy)}·{factor(weights[0])} = {shown(p.da[0])}"
    )
    if r.hidden > 1:
        own += _(", and so on for the others")
    return own + _("; c has the slope of y itself.")


def written_loss(r: SimpleNamespace, p: Passes, j: int, back: bool) -> str:
    miss = f"{readable(p.y)} − {factor(p.target)}"
    if not back:
        return f"L = (y − t)² = ({miss})² = {readable(p.loss)}."
    return f"∂L/∂y = 2·(y − t) = 2·({miss}) = {readable(p.dy)}."

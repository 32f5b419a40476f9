"""An explorer as what a page needs of it: its states, where each control leads, and why not."""

import time
from dataclasses import dataclass, field
from typing import Any

from dlnotes.export.answers import is_judged_in_page, judge_content
from dlnotes.export.moves import Moves
from dlnotes.export.progress import counts_content, map_content
from dlnotes.export.store import Interned, packed
from dlnotes.export.walk import Budget, Node, Walk
from dlnotes.lessons.course_map import CourseMap
from dlnotes.lessons.questions import Check, Predict
from dlnotes.widgets.controls import LOCK, Button, Choice, Control, Text, Upload
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.live import LONGEST, Live
from dlnotes.widgets.sentences import WORDS
from dlnotes.words import _

LEAST_RUN = 8.0  # seconds that a run may go on
NOT_SENT = ("value", "hidden", "disabled")
TYPED = _("What is typed here must be computed: open the notebook in Jupyter.")
UPLOADED = _("A file of yours must be read by Python: open the notebook in Jupyter.")
A_RUN = _("Here the run is a recording, which this cannot change: open the notebook in Jupyter.")
NOT_RECORDED = _("This was not recorded: open the notebook in Jupyter to use it.")
UNRECORDED = _("This was not recorded, so nothing moves: open the notebook in Jupyter.")
ELSEWHERE = _("From here this was not recorded. Go back to the start first.")
RECORDED = _("Recorded: {count:,} pictures, no Python. What was not recorded is greyed out.")
RECORDED_RUN = _("The run is a recording: what is grey cannot change it here, but in Jupyter.")
IN_CODE = _("The answer is written in code, and judged where the notebook runs.")


@dataclass
class Recording:
    """An explorer, packed for a page, and what it took."""

    name: str  # of its class
    title: str
    kind: str
    picture: str
    says: str
    payload: str
    states: int
    frames: int
    seconds: float
    whole: bool
    disabled: dict[str, str] = field(default_factory=dict)  # label -> why
    asked: str = ""  # the words of a question

    @property
    def size(self) -> int:
        return len(self.payload)


class Packer:
    """Turns a walk into the lists that `recorded.js` reads."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.moves = walk, walk.moves
        self.panels, self.descriptions = Interned(), Interned()
        self.lines, self.touches = Interned(), Interned()
        self.places = Interned()
        self._described: dict[int, int] = {}
        self._line_numbers: dict[int, int] = {}
        self._lists: dict[str, Choice] = {}
        self.offered: dict[str, Control] = {}  # every control that is shown somewhere
        self.moved: set[str] = set()  # those that lead somewhere, somewhere

    def content(self) -> dict[str, Any]:
        explorer, store = self.moves.explorer, self.walk.store
        nodes = [self._node(node) for node in self.walk.nodes]
        reasons = {name: self._reason(name, control) for name, control in self.offered.items()}
        back = _("Back to the start") if self.partial else ""
        return {
            "title": explorer.title,
            "kind": type(explorer).__name__.lower(),
            "words": WORDS | {"unrecorded": UNRECORDED, "missing": _("not recorded")},
            "counts": counts_content(explorer),
            "note": self._note(),
            "back": back,
            "there": _("This is the start."),
            "reasons": reasons,
            "nodes": nodes,
            "panels": self.panels.items,
            "descriptions": self.descriptions.items,
            "lines": self.lines.items,
            "touches": self.touches.items,
            "places": self.places.items,
            "frames": store.frames,
            "pictures": store.pictures,
            "says": store.says.items,
        }

    def _node(self, node: Node) -> list[Any]:
        panel, values, moves = [], [], []
        for name, control in self.moves.shown(node.state).items():
            self.offered.setdefault(name, control)
            panel.append([name, self._description(self._offer(name, control))])
            values.append(node.state.values.get(name))
            moves.append(self._move(node, name, control))
        touch = self.touches.number(self._touches(node))
        return [node.frame, self.panels.number(panel), values, moves, touch]

    def _offer(self, name: str, control: Control) -> Control:
        """The control as the page has it: texts that were asked for are chosen, not typed."""
        texts = (self.walk.explicit or {}).get(name)
        if not isinstance(control, Text) or not texts:
            return control
        if name not in self._lists:
            options = {text: text for text in texts}
            self._lists[name] = Choice(
                label=control.label, group=control.group, help=control.help, options=options
            )
        return self._lists[name]

    def _description(self, control: Control) -> int:
        if id(control) not in self._described:
            sent = {k: v for k, v in control.describe().items() if k not in NOT_SENT}
            if control.disabled:
                sent["disabled"] = control.disabled
            self._described[id(control)] = self.descriptions.number(sent)
        return self._described[id(control)]

    def _move(self, node: Node, name: str, control: Control) -> int | None:
        button = isinstance(control, Button)
        line = node.targets.get(f"{'press' if button else 'set'} {name}", [])
        if not line or (not button and len(line) < 2):
            return None
        self.moved.add(name)
        if button:
            return line[0][1]
        if id(line) not in self._line_numbers:
            parts = [[message["value"] for message, _to in line], [to for _message, to in line]]
            self._line_numbers[id(line)] = self.lines.number(parts)
        return self._line_numbers[id(line)]

    def _touches(self, node: Node) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, line in node.targets.items():
            if key.startswith("pick") and line:
                table: dict[str, Any] = {}
                for message, to in line:
                    keep(table, message["pick"], to, keyed=key.startswith("pick key"))
                found[key.removeprefix("pick ")] = {
                    pick: self._spread(entry) for pick, entry in table.items()
                }
        return found

    def _spread(self, entry: Any) -> Any:
        """Places, which many states share, apart from where each of them leads from here."""
        if not isinstance(entry, list):
            return entry
        places = self.places.number([[x, y] for x, y, _to in entry])
        return [places, *(to for _x, _y, to in entry)]

    def _reason(self, name: str, control: Control) -> str:
        if isinstance(control, Text) or isinstance(self.moves.explorer, Check):
            return TYPED
        if isinstance(control, Upload):
            return UPLOADED
        if name in self.moves.still:
            return A_RUN
        return ELSEWHERE if name in self.moved else NOT_RECORDED

    @property
    def partial(self) -> bool:
        return self.walk.cut or not self.walk.whole or bool(self.walk.explicit)

    def _note(self) -> str:
        """What a reader should know of the recording; nothing where all of it is there."""
        said = []
        if self.moves.still & self.offered.keys():
            said.append(RECORDED_RUN)
        if self.partial:
            count = len(self.walk.store.pictures)
            said.append(RECORDED.format(count=count))
        return " ".join(said)


def keep(table: dict[str, Any], pick: dict[str, Any], to: int, *, keyed: bool) -> None:
    """Put one touch into the table of its kind."""
    name = pick["pick"]
    if keyed:
        table.setdefault(name, {})[pick.get("key", "click")] = to
    elif "x" in pick:
        table.setdefault(name, []).append([round(pick["x"], 4), round(pick["y"], 4), to])
    else:
        table[name] = to


def record(explorer: Explorer, budget: Budget) -> Recording:
    """Record an explorer as it stands; a run that goes on by itself is first run to its end."""
    start = time.perf_counter()
    if isinstance(explorer, CourseMap):
        return one_frame(explorer, map_content(explorer), start)
    if is_judged_in_page(explorer):
        return one_frame(explorer, judge_content(explorer), start)
    if isinstance(explorer, Live):
        run_out(explorer, max(LEAST_RUN, budget.seconds))
    moves = Moves(explorer)
    if isinstance(explorer, Check) and explorer.judge.kind == "expression":
        moves.still = frozenset({"answer", "check"})
    walk = Walk(moves, budget, explorer.wanted)
    packer = Packer(walk)
    content = packer.content()
    if isinstance(explorer, Check) and explorer.judge.kind not in ("choice", "number"):
        content["note"] = TYPED if explorer.typed else IN_CODE
    disabled = {
        control.label: content["reasons"][name]
        for name, control in packer.offered.items()
        if name not in packer.moved
    }
    first = walk.store.frames[0]
    return Recording(
        name=type(explorer).__name__,
        title=explorer.title,
        kind=content["kind"],
        picture=walk.store.picture_of(0),
        says=walk.store.says.items[first[1]],
        payload=packed(content),
        states=len(walk.nodes),
        frames=len(walk.store.frames),
        seconds=time.perf_counter() - start,
        whole=not packer.partial,
        disabled=disabled,
        asked=question_of(explorer),
    )


def one_frame(explorer: Explorer, content: dict[str, Any], start: float) -> Recording:
    """Of an explorer that the page itself goes on with."""
    return Recording(
        name=type(explorer).__name__,
        title=content["title"],
        kind=content["kind"],
        picture=content.get("picture", ""),
        says="",
        payload=packed(content),
        states=1,
        frames=1,
        seconds=time.perf_counter() - start,
        whole=True,
        asked=question_of(explorer),
    )


def question_of(explorer: Explorer) -> str:
    """The words of a question, and what there is to choose from."""
    if not isinstance(explorer, Check | Predict):
        return ""
    return " ".join([explorer.question, *explorer.judge.options])


def run_out(live: Live, seconds: float) -> None:
    """Let a run go to its end, or as far as it comes in that time; then show what was shown.

    A run that was only shown begins anew: later cells may have gone on with what it works on.
    """
    with LOCK:
        shown = live.shown
        if len(live.record) < 2:
            live._going = None
        live._ready()
        live._work(LONGEST, seconds)
        live.running = False
        live._assign({"shown": shown})

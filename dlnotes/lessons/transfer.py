"""The questions of lesson 10, transfer learning. The library computes each answer when asked."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from dlnotes.lessons.judges import Choice, Judge, Number, Settled, Verdict
from dlnotes.lessons.questions import Predict
from dlnotes.lessons.values import shortly
from dlnotes.transferring import (
    CLASSES,
    METHODS,
    MOST_SHOTS,
    SOURCES,
    TARGETS,
    transfer,
    transfer_network,
)
from dlnotes.widgets.sliced import Made, sliced
from dlnotes.widgets.transfer_lab import SHOTS, Moment, TransferLab, percent
from dlnotes.words import _

TITLE = _("Transfer learning")
ONE, FEW, MANY = SHOTS[0], SHOTS[2], SHOTS[-1]  # examples of each digit
SEEDS = 2  # of what a prediction reveals
TRIALS = 3  # seeds of a case that the reader hands over
CLEAR = 0.01  # in accuracy: less than that is no gain
SIZES: dict[str, Any] = {}  # of the runs behind the questions; as the lab's own, unless told


@sliced()
def measured(source: str, *examples: int) -> Made:
    """A lab that has done all its runs, at these numbers of examples of each digit."""
    lab = TransferLab(source=source, examples=examples, seeds=SEEDS, sizes=SIZES)
    for _share in lab.slices(1):
        yield share_of(lab.record[-1], len(examples) * len(METHODS))
    return lab


def share_of(moment: Moment, runs: int) -> float:
    """The share of a lab's work that is done, where there are so many runs for each seed.

    Learning the source task takes about as long as all of them.
    """
    seeds, done = divmod(len(moment.runs), runs)
    pause = moment.now[3] if moment.now else None
    learned = done or (pause and pause.doing in ("learning", "reading"))
    within = 0.5 + 0.5 * done / runs if learned else 0.0
    if pause and pause.doing == "before":
        within = 0.5 * pause.done / pause.of
    return min(1.0, (seeds + within) / SEEDS)


def measuring(*sources: str) -> Iterator[float]:
    """The labs of these sources one after another, in slices."""
    for i, source in enumerate(sources):
        for share in measured.slices(source, ONE, FEW, MANY):
            yield (i + share) / len(sources)


def points(share: float) -> str:
    """A difference of accuracy as a reader calls it."""
    return _("{points} points").format(points=f"{100 * share:.0f}".replace("-", "−"))


def gain(lab: TransferLab, examples: int) -> float:
    """What fine-tuning gained there over scratch, in accuracy."""
    return lab.compute(**lab.values)["gains"][lab.case][examples][0]


def few() -> Predict:
    old, new = _("the one that can read 0–4 already"), _("the one that starts from nothing")
    both = _("both alike")

    def gained() -> float:
        return gain(measured("digits", ONE, FEW, MANY), FEW)

    return Predict(
        _(
            "Two networks get {count} examples of each of the digits 5–9, and as many steps. One "
            "has learned to read 0–4 before. Which reads new 5s to 9s better?"
        ).format(count=FEW),
        [new, old, both],
        lambda: old if gained() > CLEAR else new if gained() < -CLEAR else both,
        because=lambda: _(
            "Measured with {count} examples: the one that could read 0–4 is ahead by {points}. "
            "Edges, corners and curves are the same in all digits; who starts from nothing has to "
            "find them as well as the digits, from a handful of pictures."
        ).format(count=FEW, points=points(gained())),
        measure=lambda: measuring("digits"),
        picture=lambda: measured("digits", ONE, FEW, MANY).svg(),
    )


def nonsense() -> Predict:
    helps, less, harms = _("it helps as much"), _("it helps less, or not at all"), _("it harms")

    def gained(source: str) -> float:
        return gain(measured(source, ONE, FEW, MANY), FEW)

    def turned_out() -> str:
        if gained("shuffled") < -CLEAR:
            return harms
        return less if gained("shuffled") < gained("digits") - CLEAR else helps

    return Predict(
        _(
            "Now the labels of 0–4 are shuffled before the first network learns them, so that "
            "there is nothing to be learned. The pictures are the same. Does it still help to "
            "start from this network?"
        ),
        [helps, less, harms],
        turned_out,
        because=lambda: _(
            "Measured with {count} examples: {shuffled} gained after shuffled labels, {digits} "
            "after true ones. What can be used again is what was learned, not the layers as such. "
            "A network that has learned nothing brings nothing, and where it has learned to ignore "
            "its picture, it has to unlearn that first."
        ).format(count=FEW, shuffled=points(gained("shuffled")), digits=points(gained("digits"))),
        measure=lambda: measuring("digits", "shuffled"),
        picture=lambda: measured("shuffled", ONE, FEW, MANY).svg(),
    )


def head() -> Any:
    return transfer_network(np.random.default_rng(0))[-1]


def count_of(net: Any) -> int:
    return sum(parameter.value.size for parameter in net.parameters())


def frozen_parameters() -> Judge:
    net = transfer_network(np.random.default_rng(0))
    weights = head().weight.value
    return Number(
        lambda: count_of(head()),
        because=_(
            "The convolutions are frozen: of the network's {all} parameters only the last layer's "
            "are learned."
        ).format(all=f"{count_of(net):,}"),
        mistakes=[
            (count_of(net), _("That is the whole network. Frozen layers do not learn.")),
            (count_of(net[:-1]), _("Those are the frozen ones: the convolutions.")),
            (weights.size, _("Each of the five outputs has a bias, too.")),
        ],
    )


def guessing() -> Judge:
    return Number(
        100 / CLASSES,
        unit="%",
        because=_("One of {count} digits is right by chance.").format(count=CLASSES),
        mistakes=[
            (10, _("That would be so for ten digits; here there are only 5, 6, 7, 8 and 9.")),
            (50, _("That would be so for two answers.")),
        ],
    )


def closing() -> Judge:
    smaller, larger, same = _("it shrinks"), _("it grows"), _("it stays")
    one, many = (gain(measured("digits", ONE, FEW, MANY), shots) for shots in (ONE, MANY))
    options = {smaller: many < one, larger: many > one}
    right = next((option for option, holds in options.items() if holds), same)
    return Choice(
        [larger, same, smaller],
        right,
        because=_(
            "Measured here: {one} with {a} example of each, {many} with {b}. Who has many examples "
            "can find the features in them."
        ).format(a=ONE, one=points(one), b=MANY, many=points(many)),
    )


def why() -> Judge:
    features = _("features of the first task are useful in the second")
    parameters = _("convolutions have few parameters")
    labels = _("both tasks have five classes")
    return Choice(
        [parameters, features, labels],
        features,
        because=_("With shuffled labels the layers, and their parameters, are the same."),
        mistakes={
            parameters: _(
                "The network that learned shuffled labels has just as few, and does not help."
            ),
            labels: _("The last layer is new anyway; it could as well have three outputs or ten."),
        },
    )


class NoHelp(Judge):
    """A case in which fine-tuning gains nothing: {"source": …, "target": …, "shots": …}, run."""

    kind = "case"

    def __init__(self) -> None:
        case = {"source": "shuffled", "target": "drawn", "shots": MANY}
        super().__init__(lambda: case, (), _("A case where transfer does not help."))

    def prove(self) -> None:
        """What is right here is only measured: there is no answer to be proved beforehand."""

    def read(self, given: Any) -> tuple[str, str, int]:
        if not isinstance(given, dict) or set(given) != {"source", "target", "shots"}:
            sentence = _("Hand over dict(source=…, target=…, shots=…), not {given}.")
            raise Settled(sentence.format(given=shortly(given)))
        if Ellipsis in given.values():
            raise Settled(_("Replace the dots."))
        for name, known in (("source", SOURCES), ("target", TARGETS)):
            if given[name] not in known:
                sentence = _("{name} is one of {known}.")
                raise Settled(sentence.format(name=name, known=", ".join(known)))
        shots = given["shots"]
        if isinstance(shots, bool) or not isinstance(shots, int) or not 1 <= shots <= MOST_SHOTS:
            sentence = _("shots is a whole number from 1 to {most}.")
            raise Settled(sentence.format(most=MOST_SHOTS))
        return given["source"], given["target"], shots

    def _judge(self, given: Any) -> Verdict:
        try:
            source, target, shots = self.read(given)
        except Settled as settled:
            return settled.verdict
        return self.verdict_of(*case_shares(source, target, shots))

    def verdict_of(self, tuned: float, scratch: float) -> Verdict:
        figures = _("Measured over {seeds} seeds: {tuned} fine-tuned, {scratch} from scratch.")
        said = figures.format(seeds=TRIALS, tuned=percent(tuned), scratch=percent(scratch))
        if tuned - scratch > CLEAR:
            return Verdict("wrong", said + " " + _("Here it helps; look for another case."))
        return Verdict("right", said + " " + _("Right: nothing is gained."))


@lru_cache(maxsize=64)
def case_shares(source: str, target: str, shots: int) -> tuple[float, float]:
    """Mean accuracy fine-tuned and from scratch, over some seeds."""

    def mean_of(method: str) -> float:
        options = {"source": source, "target": target, **SIZES}
        return float(np.mean([transfer(method, shots, seed=k, **options) for k in range(TRIALS)]))

    return mean_of("fine-tuned"), mean_of("scratch")


def sentence() -> Judge:
    right = _("features that were learned on one task are used for another that has few examples")
    smaller = _("a network is made smaller, so that it needs fewer examples")
    answers = _("the answers of one task are used as the answers of another")
    return Choice(
        [smaller, answers, right],
        right,
        because=_("Learned once, used again."),
        mistakes={
            smaller: _("The network stays as it is; only its last layer is new."),
            answers: _("The answers differ; what both have in common are features."),
        },
    )


PREDICTIONS = {"few": few, "nonsense": nonsense}
CHECKS: dict[str, tuple[str, Callable[[], Judge]]] = {
    "frozen_parameters": (
        _("The convolutions are frozen. How many numbers does the network still learn?"),
        frozen_parameters,
    ),
    "guessing": (_("How many per cent of 5–9 are read rightly by pure guessing?"), guessing),
    "closing": (
        _("From {one} to {many} examples of each: what becomes of the gain?").format(
            one=ONE, many=MANY
        ),
        closing,
    ),
    "why": (_("Why does transfer help, where it helps?"), why),
    "no_help": (_("A case where fine-tuning gains nothing over scratch."), NoHelp),
    "sentence": (_("Complete the sentence: in transfer learning, …"), sentence),
}

"""The questions of lesson 10: answered rightly, and each known mistake named."""

import pytest

from dlnotes.lessons import transfer
from dlnotes.lessons.judges import Verdict
from dlnotes.lessons.lesson import lesson
from dlnotes.transferring import Pause, transfer_network
from dlnotes.widgets.transfer_lab import Moment

TINY = {"steps": 2, "tested": 20, "source_n": 64, "source_epochs": 1, "channels": 2}


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    monkeypatch.setattr(transfer, "SIZES", TINY)
    monkeypatch.setattr(transfer, "SEEDS", 1)
    monkeypatch.setattr(transfer, "TRIALS", 1)
    yield
    transfer.measured.cache_clear()
    transfer.case_shares.cache_clear()


@pytest.mark.parametrize("key", transfer.PREDICTIONS)
def test_a_prediction_is_followed_by_what_was_measured(key):
    asked = lesson("10_transfer_learning").predict(key)
    assert asked.svg() == ""
    asked.guess = asked.judge.options[0]
    asked.press("commit")
    assert "<svg" in asked.svg()


@pytest.mark.parametrize("key", [key for key in transfer.CHECKS if key != "no_help"])
def test_the_answer_is_right_and_the_mistakes_are_named(key):
    judge = transfer.CHECKS[key][1]()
    assert judge.judge(judge.solution).state == "right"
    for wrong, sentence in judge.mistakes:
        assert judge.judge(wrong) == Verdict("wrong", sentence)


@pytest.mark.parametrize(
    ("done", "now", "share"),
    [
        (0, None, 0),
        (0, ("drawing", 5, 10), 0),
        (0, ("before", 5, 10), 0.125),
        (0, ("reading", 5, 10), 0.25),
        (0, ("learning", 5, 10), 0.25),
        (1, ("learning", 5, 10), 0.3125),
        (4, ("before", 10, 10), 0.75),
        (7, None, 0.9375),
        (8, None, 1),
    ],
)
def test_how_far_a_lab_is(done, now, share, monkeypatch):
    monkeypatch.setattr(transfer, "SEEDS", 2)
    pause = now and ("frozen", 1, 0, Pause(*now))
    assert transfer.share_of(Moment(tuple(range(done)), pause), 4) == share


def test_labs_are_measured_one_after_another():
    first, second = list(transfer.SOURCES)[:2]
    shares = list(transfer.measuring(first, second))
    assert shares == sorted(shares)
    assert shares[0] < 0.5 < shares[-1] == 1
    assert list(transfer.measuring(second, first)) == []  # all is known


def test_frozen_layers_do_not_learn():
    head = transfer_network()[-1].parameters()
    assert transfer.frozen_parameters().solution == sum(p.value.size for p in head)


@pytest.mark.parametrize(
    ("gains", "right"),
    [((0.2, 0.1), "it shrinks"), ((0.1, 0.2), "it grows"), ((0.1, 0.1), "it stays")],
)
def test_what_becomes_of_the_gain_is_measured(gains, right, monkeypatch):
    measured = iter(gains)
    monkeypatch.setattr(transfer, "gain", lambda lab, shots: next(measured))
    assert transfer.closing().solution == right


@pytest.mark.parametrize(
    ("key", "gains", "right"),
    [
        ("few", {"digits": 0.05}, "the one that can read 0–4 already"),
        ("few", {"digits": -0.05}, "the one that starts from nothing"),
        ("few", {"digits": 0.0}, "both alike"),
        ("nonsense", {"digits": 0.05, "shuffled": -0.1}, "it harms"),
        ("nonsense", {"digits": 0.05, "shuffled": 0.0}, "it helps less, or not at all"),
        ("nonsense", {"digits": 0.05, "shuffled": 0.05}, "it helps as much"),
    ],
)
def test_a_prediction_is_judged_by_what_was_measured(key, gains, right, monkeypatch):
    monkeypatch.setattr(transfer, "gain", lambda lab, shots: gains[lab.source])
    asked = lesson("10_transfer_learning").predict(key)
    assert asked.judge.solution == right
    asked.guess = right
    asked.press("commit")
    figures = [f"{100 * gain:.0f} points".replace("-", "−") for gain in gains.values()]
    assert asked._frame["says"].startswith("✓ As you predicted. Measured with 5 examples: ")
    assert all(figure in asked._frame["says"] for figure in figures)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (3, "Hand over"),
        ({"source": "digits"}, "Hand over"),
        ({"source": ..., "target": ..., "shots": ...}, "Replace the dots."),
        ({"source": "cats", "target": "drawn", "shots": 1}, "source is one of digits"),
        ({"source": "digits", "target": "cats", "shots": 1}, "target is one of drawn"),
        ({"source": "digits", "target": "drawn", "shots": 51}, "from 1 to 50"),
        ({"source": "digits", "target": "drawn", "shots": True}, "from 1 to 50"),
    ],
)
def test_what_is_no_case_is_not_judged(given, words):
    verdict = transfer.NoHelp().judge(given)
    assert verdict.state == "unanswered"
    assert words in verdict.sentence


@pytest.mark.parametrize(
    ("shares", "state"), [((0.6, 0.5), "wrong"), ((0.5, 0.5), "right"), ((0.4, 0.5), "right")]
)
def test_a_case_is_measured(shares, state, monkeypatch):
    monkeypatch.setattr(transfer, "case_shares", lambda *case: shares)
    verdict = transfer.NoHelp().judge({"source": "digits", "target": "drawn", "shots": 1})
    assert verdict.state == state
    assert f"{100 * shares[0]:.1f}% fine-tuned, 50.0% from scratch" in verdict.sentence
    monkeypatch.undo()


def test_a_case_is_really_run():
    judge = transfer.NoHelp()
    assert judge.judge(judge.solution).state in ("right", "wrong")

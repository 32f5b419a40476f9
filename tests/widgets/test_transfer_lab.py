"""The transfer lab: three curves that grow run by run, and what fine-tuning gains."""

import threading
from itertools import pairwise

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes import transferring
from dlnotes.transferring import METHODS, transfer
from dlnotes.widgets import live, transfer_lab
from dlnotes.widgets.transfer_lab import Moment, TransferLab, curve, gains

TINY = {"steps": 2, "tested": 20, "source_n": 64, "source_epochs": 1, "channels": 2}
RUNS = [
    ("frozen", 1, 0, 0.5), ("fine-tuned", 1, 0, 0.6), ("scratch", 1, 0, 0.4),
    ("frozen", 1, 1, 0.7), ("fine-tuned", 1, 1, 0.5), ("scratch", 1, 1, 0.4),
    ("frozen", 5, 0, 0.9), ("fine-tuned", 5, 0, 0.95), ("scratch", 5, 0, 0.96),
]  # fmt: skip


def lab(**options):
    return TransferLab(**({"examples": (1, 2), "seeds": 2, "sizes": TINY} | options))


def test_curves_are_means_over_seeds_with_their_reach():
    assert curve(RUNS, "frozen", (1, 5)) == {1: (0.6, 0.5, 0.7), 5: (0.9, 0.9, 0.9)}
    assert curve(RUNS, "scratch", (1, 2)) == {1: (0.4, 0.4, 0.4)}


def test_gains_are_taken_seed_by_seed():
    found = gains(RUNS, (1, 5, 10))
    assert list(found) == [1, 5]
    assert found[1] == pytest.approx((0.15, 0.1, 0.2, 2))
    assert found[5] == pytest.approx((-0.01, -0.01, -0.01, 1))


def test_every_run_is_what_the_library_gives():
    explorer = lab()
    explorer.go()
    runs = explorer.record[-1].runs
    assert len(runs) == len(explorer.record) - 1 == 2 * 2 * 3
    for method, shots, seed, share in runs[::5]:
        assert share == transfer(method, shots, seed=seed, **TINY)
    assert explorer.ended


def test_each_method_learns_at_the_rate_of_its_own_slider():
    explorer = lab(examples=(2,), seeds=1, rate_scratch=0.02)
    explorer.go()
    for method, rate in (("frozen", 0.005), ("fine-tuned", 0.005), ("scratch", 0.02)):
        assert (method, 2, 0, transfer(method, 2, rate=rate, **TINY)) in explorer.record[-1].runs
    explorer.update(rate_tuned=0.01)
    assert explorer.record == [Moment(())]


def test_it_says_how_far_it_is_and_what_it_found():
    explorer = lab()
    assert explorer._frame["says"] == "Press Play: 12 runs, one after another."
    explorer.go(1)
    assert explorer._frame["says"] == "1 of 12 runs are done."
    explorer.go(5)
    assert "One seed alone may be luck." in explorer._frame["says"]
    explorer.go()
    assert "as means of 2 seeds" in explorer._frame["says"]
    assert "points on average" in explorer._frame["says"]
    shares = explorer.compute(**explorer.values)["curves"]
    assert f"{shares['frozen'][2][0]:.4g}" in repr(explorer)
    assert "examples=2" in repr(explorer)


@pytest.mark.parametrize(
    ("tuned", "verdict"),
    [((0.6, 0.5), "gains with every seed, 15.0"), ((0.3, 0.2), "loses with every seed, −15.0"),
     ((0.5, 0.3), "no clear gain")],
)  # fmt: skip
def test_the_verdict_follows_from_the_seeds(tuned, verdict):
    explorer = lab(look="1")
    runs = tuple(
        (method, 1, seed, tuned[seed] if method == "fine-tuned" else 0.4)
        for seed in (0, 1)
        for method in METHODS
    )
    explorer.record.append(Moment(runs))
    explorer.shown = 1 if explorer.controls["shown"].maximum else 0
    result = explorer.compute(**(explorer.values | {"shown": 1}))
    assert verdict in explorer.say(result)


def test_cases_that_were_tried_stay_to_be_compared():
    explorer = lab(seeds=1)
    explorer.source = "shapes"  # nothing was done yet: nothing stays
    assert explorer.tried == {}
    explorer.go()
    Page(explorer).set("source", "shuffled")
    assert list(explorer.tried) == ["shapes/drawn"]
    assert explorer.record == [Moment(())]
    explorer.go()
    explorer.target = "written"
    assert list(explorer.tried) == ["shapes/drawn", "shuffled/drawn"]
    check_frame(explorer, explorer._frame)
    assert "circles, crosses, lines and squares → drawn digits 5–9" in explorer.svg()


def test_each_slice_of_it_is_a_new_picture(monkeypatch):
    monkeypatch.setattr(live, "SLICE", 0.0)  # each tick is one slice
    monkeypatch.setattr(transfer_lab, "wake", lambda *settings: None)
    transferring.known_sources.clear()
    explorer = lab(examples=(1,), seeds=1)
    page = Page(explorer)
    page.press("play")
    frames = []
    while explorer.running:
        frames.append(page.send(do="tick"))
    shown = [frame["picture"] for frame in frames]
    assert len(frames) > 15
    assert sum(one != other for one, other in pairwise(shown)) >= len(frames) - 3
    texts = " ".join(shown)
    for said in (
        "drawing: 64 of 64", "learning before: step 2 of 2", "learning: step 1 of 2",
        "reading: 20 of 20", "Run 2 of 3: fine-tuned, 1 example, seed 0", "2 of 3",
    ):  # fmt: skip
        assert f">{said}<" in texts
    assert [len(moment.runs) for moment in explorer.record] == [0, 1, 2, 3]


def test_what_is_compiled_is_waited_for_on_another_thread(monkeypatch):
    done = threading.Event()
    monkeypatch.setattr(transfer_lab, "wake", lambda *settings: done.wait())
    explorer = lab(examples=(1,), seeds=1)
    page = Page(explorer)
    page.press("play")
    frame = page.send(do="tick")
    assert frame["says"] == "Compiling what the runs need."
    assert " s so far<" in frame["picture"]
    assert not page.press("play")["running"]
    done.set()
    explorer.go(1)
    assert len(explorer.record[-1].runs) == 1


def test_another_number_of_examples_is_read_off():
    explorer = lab(seeds=1)
    assert explorer.look == "2"
    explorer.go()
    frame = Page(explorer).set("look", "1")
    assert frame["says"].startswith("With 1 example of each digit: ")


def test_everything_can_be_moved():
    explorer = lab(examples=(1,), seeds=1)
    explorer.go()
    assert move_everything(explorer, np.random.default_rng(0)) > 10

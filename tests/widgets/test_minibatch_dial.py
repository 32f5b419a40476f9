"""The dial trains for real, keeps its runs side by side, and says what each cost."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import Page, check_frame, move_everything
from matplotlib.figure import Figure

from dlnotes.training import Diverged
from dlnotes.widgets import minibatch_dial
from dlnotes.widgets.minibatch_dial import MOST_KEPT, MinibatchDial, counted, next_number

TINY = {"examples": 20, "units": 3, "batch": 4, "budget": 0.1}


def dial(**values):
    return MinibatchDial(**(TINY | values))


def shown(explorer):
    return explorer.compute(**explorer.values)


def long_enough(explorer):
    while explorer.record[-1].seconds < 0.2 * explorer.budget:
        explorer.go(1)


def test_it_waits_before_its_first_step():
    explorer = dial()
    assert len(explorer.record) == 1
    assert repr(explorer).startswith("MinibatchDial(batch=4, step=0, loss=2.")
    assert explorer._frame["says"].endswith("Press Play.")
    check_frame(explorer, explorer._frame)


@pytest.mark.parametrize(("epochs", "said"), [(0.0625, "0.0625"), (22, "22"), (1090, "1,090")])
def test_epochs_are_written_like_steps(epochs, said):
    assert counted(epochs) == said


def test_batches_go_from_one_to_all():
    explorer = dial()
    control = explorer._controls["batch"]
    assert (control["minimum"], control["maximum"], control["integer"]) == (1, 20, True)
    assert Page(explorer).set("batch", 20)["error"] is None
    with pytest.raises(ValueError, match="takes a number from 1 to 20"):
        dial(batch=21)


def test_it_trains_while_it_runs_and_says_what_it_did():
    explorer = dial(budget=5.0)
    page = Page(explorer)
    page.press("play")
    for _tick in range(3):
        frame = page.send(do="tick")
    check_frame(explorer, frame)
    page.press("play")
    run = explorer.record[-1]
    assert run.step > 0
    said = frame["says"]
    assert f"batch 4, rate 0.05: {run.step:,} steps in " in said
    assert "times through the 20 examples" in said
    assert f"accuracy {run.accuracy:.1%}" in said


def test_it_stops_when_the_time_is_over():
    explorer = dial()
    explorer.go()
    assert explorer.ended
    assert explorer.record[-1].seconds >= 0.1


def test_runs_are_kept_side_by_side():
    explorer = dial()
    page = Page(explorer)
    long_enough(explorer)
    page.set("batch", 20)
    assert [run["batch"] for run in explorer.runs] == [4]
    long_enough(explorer)
    page.set("rate", 0.2)
    long_enough(explorer)
    frame = page.press("again")
    check_frame(explorer, frame)
    assert [(run["batch"], run["rate"]) for run in explorer.runs] == [
        (4, 0.05),
        (20, 0.05),
        (20, 0.2),
    ]
    result = shown(explorer)
    assert [run["number"] for run in result["runs"]] == [0, 1, 2, 3]
    text = "|".join(ElementTree.fromstring(explorer.svg()).itertext())
    for label in ("batch 4, rate 0.05", "batch 20, rate 0.05", "batch 20, rate 0.2"):
        assert label in text
    page.press("forget")
    assert explorer.runs == []
    assert explorer._controls["forget"]["disabled"]


def test_a_run_that_was_only_passed_by_is_not_kept():
    explorer = dial(budget=20.0)
    explorer.go(1)
    Page(explorer).set("batch", 7)
    assert explorer.runs == []
    explorer.press("play")
    explorer.press("play")
    assert explorer.runs == []


def test_playing_again_keeps_the_run_that_ended():
    explorer = dial()
    explorer.go()
    page = Page(explorer)
    assert page.press("play")["running"]
    assert len(explorer.runs) == 1
    assert len(explorer.record) == 1
    page.press("play")
    assert len(explorer.runs) == 1


def test_only_the_last_runs_are_kept_and_their_colours_stay():
    explorer = dial()
    page = Page(explorer)
    for batch in (1, 2, 3, 5, 6, 7, 8):
        long_enough(explorer)
        page.set("batch", batch)
    assert len(explorer.runs) == MOST_KEPT
    numbers = [run["number"] for run in explorer.runs]
    assert len({*numbers, next_number(explorer.runs)}) == MOST_KEPT + 1
    check_frame(explorer, explorer._frame)


def test_the_record_is_looked_through():
    explorer = dial(budget=20)
    explorer.go(5)
    page = Page(explorer)
    frame = page.set("shown", 2)
    check_frame(explorer, frame)
    assert f"{explorer.record[2].step} steps" in frame["says"]
    assert explorer._controls["shown"]["label"] == "Moment shown"
    assert "speed" not in explorer._controls


def test_divergence_is_said_in_words(monkeypatch):
    def trouble(*_settings):
        yield from first_moments
        raise Diverged("Try a smaller rate.", epoch=1, step=2, lr=2.0)

    explorer = dial()
    explorer.go(1)
    first_moments = explorer.record
    monkeypatch.setattr(minibatch_dial, "training", trouble)
    page = Page(explorer)
    page.press("again")
    page.press("play")
    frame = page.send(do="tick")
    assert frame["error"] == {"sentence": "Try a smaller rate.", "details": ""}
    assert not frame["running"]
    assert page.press("again")["error"] is None


def test_a_figure_for_a_report():
    explorer = dial()
    explorer.go(3)
    figure = explorer.figure()
    assert isinstance(figure, Figure)
    assert figure.axes[0].lines[0].get_label() == "batch 4, rate 0.05"


def test_settings_make_it_again():
    explorer = dial()
    long_enough(explorer)
    explorer.batch = 5
    again = MinibatchDial.from_state(explorer.state, examples=20, units=3)
    assert again.state == explorer.state
    assert len(shown(again)["runs"]) == 2


def test_everything_can_be_moved():
    assert move_everything(dial(), np.random.default_rng(0)) > 20


def test_one_step_is_spoken_of_in_the_singular():
    dial = MinibatchDial(examples=20, units=2, budget=5)
    dial.go(1)
    assert ": 1 step in " in dial._frame["says"]
    dial.go(1)
    assert ": 2 steps in " in dial._frame["says"]


def test_before_the_first_step_the_chart_by_steps_says_where_its_line_begins():
    explorer = dial()
    assert "The line begins with step 1." in explorer.svg()
    explorer.go(1)
    assert "The line begins with step 1." not in explorer.svg()

"""The stepper shows what has been computed so far, and not more; and it counts right."""

import re
import xml.etree.ElementTree as ElementTree
from types import SimpleNamespace

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes.pictures.svg import readable
from dlnotes.widgets import backprop_stepper
from dlnotes.widgets.backprop import first_weights
from dlnotes.widgets.backprop_picture import duration, known_slopes, operations
from dlnotes.widgets.backprop_stepper import BackpropStepper

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def short_measurements(monkeypatch):
    measured = backprop_stepper.seconds
    monkeypatch.setattr(backprop_stepper, "seconds", lambda net, n_in: measured(net, n_in, runs=2))


def shown(explorer):
    return explorer.compute(**explorer.values)


def words(explorer):
    return [text.text or "" for text in ElementTree.fromstring(explorer.svg()).iter(f"{SVG}text")]


def test_operations_go_forward_unit_by_unit():
    assert operations(2) == [("z", 0), ("z", 1), ("a", 0), ("a", 1), ("y", 0), ("L", 0)]


@pytest.mark.parametrize("hidden", [1, 3])
def test_numbers_appear_as_they_are_computed(hidden):
    explorer = BackpropStepper(hidden=hidden, x1=1.3, parts="network")
    total = 2 * len(operations(hidden))
    before = len(list(filter(None, words(explorer))))
    for step in range(1, total + 1):
        explorer.step = step
        now = len(list(filter(None, words(explorer))))
        assert now > before
        before = now
    seen = "|".join(words(explorer))
    for value in [*shown(explorer)["passes"].slopes]:
        assert f"∂ {readable(value)}" in seen


def test_slopes_are_known_from_the_output_backwards():
    explorer = BackpropStepper(hidden=2, parts="network")
    counts = []
    for step in range(13):
        explorer.step = step
        counts.append(sum(known_slopes(SimpleNamespace(**shown(explorer)))))
    assert counts == [0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 6, 9]


def test_every_operation_is_written_out_with_its_numbers():
    explorer = BackpropStepper(hidden=2, x1=1.0, x2=-0.5, target=0.5, parts="network")
    page = Page(explorer)
    weights = first_weights(2, 0)
    p = shown(explorer)["passes"]
    assert "12 operations are to come" in explorer._frame["says"]
    said = [page.press("forward")["says"] for _ in range(12)]
    assert said[0].startswith("Forward, operation 1 of 12: z₁ = x₁·w₁₁ + x₂·w₂₁ + b₁ = 1·")
    assert said[0].endswith(f" = {readable(p.z[0])}.")
    assert said[2].endswith(f"a₁ = tanh(z₁) = tanh({readable(p.z[0])}) = {readable(p.a[0])}.")
    assert said[4].endswith(f"= {readable(p.y)}.")
    assert said[5].endswith(f"L = (y − t)² = ({readable(p.y)} − 0.5)² = {readable(p.loss)}.")
    assert said[6].startswith("Backward, operation 7 of 12: ∂L/∂y = 2·(y − t) = 2·(")
    assert f"∂L/∂a₁ = ∂L/∂y·v₁ = ({readable(p.dy)})·" in said[7]
    assert "and so on for the others" in said[7]
    assert "∂L/∂z₂ = ∂L/∂a₂·tanh′(z₂)" in said[8]
    assert "∂L/∂w₁₁ = ∂L/∂z₁·x₁" in said[11]
    assert said[11].endswith("The gradients are right: 11 derivatives compared.")
    assert readable(weights[0]) in said[0]
    assert explorer._controls["forward"]["disabled"]
    assert page.press("back")["values"]["step"] == 11
    for _press in range(20):
        page.press("back")
    assert explorer.step == 0
    assert explorer._controls["back"]["disabled"]


def test_one_unit_has_no_others():
    explorer = BackpropStepper(hidden=1, step=5)
    assert "others" not in explorer._frame["says"]


def test_no_zero_has_a_minus_sign():
    explorer = BackpropStepper(hidden=4, activation="relu", parts="network")
    for step in range(21):
        explorer.step = step
        assert not re.search(r"−0(?![.\d])", "|".join(words(explorer)) + explorer._frame["says"])


def test_the_two_columns_agree():
    explorer = BackpropStepper(step=16, parts="network")
    p = shown(explorer)["passes"]
    np.testing.assert_allclose(p.slopes, p.nudged, rtol=1e-7, atol=1e-9)
    cells = words(explorer)
    for value in p.slopes:
        assert cells.count(readable(value + 0.0, 5)) >= 2


def test_a_weight_is_chosen_and_moved():
    explorer = BackpropStepper(hidden=2, parts="network")
    page = Page(explorer)
    assert explorer._controls["weight"]["disabled"]
    page.set("weight", 1.0)
    assert explorer.weights is None
    page.pick("weight:3", "click")
    assert explorer._controls["weight"]["label"] == "Value of w₂₂"
    assert explorer.weight == first_weights(2, 0)[3]
    before = shown(explorer)["passes"]
    nudge = 1e-2
    page.set("weight", explorer.weight + nudge)
    after = shown(explorer)["passes"]
    assert after.loss - before.loss == pytest.approx(nudge * before.slopes[3], abs=1e-3)
    page.pick("weight:3", "key", key="ArrowDown", big=False)
    assert explorer.weight == pytest.approx(first_weights(2, 0)[3])
    page.pick("weight:99", "click")
    page.pick("weight:1", "hover")
    page.pick("weight:1", "key", key="Delete")
    assert explorer.chosen == 3
    page.set("seed", 4)
    assert (explorer.weights, explorer.chosen) == (None, None)


def test_steps_downhill_lower_the_loss():
    explorer = BackpropStepper(rate=0.05, parts="network")
    page = Page(explorer)
    losses = [shown(explorer)["passes"].loss]
    for _press in range(4):
        page.press("learn")
        losses.append(shown(explorer)["passes"].loss)
    assert losses == sorted(losses, reverse=True)
    page.pick("weight:0", "click")
    page.press("learn")
    assert explorer.weight == explorer.weights[0]


def test_the_count_is_that_of_the_real_networks():
    explorer = BackpropStepper(parts="cost")
    result = shown(explorer)
    assert [cost.parameters for cost in result["costs"]] == [2 * 3 + 3 + 3 + 1, 79_510]
    assert repr(explorer) == "BackpropStepper(parameters=79510, forward_passes=79511)"
    assert {"79,510", "79,511", "13", "14", "1 forward, 1 backward"} <= set(words(explorer))
    assert "784-100-10 has 79,510 parameters" in explorer._frame["says"]
    explorer.width = 30
    assert "23,860" in explorer._frame["says"]


def test_times_are_priced_by_the_count():
    explorer = BackpropStepper(parts="cost")
    page = Page(explorer)
    check_frame(explorer, page.press("measure"))
    assert np.array(explorer.times).shape == (2, 2)
    explorer.times = [[1e-5, 2e-5], [1e-4, 3e-4]]
    seen = words(explorer)
    assert {"140 microseconds", "8.0 seconds", "30 microseconds", "400 microseconds"} <= set(seen)
    assert BackpropStepper.from_state(explorer.state).svg() == explorer.svg()
    page.set("width", 200)
    assert explorer.times is None


def test_durations():
    assert duration(2.5e-5) == "25 microseconds"
    assert duration(2.0) == "2.0 seconds"


def test_parts():
    assert BackpropStepper(parts="both").svg().count("dlnotes-panel") == 3
    assert BackpropStepper(parts="network").svg().count("dlnotes-panel") == 2
    assert BackpropStepper(parts="cost").svg().count("dlnotes-panel") == 1


def test_everything_can_be_moved():
    explorer = BackpropStepper(hidden=2, step=9)
    assert move_everything(explorer, np.random.default_rng(0)) > 50
    assert "right=True" in repr(BackpropStepper(parts="network"))


def test_a_step_that_leads_too_far_is_not_taken_and_the_first_weights_come_back():
    explorer = BackpropStepper(rate=1, step=16)
    page = Page(explorer)
    before = explorer.svg()
    assert explorer.controls["first"].disabled
    for _press in range(20):
        kept = explorer.weights
        frame = page.press("learn")
        if frame["error"]:
            break
    said = frame["error"]["sentence"]
    assert said.startswith("The steps overshoot by more and more: the next would make the loss ")
    assert explorer.weights == kept
    assert explorer.compute(**explorer.values)["passes"].loss <= 1e9
    frame = page.press("first")
    assert frame["error"] is None
    assert (explorer.weights, explorer.svg()) == (None, before)

"""One budget, three shapes, several random starts: trained side by side, counted, replayed."""

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

import dlnotes as dl
from dlnotes.ensemble import Ensemble
from dlnotes.widgets import width_vs_depth
from dlnotes.widgets.width_vs_depth import (
    WidthVsDepth,
    by_hand,
    examples,
    parameters,
    target_of,
    width_within,
)

SMALL = {"budget": 30, "seeds": 2, "steps": 100, "second": 2, "third": 3, "teeth": 2}


@pytest.fixture(autouse=True)
def few_examples(monkeypatch):
    """Without the compiler, too, a test takes less than a second."""
    monkeypatch.setattr(width_vs_depth, "EXAMPLES", 17)
    monkeypatch.setattr(width_vs_depth, "STRIDES", (2,))
    by_hand.cache_clear()
    yield
    by_hand.cache_clear()


def shown(explorer):
    return explorer.compute(**explorer.values)


@pytest.mark.parametrize("budget", [30, 100, 300, 600])
@pytest.mark.parametrize("depth", range(1, 9))
def test_the_widest_network_that_the_budget_allows(budget, depth):
    width = width_within(budget, depth)
    rng = np.random.default_rng(0)
    sizes = [1, *[width] * depth, 1]
    count = sum(
        parameter.value.size
        for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True)
        for parameter in dl.Dense(n_in, n_out, rng=rng).parameters()
    )
    assert parameters(width, depth) == count <= budget < parameters(width + 1, depth)


def test_it_starts_with_random_networks():
    explorer = WidthVsDepth(**SMALL)
    check_frame(explorer, explorer._frame)
    result = shown(explorer)
    assert result["steps"] == [0]
    assert [net["depth"] for net in result["nets"]] == [1, 2, 3]
    for net in result["nets"]:
        assert len(net["lines"]) == 2
        assert net["parameters"] <= 30
        assert max(net["pieces"]) <= net["most"]
    assert "After 0 steps of training. A: error" in explorer._frame["says"]


def test_a_picture_shows_what_training_alone_would_reach():
    explorer = WidthVsDepth(**SMALL, seed=4, rate=0.02)
    explorer.go(3)
    result = shown(explorer)
    x = examples()
    y = target_of(explorer.values, x[:, 0])[:, None]
    assert result["steps"] == [0, 2, 4, 6]
    for net in result["nets"]:
        alone = Ensemble([1, *[net["width"]] * net["depth"], 1], [4, 5], lr=0.02)
        alone.train(x, y, 6)
        for (edges, heights), output in zip(net["lines"], alone.predict(x)[:, :, 0], strict=True):
            np.testing.assert_allclose(np.interp(x[:, 0], edges, heights), output, atol=1e-5)
        wanted = np.sqrt(np.mean((alone.predict(x) - y) ** 2, axis=(1, 2)))
        np.testing.assert_allclose(net["errors"], wanted)
        counted = [dl.linear_pieces(alone.network(i), -1, 1).count for i in range(2)]
        assert net["pieces"] == counted


def test_training_lowers_the_error_and_ends():
    explorer = WidthVsDepth(**SMALL | {"steps": 200}, rate=0.02)
    explorer.go()
    check_frame(explorer, explorer._frame)
    result = shown(explorer)
    assert result["steps"][-1] == 200
    assert explorer.ended
    assert result["errors"].shape == (50, 3, 2)
    assert (np.median(result["errors"][-1], axis=1) < np.median(result["errors"][0], axis=1)).all()
    explorer.shown = 7
    assert shown(explorer)["steps"][-1] == 14
    assert repr(explorer).startswith("WidthVsDepth(step=14, A=[1, 9, 28, ")


def test_many_large_networks_take_fewer_steps_a_picture(monkeypatch):
    monkeypatch.setattr(width_vs_depth, "STRIDES", (10, 5, 2, 1))
    quick = WidthVsDepth()
    assert quick._controls["one"]["label"] == "10 more steps"
    slow = WidthVsDepth(seeds=10, budget=600, first=1, second=1, third=1)
    assert slow._controls["one"]["label"] == "2 more steps"
    monkeypatch.setattr(width_vs_depth, "QUICK", 1)
    assert width_vs_depth.stride_of(slow.values) == 1


def test_the_rate_acts_while_it_runs():
    explorer = WidthVsDepth(**SMALL)
    explorer.go(2)
    explorer.rate = 0.05
    assert len(explorer.record) == 3
    explorer.go(1)
    explorer.seeds = 3
    assert len(explorer.record) == 1


def test_the_sawtooth_is_made_of_teeth():
    x = np.linspace(-1, 1, 13)
    wanted = [0, 0.5, 1, 0.5, 0, 0.5, 1, 0.5, 0, 0.5, 1, 0.5, 0]
    np.testing.assert_allclose(target_of({"target": "teeth", "teeth": 3}, x), wanted, atol=1e-12)


@pytest.mark.parametrize("teeth", [1, 3, 8])
def test_the_network_made_by_hand_is_exact(teeth):
    hand = by_hand(teeth)
    assert hand["errors"] < 1e-12
    assert hand["pieces"] == 2 * teeth <= hand["most"]
    assert hand["parameters"] == parameters(2, hand["depth"])
    assert "by hand" in WidthVsDepth(**SMALL).svg()


def test_c_can_start_near_it():
    explorer = WidthVsDepth(**SMALL | {"teeth": 4}, near=True)
    check_frame(explorer, explorer._frame)
    net = shown(explorer)["nets"][-1]
    assert [net["width"], net["depth"]] == [2, 3]
    assert (net["errors"] < 0.5).all()
    assert explorer._controls["third"]["disabled"]
    far = WidthVsDepth(**SMALL | {"teeth": 4})
    assert not far._controls["third"]["disabled"]


def test_a_curve_is_drawn_and_learnt_while_it_is_drawn():
    explorer = WidthVsDepth(**SMALL, target="drawn", near=True)
    page = Page(explorer)
    assert shown(explorer)["by_hand"] is None
    assert shown(explorer)["nets"][-1]["depth"] == 3
    explorer.go(1)
    frame = page.pick("pad:1", "draw", points=[[-1, 1], [1, 1]], begin=True)
    check_frame(explorer, frame)
    np.testing.assert_allclose(shown(explorer)["wanted"], 1)
    assert len(explorer.record) == 2
    explorer.go(1)
    x = examples()[:, 0]
    for errors, lines in zip(
        explorer.record[-1]["errors"], explorer.record[-1]["lines"], strict=True
    ):
        misses = [np.interp(x, edges, heights) - 1 for edges, heights in lines]
        np.testing.assert_allclose(errors, np.sqrt(np.mean(np.square(misses), axis=1)), atol=1e-5)
    check_frame(explorer, page.pick("pad:0", "key", key="ArrowUp"))
    assert shown(explorer)["cursor"] is not None
    assert explorer.svg().count('data-draw="1"') == 3
    saws = WidthVsDepth(**SMALL)
    before = saws.values
    saws.pick("pad:0", "draw", points=[[0, 1]], begin=True)
    saws.pick("elsewhere", "click")
    assert saws.values == before
    assert "data-draw" not in saws.svg()


def test_steps_that_are_too_large_are_said(monkeypatch):
    explorer = WidthVsDepth(**SMALL)

    def lost(self, x, y, steps):
        raise dl.Diverged("Lower the learning rate.", epoch=1, step=1, lr=1.0)

    monkeypatch.setattr(Ensemble, "train", lost)
    page = Page(explorer)
    page.press("play")
    frame = page.send(do="tick")
    assert frame["error"] == {"sentence": "Lower the learning rate.", "details": ""}
    assert not explorer.running


def test_a_state_makes_it_again():
    explorer = WidthVsDepth(**SMALL, seed=3)
    again = WidthVsDepth.from_state(explorer.state)
    assert again.svg() == explorer.svg()


def test_everything_can_be_moved():
    explorer = WidthVsDepth(**SMALL | {"seeds": 1, "target": "drawn"})
    assert move_everything(explorer, np.random.default_rng(0)) > 20

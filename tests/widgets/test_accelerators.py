"""Processors on paper: arithmetic on published figures, and this machine's own."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import Page, move_everything

from dlnotes.widgets import accelerators
from dlnotes.widgets.accelerators import PUBLISHED, Accelerators, multiply_adds


def test_the_work_is_the_layers_own_count():
    assert multiply_adds("conv") == 100 * 100 * 32 * 3 * 9
    assert multiply_adds("dense") == 30_000 * 100


@pytest.mark.parametrize("task", ["conv", "dense"])
def test_times_are_work_over_peak(task):
    explorer = Accelerators(task=task, pictures=10)
    found = explorer.compute(**explorer.values)["seconds"]
    for item in PUBLISHED:
        assert found[item.name] == pytest.approx(20 * multiply_adds(task) / item.flops)


def test_every_figure_has_a_source_with_a_year():
    picture = Accelerators().svg()
    for item in PUBLISHED:
        assert any(part.strip(",").isdigit() and len(part) == 4 for part in item.source.split())
        assert item.source in picture
        assert item.name in picture


def test_this_machine_is_measured_when_asked(monkeypatch):
    monkeypatch.setattr(
        "dlnotes.kernels.roofline.peak_flops_slices", lambda threads, seconds: [1e11, 1.31e11]
    )
    explorer = Accelerators()
    assert "32-bit floats" not in explorer.svg()
    explorer.press("measure")
    assert explorer.here == 1.31e11
    assert "4,000 times as many" in explorer._frame["says"]
    assert "32-bit floats" in explorer.svg()


def test_this_machine_is_measured_anew_at_each_press(monkeypatch):
    peaks = iter([[1e11, 2e11], [3e11]])
    monkeypatch.setattr(
        "dlnotes.kernels.roofline.peak_flops_slices", lambda threads, seconds: next(peaks)
    )
    explorer = Accelerators()
    Page(explorer).press("measure")
    assert explorer.here == 2e11
    Page(explorer).press("measure")
    assert explorer.here == 3e11


def test_everything_can_be_moved(monkeypatch):
    monkeypatch.setattr(
        "dlnotes.kernels.roofline.peak_flops_slices", lambda threads, seconds: [1e11]
    )
    explorer = Accelerators()
    assert "flops=" in repr(explorer)
    assert move_everything(explorer, np.random.default_rng(0)) > 8


def test_every_mark_of_the_scale_is_a_hundred_times_the_one_before():
    picture = Accelerators(pictures=1).svg()
    for power in ("10⁹", "10¹¹", "10¹³", "10¹⁵"):
        assert f">{power}<" in picture
    assert "operations for 1 picture." in Accelerators(pictures=1)._frame["says"]


def test_a_bar_is_as_long_as_the_logarithm_of_its_peak():
    explorer = Accelerators(here=1e11)
    root = ElementTree.fromstring(explorer.svg())
    wide = [float(e.get("width")) for e in root.iter() if e.get("height") == "16"]
    peaks = [item.flops for item in PUBLISHED] + [1e11]
    np.testing.assert_allclose(wide, 390 * (np.log10(peaks) - 9) / 6, atol=0.1)


def test_no_large_layer_is_made_for_a_picture(monkeypatch):
    made = []

    class Noted(accelerators.Dense):
        def __init__(self, n_in, n_out, **options):
            super().__init__(n_in, n_out, **options)
            made.append(self.weight.value.size)

    monkeypatch.setattr(accelerators, "Dense", Noted)
    Accelerators(task="dense", pictures=7)
    assert max(made) <= 30_000

"""How fast a picture follows the hand, measured in the page and printed.

What a reader waits for is the sum of our work and of JupyterLab's and the browser's own, which on a
slow or busy machine is most of it. So each explorer is measured beside the smallest explorer that
there can be, in turns, in one notebook: where even that one misses a limit, ours must stay near it.
The smallest one says that it is not pure, so no picture of it is remembered by the page, or asked
for ahead: it shows what the way to the kernel and back takes.
"""

import os
import statistics
from pathlib import Path

import pytest
from harness import opened

PROBE = Path(__file__).with_name("probe.js").read_text()
DRAG = Path(__file__).with_name("drag.js").read_text()
CELL = """
import dlnotes as dl
from dlnotes.widgets.controls import slider

class Smallest(dl.Explorer):
    pure = False
    a1 = slider("a₁", -5, 95, step=0.5, value=20)
    def compute(self, *, a1):
        return a1
    def draw(self, a1):
        box = f"<rect width='{a1 + 5:g}' height='9'/>"
        return f"<svg xmlns='http://www.w3.org/2000/svg' width='99' height='9'>{box}</svg>"
    def say(self, a1):
        return f"With a₁ = {a1:g}, it is {a1:g}."

Smallest()
"""
SIMPLE = "dl.QuadraticFitter(surface='none', show=['a1', 'a2', 'a3'])"
LARGEST = "dl.QuadraticFitter(key=True)"
ROUNDS, PRESSES = 3, 24
KEY_LIMIT, RATE_LIMIT, SETTLE_LIMIT = 50, 30, 200  # ms, pictures a second, ms
KEY_SLACK, RATE_SLACK, SETTLE_SLACK = 2, 0.45, 2.5  # of the smallest explorer's, where it misses


@pytest.fixture(scope="module")
def measured(lab, chromium):
    """For each explorer: key press to pixels, pictures a second, ms until settled."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        pytest.skip("times are measured without parallel tests: pytest -n0 tests/browser")
    page = opened(lab, chromium, "speed", [CELL, SIMPLE, LARGEST])
    page.wait_for_timeout(1000)
    found = {name: ([], [], []) for name in ("smallest", "simple", "largest")}
    for _round in range(ROUNDS):
        for i, (keys, rates, settled) in enumerate(found.values()):
            explorer = page.locator(".dlnotes-explorer").nth(i)
            explorer.scroll_into_view_if_needed()
            explorer.evaluate(PROBE)
            keys += key_presses(explorer)
            result = explorer.evaluate(DRAG, ["a₁", 2.5])
            assert result["right"], result
            rates.append(result["rate"])
            settled.append(result["settled"])
    page.close()
    return {
        name: (
            statistics.median(keys),
            statistics.quantiles(keys, n=20)[-1],
            statistics.median(rates),
            statistics.median(settled),
        )
        for name, (keys, rates, settled) in found.items()
    }


def test_server_sends_at_once(lab):
    assert "dlnotes.server | extension was successfully loaded" in lab.log.read_text()


def key_presses(explorer):
    """Milliseconds from each key press's input event to the painted picture that answers it."""
    explorer.get_by_label("a₁", exact=True).focus()
    for press in range(PRESSES):
        explorer.page.keyboard.press("ArrowRight" if press % 12 < 6 else "ArrowLeft")
        explorer.page.wait_for_timeout(110)
    return explorer.evaluate(
        """root => root.dlnotesProbe.inputs.map(input =>
            root.dlnotesProbe.changes.find(change => change.at > input.at)?.at - input.at
        ).filter(time => time)"""
    )


@pytest.mark.parametrize("name", ["simple", "largest"])
def test_a_picture_follows_the_hand(measured, name, capsys):
    with capsys.disabled():
        for who in ("smallest", name):
            median, late, rate, settled = measured[who]
            print(
                f"\n  {who}: key press to pixels {median:.0f} ms, 95% {late:.0f} ms; "
                f"dragging {rate:.0f} pictures a second, settled after {settled:.0f} ms"
            )
    _median, floor_late, floor_rate, floor_settled = measured["smallest"]
    _median, late, rate, settled = measured[name]
    assert late <= max(KEY_LIMIT, KEY_SLACK * floor_late)
    assert rate >= min(RATE_LIMIT, RATE_SLACK * floor_rate)
    assert settled <= max(SETTLE_LIMIT, SETTLE_SLACK * floor_settled)

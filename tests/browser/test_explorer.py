"""What every explorer promises, in JupyterLab and in Notebook 7."""

import pytest
from harness import opened, says

CELLS = {
    "moved": [
        "import dlnotes as dl\nfit = dl.QuadraticFitter(surface='none')",
        "fit",
        "fit",
    ],
    "broken": [
        "import dlnotes as dl\nfrom dlnotes.widgets.controls import slider, switch",
        "class Broken(dl.Explorer):\n"
        "    depth = slider('Depth', 0, 5, value=0)\n"
        "    def compute(self, *, depth):\n"
        "        return 1 / (3 - depth)\n"
        "    def say(self, result):\n"
        "        return f'It is {result:.2f} <b>'\n"
        "Broken()",
    ],
    "busy": [
        "import dlnotes as dl, time\nfit = dl.QuadraticFitter(surface='none')\nfit",
        "print('ready')",
    ],
}


def start_cell(page, source):
    """Write a cell at the end of the notebook and run it, without waiting for it."""
    page.evaluate(
        """async (source) => {
            const { commands, shell } = window.jupyterapp;
            const notebook = shell.currentWidget.content;
            notebook.activeCellIndex = notebook.widgets.length - 1;
            await commands.execute("notebook:insert-cell-below");
            notebook.activeCell.model.sharedModel.setSource(source);
            commands.execute("notebook:run-cell");
        }""",
        source,
    )


def run_cell(page, source):
    """`start_cell`, and return what the cell prints."""
    start_cell(page, source)
    output = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output").first
    output.wait_for(timeout=30_000)
    return output.inner_text().strip()


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_what_is_moved_on_the_page_is_what_a_cell_reads(app, chromium, request):
    page = opened(request.getfixturevalue(app), chromium, "moved", CELLS["moved"])
    first, second = (page.locator(".dlnotes-explorer").nth(i) for i in (0, 1))
    slider = first.get_by_label("a₂", exact=True)
    for _press in range(6):
        slider.press("ArrowRight")
    slider.press("ArrowUp")
    says(second, "a₂ = 3.5,")
    assert slider.evaluate("slider => slider === document.activeElement")
    assert slider.input_value() == "3.5"
    assert run_cell(page, "print(fit.a2)") == "3.5"
    run_cell(page, "fit.a2 = -7; print('set')")
    says(first, "a₂ = −7,")
    assert slider.input_value() == "-7"
    assert page.faults == []
    page.close()


def test_a_failure_is_said_in_the_widget_and_passes(lab, chromium):
    page = opened(lab, chromium, "broken", CELLS["broken"])
    explorer = page.locator(".dlnotes-explorer")
    slider = explorer.get_by_label("Depth", exact=True)
    slider.focus()
    for _press in range(3):
        page.keyboard.press("ArrowRight")
    alert = explorer.get_by_role("alert")
    alert.get_by_text("Something went wrong inside this widget").wait_for()
    alert.get_by_text("Details for the curious").click()
    assert "ZeroDivisionError" in alert.locator("pre").inner_text()
    page.keyboard.press("Shift+Tab")
    slider.focus()
    page.keyboard.press("ArrowRight")
    says(explorer, "It is -1.00 <b>")
    assert not alert.is_visible()
    page.close()


def test_dragging_while_a_cell_runs_ends_at_the_last_value(lab, chromium):
    page = opened(lab, chromium, "busy", CELLS["busy"])
    start_cell(page, "for i in range(150):\n    time.sleep(0.02); fit.a3 = i % 5\nprint('done')")
    slider = page.locator(".dlnotes-explorer").get_by_label("a₁", exact=True)
    for _press in range(40):
        slider.press("ArrowRight")  # the notebook may still be about to take the focus
        page.wait_for_timeout(30)
    page.get_by_text("done", exact=True).first.wait_for(timeout=30_000)
    page.wait_for_timeout(500)
    assert run_cell(page, "print(fit.a1, fit.a3)") == "40.0 4.0"
    says = page.locator(".dlnotes-says").first.inner_text()
    assert "a₁ = 40," in says
    assert "a₃ = 4 " in says
    assert page.faults == []
    page.close()


def test_a_restarted_kernel_is_told_to_the_reader(lab, chromium):
    page = opened(lab, chromium, "moved", CELLS["moved"])
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    page.wait_for_timeout(2000)
    explorer = page.locator(".dlnotes-explorer").first
    explorer.get_by_label("a₁", exact=True).focus()
    page.keyboard.press("ArrowRight")
    explorer.get_by_role("status").get_by_text("it was restarted").wait_for()
    page.close()


def test_a_finger_drags_a_point(lab, chromium):
    page = opened(lab, chromium, "moved", CELLS["moved"])
    explorer = page.locator(".dlnotes-explorer").first
    explorer.scroll_into_view_if_needed()
    point = explorer.locator('[data-pick="point:20"] .dlnotes-hit')
    box = point.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)

    def touch(kind, *places):
        points = [{"x": a, "y": b} for a, b in places]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(60)

    touch("touchStart", (x, y))
    for share in (0.25, 0.5, 0.75, 1):
        touch("touchMove", (x + 40 * share, y - 30 * share))
    touch("touchEnd")
    page.wait_for_timeout(400)
    moved = point.bounding_box()
    assert moved["x"] - box["x"] == pytest.approx(40, abs=2)
    assert moved["y"] - box["y"] == pytest.approx(-30, abs=2)
    page.close()

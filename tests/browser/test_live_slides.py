"""A notebook as live slides in JupyterLab: the widgets are alive, a slider keeps its arrows.

`deck:start` is a command of jupyterlab-slideshow, which the extra `slides` brings.
"""

import nbformat
import pytest
from harness import run, run_all, says


@pytest.fixture
def page(lab, chromium):
    def cell(make, source, kind):
        return make(source, metadata={"slideshow": {"slide_type": kind}})

    markdown, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    cells = [
        cell(markdown, "# First slide", "slide"),
        cell(code, "import dlnotes as dl\ndl.QuadraticFitter(surface='none')", "slide"),
        cell(markdown, "# Last slide", "slide"),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(notebook, lab.folder / "slides.ipynb")
    opened = lab.open(chromium, "slides.ipynb")
    yield opened
    run(opened, "deck:stop")  # the settings remember it: the next notebook would be slides, too
    opened.wait_for_timeout(1500)
    opened.close()


def test_widgets_live_on_slides_and_a_slider_keeps_its_arrows(page):
    run_all(page)
    page.evaluate("() => void (window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0)")
    run(page, "deck:start")
    first, last = (page.get_by_role("heading", name=f"{name} slide") for name in ("First", "Last"))
    explorer = page.locator(".dlnotes-explorer")
    first.wait_for()
    assert not explorer.is_visible()
    page.keyboard.press("ArrowRight")
    slider = explorer.get_by_label("a₁", exact=True)
    slider.wait_for()
    assert not first.is_visible()
    page.wait_for_timeout(500)  # the deck moves the focus itself when a slide appears
    slider.focus()
    for _press in range(2):
        page.keyboard.press("ArrowRight")
    says(explorer, "a₁ = 21,")
    assert slider.is_visible()
    assert not last.is_visible()
    assert page.faults == []

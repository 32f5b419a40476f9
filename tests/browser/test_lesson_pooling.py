"""Lesson 08's widgets as a reader meets them: cells pointed at, pixels turned, pictures dragged."""

import nbformat
import pytest
from harness import run_all, says

CELLS = (
    "import dlnotes as dl",
    "dl.PoolExplorer(image='digit', window=0)",
    "dl.PoolPreimages(result=0)",
    "dl.ShiftTest(n=20)",
)


@pytest.fixture(scope="module")
def page(lab, chromium):
    cells = [nbformat.v4.new_code_cell(text) for text in CELLS]
    written = nbformat.v4.new_notebook(cells=cells)
    written.metadata.kernelspec = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    nbformat.write(written, lab.folder / "pooling.ipynb")
    page = lab.open(chromium, "pooling.ipynb")
    run_all(page)
    yield page
    assert page.faults == []
    page.close()


def widget(page, kind):
    explorer = page.locator(f".dlnotes-{kind}")
    explorer.scroll_into_view_if_needed()
    return explorer


def test_a_cell_of_the_result_is_pointed_at(page):
    explorer = widget(page, "poolexplorer")
    result = explorer.locator('[data-pick="result"]')
    box = result.bounding_box()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.3 * box["height"])
    says(explorer, "In row 1, column 2")
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.3 * box["height"])
    says(explorer, "In row 1, column 3")
    page.mouse.move(0, 0)


def test_arrow_keys_step_through_the_windows_and_enter_holds_one(page):
    explorer = widget(page, "poolexplorer")
    explorer.get_by_label("Window shown", exact=True).focus()
    page.keyboard.press("Home")
    says(explorer, "In row 0, column 0")
    explorer.locator('[data-pick="result"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    says(explorer, "In row 1, column 1")
    page.keyboard.press("Enter")
    says(explorer, "This window is held")
    page.keyboard.press("Enter")


def test_a_pixel_is_turned_by_click_and_by_keyboard(page):
    explorer = widget(page, "poolpreimages")
    explorer.locator('[data-pick="pixel:5"]').click()
    says(explorer, "of 15 with this result")
    pixel = explorer.locator('[data-pick="pixel:15"]')
    pixel.focus()
    page.keyboard.press("Enter")
    says(explorer, "of 225 with this result")
    assert pixel.evaluate("pixel => pixel === document.activeElement")
    page.keyboard.press("PageUp")
    assert page.evaluate("document.activeElement.dataset.pick") == "pixel:14"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.pick") == "pixel:9"


def test_the_picture_is_dragged_and_moved_by_keys(page):
    explorer = widget(page, "shifttest")
    picture = explorer.locator('[data-pick="picture"]')
    box = picture.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3 * box["width"] / 28, y - 2 * box["height"] / 28, steps=5)
    page.mouse.up()
    says(explorer, "Shifted by 3 to the right and 2 up")
    picture.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    says(explorer, "Shifted by 2 to the right and 1 up")

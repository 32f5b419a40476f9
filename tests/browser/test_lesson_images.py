"""Lesson 01's widgets as a reader meets them: pixels, files, pictures in a box, a table asked."""

import nbformat
import numpy as np
import pytest
from harness import run_all, says
from PIL import Image

CELLS = (
    "import dlnotes as dl",
    "dl.PixelInspector(resolution=10)",
    "dl.FunctionBox()",
    "dl.LookupTable(everything=True)",
    "dl.AskTable()",
)


@pytest.fixture(scope="module")
def page(lab, chromium):
    cells = [nbformat.v4.new_code_cell(text) for text in CELLS]
    written = nbformat.v4.new_notebook(cells=cells)
    written.metadata.kernelspec = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    nbformat.write(written, lab.folder / "images.ipynb")
    page = lab.open(chromium, "images.ipynb")
    run_all(page)
    yield page
    assert page.faults == []
    page.close()


def widget(page, kind):
    explorer = page.locator(f".dlnotes-{kind}")
    explorer.scroll_into_view_if_needed()
    return explorer


def test_pixels_are_pointed_at_walked_over_and_pinned(page):
    explorer = widget(page, "pixelinspector")
    image = explorer.locator('[data-pick="image"]')
    box = image.bounding_box()

    def at(col, row):
        return box["x"] + (col + 0.5) / 10 * box["width"], box["y"] + (row + 0.5) / 10 * box[
            "height"
        ]

    page.mouse.move(*at(3, 2))
    says(explorer, "Row 2, column 3: red")
    page.mouse.click(*at(4, 2))
    says(explorer, "This pixel is pinned")
    page.mouse.move(*at(8, 8))
    image.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    says(explorer, "Row 3, column 3: red")
    page.keyboard.press("Enter")
    page.mouse.move(0, 0)
    explorer.get_by_label("blue").click()
    says(explorer, "10 × 10 = 100 pixels, 2 numbers each: 200 numbers")


def test_files_are_read_or_refused(page, tmp_path):
    explorer = widget(page, "pixelinspector")
    colours = np.zeros((8, 8, 3), np.uint8)
    colours[..., 0] = 200
    Image.fromarray(colours).save(tmp_path / "mine.png")
    (tmp_path / "not.png").write_text("no picture at all")
    chooser = explorer.locator('input[type="file"]')
    chooser.set_input_files(tmp_path / "mine.png")
    says(explorer, "Your file has 8 × 8 pixels, 192 numbers.")
    says(explorer, "red 200")
    chooser.set_input_files(tmp_path / "not.png")
    explorer.locator(".dlnotes-error").filter(has_text="neither a PNG nor a JPEG").wait_for()
    (tmp_path / "large.png").write_bytes(bytes(7_000_001))
    chooser.set_input_files(tmp_path / "large.png")
    explorer.locator(".dlnotes-error").filter(has_text="at most 7000000 bytes").wait_for()
    explorer.get_by_label("blue").click()
    says(explorer, "Your file has 8 × 8 pixels")
    explorer.locator(".dlnotes-error").wait_for(state="hidden")


def test_a_picture_is_dragged_into_the_box(page):
    explorer = widget(page, "functionbox")
    picture = explorer.locator('[data-pick="picture:4"]')
    box = picture.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 200, steps=8)
    page.mouse.up()
    says(explorer, "784 numbers went in; out came the label")
    picture.focus()
    page.keyboard.press("Backspace")
    says(explorer, "The box is empty")
    explorer.locator('[data-pick="picture:0"]').click()
    says(explorer, "784 numbers went in")
    page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    explorer.locator('[data-pick="picture:1"] rect[stroke-width="4"]').wait_for()


def test_the_digits_are_turned_page_by_page(page):
    explorer = widget(page, "lookuptable")
    explorer.get_by_label("Page", exact=True).focus()
    page.keyboard.press("End")
    explorer.locator("text", has_text="Digits 72,001 to 72,248 of 72,248").wait_for()


def test_a_pixel_of_the_small_picture_is_turned_and_the_table_is_silent(page):
    explorer = widget(page, "asktable")
    says(explorer, "of the table says")
    explorer.locator('[data-pick="pixel:5"]').click()
    says(explorer, "the table answers nothing")
    page.keyboard.press("Enter")
    says(explorer, "of the table says")
    page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    says(explorer, "the table answers nothing")
    assert page.evaluate("document.activeElement.dataset.pick") == "pixel:6"

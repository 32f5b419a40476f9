"""What runs by itself, is drawn, hovered, typed or uploaded, in a real JupyterLab."""

import os
import signal

import pytest
from harness import opened, says

LIVE = """
import os
import time
from dlnotes.widgets.controls import picks, slider, upload, content
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.live import Live
from dlnotes.widgets.pad import BLANK, drawn, pad_tag

class Count(Live):
    title = "A count"
    pace = slider("Pace", 1, 9, value=1)
    def going(self):
        total = 0
        while True:
            yield total
            time.sleep(0.005)
            total += self.pace
    def compute(self, **values):
        return self.record[values["shown"]]
    def draw(self, total):
        svg = "<svg xmlns='http://www.w3.org/2000/svg' width='99' height='9'>"
        return f"{svg}<rect width='{total % 99}' height='9'/></svg>"
    def say(self, total):
        return f"It counts {total}."
count = Count()
print(os.getpid())
"""
PAD = """
class Pad(Explorer):
    title = "A pad"
    pad = picks("Pad", value=BLANK)
    cell = picks("Cell", value=0)
    at = picks("At", value=None)
    photo = upload("A photo", files=".png", limit=1000)
    def picked(self, pick, /, **values):
        if pick["pick"] == "pad":
            return {"pad": drawn(values["pad"], pick)}
        if pick["how"] == "hover":
            return {"at": [int(pick["x"]), int(pick["y"])]}
        step = {"ArrowRight": 1, "ArrowLeft": -1}.get(pick.get("key"), 0)
        digit = {"7": 100}.get(pick.get("key"), 0)
        return {"cell": (values["cell"] + step + digit) % 1000}
    def compute(self, **values):
        return values
    def draw(self, v):
        marks = ["data-current='1'" if v["cell"] % 100 == i else "" for i in range(4)]
        cells = "".join(
            f"<rect data-pick='cell:{i}' data-keys='1' tabindex='0' x='{220 + 20 * i}' y='10'"
            f" width='18' height='18' {marks[i]}/>"
            for i in range(4)
        )
        axes = ('{"name":"image","left":220,"top":50,"width":100,"height":100,'
                '"x":[0,10],"y":[10,0]}').replace('"', "&quot;")
        image = f"<g data-axes=\\"{axes}\\"><rect data-pick='image' data-hover='cells' x='220'"
        image += " y='50' width='100' height='100' fill='grey'/></g>"
        pad = pad_tag(v["pad"], 10, 10, 200)
        return ("<svg xmlns='http://www.w3.org/2000/svg' width='400' height='220'>"
                f"{pad}{cells}{image}</svg>")
    def say(self, v):
        strokes = v["pad"]["strokes"]
        points = sum(map(len, strokes))
        size = len(content(v["photo"]))
        return f"{len(strokes)} strokes {points} points cell {v['cell']} at {v['at']} {size} bytes"
pad = Pad()
pad
"""


@pytest.fixture(scope="module")
def page(lab, chromium):
    page = opened(lab, chromium, "moving", [LIVE, "count", PAD], height=2400)
    yield page
    assert page.faults == []
    page.close()


def counted(explorer):
    text = explorer.locator(".dlnotes-says").inner_text()
    return int(text.removeprefix("It counts ").removesuffix("."))


def test_a_run_goes_on_by_itself_and_answers_at_once(page):
    count = page.locator(".dlnotes-count")
    play = count.get_by_role("button", name="Play", exact=True)
    play.click()
    pause = count.get_by_role("button", name="Pause", exact=True)
    pause.wait_for()
    page.wait_for_timeout(1500)
    assert (
        counted(count) > 15
    )  # pictures, on a busy machine; an idle one shows some thirty a second
    before = counted(count)
    count.get_by_label("Pace", exact=True).fill("9")
    page.wait_for_timeout(500)
    assert (counted(count) - before) > 18
    pause.click()
    play.wait_for()
    stopped = counted(count)
    page.wait_for_timeout(400)
    assert counted(count) == stopped


def test_an_interrupted_kernel_pauses_what_runs(page):
    pid = int(page.locator(".jp-OutputArea-output").first.inner_text())
    count = page.locator(".dlnotes-count")
    count.get_by_role("button", name="Play", exact=True).click()
    count.get_by_role("button", name="Pause", exact=True).wait_for()
    page.wait_for_timeout(1000)
    os.kill(pid, signal.SIGINT)
    count.get_by_role("button", name="Play", exact=True).wait_for(timeout=10_000)


def test_no_point_of_a_stroke_is_lost(page):
    pad = page.locator(".dlnotes-pad")
    pad.scroll_into_view_if_needed()
    box = pad.locator('[data-pick="pad"]').bounding_box()
    for stroke in (1, 2):
        page.mouse.move(box["x"] + 20, box["y"] + 60 * stroke)
        page.mouse.down()
        for i in range(1, 61):
            page.mouse.move(box["x"] + 20 + 2 * i, box["y"] + 60 * stroke)
        page.mouse.up()
    says(pad, "2 strokes 122 points")


def test_the_keyboard_draws_and_follows_the_marked_cell(page):
    pad = page.locator(".dlnotes-pad")
    pad.locator('[data-pick="pad"]').focus()
    for key in ("ArrowUp", "Space", "ArrowRight", "ArrowRight", "Space"):
        page.keyboard.press(key)
    says(pad, "3 strokes 125 points")
    pad.locator('[data-pick="cell:0"]').focus()
    page.keyboard.press("ArrowRight")
    says(pad, "cell 1 ")
    page.wait_for_function("() => document.activeElement?.dataset.pick === 'cell:1'", timeout=5_000)
    page.keyboard.press("ArrowRight")
    says(pad, "cell 2 ")
    page.keyboard.press("7")
    says(pad, "cell 102 ")


def test_an_image_is_hovered_cell_by_cell(page):
    pad = page.locator(".dlnotes-pad")
    box = pad.locator('[data-pick="image"]').bounding_box()
    share = box["width"] / 10
    page.mouse.move(box["x"] + 2.5 * share, box["y"] + 1.5 * share)
    says(pad, "at [2, 1]")
    page.mouse.move(box["x"] + 7.5 * share, box["y"] + 8.5 * share)
    says(pad, "at [7, 8]")


def test_a_file_is_taken_up_to_its_limit(page):
    pad = page.locator(".dlnotes-pad")
    field = pad.get_by_label("A photo", exact=True)
    field.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"x" * 77})
    says(pad, "77 bytes")
    field.set_input_files({"name": "b.png", "mimeType": "image/png", "buffer": b"x" * 2000})
    pad.locator(".dlnotes-error").filter(has_text="at most 1000 bytes").wait_for()


MEMORY = """
import time
import dlnotes as dl
from dlnotes.widgets.controls import slider

class Slowly(dl.Explorer):
    a = slider("A", 0, 20, value=10)
    b = slider("B", 0, 3, value=0)
    def compute(self, *, a, b):
        time.sleep(0.4)
        return a, b
    def draw(self, result):
        box = f"<rect width='{4 * result[0] + 1:g}' height='{result[1] + 5:g}'/>"
        return f"<svg xmlns='http://www.w3.org/2000/svg' width='99' height='9'>{box}</svg>"
    def say(self, result):
        return f"a {result[0]}, b {result[1]}"
slowly = Slowly()
slowly
"""


def test_a_page_remembers_what_it_has_seen_and_looks_ahead(lab, chromium):
    page = opened(lab, chromium, "memory", [MEMORY])
    slowly = page.locator(".dlnotes-slowly")
    a, b = (slowly.get_by_label(name, exact=True) for name in "AB")
    a.focus()
    page.keyboard.press("ArrowRight")
    says(slowly, "a 11, b 0")
    page.wait_for_timeout(1800)  # the neighbours come while the hand rests
    for key, said in (("ArrowRight", "a 12, b 0"), ("ArrowLeft", "a 11, b 0")):
        page.keyboard.press(key)
        slowly.locator(".dlnotes-says").filter(has_text=said).wait_for(timeout=250)
        page.wait_for_timeout(1800)
    # With another value elsewhere nothing of it is right any more, and nothing of it is shown.
    b.focus()
    page.keyboard.press("ArrowRight")
    says(slowly, "a 11, b 1")
    seen = page.evaluate_handle(
        """() => {
            const says = document.querySelector(".dlnotes-slowly .dlnotes-says");
            const seen = [];
            new MutationObserver(() => seen.push(says.textContent)).observe(
                says, { childList: true, characterData: true, subtree: true });
            return seen;
        }"""
    )
    a.focus()
    page.keyboard.press("ArrowRight")
    says(slowly, "a 12, b 1")
    assert set(seen.json_value()) == {"a 12, b 1"}
    assert page.faults == []
    page.close()

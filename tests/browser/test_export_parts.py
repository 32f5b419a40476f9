"""The parts of an exported document in a browser: typed answers, the deck's keys, paper, search."""

import random

import nbformat
import pytest
from export.explorers import Adder, Cells, Counting, Many, Shades, Tall
from export.lectures import code, lecture, prose, view

from dlnotes import export
from dlnotes.export import site
from dlnotes.export.recording import record
from dlnotes.export.walk import Budget
from dlnotes.lessons.course_map import CourseMap
from dlnotes.lessons.judges import Choice, Number
from dlnotes.lessons.lesson import LESSONS, lesson
from dlnotes.lessons.questions import SIGNS, Check


@pytest.fixture
def opened(chromium, tmp_path):
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    faults = []

    def open_text(text, query="", name="told.html"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text))
        page.goto(path.as_uri() + query)
        page.wait_for_selector("html[data-alive]")
        return page

    yield open_text
    context.close()
    assert faults == []


def explorers(**made):
    """A lecture of explorers alone, each on a slide of its own."""
    cells = [prose("# Title", "slide")]
    cells += [code(key, view(key), kind="slide") for key in made]
    told = lecture(cells=cells)
    told.recordings = {key: record(each, Budget(frames=200)) for key, each in made.items()}
    told.views = {key: {"recording": key} for key in made}
    return told


JUDGES = {
    "thousand": Number(1250, unit="feet", mistakes=[(125, "A nought is missing.")], because="Yes."),
    "share": Number(0.1, tolerance=0.001),
    "large": Number(2.0**70, relative=1e-3),
    "below": Number(-3),
}
TYPED = [
    "1250", "1,250", "1 250", "1_250", "1250 feet", " 1250feet ", "１２５０", "5*250", "5×250",
    "125", "10**2*12.5", "1250.0000000001", "12,5", "1,5", "1250,0", "x", "", "   ",
    "12 50", "2 3", "()", "1250)", "(1250", "-1250", "−1250", "12.5", "125e1", "1e400",
    "1/0", "0/0", "-1/0", "10^2", "2^3", "0.1", ".1", "1.", "1/10", "0.1001", "0.102",
    "0.01", "1.0", "100", "2**70", "2**70*1.0009", "2**0.5", "-2**2", "(-2)**0.5", "2**-1",
    "2**101", "2**1e9", "-3", "+-3", "--3", "3", "-3.0001", "sqrt(9)", "-sqrt(9)", "log(1)",
    "min(1, 2)", "min(1)", "max(1,2,3)", "pi", "π", "e", "2e", "e2", "sin", "sin()",
    "sin(1,2)", "abs(-3)", "tanh(1)", "arctan(1)", "nothing(3)", "__import__", "1;2",
    "0x10", "1e5", "1e-5", "123456.7", "1234567.8", "1e9", "12345678901", "0.00001234",
    "007", "1**1**1", "2**3**2", "8/4/2", "7-3-2", "//", "7//2", "constructor",
    "toString(1)", "³", "2³", "√9", "+" * 40 + "1",
]  # fmt: skip


def test_a_typed_number_is_judged_as_python_judges_it(opened):
    rng = random.Random(0)
    typed = TYPED + [
        "".join(rng.choices("0123456789.+-*/()e ,", k=rng.randint(1, 8))) for _ in range(300)
    ]
    checks = {key: Check("How many?", judge) for key, judge in JUDGES.items()}
    page = opened(export.html(explorers(**checks)))
    for i, (key, judge) in enumerate(JUDGES.items()):
        found = page.evaluate(
            """async ([i, typed]) => {
                const root = document.querySelectorAll(".dlnotes-explorer")[i];
                const [field, button] = [root.querySelector("input"), root.querySelector("button")];
                const found = [];
                for (const text of typed) {
                    field.value = text;
                    field.dispatchEvent(new Event("input", { bubbles: true }));
                    button.click();
                    await new Promise((done) => setTimeout(done));
                    found.push(root.querySelector(".dlnotes-says").textContent);
                }
                return found;
            }""",
            [i, typed],
        )
        for text, said in zip(typed, found, strict=True):
            verdict = judge.judge(text.strip()) if text.strip() else None
            wanted = f"{SIGNS[verdict.state]} {verdict.sentence}" if verdict else ""
            if verdict and "Position" in verdict.sentence:
                assert said.startswith(SIGNS["unanswered"]), (key, text, said)
            else:
                assert said == wanted, (key, text)


def test_the_keys_of_a_slider_are_its_own_and_escape_lets_go(opened):
    page = opened(export.slides(explorers(adder=Adder(), cells=Cells())))
    place = "() => { const { h } = Reveal.getIndices(); return h; }"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(place) == 1
    slider = page.get_by_label("One", exact=True)
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    assert page.evaluate(place) == 1
    assert slider.input_value() == "5"
    assert "It is 5.5" in page.locator(".present .dlnotes-says").first.inner_text()
    page.keyboard.press("Escape")
    assert not page.evaluate("() => Reveal.isOverview()")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(place) == 2
    image = page.locator('[data-pick="image"]')
    image.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert (
        "[2, 0]"
        in page.locator(
            ".present .dlnotes-says .dlnotes-says, .present .dlnotes-says"
        ).last.inner_text()
    )
    assert page.evaluate(place) == 2
    assert image.get_attribute("aria-disabled") == "false"
    assert page.locator('[data-pick="pad"]').get_attribute("aria-disabled") == "true"


def test_checks_are_counted_from_page_to_page(opened, tmp_path, monkeypatch):
    monkeypatch.setenv("DLNOTES_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.chdir(tmp_path)
    name, key = next((name, key) for name in LESSONS for key in lesson(name).checks)
    other = next(other for other in lesson(name).checks if other != key)
    number = Check("How many?", Number(3), lesson=name, key=key)
    choice = Check("Which?", Choice(["a", "b"], "a"), lesson=name, key=other)
    every = CourseMap()
    mapped = opened(export.html(explorers(map=every)), name="index.html")
    total = sum(len(lesson(name).checks) for name in LESSONS)
    says = mapped.locator(".dlnotes-coursemap .dlnotes-says")
    assert says.inner_text().startswith(f"0 of {total} checks are right. Counted in this browser")
    asked = opened(export.html(explorers(number=number, choice=choice)), name="asked.html")
    answer = asked.locator(".dlnotes-explorer").first
    for text in ("4", "3", "4"):  # once right is right
        answer.get_by_label("How many?").fill(text)
        answer.get_by_role("button", name="Check").click()
    asked.get_by_label("b", exact=True).check()
    asked.locator(".dlnotes-explorer").last.get_by_role("button", name="Check").click()
    mapped.wait_for_function("() => document.body.textContent.includes('1 of')")
    assert says.inner_text().startswith(f"1 of {total} checks are right.")
    row = mapped.locator(".dlnotes-picture g[font-weight]").nth(1).locator("text")
    assert row.all_text_contents()[-3:] == ["1", "2", str(len(lesson(name).checks))]


def test_what_does_nothing_says_why(opened):
    many = Many()
    page = opened(
        export.html(explorers(many=many, cells=Cells(), sure=Many().export(form=["x", "y"])))
    )
    first, cells, sure = (page.locator(".dlnotes-explorer").nth(i) for i in range(3))
    words = first.get_by_label("Words")
    reason = "What is typed here must be computed: open the notebook in Jupyter."
    assert words.is_disabled()
    assert words.get_attribute("aria-description") == reason
    words.click(force=True)
    hint = first.locator(".dlnotes-hint")
    assert hint.inner_text() == reason
    cells.locator('[data-pick="image"]').focus()
    page.keyboard.press("Home")
    assert cells.locator(".dlnotes-hint").inner_text().startswith("This was not recorded")
    page.keyboard.press("ArrowRight")
    assert cells.locator(".dlnotes-hint").is_hidden()
    options = sure.get_by_label("Form").locator("option").all_inner_texts()
    assert options == ["X", "Y", "Z (not recorded)"]
    hint.wait_for(state="hidden")


def test_images_are_loaded_before_their_turn(opened):
    """A value that was never shown is drawn in the moment of its event."""
    page = opened(export.html(explorers(shades=Shades())))
    for start in range(1, 10):
        if page.evaluate(SWEEP, start):
            return
        page.wait_for_timeout(500)
    pytest.fail("there are no more values that were not shown")


# Whether every tenth value of the slider shows its picture at once.
SWEEP = """async (start) => {
    const slider = document.querySelector("input[type=range]");
    for (let value = start; value <= 120; value += 10) {
        slider.value = value;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        for (let turn = 0; turn < 5; turn += 1) await null;
        const title = document.querySelector(".dlnotes-picture title").textContent;
        if (title !== String(value)) return false;
    }
    return true;
}"""


@pytest.mark.parametrize("first", [0, 1])
def test_of_one_explorer_shown_twice_both_copies_are_answered(first, opened):
    """Both are moved in one breath; then each follows the other, and none waits for an answer."""
    told = explorers(adder=Adder())
    told.cells.append(told.cells[-1])
    page = opened(export.html(told))
    page.evaluate(BOTH, first)
    page.wait_for_timeout(2600)  # until an explorer would say that it waits
    copies = [page.locator(".dlnotes-explorer").nth(i) for i in range(2)]
    for copy in copies:
        assert copy.locator(".dlnotes-waiting").is_hidden()
        assert copy.get_by_role("slider").first.input_value() == "1"
        assert copy.get_by_role("slider").nth(1).input_value() == "0.25"
    copies[first].get_by_role("slider").first.press("End")
    assert [copy.get_by_role("slider").first.input_value() for copy in copies] == ["5", "5"]
    assert copies[1 - first].locator(".dlnotes-says").inner_text() == "It is 5.25 & no more."


# Four moves of one copy and four of the other, more than are on their way at once, before any
# answer is heard.
BOTH = """first => {
    const roots = [...document.querySelectorAll(".dlnotes-explorer")];
    const move = (root, index, value) => {
        const slider = root.querySelectorAll("input[type=range]")[index];
        slider.value = value;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
    };
    for (const value of [5, 4, 3, 1]) move(roots[first], 0, value);
    for (const value of [1, 0.75, 0.5, 0.25]) move(roots[1 - first], 1, value);
}"""


def test_nothing_is_cut_off_however_much_there_is(opened):
    long = prose("## Much\n\n" + "Many words that fill a slide. " * 200, "slide")
    told = explorers(adder=Adder())
    told.cells.append(long)
    page = opened(export.slides(told))
    for _slide in range(3):
        inside = page.evaluate(
            """() => {
                const slide = Reveal.getCurrentSlide();
                const { bottom, right } = slide.querySelector(".fit").getBoundingClientRect();
                return bottom <= innerHeight && right <= innerWidth;
            }"""
        )
        assert inside
        page.keyboard.press("PageDown")


def test_the_deck_is_printed_a_slide_a_page(opened, tmp_path):
    run = Counting()
    told = export.slides(explorers(adder=Adder(), tall=Tall(), run=run))
    page = opened(told, "?print-pdf")
    page.wait_for_selector(".pdf-page")
    slider = page.locator('[id$="-shown"]')
    page.wait_for_function("slider => slider.value === slider.max", arg=slider.element_handle())
    assert int(slider.input_value()) == len(run.record) - 1 > 0
    page.pdf(path=str(tmp_path / "told.pdf"), prefer_css_page_size=True)
    content = (tmp_path / "told.pdf").read_bytes()
    assert content.count(b"/Type /Page\n") == 4
    assert page.locator(".pdf-page .dlnotes-picture > svg").count() == 3
    for place in page.evaluate(
        """() => [...document.querySelectorAll(".pdf-page")].map((sheet) => {
            const outer = sheet.getBoundingClientRect();
            const inner = sheet.querySelector(".fit").getBoundingClientRect();
            const [left, top] = [inner.left - outer.left, inner.top - outer.top];
            return [left, top, outer.right - inner.right, outer.bottom - inner.bottom];
        })"""
    ):
        assert min(place) > 20


def test_panels_stand_on_a_slide_as_they_are_read_best(opened):
    page = opened(export.slides(explorers(tall=Tall())))
    page.keyboard.press("ArrowRight")
    picture = page.locator(".present .dlnotes-picture > svg")
    panels = [panel.bounding_box() for panel in picture.locator(".dlnotes-panel").all()]
    assert len({box["y"] for box in panels}) == 1  # as drawn, they would have to be smaller
    assert max(box["x"] + box["width"] for box in panels) <= 1280
    page.get_by_label("Form").select_option("y")
    page.locator(".present .dlnotes-picture > svg > title", has_text="y").wait_for(state="attached")
    assert [panel.bounding_box() for panel in picture.locator(".dlnotes-panel").all()] == panels


def painted(page):
    """How bright the ground is, and the ink, from 0 to 765."""
    return page.evaluate(
        """() => ["backgroundColor", "color"].map((name) => {
            const colour = getComputedStyle(document.body)[name];
            const [red, green, blue] = colour.match(/[0-9]+/g).map(Number);
            return red + green + blue;
        })"""
    )


@pytest.mark.parametrize("form", ["html", "slides"])
def test_light_and_dark(form, opened):
    page = opened(getattr(export, form)(explorers(adder=Adder())))
    switch = page.get_by_role("button", name="Light or dark")
    ground, ink = painted(page)
    assert (ground > 600, ink < 150) == (True, True)
    switch.focus()
    page.keyboard.press("Enter")
    ground, ink = painted(page)
    assert (ground < 150, ink > 600) == (True, True)
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert painted(page)[0] > 600  # paper is white
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert painted(page)[0] < 150


def test_the_map_finds_words_and_leads_on(opened, tmp_path):
    cells = [prose("# Map\n\nWelcome." + "\n\nMore." * 90), prose("## Later\n\nA *needle* in hay.")]
    told = lecture("00_start_here", [nbformat.from_dict(cell) for cell in cells])
    told.recordings = {}
    other = explorers(adder=Adder())
    pages = site.pages([told, other])
    for name, text in pages.items():
        (tmp_path / site.file_of(name)).write_text(text, encoding="utf-8")
    page = opened(pages["00_start_here"], "#search", "index.html")
    page.keyboard.type("hay needle")
    link = page.locator("ol.found a")
    assert link.inner_text() == "Map: Later"
    link.click()
    needle = page.get_by_role("heading", name="Later")
    assert 0 <= needle.bounding_box()["y"] < 720
    page.get_by_label("Search").focus()
    page.keyboard.press("End")
    page.keyboard.type(" gone")
    assert page.locator("ol.found").inner_text() == "Nothing found."
    page.get_by_role("link", name="Title →").click()
    page.wait_for_selector("html[data-alive]")
    assert page.url.endswith("/01_first.html")
    page.get_by_role("link", name="Map of the course").click()
    assert page.url.endswith("/index.html")

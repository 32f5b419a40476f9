"""A prediction that is measured: it says how far it is, is paused, and keeps nobody waiting."""

import pytest
from harness import opened, says

CELLS = [
    "import dlnotes as dl",
    'dl.lesson("05_depth").predict("spend")',
    "dl.SoftmaxView()",
]


@pytest.fixture(scope="module")
def page(lab, chromium):
    return opened(lab, chromium, "measuring", CELLS)


def test_it_is_paused_while_something_else_is_moved_and_goes_on(page):
    asked, view = page.locator(".dlnotes-predict"), page.locator(".dlnotes-softmaxview")
    asked.get_by_label("the wide one").check()
    asked.get_by_role("button", name="Commit, then look").click()
    asked.get_by_role("button", name="Pause").click()
    says(asked, "Press “Go on”.")
    assert asked.locator(".dlnotes-picture").is_hidden()
    stopped = asked.locator(".dlnotes-says").inner_text()
    before = view.locator(".dlnotes-says").inner_text()
    view.locator("input[type=range]").first.focus()
    page.keyboard.press("End")
    view.locator(".dlnotes-says").filter(has_not_text=before).wait_for()
    assert asked.locator(".dlnotes-says").inner_text() == stopped
    asked.get_by_role("button", name="Go on").click()
    says(asked, "redicted")  # as it was predicted, or not
    asked.get_by_text("Errors after").first.wait_for(state="attached")
    assert asked.get_by_role("button", name="Commit, then look").is_disabled()
    assert page.faults == []

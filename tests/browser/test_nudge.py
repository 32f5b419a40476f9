"""An answer that is late is nudged: the page alone, with a source made up for it."""

import json

from widgets.waves import Waves

from dlnotes.widgets.explorer import HERE

SOURCE = """
const waves = WAVES;
window.sent = [];
window.nudges = 0;
window.frame = { ...waves.frame };
let hear;
window.source = {
  words: waves.words, title: "Waves", kind: "waves",
  controls: () => waves.controls,
  frame: () => window.frame,
  send: (message) => window.sent.push(message),
  nudge: () => (window.nudges += 1),
  listen: (onFrame) => ((hear = onFrame), () => {}),
};
window.answer = () => {
  const { view, number, name, value } = window.sent.at(-1);
  const values = { ...window.frame.values, [name]: value };
  window.frame = { ...window.frame, values, answers: [view, number] };
  hear();
};
"""


def test_a_lone_message_is_nudged_once_and_only_while_it_waits(chromium):
    waves = Waves()
    known = {"frame": waves._frame, "controls": waves._controls, "words": waves._words}
    page = chromium.new_page()
    page.set_content("<body></body>")
    page.add_script_tag(content=SOURCE.replace("WAVES", json.dumps(known)))
    code = (HERE / "explorer.js").read_text(encoding="utf-8")
    page.add_script_tag(content=code + "\nmount(document.body, window.source);", type="module")

    def move(steps):
        """Move the slider so many times at once, and say how many nudges there are 100 ms later."""
        page.evaluate(
            """async (steps) => {
                const slider = document.querySelector("input[type=range]");
                for (let i = 0; i < steps; i += 1) {
                    slider.stepUp();
                    slider.dispatchEvent(new Event("input"));
                    if (window.prompt_answers) window.answer();
                }
                await new Promise((done) => setTimeout(done, 100));
            }""",
            steps,
        )
        return page.evaluate("window.nudges")

    page.locator("input[type=range]").first.wait_for()
    assert move(1) == 1
    page.evaluate("window.answer()")
    assert move(2) == 1  # each acknowledges for the one before
    page.evaluate("window.answer()")
    page.evaluate("window.prompt_answers = true")
    assert move(1) == 1  # answered at once
    assert page.evaluate("window.sent.length") == 4
    page.close()

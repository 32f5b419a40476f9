"""The page's module agrees with Python: words, kinds of control, and the messages it sends."""

import re
import shutil
import subprocess

import pytest
from widgets.waves import Waves

from dlnotes.lessons.questions import Check, Predict
from dlnotes.widgets.controls import Button, Control
from dlnotes.widgets.explorer import HERE
from dlnotes.widgets.page import peeked
from dlnotes.widgets.sentences import WORDS

SOURCE = (HERE / "explorer.js").read_text(encoding="utf-8")
CODE = re.sub(r"(?<!:)//.*", "", SOURCE)
STYLE = (HERE / "explorer.css").read_text(encoding="utf-8")


def test_every_word_is_used_and_every_used_word_exists():
    used = set(re.findall(r"\bwords\.(\w+)", CODE))
    for names in re.findall(r"\{([\w, ]+)\} = \w+\.words", CODE):
        used |= set(re.findall(r"\w+", names))
    assert used == set(WORDS)


def test_every_kind_of_control_has_a_maker():
    makers = CODE[CODE.index("const makers = {") : CODE.index("\n};")]
    made = set(re.findall(r"^  (\w+)\(control, id", makers, re.MULTILINE))
    shown = {control.describe()["kind"] for control in Waves.declarations().values()} - {"picks"}
    assert made == shown | {"upload"}
    kinds = {kind.kind for kind in Control.__subclasses__()}
    assert kinds == made | {"picks"}


def test_what_the_makers_read_is_described():
    described = {key for control in Waves.declarations().values() for key in control.describe()}
    read = set(re.findall(r"\bcontrol\.(\w+)", CODE)) | set(re.findall(r"\bnow\.(\w+)", CODE))
    recorded = {"stops", "missing"}  # where a recording has frames, and what is said of the rest
    assert read <= described | {"files"} | recorded
    assert {"minimum", "maximum", "step", "log", "options", "disabled", "help"} <= read


def test_messages_say_what_python_understands():
    assert set(re.findall(r'\bdo: "(\w+)"', CODE)) == {"set", "press", "pick", "tick", "peek"}
    hows = set(re.findall(r'how: "(\w+)"', CODE)) | set(re.findall(r'tell\("(\w+)"', CODE))
    assert hows == {"click", "drag", "drop", "hover", "leave", "draw", "key"}
    assert '"_frame"' in CODE
    for name in ("_words", "_title", "_controls", "_frame"):
        assert f'model.get("{name}")' in CODE
        assert Waves.class_traits()[name].metadata["sync"]


def test_every_part_of_a_frame_is_read():
    frame = Waves()._frame
    read = set(re.findall(r"\bframe\.(\w+)", CODE)) | {"version"}
    ahead, recorded = {"answers", "asked", "controls"}, {"hint"}  # parts that other frames have
    assert read == set(frame) | ahead | recorded
    assert set(peeked(Waves(), "height", 2)) <= read
    assert isinstance(Waves.declarations()["double"], Button)


def test_every_class_that_is_styled_is_made():
    drawn = CODE + "".join(path.read_text("utf-8") for path in HERE.parent.rglob("pictures/*.py"))
    kinds = {f"dlnotes-{question.__name__.lower()}" for question in (Check, Predict)}
    for name in set(re.findall(r"\.(dlnotes-[a-z]+)", STYLE)) - kinds:
        assert name in drawn
    assert "dlnotes-${source.kind}" in CODE


def test_nothing_is_loaded_from_elsewhere():
    assert not re.search(r"\bimport\b|https?://|@import|url\(", CODE.replace("importNode", ""))
    assert not re.search(r"https?://|@import|url\(", STYLE)
    assert "innerHTML" not in CODE


def test_the_module_can_be_parsed(tmp_path):
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed here; the browser tests load the module anyway")
    module = tmp_path / "explorer.mjs"
    module.write_text(SOURCE, encoding="utf-8")
    done = subprocess.run(
        [node, "--check", str(module)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr

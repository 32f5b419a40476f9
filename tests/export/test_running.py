"""A notebook runs in a kernel of its own; what fails is named."""

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import ipywidgets
import nbformat
import pytest
from export.explorers import Adder
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from dlnotes import course, export
from dlnotes.export import recorder, running

CELLS = """
import ipywidgets, os, pathlib
import dlnotes as dl
from dlnotes.widgets.controls import slider
class Two(dl.Explorer):
    number = slider("Number", 0, 3, value=0)
    def compute(self, *, number): return 2 * number
    def say(self, result): return f"Twice is {result}"
two = Two()
---
two
---
ipywidgets.VBox([two, ipywidgets.IntSlider()])
---
two.number = 2
print(pathlib.Path.cwd().name, "progress" in os.environ["DLNOTES_PROGRESS"])
---
two.number
"""


def notebook(path, *sources):
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_a_notebook_runs_and_its_explorers_are_recorded(tmp_path):
    folder = tmp_path / "here"
    folder.mkdir()
    told = export.lecture(notebook(folder / "two.ipynb", *CELLS.split("---")))
    assert len(told.cells) == 5
    (key,) = told.recordings
    assert told.recordings[key].states == 4
    assert told.recordings[key].says == "Twice is 4"  # as the notebook leaves it
    first, second = told.views.values()
    assert first == {"recording": key}
    assert second == {"box": [{"recording": key}, {"other": "IntSlider"}]}
    assert told.cells[3].outputs[0].text == "here True\n"
    assert [path.name for path in folder.iterdir()] == ["two.ipynb"]


def test_a_notebook_in_another_language_is_not_run(tmp_path):
    path = notebook(tmp_path / "other.ipynb", "println(1)")
    other = nbformat.read(path, as_version=4)
    other.metadata["language_info"] = {"name": "julia"}
    nbformat.write(other, path)
    with pytest.raises(export.ExportError, match=r"other\.ipynb is a notebook in julia: only"):
        export.lecture(path)


def test_a_cell_that_fails_is_named_with_its_error(tmp_path):
    path = notebook(tmp_path / "bad.ipynb", "1", "# first\n1 / 0\n2")
    with pytest.raises(export.ExportError, match=r"bad\.ipynb, cell 2 \(“1 / 0”\) fails: Zero.*"):
        export.lecture(path)


@pytest.mark.parametrize(
    ("error", "why"),
    [(CellTimeoutError("late"), "has not ended after 600 seconds"), (DeadKernelError(), "died")],
)
def test_a_cell_that_does_not_end_is_named(error, why):
    class Client:
        def execute_cell(self, cell, i):
            raise error

    cell = nbformat.v4.new_code_cell("")
    with pytest.raises(export.ExportError, match=rf"a\.ipynb, cell 1 \(“”\).*{why}"):
        running.run_cell(Client(), cell, 0, Path("a.ipynb"))


def test_a_notebook_that_runs_can_be_stopped(tmp_path, monkeypatch):
    path = notebook(tmp_path / "long.ipynb", "import time; time.sleep(100)")
    cell = running.run_cell

    def stopped(client, *where):
        threading.Timer(0.3, running.stop).start()
        cell(client, *where)

    monkeypatch.setattr(running, "run_cell", stopped)
    with pytest.raises(export.ExportError, match="its Python died"):
        export.lecture(path)
    assert not running._kernels


def test_ctrl_c_ends_the_kernel_and_quiets_what_would_tell_of_it(monkeypatch):
    monkeypatch.setattr(logging.getLogger("asyncio"), "disabled", False)
    ended = []

    class Kernel:
        def kill(self):
            ended.append(self)

    kernel = Kernel()
    client = SimpleNamespace(km=SimpleNamespace(provisioner=SimpleNamespace(process=kernel)))
    with pytest.raises(KeyboardInterrupt), running.known(client):
        raise KeyboardInterrupt
    assert ended == [kernel]
    assert logging.getLogger("asyncio").disabled


STOPPED = """
import os, signal, sys, threading, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job begins deaf to it
from dlnotes import cli
from dlnotes.export import running

def interrupt():
    while not running._kernels:
        time.sleep(0.05)
    time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=interrupt, daemon=True).start()
sys.exit(cli.main(["slides", "long.ipynb", "-o", "deck.html"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
def test_ctrl_c_says_one_word_and_leaves_nothing(tmp_path):
    notebook(tmp_path / "long.ipynb", "import time", "time.sleep(100)")
    command = [sys.executable, "-c", STOPPED]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["long.ipynb"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "cannot be read: No such file"),
        (b"not JSON", "is not a notebook"),
        (b"{}", "is not a notebook"),
        (b"\xff\xfe", "is not a notebook"),
        (json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": 3, "metadata": {}}).encode(),
         "is not a notebook"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_said_so(content, why, tmp_path):
    path = tmp_path / "a.ipynb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(export.ExportError, match=why):
        running.read(path)


def test_a_lesson_of_the_package_runs_in_a_copy(tmp_path, monkeypatch):
    source = course.package_notebooks().resolve()
    place = running.workplace(source, tmp_path)
    assert place != source
    assert {path.name for path in source.glob("*.ipynb")} == {path.name for path in place.iterdir()}

    def none():
        raise course.CourseError("none")

    monkeypatch.setattr(running, "package_notebooks", none)
    assert running.workplace(source, tmp_path) == source


def test_the_kernel_writes_what_was_shown(tmp_path):
    adder, other = Adder(), ipywidgets.IntSlider()
    bar = ipywidgets.FloatProgress(3, min=1, max=5)
    box = ipywidgets.VBox([adder, other, ipywidgets.HTML("<b>4</b> &lt; 5 "), bar])
    target = tmp_path / "recorded.json"
    models = [box.model_id, adder.model_id, "gone"]
    recorder.record_shown(str(target), models, size=10**6, seconds=5.0)
    found = json.loads(target.read_text("utf-8"))
    assert list(found["recordings"]) == [adder.model_id]
    assert found["views"]["gone"] == {"other": "NoneType"}
    _adder, *others = found["views"][box.model_id]["box"]
    assert others == [{"other": "IntSlider"}, {"words": "4 < 5"}, {"bar": 0.5}]

"""Every notebook: moved all over by the driver, and in the form that readers rely on."""

import ast
import re

import nbformat
import numpy as np
import pytest
from driver import NOTEBOOKS, move_everything, run
from numba.core import event

from dlnotes import warm
from dlnotes.kernels.compiled import config, kernel
from dlnotes.lessons.lesson import LESSONS, lesson

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
LESSON_PATHS = [path for path in PATHS if path.stem in LESSONS]
SLIDES = {"slide", "subslide", "fragment", "skip", "notes", "-"}


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(params=LESSON_PATHS, ids=lambda path: path.stem)
def lesson_path(request):
    return request.param


def sources(notebook, kind):
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


@pytest.fixture(scope="module")
def warmed():
    """Everything that `dlnotes warm` compiles."""
    for name in warm.kernel_modules():
        warm.warm_module(name)


@pytest.fixture
def compiled(warmed):
    """What the compiler is started for meanwhile, by name."""
    names = []

    class Noted(event.Listener):
        def on_start(self, event):
            names.append(event.data["dispatcher"].py_func.__qualname__)

        def on_end(self, event):
            pass

    with event.install_listener("numba:compile", Noted()):
        yield names


def test_a_compilation_would_be_noticed(compiled):
    kernel(cache=False)(lambda x: x + 1)(1.0)
    assert bool(compiled) != bool(config.DISABLE_JIT)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_everything_can_be_moved(path, tmp_path, monkeypatch, compiled):
    monkeypatch.setenv("DLNOTES_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.chdir(tmp_path)  # a lesson may write a file beside it
    explorers = run(path)
    assert explorers
    rng = np.random.default_rng(0)
    for explorer in explorers:
        state = explorer.state
        assert type(explorer).__name__ in repr(explorer)
        move_everything(explorer, rng)
        if not any(control.disabled for control in explorer.controls.values()):
            explorer.update(**state)
            assert explorer.state == state
    assert not compiled  # no lesson waits for the compiler, once all is warm


def test_every_lesson_is_a_notebook():
    assert {path.stem for path in LESSON_PATHS} == set(LESSONS)


def test_outputs_are_stored_only_where_they_are_compared(notebook):
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        compared = "nbval-check-output" in cell.metadata.get("tags", [])
        assert bool(cell.outputs) == compared
        assert (cell.execution_count is None) != compared
        for output in cell.outputs:
            assert output.output_type == "stream"
            assert output.name == "stdout"
    assert "widgets" not in notebook.metadata


def test_cells_carry_slide_types(notebook):
    types = [cell.metadata.slideshow.slide_type for cell in notebook.cells]
    assert set(types) <= SLIDES
    assert types[0] == "slide"


def test_prose_stands_in_markdown_only(notebook):
    for source in sources(notebook, "code"):
        assert "#" not in source
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, ast.ClassDef)
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert " " not in node.value


def test_links_lead_to_notebooks_that_exist(notebook):
    for source in sources(notebook, "markdown"):
        for target in re.findall(r"\]\(([^)#]+\.ipynb)\)", source):
            assert (NOTEBOOKS / target).exists()


def test_a_lesson_has_its_frame(lesson_path):
    notebook = nbformat.read(lesson_path, as_version=4)
    prose, code = sources(notebook, "markdown"), "\n".join(sources(notebook, "code"))
    assert "question" in prose[0]
    assert re.search(r"\d+ minutes", prose[0])
    assert "00_start_here.ipynb" in prose[0]
    assert "00_start_here.ipynb" in prose[-1]
    asked = lesson(lesson_path.stem)
    assert re.findall(r'lesson\.predict\("(\w+)"', code) == list(asked.predictions)
    assert re.findall(r'lesson\.check\("(\w+)"', code) == list(asked.checks)
    assert len(asked.predictions) >= 2
    assert 5 <= len(asked.checks) <= 8


def test_the_map_shows_every_lesson_with_its_minutes():
    start = nbformat.read(NOTEBOOKS / "00_start_here.ipynb", as_version=4)
    rows = re.findall(r"\]\((\w+)\.ipynb\) \|.*\| (\d+) \|", "\n".join(sources(start, "markdown")))
    said = {}
    for path in LESSON_PATHS:
        opening = nbformat.read(path, as_version=4).cells[0].source
        said[path.stem] = re.search(r"(\d+) minutes", opening)[1]
    assert dict(rows) == said

"""Runs a notebook in a kernel of its own, and records the explorers that its cells show."""

import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from dlnotes.course import CourseError, course_files, package_notebooks
from dlnotes.export.recording import Recording
from dlnotes.words import _

VIEW = "application/vnd.jupyter.widget-view+json"
ANSI = re.compile("\x1b\\[[0-9;]*m")  # colours of a traceback
RECORD = "import dlnotes.export.recorder as _r; _r.record_shown({!r}, {!r}, size={}, seconds={})"
PATIENCE = 600  # seconds for one cell

_kernels: set[subprocess.Popen[bytes]] = set()  # that run a notebook now, for whichever thread


class ExportError(Exception):
    """The export cannot be made; the message is one sentence for whoever asked for it."""


@dataclass
class Lecture:
    """A notebook that has run: its cells with their outputs, and what its explorers do.

    `views` maps a widget's model to what is shown in its place: {"recording": key},
    {"box": [views]} or {"other": name}.
    """

    name: str
    folder: Path
    cells: list[Any]
    views: dict[str, Any] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)


class ThisPython(AsyncKernelManager):
    """A kernel of this very Python, whatever other kernels are registered."""

    @property
    def kernel_spec(self) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        argv.append("--log-level=CRITICAL")  # what goes wrong is said in a sentence of ours
        return KernelSpec(argv=argv, display_name="Python 3", language="python")


def read(path: Path) -> Any:
    """The notebook at `path`; ExportError in one sentence where there is none."""
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except OSError as error:
        reason = error.strerror or error
        raise ExportError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=reason)
        ) from None
    except Exception as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        sentence = _("{path} is not a notebook: {reason}.")
        raise ExportError(sentence.format(path=path, reason=first.rstrip("."))) from None
    language = notebook.metadata.get("language_info", {}).get("name", "python")
    if language != "python":
        sentence = _("{path} is a notebook in {language}: only those in Python can be exported.")
        raise ExportError(sentence.format(path=path, language=language))
    return notebook


def run(path: Path, *, size: int, seconds: float) -> Lecture:
    """Run the notebook at `path` from top to bottom and record what it shows.

    `size` is how many bytes the recordings may take in the page, `seconds` how long they may take.
    ExportError names the cell that fails, and its error.
    """
    notebook = read(path)
    folder = path.resolve().parent
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "recorded.json"
        env = os.environ | {"DLNOTES_PROGRESS": str(Path(scratch) / "progress.json")}
        client = NotebookClient(notebook, kernel_manager_class=ThisPython, timeout=PATIENCE)
        with client.setup_kernel(cwd=str(workplace(folder, Path(scratch))), env=env), known(client):
            for i, cell in enumerate(notebook.cells):
                run_cell(client, cell, i, path)
            shown = list(dict.fromkeys(models_shown(notebook.cells)))
            source = RECORD.format(str(target), shown, size, seconds)
            notebook.cells.append(nbformat.v4.new_code_cell(source))
            run_cell(client, notebook.cells[-1], len(notebook.cells) - 1, path)
            notebook.cells.pop()
        found = json.loads(target.read_text("utf-8"))
    recordings = {key: Recording(**parts) for key, parts in found["recordings"].items()}
    return Lecture(path.stem, folder, notebook.cells, found["views"], recordings)


@contextmanager
def known(client: NotebookClient) -> Iterator[None]:
    """For as long as it runs the client's kernel can be stopped by `stop`."""
    manager: Any = client.km
    kernel = manager.provisioner.process
    _kernels.add(kernel)
    try:
        yield
    except KeyboardInterrupt:
        kernel.kill()  # else its cell would be waited for
        logging.getLogger("asyncio").disabled = True  # it would report the cell that was cut off
        raise
    finally:
        _kernels.discard(kernel)


def stop() -> None:
    """End the kernels of the notebooks that run now, in whichever thread: each `run` soon fails."""
    for kernel in list(_kernels):
        kernel.kill()


def workplace(folder: Path, scratch: Path) -> Path:
    """Where the notebook runs: beside its file, but a lesson of the package in a copy of these."""
    if not is_of_the_package(folder):
        return folder
    copy = scratch / "course"
    for name in course_files(folder):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, copy / name)
    return copy


def is_of_the_package(folder: Path) -> bool:
    try:
        return folder == package_notebooks().resolve()
    except CourseError:
        return False


def run_cell(client: NotebookClient, cell: Any, i: int, path: Path) -> None:
    where = {"path": path, "cell": i + 1, "line": first_line(cell.source)}
    try:
        client.execute_cell(cell, i)
    except CellExecutionError as error:
        sentence = _("{path}, cell {cell} (“{line}”) fails: {name}: {value}")
        raise ExportError(
            sentence.format(name=error.ename, value=first_line(error.evalue), **where)
        ) from None
    except CellTimeoutError:
        sentence = _("{path}, cell {cell} (“{line}”) has not ended after {seconds} seconds.")
        raise ExportError(sentence.format(seconds=PATIENCE, **where)) from None
    except DeadKernelError:
        sentence = _("{path}, cell {cell} (“{line}”): its Python died.")
        raise ExportError(sentence.format(**where)) from None


def first_line(text: str) -> str:
    """The first line that is neither empty nor a comment, else the first."""
    lines = [line.strip() for line in ANSI.sub("", text).splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith("#")] or lines
    return told[0][:120] if told else ""


def models_shown(cells: list[Any]) -> Iterator[str]:
    """The models of the widgets that the cells' outputs show, in their order."""
    for cell in cells:
        for output in cell.get("outputs", []):
            view = output.get("data", {}).get(VIEW)
            if view:
                yield view["model_id"]

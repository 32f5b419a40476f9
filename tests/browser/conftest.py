import os
import shutil
from pathlib import Path

import pytest
from harness import Server, browser, find_chromium

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="session")
def chromium():
    if os.environ.get("DLNOTES_SKIP_BROWSER"):
        pytest.skip("DLNOTES_SKIP_BROWSER is set: these tests run in a step of their own")
    if find_chromium() is None:
        reason = "no Chromium on the PATH; install your system's package `chromium`"
        if os.environ.get("DLNOTES_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    with browser() as opened:
        yield opened


def served(tmp_path_factory, app):
    folder = tmp_path_factory.mktemp("course")
    for path in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(path, folder)
    return Server(folder, tmp_path_factory.mktemp("home"), app=app)


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory):
    server = served(tmp_path_factory, "lab")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def notebook(chromium, tmp_path_factory):
    pytest.importorskip(
        "notebook", reason="Notebook 7 is not installed; the `test` extra brings it"
    )
    server = served(tmp_path_factory, "notebook")
    yield server
    server.stop()

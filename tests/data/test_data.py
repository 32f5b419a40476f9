"""The room of data as a whole: light to enter, and its names are what they say."""

import importlib
import subprocess
import sys

import pytest

import dlnotes as dl

NAMES = (
    *("augment", "batches", "digits", "fashion_mnist", "like_mnist", "mnist"),
    *("photo", "read_idx", "shape", "shapes", "shift", "strokes"),
    *("made_curve", "stopping_distances", "true_curve", "two_columns"),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_its_function_even_where_a_file_has_the_same(name):
    for file in ("augment", "batches", "digits", "mnist", "shapes", "strokes"):
        importlib.import_module(f"dlnotes.data.{file}")
    function = getattr(dl.data, name)
    assert callable(function)
    assert function.__name__ == name
    assert function.__doc__


def test_entering_loads_no_other_library_yet():
    entered = (
        "import sys, dlnotes; loaded = 'dlnotes.data' in sys.modules; dlnotes.data.shape('circle');"
        "print(loaded, {'sklearn', 'matplotlib', 'pooch', 'PIL'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", entered], capture_output=True, text=True)
    assert (found.stdout, found.stderr) == ("False set()\n", "")

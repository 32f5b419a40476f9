"""The one decorator for kernels, and the folder of what it compiled."""

import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

import dlnotes
from dlnotes.kernels import compiled
from dlnotes.kernels.compiled import kernel, sources_digest, user_cache_folder, writable_cache

# Where this process found the package, the processes it starts find it too.
TOP = str(Path(dlnotes.__file__).parents[1])
needs_jit = pytest.mark.skipif(
    bool(compiled.config.DISABLE_JIT), reason="nothing is compiled with NUMBA_DISABLE_JIT"
)


@pytest.fixture
def no_name(monkeypatch):
    """A reader who has set no folder of their own."""
    monkeypatch.delenv("DLNOTES_CACHE_DIR", raising=False)


def test_digest_changes_with_any_source(tmp_path):
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "notes.txt").write_text("not a source")
    one = sources_digest(tmp_path)
    (tmp_path / "notes.txt").write_text("changed")
    assert sources_digest(tmp_path) == one
    (tmp_path / "a.py").write_text("x = 2")
    two = sources_digest(tmp_path)
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert len({one, two, sources_digest(tmp_path)}) == 3


def test_digest_changes_with_the_compiled_in_checks(tmp_path, monkeypatch):
    one = sources_digest(tmp_path)
    monkeypatch.setattr(compiled.config, "BOUNDSCHECK", "another value")
    assert sources_digest(tmp_path) != one


def test_readers_choice_of_folder_goes_first(monkeypatch, tmp_path):
    monkeypatch.setenv("DLNOTES_CACHE_DIR", str(tmp_path))
    assert user_cache_folder() == tmp_path


def test_folder_on_linux(monkeypatch, no_name, tmp_path):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert user_cache_folder() == tmp_path / ".cache" / "dlnotes"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert user_cache_folder() == tmp_path / "xdg" / "dlnotes"


def test_folder_on_macos(monkeypatch, no_name, tmp_path):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert user_cache_folder() == tmp_path / "Library" / "Caches" / "dlnotes"


def test_folder_on_windows(monkeypatch, no_name, tmp_path):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert user_cache_folder() == tmp_path / "AppData" / "Local" / "dlnotes"
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert user_cache_folder() == tmp_path / "local" / "dlnotes"


def test_cache_is_made_and_named_by_the_sources(monkeypatch, tmp_path):
    monkeypatch.setenv("DLNOTES_CACHE_DIR", str(tmp_path / "new"))
    folder = writable_cache()
    assert folder is not None
    assert folder.is_dir()
    assert folder.name == sources_digest()
    assert folder.is_relative_to(tmp_path / "new")
    assert list(folder.iterdir()) == []  # trying it out leaves nothing


def test_place_that_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DLNOTES_CACHE_DIR", str(tmp_path / "file"))
    assert writable_cache() is None


def test_reader_without_a_home(monkeypatch, no_name):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(Path, "home", homeless)
    assert writable_cache() is None


def double(x):
    """What the tests compile."""
    for i in numba.prange(x.size):
        x[i] *= 2


@pytest.mark.parametrize("decorate", [kernel, kernel(), kernel(parallel=True)])
def test_kernel_computes(decorate, monkeypatch):
    monkeypatch.setattr(compiled, "CACHE", None)
    x = np.arange(3.0)
    before = compiled.config.CACHE_DIR
    decorate(double)(x)
    np.testing.assert_array_equal(x, [0, 2, 4])
    assert before == compiled.config.CACHE_DIR  # other packages keep their own place


@needs_jit
def test_not_a_number_stays_one():
    is_nan = kernel(cache=False)(lambda x: x != x)
    assert is_nan(np.nan)
    assert not is_nan(1.0)


@needs_jit
def test_kernel_is_kept_in_the_cache(tmp_path):
    """In processes of their own: a cache is of use to the next one."""
    (tmp_path / "lesson.py").write_text(
        "import numpy as np\n"
        "from dlnotes.kernels.compiled import kernel\n"
        "@kernel\n"
        "def square(x):\n"
        "    return x * x\n"
        "assert square(3.0) == 9\n"
        "print(sum(square.stats.cache_hits.values()))\n"
    )
    hits = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "lesson.py"],
            cwd=tmp_path,
            env=os.environ | {"DLNOTES_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": TOP},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        hits.append(int(done.stdout))
    assert hits == [0, 1]
    assert not (tmp_path / "__pycache__").exists()

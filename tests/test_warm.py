"""Compiling ahead, on a made-up package of kernels and once on the real one."""

import importlib
import sys

import pytest

from dlnotes import cli, warm
from dlnotes.kernels import compiled


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Kernels that warm, that have nothing to warm, that fail, and that cannot be imported."""
    room = tmp_path / "made_up_kernels"
    room.mkdir()
    (room / "__init__.py").write_text("warmed = []\n")
    (room / "helper.py").write_text("VALUE = 1\n")
    (room / "good.py").write_text(
        "import made_up_kernels\ndef warm():\n    made_up_kernels.warmed.append('good')\n"
    )
    (room / "wrong.py").write_text("def warm():\n    raise ValueError('bad\\n  types')\n")
    (room / "ruin.py").write_text("import nothing_of_that_name\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("made_up_kernels")
    for name in [name for name in sys.modules if name.startswith("made_up_kernels")]:
        del sys.modules[name]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache of the test's own, so that the real one's mark stays."""
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setattr(compiled, "CACHE", folder)
    return folder


@pytest.fixture(autouse=True)
def helper(monkeypatch):
    """No second process, but what stands for it."""

    class Helper:
        told = []

        def kill(self):
            self.told.append("kill")

        def wait(self):
            self.told.append("wait")

    helper = Helper()
    monkeypatch.setattr(warm, "another_core", lambda: helper)
    return helper


def test_the_second_process_ends_with_the_first(package, cache, helper, monkeypatch):
    helper.told.clear()
    monkeypatch.setattr(warm, "kernel_modules", lambda package: ["made_up_kernels.good"])
    warm.warm(lambda line: None)
    assert helper.told == ["kill", "wait"]
    monkeypatch.setattr(warm, "another_core", lambda: None)
    warm.warm(lambda line: None)
    assert helper.told == ["kill", "wait"]


def test_the_second_process_goes_from_the_last_to_the_first(monkeypatch):
    done = []

    def warm_module(name):
        done.append(name)
        raise ValueError(name)

    monkeypatch.setattr(warm, "kernel_modules", lambda: ["a", "b"])
    monkeypatch.setattr(warm, "warm_module", warm_module)
    exec(warm.HELP, {})
    assert done == ["b", "a"]


def test_a_second_process_where_there_is_a_core_and_a_cache(monkeypatch, cache):
    started = []
    monkeypatch.undo()
    monkeypatch.setattr(compiled, "CACHE", cache)
    monkeypatch.setattr(warm.subprocess, "Popen", lambda *a, **o: started.append((a, o)))
    monkeypatch.setattr(warm, "usable_cores", lambda: 1)
    warm.another_core()
    assert not started
    monkeypatch.setattr(warm, "usable_cores", lambda: 2)
    warm.another_core()
    assert started[0][0] == ([sys.executable, "-c", warm.HELP],)
    monkeypatch.setattr(compiled, "CACHE", None)
    warm.another_core()
    assert len(started) == 1


def test_each_module_has_its_line_and_a_failure_its_name(package, cache):
    lines = []
    assert warm.warm(lines.append, package) == ["ruin", "wrong"]
    assert package.warmed == ["good"]
    starts = [line.split()[0] for line in lines]
    assert starts == ["good", "ruin", "wrong", "fonts"]
    assert "nothing_of_that_name" in lines[1]
    assert lines[2] == "wrong failed: ValueError: bad types"
    assert lines[0].endswith(" s")


def test_a_failure_leaves_no_mark(package, cache):
    warm.warm(lambda line: None, package)
    assert not warm.is_warm()


def test_a_whole_run_leaves_a_mark(package, cache, monkeypatch):
    monkeypatch.setattr(warm, "kernel_modules", lambda package: ["made_up_kernels.good"])
    assert not warm.is_warm()
    assert warm.warm(lambda line: None) == []
    assert warm.is_warm()


def test_mark_names_the_processor(cache, monkeypatch):
    here = warm.stamp()
    monkeypatch.setattr(compiled.config, "CPU_NAME", "another", raising=False)
    assert warm.stamp() != here


def test_without_a_cache_nothing_is_ever_warm(package, monkeypatch):
    monkeypatch.setattr(compiled, "CACHE", None)
    monkeypatch.setattr(warm, "kernel_modules", lambda package: ["made_up_kernels.good"])
    assert warm.warm(lambda line: None) == []
    assert not warm.is_warm()


def test_broken_numba_is_not_warm(monkeypatch):
    def broken():
        raise ImportError("no llvmlite")

    monkeypatch.setattr(warm, "stamp", broken)
    assert not warm.is_warm()


def test_real_kernels_are_found():
    names = warm.kernel_modules()
    assert "dlnotes.kernels.compiled" in names
    assert not warm.warm_module("dlnotes.kernels.compiled")  # it compiles nothing of its own


def test_command(monkeypatch, capsys):
    def all_well(say):
        say("polynomial 0.1 s")
        return []

    monkeypatch.setattr(warm, "warm", all_well)
    assert cli.main(["warm"]) == 0
    assert "polynomial" in capsys.readouterr().out


def test_command_names_what_failed(monkeypatch, capsys):
    monkeypatch.setattr(warm, "warm", lambda say: ["conv", "fonts"])
    assert cli.main(["warm"]) == 1
    assert "conv, fonts" in capsys.readouterr().err


@pytest.mark.parametrize("ready", [True, False])
def test_command_that_looks_first(monkeypatch, ready):
    ran = []
    monkeypatch.setattr(warm, "is_warm", lambda: ready)
    monkeypatch.setattr(warm, "warm", lambda say: ran.append(1) or [])
    assert cli.main(["warm", "--if-cold"]) == 0
    assert ran == ([] if ready else [1])

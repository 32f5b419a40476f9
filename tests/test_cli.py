"""The command line as a reader meets it: help, usage, and one sentence where something is wrong."""

import argparse
import importlib.util
import io
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import dlnotes
from dlnotes import cli, course, doctor, lab, warm
from dlnotes.doctor import Finding

TOP = str(Path(dlnotes.__file__).parents[1])


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """`dlnotes lab` on a made-up course without JupyterLab; what it would be started with."""
    source = tmp_path / "package"
    source.mkdir()
    (source / cli.START_PAGE).write_bytes(b"start")
    monkeypatch.setattr(course, "package_notebooks", lambda: source)
    monkeypatch.chdir(tmp_path)
    calls = []

    def run(folder, **options):
        calls.append({"folder": folder} | options)
        return 0

    monkeypatch.setattr(lab, "run", run)
    return calls


def test_version(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.strip() == f"dlnotes {dlnotes.__version__}"


def test_alone_it_prints_its_help(capsys):
    assert cli.main([]) == 0
    out = capsys.readouterr().out
    assert all(command in out for command in ("lab", "doctor", "warm", "html", "slides", "site"))


@pytest.mark.parametrize("command", ["lab", "doctor", "warm", "html", "slides", "site"])
def test_help_of_a_command(command, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main([command, "--help"])
    assert stop.value.code == 0
    assert f"dlnotes {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "nonsense"),
        (["lab", "--port", "70000"], "0 to 65535, not '70000'"),
        (["lab", "--port", "-1"], "--port"),
        (["lab", "--port", "http"], "'http'"),
        (["lab", "--port", "²"], "'²'"),
        (["lab", "--dir", ""], "a folder needs a name"),
        (["lab", "surplus"], "surplus"),
        (["doctor", "--", "--debug"], "only `dlnotes lab`"),
    ],
)
def test_bad_usage(arguments, said, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2
    assert said in capsys.readouterr().err


def test_lab_lays_the_course_out_and_opens_it(opened, tmp_path, capsys):
    assert cli.main(["lab"]) == 0
    folder = (tmp_path / "dlnotes-course").resolve()
    assert (folder / cli.START_PAGE).read_bytes() == b"start"
    (call,) = opened
    call.pop("say")
    assert call == {
        "folder": folder,
        "start_page": cli.START_PAGE,
        "browser": True,
        "port": None,
        "handed_on": [],
    }
    assert str(folder) in capsys.readouterr().out


def test_lab_hands_its_options_on(opened, tmp_path):
    cli.main(["lab", "--dir=x", "--no-browser", "--port", "0", "--", "--debug", "--", "--port=1"])
    (call,) = opened
    assert call["folder"] == (tmp_path / "x").resolve()
    assert (call["browser"], call["port"]) == (False, 0)
    assert call["handed_on"] == ["--debug", "--", "--port=1"]


def test_lab_without_a_start_page(opened, tmp_path):
    (tmp_path / "package" / cli.START_PAGE).rename(tmp_path / "package" / "01.ipynb")
    cli.main(["lab"])
    assert opened[0]["start_page"] is None


def test_home_in_a_folders_name(monkeypatch):
    assert cli.folder_name("~/course") == Path.home() / "course"

    def nobody(self):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", nobody)
    assert cli.folder_name("~nobody/course") == Path("~nobody/course")


def test_lab_where_the_folder_is_a_file(opened, tmp_path, capsys):
    (tmp_path / "taken").write_bytes(b"precious")
    assert cli.main(["lab", "--dir", "taken"]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "is not a folder" in err
    assert opened == []


def test_lab_without_jupyterlab(opened, capsys, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert cli.main(["lab"]) == 1
    assert "pip install dlnotes" in capsys.readouterr().err
    assert opened == []


@pytest.mark.parametrize(("level", "code"), [("ok", 0), ("note", 0), ("broken", 1)])
def test_doctors_word_decides_the_code(level, code, monkeypatch, capsys):
    findings = [Finding("ok", "one", "well"), Finding(level, "two", "as it is", "do this")]
    monkeypatch.setattr(doctor, "each_finding", lambda: iter(findings))
    assert cli.main(["doctor"]) == code
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["ok", level, "to"]
    assert lines[2].endswith("do this")


def test_interrupted(monkeypatch, capsys):
    def slow(say):
        raise KeyboardInterrupt

    monkeypatch.setattr(warm, "warm", slow)
    assert cli.main(["warm"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_name_that_the_terminal_cannot_show(monkeypatch):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="")
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", io.StringIO())  # a notebook's stream cannot be changed
    monkeypatch.setattr(doctor, "each_finding", lambda: iter([Finding("ok", "x", "課程\udcff")]))
    assert cli.main(["doctor"]) == 0
    stream.flush()
    assert b"\\u8ab2\\u7a0b\\udcff" in raw.getvalue()


def test_arguments_come_from_the_terminal(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["dlnotes"])
    assert cli.main() == 0
    assert "usage" in capsys.readouterr().out


def test_python_m(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["dlnotes", "--version"])
    with pytest.raises(SystemExit) as stop:
        runpy.run_module("dlnotes", run_name="__main__")
    assert stop.value.code == 0
    assert dlnotes.__version__ in capsys.readouterr().out
    runpy.run_module("dlnotes.__main__", run_name="another")  # being looked at starts nothing


def test_parser_knows_every_command():
    (choice,) = [
        action
        for action in cli.build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    assert list(choice.choices) == ["lab", "doctor", "warm", "html", "slides", "site"]


def test_help_loads_nothing_heavy():
    program = (
        "import sys, dlnotes.cli\n"
        "dlnotes.cli.main([])\n"
        "heavy = {'numpy', 'numba', 'matplotlib', 'ipywidgets', 'jupyterlab'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# Exports


@pytest.fixture
def exported(tmp_path, monkeypatch):
    """Exports without a kernel: what would be run, and the folder that is written to."""
    from export.lectures import lecture

    from dlnotes import export
    from dlnotes.export import site

    ran = []

    def told(path):
        ran.append(path)
        if path.stem == "bad":
            raise export.ExportError("bad.ipynb, cell 1 fails")
        return lecture(path.stem)

    monkeypatch.setattr(export, "lecture", told)
    monkeypatch.setattr(site.os, "cpu_count", lambda: 1)
    monkeypatch.chdir(tmp_path)
    for name in ("a", "bad"):
        (tmp_path / f"{name}.ipynb").touch()
    return ran


@pytest.mark.parametrize("command", ["html", "slides"])
def test_a_notebook_is_exported(command, exported, tmp_path, capsys):
    assert cli.main([command, "a.ipynb", "-o", "told.html"]) == 0
    assert capsys.readouterr().out.startswith("told.html: 0.")
    text = (tmp_path / "told.html").read_text("utf-8")
    assert ("Reveal.initialize" in text) == (command == "slides")
    assert cli.main([command, "a.ipynb", "-o", "told.html"]) == 1
    assert "--force" in capsys.readouterr().err
    assert len(exported) == 1  # nothing runs in vain
    assert cli.main([command, "a.ipynb", "-o", "told.html", "--force", "--report"]) == 0
    assert "Adder: " in capsys.readouterr().out


def test_what_cannot_be_exported_leaves_nothing(exported, tmp_path, capsys):
    assert cli.main(["html", "bad.ipynb", "-o", "told.html"]) == 1
    assert capsys.readouterr().err == "bad.ipynb, cell 1 fails\n"
    assert {path.name for path in tmp_path.iterdir()} == {"a.ipynb", "bad.ipynb"}
    with pytest.raises(SystemExit):
        cli.main(["html", "a.ipynb", "-o", ""])
    assert "a file needs a name" in capsys.readouterr().err


def test_the_course_becomes_a_website(exported, tmp_path, monkeypatch, capsys):
    source = tmp_path / "notebooks"
    source.mkdir()
    for name in ("00_start_here", "01_first"):
        (source / f"{name}.ipynb").touch()
    monkeypatch.setattr(course, "package_notebooks", lambda: source)
    assert cli.main(["site", "-o", "site"]) == 0
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == [
        "01_first.html",
        "index.html",
    ]
    assert cli.main(["site", "-o", "site"]) == 1
    assert "--force" in capsys.readouterr().err

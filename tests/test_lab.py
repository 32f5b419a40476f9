"""JupyterLab as a child: started, found, ended. A stand-in plays it; once it is the real one."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

import dlnotes
from dlnotes import lab
from dlnotes.lab import child_environment, hold, jupyterlab_arguments, noted_signals, server_address

# Where this process found the package, the processes it starts find it too.
TOP = str(Path(dlnotes.__file__).parents[1])
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")

STAND_IN = """
import json, os, pathlib, socket, sys, time
arguments = sys.argv[2:]
if sys.argv[1:3] == ["-m", "dlnotes"]:
    sys.exit(int(os.environ["WARM_CODE"]))
runtime = pathlib.Path(os.environ["JUPYTER_RUNTIME_DIR"])
(runtime / "told.json").write_text(json.dumps([sys.argv[1:], os.environ["JUPYTER_TOKEN"]]))
if os.environ["LAB_CODE"] != "stay":
    sys.exit(int(os.environ["LAB_CODE"]))
with socket.socket() as door:  # bound, but not yet listening: as JupyterLab does it
    door.bind(("127.0.0.1", 0))
    port = door.getsockname()[1]
    server = {"pid": os.getpid(), "token": os.environ["JUPYTER_TOKEN"], "sock": ""}
    server |= {"hostname": "127.0.0.1", "port": port, "url": f"http://127.0.0.1:{port}/"}
    time.sleep(0.15)
    (runtime / "jpserver-1.json").write_text(json.dumps(server))
    time.sleep(0.25)
    (runtime / "listens").touch()
    door.listen()
    time.sleep(60)
"""


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """A Python that warms at once and, for JupyterLab, only tells an address as JupyterLab does."""
    script = tmp_path / "stand_in.py"
    script.write_text(STAND_IN)
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_TOKEN", "readers-own")
    monkeypatch.setenv("WARM_CODE", "0")
    monkeypatch.setenv("LAB_CODE", "stay")
    return [sys.executable, str(script)]


def run(stand_in, folder, say=lambda line: None, **options):
    """`lab.run` with the stand-in."""
    choices = {"start_page": "00_start_here.ipynb", "browser": False, "port": None, "handed_on": []}
    return lab.run(folder, say=say, python=stand_in, **choices | options)


def stop_when_open(number):
    """A `say` that keeps what it hears, and ends the course once it has heard the address."""
    lines = []

    def say(line):
        lines.append(line)
        if line.startswith("The course is open"):
            threading.Timer(0.3, signal.raise_signal, [number]).start()

    return lines, say


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 0), pytest.param(signal.SIGTERM, 143, marks=posix)]
)
def test_course_opens_and_a_signal_ends_it(stand_in, tmp_path, number, code):
    before = signal.getsignal(number)
    lines, say = stop_when_open(number)

    def say_late(line):
        if line.startswith("The course is open"):
            assert (tmp_path / "jupyter" / "listens").exists()
        say(line)

    assert run(stand_in, tmp_path, say_late) == code
    address = r" http://127\.0\.0\.1:\d+/lab/tree/00_start_here\.ipynb\?token=readers-own$"
    assert any(re.search(address, line) for line in lines)
    assert lines[-1] == f"Stopped. Your copy of the course is in {tmp_path}"
    assert signal.getsignal(number) == before
    told, token = json.loads((tmp_path / "jupyter" / "told.json").read_text())
    assert token == "readers-own"
    assert f"--ServerApp.root_dir={tmp_path}" in told


@pytest.mark.parametrize(("ended", "code"), [("0", 0), ("3", 1)])
def test_jupyterlab_that_ends_by_itself(stand_in, tmp_path, monkeypatch, ended, code):
    monkeypatch.setenv("LAB_CODE", ended)
    lines = []
    assert run(stand_in, tmp_path, lines.append) == code
    assert ("JupyterLab ended with code 3; what it said is above." in lines) == (code == 1)


def test_cold_kernels_do_not_keep_the_course_shut(stand_in, tmp_path, monkeypatch):
    monkeypatch.setenv("WARM_CODE", "1")
    lines, say = stop_when_open(signal.SIGINT)
    assert run(stand_in, tmp_path, say) == 0
    assert any(line.startswith("Not everything compiled") for line in lines)


def test_stopped_while_warming(stand_in, tmp_path):
    def say(line):
        if line.startswith("Getting the kernels ready"):
            signal.raise_signal(signal.SIGINT)

    assert run(stand_in, tmp_path, say) == 0
    assert not (tmp_path / "jupyter" / "told.json").exists()


def test_root_is_told(stand_in, tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_CODE", "0")
    for root in (True, False):
        monkeypatch.setattr(lab, "is_root", lambda root=root: root)
        lines = []
        run(stand_in, tmp_path, lines.append)
        assert any("--allow-root" in line for line in lines) == root
        told, _ = json.loads((tmp_path / "jupyter" / "told.json").read_text())
        assert ("--allow-root" in told) == root


def test_who_is_root(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert lab.is_root()
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert not lab.is_root()
    monkeypatch.delattr(os, "geteuid")
    assert not lab.is_root()


def test_home_that_cannot_be_written(stand_in, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "file" / "config"))
    monkeypatch.setenv("LAB_CODE", "0")
    lines = []
    assert run(stand_in, tmp_path, lines.append) == 0
    assert any("home folder cannot be written" in line for line in lines)


def test_environment_keeps_what_can_be_written(tmp_path, monkeypatch):
    for name in ("RUNTIME", "DATA", "CONFIG"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / name))
    child, moved = child_environment(tmp_path / "scratch", {"HOME": "/x"})
    assert not moved
    assert child["JUPYTER_DATA_DIR"] == str(tmp_path / "DATA")
    assert len(child["JUPYTER_TOKEN"]) >= 32
    assert "IPYTHONDIR" not in child
    other, _ = child_environment(tmp_path / "scratch", {})
    assert other["JUPYTER_TOKEN"] != child["JUPYTER_TOKEN"]


def test_relative_path_of_modules_holds_in_the_courses_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    child, _ = child_environment(tmp_path, {"PYTHONPATH": os.pathsep.join([".", "x"])})
    assert child["PYTHONPATH"] == os.pathsep.join([str(tmp_path), str(tmp_path / "x")])


def test_environment_of_a_reader_without_a_home(tmp_path, monkeypatch):
    from jupyter_core import paths

    def homeless():
        raise RuntimeError("Could not determine home directory.")

    for name in ("jupyter_runtime_dir", "jupyter_data_dir", "jupyter_config_dir"):
        monkeypatch.setattr(paths, name, homeless)
    child, moved = child_environment(tmp_path, {"MPLCONFIGDIR": "chosen"})
    assert moved
    assert child["MPLCONFIGDIR"] == "chosen"
    assert Path(child["DLNOTES_CACHE_DIR"]).is_relative_to(tmp_path)


def arguments(*handed_on, **options):
    """The command line for JupyterLab, as a list."""
    choices = {"start_page": "00_start_here.ipynb", "browser": False, "port": 8899} | options
    return jupyterlab_arguments(Path("course"), handed_on=handed_on, **choices)


def test_arguments(monkeypatch):
    monkeypatch.setattr(lab, "is_root", lambda: False)
    assert arguments() == [
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.root_dir=course",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LanguageServerManager.autodetect=False",
        "--log-level=WARN",
        "--LabApp.default_url=/lab/tree/00_start_here.ipynb",
        "--ServerApp.port=8899",
        "--no-browser",
    ]
    plain = arguments(start_page=None, browser=True, port=None)
    assert not [one for one in plain if "default_url" in one or "port" in one or "browser" in one]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (["--port=9999"], "--ServerApp.port"),
        (["--port", "9999"], "--ServerApp.port"),
        (["--ServerApp.port=9999"], "--ServerApp.port"),
        (["--ip=0.0.0.0"], "--ServerApp.ip"),
        (["--notebook-dir", "/elsewhere"], "--ServerApp.root_dir"),
        (["--ServerApp.open_browser=True"], "--no-browser"),
        (["--LabApp.default_url=/lab"], "--LabApp.default_url"),
        (["--debug"], "--log-level"),
        (["--LabApp.news_url=https://example.org/feed"], "--LabApp.news_url"),
    ],
)
def test_what_the_reader_hands_on_goes_first(theirs, ours):
    both = arguments(*theirs)
    assert both[-len(theirs) :] == theirs
    assert [one for one in both if one.partition("=")[0] == ours and one not in theirs] == []


@pytest.fixture
def runtime(tmp_path):
    return tmp_path


def tell(runtime, name="jpserver-5.json", **server):
    """A running server's file."""
    told = {"pid": 5, "token": "t", "url": "http://127.0.0.1:8888/", "sock": "s"} | server
    (runtime / name).write_text(json.dumps(told))


def test_address_is_found_by_process_or_by_token(runtime):
    tell(runtime, url="http://127.0.0.1:8890/base/")
    for pid, token in [(5, "another"), (99, "t")]:
        address = server_address(runtime, {}, pid, token, "00_start_here.ipynb")
        assert address == "http://127.0.0.1:8890/base/lab/tree/00_start_here.ipynb?token=t"


def test_address_without_a_start_page_or_a_token(runtime):
    tell(runtime, token="")
    assert server_address(runtime, {}, 5, "t", None) == "http://127.0.0.1:8888/lab"


def test_token_of_strange_letters(runtime):
    tell(runtime, token="a b&c")
    assert server_address(runtime, {}, 5, "t", None).endswith("?token=a+b%26c")


def test_other_and_older_servers_are_not_ours(runtime):
    tell(runtime)
    tell(runtime, "jpserver-6.json", pid=6, token="other")
    (runtime / "jpserver-7.json").write_text('{"pid": ')
    (runtime / "jpserver-8.json").write_text("{}")
    before = lab.server_files(runtime)
    assert len(before) == 4
    assert server_address(runtime, before, 5, "t", None) is None
    assert server_address(runtime, {}, 7, "mine", None) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", ""])
def test_server_that_does_not_listen_yet(host):
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = {"sock": "", "hostname": host, "port": door.getsockname()[1]}
        assert not lab.listens(server)
        door.listen()
        assert lab.listens(server)


def test_hold_gives_the_childs_code():
    with noted_signals() as received:
        assert hold([sys.executable, "-c", "raise SystemExit(7)"], os.environ, received) == 7


@posix
def test_child_that_will_not_end_is_killed(monkeypatch, tmp_path):
    monkeypatch.setattr(lab, "GRACE", 0.3)
    stubborn = (
        "import os, pathlib, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))\n"
        "time.sleep(60)\n"
    )
    children, received = [], []

    def glance(child):
        children.append(child)
        if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text():
            received.append(signal.SIGTERM)

    assert hold([sys.executable, "-c", stubborn], os.environ, received, glance) is None
    assert children[0].returncode == -signal.SIGKILL


@posix
def test_closed_terminal_ends_the_course_but_not_under_nohup():
    before = signal.getsignal(signal.SIGHUP)
    try:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        with noted_signals() as received:
            signal.raise_signal(signal.SIGHUP)
        assert received == [signal.SIGHUP]
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        with noted_signals() as received:
            signal.raise_signal(signal.SIGHUP)
        assert received == []
    finally:
        signal.signal(signal.SIGHUP, before)


@posix
def test_real_jupyterlab(tmp_path, monkeypatch):
    """From the command line to an answer of the server, in an empty home, and away again."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    # The kernels are another test's matter: a kernel package without a `warm` costs nothing here.
    quick = kept | {"HOME": str(home), "PYTHONPATH": TOP, "NUMBA_DISABLE_JIT": "1"}
    quick.pop("XDG_RUNTIME_DIR", None)
    command = [sys.executable, "-m", "dlnotes", "lab", "--no-browser", "--port", "0"]
    # The course of a checkout may still be empty; a first page makes it one.
    course = tmp_path / "course"
    course.mkdir()
    (course / "00_start_here.ipynb").write_text('{"cells":[]}')
    process = subprocess.Popen(
        [*command, "--dir", str(course)],
        env=quick,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        address = ""
        while not address and (line := process.stdout.readline()):
            address = (re.findall(r"http://127\.0\.0\.1:\d+/\S*", line) or [""])[0]
        page, _, token = address.partition("?token=")
        assert page.endswith("/lab/tree/00_start_here.ipynb"), process.communicate()
        base = page.partition("lab/tree")[0]
        with urllib.request.urlopen(f"{base}api/status?token={token}", timeout=5) as answer:
            assert json.load(answer)["kernels"] == 0
        with urllib.request.urlopen(address, timeout=5) as answer:
            assert '"news": {"disabled": true}' in answer.read().decode()
    finally:
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert process.returncode == 0
    assert "Stopped." in out
    assert "Traceback" not in err
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{base}api/status?token={token}", timeout=5)

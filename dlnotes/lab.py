"""JupyterLab as a child process: on loopback, at an address that is true, and never left behind.

Signals are noted, not raised, and the loop below looks at them: an exception out of a handler could
fall between starting the child and remembering it.
"""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from dlnotes.words import _

GRACE = 10.0  # seconds for the server to end its kernels before it is killed
GLANCE = 0.1  # seconds between two looks at the child


def jupyterlab_arguments(
    folder: Path,
    *,
    start_page: str | None,
    browser: bool,
    port: int | None,
    handed_on: Sequence[str],
) -> list[str]:
    """What JupyterLab is started with. Where the reader names the same setting, ours is left out,
    because JupyterLab refuses a setting that is given twice."""
    opener = (
        "--no-browser",
        "--ServerApp.open_browser",
        "--LabApp.open_browser",
        "--ExtensionApp.open_browser",
    )
    level = ("--log-level", "--debug", "--Application.log_level", "--JupyterApp.log_level")
    # The setting, and the other names under which a reader may give it.
    ours: list[tuple[str, Sequence[str]]] = [
        ("--ServerApp.ip=127.0.0.1", ("--ip",)),
        (f"--ServerApp.root_dir={folder}", ("--notebook-dir",)),
        ("--LabApp.news_url=None", ()),
        ("--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", ()),
        # Looking for language servers starts npm, which can keep a core busy for nothing.
        ("--LanguageServerManager.autodetect=False", ()),
        ("--log-level=WARN", (*level, "--ServerApp.log_level", "--LabApp.log_level")),
    ]
    if start_page:
        page = f"--LabApp.default_url=/lab/tree/{start_page}"
        ours.append((page, ("--ServerApp.default_url", "--ExtensionApp.default_url")))
    if port is not None:
        ours.append((f"--ServerApp.port={port}", ("--port",)))
    if not browser:
        ours.append(("--no-browser", opener))
    if is_root():
        ours.append(("--allow-root", ("--ServerApp.allow_root",)))
    named = {argument.partition("=")[0] for argument in handed_on}
    return [
        setting
        for setting, others in ours
        if named.isdisjoint({setting.partition("=")[0], *others})
    ] + list(handed_on)


def is_root() -> bool:
    """Whether this is the system's administrator, as whom JupyterLab starts only when told to."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def writable(folder: Path) -> bool:
    """Whether files can be made in `folder`, which is made if it is absent."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def child_environment(
    scratch: Path, environment: Mapping[str, str] = os.environ
) -> tuple[dict[str, str], bool]:
    """The children's environment, and whether it had to be moved to `scratch`.

    JupyterLab does not start where it can write none of its own files, so an unwritable home is
    replaced for this one session.
    """
    from jupyter_core import paths

    child = dict(environment)
    child.setdefault("JUPYTER_TOKEN", secrets.token_hex(24))
    if path := child.get("PYTHONPATH"):
        # A kernel runs in the course's folder, where a relative path would lead elsewhere.
        entries = [str(Path(entry).absolute()) for entry in path.split(os.pathsep)]
        child["PYTHONPATH"] = os.pathsep.join(entries)
    folders = {
        "JUPYTER_RUNTIME_DIR": paths.jupyter_runtime_dir,
        "JUPYTER_DATA_DIR": paths.jupyter_data_dir,
        "JUPYTER_CONFIG_DIR": paths.jupyter_config_dir,
    }
    moved = False
    for variable, place in folders.items():
        try:
            fits = writable(Path(place()))
        except RuntimeError:  # no home at all
            fits = False
        if fits:
            child[variable] = place()
        else:
            child[variable] = str(scratch / variable)
            moved = True
    if moved:
        for variable in ("IPYTHONDIR", "MPLCONFIGDIR", "DLNOTES_CACHE_DIR"):
            child.setdefault(variable, str(scratch / variable))
    return child, moved


@contextlib.contextmanager
def noted_signals() -> Iterator[list[int]]:
    """Collect the signals that ask this process to end, instead of ending it."""
    received: list[int] = []
    before = {}
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        # Under nohup the terminal may go; that wish stays.
        if number and not (name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN):
            before[number] = signal.signal(number, lambda number, frame: received.append(number))
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def hold(
    command: Sequence[str],
    environment: Mapping[str, str],
    received: Sequence[int],
    glance: Callable[[subprocess.Popen], None] = lambda child: None,
) -> int | None:
    """Run a child to its end and return its code, or stop it when a signal comes and return None.

    The child has a session of its own: Ctrl-C reaches only this process, which then ends the child.
    """
    child = subprocess.Popen(
        command, env=dict(environment), stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        while child.poll() is None and not received:
            glance(child)
            time.sleep(GLANCE)
        return None if received else child.returncode
    finally:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(GRACE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def server_files(runtime: Path) -> dict[Path, int]:
    """The files in which running servers tell their address, each with the time it was written."""
    times = {}
    for path in runtime.glob("jpserver-*.json"):
        with contextlib.suppress(OSError):  # it may go while we look
            times[path] = path.stat().st_mtime_ns
    return times


def listens(server: Mapping[str, Any]) -> bool:
    """Whether a connection can be made: JupyterLab writes its file a moment before it listens."""
    if server["sock"]:  # a file in place of a port, by the reader's own choice
        return True
    everywhere = server["hostname"] in ("", "*", "0.0.0.0", "::")
    host = "localhost" if everywhere else server["hostname"]
    try:
        with socket.create_connection((host, server["port"]), timeout=1):
            return True
    except OSError:
        return False


def server_address(
    runtime: Path, before: Mapping[Path, int], pid: int, token: str, start_page: str | None
) -> str | None:
    """The child's address as the child itself wrote it, whatever port it took; None until it has.

    Its number is not enough: on Windows the interpreter of a virtual environment is a launcher with
    another one, and a file left by an earlier process may bear the same.
    """
    for path, written in server_files(runtime).items():
        if before.get(path) == written:
            continue
        try:
            server = json.loads(path.read_bytes())
            if (pid == server["pid"] or token == server["token"]) and listens(server):
                page = f"lab/tree/{start_page}" if start_page else "lab"
                query = "?" + urlencode({"token": server["token"]}) if server["token"] else ""
                return server["url"] + page + query
        except (OSError, ValueError, KeyError):  # not all of it is written yet
            continue
    return None


def run(
    folder: Path,
    *,
    start_page: str | None,
    browser: bool,
    port: int | None,
    handed_on: Sequence[str],
    say: Callable[[str], None],
    python: Sequence[str] = (sys.executable,),
) -> int:
    """Warm the kernels, start JupyterLab on `folder`, say its address, and wait for its end.

    Returns the exit code: 0 (also for Ctrl-C), 128 + n for another signal n, 1 if it failed.
    """
    with (
        tempfile.TemporaryDirectory(prefix="dlnotes-", ignore_cleanup_errors=True) as scratch,
        noted_signals() as received,
    ):
        environment, moved = child_environment(Path(scratch))
        if moved:
            say(_("Your home folder cannot be written: JupyterLab's own files are not kept."))
        if is_root():
            say(_("You are root: JupyterLab is started with --allow-root."))
        say(_("Getting the kernels ready; the first time this takes a minute."))
        if hold([*python, "-m", "dlnotes", "warm", "--if-cold"], environment, received):
            say(_("Not everything compiled; the course opens all the same. See `dlnotes doctor`."))
        runtime = Path(environment["JUPYTER_RUNTIME_DIR"])
        before = server_files(runtime)
        said: list[str] = []

        def tell(child: subprocess.Popen) -> None:
            if not said:
                token = environment["JUPYTER_TOKEN"]
                address = server_address(runtime, before, child.pid, token, start_page)
                if address:
                    said.append(address)
                    say(_("The course is open at {address}").format(address=address))
                    say(_("Ctrl-C here ends it."))

        arguments = jupyterlab_arguments(
            folder, start_page=start_page, browser=browser, port=port, handed_on=handed_on
        )
        code = None
        if not received:
            code = hold([*python, "-m", "jupyterlab", *arguments], environment, received, tell)
        if received:
            say(_("Stopped. Your copy of the course is in {folder}").format(folder=folder))
            return 0 if received[0] == signal.SIGINT else 128 + received[0]
        if code:
            say(_("JupyterLab ended with code {code}; what it said is above.").format(code=code))
        return 1 if code else 0

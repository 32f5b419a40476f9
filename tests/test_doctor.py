"""The doctor, shown made-up illnesses: each is named, has a remedy, and stops no other finding."""

import importlib
import importlib.metadata
import json
import os
import subprocess
import sys
import types
from email.message import Message
from pathlib import Path

import jupyter_client.kernelspec
import jupyter_core.paths
import jupyterlab.commands
import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from packaging.specifiers import SpecifierSet

import dlnotes
from dlnotes import doctor, threads
from dlnotes.doctor import Finding, same_python
from dlnotes.kernels import compiled

TOP = str(Path(dlnotes.__file__).parents[1])
ANOTHER = str(Path(sys.prefix) / "elsewhere" / "python3")


def test_finding_is_plain_text():
    assert str(Finding("ok", "numpy", "2.4.0")) == "ok      numpy: 2.4.0"
    two = str(Finding("broken", "numba", "not installed", "pip install numba")).splitlines()
    assert two[0] == "broken  numba: not installed"
    assert two[1].strip() == "to mend it: pip install numba"


@pytest.mark.parametrize("error", [ImportError("no\n such symbol"), SystemExit(3), KeyError("x")])
def test_check_that_falls_over_is_a_finding(monkeypatch, error):
    def falls_over():
        raise error

    others = ("versions", "kernel", "widget_extensions", "server_extension", "threading_layer")
    for name in (*others, "cores"):
        monkeypatch.setattr(doctor, name, lambda: iter([]))
    monkeypatch.setattr(doctor, "compile_cache", falls_over)
    (finding,) = doctor.examine()
    assert (finding.level, finding.name) == ("broken", "compile cache")
    assert type(error).__name__ in finding.what
    assert "\n" not in finding.what
    assert "pip install" in finding.fix


# Versions


@pytest.fixture
def installed(monkeypatch):
    """Distributions by name and version; all of them load."""
    there = {}

    def version(name):
        if name not in there:
            raise importlib.metadata.PackageNotFoundError(name)
        return there[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(importlib, "import_module", lambda name: types.ModuleType(name))
    return there


def metadata(python, *requirements):
    """A distribution's metadata as the standard library reads it."""
    message = Message()
    if python:
        message["Requires-Python"] = python
    for requirement in requirements:
        message["Requires-Dist"] = requirement
    return message


def test_floors_come_from_the_packages_own_metadata(installed, monkeypatch):
    told = metadata(">=3.11", "numpy>=2.0", "scipy>=1.14", 'pytest>=8; extra == "test"')
    monkeypatch.setattr(importlib.metadata, "metadata", lambda name: told)
    installed |= dict.fromkeys(doctor.NEEDED, "9.0") | {"numpy": "1.26", "scipy": "1.14.0rc1"}
    findings = {finding.name: finding for finding in doctor.versions()}
    assert findings["dlnotes"].level == findings["Python"].level == "ok"
    assert findings["numpy"].level == "broken"
    assert findings["numpy"].what == "1.26 is older than this package needs (>=2.0)"
    assert findings["numpy"].fix.endswith('pip install --upgrade "numpy>=2.0"')
    assert findings["scipy"].level == "broken"
    assert findings["numba"].level == "ok"
    assert "pytest" not in findings


def test_python_that_is_too_old(installed, monkeypatch):
    monkeypatch.setattr(importlib.metadata, "metadata", lambda name: metadata(">=99"))
    findings = {finding.name: finding for finding in doctor.versions()}
    assert findings["Python"].level == "broken"
    assert ">=99" in findings["Python"].what


def test_metadata_without_a_floor_for_python(installed, monkeypatch):
    monkeypatch.setattr(importlib.metadata, "metadata", lambda name: metadata(None))
    assert next(f for f in doctor.versions() if f.name == "Python").level == "ok"


def test_run_from_its_source(installed, monkeypatch):
    def unknown(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "metadata", unknown)
    findings = {finding.name: finding for finding in doctor.versions()}
    assert findings["dlnotes"].level == "note"
    assert findings["anywidget"] == Finding(
        "broken", "anywidget", "not installed", doctor.pip_install('"anywidget"')
    )


def test_package_that_does_not_load(installed, monkeypatch):
    installed["scikit-learn"] = "1.5.0"
    asked = []

    def broken(name):
        asked.append(name)
        raise SystemExit("no libgomp")

    monkeypatch.setattr(importlib, "import_module", broken)
    finding = doctor.package("scikit-learn", SpecifierSet(">=1.5"))
    assert asked == ["sklearn"]
    assert finding.level == "broken"
    assert finding.what == "1.5.0 does not load (SystemExit: no libgomp)"
    assert "--force-reinstall" in finding.fix


def test_package_whose_installation_is_a_ruin(installed):
    installed["numba"] = None
    assert doctor.package("numba", SpecifierSet()).what == "its installation is damaged"


# The kernel


@pytest.fixture
def terminal(monkeypatch):
    """Not inside a notebook, whoever runs the tests."""
    monkeypatch.setattr(doctor, "inside_kernel", lambda: False)


def specification(monkeypatch, argv, folder="/elsewhere/kernels/python3"):
    """JupyterLab's Python kernel."""
    found = KernelSpec(argv=argv, resource_dir=str(folder))
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda self, name: found)


@pytest.mark.parametrize("command", [sys.executable, "python", "python3"])
def test_kernel_of_the_same_python(terminal, monkeypatch, command):
    specification(monkeypatch, [command, "-m", "ipykernel_launcher"])
    (finding,) = doctor.kernel()
    assert finding.level == "ok"
    assert sys.executable in finding.what


@pytest.mark.parametrize(
    ("folder", "fix"),
    [("/elsewhere/kernels/python3", "kernelspec remove python3"), (sys.prefix, "--sys-prefix")],
)
def test_kernel_of_another_python(terminal, monkeypatch, tmp_path, folder, fix):
    other = tmp_path / "python"
    other.touch()
    specification(monkeypatch, [str(other)], folder)
    (finding,) = doctor.kernel()
    assert finding.level == "broken"
    assert str(other) in finding.what
    assert sys.executable in finding.what
    assert fix in finding.fix


@pytest.mark.parametrize("argv", [["/no/such/python"], []])
def test_kernel_whose_python_is_gone(terminal, monkeypatch, argv):
    specification(monkeypatch, argv)
    (finding,) = doctor.kernel()
    assert finding.level == "broken"
    assert "not there" in finding.what


def test_no_kernel(terminal, monkeypatch):
    def none(self, name):
        raise NoSuchKernel(name)

    monkeypatch.setattr(jupyter_client.kernelspec.KernelSpecManager, "get_kernel_spec", none)
    (finding,) = doctor.kernel()
    assert finding.level == "broken"
    assert "ipykernel install" in finding.fix


def test_one_file_in_two_environments_is_two_pythons(tmp_path):
    base = tmp_path / "base"
    base.touch()
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        os.link(base, tmp_path / name / "python")
    os.link(base, tmp_path / "one" / "python3")
    one = str(tmp_path / "one" / "python")
    assert same_python(one, one)
    assert not same_python(one, str(tmp_path / "other" / "python"))
    assert same_python(one, str(tmp_path / "one" / ".." / "one" / "python"))


def test_inside_a_kernel_or_not(monkeypatch):
    for there in (True, False):
        application = types.SimpleNamespace(initialized=lambda there=there: there)
        module = types.SimpleNamespace(IPKernelApp=application)
        monkeypatch.setitem(sys.modules, "ipykernel.kernelapp", module)
        assert doctor.inside_kernel() == there
    monkeypatch.delitem(sys.modules, "ipykernel.kernelapp")
    assert not doctor.inside_kernel()


@pytest.mark.parametrize(
    ("command", "level", "said"),
    [
        (sys.executable, "ok", "this notebook and its server"),
        (ANOTHER, "note", f"its server in {ANOTHER}"),
        ("jupyter-lab", "note", "cannot be seen from here"),
        ("/sbin/init", "note", "cannot be seen from here"),
        (None, "note", "cannot be seen from here"),
    ],
)
def test_seen_from_a_notebook(monkeypatch, command, level, said):
    def read(self):
        assert self == Path("/proc/4711/cmdline")
        if command is None:
            raise FileNotFoundError
        return os.fsencode(command) + b"\0-m\0jupyterlab\0"

    monkeypatch.setattr(doctor, "inside_kernel", lambda: True)
    monkeypatch.setenv("JPY_PARENT_PID", "4711")
    monkeypatch.setattr(Path, "read_bytes", read)
    (finding,) = doctor.kernel()
    assert finding.level == level
    assert said in finding.what
    assert ("dlnotes doctor" in finding.fix) == (level == "note")


# The widgets


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A JupyterLab of the test's own, with both extensions."""
    monkeypatch.setattr(jupyter_core.paths, "jupyter_path", lambda *parts: [str(tmp_path)])
    monkeypatch.setattr(jupyterlab.commands, "get_app_dir", lambda: str(tmp_path / "app"))
    monkeypatch.setattr("jupyterlab_server.config.get_static_page_config", lambda **options: {})
    monkeypatch.setattr(doctor, "inside_kernel", lambda: False)
    for extension in doctor.EXTENSIONS.values():
        (tmp_path / extension).mkdir(parents=True)
        package = {"name": extension, "version": "5.0.1", "jupyterlab": {"_build": {"load": "x"}}}
        (tmp_path / extension / "package.json").write_text(json.dumps(package))
    (tmp_path / "app" / "settings").mkdir(parents=True)
    return tmp_path


def test_extensions_that_are_there(lab):
    for finding in doctor.widget_extensions():
        assert finding.level == "ok"
        assert "5.0.1 is there and switched on" in finding.what


def test_extensions_as_a_notebook_sees_them(lab, monkeypatch):
    monkeypatch.setattr(doctor, "inside_kernel", lambda: True)
    assert all("as far as can be seen" in finding.what for finding in doctor.widget_extensions())


def test_extension_that_is_missing(lab):
    (lab / "anywidget" / "package.json").unlink()
    manager, anywidget = doctor.widget_extensions()
    assert (manager.level, anywidget.level) == ("ok", "broken")
    assert "widgets stay empty" in anywidget.what
    assert anywidget.fix.endswith("--force-reinstall anywidget")


@pytest.mark.parametrize(
    "switched",
    [
        {"@jupyter-widgets/jupyterlab-manager": True, "anywidget": False},
        {"@jupyter-widgets/jupyterlab-manager:plugin": True},
        ["@jupyter-widgets/jupyterlab-manager"],
    ],
)
def test_extension_that_is_switched_off(lab, monkeypatch, switched):
    page = {"disabledExtensions": switched}
    monkeypatch.setattr("jupyterlab_server.config.get_page_config", lambda *where: page)
    manager, anywidget = doctor.widget_extensions()
    assert (manager.level, anywidget.level) == ("broken", "ok")
    assert "labextension enable @jupyter-widgets/jupyterlab-manager" in manager.fix


@pytest.mark.parametrize("switched", [True, False, None])
def test_servers_extension(tmp_path, monkeypatch, switched):
    monkeypatch.setattr(jupyter_core.paths, "jupyter_config_path", lambda: [str(tmp_path)])
    extensions = {} if switched is None else {"dlnotes.server": switched}
    config = {"ServerApp": {"jpserver_extensions": extensions}}
    (tmp_path / "jupyter_server_config.d").mkdir()
    (tmp_path / "jupyter_server_config.d" / "dlnotes.json").write_text(json.dumps(config))
    (finding,) = doctor.server_extension()
    assert finding.level == ("ok" if switched else "note")
    assert ("enable --sys-prefix dlnotes.server" in finding.fix) == (not switched)


def test_extension_switched_off_in_jupyterlabs_own_file(lab):
    page = lab / "app" / "settings" / "page_config.json"
    page.write_text(json.dumps({"disabledExtensions": {"anywidget": True}}))
    manager, anywidget = doctor.widget_extensions()
    assert (manager.level, anywidget.level) == ("ok", "broken")


# Threads, cache, cores


@pytest.fixture
def compiler(monkeypatch):
    """Numba as a reader has it, however the tests are run."""
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize(
    ("layer", "said"), [("omp", "omp, on 2 threads"), ("workqueue", "one loop at a time")]
)
def test_threading_layer(layer, said):
    (finding,) = doctor.threading_layer(f"print('{layer}', 2)")
    assert finding.level == "ok"
    assert said in finding.what


def test_compiler_that_is_switched_off(monkeypatch):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    (finding,) = doctor.threading_layer("raise ImportError('not asked')")
    assert (finding.level, finding.fix) == ("note", "unset NUMBA_DISABLE_JIT")


@pytest.mark.usefixtures("compiler")
def test_parallel_loop_that_takes_the_process_with_it():
    (finding,) = doctor.threading_layer("raise ImportError('no libtbb')")
    assert finding.level == "broken"
    assert "code 1 (ImportError: no libtbb)" in finding.what
    (finding,) = doctor.threading_layer("import os; os._exit(134)")
    assert "code 134 ()" in finding.what


@pytest.mark.usefixtures("compiler")
def test_parallel_loop_that_hangs():
    (finding,) = doctor.threading_layer("import time; time.sleep(30)", seconds=0.2)
    assert finding.level == "broken"
    assert "within 0.2 s" in finding.what


def test_compile_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(compiled, "writable_cache", lambda: tmp_path)
    (finding,) = doctor.compile_cache()
    assert (finding.level, finding.what) == ("ok", f"{tmp_path} can be written")
    monkeypatch.setattr(compiled, "writable_cache", lambda: None)
    (finding,) = doctor.compile_cache()
    assert finding.level == "note"
    assert "DLNOTES_CACHE_DIR" in finding.fix


@pytest.fixture
def machine(monkeypatch):
    """Two of sixteen cores, and no wishes."""
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    monkeypatch.setattr(threads, "usable_cores", lambda: 2)
    monkeypatch.setattr(threads, "container_limit", lambda: 2.0)
    for name in threads.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_cores(machine):
    (finding,) = doctor.cores()
    assert finding.level == "ok"
    assert finding.what == "2 of 16 may be used; the container's limit is 2"


def test_cores_without_a_container(machine):
    machine.setattr(threads, "container_limit", lambda: None)
    (finding,) = doctor.cores()
    assert finding.what == "2 of 16 may be used"


def test_pools_that_are_too_wide(machine):
    machine.setenv("OMP_NUM_THREADS", "2")
    machine.setenv("NUMBA_NUM_THREADS", "16")
    machine.setenv("MKL_NUM_THREADS", "many")
    (finding,) = doctor.cores()
    assert finding.level == "note"
    assert finding.what.endswith("; NUMBA_NUM_THREADS asks for more threads than that")
    assert "set it to 2" in finding.fix


def test_on_this_very_computer():
    """In a process of its own, as a reader runs it; what it finds depends on the computer."""
    done = subprocess.run(
        [sys.executable, "-m", "dlnotes", "doctor"],
        env=os.environ | {"PYTHONPATH": TOP},
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    levels = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert set(levels) <= {"ok", "note", "broken"}
    assert done.returncode == ("broken" in levels)
    names = ("numba", "kernel", "widgets (anywidget)", "parallel kernels", "compile cache", "cores")
    for name in names:
        assert any(line.partition(": ")[0].endswith(" " + name) for line in lines), name
    assert "could not be examined" not in done.stdout

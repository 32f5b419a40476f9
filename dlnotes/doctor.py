"""What could keep the course from running on this computer, found before a lesson meets it.

Every check stands alone: a package that is broken, even one that raises while it is imported, is a
finding and not the end of the examination.
"""

import importlib
import importlib.metadata
import os
import platform
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dlnotes import __version__, threads
from dlnotes.words import _

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

# Looked at in any case; the package's own metadata adds the rest, and the floors.
NEEDED = ["numpy", "numba", "jupyterlab", "jupyter-server", "nbconvert"]
NEEDED += ["ipykernel", "ipywidgets", "anywidget", "jupyterlab_widgets"]
# Where a distribution's module has another name.
MODULES = {"scikit-learn": "sklearn", "pillow": "PIL"}
# The front-end halves of the widget packages, as JupyterLab names them.
EXTENSIONS = {"jupyterlab_widgets": "@jupyter-widgets/jupyterlab-manager", "anywidget": "anywidget"}
PARALLEL_PROBE = """
import dlnotes, numba, numpy

@numba.njit(parallel=True)
def count(out):
    for i in numba.prange(out.size):
        out[i] = i

out = numpy.zeros(1000)
count(out)
assert out.sum() == 499500
print(numba.threading_layer(), numba.get_num_threads())
"""


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `fix` is empty where nothing is to be done."""

    level: Literal["ok", "note", "broken"]
    name: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        fix = "\n" + " " * 8 + _("to mend it: {fix}").format(fix=self.fix) if self.fix else ""
        return f"{self.level:7} {self.name}: {self.what}{fix}"


def examine() -> list[Finding]:
    """Everything the doctor looks at, which takes a few seconds."""
    return list(each_finding())


def each_finding() -> Iterator[Finding]:
    """The same one by one, as they are found."""
    checks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        (_("versions"), versions),
        (_("kernel"), kernel),
        (_("widgets"), widget_extensions),
        (_("server"), server_extension),
        (_("parallel kernels"), threading_layer),
        (_("compile cache"), compile_cache),
        (_("cores"), cores),
    ]
    for name, check in checks:
        try:
            yield from check()
        except (Exception, SystemExit) as error:  # whatever a broken package does when touched
            what = _("this could not be examined ({error})").format(error=one_line(error))
            yield Finding("broken", name, what, pip_install("--force-reinstall dlnotes"))


def one_line(error: BaseException) -> str:
    """An exception as the end of a sentence."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def pip_install(what: str) -> str:
    """The command that installs something for the very Python that runs now."""
    return f'"{sys.executable}" -m pip install {what}'


def inside_kernel() -> bool:
    """Whether a notebook asks, and not a terminal."""
    application = sys.modules.get("ipykernel.kernelapp")
    return application is not None and application.IPKernelApp.initialized()


def versions() -> Iterator[Finding]:
    """Python, this package and what it stands on, against the floors in its own metadata."""
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

    floors = {name: SpecifierSet() for name in NEEDED}
    python = SpecifierSet()
    try:
        metadata = importlib.metadata.metadata("dlnotes")
        python = SpecifierSet(metadata["Requires-Python"] or "")
        for text in metadata.get_all("Requires-Dist") or []:
            requirement = Requirement(text)
            if not requirement.marker or requirement.marker.evaluate({"extra": ""}):
                floors[requirement.name] = requirement.specifier
        yield Finding("ok", "dlnotes", __version__)
    except importlib.metadata.PackageNotFoundError:
        what = _("{version}, not installed but run from its source; its floors are not known")
        yield Finding("note", "dlnotes", what.format(version=__version__), pip_install("-e ."))
    version = platform.python_version()
    if python.contains(version, prereleases=True):
        yield Finding("ok", "Python", f"{version} ({sys.executable})")
    else:
        what = _("{version} is not {floor}").format(version=version, floor=python)
        yield Finding("broken", "Python", what, _("install dlnotes for a newer Python"))
    for name, floor in sorted(floors.items()):
        yield package(name, floor)


def package(name: str, floor: "SpecifierSet") -> Finding:
    """One package: there, new enough, and importable."""
    wanted = f'"{name}{floor}"'
    again = pip_install(f"--force-reinstall {wanted}")
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Finding("broken", name, _("not installed"), pip_install(wanted))
    if not version:  # its metadata is a ruin
        return Finding("broken", name, _("its installation is damaged"), again)
    if not floor.contains(version, prereleases=True):
        what = _("{version} is older than this package needs ({floor})")
        what = what.format(version=version, floor=floor)
        return Finding("broken", name, what, pip_install(f"--upgrade {wanted}"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            importlib.import_module(MODULES.get(name, name.replace("-", "_")))
    except (Exception, SystemExit) as error:
        what = _("{version} does not load ({error})").format(version=version, error=one_line(error))
        return Finding("broken", name, what, again)
    return Finding("ok", name, version)


def same_python(one: str, other: str) -> bool:
    """Whether two paths are one interpreter in one environment.

    The folder counts too: the Pythons of two virtual environments are links to one file.
    """
    here, there = Path(one), Path(other)
    return here.parent.resolve() == there.parent.resolve() and here.resolve() == there.resolve()


def kernel() -> Iterator[Finding]:
    """Whether notebooks run in the environment that JupyterLab runs in."""
    if inside_kernel():
        yield seen_from_kernel()
        return
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    name = _("kernel")
    install = f'"{sys.executable}" -m ipykernel install --sys-prefix'
    try:
        specification = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        yield Finding("broken", name, _("JupyterLab finds no Python kernel"), install)
        return
    command = specification.argv[0] if specification.argv else ""
    major, minor = sys.version_info[:2]
    # Jupyter itself puts its own Python in place of a bare name.
    if command in ("python", f"python{major}", f"python{major}.{minor}"):
        command = sys.executable
    if same_python(command, sys.executable):
        yield Finding("ok", name, _("notebooks run in {python}").format(python=command))
        return
    what = _("notebooks run in {kernel}, JupyterLab in {server}: what one has, the other may lack")
    if not Path(command).is_file():
        what = _("notebooks are to run in {kernel}, which is not there; JupyterLab is in {server}")
    inside = Path(specification.resource_dir).is_relative_to(sys.prefix)
    fix = install if inside else f'"{sys.executable}" -m jupyter kernelspec remove python3'
    yield Finding("broken", name, what.format(kernel=command, server=sys.executable), fix)


def seen_from_kernel() -> Finding:
    """From a notebook, the server is another process: what its command line tells, if anything."""
    try:
        parent = int(os.environ.get("JPY_PARENT_PID", os.getppid()))
        server = os.fsdecode(Path(f"/proc/{parent}/cmdline").read_bytes().partition(b"\0")[0])
    except (OSError, ValueError):
        server = ""
    known = Path(server).is_absolute() and Path(server).name.startswith("python")
    if known and same_python(server, sys.executable):
        what = _("this notebook and its server run in {python}").format(python=server)
        return Finding("ok", _("kernel"), what)
    what = _("this notebook runs in {kernel}; its server's environment cannot be seen from here")
    if known:
        what = _("this notebook runs in {kernel}, its server in {server}")
    fix = _("where widgets stay empty, run `dlnotes doctor` in the terminal that starts JupyterLab")
    return Finding("note", _("kernel"), what.format(kernel=sys.executable, server=server), fix)


def widget_extensions() -> Iterator[Finding]:
    """The halves of the widgets that run in the browser: JupyterLab must find them, switched on."""
    from jupyter_core.paths import jupyter_path
    from jupyterlab.commands import get_app_dir
    from jupyterlab_server.config import get_federated_extensions, get_page_config

    folders = jupyter_path("labextensions")
    found = get_federated_extensions(folders)
    page = get_page_config(folders, str(Path(get_app_dir()) / "settings"))
    switched = page.get("disabledExtensions", {})  # a mapping or a list, as versions differ
    switched_off = [name for name in switched if isinstance(switched, list) or switched[name]]
    for name, extension in EXTENSIONS.items():
        title = _("widgets ({name})").format(name=name)
        plugins = [entry for entry in switched_off if entry.partition(":")[0] == extension]
        if extension not in found:
            what = _("JupyterLab does not find the extension {extension}: widgets stay empty")
            fix = pip_install(f"--force-reinstall {name}")
            yield Finding("broken", title, what.format(extension=extension), fix)
        elif plugins:
            what = _("the extension {extension} is switched off: widgets stay empty")
            fix = f'"{sys.executable}" -m jupyter labextension enable {min(plugins)}'
            yield Finding("broken", title, what.format(extension=extension), fix)
        else:
            what = _("{extension} {version} is there and switched on")
            if inside_kernel():
                what = _("{extension} {version} is switched on, as far as can be seen from here")
            what = what.format(extension=extension, version=found[extension]["version"])
            yield Finding("ok", title, what)


def server_extension() -> Iterator[Finding]:
    """Whether the Jupyter server of this environment sends each picture at once (`server.py`)."""
    from jupyter_core.paths import jupyter_config_path
    from jupyter_server.extension.config import ExtensionConfigManager

    name = _("server")
    switched = ExtensionConfigManager(read_config_path=jupyter_config_path())
    if switched.get_jpserver_extensions().get("dlnotes.server"):
        yield Finding("ok", name, _("it sends each picture at once"))
    else:
        what = _("its extension dlnotes.server is not switched on: pictures come 40 ms late")
        fix = f'"{sys.executable}" -m jupyter server extension enable --sys-prefix dlnotes.server'
        yield Finding("note", name, what, fix)


def threading_layer(probe: str = PARALLEL_PROBE, seconds: float = 120) -> Iterator[Finding]:
    """Run a parallel loop in a process of its own: where it fails, it takes the process with it."""
    name = _("parallel kernels")
    reinstall = pip_install("--force-reinstall numba")
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        what = _("NUMBA_DISABLE_JIT is set: nothing is compiled, and every lesson is slow")
        yield Finding("note", name, what, _("unset NUMBA_DISABLE_JIT"))
        return
    # The probe must find the packages where this process found them.
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        command = [sys.executable, "-c", probe]
        done = subprocess.run(
            command, env=environment, timeout=seconds, capture_output=True, text=True
        )
    except subprocess.TimeoutExpired:
        what = _("a parallel loop did not end within {seconds:g} s").format(seconds=seconds)
        yield Finding("broken", name, what, reinstall)
        return
    if done.returncode:
        last = " ".join(done.stderr.strip().splitlines()[-1:])
        what = _("a parallel loop failed with code {code} ({last})")
        yield Finding("broken", name, what.format(code=done.returncode, last=last), reinstall)
        return
    layer, count = done.stdout.split()[-2:]
    what = _("Numba's threading layer is {layer}, on {count} threads")
    if layer == "workqueue":
        what = _("Numba's threading layer is {layer}, on {count} threads, one loop at a time")
    yield Finding("ok", name, what.format(layer=layer, count=count))


def compile_cache() -> Iterator[Finding]:
    """Whether what is compiled once can be kept."""
    from dlnotes.kernels import compiled

    folder = compiled.writable_cache()
    if folder:
        what = _("{folder} can be written").format(folder=folder)
        yield Finding("ok", _("compile cache"), what)
    else:
        what = _("it cannot be written, so every notebook compiles its kernels anew, for a minute")
        fix = _("set DLNOTES_CACHE_DIR to a folder that you can write")
        yield Finding("note", _("compile cache"), what, fix)


def cores() -> Iterator[Finding]:
    """The cores that are seen against those that may be used, and the thread pools' sizes."""
    seen, usable, limit = os.cpu_count() or 1, threads.usable_cores(), threads.container_limit()
    what = _("{usable} of {seen} may be used").format(usable=usable, seen=seen)
    if limit is not None:
        what += _("; the container's limit is {limit:g}").format(limit=limit)
    pools = {name: os.environ.get(name, "") for name in threads.VARIABLES}
    wide = [name for name, size in pools.items() if size.isdecimal() and int(size) > usable]
    if wide:
        what += _("; {names} asks for more threads than that").format(names=", ".join(wide))
        fix = _("unset it, or set it to {usable}, before starting JupyterLab").format(usable=usable)
        yield Finding("note", _("cores"), what, fix)
    else:
        yield Finding("ok", _("cores"), what)

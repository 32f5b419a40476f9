"""Compiling ahead: the first drag of a lesson must not wait for a compiler.

Every module of kernels has a `warm()` that calls its kernels once with the types the lessons use.
What they compile lies in the cache afterwards; so does matplotlib's list of fonts.
"""

import contextlib
import functools
import hashlib
import importlib
import logging
import os
import pkgutil
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from dlnotes.threads import usable_cores
from dlnotes.words import _


def kernel_modules(package: ModuleType | None = None) -> list[str]:
    """The names of the modules in the room of kernels."""
    if package is None:
        package = importlib.import_module("dlnotes.kernels")
    return [
        f"{package.__name__}.{module.name}" for module in pkgutil.iter_modules(package.__path__)
    ]


def warm_module(name: str) -> bool:
    """Compile one module's kernels. False where it has none to compile."""
    module = importlib.import_module(name)
    if not hasattr(module, "warm"):
        return False
    module.warm()
    return True


def warm_fonts() -> bool:
    """Have matplotlib list the fonts, which it does once and then remembers."""
    # Where its folder cannot be written, it says so at length; that is the doctor's to say.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    importlib.import_module("matplotlib.font_manager")
    return True


def warm(say: Callable[[str], None] = print, package: ModuleType | None = None) -> list[str]:
    """Compile every kernel, with a line to `say` for each module. Returns the names that failed."""
    helper = another_core() if package is None else None
    try:
        return warm_each(say, package)
    finally:
        if helper:
            helper.kill()  # what it had half done was done here meanwhile
            helper.wait()


HELP = "from dlnotes import warm; warm.help_out()"


def another_core() -> "subprocess.Popen | None":
    """A second process that compiles too, from the last module on, where there is a core for it.

    What it has done is found in the cache by the first one, which goes through all of them.
    """
    from dlnotes.kernels.compiled import CACHE

    if usable_cores() < 2 or CACHE is None:
        return None
    top = str(Path(__file__).parents[1])
    path = os.pathsep.join([top, *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-c", HELP],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def help_out() -> None:
    """Compile all modules, from the last on; what fails is for the other process to say."""
    for name in reversed(kernel_modules()):
        with contextlib.suppress(Exception):
            warm_module(name)


def warm_each(say: Callable[[str], None], package: ModuleType | None) -> list[str]:
    """All modules in their order, and the fonts; see `warm`."""
    failed = []
    tasks: list[tuple[str, Callable[[], bool]]] = [
        (name.rpartition(".")[2], functools.partial(warm_module, name))
        for name in kernel_modules(package)
    ]
    for name, task in [*tasks, (_("fonts"), warm_fonts)]:
        start = time.perf_counter()
        try:
            if task():
                say(f"{name:12} {time.perf_counter() - start:6.1f} s")
        except Exception as error:  # one broken module must not leave the others cold
            failed.append(name)
            what = " ".join(f"{type(error).__name__}: {error}".split())
            say(_("{name} failed: {error}").format(name=name, error=what))
    if failed:
        return failed
    mark = stamp()
    if mark:
        with contextlib.suppress(OSError):  # without it, the next start only looks again
            mark.touch()
    return failed


def stamp() -> Path | None:
    """The mark beside the compiled kernels: all are ready for this Python and this processor."""
    from llvmlite import binding
    from numba.core import config

    from dlnotes.kernels.compiled import CACHE

    names = ("CPU_NAME", "CPU_FEATURES", "DISABLE_JIT")
    target = [getattr(config, name, None) for name in names]
    if not target[0]:
        target[0] = binding.get_host_cpu_name()
    key = hashlib.sha256(repr([platform.python_version(), *target]).encode()).hexdigest()[:12]
    return CACHE / f"warm-{key}" if CACHE else None


def is_warm() -> bool:
    """Whether `warm` has run to its end for these sources, this Python and this processor."""
    try:
        mark = stamp()
        return mark is not None and mark.exists()
    except Exception:  # a broken numba: `warm` will name it
        return False

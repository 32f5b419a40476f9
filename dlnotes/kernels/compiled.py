"""How this package compiles: one decorator, one place for what it compiled.

Numba keys a cached function by its own file alone, so a function that calls an edited helper would
meet the old one. The cache therefore lies in a folder of the reader's own whose name is a digest of
every kernel's source; it also works when the package itself is read-only. Where nothing can be
written, the kernels compile anew in each process.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numba.core.config

# Numba's own annotations know neither its settings nor options that are handed on.
config: Any = numba.core.config
njit: Any = numba.njit

# Reordering and contraction help the vectoriser; NaN and infinity keep their meaning.
FAST = {"contract", "reassoc", "arcp", "nsz"}


def sources_digest(folder: Path = Path(__file__).parent) -> str:
    """A digest of the kernels' sources, the compiler's version and the checks it compiles in."""
    # Numba's own key knows nothing of NUMBA_BOUNDSCHECK: a build without checks would be taken.
    digest = hashlib.sha256(f"{numba.__version__} {config.BOUNDSCHECK}".encode())
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def user_cache_folder() -> Path:
    """Where this system keeps a user's caches; `DLNOTES_CACHE_DIR` goes before it."""
    if named := os.environ.get("DLNOTES_CACHE_DIR"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "dlnotes"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "dlnotes"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dlnotes"


def writable_cache() -> Path | None:
    """The folder for compiled kernels, made if it is absent; None where it cannot be written."""
    try:
        folder = user_cache_folder() / "kernels" / sources_digest()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, RuntimeError):
        return None


CACHE = writable_cache()


def kernel(function: Callable | None = None, **options: Any) -> Callable:
    """`numba.njit` with this package's flags and cache: `@kernel` or `@kernel(parallel=True)`."""
    if function is None:
        return lambda decorated: kernel(decorated, **options)
    options = {"cache": CACHE is not None, "fastmath": FAST, "nogil": True} | options
    before = config.CACHE_DIR
    config.CACHE_DIR = str(CACHE or "")
    try:
        return njit(**options)(function)
    finally:
        config.CACHE_DIR = before

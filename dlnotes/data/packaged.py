"""Files that other packages bring. A package is not loaded for one: scikit-learn takes half a
second.
"""

from importlib.util import find_spec
from pathlib import Path


def packaged(package: str, place: str) -> Path:
    """The file at `place` in the folder of a package that this one requires."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / place

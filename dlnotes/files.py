"""Writing a file so that a crash, a full disk or a power cut leaves the old one or the new one,
whole."""

import errno
import os
import secrets
from pathlib import Path
from typing import Any


def write_whole(path: Any, data: bytes, who: str) -> None:
    """Write `data` beside `path`, see it to the disk, and move it into place.

    Errors: TypeError for a path that is none, ValueError for a folder; OSError as the system gives
    it.
    """
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"{who}: path is {path!r}, wanted the name of a file")
    target = Path(os.path.realpath(path))  # behind a link stands the file that is meant
    if target.is_dir():
        raise ValueError(f"{who}: {path} is a folder, wanted the name of a file")
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(target.parent))
    partial = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    see_folder_to_disk(target.parent)


def see_folder_to_disk(folder: Path) -> None:
    """The new name, too, must outlive a power cut; Windows opens no folders and needs no such
    thing."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

"""Where an export goes: where it was told to, and over another file only when told so."""

import errno
import os
from difflib import get_close_matches
from pathlib import Path

from dlnotes.course import CourseError, package_notebooks
from dlnotes.export.running import ExportError
from dlnotes.files import write_whole
from dlnotes.words import _

NOTEBOOK = ".ipynb"
ENDINGS = (".html", ".htm")
MOST_NAMES = 3


def notebook_at(text: str) -> Path:
    """The notebook that is meant: a file, or the name of a lesson of the course.

    ExportError where there is none, with the names that come near.
    """
    path = Path(text).expanduser()
    if path.is_dir():
        raise ExportError(_("{path} is a folder, not a notebook.").format(path=path))
    if path.exists():
        return path
    try:
        lessons = {lesson.stem: lesson for lesson in sorted(package_notebooks().glob("*.ipynb"))}
    except CourseError:
        lessons = {}
    name = path.name.removesuffix(NOTEBOOK)
    if path.name == text and name in lessons:  # no folder is named
        return lessons[name]
    beside = {found.stem: str(found) for found in sorted(path.parent.glob(f"*{NOTEBOOK}"))}
    near = [beside.get(known, known) for known in near_names(name, [*lessons, *beside])]
    sentence = _("There is no notebook {path}.").format(path=path)
    if near:
        sentence += " " + _("Did you mean {names}?").format(names=_(" or ").join(near))
    raise ExportError(sentence)


def near_names(name: str, known: list[str]) -> list[str]:
    """Those that begin so, as a lesson's number does, else those that are spelt alike."""
    known = list(dict.fromkeys(known))
    begun = [each for each in known if name and each.startswith(name)]
    return (begun or get_close_matches(name, known))[:MOST_NAMES]


def check_target(path: Path, *, force: bool, within: Path | None = None) -> Path:
    """The resolved place of a file to be written; ExportError says what stands against it.

    With `within`, the file must lie in that folder, also after links have been followed.
    """
    folder = path.parent.resolve()
    target = folder / path.name
    if within is not None and not folder.is_relative_to(within.resolve()):
        sentence = _("{path} lies outside {folder}.")
        raise ExportError(sentence.format(path=path, folder=within))
    if path.suffix.lower() not in ENDINGS and within is None:
        sentence = _("{path} is no name for a page: it ends in .html.")
        raise ExportError(sentence.format(path=path))
    if not folder.is_dir():
        raise ExportError(_("There is no folder {folder}.").format(folder=folder))
    if target.is_symlink():
        sentence = _("{path} is a link to {target}: name the file itself.")
        raise ExportError(sentence.format(path=path, target=target.readlink()))
    if target.is_dir():
        raise ExportError(_("{path} is a folder, not a file.").format(path=path))
    if target.exists() and not force:
        sentence = _("{path} is there already: choose another name, or replace it with --force.")
        raise ExportError(sentence.format(path=path))
    if not os.access(folder, os.W_OK):  # said before minutes are spent
        sentence = _("{path} cannot be written: {reason}.")
        raise ExportError(sentence.format(path=path, reason=os.strerror(errno.EACCES)))
    return target


def write(target: Path, text: str) -> None:
    try:
        write_whole(target, text.encode(), "export")
    except OSError as error:
        sentence = _("{path} cannot be written: {reason}.")
        raise ExportError(sentence.format(path=target, reason=error.strerror or error)) from None

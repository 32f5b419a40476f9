"""Where an export goes: where it was told to, and over another file only when told so."""

from pathlib import Path

from dlnotes.course import CourseError, package_notebooks
from dlnotes.export.running import ExportError
from dlnotes.files import write_whole
from dlnotes.words import _

ENDINGS = (".html", ".htm")


def notebook_at(text: str) -> Path:
    """The notebook that is meant: a file, or the name of a lesson of the course."""
    path = Path(text).expanduser()
    if path.exists():
        return path
    if path.name == text:  # no folder is named: perhaps a lesson
        try:
            lessons = sorted(package_notebooks().glob("*.ipynb"))
        except CourseError:
            lessons = []
        for lesson in lessons:
            if text in (lesson.name, lesson.stem):
                return lesson
    return path


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
    return target


def write(target: Path, text: str) -> None:
    try:
        write_whole(target, text.encode(), "export")
    except OSError as error:
        sentence = _("{path} cannot be written: {reason}.")
        raise ExportError(sentence.format(path=target, reason=error.strerror or error)) from None

"""The reader's own copy of the course: kept up to date, never overwritten where they changed it.

A manifest in the folder keeps the digest of every file as the reader was given it. A file that
still has that digest may be replaced; any other is the reader's work and stays, and the package's
newer one is put beside it.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dlnotes.words import _

MANIFEST = ".dlnotes-course.json"
# What running a lesson leaves may lie in a source checkout: the record of somebody's answers, the
# network that lesson 09 saves. It is nobody else's.
NEVER_COPIED = {
    "__pycache__", "dlnotes-progress.json", "my_network.safetensors", "my_network.onnx",
}  # fmt: skip


class CourseError(Exception):
    """The course cannot be laid out; the message is one sentence for the reader."""


@dataclass
class Course:
    """What `lay_out` did, by names in `folder`; `beside` maps a kept file to the newer one."""

    folder: Path
    written: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)
    broken_manifest: str | None = None

    def sentences(self) -> Iterator[str]:
        """What happened, for the terminal."""
        yield _(
            "The course is in {folder}: {written} files new, {updated} brought up to date."
        ).format(folder=self.folder, written=len(self.written), updated=len(self.updated))
        if self.broken_manifest:
            yield _(
                "Its record {manifest} could not be read and is kept as {kept}; every file that "
                "differs from the package's is taken to be yours."
            ).format(manifest=MANIFEST, kept=self.broken_manifest)
        for name, new in self.beside.items():
            yield _(
                "{name} is kept as you left it; the package's new one is beside it: {new}"
            ).format(name=name, new=new)


def package_notebooks() -> Path:
    """Where the notebooks lie: inside an installed package, or at the top of a source checkout."""
    package = Path(__file__).parent
    checkout = package.parent
    if (package / "notebooks").is_dir():
        return package / "notebooks"
    if (checkout / "pyproject.toml").is_file() and (checkout / "notebooks").is_dir():
        return checkout / "notebooks"
    raise CourseError(_("This installation of dlnotes has no notebooks: please install it again."))


def course_files(source: Path) -> list[str]:
    """What a reader is given, as names with forward slashes: no checkpoints, no progress."""
    names = []
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        hidden = any(part.startswith(".") or part in NEVER_COPIED for part in relative.parts)
        offer = any(suffix.startswith(".new") for suffix in path.suffixes[:-1])
        if path.is_file() and not hidden and not offer:
            names.append(relative.as_posix())
    return names


def lay_out(folder: Path, source: Path | None = None) -> Course:
    """Copy the course into `folder`, or bring it up to date there.

    Raises CourseError, in one sentence, where the folder cannot be read or written.
    """
    source = package_notebooks() if source is None else source
    try:
        folder = folder.absolute()
        folder.mkdir(parents=True, exist_ok=True)
        course = Course(folder.resolve())
        given = read_manifest(course)
        try:
            for name in course_files(source):
                give(course, given, name, (source / name).read_bytes())
        finally:
            text = json.dumps({"version": 1, "files": given}, indent=1, sort_keys=True)
            write(course.folder / MANIFEST, text.encode())
    except FileExistsError as error:
        raise CourseError(
            _("{name} is not a folder: choose another place with --dir.").format(
                name=error.filename
            )
        ) from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        reason = getattr(error, "strerror", None) or error
        raise CourseError(
            _(
                "The course cannot be kept in {folder} ({reason}): choose another with --dir."
            ).format(folder=folder, reason=reason)
        ) from None
    return course


def give(course: Course, given: dict[str, dict[str, str]], name: str, content: bytes) -> None:
    """Bring one file to the reader; `given` is their manifest and is brought up to date too."""
    target = course.folder / name
    for parent in Path(name).parents:
        if (course.folder / parent).is_symlink() and parent != Path():
            raise OSError(_("{name} is a link to elsewhere").format(name=course.folder / parent))
    record = given.setdefault(name, {})
    new = digest(content)
    now = digest_of(target)
    if now is None:
        write(target, content)
        course.written.append(name)
    elif now not in (new, *record.values()):
        if new not in record.values():
            course.beside[name] = put_beside(target, content, record.get("offered"))
            record["offered"] = new
        return
    elif now != new:
        write(target, content)
        course.updated.append(name)
    given[name] = {"given": new}


def put_beside(target: Path, content: bytes, offered: str | None) -> str:
    """Write `content` as NAME.new.ipynb, or a further name: only our older offer is replaced."""
    count = 1
    while True:
        ending = ".new" if count == 1 else f".new-{count}"
        beside = target.with_name(f"{target.stem}{ending}{target.suffix}")
        there = digest_of(beside)
        if there is None or there == offered:
            write(beside, content)
        if there in (None, offered, digest(content)):
            return beside.name
        count += 1


def digest(content: bytes) -> str:
    """What identifies a file's content."""
    return hashlib.sha256(content).hexdigest()


def digest_of(path: Path) -> str | None:
    """The digest of the file at `path`, None where nothing lies. A link or a folder is "theirs"."""
    if path.is_symlink() or path.is_dir():
        return "theirs"
    try:
        return digest(path.read_bytes())
    except FileNotFoundError:
        return None


def read_manifest(course: Course) -> dict[str, dict[str, str]]:
    """What the reader was given, by name. A manifest that makes no sense is set aside, not lost."""
    path = course.folder / MANIFEST
    try:
        files = json.loads(path.read_bytes())["files"]
        return {
            name: {key: text for key, text in record.items() if len(text) == len(digest(b""))}
            for name, record in files.items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        kept = path.with_name(f"{MANIFEST}.broken-{secrets.token_hex(3)}")
        path.replace(kept)
        course.broken_manifest = kept.name
        return {}


def write(path: Path, content: bytes) -> None:
    """Write a whole file or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)

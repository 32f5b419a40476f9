"""The command line: `dlnotes lab`, `doctor`, `warm`, and `html`, `slides`, `site` for exports.

Each command loads what it needs when it runs, so that `--help` and `--version` answer at once and a
broken plotting or widget library cannot keep the doctor from speaking.
"""

import argparse
import importlib.util
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dlnotes import __version__
from dlnotes.words import _

START_PAGE = "00_start_here.ipynb"


def port_number(text: str) -> int:
    """A TCP port from the command line; 0 lets the system choose."""
    if text.isascii() and text.isdecimal() and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(
        _("a port is a whole number from 0 to 65535, not {text}").format(text=repr(text))
    )


def folder_name(text: str) -> Path:
    """A folder from the command line, with `~` for the reader's home."""
    if not text:
        raise argparse.ArgumentTypeError(_("a folder needs a name"))
    try:
        return Path(text).expanduser()
    except RuntimeError:  # `~name` of nobody
        return Path(text)


def file_name(text: str) -> Path:
    """A file from the command line, with `~` for the reader's home."""
    if not text:
        raise argparse.ArgumentTypeError(_("a file needs a name"))
    return folder_name(text)


def build_parser() -> argparse.ArgumentParser:
    """The options of every command."""
    parser = argparse.ArgumentParser(
        prog="dlnotes",
        description=_("Understand deep learning by moving it with your hands."),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"dlnotes {__version__}",
        help=_("print the version and leave"),
    )
    commands = parser.add_subparsers(dest="command", metavar=_("COMMAND"))
    lab = commands.add_parser(
        "lab",
        help=_("copy the course into a folder and open it in JupyterLab"),
        description=_(
            "Copies the course into a folder of yours and opens it in JupyterLab. What you have "
            "changed there is never overwritten."
        ),
        usage=_("dlnotes lab [--dir DIR] [--no-browser] [--port N] [-- JUPYTERLAB ARGUMENTS]"),
        epilog=_("What follows -- is handed on to JupyterLab, and goes before our own choices."),
    )
    lab.add_argument(
        "--dir",
        type=folder_name,
        default=Path("dlnotes-course"),
        metavar=_("DIR"),
        help=_("where your copy of the course lives (./dlnotes-course)"),
    )
    lab.add_argument(
        "--no-browser", action="store_true", help=_("print the address and open no browser")
    )
    lab.add_argument(
        "--port",
        type=port_number,
        metavar=_("N"),
        help=_("the port to try first; JupyterLab takes another where it is in use"),
    )
    commands.add_parser(
        "doctor",
        help=_("look for what could keep the course from running, and say how to mend it"),
        description=_(
            "Looks at what the course stands on: one line for each finding and one for its remedy. "
            "Ends with 1 where something is broken, else with 0."
        ),
    )
    warm = commands.add_parser(
        "warm",
        help=_("compile every kernel ahead, so that no lesson waits for it"),
        description=_("Compiles every kernel and prepares the fonts, so that no lesson waits."),
    )
    warm.add_argument(
        "--if-cold",
        action="store_true",
        help=_("do nothing where this has been done for this version and this processor"),
    )
    add_exports(commands)
    return parser


def add_exports(commands: Any) -> None:
    """The commands that turn notebooks into something to show without Jupyter."""
    html = commands.add_parser(
        "html",
        help=_("write a notebook as one page that works without Jupyter and without a network"),
        description=_(
            "Runs a notebook and writes it as one HTML file that needs nothing else: its widgets "
            "still move, by pictures that are computed ahead."
        ),
    )
    slides = commands.add_parser(
        "slides",
        help=_("write a notebook as one deck of slides, likewise"),
        description=_(
            "Runs a notebook and writes it as one HTML file of slides that needs nothing else: its "
            "widgets still move, by pictures that are computed ahead."
        ),
    )
    for command in (html, slides):
        command.add_argument(
            "notebook", metavar=_("NOTEBOOK"), help=_("a notebook, or the name of a lesson")
        )
        command.add_argument(
            "-o",
            "--output",
            type=file_name,
            required=True,
            metavar=_("FILE"),
            help=_("the file to write, ending in .html"),
        )
    site = commands.add_parser(
        "site",
        help=_("write the whole course as a website"),
        description=_(
            "Runs every lesson and writes them as pages that link to one another, the map of the "
            "course as index.html."
        ),
    )
    site.add_argument(
        "-o",
        "--output",
        type=folder_name,
        required=True,
        metavar=_("DIR"),
        help=_("the folder to write into"),
    )
    for command in (html, slides, site):
        command.add_argument(
            "--force", action="store_true", help=_("replace what is there already")
        )
        command.add_argument("--report", action="store_true", help=_("say how the bytes are spent"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 well, 1 not well, 130 interrupted (2: usage)."""
    for stream in (sys.stdout, sys.stderr):
        # A folder's name may hold what the terminal cannot show.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    own, handed_on = split_at_dashes(sys.argv[1:] if arguments is None else arguments)
    parser = build_parser()
    options = parser.parse_args(own)
    if handed_on and options.command != "lab":
        parser.error(_("only `dlnotes lab` hands arguments on after --"))
    try:
        match options.command:
            case "lab":
                return open_lab(options, handed_on)
            case "doctor":
                return examine()
            case "warm":
                return warm(if_cold=options.if_cold)
            case "html" | "slides":
                return export(options)
            case "site":
                return write_site(options)
        parser.print_help()
        return 0
    except KeyboardInterrupt:
        print(_("Stopped."), file=sys.stderr)
        return 130


def split_at_dashes(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """What stands before the first `--`, and what stands after it."""
    arguments = list(arguments)
    if "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


def say(sentence: str) -> None:
    """One line to the terminal, at once: whoever waits for the address may be reading a pipe."""
    print(sentence, flush=True)


def open_lab(options: argparse.Namespace, handed_on: list[str]) -> int:
    """Lay the course out, warm the kernels, and hold JupyterLab until it ends."""
    from dlnotes import course, lab

    try:
        laid = course.lay_out(options.dir)
    except course.CourseError as error:
        print(error, file=sys.stderr)
        return 1
    for sentence in laid.sentences():
        say(sentence)
    if importlib.util.find_spec("jupyterlab") is None:
        sentence = _(
            "JupyterLab is not installed beside dlnotes. Run: {python} -m pip install dlnotes"
        )
        print(sentence.format(python=sys.executable), file=sys.stderr)
        return 1
    return lab.run(
        laid.folder,
        start_page=START_PAGE if (laid.folder / START_PAGE).is_file() else None,
        browser=not options.no_browser,
        port=options.port,
        handed_on=handed_on,
        say=say,
    )


def examine() -> int:
    """Print the doctor's findings."""
    from dlnotes import doctor

    findings = []
    for finding in doctor.each_finding():
        findings.append(finding)
        say(str(finding))
    return 1 if any(finding.level == "broken" for finding in findings) else 0


def warm(*, if_cold: bool) -> int:
    """Compile ahead, and name what failed."""
    from dlnotes import warm

    if if_cold and warm.is_warm():
        return 0
    failed = warm.warm(say)
    if failed:
        sentence = _("Not ready: {names}.").format(names=", ".join(failed))
        print(sentence, file=sys.stderr)
    return 1 if failed else 0


def export(options: argparse.Namespace) -> int:
    """Write a notebook as a page or a deck, and say what it took."""
    from dlnotes import export
    from dlnotes.export import place, report

    try:
        target = place.check_target(options.output, force=options.force)
        lecture = export.lecture(place.notebook_at(options.notebook))
        text = {"html": export.html, "slides": export.slides}[options.command](lecture)
        place.write(target, text)
    except (export.ExportError, export.Missing) as error:
        print(error, file=sys.stderr)
        return 1
    for sentence in report.sentences(options.output, lecture, text, whole=options.report):
        say(sentence)
    return 0


def write_site(options: argparse.Namespace) -> int:
    """Write the course as a website."""
    from dlnotes import course, export
    from dlnotes.export import place, report

    try:
        paths = sorted(course.package_notebooks().glob("*.ipynb"))
        for target, lecture, text in export.website(options.output, paths, force=options.force):
            place.write(target, text)
            for sentence in report.sentences(target, lecture, text, whole=options.report):
                say(sentence)
    except (export.ExportError, export.Missing, course.CourseError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0

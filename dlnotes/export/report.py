"""How the bytes of an exported document are spent, and what of its explorers was recorded."""

from collections.abc import Iterator
from pathlib import Path

from dlnotes.export.running import Lecture
from dlnotes.words import _


def sentences(path: Path, lecture: Lecture, text: str, *, whole: bool) -> Iterator[str]:
    """What was written to `path`; if `whole`, also one line for each part of the document."""
    total = len(text.encode())
    yield _("{path}: {size:.1f} MB.").format(path=path, size=total / 1e6)
    if not whole:
        return
    rest = total - sum(recording.size for recording in lecture.recordings.values())
    yield _("{size:>10,} the text, the style, the scripts and the first pictures").format(size=rest)
    for recording in lecture.recordings.values():
        what = _("every state") if recording.whole else _("some states")
        line = _(
            "{size:>10,} {kind}: {pictures:,} pictures, {states:,} states ({what}), {seconds:.1f} s"
        )
        yield line.format(
            size=recording.size,
            kind=recording.name,
            pictures=recording.frames,
            states=recording.states,
            what=what,
            seconds=recording.seconds,
        )
        for label, reason in recording.disabled.items():
            yield _("{space:>10} off: “{label}”. {reason}").format(
                space="", label=label, reason=reason
            )

"""The map counts what the progress file holds, and says what it cannot keep."""

import xml.etree.ElementTree as ElementTree

import pytest
from driver import Page, check_frame

from dlnotes.lessons import progress as progress_module
from dlnotes.lessons.course_map import CourseMap
from dlnotes.lessons.lesson import LESSONS, lesson
from dlnotes.lessons.progress import Progress

FIRST = "02_fitting_a_function"
ALL = sum(len(lesson(name).checks) for name in LESSONS)


@pytest.fixture
def progress(tmp_path):
    return Progress(tmp_path / "progress.json")


def test_nothing_yet_is_none_of_all(progress):
    course = CourseMap(progress=progress)
    assert course._frame["says"] == f"0 of {ALL} checks are right."
    assert f"{FIRST}=0/{len(lesson(FIRST).checks)}" in repr(course)
    check_frame(course, course._frame)


def test_it_counts_right_and_tried(progress):
    keys = list(lesson(FIRST).checks)
    progress.record(FIRST, keys[0], True, 1)
    progress.record(FIRST, keys[1], False, 1)
    progress.record(FIRST, keys[1], False, 2)
    progress.record(FIRST, "no longer asked", True, 3)
    progress.record("no such lesson", "key", True, 3)
    course = CourseMap(progress=progress)
    assert tuple(course.counts[FIRST]) == (1, 2, len(keys))
    text = [*ElementTree.fromstring(course.svg()).itertext()]
    at = text.index("02 Learning is fitting")
    assert text[at + 1 : at + 4] == ["1", "2", str(len(keys))]
    assert course._frame["says"] == f"1 of {ALL} checks are right."


def test_look_again_reads_what_came_since(progress):
    course = CourseMap(progress=progress)
    progress.record(FIRST, "huge", True, 1)
    assert course._frame["says"].startswith("0 of")
    frame = Page(course).press("look")
    assert frame["says"].startswith("1 of")
    check_frame(course, frame)


def test_progress_is_the_readers_own_unless_told(tmp_path, monkeypatch):
    monkeypatch.setenv("DLNOTES_PROGRESS", str(tmp_path / "mine.json"))
    Progress().record(FIRST, "huge", True, 1)
    assert CourseMap()._frame["says"].startswith("1 of")


def test_a_state_comes_back(progress):
    course = CourseMap(progress=progress)
    state = course.state
    progress.record(FIRST, "huge", True, 1)
    again = CourseMap.from_state(state, progress=progress)
    assert again.state == state
    assert again._frame["says"].startswith("0 of")


def test_what_cannot_be_kept_is_said_and_escaped(tmp_path, monkeypatch):
    monkeypatch.setattr(progress_module, "persist", lambda write: False)
    progress = Progress(tmp_path / "<script>&.json")
    progress.record(FIRST, "huge", True, 1)
    course = CourseMap(progress=progress)
    assert "Your progress is kept until this kernel stops" in course._frame["says"]
    assert "<script>&.json cannot be written" in course._frame["says"]
    assert "<script" not in course.svg()
    check_frame(course, course._frame)
    progress.forget()


def test_titles_are_text(progress, monkeypatch):
    monkeypatch.setattr(
        "dlnotes.lessons.course_map.lesson",
        lambda name: lesson(FIRST).__class__(name, "<b>&", {}, {}),
    )
    course = CourseMap(progress=progress)
    assert "<b>" not in course.svg()
    assert "02 <b>&" in "".join(ElementTree.fromstring(course.svg()).itertext())

"""An export goes where it was told to, and replaces nothing by accident."""

import os

import pytest

from dlnotes import course
from dlnotes.export import place
from dlnotes.export.running import ExportError


def test_a_free_place_in_a_folder_is_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    target = place.check_target(place.Path("page.html"), force=False)
    assert target == tmp_path.resolve() / "page.html"
    place.write(target, "ü")
    assert target.read_text("utf-8") == "ü"
    with pytest.raises(ExportError, match=r"page\.html is there already.*--force"):
        place.check_target(place.Path("page.html"), force=False)
    assert place.check_target(place.Path("page.html"), force=True) == target


def test_other_places_are_refused_by_name(tmp_path):
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "link.html").symlink_to(tmp_path / "elsewhere.html")
    refused = {
        "folder.html": "is a folder",
        "link.html": "is a link to .*elsewhere",
        "page.txt": "ends in .html",
        "page": "ends in .html",
        "gone/page.html": "There is no folder .*gone",
    }
    for name, why in refused.items():
        with pytest.raises(ExportError, match=why):
            place.check_target(tmp_path / name, force=True)


def test_within_a_folder_means_within_it(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / "link").symlink_to(outside)
    assert place.check_target(inside / "a.css", force=False, within=inside)
    for path in (outside / "a.html", inside / "link" / "a.html", inside / ".." / "a.html"):
        with pytest.raises(ExportError, match="lies outside"):
            place.check_target(path, force=False, within=inside)


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="root may write")
def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(ExportError, match="cannot be written"):
        place.write(tmp_path / "page.html", "")


def test_what_the_disk_says_is_said(tmp_path):
    with pytest.raises(ExportError, match=r"page\.html cannot be written: No such file"):
        place.write(tmp_path / "gone" / "page.html", "")


def test_a_folder_that_cannot_be_written_into_is_named_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(place.os, "access", lambda folder, mode: False)
    with pytest.raises(ExportError, match=r"a\.html cannot be written: Permission denied\."):
        place.check_target(tmp_path / "a.html", force=True)


def test_a_lesson_can_be_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lesson = course.package_notebooks() / "02_fitting_a_function.ipynb"
    assert place.notebook_at("02_fitting_a_function") == lesson
    assert place.notebook_at("02_fitting_a_function.ipynb") == lesson
    own = tmp_path / "02_fitting_a_function"
    own.touch()
    assert place.notebook_at("02_fitting_a_function") == place.Path("02_fitting_a_function")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gone.ipynb", r"There is no notebook gone\.ipynb\.$"),
        ("02", r"no notebook 02\. Did you mean 02_fitting_a_function\?$"),
        ("02_fiting_a_funktion.ipynb", r"mean 02_fitting_a_function\?$"),
        ("0", r"mean 00_start_here or 01_images_as_numbers or 02_fitting_a_function\?$"),
        ("x/02_fitting_a_function.ipynb", r"mean 02_fitting_a_function\?$"),
        ("lectures/first", r"mean lectures[/\\]first_lecture\.ipynb\?$"),
        ("lectures", r"lectures is a folder, not a notebook\.$"),
        ("", r"is a folder, not a notebook\.$"),
    ],
)
def test_a_name_that_is_none_brings_those_that_come_near(text, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lectures").mkdir()
    (tmp_path / "lectures" / "first_lecture.ipynb").touch()
    with pytest.raises(ExportError, match=said):
        place.notebook_at(text)


def test_without_a_course_a_name_is_a_file(tmp_path, monkeypatch):
    def none():
        raise course.CourseError("no notebooks")

    monkeypatch.setattr(place, "package_notebooks", none)
    with pytest.raises(ExportError, match=r"There is no notebook 02\.$"):
        place.notebook_at("02")

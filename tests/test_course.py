"""The reader's copy of the course: nothing is ever lost, nothing old stays unnoticed."""

import json
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes import course
from dlnotes.course import MANIFEST, CourseError, course_files, lay_out, package_notebooks


@pytest.fixture
def source(tmp_path):
    """A package's notebooks: two lessons and a table."""
    source = tmp_path / "package"
    (source / "data").mkdir(parents=True)
    (source / "00_start_here.ipynb").write_bytes(b"start 1")
    (source / "01_images.ipynb").write_bytes(b"images 1")
    (source / "data" / "table.csv").write_bytes(b"1,2")
    return source


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "course"


def content(folder):
    """All that a reader sees in the folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def test_first_copy(source, folder):
    laid = lay_out(folder, source)
    assert content(folder) == {
        "00_start_here.ipynb": b"start 1",
        "01_images.ipynb": b"images 1",
        "data/table.csv": b"1,2",
    }
    assert laid.written == ["00_start_here.ipynb", "01_images.ipynb", "data/table.csv"]
    assert (laid.updated, laid.beside) == ([], {})
    assert str(laid.folder) in " ".join(laid.sentences())
    assert "3 files new" in " ".join(laid.sentences())


def test_second_start_changes_nothing(source, folder):
    lay_out(folder, source)
    before = content(folder), (folder / MANIFEST).read_bytes()
    laid = lay_out(folder, source)
    assert (laid.written, laid.updated, laid.beside) == ([], [], {})
    assert (content(folder), (folder / MANIFEST).read_bytes()) == before


def test_untouched_file_follows_the_package(source, folder):
    lay_out(folder, source)
    (source / "01_images.ipynb").write_bytes(b"images 2")
    laid = lay_out(folder, source)
    assert laid.updated == ["01_images.ipynb"]
    assert content(folder)["01_images.ipynb"] == b"images 2"
    assert "01_images.new.ipynb" not in content(folder)


def test_deleted_file_comes_back(source, folder):
    lay_out(folder, source)
    (folder / "01_images.ipynb").unlink()
    assert lay_out(folder, source).written == ["01_images.ipynb"]


def test_edited_file_stays_and_nothing_is_offered_while_the_package_stands(source, folder):
    lay_out(folder, source)
    (folder / "01_images.ipynb").write_bytes(b"mine")
    for _ in range(2):
        assert lay_out(folder, source).beside == {}
    assert content(folder)["01_images.ipynb"] == b"mine"
    assert len(content(folder)) == 3


def test_edited_file_gets_the_new_one_beside_it_once(source, folder):
    lay_out(folder, source)
    (folder / "01_images.ipynb").write_bytes(b"mine")
    (source / "01_images.ipynb").write_bytes(b"images 2")
    laid = lay_out(folder, source)
    assert laid.beside == {"01_images.ipynb": "01_images.new.ipynb"}
    said = " ".join(laid.sentences())
    assert "01_images.new.ipynb" in said
    assert "kept as you left it" in said
    expected = content(folder)
    assert expected["01_images.ipynb"] == b"mine"
    assert expected["01_images.new.ipynb"] == b"images 2"
    assert lay_out(folder, source).beside == {}
    assert content(folder) == expected


def test_our_own_older_offer_is_replaced(source, folder):
    lay_out(folder, source)
    (folder / "01_images.ipynb").write_bytes(b"mine")
    for version in (b"images 2", b"images 3"):
        (source / "01_images.ipynb").write_bytes(version)
        lay_out(folder, source)
    assert content(folder)["01_images.new.ipynb"] == b"images 3"
    assert len(content(folder)) == 4


def test_edited_offer_stays_too(source, folder):
    lay_out(folder, source)
    (folder / "01_images.ipynb").write_bytes(b"mine")
    names = []
    for version in (b"images 2", b"images 3", b"images 4"):
        (source / "01_images.ipynb").write_bytes(version)
        names.append(lay_out(folder, source).beside["01_images.ipynb"])
        (folder / names[-1]).write_bytes(b"mine too, of " + version)
    assert names == ["01_images.new.ipynb", "01_images.new-2.ipynb", "01_images.new-3.ipynb"]
    assert content(folder)["01_images.new.ipynb"] == b"mine too, of images 2"
    assert content(folder)["01_images.new-2.ipynb"] == b"mine too, of images 3"


def test_taking_the_offer_makes_the_file_ours_again(source, folder):
    lay_out(folder, source)
    (folder / "01_images.ipynb").write_bytes(b"mine")
    (source / "01_images.ipynb").write_bytes(b"images 2")
    lay_out(folder, source)
    (folder / "01_images.new.ipynb").replace(folder / "01_images.ipynb")
    (source / "01_images.ipynb").write_bytes(b"images 3")
    assert lay_out(folder, source).updated == ["01_images.ipynb"]
    assert content(folder)["01_images.ipynb"] == b"images 3"


def test_file_that_we_did_not_give_is_the_readers(source, folder):
    folder.mkdir()
    (folder / "01_images.ipynb").write_bytes(b"their own of that name")
    (folder / "00_start_here.ipynb").write_bytes(b"start 1")
    (folder / "diary.ipynb").write_bytes(b"private")
    laid = lay_out(folder, source)
    assert laid.beside == {"01_images.ipynb": "01_images.new.ipynb"}
    assert laid.written == ["data/table.csv"]
    assert content(folder)["01_images.ipynb"] == b"their own of that name"
    assert content(folder)["diary.ipynb"] == b"private"


def test_offer_that_lies_there_already_is_not_written_twice(source, folder):
    folder.mkdir()
    (folder / "01_images.ipynb").write_bytes(b"mine")
    (folder / "01_images.new.ipynb").write_bytes(b"images 1")
    assert lay_out(folder, source).beside == {"01_images.ipynb": "01_images.new.ipynb"}
    assert "01_images.new-2.ipynb" not in content(folder)


def test_lesson_that_left_the_package_stays_with_the_reader(source, folder):
    lay_out(folder, source)
    (source / "01_images.ipynb").unlink()
    lay_out(folder, source)
    assert content(folder)["01_images.ipynb"] == b"images 1"


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"files": 3}',
        b'{"files": {"01_images.ipynb": 3}}',
        b'{"version": 1}',
        b"[" * 100_000,
    ],
    ids=zlib.crc32,
)
def test_broken_manifest_loses_nothing(source, folder, manifest):
    lay_out(folder, source)
    (folder / "01_images.ipynb").write_bytes(b"mine")
    (source / "00_start_here.ipynb").write_bytes(b"start 2")
    (folder / MANIFEST).write_bytes(manifest)
    laid = lay_out(folder, source)
    after = content(folder)
    assert after["01_images.ipynb"] == b"mine"
    assert after["00_start_here.ipynb"] == b"start 1"
    assert after["00_start_here.new.ipynb"] == b"start 2"
    assert after[laid.broken_manifest] == manifest
    assert laid.broken_manifest in " ".join(laid.sentences())
    again = lay_out(folder, source)
    assert (again.broken_manifest, again.beside) == (None, {})


def test_manifest_that_names_other_things_is_not_obeyed(source, folder):
    lay_out(folder, source)
    (folder / "01_images.ipynb").write_bytes(b"mine")
    files = {"01_images.ipynb": {"given": [1], "offered": {}, "other": "theirs"}, "../x": {}}
    (folder / MANIFEST).write_text(json.dumps({"files": files}))
    lay_out(folder, source)
    assert content(folder)["01_images.ipynb"] == b"mine"


def test_only_lessons_and_their_data_are_given(source):
    for name in (
        ".ipynb_checkpoints/01_images-checkpoint.ipynb",
        "data/.hidden",
        "__pycache__/x.pyc",
        "dlnotes-progress.json",
        "my_network.onnx",
        "01_images.new.ipynb",
        "01_images.new-2.ipynb",
        ".dlnotes-course.json",
    ):
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_bytes(b"no")
    assert course_files(source) == ["00_start_here.ipynb", "01_images.ipynb", "data/table.csv"]


def test_folder_that_is_a_file(source, folder):
    folder.write_bytes(b"precious")
    with pytest.raises(CourseError, match="is not a folder"):
        lay_out(folder, source)
    assert folder.read_bytes() == b"precious"


def test_folder_under_a_file(source, folder):
    folder.write_bytes(b"precious")
    with pytest.raises(CourseError, match="--dir"):
        lay_out(folder / "inside", source)


def test_data_folder_whose_name_is_taken(source, folder):
    folder.mkdir()
    (folder / "data").write_bytes(b"precious")
    with pytest.raises(CourseError):
        lay_out(folder, source)
    assert (folder / "data").read_bytes() == b"precious"


def test_disk_that_refuses(source, folder, monkeypatch):
    lay_out(folder, source)
    (source / "01_images.ipynb").write_bytes(b"images 2")
    before = content(folder)

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CourseError, match="No space left on device"):
        lay_out(folder, source)
    assert content(folder) == before  # and no half-written file beside


def test_error_without_a_number(source, folder, monkeypatch):
    def looped(self, **options):
        raise RuntimeError("Symlink loop")

    monkeypatch.setattr(Path, "mkdir", looped)
    with pytest.raises(CourseError, match="Symlink loop"):
        lay_out(folder, source)


def link(place, target):
    """Make a symbolic link, which Windows allows only some users."""
    try:
        place.symlink_to(target)
    except OSError:
        pytest.skip("this user cannot make symbolic links")


def test_link_to_a_folder_is_followed(source, folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    link(folder, tmp_path / "elsewhere")
    assert lay_out(folder, source).folder == (tmp_path / "elsewhere").resolve()
    assert (tmp_path / "elsewhere" / "01_images.ipynb").is_file()


def test_link_to_itself(source, folder):
    link(folder, folder)
    with pytest.raises(CourseError):
        lay_out(folder, source)


def test_linked_notebook_is_the_readers(source, folder, tmp_path):
    lay_out(folder, source)
    (tmp_path / "kept.ipynb").write_bytes(b"images 1")
    (folder / "01_images.ipynb").unlink()
    link(folder / "01_images.ipynb", tmp_path / "kept.ipynb")
    (folder / "00_start_here.ipynb").unlink()
    link(folder / "00_start_here.ipynb", tmp_path / "nowhere.ipynb")
    for name in ("00_start_here.ipynb", "01_images.ipynb"):
        (source / name).write_bytes(b"newer")
    laid = lay_out(folder, source)
    assert set(laid.beside) == {"00_start_here.ipynb", "01_images.ipynb"}
    assert (folder / "01_images.ipynb").is_symlink()
    assert (tmp_path / "kept.ipynb").read_bytes() == b"images 1"
    assert not (tmp_path / "nowhere.ipynb").exists()


def test_linked_data_folder_is_not_written_through(source, folder, tmp_path):
    folder.mkdir()
    (tmp_path / "outside").mkdir()
    link(folder / "data", tmp_path / "outside")
    with pytest.raises(CourseError, match="a link to elsewhere"):
        lay_out(folder, source)
    assert list((tmp_path / "outside").iterdir()) == []


def test_folder_of_a_lessons_name_is_the_readers(source, folder):
    (folder / "01_images.ipynb").mkdir(parents=True)
    assert lay_out(folder, source).beside == {"01_images.ipynb": "01_images.new.ipynb"}


def test_folder_that_cannot_be_written(source, folder, monkeypatch):
    def refused(self, mode):  # root may write everywhere, so the refusal is made by hand
        raise PermissionError(13, "Permission denied", str(self))

    folder.mkdir()
    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(CourseError, match="Permission denied"):
        lay_out(folder, source)
    assert content(folder) == {}


def test_notebooks_of_an_installed_package(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "dlnotes"
    (package / "notebooks").mkdir(parents=True)
    monkeypatch.setattr(course, "__file__", str(package / "course.py"))
    assert package_notebooks() == package / "notebooks"


def test_notebooks_of_a_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "__file__", str(tmp_path / "dlnotes" / "course.py"))
    (tmp_path / "notebooks").mkdir()
    with pytest.raises(CourseError, match="no notebooks"):  # someone else's folder of that name
        package_notebooks()
    (tmp_path / "pyproject.toml").touch()
    assert package_notebooks() == tmp_path / "notebooks"


def test_course_without_a_named_source_is_the_packages(tmp_path, source, monkeypatch):
    monkeypatch.setattr(course, "package_notebooks", lambda: source)
    assert lay_out(tmp_path / "x").written == course_files(source)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["edit", "edit offer", "upgrade", "delete", "start"]), st.integers(0, 3)
    ),
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(steps=STEPS)
def test_no_sequence_of_upgrades_and_edits_loses_a_readers_bytes(tmp_path_factory, steps):
    root = tmp_path_factory.mktemp("story")
    source, folder = root / "package", root / "course"
    source.mkdir()
    (source / "a.ipynb").write_bytes(b"package 0")
    lay_out(folder, source)
    theirs = {}
    for number, (step, which) in enumerate(steps):
        if step == "edit":
            theirs["a.ipynb"] = b"mine %d" % number
        elif step == "edit offer" and (offers := sorted(folder.glob("a.new*"))):
            theirs[offers[which % len(offers)].name] = b"mine beside %d" % number
        elif step == "upgrade":
            (source / "a.ipynb").write_bytes(b"package %d" % which)
        elif step == "delete":
            theirs.pop("a.ipynb", None)
            (folder / "a.ipynb").unlink(missing_ok=True)
        for name, text in theirs.items():
            (folder / name).write_bytes(text)
        lay_out(folder, source)
        there = content(folder)
        assert there.items() >= theirs.items()
        if "a.ipynb" not in theirs:
            assert there["a.ipynb"] == (source / "a.ipynb").read_bytes()

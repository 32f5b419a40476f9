"""What a page is told, so that it counts the checks that its reader has answered."""

from export.reading import content

from dlnotes.export.progress import counts_content
from dlnotes.export.recording import record
from dlnotes.export.walk import Budget
from dlnotes.lessons.course_map import CourseMap
from dlnotes.lessons.judges import Choice, Number
from dlnotes.lessons.lesson import LESSONS, lesson
from dlnotes.lessons.progress import Progress
from dlnotes.lessons.questions import Check


def test_a_check_that_counts_says_under_which_names(tmp_path):
    progress = Progress(tmp_path / "progress.json")
    wanted = {"lesson": "02", "key": "sum", "signs": {"✓": True, "✗": False}}
    for judge in (Number(3), Choice(["a", "b"], "a")):
        check = Check("How many?", judge, lesson="02", key="sum", progress=progress)
        assert counts_content(check) == wanted
        assert content(record(check, Budget()))["counts"] == wanted
        assert counts_content(Check("How many?", judge)) is None


def test_the_map_is_recorded_as_if_nothing_were_answered(tmp_path):
    progress = Progress(tmp_path / "progress.json")
    name, key = next((name, key) for name in LESSONS for key in lesson(name).checks)
    before = CourseMap(progress=progress)
    progress.record(name, key, True, 1)
    after = CourseMap(progress=progress)
    assert after.svg() != before.svg()
    recording = record(after, Budget())
    found = content(recording)
    assert recording.picture == found["picture"] == before.svg()
    assert found["map"] == [[name, list(lesson(name).checks)] for name in LESSONS]
    assert found["says"].format(right=0, all=after.compute(**after.values)[0][1].all)

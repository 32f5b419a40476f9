"""What a reader has done is kept: across kernels, broken files, folders that cannot be written."""

import json
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from dlnotes.lessons import progress
from dlnotes.lessons.progress import LONGEST, Counts, Progress


@pytest.fixture
def path(tmp_path):
    return tmp_path / "progress.json"


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.05)


def names(folder):
    return sorted(item.name for item in folder.iterdir())


def test_attempts_are_counted_and_right_stays_right(path):
    mine = Progress(path)
    assert mine.entries == {}
    before = datetime.now(UTC).replace(microsecond=0)
    mine.record("convolution", "shape", False, 3)
    mine.record("convolution", "shape", True, 4)
    mine.record("convolution", "shape", np.False_, 5)
    entry = Progress(path).entries["convolution"]["shape"]
    assert before <= datetime.fromisoformat(entry.pop("time")) <= datetime.now(UTC)
    assert entry == {"attempts": 3, "right": True, "answer": 5}
    assert mine.saved
    assert mine.notice == ""
    assert names(path.parent) == ["progress.json"]


def test_the_file_can_be_read_by_people(path):
    Progress(path).record("畳み込み", "形", True, "四")
    text = path.read_text(encoding="utf-8")
    assert '"version": 1' in text
    assert '"畳み込み"' in text
    assert '"四"' in text
    assert len(text.splitlines()) > 8


def test_the_summary_counts_what_is_asked_for(path):
    mine = Progress(path)
    mine.record("a", "1", True, 0)
    mine.record("a", "2", False, 0)
    mine.record("a", "gone", True, 0)
    wanted = {"a": Counts(right=1, tried=2, all=3), "b": Counts(0, 0, 1)}
    assert mine.summary({"a": ["1", "2", "3"], "b": ["1"]}) == wanted


def test_forgetting(path):
    mine = Progress(path)
    mine.forget()
    mine.record("a", "1", True, 0)
    mine.forget()
    assert mine.entries == {}
    assert names(path.parent) == []


def test_where_the_file_is(tmp_path, monkeypatch):
    monkeypatch.delenv("DLNOTES_PROGRESS", raising=False)
    monkeypatch.chdir(tmp_path)
    here = Progress()
    monkeypatch.setenv("DLNOTES_PROGRESS", str(tmp_path / "deep" / "er" / "p.json"))
    there = Progress()
    monkeypatch.chdir(Path(__file__).parent)
    assert here.path == (tmp_path / "dlnotes-progress.json").resolve()
    there.record("a", "1", True, 0)
    assert (tmp_path / "deep" / "er" / "p.json").exists()
    assert repr(str(there.path)) in repr(there)


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (3, 3),
        (None, None),
        ([1, "a", {"b": 2.5}], [1, "a", {"b": 2.5}]),
        ((1, 2), [1, 2]),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.arange(3), "array([0, 1, 2])"),
        (float("nan"), "nan"),
        (len, "len"),
        ({1, 2}, "{1, 2}"),
        ("x" * 1000, "x" * (LONGEST - 1) + "…"),
        (list(range(1000)), repr(list(range(1000)))[: LONGEST - 1] + "…"),
        ("\ud800é", "\ud800é"),
    ],
)
def test_answers_are_kept_as_far_as_json_goes(path, answer, kept):
    Progress(path).record("a", "1", True, answer)
    assert Progress(path).entries["a"]["1"]["answer"] == kept
    path.read_bytes().decode("utf-8")


def test_an_answer_that_cannot_be_shown_is_kept_by_its_kind(path):
    class Hostile:
        def __repr__(self):
            raise RuntimeError

    circle: list = []
    circle.append(circle)
    mine = Progress(path)
    mine.record("a", "1", False, Hostile())
    mine.record("a", "2", False, circle)
    kept = mine.entries["a"]
    assert [kept[key]["answer"] for key in ("1", "2")] == ["Hostile", "[[...]]"]


def test_record_says_what_it_takes(path):
    for lesson, key in ((3, "1"), ("", "1"), ("a", None)):
        with pytest.raises(TypeError, match="must be a name such as 'convolution'"):
            Progress(path).record(lesson, key, True, 0)
    with pytest.raises(TypeError, match="right must be True or False, not 1"):
        Progress(path).record("a", "1", 1, 0)


BROKEN = [
    b"", b"{", b"\xff", b"[]", b"{}", b'{"version": 1}', b'{"version": 1, "entries": []}',
    b'{"version": "1", "entries": {}}', b'{"version": 1, "entries": {"a": 3}}',
    b'{"version": 1, "entries": {"a": {"1": 3}}}',
    b'{"version": 1, "entries": {"a": {"1": {"attempts": "3", "right": true}}}}',
    b'{"version": 1, "entries": {"a": {"1": {"attempts": 3}}}}',
    b"[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_file_is_set_aside(path, content):
    path.write_bytes(content)
    mine = Progress(path)
    assert mine.entries == {}
    assert path.read_bytes() == content  # looking changes nothing
    mine.record("a", "1", True, 0)
    assert mine.entries["a"]["1"]["attempts"] == 1
    assert path.with_name("progress.json.broken").read_bytes() == content


def test_every_broken_file_is_kept(path):
    for number in range(3):
        path.write_text(f"broken {number}")
        Progress(path).record("a", "1", True, 0)
    assert names(path.parent) == [
        "progress.json",
        "progress.json.broken",
        "progress.json.broken2",
        "progress.json.broken3",
    ]
    assert path.with_name("progress.json.broken3").read_text() == "broken 2"


def test_what_others_added_to_an_entry_stays(path):
    entry = {"attempts": 1, "right": False, "note": "mine"}
    path.write_text(json.dumps({"version": 1, "entries": {"a": {"1": entry}}}))
    Progress(path).record("a", "1", True, 0)
    assert Progress(path).entries["a"]["1"]["note"] == "mine"


def test_a_file_of_a_newer_version_is_left_alone(path):
    newer = json.dumps({"version": 2, "something": "else"})
    path.write_text(newer)
    mine = Progress(path)
    mine.record("a", "1", True, 0)
    assert path.read_text() == newer
    assert not mine.saved
    assert mine.entries["a"]["1"]["right"]


def test_a_folder_that_cannot_be_written(tmp_path):
    """Nobody can make a folder inside a file, whatever their rights."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    mine = Progress(blocked / "progress.json")
    mine.record("a", "1", False, 1)
    again = Progress(blocked / "progress.json")
    again.record("a", "1", True, 2)
    assert not mine.saved
    assert str(blocked) in mine.notice
    assert again.entries["a"]["1"]["attempts"] == 2
    assert again.summary({"a": ["1"]}) == {"a": Counts(1, 1, 1)}
    blocked.unlink()
    mine.record("a", "2", True, 3)
    assert mine.saved
    assert json.loads(mine.path.read_bytes())["entries"]["a"]["1"]["attempts"] == 2


def test_a_disk_that_fails_in_the_middle_leaves_the_file_whole(path, monkeypatch):
    mine = Progress(path)
    mine.record("a", "1", True, 0)
    whole = path.read_bytes()

    def fails(self, target):
        raise PermissionError("in use")

    monkeypatch.setattr(Path, "replace", fails)
    mine.record("a", "2", True, 0)
    monkeypatch.undo()
    assert path.read_bytes() == whole
    assert names(path.parent) == ["progress.json"]
    assert set(mine.entries["a"]) == {"1", "2"}
    mine.record("a", "3", True, 0)
    assert set(json.loads(path.read_bytes())["entries"]["a"]) == {"1", "2", "3"}


def test_a_writer_waits_for_another(path):
    lock = path.with_name("progress.json.lock")
    lock.touch()
    timer = threading.Timer(0.1, lock.unlink)
    timer.start()
    mine = Progress(path)
    mine.record("a", "1", True, 0)
    timer.join()
    assert mine.saved
    assert names(path.parent) == ["progress.json"]


def test_a_writer_does_not_wait_for_ever(path, impatient):
    path.with_name("progress.json.lock").touch()
    mine = Progress(path)
    mine.record("a", "1", True, 0)
    assert not mine.saved
    assert mine.entries["a"]["1"]["right"]


def test_a_lock_left_by_a_dead_kernel_is_taken_over(path, impatient):
    lock = path.with_name("progress.json.lock")
    lock.touch()
    long_ago = time.time() - 60
    os.utime(lock, (long_ago, long_ago))
    mine = Progress(path)
    mine.record("a", "1", True, 0)
    assert mine.saved
    assert names(path.parent) == ["progress.json"]


def test_a_lock_that_is_gone_is_not_stale(path):
    assert not progress.is_stale(path)


def test_threads_and_processes_at_once_lose_nothing(path):
    code = (
        "import sys; from dlnotes.lessons.progress import Progress\n"
        "for i in range(15): Progress(sys.argv[1]).record('a', 'shared', False, i)\n"
    )
    others = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _n in range(2)]

    def records(key):
        for i in range(15):
            Progress(path).record("a", key, False, i)

    threads = [threading.Thread(target=records, args=(key,)) for key in ("shared", "own")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [other.wait() for other in others] == [0, 0]
    entries = Progress(path).entries["a"]
    assert (entries["shared"]["attempts"], entries["own"]["attempts"]) == (45, 15)
    assert names(path.parent) == ["progress.json"]

"""A control takes what it describes, in plain form, and refuses the rest in one sentence."""

import json
import math

import numpy as np
import pytest

from dlnotes.widgets.controls import (
    Control,
    button,
    choice,
    content,
    picks,
    slider,
    switch,
    text,
    upload,
)

WHOLE = slider("Count", 0, 10, value=3).control
STEPS = slider("Size", 3, 12, step=3, value=3).control
SHARE = slider("Share", -0.5, 2, step=0.5, value=0).control
ROUGH = slider("Force", -1000, 1000, step=10.0, value=0).control
RATE = slider("Rate", 0.001, 100, step=1.1, value=0.1, log=True).control
DIAL = slider("Batch", 1, 900, step=1.25, value=32, log=True, integer=True).control
LIST = choice("Form", {"sine": "Sine", "square": "Square"}, value="sine").control
GUESS = choice("Guess", {"a": "A"}, value=None, style="radio").control
SWITCH = switch("Loud").control
TEXT = text("Name", value="x", limit=5, examples=("y", "zz")).control
PICKS = picks("Marks", value=None).control
FILE = upload("Photo", files=".png", limit=120).control
BUTTON = button("Press", help="It does.")
ALL = [WHOLE, STEPS, SHARE, ROUGH, RATE, DIAL, LIST, GUESS, SWITCH, TEXT, PICKS, FILE]


@pytest.mark.parametrize(
    ("control", "value", "kept"),
    [
        (WHOLE, 4.0, 4),
        (WHOLE, np.int64(10), 10),
        (WHOLE, np.float32(2), 2),
        (STEPS, 9, 9),
        (SHARE, 1, 1.0),
        (SHARE, 0.123, 0.123),
        (SHARE, 2 + 1e-10, 2.0),
        (ROUGH, 12.34, 12.34),
        (RATE, 100.00000000001, 100),
        (DIAL, 33.0, 33),
        (LIST, "square", "square"),
        (GUESS, None, None),
        (SWITCH, np.True_, True),
        (TEXT, "éé<b>", "éé<b>"),
        (PICKS, {"a": (1, 2.5)}, {"a": [1, 2.5]}),
        (FILE, "iVBO", "iVBO"),
    ],
)
def test_what_fits_is_kept_in_plain_form(control, value, kept):
    came = control.check(value)
    assert came == kept
    assert type(came) is type(kept) or isinstance(came, int | float)
    assert json.loads(json.dumps(came)) == kept


@pytest.mark.parametrize("whole", [4.0, np.float32(4), np.int8(4)])
def test_a_whole_slider_gives_an_int(whole):
    assert type(WHOLE.check(whole)) is int


@pytest.mark.parametrize(
    ("control", "value", "sentence"),
    [
        (WHOLE, 11, "“Count” takes a number from 0 to 10, not 11."),
        (WHOLE, 2.5, "“Count” takes a whole number, not 2.5."),
        (WHOLE, "3", "“Count” takes a number from 0 to 10, not '3'."),
        (WHOLE, True, "“Count” takes a number from 0 to 10, not True."),
        (WHOLE, math.nan, "“Count” takes a number from 0 to 10, not nan."),
        (WHOLE, [3], "“Count” takes a number from 0 to 10, not [3]."),
        (STEPS, 4, "“Size” takes a number from 3 to 12 in steps of 3, not 4."),
        (SHARE, math.inf, "“Share” takes a number from -0.5 to 2, not inf."),
        (RATE, 0, "“Rate” takes a number from 0.001 to 100, not 0."),
        (LIST, "round", "“Form” takes one of sine, square, not 'round'."),
        (LIST, None, "“Form” takes one of sine, square, not None."),
        (LIST, ["sine"], "“Form” takes one of sine, square, not ['sine']."),
        (GUESS, "b", "“Guess” takes one of a, not 'b'."),
        (SWITCH, 1, "“Loud” takes on or off (True or False), not 1."),
        (TEXT, 3, "“Name” takes text, not 3."),
        (TEXT, "123456", "“Name” takes at most 5 characters, not '123456'."),
        (PICKS, math.nan, "“Marks” takes plain numbers, text and lists, not nan."),
        (FILE, "not base64", "“Photo” takes a file's bytes as base64 text, not 'not base64'."),
        (FILE, 3, "“Photo” takes a file's bytes as base64 text, not 3."),
        (FILE, "iVBO" * 99, "“Photo” takes a file of at most 120 bytes."),
        (BUTTON, 1, "“Press” is a button and has no value."),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(control, value, sentence):
    with pytest.raises(ValueError, match=".") as caught:
        control.check(value)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("control", ALL, ids=lambda control: control.label)
def test_no_refusal_is_long(control):
    far = [] if control is PICKS else [10**400, "x" * 10**6]
    for value in (*far, {"a": object()}, [[0] * 10**5, math.nan]):
        with pytest.raises(ValueError, match="takes") as caught:
            control.check(value)
        assert len(str(caught.value)) < 150


@pytest.mark.parametrize("control", [*ALL, BUTTON], ids=lambda control: control.label)
def test_a_description_is_json(control):
    described = control.describe()
    assert json.loads(json.dumps(described)).keys() == described.keys()
    assert described["kind"] == control.kind
    assert described["label"] == control.label


def test_options_keep_their_order_on_the_page():
    # A JSON object whose keys are whole numbers would be sorted by the browser.
    control = choice("Order", {"10": "ten", "2": "two"}, value="2").control
    assert control.describe()["options"] == [("10", "ten"), ("2", "two")]


@pytest.mark.parametrize("control", ALL, ids=lambda control: control.label)
def test_samples_fit_and_reach_the_ends(control):
    samples = control.samples(np.random.default_rng(0))
    for value in samples:
        assert control.check(value) == value
    if control.kind == "slider":
        assert min(samples) == pytest.approx(control.minimum)
        assert max(samples) == pytest.approx(control.maximum)
    elif control.kind == "choice":
        assert samples == list(control.options)
    elif control.kind == "switch":
        assert samples == [True, False]
    elif control.kind == "text":
        assert {"", "y", "zz"} < set(samples)


@pytest.mark.parametrize(
    ("minimum", "maximum", "options"),
    [(3, 2, {}), (math.nan, 1, {}), (0, 1, {"log": True})],
)
def test_an_empty_range_is_refused(minimum, maximum, options):
    with pytest.raises(ValueError, match="The range of “Depth” is empty"):
        slider("Depth", minimum, maximum, value=1, **options)


def test_a_first_value_must_fit():
    with pytest.raises(ValueError, match="“Depth” takes a number from 0 to 1, not 2"):
        slider("Depth", 0, 1, value=2)
    with pytest.raises(ValueError, match="“Form” takes one of a, not 'b'"):
        choice("Form", {"a": "A"}, value="b")


def test_only_kinds_have_values():
    with pytest.raises(NotImplementedError):
        Control(label="none").check(1)


def test_an_upload_is_the_files_bytes():
    assert content(FILE.check("aGVsbG8=")) == b"hello"
    assert content("") == b""


@pytest.mark.parametrize(
    ("first", "fits", "fails"),
    [
        (None, [1, "x", {"a": None}], []),
        ([], [[], [1], ["a"]], [None, 1, {}, "a"]),
        ([1, 2], [[0, -5]], [[1], [1, 2, 3], [1, 2.5], [1, True], [1, "2"]]),
        ([0.5], [[1], [2.5]], [[], ["a"], [False], [None]]),
        ([[1]], [[], [[1, 2]]], [{}, 1]),
        (0, [5, -1], [0.5, True, "0", None]),
        ("hand", ["", "x"], [1, None, []]),
        ({"a": [], "b": None}, [{"a": [1], "b": 2, "c": 3}], [{"a": []}, {"a": 1, "b": 2}, []]),
    ],
)
def test_picks_are_made_as_their_first_value(first, fits, fails):
    control = picks("Marks", value=first).control
    for value in fits:
        assert control.check(value) == value
    for value in fails:
        with pytest.raises(ValueError, match="“Marks” takes something like"):
            control.check(value)

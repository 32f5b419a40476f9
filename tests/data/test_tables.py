"""Two columns are read as a person reads them, and what is not two columns is named by its line."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.data import stopping_distances, two_columns


def test_the_cars():
    """Against the summary that R prints of its `cars`."""
    speed, distance = stopping_distances()
    assert speed.shape == distance.shape == (50,)
    assert (speed.mean(), distance.mean()) == pytest.approx((15.4, 42.98), rel=1e-15)
    assert (speed.min(), np.median(speed), speed.max()) == (4, 15, 25)
    assert (distance.min(), np.median(distance), distance.max()) == (2, 36, 120)
    assert (np.diff(speed) >= 0).all()


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n2,3.5\n4,1e1",
        "1, 2\n2, 3.5\n4, 10\n",
        "1;2\n2;3,5\n4;10,0",
        "1;2\n2;3.5\n4;10",
        "1\t2\n2\t3,5\n4\t10",
        "1 2\n2   3.5\n  4 10  ",
        "speed,dist\n1,2\n2,3.5\n4,10",
        "speed dist\n1 2\n2 3.5\n4 10",
        "x;y\n1;2\n2;3,5\n4;10",
        "\ufeffx,y\n1,2\n2,3.5\n4,10",
        "\ufeff1,2\n2,3.5\n4,10",
        '"x","y"\n"1","2"\n"2","3.5"\n"4","10"',
        '"x", "y"\n"1", "2"\n"2", "3.5"\n"4", "10"',
        '"1,0";"2,0"\n"2,0";"3,5"\n"4,0";"10,0"',
        "1,2\r\n2,3.5\r\n4,10\r\n",
        "\n\nx,y\n\n1,2\n   \n2,3.5\n\n4,10\n\n",
    ],
)
def test_ways_to_write_three_points(text):
    x, y = two_columns(text)
    assert x.tolist() == [1, 2, 4]
    assert y.tolist() == [2, 3.5, 10]
    assert x.dtype == y.dtype == np.float64


points = st.lists(
    st.tuples(*[st.floats(-1e12, 1e12)] * 2), min_size=3, max_size=8, unique_by=lambda pair: pair[0]
)


@settings(deadline=None)
@given(points, st.sampled_from([",", ", ", ";", "\t", " "]), st.sampled_from(["\n", "\r\n"]))
def test_what_was_written_is_read_back(pairs, mark, end):
    x, y = two_columns(end.join(f"{a!r}{mark}{b!r}" for a, b in pairs))
    assert list(zip(x.tolist(), y.tolist(), strict=True)) == pairs


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 1\n2 2\n3 oops\n", "Line 3, “3 oops”, is not two numbers."),
        ("x,y\n\n1,1\n2", "Line 4, “2”, is not two numbers."),
        ("x,y\nu,v\n1,1", "Line 2, “u,v”, is not two numbers."),
        ("x,1\n2,2\n3,3", "Line 1, “x,1”, is not two numbers."),
        ("1,2,3\n4,5,6", "Line 1, “1,2,3”, is not two numbers."),
        ("1,2,oops", "Line 1, “1,2,oops”, is not two numbers."),
        ("x,y", "Line 1, “x,y”, is not two numbers."),
        ("1,1\n2," + "9" * 50 + "x", "Line 2, “2," + "9" * 38 + "”, is not two numbers."),
        ("1,5 2,5\n", "Line 1, “1,5 2,5”, is not two numbers."),
        ("1\t\0\n", "Line 1, “1  ”, is not two numbers."),
        ("1,\ud800", "Line 1, “1, ”, is not two numbers."),
    ],
)
def test_the_line_that_is_not_two_numbers_is_named(text, sentence):
    with pytest.raises(ValueError, match="^Line") as caught:
        two_columns(text)
    assert str(caught.value) == sentence
    sentence.encode()


@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "Infinity", "1e300", "1e999", "-1.1e12"])
def test_numbers_of_no_use_are_refused(value):
    for text in (f"1,1\n2,{value}\n3,3\n4,4", f"1,1\n{value},2\n3,3\n4,4"):
        with pytest.raises(ValueError, match=r"Line 2, “.*”: numbers up to 1e\+12 in size"):
            two_columns(text)
    with pytest.raises(ValueError, match="Line 1, "):  # and not taken for a line of names
        two_columns(f"{value},{value}\n1,1\n2,2\n3,3")


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("\n \n", 0), ("1,1", 1), ("1,1\n1,2\n1,3\n", 1), ("1,1\n2,2", 2)]
)
def test_too_few_different_x(text, count):
    with pytest.raises(ValueError, match=f"at least 3 different x values; here are {count}"):
        two_columns(text)


def test_too_many():
    rows = [f"{i},{i}" for i in range(1001)]
    assert two_columns("\n".join(rows[:1000]))[0].size == 1000
    with pytest.raises(ValueError, match="At most 1,000 points are read"):
        two_columns("\n".join(rows))
    with pytest.raises(ValueError, match="That is 40,001 characters; at most 40,000 are read"):
        two_columns("1" * 40_001)


@pytest.mark.parametrize("given", [None, b"1,2", ["1,2"]])
def test_what_is_no_text_is_a_type_error(given):
    with pytest.raises(TypeError, match="read from text"):
        two_columns(given)

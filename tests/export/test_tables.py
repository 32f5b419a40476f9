"""HTML that a cell shows: its tables and words come through, whatever runs does not."""

import pytest

from dlnotes.export.tables import harmless


def test_a_table_comes_through_without_its_looks():
    made = (
        '<div>\n<style scoped>.dataframe { color: red }</style><table border="1" class="dataframe">'
        '<tr><th rowspan="2" colspan="x">a<br/>b &lt; c</th></tr></table></div>'
    )
    assert harmless(made) == (
        '<div>\n<table><tr><th rowspan="2">a<br>b &lt; c</th></tr></table></div>'
    )


def test_numbers_stay_on_the_right():
    made = '<td style="text-align: right">1</td><td style="text-align: right; color: red">2</td>'
    assert harmless(made) == '<td class="right">1</td><td>2</td>'


def test_what_was_left_open_is_closed_and_what_was_not_open_is_left_out():
    assert harmless("<ul><li>a<b>b</ul></table>c<i>d") == ("<ul><li>a<b>b</b></li></ul>c<i>d</i>")


EVIL = [
    "<script>alert(1)</script>x",
    "<img src=x onerror=alert(1)>x",
    "<p onclick=alert(1) style='background:url(//a.b)'>x</p>",
    "<svg><script>alert(1)</script><style></svg>x</style></svg>x",
    "<a href='javascript:alert(1)'>x</a><iframe src='//a.b'>y</iframe>",
    "<!-- <script> --><scr<script>ipt>alert(1)</script>x",
    "<style/><script/>x</style>x",
    "<svg><template></svg>x",
    '<td colspan="1 onclick=alert(1)">x</td>',
]


@pytest.mark.parametrize("text", EVIL)
def test_nothing_runs_and_nothing_is_loaded(text):
    found = harmless(text)
    for bad in ("<script", "<img", "<svg", "<style", "<a", "<iframe", " on", "url(", "javascript"):
        assert bad not in found
    assert "x" in found


def test_what_has_no_words_counts_as_nothing():
    assert harmless("<script>alert(1)</script><div> </div>") == ""
    assert harmless("") == ""

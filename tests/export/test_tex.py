"""Formulas in a page: those of the usual environments are drawn, what is unknown is shown."""

import re
import sys
from html import escape

import pytest

from dlnotes.export import prose, tex


def html(source, tmp_path):
    return prose.html(source, tmp_path, {}, lambda url: url)


def test_formulas_become_mathml(tmp_path):
    found = html("So $x_1 < 2$ and\n\n$$\\frac{1}{n}$$", tmp_path)
    assert found.count("<math") == 2
    assert "<mfrac>" in found
    assert 'display="block"' in found
    assert "$" not in found
    environment = html("\\begin{equation} a \\end{equation}", tmp_path)
    assert "<math" in environment


def test_a_formula_that_cannot_be_read_is_shown_as_written(tmp_path):
    for formula in ("x^", "\\left( x", "a & b", "\\color{<script>}x"):
        assert f"<code>{escape(formula)}</code>" in html(f"${formula}$", tmp_path)
    assert "a&#x000A0;&lt;&#x000A0;b" in html("$\\text{a < b}$", tmp_path)


def test_without_the_package_for_formulas_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "latex2mathml.converter", None)
    with pytest.raises(tex.Missing, match=r"latex2mathml .* 'dlnotes\[slides\]'"):
        html("$x$", tmp_path)


def cells_of(latex):
    """The rows of the table that it becomes, each as the texts of its cells, and how they stand."""
    found = tex.mathml(latex, block=True)
    rows = re.findall("<mtr>(.*?)</mtr>", found)
    texts = [re.findall("<mtd[^>]*>(.*?)</mtd>", row) for row in rows]
    sides = re.findall('columnalign="(.)', found)
    return [[re.sub("<[^>]*>", "", text) for text in row] for row in texts], "".join(sides)


@pytest.mark.parametrize(
    "name", ["align", "align*", "aligned", "split", "alignedat", "alignat*", "eqnarray"]
)
def test_equations_stand_below_one_another(name):
    columns = "{2}" if "at" in name else ""
    latex = (
        rf"\begin{{{name}}}{columns} a &= b \label{{one}} \nonumber \\[4pt] c &= d \end{{{name}}}"
    )
    assert cells_of(latex) == ([["a", "&#x0003D;b"], ["c", "&#x0003D;d"]], "rlrl")


def test_lines_without_columns_stand_below_one_another():
    for latex in (
        r"\begin{gather} a \\ b \end{gather}",
        r"\begin{gathered*} a \\ b \end{gathered*}",
        r"\begin{equation*} a \\ b \end{equation*}",
        r"\sum_{\begin{subarray}{l} a \\ b \end{subarray}}",
        r"a \\ b",
    ):
        assert cells_of(latex)[0] == [["a"], ["b"]]


def test_cases_and_matrices():
    assert cells_of(r"\begin{dcases} a & b \\ c & d \end{dcases}")[0] == [["a", "b"], ["c", "d"]]
    raised = tex.mathml(r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}^\top", block=True)
    assert "<msup><mrow>" in raised


def test_round_brackets_grow_with_their_matrix():
    drawn = tex.mathml(r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", block=True)
    assert '<mo>&#x00028;</mo><mtable class="round">' in drawn
    assert 'class="round"' not in tex.mathml(r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}", block=True)


def test_names_of_functions_and_numbers_of_equations():
    for latex, words in (
        (r"\arg\max_i z", ["arg", "max"]),
        (r"\operatorname*{arg\,max}_i z", ["arg max"]),
        (r"\operatorname{softmax}(z)", ["softmax"]),
        (r"x \tag{1}", ["(1)"]),
    ):
        found = tex.mathml(latex, block=True).replace("&#x000A0;", " ")
        assert all(f">{word}<" in found for word in words), latex
        assert "\\" not in found

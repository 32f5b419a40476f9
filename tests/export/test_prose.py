"""Text from a notebook in a page: formulas drawn, pictures inlined, and nothing that runs."""

import base64
import re
import sys
from html import escape

import pytest

from dlnotes.export import prose


def html(source, tmp_path, attachments=None, relink=lambda url: url):
    return prose.html(source, tmp_path, attachments or {}, relink)


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
    with pytest.raises(prose.Missing, match=r"latex2mathml .* 'dlnotes\[slides\]'"):
        html("$x$", tmp_path)


EVIL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a <b onclick='alert(1)'>b</b>",
    "[link](javascript:alert(1))",
    "![<script>](x.png)",
    '![a" onerror="alert(1)](attachment:a.png)',
    "```mermaid\n<script>alert(1)</script>\n```",
    "```nonsense\n<script>alert(1)</script>\n```",
    "$<script>alert(1)</script>$",
    "$\\text{<script>alert(1)</script>}$",
    "$\\mathrm{<script>alert(1)</script>}$",
    '$\\color{red"onclick="alert(1)}{x}$',
    "$\\href{javascript:alert(1)}{x}$",
    "$$\\operatorname{<img src=x onerror=alert(1)>}$$",
    '[x](https://a.b "t\\" onclick=\\"alert(1)")',
    "![](data:text/html;base64,PHNjcmlwdD4=)",
]


@pytest.mark.parametrize("source", EVIL)
def test_nothing_that_could_run_comes_through(source, tmp_path):
    found = html(source, tmp_path, {"a.png": {"image/png": 'x" onerror="alert(1)'}})
    assert "<script" not in found
    assert not re.search(r"<[^>]*\son\w+\s*=", re.sub(r'="[^"]*"', '=""', found))
    assert "javascript:" not in re.sub(r">[^<]*<", "><", found)
    assert "data:text" not in found


def test_pictures_are_taken_in_from_the_cell_and_from_the_folder(tmp_path):
    content = base64.b64encode(b"png").decode()
    attached = html("![it](attachment:a.png)", tmp_path, {"a.png": {"image/png": content}})
    assert f'<img src="data:image/png;base64,{content}" alt="it">' in attached
    (tmp_path / "here.png").write_bytes(b"png")
    assert content in html("![it](here.png)", tmp_path)
    assert content in html(f"![it](data:image/png;base64,{content})", tmp_path)


@pytest.mark.parametrize(
    "url",
    ["../out.png", "/etc/passwd", "gone.png", "big.png", "here.txt", "https://a.b/c.png",
     "attachment:gone.png", "link.png"],
)  # fmt: skip
def test_no_other_picture_is_taken_in(url, tmp_path, monkeypatch):
    monkeypatch.setattr(prose, "MOST_PICTURE", 4)
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "out.png").write_bytes(b"png")
    (folder / "link.png").symlink_to(tmp_path / "out.png")
    (folder / "big.png").write_bytes(b"12345")
    (folder / "here.txt").write_bytes(b"png")
    found = html(f"![it]({url})", folder)
    assert "<img" not in found
    assert "it" in found


def test_links_lead_where_they_are_told(tmp_path):
    found = html("[a](b.ipynb), [c](d.ipynb)", tmp_path, relink={"b.ipynb": "b.html"}.get)
    assert '<a href="b.html">a</a>, c' in found

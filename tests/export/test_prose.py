"""Text from a notebook in a page: pictures inlined, links that lead on, nothing that runs."""

import base64
import re

import pytest

from dlnotes.export import prose


def html(source, tmp_path, attachments=None, relink=lambda url: url):
    return prose.html(source, tmp_path, attachments or {}, relink)


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


def test_what_stands_for_a_picture_is_escaped_once(tmp_path):
    (tmp_path / "here.png").write_bytes(b"png")
    assert 'alt="a &lt; &quot;b&quot;"' in html('![a < "b"](here.png)', tmp_path)
    assert "<em>[a &lt; &quot;b&quot;]</em>" in html('![a < "b"](gone.png)', tmp_path)


def test_headings_can_be_linked_to_as_in_jupyter(tmp_path):
    assert '<h2 id="Two-$x$-&amp;-&lt;b&gt;">' in html("## Two \\$x\\$ & `<b>`", tmp_path)
    assert '<a href="#Two-words">there</a>' in html("[there](#Two-words)", tmp_path)


def test_a_link_that_could_run_is_no_link(tmp_path):
    for url in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "VBScript:x"):
        assert html(f"[words]({url})", tmp_path) == "<p>words</p>\n"
    assert '<a href="mailto:a@b.c">' in html("<a@b.c>", tmp_path)


def test_links_lead_where_they_are_told(tmp_path):
    found = html("[a](b.ipynb), [c](d.ipynb)", tmp_path, relink={"b.ipynb": "b.html"}.get)
    assert '<a href="b.html">a</a>, c' in found

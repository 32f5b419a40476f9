"""Whatever is shown to a reader can be translated: `_` gets sentences that are written out."""

import ast
import importlib.util
import string
import struct
from pathlib import Path

import pytest

import dlnotes
from dlnotes import words

PACKAGE = Path(dlnotes.__file__).parent


def offences(source: str) -> list[str]:
    """What in `source` a translator could not find, or could not put in another order."""
    tree = ast.parse(source)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store):
            found.append(f"line {node.lineno}: _ is given another meaning")
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_"):
            continue
        text = literal(node)
        if not text:
            # gettext answers an empty text with the catalogue's header
            found.append(f"line {node.lineno}: _ takes one text, written out")
        elif any(not field[:1].isalpha() for field in fields(text)):
            found.append(f"line {node.lineno}: every placeholder has a name")
    return found + misfits(tree)


def literal(call: ast.Call) -> str:
    (*texts,) = call.args
    if len(texts) != 1 or call.keywords or not isinstance(texts[0], ast.Constant):
        return ""
    return texts[0].value if isinstance(texts[0].value, str) else ""


def fields(text: str) -> list[str]:
    try:
        return [
            field for _text, field, *_rest in string.Formatter().parse(text) if field is not None
        ]
    except ValueError:
        return []  # a sentence with braces that is never formatted


def misfits(tree: ast.AST) -> list[str]:
    """`_("…{n}…").format(m=m)`, which would only fail on the day that it is shown."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Call(func=ast.Name(id="_")) as spoken, attr="format"),
                args=[],
                keywords=given,
            ) if all(keyword.arg for keyword in given):
                wanted = {field.split(".")[0].split("[")[0] for field in fields(literal(spoken))}
                if {keyword.arg for keyword in given} != wanted:
                    found.append(f"line {node.lineno}: .format gives other names than it has")
    return found


def speaks(source: str) -> bool:
    return any(
        isinstance(node, ast.ImportFrom) and node.module == "dlnotes.words"
        for node in ast.walk(ast.parse(source))
    )


def test_every_sentence_of_the_package_can_be_translated():
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if speaks(source):
            found += [f"{path.relative_to(PACKAGE)}, {offence}" for offence in offences(source)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    ['_("All done.")', '_("{n} points").format(n=3)', '_("{n:,} " "points")', '_("Read ( ) [ ].")',
     '_("{point.x} {rows[0]}").format(point=p, rows=r)', '_("{n}").format(**names)',
     '_("round brackets, not {")'],
)  # fmt: skip
def test_what_a_sentence_may_be(source):
    assert offences(source) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('_(f"{n} points")', "written out"),
        ('_("a" + "b")', "written out"),
        ('_("{n}".format(n=3))', "written out"),
        ("_(text)", "written out"),
        ('_("")', "written out"),
        ('_("a", "b")', "written out"),
        ('_("a", n=3)', "written out"),
        ("_()", "written out"),
        ("_(3)", "written out"),
        ('_("{} points")', "has a name"),
        ('_("{0} points")', "has a name"),
        ('_("{n} points").format(m=3)', "other names"),
        ('_("points").format(n=3)', "other names"),
        ("for _ in range(3): pass", "another meaning"),
        ("first, _ = pair", "another meaning"),
    ],
)
def test_what_it_may_not_be(source, words):
    (offence,) = offences(source)
    assert words in offence


def test_the_scan_knows_who_speaks():
    assert speaks("from dlnotes.words import _")
    assert not speaks("for _ in range(3): pass")


def test_without_a_catalogue_a_sentence_stays_as_it_is():
    assert words._("No such sentence in any catalogue.") == "No such sentence in any catalogue."


def catalogue(sentences: dict[str, str]) -> bytes:
    """A .mo file: a header, two tables of lengths and places, the texts (GNU gettext manual)."""
    pairs = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **sentences}.items())
    texts = [text.encode() for column in zip(*pairs, strict=True) for text in column]
    start = 28 + 8 * len(texts)
    tables, body = [], b""
    for text in texts:
        tables.append(struct.pack("<2I", len(text), start + len(body)))
        body += text + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return header + b"".join(tables) + body


def test_a_catalogue_beside_the_file_is_spoken(tmp_path, monkeypatch):
    folder = tmp_path / "locale" / "ja" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "dlnotes.mo").write_bytes(catalogue({"{n} points": "{n} 点", "Right.": "正解。"}))
    copy = tmp_path / "words.py"
    copy.write_text(Path(words.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("LANGUAGE", "ja")
    spec = importlib.util.spec_from_file_location("words_in_japanese", copy)
    japanese = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(japanese)
    assert japanese._("Right.") == "正解。"
    assert japanese._("{n} points").format(n=3) == "3 点"
    assert japanese._("Not translated.") == "Not translated."

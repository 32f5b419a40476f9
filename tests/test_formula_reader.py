"""Whatever is typed is a formula or one sentence that names the place and helps."""

import ast
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlnotes import formula, formula_reader
from dlnotes.formula import Formula, FormulaError
from dlnotes.formula_reader import DEPTH, LENGTH


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("x^2", 2, "write ** for a power"),
        ("2x", 2, "write 2*x"),
        ("2(x+1)", 2, "write 2*(…)"),
        ("(x)(x)", 4, "write (…)*(…)"),
        ("x(2)", 2, "write x*(…)"),
        ("x x", 3, "write x*x"),
        ("1if x", 2, "“if”: this name is not known"),
        ("sin x", 1, "write sin(…)"),
        ("sin", 1, "write sin(…)"),
        ("x + y", 5, "“y”: this name is not known; the names are x, pi, e."),
        ("ex", 1, "for a product write e*x"),
        ("lambda", 1, "not known"),
        ("__import__('os')", 12, "no quoted text"),
        ("foo(x)", 1, "there is no such function; there are sin, cos"),
        ("x.real", 2, "“.”: this has no meaning"),
        ("sin(x, k=1)", 9, "to the right of the equals sign"),
        ("f'x'", 2, "no quoted text"),
        ("1j", 2, "only real numbers"),
        ("x\0", 2, r"“\x00”"),
        ("x\ud800", 2, r"“\ud800”"),
        ("\ufeffx", 1, r"“\ufeff”"),
        ("(" * 150, DEPTH + 1, "nested too deeply"),
        ("-" * 150 + "x", DEPTH + 1, "nested too deeply"),
        ("x²", 2, "write **2"),
        ("√x", 1, "sqrt"),
        ("|x|", 1, "abs"),
        ("[x]", 1, "round brackets"),
        ("x # y", 3, "no comment"),
        ("x\nx", 2, "on one line"),
        ("x;x", 2, "on one line"),
        ("x < 1", 3, "compares nothing"),
        ("1,5*x", 2, "with a point, as in 1.5"),
        ("(1,5)*x", 3, "with a point, as in 1.5"),
        ("x//2", 2, "floor(a/b)"),
        ("sin(*x)", 5, "missing before"),
        ("sin()", 5, "missing before"),
        ("*x", 1, "missing before"),
        ("x +", 3, "missing after"),
        ("(x", 1, "never closed"),
        ("x)", 2, "closes nothing"),
    ],
)
def test_a_refusal_names_the_place_and_helps(text, position, words):
    with pytest.raises(FormulaError) as caught:
        Formula(text)
    sentence = str(caught.value)
    assert caught.value.position == position
    assert sentence.startswith(f"Position {position}, ")
    assert words in sentence
    assert "\n" not in sentence
    sentence.encode()


@pytest.mark.parametrize("text", ["", "   ", "\u3000"])
def test_an_empty_text_is_asked_for_a_formula(text):
    with pytest.raises(FormulaError, match="is empty"):
        Formula(text)


def test_length_is_capped():
    with pytest.raises(FormulaError, match=f"10,000 characters; at most {LENGTH}"):
        Formula("(" * 10000)


pieces = st.lists(
    st.sampled_from(
        [*"x0123.,()+-*/e^|π²= \n'\"#", "sin", "max(", "**", "lambda ", "1_0", "0x", "if"]
    )
)


@settings(deadline=None, max_examples=250)
@given(st.one_of(st.text(), pieces.map("".join), st.text("()+-*/x1.e")))
@example("1 (x)")
@example("x" + "**-x" * 49)
@example("(" * 30 + "x" + ")" * 30)
@example("sin(" * 30 + "x" + ")" * 30)
@example("max(x," * 30 + "x" + ")" * 30)
@example("-" * 30 + "x")
def test_any_text_is_a_formula_or_a_sentence(text):
    try:
        made = Formula(text)
    except FormulaError as refused:
        sentence = str(refused)
        made = None
    if made is None:
        assert sentence.isprintable()
    else:
        assert made(np.ones(2)).shape == (2,)


@pytest.mark.parametrize("module", [formula, formula_reader])
def test_nothing_typed_is_ever_run(module):
    """By reading the source: no call that turns text into code, except the parser of `ast`."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = {node.func.id for node in calls if isinstance(node.func, ast.Name)}
    assert not named & {"eval", "exec", "compile", "__import__", "getattr"}

"""Ten logits, ten probabilities, by the definition."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import reference
from driver import Page, check_frame, move_everything

from dlnotes.widgets.softmax_view import SoftmaxView


def shown(view):
    return view.compute(**view.values)


def logits(view):
    return np.array([getattr(view, f"z{k}") for k in range(10)])


@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.0, 7.0])
@pytest.mark.parametrize("relu", [False, True])
def test_probabilities_are_the_definition(temperature, relu):
    view = SoftmaxView(temperature=temperature, relu=relu)
    z = np.maximum(logits(view), 0) if relu else logits(view)
    result = shown(view)
    wanted = reference.softmax(z[None] / temperature)[0]
    np.testing.assert_allclose(result["probabilities"], wanted)
    np.testing.assert_allclose(result["exponentials"], np.exp(z / temperature))
    assert "add up to 1." in view._frame["says"]
    assert repr(view) == f"SoftmaxView(best=3, probability={wanted[3]:.4g}, sum=1)"
    assert ("has made 4 logits 0" in view._frame["says"]) == relu


def test_adding_to_every_logit_changes_nothing():
    view = SoftmaxView()
    before = shown(view)["probabilities"]
    page = Page(view)
    page.press("up")
    page.press("up")
    assert view.z3 == 5
    np.testing.assert_allclose(shown(view)["probabilities"], before)
    for _press in range(5):
        page.press("down")
    np.testing.assert_allclose(shown(view)["probabilities"], before)
    page.press("again")
    assert view.z3 == 3


def test_buttons_stop_at_the_ends():
    view = SoftmaxView(z0=9.5, z6=-9.5)
    assert view._controls["up"]["disabled"]
    assert view._controls["down"]["disabled"]
    for name in ("up", "down"):
        view.press(name)
        assert (view.z0, view.z6) == (9.5, -9.5)


def test_logits_are_dragged():
    view = SoftmaxView()
    page = Page(view)
    page.pick("logit:7", "drag", x=0, y=4.44)
    assert view.z7 == 4.4
    page.pick("logit:7", "drop", x=0, y=99)
    assert view.z7 == 10
    page.pick("logit:7", "key", key="ArrowDown", big=True)
    assert view.z7 == 9
    page.pick("logit:7", "key", key="ArrowUp")
    assert view.z7 == 9.1
    page.pick("logit:10", "drag", y=1)
    page.pick("bars:1", "drag", y=1)
    assert view.z1 == -2


def test_equals_are_said():
    view = SoftmaxView(**{f"z{k}": 0.0 for k in range(10)})
    says = view._frame["says"]
    assert says.startswith("Digits 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 are equally probable: 10% each.")
    view.update(**{f"z{k}": -3.0 for k in range(10)}, relu=True)
    assert "has made 10 logits 0" in view._frame["says"]
    view.update(z1=10.0, temperature=0.1)
    check_frame(view, view._frame)
    words = "|".join(ElementTree.fromstring(view.svg()).itertext())
    assert "exp(z/T)" in words
    assert "after the ReLU" in words


def test_everything_can_be_moved():
    assert move_everything(SoftmaxView(), np.random.default_rng(0)) > 60


def test_no_probability_is_rounded_to_certainty():
    view = SoftmaxView(z3=10.0, temperature=0.1)
    assert view.compute(**view.values)["probabilities"].max() > 0.9999
    assert "most probable: over 99.9%." in view._frame["says"]
    assert "&gt; 0.999" in view.svg()
    assert "&gt;99" in view.svg()

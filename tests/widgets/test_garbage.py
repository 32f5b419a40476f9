"""A picture must not wait for the garbage collector to look at every module."""

import gc
import sys
import types

import pytest
from widgets.waves import Waves


@pytest.fixture
def thawed():
    yield
    gc.unfreeze()


def load(monkeypatch, name):
    monkeypatch.setitem(sys.modules, name, types.ModuleType(name))


def test_with_a_picture_all_that_was_loaded_is_settled(monkeypatch, thawed):
    gc.unfreeze()
    load(monkeypatch, "a_module_of_this_test")
    Waves()
    assert gc.get_freeze_count() > len(gc.get_objects())


def test_what_is_made_later_can_still_be_collected(monkeypatch, thawed):
    load(monkeypatch, "another_module_of_this_test")
    waves = Waves()
    settled = gc.get_freeze_count()
    waves.count = 7
    assert gc.get_freeze_count() <= settled
    load(monkeypatch, "a_third_module_of_this_test")
    more = [[] for _ in range(1000)]
    waves.count = 8
    assert gc.get_freeze_count() > settled + len(more) / 2

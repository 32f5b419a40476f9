"""Transfer learning: the tasks are what they say, and each method learns what it may."""

import numpy as np
import pytest

from dlnotes import transferring
from dlnotes.transferring import (
    METHODS,
    SOURCES,
    TARGETS,
    Pause,
    learning,
    source_learning,
    source_task,
    target_task,
    transfer,
    transfer_network,
)

TINY = {"steps": 2, "tested": 20, "source_n": 64, "source_epochs": 1, "channels": 2}


def test_the_network_answers_five_classes():
    net = transfer_network()
    assert net.output_shape((2, 1, 28, 28)) == net(np.zeros((2, 1, 28, 28))).shape == (2, 5)
    assert "?" not in repr(transfer_network())


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_has_pictures_and_labels(source):
    x, y = source_task(source, 40, np.random.default_rng(0))
    assert x.shape == (40, 1, 28, 28)
    assert y.min() >= 0
    assert y.max() <= 4


def test_shuffled_labels_are_the_same_labels_elsewhere():
    (x, y), (same, shuffled) = (
        source_task(source, 200, np.random.default_rng(3)) for source in ("digits", "shuffled")
    )
    np.testing.assert_array_equal(x, same)
    assert sorted(y) == sorted(shuffled)
    assert (y != shuffled).mean() > 0.5


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_learned_from_is_never_tested(target):
    x, y, x_test, y_test = target_task(target, 3, 0, 30)
    assert x.shape == (15, 1, 28, 28)
    assert np.bincount(y).tolist() == [3] * 5
    assert len(x_test) == len(y_test) == 30
    seen = {picture.tobytes() for picture in target_task(target, 50, 0, 30)[0]}
    assert {picture.tobytes() for picture in x} <= seen
    assert not seen & {picture.tobytes() for picture in x_test}


def weights(net):
    return [parameter.value.copy() for parameter in net.parameters()]


@pytest.mark.parametrize("method", METHODS)
def test_a_method_learns_what_it_may(method, monkeypatch):
    (before,) = (
        net for net in source_learning("digits", 64, 1, 0, 2) if not isinstance(net, Pause)
    )
    known, nets = weights(before), []
    monkeypatch.setattr(
        transferring,
        "taught",
        lambda net, x, y, **options: nets.append((net, len(x))) or iter([Pause("learning", 1, 1)]),
    )
    *pauses, share = learning(method, 2, **TINY)
    ((learner, examples),) = nets
    assert examples == 10
    assert all(pause.done <= pause.of for pause in pauses)
    assert {pause.doing for pause in pauses} == {"learning", "reading"}
    assert 0 <= share <= 1
    assert len(learner.parameters()) == (2 if method == "frozen" else 8)
    if method == "fine-tuned":
        for here, there in zip(weights(learner)[:-2], known[:-2], strict=True):
            np.testing.assert_array_equal(here, there)
    elif method == "scratch":
        assert not np.array_equal(weights(learner)[0], known[0])


@pytest.mark.parametrize("method", METHODS)
def test_a_run_is_the_same_each_time_and_leaves_the_source_as_it_was(method):
    transferring.known_sources.clear()
    transfer(method, 2, **TINY)
    (before,) = (
        net for net in source_learning("digits", 64, 1, 0, 2) if not isinstance(net, Pause)
    )
    known = weights(before)
    assert transfer(method, 2, **TINY) == transfer(method, 2, **TINY)
    for here, there in zip(weights(before), known, strict=True):
        np.testing.assert_array_equal(here, there)


def test_a_run_says_how_far_it_is():
    transferring.known_sources.clear()
    *pauses, _share = learning("fine-tuned", 2, **TINY)
    assert pauses == [
        Pause("drawing", 64, 64), Pause("before", 1, 2), Pause("before", 2, 2),
        Pause("learning", 1, 2), Pause("learning", 2, 2), Pause("reading", 20, 20),
    ]  # fmt: skip


def test_to_be_woken_changes_nothing():
    before = transfer("frozen", 1, **TINY)
    transferring.wake("shapes", "written", 2)
    assert transfer("frozen", 1, **TINY) == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"method": "thawed"}, "method is 'thawed', wanted one of frozen, fine-tuned, scratch"),
        ({"shots": 0}, "shots is 0, wanted a whole number of at least 1"),
        ({"shots": 51}, "shots is 51, wanted at most 50"),
        ({"seed": -1}, "seed is -1"),
        ({"steps": 1.5}, "steps is 1.5, wanted a whole number of at least 0"),
        ({"tested": 0}, "tested is 0, wanted a whole number of at least 1"),
        ({"source": "cats"}, "source is 'cats', wanted one of digits, shapes, shuffled"),
        ({"target": "cats"}, "target is 'cats', wanted one of drawn, written"),
    ],
)
def test_bad_arguments_are_named(arguments, sentence):
    with pytest.raises(ValueError, match=f"transfer: {sentence}"):
        transfer(**{"method": "fine-tuned", "shots": 1, **TINY, **arguments})

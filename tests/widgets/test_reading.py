"""The steps that every widget which tests a network shares."""

import numpy as np
import pytest
import reference

from dlnotes.evaluation import predict
from dlnotes.layers import Dense, Flatten, Sequential, Softmax
from dlnotes.widgets.reading import class_names, in_per_cent, labelled, own_copy, shares

RNG = np.random.default_rng(0)
X = RNG.random((5, 1, 4, 4)).astype(np.float32)


def net(*more):
    return Sequential(Flatten(), Dense(16, 3, rng=np.random.default_rng(1)), *more)


def test_a_copy_shares_nothing_and_does_not_learn():
    own = net()
    own(X)
    copied = own_copy(own, "who")
    copied[1].weight.value = np.zeros((16, 3))
    assert own[1].weight.value.any()
    assert own.training
    assert not copied.training
    assert copied[1]._kept is None
    assert own[1]._kept is not None
    with pytest.raises(TypeError, match="who: net is 3"):
        own_copy(3, "who")


@pytest.mark.parametrize("last", [(), (Softmax(),), (Sequential(Softmax()),)])
def test_shares_are_the_softmax_once(last):
    wanted = reference.softmax(predict(net(), X))
    np.testing.assert_allclose(shares(net(*last), X), wanted, rtol=1e-5)


def test_labels_are_checked():
    x, y = labelled(X, [0, 1, 2, 0, 1], "who")
    assert y.dtype == np.int64
    assert x.shape == X.shape
    for bad_x, bad_y in ((X[0], [0]), (X[:0], []), (X, [0]), (X, [0.5] * 5)):
        with pytest.raises(ValueError, match="who: "):
            labelled(bad_x, bad_y, "who")


def test_names():
    assert class_names(None, 3, "who") == ["0", "1", "2"]
    assert class_names([1, "b"], 2, "who") == ["1", "b"]
    with pytest.raises(ValueError, match="who: names has 1 entries, wanted 2"):
        class_names(["a"], 2, "who")


def test_no_probability_is_rounded_to_certainty():
    assert [in_per_cent(share) for share in (0.5, 0.9994, 0.9996)] == ["50.0", "99.9", "over 99.9"]
    assert in_per_cent(1 - 1e-17, 0, ">{most}") == ">99"

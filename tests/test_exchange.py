"""Weights cross over to PyTorch and back, by a record of a real network."""

import json
from pathlib import Path

import numpy as np
import pytest

from dlnotes import from_torch_state_dict, predict, to_torch_state_dict
from dlnotes.layers import BatchNorm, Conv2d, Dense, Flatten, MaxPool2d, ReLU, Sequential, Tanh

RECORD = json.loads((Path(__file__).parent / "data" / "torch_state.json").read_text())
STATE = {
    name: np.array(value, np.int64 if isinstance(value, int) else np.float32)
    for name, value in RECORD["state"].items()
}


def network(dtype=np.float32):
    rng = np.random.default_rng(1)
    return Sequential(
        Conv2d(2, 3, 3, padding=1, rng=rng, dtype=dtype),
        BatchNorm(3, dtype=dtype),
        ReLU(),
        MaxPool2d(2),
        Sequential(Flatten(), Dense(12, 5, rng=rng, dtype=dtype)),
        Tanh(),
        Dense(5, 4, bias=False, rng=rng, dtype=dtype),
    )


class Tensor:
    """What NumPy refuses to read before it is out of its graph."""

    def __init__(self, array):
        self.array = array

    def detach(self):
        return self

    def cpu(self):
        return self

    def numpy(self):
        return self.array


@pytest.mark.parametrize("wrap", [np.asarray, Tensor, np.ndarray.tolist])
def test_pytorchs_weights_give_pytorchs_answer(wrap):
    net = network()
    assert from_torch_state_dict(net, {name: wrap(value) for name, value in STATE.items()}) is net
    x = np.array(RECORD["x"], np.float32)
    np.testing.assert_allclose(predict(net, x), RECORD["y"], rtol=1e-5, atol=1e-6)


def test_the_way_back_gives_the_same_names_shapes_and_bits():
    back = to_torch_state_dict(from_torch_state_dict(network(), STATE))
    assert set(back) == set(STATE)
    for name, value in back.items():
        assert value.flags.c_contiguous
        assert value.dtype == STATE[name].dtype
        if not name.endswith("num_batches_tracked"):
            assert np.array_equal(value, STATE[name])


def test_the_counter_may_be_missing_and_float64_stays():
    net = network(np.float64)
    from_torch_state_dict(net, {k: v for k, v in STATE.items() if "num_batches" not in k})
    assert net[6].weight.value.dtype == np.float64
    assert np.array_equal(net[6].weight.value, STATE["6.weight"].T)


def test_a_single_layer_has_names_without_a_number():
    dense = Dense(3, 2, rng=np.random.default_rng(0))
    state = to_torch_state_dict(dense)
    assert {name: value.shape for name, value in state.items()} == {"weight": (2, 3), "bias": (2,)}
    state["weight"][...] = 7
    assert (dense.weight.value != 7).all()
    assert set(to_torch_state_dict(BatchNorm(2))) >= {"running_mean", "num_batches_tracked"}


BAD = [
    (None, TypeError, "state is of type NoneType"),
    ([1], TypeError, "state is of type list"),
    ({}, ValueError, r"state lacks 0\.bias, 0\.weight"),
    ({"0.bias": None}, TypeError, r"0\.bias has dtype object"),
    ({"6.bias": np.zeros(4)}, ValueError, r"state holds 6\.bias, which net has not"),
    ({7: np.zeros(4)}, ValueError, "state holds 7, which net has not"),
    ({"0.bias": np.zeros(4)}, ValueError, r"0\.bias has shape \(4,\), wanted \(3,\)"),
    ({"6.weight": np.zeros((5, 4))}, ValueError, r"6\.weight has shape \(5, 4\), wanted \(4, 5\)"),
    ({"0.bias": np.zeros(3, complex)}, TypeError, r"0\.bias has dtype complex"),
    ({"0.bias": "text"}, TypeError, r"0\.bias has dtype <U4"),
    ({"0.bias": [[1.0], [2.0, 3.0]]}, TypeError, r"0\.bias is ragged"),
    ({"1.running_var": 1.0}, ValueError, r"1\.running_var has shape \(\)"),
]


@pytest.mark.parametrize(("change", "error", "message"), BAD)
def test_a_state_that_does_not_fit_changes_nothing(change, error, message):
    net = network()
    before = net.state()
    state = {**STATE, **change} if isinstance(change, dict) and change else change
    with pytest.raises(error, match=f"from_torch_state_dict: {message}"):
        from_torch_state_dict(net, state)
    assert all(np.array_equal(value, before[name]) for name, value in net.state().items())


@pytest.mark.parametrize("net", [None, [], Dense, "net"])
def test_what_is_no_net(net):
    with pytest.raises(TypeError, match="from_torch_state_dict: net is"):
        from_torch_state_dict(net, STATE)
    with pytest.raises(TypeError, match="to_torch_state_dict: net is"):
        to_torch_state_dict(net)

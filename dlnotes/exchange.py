"""Weights that cross over to PyTorch and back, by the names and layouts of `torch.nn.Sequential`.

A dense layer's weight is (n_in, n_out) here, so that code reads `x @ weight`, and (n_out, n_in) in
`torch.nn.Linear`; everything else lies alike. PyTorch itself is not needed.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.evaluation import check_net, named_layers
from dlnotes.layers import BatchNorm, Dense, Layer

COUNTER = (
    "num_batches_tracked"  # PyTorch counts a BatchNorm's batches, and uses it only without momentum
)


def to_torch_state_dict(net: Layer) -> dict[str, np.ndarray]:
    """Copies of the net's weights as the equivalent `torch.nn.Sequential` names and lays them out.

    In PyTorch: `model.load_state_dict({name: torch.from_numpy(a) for name, a in state.items()})`.
    Errors: TypeError for what is no net.
    """
    check_net(net, "to_torch_state_dict")
    turned = dense_weights(net)
    found = {
        name: np.ascontiguousarray(array.T) if name in turned else array
        for name, array in net.state().items()
    }
    return found | {name: np.array(0, np.int64) for name in counters(net)}


def from_torch_state_dict(net: Layer, state: Mapping[str, Any]) -> Layer:
    """Take over the weights of the equivalent PyTorch model, `model.state_dict()`; gives `net`
    back.

    Values may be tensors or arrays. Errors: TypeError for what is no net or no state; ValueError,
    with nothing changed, where a name or shape differs.
    """
    who = "from_torch_state_dict"
    check_net(net, who)
    if not isinstance(state, Mapping):
        raise TypeError(
            f"{who}: state is of type {type(state).__name__}, wanted a dict of names to tensors"
        )
    mine = to_torch_state_dict(net)
    optional = counters(net)
    if missing := sorted(set(mine) - optional - set(state)):
        raise ValueError(f"{who}: state lacks {', '.join(missing)}, which net has")
    if unknown := sorted(map(str, set(state) - set(mine))):
        raise ValueError(f"{who}: state holds {', '.join(unknown)}, which net has not")
    turned = dense_weights(net)
    found = {}
    for name in set(mine) - optional:
        wanted = mine[name]
        array = door.array_of_shape(
            as_array(state[name]), f"{who}: {name}", wanted.shape, dtype=wanted.dtype
        )
        found[name] = array.T if name in turned else array
    net.load_state(found)
    return net


def as_array(value: Any) -> Any:
    """A tensor's numbers: out of its graph, off its device; anything else as it is."""
    return value.detach().cpu().numpy() if hasattr(value, "detach") else value


def dense_weights(net: Layer) -> set[str]:
    """The names of the weights that PyTorch has transposed."""
    return {f"{start}weight" for start, layer in named_layers(net) if isinstance(layer, Dense)}


def counters(net: Layer) -> set[str]:
    """The names of the numbers that PyTorch keeps and this package does not."""
    return {
        f"{start}{COUNTER}" for start, layer in named_layers(net) if isinstance(layer, BatchNorm)
    }

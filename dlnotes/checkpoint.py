"""A network in a file, and a training that goes on where it stopped.

The file is safetensors: weights as bytes, and in its header, as JSON, which layers there are.
Nothing in it is code: a class is looked up in a fixed list, never imported by name, and nothing is
unpickled. A digest over all of it tells when a file was changed or damaged.
"""

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from safetensors import SafetensorError
from safetensors import numpy as safetensors

from dlnotes import door
from dlnotes.evaluation import check_net, named_layers
from dlnotes.files import write_whole
from dlnotes.layers import Layer, Sequential, rebuild
from dlnotes.layers.rebuild import KNOWN
from dlnotes.optim import SGD, Adagrad, Adam, Optimizer, RMSprop
from dlnotes.records import Progress

FORMAT = 1
TRAINING = "training rng"  # beside the layers' generators, which are called as "3.rng"
LARGEST_HEADER = 2**20  # bytes: some thousands of layers
SMALL = 1024  # whole numbers of a description that need no weights beside them, such as strides
# What a description that makes no sense can raise; all become a ValueError that names the file.
NONSENSE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
OPTIMIZERS = {kind.__name__: kind for kind in (SGD, Adagrad, RMSprop, Adam)}
BIT_GENERATORS = {
    kind.__name__: kind
    for kind in (
        *(np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937),
        *(np.random.Philox, np.random.SFC64),
    )
}


class Training(NamedTuple):
    """What a checkpoint of a training holds; what was not saved is None."""

    net: Layer
    optimizer: Optimizer | None
    rng: np.random.Generator | None
    progress: Progress | None


def save(
    net: Layer,
    path: str | os.PathLike[str],
    *,
    optimizer: Optimizer | None = None,
    rng: np.random.Generator | None = None,
    progress: Progress | None = None,
) -> None:
    """Write `net` to the file `path`, with the training's optimizer, rng and latest progress if
    given.

    The file is written beside `path` and moved into place when it is whole, so that a crash leaves
    the old one. Errors: TypeError for what is no net, optimizer, rng or progress; ValueError for
    layers and optimisers that are not this package's, and for an optimizer of another net.
    """
    check_net(net, "save")
    told: dict[str, Any] = {"format": FORMAT, "net": description(net)}
    told["evaluating"] = [name for name, layer in named_layers(net) if not layer.training]
    tensors = {f"net.{name}": array for name, array in net.state().items()}
    chance = list(named_generators(net))
    if rng is not None:
        chance.append((TRAINING, door.generator(rng, "save: rng")))
    # One generator may serve several layers and the training; it must stay one.
    distinct = list({id(item): item for _, item in chance}.values())
    told["generators"] = [plain(item.bit_generator.state) for item in distinct]
    places = {id(item): i for i, item in enumerate(distinct)}
    told["chance"] = {name: places[id(item)] for name, item in chance}
    if optimizer is not None:
        told["optimizer"] = optimizer_description(optimizer, net)
        tensors |= {f"optimizer.{name}": array for name, array in optimizer.state().items()}
    if progress is not None:
        if not isinstance(progress, Progress):
            raise TypeError(f"save: progress is {progress!r}, wanted a Progress of train(…)")
        told["progress"] = dataclasses.asdict(progress)
    text = json.dumps(told)
    metadata = {"dlnotes": text, "digest": digest(text, tensors)}
    data = safetensors.save(tensors, metadata)
    if int.from_bytes(data[:8], "little") > LARGEST_HEADER:
        raise ValueError("save: net has more layers than a file's header can describe")
    write_whole(path, data, "save")


def load(path: str | os.PathLike[str]) -> Layer:
    """The network in the file `path`, as `save` wrote it.

    Errors: FileNotFoundError; ValueError, naming the file, where it is damaged or not of dlnotes.
    """
    return load_all(path, "load").net


def load_training(path: str | os.PathLike[str]) -> Training:
    """(net, optimizer, rng, progress) of the file `path`, for `train(…, resume=progress)` to go on.

    Errors: FileNotFoundError; ValueError, naming the file, where it is damaged, not of dlnotes, or
    holds a network alone.
    """
    found = load_all(path, "load_training")
    if found[1:] == (None, None, None):
        raise ValueError(f"{path} holds a network and no training, wanted load({str(path)!r})")
    return found


def load_all(path: str | os.PathLike[str], who: str) -> Training:
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"{who}: path is {path!r}, wanted the name of a file")
    if Path(path).is_dir():
        raise ValueError(f"{who}: {path} is a folder, wanted a file")
    text, tensors = read(Path(path))
    try:
        return build(json.loads(text), tensors)
    except NONSENSE as error:
        raise ValueError(f"{path} does not describe a network of dlnotes: {error}") from error


def read(path: Path) -> tuple[str, dict[str, np.ndarray]]:
    """The description and the arrays of a file; ValueError where it is not whole."""
    with path.open("rb") as file:
        start = file.read(8)
        length = int.from_bytes(start, "little")
        rest = path.stat().st_size - 8 - length
        if len(start) < 8 or rest < 0:
            raise ValueError(f"{path} is cut short, or no safetensors file")
        if length > LARGEST_HEADER:
            raise ValueError(
                f"{path} has a header of {length:,} bytes, more than {LARGEST_HEADER:,}"
            )
        header = file.read(length)
        try:
            entries = json.loads(header)
            metadata = entries.pop("__metadata__", {})
            if rest != max((entry["data_offsets"][1] for entry in entries.values()), default=0):
                raise ValueError("its length is not the one that its header tells")
            tensors = safetensors.load(start + header + file.read())
        except (SafetensorError, *NONSENSE) as error:
            raise ValueError(f"{path} is damaged, or no safetensors file: {error}") from error
    if "dlnotes" not in metadata:
        raise ValueError(f"{path} was not written by dlnotes, wanted a file that save(…) wrote")
    text = metadata["dlnotes"]
    if metadata.get("digest") != digest(text, tensors):
        raise ValueError(f"{path} is damaged: what it holds is not what was written")
    return text, tensors


def build(told: dict[str, Any], tensors: dict[str, np.ndarray]) -> Training:
    """What a file describes; ValueError and the like where it makes no sense."""
    if told["format"] != FORMAT:
        raise ValueError(f"its format is {told['format']}, this dlnotes reads {FORMAT}")
    elements = sum(array.size for array in tensors.values())
    check_sizes(told["net"], max(SMALL, elements))
    kind, config = told["net"]
    net = rebuild(kind, config, rng=Blank(elements))
    take(net, part_of(tensors, "net."), net.state())
    generators = [restored(state) for state in told["generators"]]
    layers = dict(named_layers(net))
    for place, _ in list(named_generators(net)):
        before, dot, attribute = place.rpartition(".")
        setattr(layers[before + dot], attribute, generators[told["chance"][place]])
    for name, layer in layers.items():  # the outer before the inner, which follow their outer one
        layer.training = name not in told["evaluating"]
    optimizer = None
    if "optimizer" in told:
        kind, config, names = told["optimizer"]
        parameters = dict(net.named_parameters())
        optimizer = OPTIMIZERS[kind]([parameters[name] for name in names], **config)
        take(optimizer, part_of(tensors, "optimizer."), optimizer.state())
    rng = generators[told["chance"][TRAINING]] if TRAINING in told["chance"] else None
    progress = checked_progress(told["progress"]) if "progress" in told else None
    return Training(net, optimizer, rng, progress)


def description(net: Layer) -> list[Any]:
    """[class name, config] of a net whose layers are all known; ValueError otherwise."""
    for name, layer in named_layers(net):
        kind = type(layer)
        if kind is not Sequential and KNOWN.get(kind.__name__) is not kind:
            place = f" at {name[:-1]}" if name else ""
            raise ValueError(
                f"save: net holds a {kind.__name__}{place}, wanted layers of dlnotes only, which "
                "load can make again; keep the arrays of its state() in a file of your own"
            )
    return [type(net).__name__, net.config()]


def optimizer_description(optimizer: Any, net: Layer) -> list[Any]:
    """[class name, config, names of its parameters in the net]."""
    kind = type(optimizer)
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"save: optimizer is {optimizer!r}, wanted one, such as optim.SGD(…)")
    if OPTIMIZERS.get(kind.__name__) is not kind:
        raise ValueError(f"save: optimizer is a {kind.__name__}, wanted {', '.join(OPTIMIZERS)}")
    names = {id(parameter): name for name, parameter in net.named_parameters()}
    if not all(id(parameter) in names for parameter in optimizer.parameters):
        raise ValueError("save: optimizer holds parameters of another net, wanted those of net")
    return [kind.__name__, optimizer.config(), [names[id(p)] for p in optimizer.parameters]]


def named_generators(net: Layer) -> Iterator[tuple[str, np.random.Generator]]:
    """("3.rng", the generator of the layer at 3) …; "rng" is that of the net itself."""
    for name, layer in named_layers(net):
        for attribute, item in vars(layer).items():
            if isinstance(item, np.random.Generator):
                yield f"{name}{attribute}", item


def plain(state: Any) -> Any:
    """A bit generator's state with lists and ints in place of arrays, as JSON has them."""
    if isinstance(state, dict):
        return {name: plain(item) for name, item in state.items()}
    return state.tolist() if isinstance(state, np.ndarray | np.generic) else state


def restored(state: dict[str, Any]) -> np.random.Generator:
    bit_generator: Any = BIT_GENERATORS[state["bit_generator"]]()
    positions = {"pos": 624, "buffer_pos": 4}  # NumPy takes these unchecked into its memory
    for name, value in [*state.items(), *state["state"].items()]:
        if name in positions and not 0 <= value <= positions[name]:
            raise ValueError(f"the generator's {name} is {value}")
    bit_generator.state = state
    return np.random.Generator(bit_generator)


class Blank(np.random.Generator):
    """Gives zeros for weights that come from the file, and never more of them than the file
    holds."""

    def __init__(self, budget: int) -> None:
        super().__init__(np.random.PCG64(0))
        self.budget = budget

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        self.budget -= int(np.prod(size, dtype=object))
        if self.budget < 0:
            raise ValueError("more weights are described than the file holds")
        return np.zeros(size)


def check_sizes(described: Any, largest: int) -> None:
    """ValueError where a description holds a whole number that no array of the file can answer
    to."""
    if isinstance(described, dict):
        described = list(described.values())
    if isinstance(described, list):
        for item in described:
            check_sizes(item, largest)
    elif isinstance(described, int) and abs(described) > largest:
        raise ValueError(
            f"a size of {described} is described, and the file holds {largest} at most"
        )


def part_of(tensors: dict[str, np.ndarray], start: str) -> dict[str, np.ndarray]:
    return {
        name.removeprefix(start): item for name, item in tensors.items() if name.startswith(start)
    }


def take(owner: Any, state: dict[str, np.ndarray], mine: dict[str, np.ndarray]) -> None:
    """`owner.load_state(state)`, but never with another dtype: bits must stay bits."""
    for name in state.keys() & mine.keys():
        if state[name].dtype != mine[name].dtype:
            raise ValueError(f"{name} is {state[name].dtype}, wanted {mine[name].dtype}")
    owner.load_state(state)


def checked_progress(told: dict[str, Any]) -> Progress:
    found = Progress(**told)
    for name in ("epoch", "epochs", "step", "steps"):
        door.whole(getattr(found, name), f"progress: {name}")
    door.whole(found.order, "progress: order", least=0)
    for name in ("loss", "seconds", "seconds_left"):
        door.real(getattr(found, name), f"progress: {name}")
    for name in ("accuracy", "validation_loss", "validation_accuracy"):
        if getattr(found, name) is not None:
            door.real(getattr(found, name), f"progress: {name}")
    if found.epoch > found.epochs or found.step > found.steps:
        raise ValueError(f"progress is beyond its end: {found}")
    return found


def digest(text: str, tensors: dict[str, np.ndarray]) -> str:
    """SHA-256 of the description and of all arrays, with their names, dtypes and shapes."""
    found = hashlib.sha256(text.encode(errors="surrogatepass"))
    for name, array in sorted(tensors.items()):
        found.update(f"{name} {array.dtype.str} {array.shape}".encode())
        found.update(array.tobytes())
    return found.hexdigest()

"""Checkpoints: every bit comes back, training goes on as if it had not stopped, bad files are
refused."""

import json
import os
import stat

import numpy as np
import pytest
from safetensors import numpy as safetensors

import dlnotes as dl
from dlnotes import checkpoint, files, optim
from dlnotes.layers import (
    AvgPool2d,
    BatchNorm,
    BlurPool2d,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    LeakyReLU,
    MaxPool2d,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
)

X = np.random.default_rng(0).normal(size=(20, 3))
Y = np.arange(20) % 2


def rng(seed=0):
    return np.random.default_rng(seed)


def small(chance=None, dtype=np.float32):
    chance = chance or rng(3)
    return Sequential(
        Dense(3, 4, rng=rng(1), dtype=dtype),
        BatchNorm(4, dtype=dtype),
        Sequential(ReLU(), Dropout(0.3, rng=chance)),
        Dense(4, 2, rng=rng(2), dtype=dtype),
    )


def bits(net):
    return {name: (a.dtype, a.shape, a.tobytes()) for name, a in net.state().items()}


def steps(net, optimizer, rng, **options):
    return dl.train(
        *(net, X, Y),
        loss=dl.CrossEntropy(),
        optimizer=optimizer,
        epochs=4,
        batch_size=8,
        rng=rng,
        **options,
    )


NETS = [
    lambda: small(),
    lambda: small(dtype=np.float64),
    lambda: Dense(2, 3, bias=False, rng=rng()),
    lambda: Dropout(0.25, rng=rng()),
    lambda: Sequential(
        Conv2d(2, 4, (3, 5), stride=2, padding=((1, 2), (0, 1)), groups=2, rng=rng()),
        *(LeakyReLU(0.2), MaxPool2d(2, stride=1), AvgPool2d(2), BlurPool2d(4), GlobalAvgPool2d()),
    ),
    lambda: Sequential(Conv2d(1, 1, 3, padding="same", dilation=2, rng=rng()), Sigmoid(), Tanh()),
    lambda: Sequential(Flatten(), Softmax()),
]


@pytest.mark.parametrize("make", NETS)
def test_every_layer_comes_back_bit_by_bit(make, tmp_path):
    net = make()
    assert dl.save(net, tmp_path / "net") is None
    back = dl.load(str(tmp_path / "net"))
    assert type(back) is type(net)
    assert bits(back) == bits(net)
    assert json.dumps(back.config()) == json.dumps(net.config())
    assert [p.name for p in tmp_path.iterdir()] == ["net"]


def test_numbers_that_are_not_finite_come_back(tmp_path):
    net = small()
    net[0].weight.value[0] = [np.nan, np.inf, -0.0, 1e-45]
    dl.save(net, tmp_path / "net")
    assert bits(dl.load(tmp_path / "net")) == bits(net)


def test_each_layers_mode_comes_back(tmp_path):
    net = small()
    net.training = False
    net[2].training = True
    net[2][0].training = False
    dl.save(net, tmp_path / "net")
    back = dl.load(tmp_path / "net")
    for one, other in zip((net, *net, *net[2]), (back, *back, *back[2]), strict=True):
        assert one.training == other.training


OPTIMIZERS = [
    lambda p: optim.SGD(p, 0.1, momentum=0.9, nesterov=True),
    lambda p: optim.Adagrad(p, 0.1, initial_accumulator_value=0.1),
    lambda p: optim.RMSprop(p, 0.01, momentum=0.5, centered=True),
    lambda p: optim.Adam(p, 0.01, betas=(0.8, 0.9), weight_decay=0.01),
]


@pytest.mark.parametrize("make", OPTIMIZERS)
@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("stop", [2, 3])  # in the middle of an epoch, and at its end
def test_resuming_gives_the_weights_of_never_having_stopped(make, shared, stop, tmp_path):
    def start():
        chance = rng(5)
        net = small(chance if shared else None)
        return net, make(net.parameters()), chance

    net, optimizer, chance = start()
    list(steps(net, optimizer, chance))
    wanted, wanted_draw = bits(net), chance.random()

    net, optimizer, chance = start()
    for progress in steps(net, optimizer, chance):
        optimizer.lr *= 0.5
        optimizer.lr *= 2.0
        if progress.step == stop:
            break
    dl.save(net, tmp_path / "run", optimizer=optimizer, rng=chance, progress=progress)
    del net, optimizer, chance
    net, optimizer, chance, back = dl.load_training(tmp_path / "run")
    assert back == progress
    assert (net[2][1].rng is chance) == shared
    list(steps(net, optimizer, chance, resume=back))
    assert bits(net) == wanted
    assert chance.random() == wanted_draw


@pytest.mark.parametrize("kind", checkpoint.BIT_GENERATORS.values())
def test_every_bit_generator_goes_on(kind, tmp_path):
    chance = np.random.Generator(kind(7))
    chance.random(3, dtype=np.float32)
    dl.save(small(), tmp_path / "net", rng=chance)
    back = dl.load_training(tmp_path / "net").rng
    assert np.array_equal(back.random(1000), chance.random(1000))


def test_a_training_of_a_part_and_a_network_alone(tmp_path):
    net = small()
    path = tmp_path / "net"
    dl.save(net, path, optimizer=optim.SGD(net[3].parameters(), 0.1))
    found = dl.load_training(path)
    assert found.optimizer.parameters == found.net[3].parameters()
    assert found.rng is found.progress is None
    assert bits(dl.load(path)) == bits(net)
    dl.save(net, path)
    with pytest.raises(ValueError, match=r"net holds a network and no training, wanted load\("):
        dl.load_training(path)


def test_a_crash_leaves_the_old_file_whole(tmp_path, monkeypatch):
    path = tmp_path / "net"
    old = small()
    dl.save(old, path)

    def full(_descriptor):
        raise OSError("no space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        dl.save(Dense(2, 2, rng=rng()), path)
    monkeypatch.undo()
    assert bits(dl.load(path)) == bits(old)
    assert [p.name for p in tmp_path.iterdir()] == ["net"]


def test_the_file_is_seen_to_the_disk_before_it_is_moved(tmp_path, monkeypatch):
    seen = []
    replace, fsync = files.Path.replace, os.fsync
    monkeypatch.setattr(files.os, "fsync", lambda fd: (seen.append("fsync"), fsync(fd)))
    monkeypatch.setattr(files.Path, "replace", lambda a, b: (seen.append("move"), replace(a, b)))
    dl.save(small(), tmp_path / "net")
    assert seen[:2] == ["fsync", "move"]


@pytest.mark.parametrize("kind", ["nt", "posix"])
def test_the_name_of_the_system_decides_about_folders(kind, tmp_path, monkeypatch):
    closed = []
    monkeypatch.setattr(files.os, "name", kind)
    monkeypatch.setattr(files.os, "open", lambda *_: 99)
    monkeypatch.setattr(files.os, "fsync", lambda _: None)
    monkeypatch.setattr(files.os, "close", closed.append)
    files.see_folder_to_disk(tmp_path)
    assert closed == ([99] if kind == "posix" else [])


def test_the_file_behind_a_link_is_replaced(tmp_path):
    (tmp_path / "there").mkdir()
    target = tmp_path / "there" / "net"
    dl.save(Dense(1, 1, rng=rng()), target)
    link = tmp_path / "link"
    try:
        link.symlink_to(target)
    except OSError:  # Windows without the right to make links
        link = target
    dl.save(small(), link)
    assert bits(dl.load(target)) == bits(small())
    assert stat.S_ISREG(target.lstat().st_mode)


class Own(Dense):
    pass


class OwnSGD(optim.SGD):
    pass


NET = small()
BAD_SAVES = [
    (None, {}, TypeError, "net is None"),
    (Dense, {}, TypeError, "net is <class"),
    (Layer(), {}, ValueError, "net holds a Layer, wanted layers of dlnotes only"),
    (Sequential(ReLU(), Own(1, 1, rng=rng())), {}, ValueError, "net holds a Own at 1"),
    (NET, {"optimizer": 1}, TypeError, "optimizer is 1"),
    (NET, {"optimizer": optim.SGD}, TypeError, "optimizer is <class"),
    (NET, {"optimizer": OwnSGD(NET.parameters(), 1)}, ValueError, "optimizer is a OwnSGD, wanted"),
    (NET, {"optimizer": optim.SGD(small().parameters(), 1)}, ValueError, "of another net"),
    (NET, {"rng": 0}, TypeError, "rng is 0"),
    (NET, {"rng": np.random.RandomState(0)}, TypeError, "rng is"),
    (NET, {"progress": 0.5}, TypeError, r"progress is 0\.5"),
    (NET, {"progress": {}}, TypeError, "progress is {}"),
]


@pytest.mark.parametrize(("net", "options", "error", "message"), BAD_SAVES)
def test_bad_saves_write_nothing(net, options, error, message, tmp_path):
    with pytest.raises(error, match=f"save: .*{message}"):
        dl.save(net, tmp_path / "net", **options)
    assert list(tmp_path.iterdir()) == []


def test_a_net_too_long_to_describe_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "LARGEST_HEADER", 100)
    with pytest.raises(ValueError, match="save: net has more layers than"):
        dl.save(NET, tmp_path / "net")
    assert list(tmp_path.iterdir()) == []


def test_a_file_far_longer_than_its_header_says_is_not_read(whole, tmp_path, monkeypatch):
    path = tmp_path / "long.net"
    with path.open("wb") as file:
        file.write(whole)
        file.truncate(2**24)
    monkeypatch.setattr(checkpoint.safetensors, "load", None)
    with pytest.raises(ValueError, match="its length is not the one that its header tells"):
        dl.load(path)


def test_bad_paths(tmp_path):
    for wrong in (None, 3, b"net", ["net"]):
        with pytest.raises(TypeError, match=r"save: path is .*, wanted the name of a file"):
            dl.save(NET, wrong)
        with pytest.raises(TypeError, match=r"load: path is .*, wanted the name of a file"):
            dl.load(wrong)
    with pytest.raises(ValueError, match="save: .* is a folder"):
        dl.save(NET, tmp_path)
    with pytest.raises(ValueError, match="load: .* is a folder"):
        dl.load(tmp_path)
    with pytest.raises(FileNotFoundError, match="No such file or directory: '.*no'"):
        dl.save(NET, tmp_path / "no" / "net")
    with pytest.raises(FileNotFoundError):
        dl.load_training(tmp_path / "none")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A checkpoint with all that can be in one, as bytes."""
    path = tmp_path_factory.mktemp("whole") / "net"
    net = small()
    progress = dl.Progress(epoch=1, epochs=2, step=3, steps=8, loss=0.5, accuracy=0.25)
    dl.save(net, path, optimizer=optim.SGD(net.parameters()), rng=rng(), progress=progress)
    return path.read_bytes()


def test_every_cut_is_noticed(whole, tmp_path):
    path = tmp_path / "cut.net"
    for length in [*range(0, 20), *range(20, len(whole), 97), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"cut\.net"):
            dl.load(path)
    path.write_bytes(whole + b"0")
    with pytest.raises(ValueError, match=r"cut\.net is damaged"):
        dl.load(path)


def test_every_flipped_byte_is_noticed(whole, tmp_path):
    path = tmp_path / "flipped.net"
    header = 8 + int.from_bytes(whole[:8], "little")
    for at in [*range(0, header, 41), *range(header, len(whole), 13), len(whole) - 1]:
        damaged = bytearray(whole)
        damaged[at] ^= 0x15
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"flipped\.net"):
            dl.load_training(path)


FOREIGN = [
    b"",
    b"text",
    b"\x80\x04K\x01.",
    b"PK\x03\x04" * 100,
    b"\x93NUMPY\x01\x00" * 40,
    bytes(1000),
    b"\xff" * 1000,
    (2).to_bytes(8, "little") + b"{}",
    (2).to_bytes(8, "little") + b"[]",
    (4).to_bytes(8, "little") + b"null",
    (16).to_bytes(8, "little") + b'{"__metadata__":',
    (900_000).to_bytes(8, "little") + b"[" * 900_000,
    (2**21).to_bytes(8, "little") + b" " * 2**21,
    safetensors.save({"weight": np.zeros(3)}),
    safetensors.save({"weight": np.zeros(3)}, {"format": "pt"}),
    safetensors.save({}, {"dlnotes": "{}"}),
    safetensors.save({}, {"dlnotes": "{}", "digest": "00"}),
]


# Numbered, because safetensors writes its metadata in any order.
@pytest.mark.parametrize("data", FOREIGN, ids=range(len(FOREIGN)))
def test_foreign_files(data, tmp_path):
    path = tmp_path / "foreign.net"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"foreign\.net"):
        dl.load(path)


def forge(whole, tmp_path, change, arrays=lambda tensors: None):
    """A file whose digest is right and whose description was changed on purpose."""
    length = int.from_bytes(whole[:8], "little")
    told = json.loads(json.loads(whole[8 : 8 + length])["__metadata__"]["dlnotes"])
    tensors = safetensors.load(whole)
    changed = change(told)
    arrays(tensors)
    text = changed if isinstance(changed, str) else json.dumps(told)
    path = tmp_path / "forged.net"
    metadata = {"dlnotes": text, "digest": checkpoint.digest(text, tensors)}
    path.write_bytes(safetensors.save(tensors, metadata))
    return path


def put(told, value, *keys):
    for key in keys[:-1]:
        told = told[key]
    told[keys[-1]] = value


LAYERS = ("net", 1, "layers")
FORGED = [
    (lambda t: put(t, 2, "format"), "its format is 2"),
    (lambda t: t.pop("format"), "format"),
    (lambda t: "[1, 2]", "indices must be"),
    (lambda t: "null", "not subscriptable"),
    (lambda t: "not json", "Expecting value"),
    (lambda t: "[" * 100_000, ""),
    (lambda t: '{"format": 1, "net": ' + "[" * 900 + "]" * 900 + "}", ""),
    (lambda t: t.pop("net"), "net"),
    (lambda t: put(t, "os.system", *LAYERS, 0, 0), "wanted one of"),
    (lambda t: put(t, "builtins", "net", 0), "wanted one of"),
    (lambda t: put(t, {"n_in": 3}, *LAYERS, 0, 1), "n_out"),
    (lambda t: put(t, 10**12, *LAYERS, 0, 1, "n_in"), "a size of 1000000000000 is described"),
    (lambda t: put(t, 1000, *LAYERS, 0, 1, "n_in"), "more weights are described than"),
    (lambda t: put(t, 2, *LAYERS, 0, 1, "n_in"), "has shape"),
    (lambda t: put(t, 1024, *LAYERS, 1, 1, "channels"), "has shape"),
    (lambda t: put(t, "float64", *LAYERS, 0, 1, "dtype"), "is float32, wanted float64"),
    (lambda t: put(t, [], *LAYERS), "wanted at least one"),
    (lambda t: put(t, False, *LAYERS, 0, 1, "bias"), "differ"),
    (lambda t: t["chance"].clear(), "2.1.rng"),
    (lambda t: put(t, 9, "chance", "2.1.rng"), "out of range"),
    (lambda t: put(t, [], "generators"), "out of range"),
    (lambda t: put(t, "Evil", "generators", 0, "bit_generator"), "Evil"),
    (lambda t: put(t, {}, "generators", 0, "state"), "state"),
    (lambda t: put(t, -1, "generators", 0, "state", "pos"), "pos is -1"),
    (lambda t: put(t, 5, "generators", 0, "buffer_pos"), "buffer_pos is 5"),
    (lambda t: put(t, "eval", "optimizer", 0), "eval"),
    (lambda t: put(t, {"rate": 1}, "optimizer", 1), "rate"),
    (lambda t: put(t, ["9.weight"], "optimizer", 2), "9.weight"),
    (lambda t: put(t, -1.0, "optimizer", 1, "lr"), "lr is -1.0"),
    (lambda t: put(t, 0.9, "optimizer", 1, "momentum"), "differ"),
    (lambda t: put(t, {"step": 1}, "progress"), "required"),
    (lambda t: put(t, 1.5, "progress", "step"), "progress: step is 1.5"),
    (lambda t: put(t, 9, "progress", "step"), "progress is beyond its end"),
    (lambda t: put(t, 3, "progress", "epoch"), "progress is beyond its end"),
    (lambda t: put(t, "low", "progress", "loss"), "progress: loss is 'low'"),
    (lambda t: put(t, "all", "progress", "accuracy"), "progress: accuracy is 'all'"),
    (lambda t: put(t, -1, "progress", "order"), "progress: order is -1"),
]


@pytest.mark.parametrize(("change", "message"), FORGED)
def test_forged_descriptions(whole, change, message, tmp_path):
    with pytest.raises(ValueError, match=rf"forged\.net does not describe .*{message}"):
        dl.load_training(forge(whole, tmp_path, change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a: a.pop("net.0.weight"), "differ in 0.weight"),
        (lambda a: a.update({"net.9.weight": np.zeros(2)}), "differ in 9.weight"),
        (lambda a: a.update({"net.0.bias": np.zeros(4)}), "0.bias is float64, wanted float32"),
        (lambda a: a.update({"net.0.bias": np.zeros(5, np.float32)}), "0.bias has shape"),
        (lambda a: a.pop("optimizer.steps"), "differ in steps"),
        (lambda a: a.update({"optimizer.steps": np.array(-1)}), "steps is"),
        (lambda a: a.update({"optimizer.lr": np.array(np.nan)}), "lr is"),
    ],
)
def test_forged_arrays(whole, change, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        dl.load_training(forge(whole, tmp_path, lambda told: None, change))


def test_a_forged_file_that_tells_the_truth_loads(whole, tmp_path):
    assert dl.load_training(forge(whole, tmp_path, lambda told: None)).progress.step == 3

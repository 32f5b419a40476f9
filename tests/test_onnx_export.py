"""A network in ONNX gives what it gives here: every kind of layer, run by onnxruntime."""

import sys

import numpy as np
import onnx
import onnxruntime
import pytest

from dlnotes import predict, to_onnx
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
from dlnotes.layers.rebuild import KNOWN

RNG = np.random.default_rng(0)
TRAINED = BatchNorm(2)
TRAINED(RNG.normal(3, 2, (8, 2, 7, 6)))
TRAINED.weight.value, TRAINED.bias.value = [0.5, -2.0], [1.0, 3.0]

LAYERS = [
    Conv2d(2, 3, 3, rng=RNG),
    Conv2d(2, 4, (3, 2), stride=(2, 1), padding=((2, 0), (1, 3)), dilation=(1, 2), rng=RNG),
    Conv2d(2, 4, 3, stride=2, padding="same", groups=2, bias=False, rng=RNG),
    Conv2d(2, 2, 4, padding="same", dilation=2, rng=RNG, dtype=np.float64),
    MaxPool2d(2),
    MaxPool2d(3, stride=2, padding=1),
    MaxPool2d((3, 2), stride=2, padding="same"),
    MaxPool2d(2, stride=3, ceil_mode=True),
    MaxPool2d(2, stride=2, padding=1, ceil_mode=True),
    MaxPool2d(2, dilation=3, padding=2),
    MaxPool2d(3, stride=1, dilation=2, padding="same"),
    AvgPool2d(2),
    AvgPool2d(3, stride=2, padding=1),
    AvgPool2d(3, stride=2, padding=1, count_include_pad=False),
    AvgPool2d((2, 3), stride=(3, 4), ceil_mode=True),
    AvgPool2d(3, stride=3, padding=((1, 0), (0, 2)), ceil_mode=True),
    AvgPool2d(3, stride=3, padding=1, ceil_mode=True, count_include_pad=False),
    AvgPool2d(4, stride=2, padding="same"),
    BlurPool2d(),
    BlurPool2d((4, 5), stride=(1, 3)),
    GlobalAvgPool2d(),
    TRAINED,
    Flatten(),
    ReLU(),
    LeakyReLU(0.3),
    Sigmoid(),
    Tanh(),
    Softmax(),
    Dropout(0.5, rng=np.random.default_rng(1)),
]
ROWS = [
    Dense(5, 3, rng=RNG),
    Dense(5, 3, bias=False, rng=RNG),
    BatchNorm(5),
    Softmax(),
    Tanh(),
    Dropout(rng=RNG),
]


def run(path, x):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (y,) = session.run(["y"], {"x": x})
    return y


def agrees(net, x, path, **options):
    to_onnx(net, path, **options)
    for part in (x, x[:1]):
        wanted = predict(net, part)
        found = run(path, part)
        assert found.shape == wanted.shape
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_every_layer_gives_the_same_numbers(layer, tmp_path):
    x = RNG.standard_normal((3, 2, 7, 6)).astype(np.float32)
    agrees(layer, x, tmp_path / "net.onnx", input_shape=(2, 7, 6))


@pytest.mark.parametrize("layer", ROWS, ids=repr)
def test_every_layer_of_rows_gives_the_same_numbers(layer, tmp_path):
    x = RNG.standard_normal((4, 5)).astype(np.float32)
    agrees(layer, x, tmp_path / "net.onnx", input_shape=[5])


def test_there_is_a_case_for_every_layer():
    assert {type(layer).__name__ for layer in LAYERS + ROWS} == set(KNOWN)


def network(dtype=np.float32):
    rng = np.random.default_rng(3)
    return Sequential(
        Conv2d(1, 4, 5, padding="same", rng=rng, dtype=dtype),
        Sequential(BatchNorm(4, dtype=dtype), ReLU(), MaxPool2d(2)),
        Conv2d(4, 6, 3, rng=rng, dtype=dtype),
        LeakyReLU(),
        BlurPool2d(),
        Flatten(),
        Dense(6 * 36, 10, rng=rng, dtype=dtype),
        Softmax(),
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_network_with_one_inside_gives_the_same_numbers(dtype, tmp_path):
    net = network(dtype)
    x = RNG.random((5, 1, 28, 28)).astype(np.float32)
    net(x)
    before = net.state()
    agrees(net, x, tmp_path / "net.onnx")  # the shape is that of the x it met
    assert net.training
    assert all(np.array_equal(value, before[name]) for name, value in net.state().items())


def test_the_file_names_its_parts_and_takes_any_number_of_examples(tmp_path):
    path = tmp_path / "net.onnx"
    net = network()
    to_onnx(net, path, input_shape=(1, 28, 28))
    model = onnx.load(path)
    names = {array.name for array in model.graph.initializer}
    assert names >= set(net.state())
    assert model.graph.node[0].name == "0 Conv"
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "n"
    assert model.producer_name == "dlnotes"


def test_a_dense_layer_needs_no_shape(tmp_path):
    agrees(Dense(3, 2, rng=RNG), np.eye(3, dtype=np.float32), tmp_path / "net.onnx")


def test_without_the_package_the_extra_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError, match=r"dlnotes\[onnx\]"):
        to_onnx(Dense(3, 2, rng=RNG), tmp_path / "net.onnx")


class Own(Layer):
    def forward(self, x):
        return x


@pytest.mark.parametrize(
    ("net", "shape", "error", "message"),
    [
        (None, None, TypeError, "to_onnx: net is None"),
        (ReLU(), None, ValueError, "net has met no x yet"),
        (ReLU(), 28, ValueError, "input_shape is 28, wanted a shape"),
        (ReLU(), (1, "a"), ValueError, "input_shape"),
        (Own(), (3,), ValueError, "net holds a Own, wanted layers of dlnotes only"),
        (Sequential(ReLU(), Own()), (3,), ValueError, "a Own at 1"),
        (Flatten(), (), ValueError, "Flatten: x has shape"),
        (network(), (3, 28, 28), ValueError, "Sequential, layer 0"),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_no_file(net, shape, error, message, tmp_path):
    with pytest.raises(error, match=message):
        to_onnx(net, tmp_path / "net.onnx", input_shape=shape)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(ValueError, match="is a folder"):
        to_onnx(Dense(3, 2, rng=RNG), tmp_path)

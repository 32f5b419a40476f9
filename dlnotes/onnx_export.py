"""A network as an ONNX file, which other runtimes read: phones, browsers, servers without Python.

Each layer becomes the operator of the same meaning, or, where ONNX has none or reads it otherwise,
the matrix product that it is. The file holds the network as it is after learning.
"""

import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.evaluation import check_net, named_layers
from dlnotes.files import write_whole
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
from dlnotes.layers.blur import blur_matrix
from dlnotes.layers.layer import Shape
from dlnotes.words import _

OPSET, IR = 19, 9  # ONNX 1.14, of 2023: the first whose AveragePool knows ours
PLAIN: dict[type[Layer], tuple[str, dict[str, Any]]] = {
    ReLU: ("Relu", {}),
    Sigmoid: ("Sigmoid", {}),
    Tanh: ("Tanh", {}),
    Softmax: ("Softmax", {"axis": -1}),
    Flatten: ("Flatten", {"axis": 1}),
    Dropout: ("Dropout", {}),  # without a training mode it hands on what comes
}


def to_onnx(net: Layer, path: str | os.PathLike[str], *, input_shape: Any = None) -> None:
    """Write `net` to the file `path` as an ONNX model with input "x" and output "y", float32.

    `input_shape` is the shape of one example, without n, as (1, 28, 28); it is needed only where
    the net has not met an x yet. The model takes any n. Nodes and weights are named as in
    `net.state()`: "0.weight". Written with opset 19.

    Errors: ImportError without the package onnx, which the extra "onnx" brings; TypeError for what
    is no net; ValueError for a layer of your own, for an unknown or unfitting input shape, and for
    a folder.
    """
    check_net(net, "to_onnx")
    try:
        import onnx
    except ImportError:
        sentence = _(
            'to_onnx needs the package onnx, which comes with: pip install "dlnotes[onnx]"'
        )
        raise ImportError(sentence) from None
    shape = example_shape(net, input_shape)
    x_shape, y_shape = (1, *shape), net.output_shape((1, *shape))
    graph = Graph(onnx.helper)
    graph.walk(net, x_shape)
    graph.node("Identity", "y", output="y")
    described = onnx.helper.make_graph(
        graph.nodes,
        "dlnotes",
        [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", *x_shape[1:]])],
        [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["n", *y_shape[1:]])],
        [onnx.numpy_helper.from_array(array, name) for name, array in graph.arrays.items()],
    )
    model = onnx.helper.make_model(
        described,
        producer_name="dlnotes",
        ir_version=IR,
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
    )
    onnx.checker.check_model(model, full_check=True)
    write_whole(path, model.SerializeToString(), "to_onnx")


def example_shape(net: Layer, given: Any) -> Shape:
    """The shape of one example: what is given, or what the net met or knows."""
    known = net.example_shape() if given is None else given
    if known is None:
        raise ValueError(
            "to_onnx: input_shape is None and net has met no x yet, wanted the shape of one "
            "example, as input_shape=(1, 28, 28)"
        )
    if not isinstance(known, list | tuple):
        raise ValueError(f"to_onnx: input_shape is {given!r}, wanted a shape, as (1, 28, 28)")
    return tuple(door.whole(size, "to_onnx: input_shape") for size in known)


class Graph:
    """The nodes and arrays so far, and the name of what flows out of the last node."""

    def __init__(self, helper: Any) -> None:
        self.helper = helper
        self.nodes: list[Any] = []
        self.arrays: dict[str, np.ndarray] = {}
        self.flowing = "x"

    def node(
        self, kind: str, name: str, *more: str, output: str = "", first: str = "", **options: Any
    ) -> None:
        """Append an operator that takes `first` or what flows, then the arrays named `more`."""
        inputs = [first, self.flowing] if first else [self.flowing, *more]
        self.flowing = output or f"{name} {kind}"
        made = self.helper.make_node(kind, inputs, [self.flowing], name=self.flowing, **options)
        self.nodes.append(made)

    def array(self, name: str, values: Any) -> str:
        """Keep an array in float32 (whole numbers as they are) under `name`, and give the name."""
        values = np.asarray(values)
        whole = values.dtype.kind == "i"
        self.arrays[name] = np.ascontiguousarray(values, np.int64 if whole else np.float32)
        return name

    def walk(self, net: Layer, shape: Shape) -> Shape:
        """Append all of `net`; each layer inside is told the shape that reaches it."""
        for start, layer in leaves_of(net):
            self.add(layer, start.rstrip(".") or type(net).__name__, shape)
            shape = layer.output_shape(shape)
        return shape

    def add(self, layer: Layer, name: str, shape: Shape) -> None:
        kind = type(layer)
        if kind in PLAIN:
            operator, options = PLAIN[kind]
            self.node(operator, name, **options)
        elif isinstance(layer, LeakyReLU):
            self.node("LeakyRelu", name, alpha=layer.slope)
        elif isinstance(layer, Dense):
            self.node("Gemm", name, *self.parameters(layer, name))
        elif isinstance(layer, Conv2d):
            self.node(
                "Conv",
                name,
                *self.parameters(layer, name),
                kernel_shape=layer.kernel_size,
                strides=layer.stride,
                pads=pads(layer._sides(shape)),
                dilations=layer.dilation,
                group=layer.groups,
            )
        elif isinstance(layer, BatchNorm):
            names = ("weight", "bias", *layer.buffers)
            state = layer.state()
            arrays = [self.array(f"{name}.{key}", state[key]) for key in names]
            self.node("BatchNormalization", name, *arrays, epsilon=layer.eps)
        elif isinstance(layer, MaxPool2d):
            self.max_pool(layer, name, shape)
        elif isinstance(layer, AvgPool2d):
            self.average_pool(layer, name, shape)
        elif isinstance(layer, BlurPool2d):
            sizes = zip(shape[2:], layer.kernel_size, layer.stride, strict=True)
            self.separable(name, *(blur_matrix(*size) for size in sizes))
        else:
            self.node("GlobalAveragePool", name)
            self.node("Flatten", name, axis=1)

    def parameters(self, layer: Dense | Conv2d, name: str) -> list[str]:
        return [
            self.array(f"{name}.{key}", parameter.value)
            for key, parameter in layer.named_parameters()
        ]

    def separable(self, name: str, down: np.ndarray, across: np.ndarray) -> None:
        """down @ x @ across.T: what a pooling does, where ONNX has no operator for it."""
        self.node("MatMul", f"{name} down", first=self.array(f"{name} rows", down))
        self.node("MatMul", f"{name} across", self.array(f"{name} columns", across.T))

    def max_pool(self, layer: MaxPool2d, name: str, shape: Shape) -> None:
        """With whole windows only: those that reach over the end get more padding there."""
        sides = reached(layer, shape)
        options: dict[str, Any] = {"kernel_shape": layer.kernel_size, "strides": layer.stride}
        wide = any(max(side) >= cells for side, cells in zip(sides, layer.kernel_size, strict=True))
        if wide:  # runtimes refuse it, though a dilated window is larger than its cells
            around = [0, 0, *pads(sides)[:2], 0, 0, *pads(sides)[2:]]
            lowest = self.array(f"{name} lowest", np.float32(-np.inf))
            self.node("Pad", name, self.array(f"{name} pads", np.array(around)), lowest)
            sides = ((0, 0), (0, 0))
        self.node("MaxPool", name, pads=pads(sides), dilations=layer.dilation, **options)

    def average_pool(self, layer: AvgPool2d, name: str, shape: Shape) -> None:
        sides = layer._sides(shape)
        if reached(layer, shape) == sides:
            self.node(
                "AveragePool",
                name,
                kernel_shape=layer.kernel_size,
                strides=layer.stride,
                pads=pads(sides),
                count_include_pad=int(layer.count_include_pad),
            )
        else:  # about a window that reaches over the end runtimes do not agree
            self.separable(name, *(mean_matrix(layer, shape, axis) for axis in range(2)))


def leaves_of(net: Layer) -> Iterator[tuple[str, Layer]]:
    """("0.", layer) …: the layers that do something, each of them known; else ValueError."""
    for start, layer in named_layers(net):
        if type(layer) is Sequential:
            continue
        if type(layer) not in KNOWN:
            place = f" at {start[:-1]}" if start else ""
            raise ValueError(
                f"to_onnx: net holds a {type(layer).__name__}{place}, wanted layers of dlnotes only"
            )
        yield start, layer


KNOWN = {
    *PLAIN,
    *(AvgPool2d, BatchNorm, BlurPool2d, Conv2d, Dense, GlobalAvgPool2d, LeakyReLU, MaxPool2d),
}


def pads(sides: Any) -> list[int]:
    """((top, bottom), (left, right)) in ONNX's order: all beginnings, then all ends."""
    (top, bottom), (left, right) = sides
    return [top, left, bottom, right]


def reached(layer: MaxPool2d | AvgPool2d, shape: Shape) -> Any:
    """The padding, grown at the end as far as the last window reaches (with `ceil_mode`)."""
    sizes = zip(
        layer._sides(shape), shape[2:], layer.output_shape(shape)[2:], layer.kernel_size,
        layer.dilation, layer.stride, strict=True,
    )  # fmt: skip
    return tuple(
        (before, max(after, (windows - 1) * stride + (cells - 1) * dilation + 1 - size - before))
        for (before, after), size, windows, cells, dilation, stride in sizes
    )


def mean_matrix(layer: AvgPool2d, shape: Shape, axis: int) -> np.ndarray:
    """Row r holds the weights with which output r is the mean of a line of the image."""
    size, windows = shape[2 + axis], layer.output_shape(shape)[2 + axis]
    before, after = layer._sides(shape)[axis]
    matrix = np.zeros((windows, size))
    for row in range(windows):
        start = row * layer.stride[axis] - before
        end = start + layer.kernel_size[axis]
        inside = slice(max(start, 0), min(end, size))
        if layer.count_include_pad:
            cells = min(end, size + after) - max(start, -before)
        else:
            cells = inside.stop - inside.start
        matrix[row, inside] = 1 / cells
    return matrix

"""The same layers and training steps in dlnotes, PyTorch, NumPy and scikit-learn."""

from collections.abc import Callable
from typing import Any

import numpy as np

try:  # first, so that it finds its threads as it would have them without us
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

import dlnotes as dl

Step = Callable[[], object]
SHAPES = {"CNN": (1, 28, 28), "dense": (784,)}


def batch(n: int, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.random((n, *shape), np.float32), rng.integers(0, 10, n)


def our_net(name: str) -> dl.Sequential:
    rng = np.random.default_rng(0)
    if name == "dense":
        return dl.Sequential(dl.Dense(784, 128, rng=rng), dl.ReLU(), dl.Dense(128, 10, rng=rng))
    return dl.Sequential(
        *(dl.Conv2d(1, 8, 3, padding=1, rng=rng), dl.ReLU(), dl.MaxPool2d(2)),
        *(dl.Conv2d(8, 16, 3, padding=1, rng=rng), dl.ReLU(), dl.MaxPool2d(2)),
        *(dl.Flatten(), dl.Dense(784, 64, rng=rng), dl.ReLU(), dl.Dense(64, 10, rng=rng)),
    )


def our_step(name: str, n: int, with_dx: bool = False) -> Step:
    """As a reader writes it, by hand: the same work as PyTorch's, or the gradient of x too."""
    net, (x, y), loss = our_net(name), batch(n, SHAPES[name]), dl.CrossEntropy()
    optimizer = dl.optim.Adam(net.parameters(), 0.001)
    back: Callable[[np.ndarray], object] = net.backward if with_dx else net.learn

    def step() -> float:
        found = loss(net(x), y)
        back(loss.backward())
        optimizer.step()
        return found

    return step


def our_training(name: str, n: int) -> Step:
    """As `dl.train` does it, with what it measures and guards."""
    net, (x, y) = our_net(name), batch(8 * n, SHAPES[name])
    optimizer = dl.optim.Adam(net.parameters(), 0.001)
    options: Any = {"epochs": 10**6, "batch_size": n, "rng": np.random.default_rng(0)}
    steps = dl.train(net, x, y, loss=dl.CrossEntropy(), optimizer=optimizer, **options)
    return lambda: next(steps)


def torch_step(name: str, n: int, compiled: bool = False) -> Step | None:
    if torch is None:
        return None
    nn = torch.nn
    if name == "dense":
        net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    else:
        net = nn.Sequential(
            *(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10)),
        )
    x, y = map(torch.from_numpy, batch(n, SHAPES[name]))
    loss, optimizer = nn.CrossEntropyLoss(), torch.optim.Adam(net.parameters(), 0.001)
    forward = torch.compile(net) if compiled else net

    def step() -> float:
        optimizer.zero_grad()
        found = loss(forward(x), y)
        found.backward()
        optimizer.step()
        return found.item()

    if compiled:
        try:
            step()
        except Exception as error:  # no C++ compiler, or none that it knows
            print(f"torch.compile does not work here: {type(error).__name__}")
            return None
    return step


def numpy_step(n: int) -> Step:
    """The dense network with whole-array operations, Adam included."""
    rng = np.random.default_rng(0)
    x, y = batch(n, (784,))
    sizes = ((784, 128), (128,), (128, 10), (10,))
    values = [rng.normal(0, 0.05, size).astype(np.float32) for size in sizes]
    moments = [(np.zeros_like(value), np.zeros_like(value)) for value in values]
    steps = 0

    def step() -> float:
        nonlocal steps
        steps += 1
        w1, b1, w2, b2 = values
        before = x @ w1 + b1
        hidden = np.maximum(before, 0)
        logits = hidden @ w2 + b2
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        share = raised / raised.sum(axis=1, keepdims=True)
        found = -np.log(share[np.arange(n), y]).mean()
        share[np.arange(n), y] -= 1
        dy = share / np.float32(n)
        dh = (dy @ w2.T) * (before > 0)
        grads = (x.T @ dh, dh.sum(axis=0), hidden.T @ dy, dy.sum(axis=0))
        size, root = 0.001 / (1 - 0.9**steps), np.sqrt(1 - 0.999**steps)
        for value, grad, (average, square) in zip(values, grads, moments, strict=True):
            average += 0.1 * (grad - average)
            square += 0.001 * (grad * grad - square)
            value -= size * average / (np.sqrt(square) / root + 1e-8)
        return float(found)

    return step


def sklearn_step(n: int) -> Step:
    from sklearn.neural_network import MLPClassifier

    net = MLPClassifier((128,), solver="adam", alpha=0, batch_size=n, random_state=0)
    x, y = batch(n, (784,))
    return lambda: net.partial_fit(x, y, classes=np.arange(10))


def convolution(case: tuple[int, ...], both: bool) -> dict[str, Step | None]:
    n, c_in, size, c_out, k, pad = case
    x, _ = batch(n, (c_in, size, size))
    layer = dl.Conv2d(c_in, c_out, k, padding=pad, rng=np.random.default_rng(0))
    dy = np.ones_like(layer(x))

    def ours() -> None:
        layer(x)
        if both:
            layer.backward(dy)

    return {"dlnotes": ours, "PyTorch": torch_layer(x, dy, both, c_in, c_out, k, pad)} | (
        {} if both else {"NumPy": lambda: numpy_convolution(x, layer.weight.value, pad)}
    )


def torch_layer(
    x: np.ndarray, dy: np.ndarray, both: bool, c_in: int, c_out: int, k: int, pad: int
) -> Step | None:
    if torch is None:
        return None
    return torch_call(torch.nn.Conv2d(c_in, c_out, k, padding=pad), x, dy, both)


def torch_call(layer: Any, x: np.ndarray, dy: np.ndarray, both: bool) -> Step:
    given, back = torch.from_numpy(x).requires_grad_(both), torch.from_numpy(dy)

    def call() -> None:
        if both:
            layer.zero_grad()
            given.grad = None
            layer(given).backward(back)
        else:
            with torch.no_grad():
                layer(given)

    return call


def numpy_convolution(x: np.ndarray, weight: np.ndarray, pad: int) -> np.ndarray:
    """All windows side by side, and one matrix product."""
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], (2, 3))
    return np.tensordot(windows, weight, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)


def pooling(shape: tuple[int, ...], both: bool) -> dict[str, Step | None]:
    x, _ = batch(shape[0], shape[1:])
    layer = dl.MaxPool2d(2)
    dy = np.ones_like(layer(x))

    def ours() -> None:
        layer(x)
        if both:
            layer.backward(dy)

    theirs = None if torch is None else torch_call(torch.nn.MaxPool2d(2), x, dy, both)
    return {"dlnotes": ours, "PyTorch": theirs}

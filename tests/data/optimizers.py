"""Records how PyTorch's optimisers move, for `tests/test_optim.py`: run with torch 2.13.0 and
numpy.

    python tests/data/optimizers.py > tests/data/optimizers.json

The gradient is made of whole numbers, sums and products only, so that every machine has the same
one.
"""

import json

import numpy as np

STEPS = 1000
RECORDED = (1, 2, 3, 10, 30, 100, 300, 1000)
CASES = [
    ["SGD", {}],
    ["SGD", {"lr": 0.05}],
    ["SGD", {"lr": 0.05, "weight_decay": 0.1}],
    ["SGD", {"lr": 0.02, "momentum": 0.9}],
    ["SGD", {"lr": 0.02, "momentum": 0.9, "weight_decay": 0.01}],
    ["SGD", {"lr": 0.02, "momentum": 0.9, "nesterov": True}],
    ["SGD", {"lr": 0.02, "momentum": 0.5, "nesterov": True, "weight_decay": 0.02}],
    ["Adagrad", {}],
    ["Adagrad", {"lr": 0.3, "weight_decay": 0.01}],
    ["Adagrad", {"lr": 0.3, "lr_decay": 0.01, "initial_accumulator_value": 0.5, "eps": 1e-6}],
    ["RMSprop", {}],
    ["RMSprop", {"lr": 0.003, "alpha": 0.9, "weight_decay": 0.01}],
    ["RMSprop", {"lr": 0.003, "momentum": 0.9}],
    ["RMSprop", {"lr": 0.003, "centered": True}],
    [
        "RMSprop",
        {"lr": 0.003, "centered": True, "momentum": 0.8, "weight_decay": 0.02, "eps": 1e-4},
    ],
    ["Adam", {}],
    ["Adam", {"lr": 0.05}],
    ["Adam", {"lr": 0.05, "betas": [0.8, 0.99], "eps": 1e-4, "weight_decay": 0.01}],
]


def start() -> np.ndarray:
    return np.arange(-3, 4, dtype=np.float64).reshape(7, 1) * 0.5 + np.array([[0.25, -1.0]])


def gradient(value: np.ndarray, step: int) -> np.ndarray:
    """A bowl with another slope in each direction, and a repeatable disturbance."""
    index = np.arange(value.size).reshape(value.shape)
    disturbance = ((step * 7919 + index * 104729) % 1009) / 1009 - 0.5
    return (index + 1) * 0.3 * (value - 0.7) + disturbance


def record() -> dict:
    import torch

    found = []
    for name, options in CASES:
        parameter = torch.nn.Parameter(torch.from_numpy(start()))
        optimizer = getattr(torch.optim, name)([parameter], **options)
        values = {}
        for step in range(1, STEPS + 1):
            parameter.grad = torch.from_numpy(gradient(parameter.detach().numpy(), step))
            optimizer.step()
            if step in RECORDED:
                values[step] = parameter.detach().numpy().tolist()
        found.append({"name": name, "options": options, "values": values})
    return {"torch": torch.__version__, "cases": found}


if __name__ == "__main__":
    print(json.dumps(record()).replace('{"name"', '\n{"name"'))

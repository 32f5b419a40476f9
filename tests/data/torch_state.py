"""Records a small PyTorch network, for `tests/test_exchange.py`: run with torch 2.13.0 and numpy.

    python tests/data/torch_state.py > tests/data/torch_state.json

It is trained a little, so that the running means of its batch norm are no longer at their start.
"""

import json

import torch


def record() -> dict:
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Conv2d(2, 3, 3, padding=1),
        torch.nn.BatchNorm2d(3),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, 5)),
        torch.nn.Tanh(),
        torch.nn.Linear(5, 4, bias=False),
    )
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    x, labels = torch.randn(6, 2, 4, 4), torch.arange(6) % 4
    for _ in range(5):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(x), labels).backward()
        optimizer.step()
    net.eval()
    return {
        "torch": torch.__version__,
        "state": {name: value.tolist() for name, value in net.state_dict().items()},
        "x": x.tolist(),
        "y": net(x).tolist(),
    }


if __name__ == "__main__":
    print(json.dumps(record()))

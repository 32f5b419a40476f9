"""Records what PyTorch's batch norm computes, for `tests/layers/test_norm.py`.

`pip install torch==2.13.0`, then `python tests/data/batch_norm.py`
(it writes batch_norm.json beside it).
"""

import json
from pathlib import Path

import torch

torch.manual_seed(0)
cases = []
for shape, momentum, eps in (((4, 2), 0.1, 1e-5), ((2, 2, 3, 2), 0.1, 1e-5), ((3, 2), 0.3, 1e-2)):
    norm = torch.nn.BatchNorm1d if len(shape) == 2 else torch.nn.BatchNorm2d
    layer = norm(2, momentum=momentum, eps=eps, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([1.5, -0.5]))
        layer.bias.copy_(torch.tensor([0.25, 2.0]))
    x = (3 * torch.randn(shape, dtype=torch.float64) + 1).requires_grad_()
    dy = torch.randn(shape, dtype=torch.float64)
    y = layer(x)
    y.backward(dy)
    found = {"x": x, "dy": dy, "y": y, "dx": x.grad, "weight": layer.weight, "bias": layer.bias}
    found |= {"weight_grad": layer.weight.grad, "bias_grad": layer.bias.grad}
    found |= {"running_mean": layer.running_mean.clone(), "running_var": layer.running_var.clone()}
    found["y_later"] = layer.eval()(x)
    arrays = {name: value.detach().tolist() for name, value in found.items()}
    cases.append({"momentum": momentum, "eps": eps} | arrays)
text = ",\n".join(json.dumps(case) for case in cases)
(Path(__file__).parent / "batch_norm.json").write_text(
    f'{{"torch": "{torch.__version__.partition("+")[0]}", "cases": [\n{text}\n]}}\n'
)

"""Records what PyTorch's poolings compute, for `tests/layers/test_pooling.py`.

`pip install torch==2.13.0`, then `python tests/data/pooling.py`; it writes pooling.json beside it.
"""

import itertools
import json
from pathlib import Path

import torch

generator = torch.Generator().manual_seed(0)
cases = []
for name, (h, w), kernel, stride, padding, ceil, extra in itertools.product(
    ("MaxPool2d", "AvgPool2d"),
    ((5, 4), (1, 3)),
    (2, 3),
    (1, 2, 3),
    (0, 1),
    (False, True),
    (0, 1),
):
    options = {"kernel_size": kernel, "stride": stride, "padding": padding, "ceil_mode": ceil}
    options |= (
        {"dilation": 1 + extra} if name == "MaxPool2d" else {"count_include_pad": bool(extra)}
    )
    x = torch.randperm(h * w, generator=generator).double().reshape(1, 1, h, w).requires_grad_()
    try:
        y = getattr(torch.nn, name)(**options)(x)
    except RuntimeError:  # the window is larger than the image
        continue
    if not torch.isfinite(y).all():
        continue
    y.backward(torch.arange(y.numel()).double().reshape(y.shape))
    found = {"x": x.detach(), "y": y.detach(), "dx": x.grad}
    arrays = {key: value.tolist() for key, value in found.items()}
    cases.append({"layer": name, "options": options} | arrays)
text = ",\n".join(json.dumps(case) for case in cases)
(Path(__file__).parent / "pooling.json").write_text(
    f'{{"torch": "{torch.__version__.partition("+")[0]}", "cases": [\n{text}\n]}}\n'
)
print(len(cases), "cases")

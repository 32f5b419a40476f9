"""Mini-batches: a little of the data at a time, in an order that chance picks."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from dlnotes import door


def batches(
    x: Any, y: Any, batch_size: int, *, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """One epoch: pairs (x, y) of `batch_size` examples each, in a new order, every example once.

    x and y have examples on their first axis; a batch is a copy. The last batch holds what is left
    over. What is wrong is said at the call, not at the first batch: ValueError where x and y differ
    in length or have no examples, or batch_size is not a whole number of at least 1; TypeError
    where x or y is not made of numbers or rng is not a generator.
    """
    x, y = examples(x, "batches: x"), examples(y, "batches: y")
    if len(x) != len(y):
        raise ValueError(f"batches: x has {len(x)} examples and y has {len(y)}, wanted as many")
    batch_size = door.whole(batch_size, "batches: batch_size")
    order = door.generator(rng, "batches: rng").permutation(len(x))
    starts = range(0, len(x), batch_size)
    picks = (order[start : start + batch_size] for start in starts)
    return ((x[pick], y[pick]) for pick in picks)


def examples(value: Any, name: str) -> np.ndarray:
    """`value` as an array of numbers with at least one example; its dtype stays."""
    found = door.array(value, name)
    if found.ndim == 0 or len(found) == 0:
        raise ValueError(f"{name} has shape {found.shape}, wanted at least one example")
    return np.asarray(value)  # Class numbers stay whole numbers.

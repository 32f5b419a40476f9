"""Where a plan does not fit is told with the reason, and mended at one press."""

import numpy as np
import pytest

from dlnotes.layers import Sequential
from dlnotes.layers.rebuild import rebuild
from dlnotes.widgets.network_builder import KINDS, fresh
from dlnotes.widgets.network_misfit import problem_of
from dlnotes.widgets.network_plan import (
    MOST_WEIGHTS,
    changed,
    filled_in,
    plan_of,
    rows_of,
    weights_of,
)

IMAGE = (1, 28, 28)


def network(plan):
    rng = np.random.default_rng(0)
    return Sequential(*(rebuild(kind, options, rng=rng) for kind, options in plan))


def test_what_fits_has_no_problem():
    plan = plan_of("Sequential(Conv2d(1, 4, 3), MaxPool2d(2), Flatten(), Dense(676, 10))")
    assert problem_of(plan, IMAGE, 10) is None
    assert problem_of(plan[:2], IMAGE, None) is None


BROKEN = [
    ("Conv2d(1, 8, 3), Conv2d(4, 8, 3)", 1, "8 maps of 26 × 26 come in, and it expects 4",
     "Let it expect 8"),
    ("Conv2d(1, 6, 3), Conv2d(4, 8, 3, groups=4)", 1, "it expects 4", "Let it expect 6"),
    ("Conv2d(3, 8, 3)", 0, "1 map of 28 × 28 come in, and it expects 3", "Let it expect 1"),
    ("Flatten(), Dense(700, 10)", 1, "784 numbers come in, and it", "Let it expect 784"),
    ("Dense(784, 10)", 0, "1 map of 28 × 28 come in, and a dense layer", "Put Flatten() before it"),
    ("Flatten(), Conv2d(1, 8, 3)", 1, "784 numbers come in, and Conv2d works on images",
     "Move it before Flatten"),
    ("GlobalAvgPool2d(), MaxPool2d(2)", 1, "1 number come in, and MaxPool2d",
     "Move it before GlobalAvgPool2d"),
    ("BatchNorm(4)", 0, "it expects 4", "Let it expect 1"),
    ("Flatten(), BatchNorm(4)", 1, "784 numbers come in, and it expects 4", "Let it expect 784"),
    ("Conv2d(1, 2, 30)", 0, "covers 30 × 30 pixels, more than", "Make its window 28 × 28"),
    ("Conv2d(1, 2, 5, dilation=9)", 0, "covers 37 × 37", "Make its window 5 × 5"),
    ("MaxPool2d(20), AvgPool2d((2, 3))", 1, "covers 2 × 3", "Make its window 1 × 1"),
    ("MaxPool2d(40, padding=3)", 0, "covers 40 × 40", "Make its window 28 × 28"),
    ("Flatten(), Dense(784, 7)", 2, "It ends with 7 numbers; for 10 classes",
     "Let the last Dense layer give 10"),
    ("Flatten(), Dense(784, 7), ReLU()", 3, "It ends with 7 numbers", "Let the last Dense"),
    ("Conv2d(1, 4, 3)", 1, "It ends with 4 maps of 26 × 26", "End with Flatten(), Dense(2704, 10)"),
    ("GlobalAvgPool2d()", 1, "It ends with 1 number;", "End with Dense(1, 10)"),
]  # fmt: skip


@pytest.mark.parametrize(("layers", "at", "reason", "repair"), BROKEN)
def test_a_misfit_is_named_and_mended(layers, at, reason, repair):
    plan = plan_of(f"Sequential({layers})")
    problem = problem_of(plan, IMAGE, 10)
    assert problem.at == at
    assert reason in problem.reason
    assert problem.repair.startswith(repair)
    after = problem_of(problem.mended, IMAGE, 10)
    assert after is None or (after.at, after.reason) != (at, problem.reason)
    for _press in range(20):
        if problem is None:
            break
        plan, problem = problem.mended, problem_of(problem.mended, IMAGE, 10)
    assert problem is None
    assert network(plan).output_shape((1, *IMAGE)) == (1, 10)


def test_on_lists_a_convolution_is_taken_out():
    problem = problem_of(plan_of("Sequential(Conv2d(1, 8, 3), ReLU())"), (5,), None)
    assert problem.repair == "Take it out"
    assert problem.mended == [["ReLU", {}]]
    problem = problem_of(problem.mended[:0] + plan_of("Sequential(MaxPool2d(2))"), (5,), None)
    assert problem.repair == "Put a dense layer in its place"
    assert [kind for kind, _options in problem.mended] == ["Dense"]
    twice = problem_of(plan_of("Sequential(GlobalAvgPool2d(), GlobalAvgPool2d())"), IMAGE, None)
    assert twice.repair == "Take it out"


@pytest.mark.parametrize("seed", range(30))
def test_any_list_can_be_repaired_press_by_press(seed):
    rng = np.random.default_rng(seed)
    choices = [
        ["Conv2d", {"c_in": int(rng.integers(1, 9)), "c_out": int(rng.integers(1, 9)),
                    "kernel_size": int(rng.integers(1, 9)), "stride": int(rng.integers(1, 4))}],
        ["MaxPool2d", {"kernel_size": int(rng.integers(1, 6))}],
        ["AvgPool2d", {"kernel_size": int(rng.integers(1, 6))}],
        *([kind, {}] for kind in ("BlurPool2d", "GlobalAvgPool2d", "Flatten", "ReLU", "Softmax")),
        ["Dense", {"n_in": int(rng.integers(1, 99)), "n_out": int(rng.integers(1, 20))}],
        ["BatchNorm", {"channels": int(rng.integers(1, 9))}],
    ]  # fmt: skip
    plan = [filled_in(*choices[i]) for i in rng.integers(0, len(choices), 7)]
    for _press in range(40):
        problem = problem_of(plan, IMAGE, 10)
        if problem is None:
            break
        plan = problem.mended
    net = network(plan)
    assert net(np.zeros((2, *IMAGE), np.float32)).shape == (2, 10)


FOLLOWING = [
    ("Dense(4, 6), Dense(9, 3)", (5,), "Let it expect 5, and fit layer 1 to it"),
    ("Conv2d(1, 4, 9), Conv2d(4, 5, 9), Flatten(), Dense(7, 3), BatchNorm(2), Dense(9, 3)",
     (1, 12, 12), "Make its window 4 × 4, and fit layers 3, 4, 5 to it"),
    ("Flatten(), Dense(432, 4), MaxPool2d(2), Dense(4, 3)", (3, 12, 12),
     "Move it before Flatten, and fit layer 2 to it"),
    ("Dense(9, 6), MaxPool2d(2), ReLU(), Dense(6, 3)", (1, 4, 4),
     "Put Flatten() before it; layer 2: Move it before Flatten, and fit layer 2 to it"),
    ("Flatten(), BatchNorm(7)", (1, 2, 2), "Let it expect 4; at the end: End with Dense(4, 3)"),
]  # fmt: skip


@pytest.mark.parametrize(("layers", "shape", "repair"), FOLLOWING)
def test_one_press_mends_what_follows_too(layers, shape, repair):
    problem = problem_of(plan_of(f"Sequential({layers})"), shape, 3)
    assert problem.repair == repair
    assert problem_of(problem.mended, shape, 3) is None
    assert network(problem.mended).output_shape((1, *shape)) == (1, 3)


def fitting(rng, shape, classes):
    """A random plan that fits."""
    plan, flowing = [], shape
    for kind in rng.choice(list(KINDS), 6).tolist():
        longer = [*plan, fresh(kind, flowing)]
        if problem_of(longer, shape, None) is None:
            plan, flowing = longer, rows_of(longer, shape)[-1].output
    flat = [] if len(flowing) == 1 else [["Flatten", {}]]
    head = filled_in("Dense", {"n_in": int(np.prod(flowing)), "n_out": classes})
    return [*plan, *flat, head]


@pytest.mark.parametrize("seed", range(20))
def test_where_one_number_is_changed_one_press_is_enough(seed):
    rng = np.random.default_rng(seed)
    shape = [(1, 28, 28), (3, 11, 17), (40,)][seed % 3]
    plan = fitting(rng, shape, 4)
    for i, (_kind, options) in enumerate(plan):
        for name in ("c_in", "c_out", "n_in", "n_out", "channels"):
            if name not in options:
                continue
            broken = changed(plan, i, **{name: options[name] + 3})
            problem = problem_of(broken, shape, 4)
            assert problem is not None
            assert problem.at in range(i, len(plan) + 1)
            assert problem_of(problem.mended, shape, 4) is None


def test_a_pool_is_moved_to_where_images_still_flow():
    plan = plan_of("Sequential(Flatten(), ReLU(), Flatten(), MaxPool2d(2), Dense(784, 10))")
    problem = problem_of(plan, IMAGE, 10)
    assert problem.repair == "Move it before Flatten, and fit layer 4 to it"
    assert [kind for kind, _options in problem.mended][:2] == ["MaxPool2d", "Flatten"]
    assert problem_of(problem.mended, IMAGE, 10) is None
    assert problem_of(plan, (784,), 10).repair == "Take it out"


def test_a_pool_that_is_too_large_wherever_images_flow_is_taken_out():
    plan = plan_of("Sequential(MaxPool2d(28), Flatten(), MaxPool2d(2), Dense(1, 10))")
    problem = problem_of(plan, IMAGE, 10)
    assert problem.repair == "Take it out"
    assert problem_of(problem.mended, IMAGE, 10) is None


def test_a_repair_that_would_be_too_large_gives_less():
    plan = plan_of(
        "Sequential(Conv2d(1, 90, 3, padding='same'), Flatten(), Dense(784, 500), Dense(500, 10))"
    )
    problem = problem_of(plan, IMAGE, 10)
    fewer = MOST_WEIGHTS // (90 * 28 * 28)
    assert problem.repair == (
        f"Let it expect 70560, and let layer 2 give {fewer}, and fit layer 3 to it"
    )
    assert problem_of(problem.mended, IMAGE, 10) is None
    assert all(weights_of(kind, options) <= MOST_WEIGHTS for kind, options in problem.mended)
    ends = problem_of(plan[:1], IMAGE, 100)
    assert ends.repair == "End with GlobalAvgPool2d(), Dense(90, 100)"
    assert problem_of(ends.mended, IMAGE, 100) is None

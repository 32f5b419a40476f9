"""What holds for every layer: which forms of input pass, what is refused, and in which words."""

import json

import numpy as np
import pytest

from dlnotes import layers
from dlnotes.kernels import activation, conv, pooling, tiles
from dlnotes.layers import rebuild


def rng():
    return np.random.default_rng(7)


MADE = {
    "Dense": lambda: layers.Dense(4, 3, rng=rng()),
    "Conv2d": lambda: layers.Conv2d(2, 3, 3, padding=1, rng=rng()),
    "MaxPool2d": lambda: layers.MaxPool2d(2, padding="same"),
    "AvgPool2d": lambda: layers.AvgPool2d(2, padding="same"),
    "BlurPool2d": lambda: layers.BlurPool2d(),
    "GlobalAvgPool2d": lambda: layers.GlobalAvgPool2d(),
    "ReLU": lambda: layers.ReLU(),
    "LeakyReLU": lambda: layers.LeakyReLU(0.1),
    "Sigmoid": lambda: layers.Sigmoid(),
    "Tanh": lambda: layers.Tanh(),
    "Softmax": lambda: layers.Softmax(),
    "Flatten": lambda: layers.Flatten(),
    "Dropout": lambda: layers.Dropout(0.3, rng=rng()),
    "BatchNorm": lambda: layers.BatchNorm(2),
    "Sequential": lambda: layers.Sequential(
        *(layers.Conv2d(2, 3, 1, rng=rng()), layers.ReLU(), layers.GlobalAvgPool2d()),
        layers.Dense(3, 2, rng=rng()),
    ),
}
FLAT = {"Dense": (3, 4)}
every_layer = pytest.mark.parametrize("name", MADE)


def shape_of(name):
    return FLAT.get(name, (3, 2, 4, 6))


def memory_mapped(x, folder):
    path = folder / f"{len(list(folder.iterdir()))}.npy"
    np.save(path, x)
    return np.load(path, mmap_mode="r")


def read_only(x, _):
    x = x.copy()
    x.flags.writeable = False
    return x


def unaligned(x, _):
    raw = np.zeros(x.nbytes + 1, np.uint8)[1:].view(x.dtype).reshape(x.shape)
    raw[:] = x
    return raw


FORMS = {
    "strided": lambda x, _: np.repeat(x, 2, axis=-1)[..., ::2],
    "Fortran": lambda x, _: np.asfortranarray(x),
    "negative strides": lambda x, _: x[..., ::-1].copy()[..., ::-1],
    "read-only": read_only,
    "memory-mapped": memory_mapped,
    "unaligned": unaligned,
    "big-endian": lambda x, _: x.astype(">f4"),
    "big-endian double": lambda x, _: x.astype(">f8"),
    "float16": lambda x, _: x.astype(np.float16),
    "int64": lambda x, _: x.astype(np.int64),
    "uint8": lambda x, _: np.abs(x).astype(np.uint8),
    "bool": lambda x, _: x > 0,
    "list": lambda x, _: x.tolist(),
}


@every_layer
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_array_gives_what_its_plain_copy_gives(name, form, tmp_path):
    plain = rng().integers(-9, 9, shape_of(name)).astype(np.float32)
    given = FORMS[form](plain, tmp_path)
    dtype = np.asarray(given).dtype
    copy = np.array(given).astype(np.float64 if dtype.itemsize == 8 and dtype.kind == "f" else "f4")
    before = np.array(given)
    here, there = MADE[name](), MADE[name]()
    y, wanted = here(given), there(copy)
    np.testing.assert_array_equal(y, wanted)
    assert y.dtype == wanted.dtype
    dy = np.round(wanted)
    np.testing.assert_array_equal(
        here.backward(FORMS[form](dy, tmp_path)),
        there.backward(np.array(FORMS[form](dy, tmp_path)).astype(y.dtype)),
    )
    np.testing.assert_array_equal(np.array(given), before)


def test_after_warm_no_form_of_input_compiles_anything(tmp_path):
    """A compilation takes seconds, and would stop a lesson in its middle."""
    modules = (activation, conv, pooling, tiles)
    for module in modules:
        module.warm()
    found = [item for module in modules for item in vars(module).values()]
    kernels = [item for item in found if hasattr(item, "signatures")]  # none without the compiler
    before = [len(kernel.signatures) for kernel in kernels]
    for name, make in MADE.items():
        for form in FORMS.values():
            layer = make()
            y = layer(form(np.ones(shape_of(name), np.float32), tmp_path))
            layer.backward(form(y, tmp_path))
    assert [len(kernel.signatures) for kernel in kernels] == before


@every_layer
def test_double_precision_stays_double_where_it_is_asked_for(name):
    if "dtype" in MADE[name]().config():
        config = MADE[name]().config() | {"dtype": "float64"}
        layer = rebuild(name, config, rng=rng())
    else:
        layer = MADE[name]()
    if name == "Sequential":
        layer = layers.Sequential(layers.Dense(6, 2, rng=rng(), dtype=float), layers.Tanh())
        y = layer(np.ones((2, 6)))
    else:
        y = layer(np.ones(shape_of(name)))
    assert y.dtype == np.float64
    assert layer.backward(y).dtype == np.float64


@every_layer
def test_float32_is_the_default(name):
    y = MADE[name]()(np.ones(shape_of(name), np.int64))
    assert y.dtype == np.float32


@every_layer
def test_an_empty_batch_and_one_pixel_pass_both_ways(name):
    shape = shape_of(name)
    one_pixel = shape if len(shape) == 2 else (*shape[:2], 1, 1)
    for fits in ((0, *shape[1:]), one_pixel, (1, *one_pixel[1:])):
        layer = MADE[name]()
        y = layer(np.ones(fits))
        assert y.shape == layer.output_shape(fits)
        assert layer.backward(y).shape == fits
        assert np.isfinite(y).all()


REFUSED = {
    "masked": np.ma.masked_array(np.ones((3, 2, 4, 6)), mask=False),
    "a masked list": [np.ma.masked_array([1.0], mask=True)],
    "object": np.ones((3, 2, 4, 6), object),
    "complex": np.ones((3, 2, 4, 6), complex),
    "ragged": [[1.0, 2.0], [3.0]],
    "text": "pixels",
    "texts": np.array([["a", "b"]]),
    "None": None,
    "dates": np.array(["2020-01-01"], "datetime64[D]"),
    "records": np.zeros(3, [("red", "f4")]),
}


@every_layer
@pytest.mark.parametrize("bad", REFUSED)
def test_what_is_no_array_of_numbers_is_refused_by_name(name, bad):
    layer = MADE[name]()
    with pytest.raises(TypeError, match=r": x (is|has)"):
        layer(REFUSED[bad])
    layer(np.ones(shape_of(name)))
    with pytest.raises(TypeError, match=r": dy (is|has)"):
        layer.backward(REFUSED[bad])


@every_layer
def test_backward_before_forward_is_refused_in_a_sentence(name):
    with pytest.raises(ValueError, match="backward came before forward"):
        MADE[name]().backward(np.ones((3, 3)))


@every_layer
@pytest.mark.parametrize("wrong", ["shorter", "one axis more", "scalar"])
def test_a_dy_of_another_shape_is_refused(name, wrong):
    layer = MADE[name]()
    y = layer(np.ones(shape_of(name)))
    dy = {"shorter": y[:-1], "one axis more": y[None], "scalar": 1.0}[wrong]
    with pytest.raises(ValueError, match=r"dy has shape \(.*\), wanted \("):
        layer.backward(dy)


IMAGES = [(2, 4, 6), (4, 6), (), (3, 2, 4, 0), (3, 2, 0, 6), (1, 3, 2, 4, 6)]
MISFITS = {
    "Dense": [(), (4,), (3, 5), (3, 0), (3, 4, 1), (1, 3, 4)],
    "Conv2d": [*IMAGES, (3, 1, 4, 6), (3, 3, 4, 6)],
    "MaxPool2d": IMAGES,
    "AvgPool2d": IMAGES,
    "BlurPool2d": IMAGES,
    "GlobalAvgPool2d": IMAGES,
    "Softmax": [(), (0,), (3, 0), (2, 2, 0)],
    "Flatten": [(), (1,), (4,), (0,)],
    "BatchNorm": [(), (2,), (3, 3), (3, 3, 4, 4), (3, 2, 4), (3, 2, 4, 0)],
    "Sequential": [*IMAGES, (3, 1, 4, 6), (3, 3, 4, 6)],
}


@pytest.mark.parametrize(
    ("name", "shape"), [(name, shape) for name, shapes in MISFITS.items() for shape in shapes]
)
def test_an_x_that_does_not_fit_is_refused_with_both_shapes(name, shape):
    with pytest.raises(ValueError, match=r"x has shape \(.*\), wanted \("):
        MADE[name]()(np.ones(shape))
    with pytest.raises(ValueError, match=r"x has shape \(.*\), wanted \("):
        MADE[name]().output_shape(shape)


@every_layer
def test_a_layer_is_made_again_from_its_config_and_state(name):
    layer, x = MADE[name](), rng().standard_normal(shape_of(name))
    layer(x)
    config = json.loads(json.dumps(layer.config()))
    assert config == layer.config()
    again = rebuild(name, config, rng=np.random.default_rng(1))
    again.load_state(layer.state())
    layer.training = again.training = False
    np.testing.assert_array_equal(again(x), layer(x))


NUMBERS = [0, -1, 1.5, "3", None, True, float("nan"), [2], (1, 2, 3), (1, 0), (1.5, 1), 1j]
PADDINGS = [
    -1,
    1.5,
    "full",
    None,
    True,
    (1, -1),
    (1, 2, 3),
    ((1, 1),),
    ((1, 1), (1, -1)),
    ((1,), (2,)),
]
TRUTHS = [0, 1, "yes", None, 0.5]


def bad_arguments():
    for bad in NUMBERS:
        yield "Dense: n_in", lambda bad=bad: layers.Dense(bad, 2, rng=rng())
        yield "Dense: n_out", lambda bad=bad: layers.Dense(2, bad, rng=rng())
        yield "BatchNorm: channels", lambda bad=bad: layers.BatchNorm(bad)
        for option in ("c_in", "c_out", "groups", "kernel_size", "stride", "dilation"):
            arguments = {"c_in": 2, "c_out": 2, "kernel_size": 1, option: bad}
            yield f"Conv2d: {option}", lambda a=arguments: layers.Conv2d(**a, rng=rng())
        for pool in (layers.MaxPool2d, layers.AvgPool2d, layers.BlurPool2d):
            yield f"{pool.__name__}: kernel_size", lambda bad=bad, pool=pool: pool(bad)
            if bad is not None:
                yield f"{pool.__name__}: stride", lambda bad=bad, pool=pool: pool(2, stride=bad)
        yield "MaxPool2d: dilation", lambda bad=bad: layers.MaxPool2d(2, dilation=bad)
    for bad in PADDINGS:
        yield "Conv2d: padding", lambda bad=bad: layers.Conv2d(1, 1, 3, padding=bad, rng=rng())
        yield "MaxPool2d: padding", lambda bad=bad: layers.MaxPool2d(3, padding=bad)
        yield "AvgPool2d: padding", lambda bad=bad: layers.AvgPool2d(3, padding=bad)
    for bad in TRUTHS:
        yield "Dense: bias", lambda bad=bad: layers.Dense(2, 2, bias=bad, rng=rng())
        yield "Conv2d: bias", lambda bad=bad: layers.Conv2d(2, 2, 1, bias=bad, rng=rng())
        yield "MaxPool2d: ceil_mode", lambda bad=bad: layers.MaxPool2d(2, ceil_mode=bad)
        yield "AvgPool2d: ceil_mode", lambda bad=bad: layers.AvgPool2d(2, ceil_mode=bad)
        yield (
            "AvgPool2d: count_include_pad",
            lambda bad=bad: layers.AvgPool2d(2, count_include_pad=bad),
        )
    for bad in (3, 2, ((0, 2), (0, 0)), (0, 5)):
        yield "MaxPool2d: padding", lambda bad=bad: layers.MaxPool2d(2, padding=bad)
        yield "AvgPool2d: padding", lambda bad=bad: layers.AvgPool2d(2, padding=bad)
    for bad in (1, -0.1, 1.5, "half", None, True, float("nan"), 1j, [0.5, 0.5]):
        yield "Dropout: p", lambda bad=bad: layers.Dropout(bad, rng=rng())
    for bad in ("steep", None, True, float("nan"), float("inf"), 1j, [0.1, 0.2], 10**400):
        yield "LeakyReLU: slope", lambda bad=bad: layers.LeakyReLU(bad)
    for bad in (-0.1, 1.1, "slow", None, True, float("nan")):
        yield "BatchNorm: momentum", lambda bad=bad: layers.BatchNorm(2, momentum=bad)
    for bad in (0, -1, "small", None, True, float("inf")):
        yield "BatchNorm: eps", lambda bad=bad: layers.BatchNorm(2, eps=bad)
    yield "Conv2d: groups", lambda: layers.Conv2d(4, 6, 1, groups=3, rng=rng())
    yield "Conv2d: groups", lambda: layers.Conv2d(6, 4, 1, groups=3, rng=rng())


@pytest.mark.parametrize(
    ("names", "make"),
    [pytest.param(*case, id=f"{k} {case[0]}") for k, case in enumerate(bad_arguments())],
)
def test_a_bad_argument_is_refused_with_what_came_and_what_was_wanted(names, make):
    with pytest.raises(ValueError, match=rf"^{names} is .*, wanted .+") as refused:
        make()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("bad", [None, 0, "seed", np.random.RandomState(0), np.random])
def test_chance_comes_from_a_generator(bad):
    for name, make in {
        "Dense": lambda: layers.Dense(2, 2, rng=bad),
        "Conv2d": lambda: layers.Conv2d(2, 2, 1, rng=bad),
        "Dropout": lambda: layers.Dropout(0.5, rng=bad),
    }.items():
        with pytest.raises(TypeError, match=f"^{name}: rng is .*, wanted a generator"):
            make()


@pytest.mark.parametrize("bad", [None, "float16", int, complex, object, "thick", ">i4", 3])
def test_the_dtype_is_float32_or_float64(bad):
    for name, make in {
        "Dense": lambda: layers.Dense(2, 2, rng=rng(), dtype=bad),
        "Conv2d": lambda: layers.Conv2d(2, 2, 1, rng=rng(), dtype=bad),
        "BatchNorm": lambda: layers.BatchNorm(2, dtype=bad),
    }.items():
        with pytest.raises(TypeError, match=f"^{name}: dtype is .*, wanted float32 or float64"):
            make()


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv2d(2, 1, 5, rng=rng()),
        layers.Conv2d(2, 1, 2, dilation=5, padding=1, rng=rng()),
        layers.MaxPool2d(5),
        layers.AvgPool2d((1, 7)),
    ],
    ids=repr,
)
def test_a_kernel_larger_than_the_image_is_refused(layer):
    with pytest.raises(ValueError, match=r"the kernel covers \d×\d pixels, but x has shape"):
        layer(np.ones((1, 2, 3, 4)))

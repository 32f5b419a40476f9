"""A digit's picture as the value of a control, so that one explorer can hand it to another.

The value is plain JSON, 28 rows of 28 whole numbers 0–255, or None for no picture:
`traitlets.link((pad, "picture"), (explorer, "picture"))`.
"""

from typing import Any

import numpy as np

from dlnotes.evaluation import predict
from dlnotes.kernels.raster import SIDE
from dlnotes.layers import Layer
from dlnotes.words import _

Picture = list[list[int]] | None


def value_of(image: Any) -> Picture:
    """An image (28, 28) in 0–1, or with axes of length 1 around it, as a control's value."""
    return np.rint(255 * np.reshape(image, (SIDE, SIDE))).astype(int).tolist()


def image_of(value: Any) -> np.ndarray:
    """The image (28, 28) float32 in 0–1 that a value is; ValueError for what is no picture."""
    if value is None:
        return np.zeros((SIDE, SIDE), np.float32)
    try:
        image = np.array(value, dtype=np.float32)
    except (TypeError, ValueError):
        image = np.zeros(0, np.float32)
    if image.shape != (SIDE, SIDE) or not ((image >= 0) & (image <= 255)).all():
        sentence = _("A picture is {side} rows of {side} numbers 0–255, or None.")
        raise ValueError(sentence.format(side=SIDE))
    return image / 255


def fitting(net: Layer, images: np.ndarray) -> np.ndarray:
    """Images (n, 28, 28) in the shape that `net` takes: (n, 1, 28, 28) or (n, 784)."""
    n = len(images)
    for shape in ((n, 1, SIDE, SIDE), (n, SIDE * SIDE)):
        try:
            net.output_shape(shape)
        except ValueError:
            continue
        return images.reshape(shape)
    raise ValueError(_("This network does not take pictures of {side}×{side}.").format(side=SIDE))


def logits_of(net: Layer, images: np.ndarray) -> np.ndarray:
    """What `net` gives for images (n, 28, 28): (n, classes)."""
    return predict(net, fitting(net, np.asarray(images, np.float32)))

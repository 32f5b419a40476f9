"""Photographs that are already on the reader's disk: matplotlib and scikit-learn bring them."""

import numpy as np

from dlnotes.data.packaged import packaged

PHOTOS = {
    "grace_hopper": ("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"),
    "china": ("sklearn", "datasets/images/china.jpg"),
    "flower": ("sklearn", "datasets/images/flower.jpg"),
}


def photo(name: str = "grace_hopper") -> np.ndarray:
    """A colour photograph (h, w, 3), uint8: red, green and blue in 0–255. No network is needed.

    "grace_hopper" (600×512, official portrait of Rear Admiral Grace Hopper, from matplotlib),
    "china" (427×640, the Summer Palace in Beijing) and "flower" (427×640, a dahlia), both from
    scikit-learn. ValueError for any other name.
    """
    if not isinstance(name, str) or name not in PHOTOS:
        raise ValueError(f"photo: name is {name!r}, wanted one of {', '.join(PHOTOS)}")
    from PIL import Image

    with Image.open(packaged(*PHOTOS[name])) as image:
        return np.array(image.convert("RGB"))

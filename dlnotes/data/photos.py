"""Photographs that are already on the reader's disk: matplotlib and scikit-learn bring them."""

import numpy as np

PHOTOS = ("grace_hopper", "china", "flower")


def photo(name: str = "grace_hopper") -> np.ndarray:
    """A colour photograph (h, w, 3), uint8: red, green and blue in 0–255. No network is needed.

    "grace_hopper" (600×512, official portrait of Rear Admiral Grace Hopper, from matplotlib),
    "china" (427×640, the Summer Palace in Beijing) and "flower" (427×640, a dahlia), both from
    scikit-learn. ValueError for any other name.
    """
    if name not in PHOTOS:
        raise ValueError(f"photo: name is {name!r}, wanted one of {', '.join(PHOTOS)}")
    if name == "grace_hopper":
        from matplotlib.cbook import get_sample_data
        from PIL import Image

        path = str(get_sample_data("grace_hopper.jpg", asfileobj=False))
        with Image.open(path) as image:
            return np.array(image.convert("RGB"))
    from sklearn.datasets import load_sample_image

    return np.array(load_sample_image(f"{name}.jpg"))

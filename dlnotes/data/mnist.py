"""MNIST and Fashion-MNIST from the network, each file only once, and only if it is the true one."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from dlnotes.data.idx import read_idx
from dlnotes.kernels.compiled import user_cache_folder

PATIENCE = 10  # seconds that a mirror may be silent


class Source(NamedTuple):
    """Where a data set is published: its mirrors, and the SHA-256 of each of its files."""

    mirrors: tuple[str, ...]
    digests: dict[str, str]


SOURCES = {
    "mnist": Source(
        (
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
        {
            "train-images-idx3-ubyte.gz": (
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
            ),
            "train-labels-idx1-ubyte.gz": (
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
            ),
            "t10k-images-idx3-ubyte.gz": (
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
            ),
            "t10k-labels-idx1-ubyte.gz": (
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
            ),
        },
    ),
    "fashion_mnist": Source(
        (
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        ),
        {
            "train-images-idx3-ubyte.gz": (
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
            ),
            "train-labels-idx1-ubyte.gz": (
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
            ),
            "t10k-images-idx3-ubyte.gz": (
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
            ),
            "t10k-labels-idx1-ubyte.gz": (
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
            ),
        },
    ),
}
PREFIXES = {"train": "train", "test": "t10k"}


def mnist(part: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """MNIST's handwritten digits: x (n, 1, 28, 28) float32 in 0–1; y (n,) int64, the digits.

    `part` is "train" (60,000) or "test" (10,000). The files are fetched once, checked by their
    SHA-256 before they are read, and kept in the reader's cache folder. Source: LeCun, Cortes and
    Burges, "The MNIST database of handwritten digits". ValueError for another part; OSError, saying
    what to do, where no mirror gives the true file.
    """
    return load("mnist", part)


def fashion_mnist(part: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """Fashion-MNIST's pictures of clothes: x (n, 1, 28, 28) float32 in 0–1; y (n,) int64, the kind.

    The kinds are 0 T-shirt, 1 trousers, 2 pullover, 3 dress, 4 coat, 5 sandal, 6 shirt, 7 sneaker,
    8 bag and 9 ankle boot. `part`, files and errors are as in `mnist`. Source: Xiao, Rasul and
    Vollgraf 2017, "Fashion-MNIST: a novel image dataset for benchmarking machine learning
    algorithms".
    """
    return load("fashion_mnist", part)


def load(name: str, part: str) -> tuple[np.ndarray, np.ndarray]:
    """One part of a data set, as numbers in 0–1 and classes."""
    if not isinstance(part, str) or part not in PREFIXES:
        raise ValueError(f"{name}: part is {part!r}, wanted 'train' or 'test'")
    images = read_idx(fetched(name, f"{PREFIXES[part]}-images-idx3-ubyte.gz"))
    labels = read_idx(fetched(name, f"{PREFIXES[part]}-labels-idx1-ubyte.gz"))
    return images[:, None].astype(np.float32) / np.float32(255), labels.astype(np.int64)


def fetched(name: str, file: str) -> Path:
    """The true file on this disk: the one that is kept, else from the first mirror that has it."""
    import pooch

    pooch.get_logger().setLevel("WARNING")  # It would tell each download on stderr.
    source, folder = SOURCES[name], user_cache_folder() / "data" / name
    downloader = pooch.HTTPDownloader(timeout=PATIENCE)
    for mirror in source.mirrors:
        try:
            known = f"sha256:{source.digests[file]}"
            return Path(pooch.retrieve(mirror + file, known, file, folder, downloader=downloader))
        except (OSError, ValueError) as error:  # No network, no room, or not the true file.
            fault = type(error).__name__
    raise OSError(
        f"{name}: {file} could not be fetched from {' or '.join(source.mirrors)} ({fault}); "
        f"connect to the network or put the file into {folder}; digits() and strokes() need none"
    )

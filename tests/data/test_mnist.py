"""Fetched data sets, from mirrors on this machine: only the true file is read, and only once."""

import gzip
import hashlib
import http.server
import struct
import threading

import numpy as np
import pytest

import dlnotes as dl

MODULE = dl.data.mnist.__globals__
NAMES = [
    f"{part}-{kind}.gz"
    for part in ("train", "t10k")
    for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")
]


def files():
    """A small data set in MNIST's format: 5 pictures to train with, 5 to test."""
    rng = np.random.default_rng(1)
    found = {}
    for part in ("train", "t10k"):
        images = rng.integers(0, 256, (5, 28, 28), dtype=np.uint8)
        header = struct.pack(">HBB3I", 0, 8, 3, 5, 28, 28)
        found[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(header + images.tobytes())
        labels = bytes([0, 1, 2, 3, 9])
        found[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(
            struct.pack(">HBBI", 0, 8, 1, 5) + labels
        )
    return found


@pytest.fixture
def mirrors(tmp_path, monkeypatch):
    """Two folders served on this machine, one true and one empty, as `mnist`'s mirrors."""
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(tmp_path / "served"))

        def log_message(self, *arguments):
            asked.append(self.path)

    for folder in ("first", "second"):
        (tmp_path / "served" / folder).mkdir(parents=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files().items()}
    source = MODULE["Source"]((f"{address}/first/", f"{address}/second/"), digests)
    monkeypatch.setitem(MODULE["SOURCES"], "mnist", source)
    monkeypatch.setitem(MODULE["SOURCES"], "fashion_mnist", source)
    monkeypatch.setenv("DLNOTES_CACHE_DIR", str(tmp_path / "cache"))
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    yield tmp_path, asked
    server.shutdown()
    thread.join()
    server.server_close()


def serve(folder, change=lambda content: content):
    for name, content in files().items():
        (folder / name).write_bytes(change(content))


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
@pytest.mark.parametrize("part", ["train", "test"])
def test_a_part_is_fetched_checked_and_scaled(mirrors, capfd, name, part):
    folder, _ = mirrors
    serve(folder / "served" / "first")
    x, y = getattr(dl.data, name)(part)
    assert (x.shape, x.dtype, y.dtype) == ((5, 1, 28, 28), np.float32, np.int64)
    assert y.tolist() == [0, 1, 2, 3, 9]
    prefix = {"train": "train", "test": "t10k"}[part]
    published = gzip.decompress(files()[f"{prefix}-images-idx3-ubyte.gz"])[16:]
    assert np.array_equal((x * 255).round().astype(np.uint8).tobytes(), published)
    assert capfd.readouterr() == ("", "")


def test_what_is_kept_is_not_fetched_again(mirrors):
    folder, asked = mirrors
    serve(folder / "served" / "first")
    dl.data.mnist()
    before = len(asked)
    assert np.array_equal(dl.data.mnist()[0], dl.data.mnist("train")[0])
    assert len(asked) == before == 2


def test_the_second_mirror_helps_where_the_first_has_nothing(mirrors):
    folder, asked = mirrors
    serve(folder / "served" / "second")
    assert len(dl.data.mnist("test")[0]) == 5
    assert any("404" in entry or "/first/" in entry for entry in asked)


def test_the_second_mirror_helps_where_the_first_lies(mirrors):
    folder, _ = mirrors
    serve(folder / "served" / "first", lambda content: gzip.compress(b"something else"))
    serve(folder / "served" / "second")
    assert len(dl.data.mnist()[0]) == 5


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_without_a_true_file_one_sentence_says_what_to_do(mirrors, name):
    folder, _ = mirrors
    serve(folder / "served" / "second", lambda content: content[:-1])
    with pytest.raises(OSError, match=f"^{name}: train-images.*could not be fetched") as caught:
        getattr(dl.data, name)()
    said = str(caught.value)
    assert f"put the file into {folder / 'cache' / 'data' / name}" in said
    assert "\n" not in said
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert not list((folder / "cache" / "data" / name).iterdir())


def test_a_file_put_there_by_hand_is_used_only_if_it_is_true(mirrors):
    folder, asked = mirrors
    kept = folder / "cache" / "data" / "mnist"
    kept.mkdir(parents=True)
    serve(kept)
    assert len(dl.data.mnist()[0]) == 5
    assert not asked
    serve(kept, lambda content: content + b"\0")
    with pytest.raises(OSError, match="could not be fetched"):
        dl.data.mnist()


def test_no_network_at_all_is_said_the_same_way(mirrors, monkeypatch):
    source = MODULE["SOURCES"]["mnist"]
    nowhere = source._replace(mirrors=("http://127.0.0.1:9/", "http://nowhere.invalid/"))
    monkeypatch.setitem(MODULE["SOURCES"], "mnist", nowhere)
    with pytest.raises(OSError, match="^mnist: train-images.*connect to the network or put"):
        dl.data.mnist()


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
@pytest.mark.parametrize("part", ["validation", "", None, 0, ["train"]])
def test_another_part_is_refused(name, part):
    with pytest.raises(ValueError, match=f"^{name}: part is .*wanted 'train' or 'test'"):
        getattr(dl.data, name)(part)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_each_data_set_has_two_mirrors_and_a_sum_for_every_file(name):
    source = MODULE["SOURCES"][name]
    assert len({mirror.split("/")[2] for mirror in source.mirrors}) == 2
    assert all(mirror.endswith("/") for mirror in source.mirrors)
    assert sorted(source.digests) == sorted(NAMES)
    assert all(len(bytes.fromhex(digest)) == 32 for digest in source.digests.values())

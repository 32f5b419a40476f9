"""What README shows runs as it stands; the examples are found by what they contain."""

import re
from pathlib import Path

import pytest

import dlnotes as dl

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
TRAINING = "dl.train("


def of(content: str) -> str:
    """The one example that holds `content`."""
    (found,) = [block for block in BLOCKS if content in block]
    return found


def run(block: str) -> dict:
    """Run an example; the names that it leaves."""
    names: dict = {"__name__": "readme"}
    exec(compile(block, "README.md", "exec"), names)
    return names


@pytest.mark.parametrize("block", [block for block in BLOCKS if TRAINING not in block])
def test_example_runs(block):
    run(block)


def test_the_wave_moves():
    wave = run(of("dl.Explorer"))["Wave"]()
    before = wave.svg()
    wave.pitch = 9
    assert wave.svg() != before
    assert type(wave).from_state(wave.state).pitch == 9


def test_training_example_runs_when_made_small(monkeypatch, capsys):
    strokes, digits = dl.data.strokes, dl.data.digits
    monkeypatch.setattr(dl.data, "strokes", lambda n, **options: strokes(100, **options))
    monkeypatch.setattr(
        dl.data, "digits", lambda **options: tuple(part[:50] for part in digits(**options))
    )
    run(of(TRAINING))
    assert re.findall(r"\d+\.\d %", capsys.readouterr().out.replace("%", " %"))


@pytest.mark.slow
def test_training_example_reads_real_handwriting(capsys):
    """At least nine in ten by the dense network, and 94 in a hundred by the convolutional one."""
    run(of(TRAINING))
    dense, convolutional = map(float, re.findall(r"(\d+\.\d) ?%", capsys.readouterr().out))
    assert dense >= 90
    assert convolutional >= 94


def test_the_article_s_networks_have_their_sizes():
    names = run(of(TRAINING).split("x, y =")[0])
    sizes = [sum(p.value.size for p in net.parameters()) for net in nets(names)]
    assert sizes == [101_770, 52_138]


def nets(names: dict) -> list[dl.Sequential]:
    return [item for item in names.values() if isinstance(item, dl.Sequential)]

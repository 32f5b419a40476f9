"""A table of pictures, really built and asked: it knows what was put in, and nothing else.

All 65,536 black-and-white pictures of 4×4 have a row, but only some rows are filled: with the
pictures that somebody has shown, and the answers that somebody has given. A small network learns
from the same rows, and also answers where there is none.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes import optim
from dlnotes.evaluation import predict
from dlnotes.layers import Dense, ReLU, Sequential
from dlnotes.losses import CrossEntropy
from dlnotes.pictures.cells import Cells
from dlnotes.pictures.gallery import gallery
from dlnotes.pictures.grid import row, table
from dlnotes.training import train
from dlnotes.widgets.controls import button, picks, slider
from dlnotes.widgets.prepared import Prepared
from dlnotes.widgets.sliced import Made, sliced
from dlnotes.words import _

SIDE = 4  # pixels
PIXELS = SIDE * SIDE
ROWS = 2**PIXELS
EMPTY = -1
ANSWERS = (_("neither"), _("upright"), _("level"), _("both"))
HIDDEN, RATE, BATCH, STEPS = 64, 0.01, 128, 600  # of the network and of its training


@lru_cache
def all_pictures() -> np.ndarray:
    """Every black-and-white picture (65536, 16) uint8; picture k is k written in twos."""
    number = np.arange(ROWS)[:, None]
    return (number >> np.arange(PIXELS)[::-1] & 1).astype(np.uint8)


@lru_cache
def right_answers() -> np.ndarray:
    """Whether each picture has a whole upright line, a whole level one, neither or both: (65536,).

    The numbers are those of `ANSWERS`.
    """
    x = all_pictures().reshape(-1, SIDE, SIDE) == 1
    upright = np.any(x.all(axis=1), axis=1)
    level = np.any(x.all(axis=2), axis=1)
    return upright + 2 * level.astype(int)


@lru_cache
def order() -> np.ndarray:
    """In which order the pictures are shown and put into the table, by chance: (65536,)."""
    return np.random.default_rng(0).permutation(ROWS)


@lru_cache(maxsize=4)
def table_of(filled: int) -> np.ndarray:
    """The table: each picture's answer, `EMPTY` where none was given: (65536,)."""
    found = np.full(ROWS, EMPTY)
    given = order()[:filled]
    found[given] = right_answers()[given]
    return found


@sliced(kept=20)
def learned(filled: int, hidden: int = HIDDEN, steps: int = STEPS) -> Made:
    """What a network 16 – `hidden` – 4 answers to each picture, having learned the filled rows."""
    rng = np.random.default_rng(0)
    net = Sequential(Dense(PIXELS, hidden, rng=rng), ReLU(), Dense(hidden, len(ANSWERS), rng=rng))
    x, y = all_pictures().astype(np.float32), right_answers()
    given = order()[:filled]
    course = train(
        *(net, x[given], y[given]),
        loss=CrossEntropy(),
        optimizer=optim.Adam(net.parameters(), RATE),
        epochs=steps,
        batch_size=BATCH,
        rng=rng,
    )
    for done, _step in enumerate(islice(course, steps)):
        yield done / steps
    return predict(net, x).argmax(axis=1)


class AskTable(Prepared):
    """A table with a row for each of the 65,536 black-and-white pictures of 4×4, to be asked.

    The question is whether a picture has a whole white line. `filled` rows are filled, in an order
    by chance; the others are empty. A network of `hidden` units learns them in `steps` batches. A
    click, Space or Enter turns a pixel; a click on one of the
    pictures beside, which differ by one pixel, takes that one.

    >>> AskTable(filled=65536)
    """

    title = _("A table, asked")
    making = _("Learning")

    filled = slider(_("Rows filled"), 1, ROWS, step=2, value=1024, log=True, integer=True)
    remembered = button(_("Take a picture that is in the table"))
    network = button(_("Let a network learn the same rows"))
    asked = picks(_("The picture that is asked about"), value=None)
    taught = picks(_("Whether a network has learned the rows"), value=False)

    def __init__(self, *, hidden: int = HIDDEN, steps: int = STEPS, **values: Any) -> None:
        self.network_of = {"hidden": hidden, "steps": steps}
        super().__init__(**values)

    def preparing(self, **values: Any) -> Iterator[float]:
        if not values["taught"]:
            return iter(())
        return learned.slices(values["filled"], **self.network_of)

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"taught": False} if name == "filled" else {}

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        if name == "network":
            return {"taught": True}
        known = order()[: values["filled"]]
        lines = known[right_answers()[known] > 0]  # one with a line, if there is any
        known = lines if len(lines) else known
        at = np.flatnonzero(known == number_of(values["asked"]))
        following = int(at[0] + 1) % len(known) if len(at) else 0
        return {"asked": int(known[following])}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        name, _colon, place = pick["pick"].partition(":")
        known = name in ("pixel", "neighbour") and place.isdigit() and int(place) < PIXELS
        if pick["how"] != "click" or not known:
            return {}
        return {"asked": turned(number_of(values["asked"]), int(place))}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        answers, right = table_of(v.filled), right_answers()
        number = number_of(v.asked)
        neighbours = [turned(number, i) for i in range(PIXELS)]
        found: dict[str, Any] = {
            "number": number,
            "x": all_pictures()[number].reshape(SIDE, SIDE),
            "answer": int(answers[number]),
            "right": int(right[number]),
            "filled": v.filled,
            "neighbours": all_pictures()[neighbours].reshape(-1, SIDE, SIDE),
            "answers": answers[neighbours].tolist(),
            "network": None,
        }
        if v.taught:
            guessed = learned(v.filled, **self.network_of)
            empty = answers == EMPTY
            found |= {
                "network": int(guessed[number]),
                "guessed": guessed[neighbours].tolist(),
                "rightly": [int((guessed == right)[part].sum()) for part in (~empty, empty)],
                "usually": [int((right == 0)[part].sum()) for part in (~empty, empty)],
            }
        return found

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        return {
            "rows": f"{ROWS:,}",
            "filled": f"{r.filled:,}",
            "row": r.number,
            "answer": None if r.answer == EMPTY else ANSWERS[r.answer],
            "neighbours_answered": sum(answer != EMPTY for answer in r.answers),
        }

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        known = sum(answer != EMPTY for answer in r.answers)
        if r.answer == EMPTY:
            opening = _("Row {number} is empty: the table answers nothing.")
        else:
            opening = _("Row {number} of the table says: {answer}.")
        sentences = [
            opening.format(number=f"{r.number:,}", answer=ANSWERS[r.answer]),
            _("Of the {count} pictures that differ by one pixel it knows {known}.").format(
                count=PIXELS, known=known
            ),
        ]
        if r.network is not None:
            sentence = _("The network, which learned the same rows, says: {answer} ({verdict}).")
            verdict = _("right") if r.network == r.right else _("wrong")
            sentences.append(sentence.format(answer=ANSWERS[r.network], verdict=verdict))
        if r.filled < ROWS:
            sentences.append(
                _("{filled} of {rows} rows are filled.").format(
                    filled=f"{r.filled:,}", rows=f"{ROWS:,}"
                )
            )
        else:
            sentences.append(
                _("All {rows} rows are filled: for each, somebody had to give the answer.").format(
                    rows=f"{ROWS:,}"
                )
            )
        return " ".join(sentences)

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        return row(
            draw_picture(r), draw_neighbours(r), draw_shares(r), title=self.title,
            description=self.say(result),
        )  # fmt: skip


def number_of(picture: Any) -> int:
    """The row of a picture; ValueError for what is no row of the table."""
    if picture is None:
        known = order()
        return int(known[np.argmax(right_answers()[known] > 0)])
    if isinstance(picture, bool) or not isinstance(picture, int) or not 0 <= picture < ROWS:
        sentence = _("The table's rows are numbered 0 to {last}.")
        raise ValueError(sentence.format(last=f"{ROWS - 1:,}"))
    return picture


def turned(number: int, pixel: int) -> int:
    """The picture in which one pixel is white instead of black, or black instead of white."""
    return number ^ 1 << (PIXELS - 1 - pixel)


def draw_picture(r: SimpleNamespace) -> str:
    answer = _("nothing") if r.answer == EMPTY else ANSWERS[r.answer]
    picture = Cells(
        r.x, cell=60, limits=(0, 1), name="picture", title=_("The picture"),
        description=_("A black-and-white picture of 4 by 4 pixels; each can be turned."),
    )  # fmt: skip
    label = _("pixel in row {row}, column {column}: {value}; click to turn it")
    words = (_("black"), _("white"))
    picture.buttons(
        "pixel",
        [
            label.format(row=i, column=j, value=words[value])
            for (i, j), value in np.ndenumerate(r.x.astype(int))
        ],
    )
    return picture.below(
        _("row {number} of the table says: {answer}").format(number=f"{r.number:,}", answer=answer),
        lines=2,
    ).svg()


def draw_neighbours(r: SimpleNamespace) -> str:
    captions = [[_("nothing") if answer == EMPTY else ANSWERS[answer]] for answer in r.answers]
    if r.network is not None:
        captions = [
            [*words, _("net: {answer}").format(answer=ANSWERS[guess])]
            for words, guess in zip(captions, r.guessed, strict=True)
        ]
    return gallery(
        r.neighbours, captions, title=_("One pixel away: what the table says of these"),
        description=_("The pictures that differ by one pixel, each with the table's answer."),
        size=52, columns=4, gap=30, pick="neighbour",
    )  # fmt: skip


def draw_shares(r: SimpleNamespace) -> str:
    counts = (r.filled, ROWS - r.filled)
    lines = [
        [_("how many"), *(f"{count:,}" for count in counts)],
        [_("answered by the table"), f"{r.filled:,}", "0"],
    ]
    if r.network is not None:
        always = _("always saying “{answer}” is right").format(answer=ANSWERS[0])
        for name, found in ((_("the network is right"), r.rightly), (always, r.usually)):
            shares = (
                _("{share:.1f}%").format(share=100 * right / count) if count else "–"
                for right, count in zip(found, counts, strict=True)
            )
            lines.append([name, *shares])
    header = ["", _("filled rows"), _("empty rows")]
    return table(header, lines, width=330, title=_("All {rows} pictures").format(rows=f"{ROWS:,}"))

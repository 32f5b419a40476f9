"""How people write the ten digits: the one place to look when a network misreads a hand.

A way of writing is a line of text: strokes divided by `|`, each a few points `x,y` that the pen
passes. x runs 0–60 to the right, y 0–100 downwards. Where two strokes name the same point they stay
joined when the points are shaken: that is how a corner is written. A way has two extremes with the
same points, and a hand lies somewhere between them; its share says how many in a hundred of that
digit are written so.
"""

from typing import NamedTuple

import numpy as np

# (digit, share in %, one extreme, the other)
WAYS = (
    # 0: closed, started at the top; or open with an overlap, the ends crossing
    (0, 60, "32,0 8,14 0,50 10,88 30,100 52,86 60,50 50,12 32,0",
            "24,4 4,22 2,62 14,94 36,100 56,80 58,38 46,8 20,6"),
    (0, 40, "44,10 22,0 4,24 2,66 20,98 44,92 58,60 54,24 36,2 20,8",
            "14,2 4,30 4,68 18,98 40,96 54,70 56,30 44,6 26,4 8,16"),
    # 1: a plain bar; with a flag; with flag and foot; with a foot only
    (1, 28, "30,0 30,50 30,100", "34,0 29,50 30,100"),
    (1, 40, "12,26 24,14 34,0 | 34,0 33,50 32,100", "0,50 20,28 36,0 | 36,0 35,50 34,100"),
    (1, 18, "10,24 22,14 32,0 | 32,0 31,50 30,100 | 8,100 30,100 52,100",
            "2,36 18,22 34,0 | 34,0 33,50 32,98 | 0,100 32,98 60,97"),
    (1, 14, "28,0 29,50 30,96 | 6,98 30,97 54,96", "22,0 25,50 28,98 | 16,99 28,98 60,90"),
    # 2: sharp corner, wide or with a small head; loop; round bottom with a wave
    (2, 35, "4,22 12,4 34,0 52,16 46,42 24,72 2,98 | 2,98 30,97 60,96",
            "0,12 18,0 44,4 54,24 44,52 26,76 6,96 | 6,96 28,94 56,98"),
    (2, 10, "10,24 14,4 30,0 42,16 36,48 26,74 12,96 | 12,96 36,95 60,94",
            "4,18 14,2 28,4 36,20 34,50 28,76 20,97 | 6,98 30,98 58,96"),
    (2, 35, "4,22 14,3 36,0 50,18 44,48 24,80 8,96 2,88 10,80 28,90 60,98",
            "2,14 20,0 46,8 46,34 32,64 14,90 2,96 0,84 16,82 36,94 60,92"),
    (2, 20, "6,20 20,0 46,4 50,30 30,62 8,90 16,96 38,94 60,86",
            "8,10 24,0 48,8 48,36 28,66 4,94 14,100 36,98 56,94"),
    # 3: round top; flat top; a loop in the middle
    (3, 45, "6,10 30,0 52,12 48,36 24,46 | 24,46 50,54 58,78 36,100 4,90",
            "2,26 20,0 48,8 46,34 18,44 | 18,44 46,48 56,76 32,100 0,78"),
    (3, 25, "2,4 28,3 54,2 | 54,2 40,24 24,40 | 24,40 50,46 58,72 38,98 4,92",
            "0,10 28,6 56,2 | 56,2 40,22 26,40 | 26,40 42,52 46,76 30,96 4,100"),
    (3, 30, "6,10 30,0 50,14 42,36 24,48 20,42 34,44 54,60 52,84 28,100 2,88",
            "2,20 26,0 54,12 44,38 26,50 18,46 32,46 52,56 58,82 34,100 0,84"),
    # 4: open, the upright longer or shorter; closed; a bowl that runs up into the upright; leaning
    (4, 35, "16,0 8,30 2,56 | 2,56 30,58 60,56 | 46,6 44,50 40,100",
            "26,0 10,32 2,54 | 2,54 28,60 58,52 | 46,26 40,60 32,100"),
    (4, 20, "40,0 20,30 0,64 | 0,64 30,64 60,64 | 40,0 40,50 40,100",
            "34,0 18,26 0,54 | 0,54 30,58 60,56 | 36,4 34,50 30,100"),
    (4, 25, "14,4 4,34 10,54 34,54 50,34 54,2 | 54,2 50,50 46,100",
            "22,0 6,32 8,56 30,58 46,38 54,16 | 54,16 44,56 32,100"),
    (4, 20, "34,0 14,34 0,66 | 0,66 28,68 58,62 | 44,32 38,64 30,100",
            "26,0 12,34 2,70 | 2,70 28,72 60,68 | 42,44 40,70 38,100"),
    # 5: belly, then a bar, joined or apart; in one stroke, cornered; like an S; under a wide roof
    (5, 35, "14,4 10,24 8,42 | 8,42 36,38 56,60 46,92 4,96 | 14,4 34,3 56,2",
            "16,10 14,28 12,46 | 12,46 38,42 54,64 36,98 0,82 | 18,4 36,2 60,0"),
    (5, 30, "54,2 32,2 12,4 | 12,4 10,24 8,42 | 8,42 36,38 56,60 44,94 2,94",
            "58,0 36,4 20,6 | 20,6 14,26 10,46 | 10,46 34,46 48,66 34,98 0,86"),
    (5, 20, "56,4 30,0 12,14 16,38 44,52 52,80 30,100 2,90",
            "60,4 36,2 18,8 12,36 40,46 50,70 34,96 4,98"),
    (5, 15, "60,4 32,4 4,8 | 4,8 12,34 34,48 | 34,48 50,64 42,92 14,98",
            "58,0 34,4 10,10 | 10,10 12,38 32,42 | 32,42 52,60 50,88 24,100"),
    # 6: the bowl closes low on the stem; or curls inside it
    (6, 55, "44,2 20,20 4,54 6,86 28,100 52,88 54,66 34,54 8,70",
            "28,0 12,26 2,60 8,92 28,100 46,90 48,72 30,62 6,76"),
    (6, 45, "50,10 30,0 8,24 2,66 18,98 44,96 56,74 42,52 20,54 6,70",
            "36,0 14,20 4,50 4,82 22,100 44,94 50,74 36,60 18,68 10,82"),
    # 7: plain; with a crossbar; with a flag at the start; with both
    (7, 35, "0,4 28,3 58,2 | 58,2 38,44 22,100", "2,10 26,2 54,6 | 54,6 44,46 36,100"),
    (7, 30, "4,4 28,3 54,2 | 54,2 38,44 24,100 | 12,52 32,50 56,48",
            "4,12 22,0 50,6 | 50,6 40,44 32,100 | 6,56 34,54 60,50"),
    (7, 15, "2,20 3,10 4,2 | 4,2 30,4 58,2 | 58,2 36,46 24,100",
            "0,34 5,18 10,4 | 10,4 32,2 58,0 | 58,0 42,46 30,100"),
    (7, 20, "2,20 3,10 4,2 | 4,2 30,4 54,2 | 54,2 38,46 26,100 | 14,54 34,52 56,50",
            "0,24 3,14 6,4 | 6,4 26,0 50,6 | 50,6 40,48 28,100 | 4,56 32,52 60,52"),
    # 8: an S closed by a crossing; two circles; a crossing one left open at the upper right
    (8, 45, "48,12 28,0 8,14 18,40 46,60 54,84 28,100 4,84 14,60 42,38 50,12",
            "40,4 20,2 8,22 26,46 44,68 44,90 26,100 12,86 20,66 40,42 46,16"),
    (8, 30, "30,0 8,10 8,34 30,46 52,34 50,10 30,0 | 30,46 6,60 4,86 30,100 56,88 54,60 30,46",
            "28,2 4,20 10,50 30,60 52,48 50,16 26,0 | 32,60 16,72 16,90 32,100 48,88 46,72 28,60"),
    (8, 25, "54,8 28,0 8,16 20,42 44,62 50,86 26,100 6,84 18,60 42,36 60,2",
            "48,4 24,4 10,22 26,48 42,68 42,90 22,100 10,82 22,58 42,34 58,10"),
    # 9: straight tail, the loop begun under it, leaning, or beyond it; curved tail; hooked far to
    # the left; loop and tail in one stroke; a foot as in a printed g
    (9, 20, "50,12 26,0 4,16 10,42 36,46 52,14 | 52,14 49,50 46,100",
            "54,6 24,0 4,24 16,48 42,40 54,6 | 54,6 44,54 30,100"),
    (9, 14, "52,4 34,4 8,24 2,42 18,46 42,28 54,2 | 54,2 44,54 40,100",
            "54,0 30,2 6,20 0,36 18,44 44,26 56,4 | 56,4 52,52 34,100"),
    (9, 11, "60,2 28,4 4,22 12,46 36,42 54,12 | 54,12 42,54 30,100",
            "56,0 24,2 6,16 10,38 34,36 56,6 | 56,6 48,52 42,100"),
    (9, 20, "50,12 26,0 4,16 10,42 36,46 52,14 | 52,14 56,56 42,96 8,92",
            "46,6 20,2 6,24 22,46 44,36 48,8 | 48,8 54,60 36,100 2,88"),
    (9, 10, "54,10 30,0 6,14 10,38 34,46 52,30 | 52,10 56,50 52,84 28,100 4,92",
            "56,4 24,2 4,22 24,44 50,36 54,34 | 54,34 56,64 46,92 24,98 0,96"),
    (9, 15, "50,18 28,0 6,18 14,44 42,36 52,10 50,54 38,100",
            "46,8 22,0 4,24 20,46 46,30 54,24 48,62 26,100"),
    (9, 10, "44,8 24,0 8,12 12,36 32,36 44,10 | 44,10 50,50 58,86 | 58,86 32,96 2,98",
            "38,4 18,0 6,20 16,42 34,34 40,14 | 40,14 46,54 54,94 | 54,94 30,100 0,92"),
)  # fmt: skip


class Ways(NamedTuple):
    """Every way of writing as arrays, padded to the longest: v ways, p points, s strokes."""

    share: (
        np.ndarray
    )  # (v,) upper ends of the ways on a line where digit d has the stretch d … d + 1
    points: np.ndarray  # (2, v, p, 2) the two extremes, in units of the height, x centred on 0.5
    joint: (
        np.ndarray
    )  # (v, p) which point's shaking a point shares: itself, or an equal one before it
    ends: np.ndarray  # (v, s) the point before which a stroke ends; padded with the last


def parse(text: str) -> tuple[np.ndarray, list[int]]:
    """The points (p, 2) of a way of writing as written above, and where its strokes end."""
    strokes = [[point.split(",") for point in stroke.split()] for stroke in text.split("|")]
    points = np.array([point for stroke in strokes for point in stroke], dtype=float)
    return points, np.cumsum([len(stroke) for stroke in strokes]).tolist()


def ways() -> Ways:
    """All `WAYS`, ready to be drawn by the thousand."""
    parsed = [(*parse(one), parse(other)[0]) for _, _, one, other in WAYS]
    n_points = max(len(one) for one, _, _ in parsed)
    n_strokes = max(len(ends) for _, ends, _ in parsed)
    points = np.zeros((2, len(WAYS), n_points, 2), dtype=np.float32)
    joint = np.zeros((len(WAYS), n_points), dtype=np.intp)
    ends_of = np.zeros((len(WAYS), n_strokes), dtype=np.int64)
    for v, (one, ends, other) in enumerate(parsed):
        for extreme, place in enumerate((one, other)):
            points[extreme, v, : len(one)] = place / 100 + (0.2, 0)
        same = (one[:, None] == one).all(2) & (other[:, None] == other).all(2)
        joint[v, : len(one)] = same.argmax(1)
        ends_of[v] = ends + [ends[-1]] * (n_strokes - len(ends))
    digit = np.array([way[0] for way in WAYS])
    share = np.array([way[1] for way in WAYS]) / 100
    before = np.array([share[: v + 1][digit[: v + 1] == d].sum() for v, d in enumerate(digit)])
    return Ways(digit + before, points, joint, ends_of)

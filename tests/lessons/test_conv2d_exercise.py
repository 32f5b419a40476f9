"""A reader's conv2d is run on hidden cases; the usual mistakes are recognised by what they give."""

import numpy as np
import pytest
import reference

from dlnotes.lessons import conv2d_exercise as exercise

JUDGE = exercise.judge()


def written(x, weight, bias, stride):
    """As a reader writes it."""
    c_out, c_in, k_h, k_w = weight.shape
    h_out, w_out = (x.shape[1] - k_h) // stride + 1, (x.shape[2] - k_w) // stride + 1
    y = np.zeros((c_out, h_out, w_out))
    for o in range(c_out):
        for row in range(h_out):
            for col in range(w_out):
                y[o, row, col] = bias[o]
                for c in range(c_in):
                    for u in range(k_h):
                        for v in range(k_w):
                            pixel = x[c, row * stride + u, col * stride + v]
                            y[o, row, col] += weight[o, c, u, v] * pixel
    return y


def looped(pixel=None, cell=None, start=None, count=None, end=None):
    """The reader's loops with one place of them written otherwise."""
    pixel = pixel or (lambda x, c, row, col, u, v, s: x[c, row * s + u, col * s + v])
    cell = cell or (lambda w, o, c, u, v: w[o, c, u, v])
    start = start or (lambda b: b)
    count = count or (lambda n, k, s: (n - k) // s + 1)
    end = end or (lambda y, b: y)

    def conv2d(x, weight, bias, stride):
        c_out, c_in, k_h, k_w = weight.shape
        y = np.zeros((c_out, count(x.shape[1], k_h, stride), count(x.shape[2], k_w, stride)))
        for o, row, col in np.ndindex(y.shape):
            total = start(bias[o])
            for c, u, v in np.ndindex(c_in, k_h, k_w):
                total += cell(weight, o, c, u, v) * pixel(x, c, row, col, u, v, stride)
            y[o, row, col] = total
        return end(y, bias)

    return conv2d


def test_a_right_one_is_right():
    for function in (written, looped(), exercise.conv2d):
        verdict = JUDGE.judge(function)
        assert verdict.state == "right", verdict.sentence
        assert "every hidden case" in verdict.sentence


@pytest.mark.parametrize("case", exercise.square_cases() + exercise.other_cases())
def test_the_answers_are_the_textbooks(case):
    x, weight, bias, stride = case
    wanted = reference.conv2d(x[None], weight, bias, (stride, stride))[0]
    np.testing.assert_allclose(exercise.conv2d(*case), wanted, rtol=1e-9)
    np.testing.assert_allclose(written(*case), wanted)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (looped(cell=lambda w, o, c, u, v: w[o, c, -1 - u, -1 - v]), "flipped"),
        (looped(cell=lambda w, o, c, u, v: w[o, c, v, u]), "axes of the filter are swapped"),
        (
            looped(pixel=lambda x, c, row, col, u, v, s: x[c, col * s + v, row * s + u]),
            "axes of the image are swapped",
        ),
        (looped(end=lambda y, b: y.transpose(0, 2, 1)), "axes of the output are swapped"),
        (looped(start=lambda b: 0.0), "bias is missing"),
        (looped(count=lambda n, k, s: (n - k) // s), "last row and column are missing"),
        (
            looped(pixel=lambda x, c, row, col, u, v, s: x[c, row + u, col + v]),
            "windows still move by one pixel",
        ),
        (looped(count=lambda n, k, s: n - k + 1, pixel=lambda x, c, row, col, u, v, s: x[
            c, row + u, col + v
        ]), "stride is forgotten"),
        (looped(count=lambda n, k, s: (n - k) // s + 2), "A pixel beyond the border is read"),
        (looped(count=lambda n, k, s: (n - k) / s + 1), "// divides and rounds down"),
    ],
)  # fmt: skip
def test_mistakes_as_readers_make_them(function, words):
    verdict = JUDGE.judge(function)
    assert verdict.state == "wrong"
    assert words in verdict.sentence


@pytest.mark.parametrize(("function", "sentence"), exercise.mistakes())
def test_every_known_mistake_has_its_sentence(function, sentence):
    verdict = JUDGE.judge(function)
    assert (verdict.state, verdict.sentence) == ("wrong", sentence)


def test_one_that_works_on_squares_only_is_not_right():
    def square_only(x, weight, bias, stride):
        k = weight.shape[2]
        return looped()(x, weight[:, :, :, :k], bias, stride)

    verdict = JUDGE.judge(square_only)
    assert verdict.state == "wrong"


def test_what_is_not_written_yet():
    def conv2d(x, weight, bias, stride): ...

    assert JUDGE.judge(conv2d).state == "unanswered"
    assert JUDGE.judge(3).state == "unanswered"
    assert JUDGE.judge(lambda x, weight, bias, stride: 1 / 0).state == "wrong"

"""The table of a network: its counts by hand, in text and on a page."""

import numpy as np

import dlnotes as dl
from dlnotes.layers import table


def network(**options):
    rng = np.random.default_rng(0)
    layers = dl.Conv2d(1, 8, 3, padding=1, rng=rng), dl.Flatten(), dl.Dense(8 * 16, 10, rng=rng)
    return dl.Sequential(*layers, **options)


def test_the_counts_are_those_of_the_definitions():
    found = list(table.rows(network(input_shape=(1, 4, 4))))
    assert [row.parameters for row in found] == ["80", "0", "1,290", "1,370"]
    convolution, dense = 8 * 16 * 9, 8 * 16 * 10
    assert found[0].multiply_adds == f"{convolution:,}"
    assert found[2].multiply_adds == f"{dense:,}"
    assert found[3].multiply_adds == f"{convolution + dense:,}"
    assert [row.output for row in found] == ["(n, 8, 4, 4)", "(n, 128)", "(n, 10)", ""]


def test_what_no_example_has_shown_is_a_question_mark():
    net = network()
    assert [row.output for row in table.rows(net)] == ["?", "?", "?", ""]
    net(np.zeros((1, 1, 4, 4)))
    assert "?" not in [row.output for row in table.rows(net)]


def test_text_and_page_say_the_same_rows():
    net = network(input_shape=(1, 4, 4))
    text, page = table.as_text(net), table.as_html(net)
    for row in table.rows(net):
        assert row.parameters in text
        assert row.parameters in page

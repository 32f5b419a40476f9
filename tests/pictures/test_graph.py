"""A graph shows its numbers where its nodes and edges are, and what can be picked is a button."""

from xml.etree import ElementTree

from dlnotes.pictures.graph import Link, Node, Tag, graph

SVG = "{http://www.w3.org/2000/svg}"
NODES = [Node(40, 60, "x", "1.5", "∂ 2"), Node(240, 160, "y < z", "3", lit=True)]


def drawn(links, tags=(), nodes=NODES):
    text = graph(
        nodes, links, tags, width=300, height=220, title="Sum", description="How it is made.",
        words=("value", "slope"),
    )  # fmt: skip
    return ElementTree.fromstring(text)


def test_nodes_and_edges_stand_where_they_belong():
    root = drawn([Link(0, 1, "0.5", "∂ 4", lit=True)])
    circles = [(c.get("cx"), c.get("cy")) for c in root.iter(f"{SVG}circle")]
    assert circles == [("40", "60"), ("240", "160")]
    assert root.find(f"{SVG}path").get("d") == "M65 60L215 160"
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert words[0] == "Sum"
    assert {"value", "slope", "x", "1.5", "∂ 2", "y < z", "3", "0.5", "∂ 4"} <= set(words)
    assert root.get("role") == "img"


def test_what_is_worked_on_is_bold():
    root = drawn([Link(0, 1), Link(1, 0, lit=True)])
    widths = [float(path.get("stroke-width")) for path in root.findall(f"{SVG}path")]
    assert widths[1] > widths[0]
    rings = [float(c.get("stroke-width")) for c in root.iter(f"{SVG}circle")]
    assert rings[1] > rings[0]


def test_numbers_to_pick_are_named_buttons():
    link = Link(0, 1, "0.5", pick="weight:0", label="w = <0.5>", chosen=True)
    tag = Tag(40, 120, "b 1", pick="weight:1", label="b")
    root = drawn([link], [tag, Tag(10, 10, "c")])
    buttons = [g for g in root.iter(f"{SVG}g") if g.get("role") == "button"]
    assert [g.get("data-pick") for g in buttons] == ["weight:0", "weight:1"]
    assert [g.get("aria-pressed") for g in buttons] == ["true", "false"]
    assert buttons[0].get("aria-label") == "w = <0.5>"
    assert [bool(g.find(f"{SVG}rect").get("stroke")) for g in buttons] == [True, False]
    assert root.get("role") == "group"


def test_a_long_number_is_squeezed_into_its_circle():
    def drawn(value):
        return graph(
            [Node(50, 50, "x", value)], [], width=100, height=100, title="t", description="d",
            words=("v", "s"),
        )  # fmt: skip

    assert 'textLength="46"' in drawn("−1.84×10⁹⁷")
    assert "textLength" not in drawn("0.12")

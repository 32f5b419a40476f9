"""Reads a recording as `recorded.js` does, to follow it without a browser."""

import base64
import gzip
import json


def content(recording):
    return json.loads(gzip.decompress(base64.b64decode(recording.payload)))


class Follower:
    """Where a reader of the page is, and where a move would lead."""

    def __init__(self, recording):
        self.store, self.at = content(recording), 0

    @property
    def node(self):
        return self.store["nodes"][self.at]

    @property
    def panel(self):
        return [name for name, _description in self.store["panels"][self.node[1]]]

    @property
    def values(self):
        return dict(zip(self.panel, self.node[2], strict=True))

    @property
    def says(self):
        return self.store["says"][self.store["frames"][self.node[0]][1]]

    def description(self, name):
        number = dict(self.store["panels"][self.node[1]])[name]
        return self.store["descriptions"][number]

    def stops(self, name):
        """The values that a control can take here; for a button, whether it can be pressed."""
        move = self.node[3][self.panel.index(name)]
        if move is None:
            return []
        return (
            [None] if self.description(name)["kind"] == "button" else self.store["lines"][move][0]
        )

    def move(self, name, value=None):
        move = self.node[3][self.panel.index(name)]
        if self.description(name)["kind"] == "button":
            self.at = move
        else:
            values, targets = self.store["lines"][move]
            self.at = targets[values.index(value)]
        return self.says

    def touches(self, how, pick):
        table = self.store["touches"][self.node[4]]
        found = table.get(f"{how} {pick.partition(':')[0]}", {}).get(pick)
        if not isinstance(found, list):
            return found
        places = self.store["places"][found[0]]
        return [[*place, to] for place, to in zip(places, found[1:], strict=True)]

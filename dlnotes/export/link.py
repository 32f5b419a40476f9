"""How the recorded states hang together: which one each control leads to, from each of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from dlnotes.export.moves import Message
from dlnotes.export.reach import Group

if TYPE_CHECKING:
    from dlnotes.export.walk import Node, Walk


def link(walk: Walk, until: float) -> None:
    """Complete the targets of every state, the nearest first; those left at `until` get no more."""
    for i, node in enumerate(walk.nodes):
        late = time.process_time() > until
        for group in walk.groups(i):
            if group.key in node.targets or walk.shares(i, group.key):
                continue
            messages = [] if late else likely(walk, i, group)
            found = [(message, walk.where(node, message)) for message in messages]
            node.targets[group.key] = [(message, to) for message, to in found if to >= 0]


def likely(walk: Walk, i: int, group: Group) -> list[Message]:
    """The messages that may lead to a recorded state.

    A hub is asked for all. Elsewhere two moves are expected to lead to one place in either order:
    what the other order has not recorded is not asked for.
    """
    node = walk.nodes[i]
    if i == 0 or (node.hub and not walk.whole) or group.key.startswith("pick key"):
        return group.messages
    origin = walk.nodes[node.origin]
    return [
        message
        for message, to in origin.targets.get(group.key, [])
        if leads_on(walk.nodes[to], node)
    ]


def leads_on(other: Node, node: Node) -> bool:
    """Whether from `other` there was recorded what led to `node`."""
    return any(repr(message) == node.via for message, _to in other.targets.get(node.by, []))

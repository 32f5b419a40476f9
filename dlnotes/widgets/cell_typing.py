"""Numbers typed straight into the cells of a picture: which cell is meant, what stands there."""

from typing import Any

LIMIT = 100.0  # a typed number is between −100 and 100
LONGEST = 6  # letters
ARROWS = {"ArrowLeft": (0, -1), "ArrowRight": (0, 1), "ArrowUp": (-1, 0), "ArrowDown": (1, 0)}


def steered(place: tuple[int, int], key: str, rows: int, cols: int) -> tuple[int, int]:
    """The cell that a key leads to: an arrow's neighbour, Home the first one, End the last one."""
    if key == "Home":
        return 0, 0
    if key == "End":
        return rows - 1, cols - 1
    down, right = ARROWS.get(key, (0, 0))
    row, col = place[0] + down, place[1] + right
    return min(max(row, 0), rows - 1), min(max(col, 0), cols - 1)


def typed(text: str, key: str) -> str:
    """What has been typed so far, one key later."""
    key = {"−": "-", ",": "."}.get(key, key)
    if key == "Delete":
        return "0"
    if key == "Backspace":
        return text[:-1] or "0"
    if key == "-":
        return text[1:] if text.startswith("-") else "-" + text
    text = "" if text == "0" and key != "." else text
    longer = text + key
    fits = key in "0123456789." and longer.count(".") <= 1 and len(longer) <= LONGEST
    return longer if fits and abs(value_of(longer)) <= LIMIT else text


def value_of(text: str) -> float:
    """The number that stands there; an unfinished one, such as "-" or ".", counts as 0."""
    try:
        return float(text) + 0.0
    except ValueError:
        return 0.0


def is_typing(pick: dict[str, Any]) -> bool:
    """Whether the touch of a cell is a key that changes its number."""
    key = str(pick.get("key", ""))
    known = key in ("Backspace", "Delete", *"0123456789.,-−")
    return pick.get("how") == "key" and known

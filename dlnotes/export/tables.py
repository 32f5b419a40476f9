"""What a cell shows as HTML, such as a table of pandas, with nothing in it that runs or loads."""

import re
from html import escape
from html.parser import HTMLParser

TABLE = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
WORDS = {"b", "code", "em", "i", "p", "pre", "s", "small", "strong", "sub", "sup", "u"}
WORDS |= {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "div", "span"}
EMPTY = {"br", "hr"}
KEPT = TABLE | WORDS
SPANS, NUMBER = ("colspan", "rowspan"), re.compile("[0-9]{1,3}")
RIGHT, RIGHTLY = re.compile(r"text-align: ?right;?"), ' class="right"'
UNSEEN = {"script", "style", "head", "title", "template", "noscript", "svg", "math", "iframe"}


class Plain(HTMLParser):
    """Collects the elements that are known to be harmless, without attributes, and the words."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[str] = []
        self.open: list[str] = []
        self.unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self.unseen.append(tag)
        elif tag in EMPTY and not self.unseen:
            self.made.append(f"<{tag}>")
        elif tag in KEPT and not self.unseen:
            wide = [f' {k}="{v}"' for k, v in attrs if k in SPANS and NUMBER.fullmatch(v or "")]
            right = any(k == "style" and RIGHT.fullmatch(v or "") for k, v in attrs)
            self.made.append(f"<{tag}{''.join(wide)}{RIGHTLY * right}>")
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in EMPTY:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.unseen:
            while self.unseen.pop() != tag:
                pass
        elif tag in self.open and not self.unseen:
            self.close_to(tag)

    def close_to(self, tag: str) -> None:
        """Close the element and what was left open inside it."""
        while True:
            inner = self.open.pop()
            self.made.append(f"</{inner}>")
            if inner == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.made.append(escape(data, quote=False))


def harmless(text: str) -> str:
    """The tables and words of HTML, "" where it has no words."""
    plain = Plain()
    plain.feed(text)
    plain.close()
    if plain.open:
        plain.close_to(plain.open[0])
    words = any(part.strip() and not part.startswith("<") for part in plain.made)
    return "".join(plain.made) if words else ""

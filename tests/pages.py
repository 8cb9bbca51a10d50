"""A page as its reader has it: text, links, buttons and fields, found by the words on them."""

from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr", "path"}
_UNSEEN = {"script", "style", "template", "title", "head"}


class Node:
    """An element, or the whole page. Its own text and its children stand in ``inside``."""

    def __init__(self, tag, attributes=(), parent=None):
        self.tag = tag
        self.attributes = {name: value or "" for name, value in attributes}
        self.parent = parent
        self.inside = []

    def __getitem__(self, name):
        return self.attributes.get(name, "")

    def all(self, *tags):
        """The elements below of these tags, or all; in the order of the page."""
        for child in self.inside:
            if isinstance(child, Node):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def inside_of(self, tag):
        node = self.parent
        while node and node.tag != tag:
            node = node.parent
        return node

    @property
    def text(self):
        """What is seen, with single spaces."""
        return " ".join(" ".join(self._pieces()).split())

    def _is_unseen(self):
        closed = self.tag == "dialog" and "open" not in self.attributes
        hidden = "hidden" in self.attributes or self["aria-hidden"] == "true"
        return self.tag in _UNSEEN or closed or hidden

    def _pieces(self):
        if self._is_unseen():
            return
        for child in self.inside:
            if isinstance(child, str):
                yield child
            else:
                yield from child._pieces()


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = self.here = Node("page")

    def handle_starttag(self, tag, attrs):
        node = Node(tag, attrs, self.here)
        self.here.inside.append(node)
        if tag not in _VOID:
            self.here = node

    def handle_startendtag(self, tag, attrs):
        self.here.inside.append(Node(tag, attrs, self.here))

    def handle_endtag(self, tag):
        node = self.here
        while node.parent and node.tag != tag:
            node = node.parent
        if node.parent:
            self.here = node.parent

    def handle_data(self, data):
        self.here.inside.append(data)


def read(html):
    """The page of an HTML text."""
    builder = _Builder()
    builder.feed(html)
    return builder.root

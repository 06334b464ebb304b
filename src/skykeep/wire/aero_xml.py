"""XML of aeronautical publications, read without trust: a tree of elements by their local names.

A document type declaration is refused, and with it every entity but XML's own five; so are elements nested
deeper than `DEEPEST`, more than `MOST_ELEMENTS` of them, documents over `LARGEST_BYTES`, and encodings other
than UTF-8 and its like. Namespaces are put aside: these formats never use one name for two things.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from skykeep.base.errors import DecodeError

LARGEST_BYTES = 128 * 1024 * 1024
MOST_ELEMENTS = 4_000_000
DEEPEST = 64
_ENCODINGS = ("", "utf-8", "us-ascii", "iso-8859-1", "utf-16", "windows-1252")


class Node:
    """An element: its local name, its attributes by local names, its own text, its children."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.text = ""
        self.children: list[Node] = []

    def child(self, *path: str) -> Node | None:
        """Return the first element down a path of names."""
        here: Node | None = self
        for name in path:
            here = next((one for one in here.children if one.name == name), None) if here else None
        return here

    def each(self, name: str) -> Iterator[Node]:
        """Yield the children of that name."""
        return (one for one in self.children if one.name == name)

    def word(self, *path: str) -> str:
        """Return the text down a path of names, "" where there is none."""
        found = self.child(*path)
        return "" if found is None else found.text.strip()

    def under(self, *names: str) -> Iterator[Node]:
        """Yield all of these names below this element, in the document's order."""
        for one in self.children:
            if one.name in names:
                yield one
            yield from one.under(*names)

    def first(self, *names: str) -> Node | None:
        return next(self.under(*names), None)

    def source(self) -> str:
        """Return the element as text, for what must be left out to be shown."""
        attributes = "".join(f' {name}="{_escaped(value)}"' for name, value in self.attributes.items())
        inside = _escaped(self.text.strip()) + "".join(one.source() for one in self.children)
        return f"<{self.name}{attributes}>{inside}</{self.name}>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def parse_document(data: bytes, root: str) -> Node:
    """Return the root element, which must have that name."""
    if len(data) > LARGEST_BYTES:
        raise DecodeError("document", f"{len(data)} bytes", f"at most {LARGEST_BYTES}")
    tree = _Tree()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _check_declaration
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DecodeError("document", str(error)[:200], "well-formed XML") from error
    if tree.root is None or tree.root.name != root:
        found = "no element" if tree.root is None else f"root element {tree.root.name[:80]!r}"
        raise DecodeError("document", found, root)
    return tree.root


def _refuse_doctype(*_: object) -> None:
    raise DecodeError("document", "a document type declaration", "without one")


def _check_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    if (encoding or "").lower() not in _ENCODINGS:
        raise DecodeError("document", f"encoding {encoding!r}"[:80], "UTF-8")


class _Tree:
    """Makes nodes of what expat says."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._texts: list[list[str]] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= DEEPEST or self._count > MOST_ELEMENTS:
            raise DecodeError(
                "document", f"{self._count} elements, nested {len(self._open)} deep",
                f"at most {MOST_ELEMENTS}, and {DEEPEST} deep",
            )  # fmt: skip
        node = Node(_local(name), {_local(key): value for key, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)
        self._texts.append([])

    def text(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)

    def end(self, _: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())


def _local(name: str) -> str:
    return name.rpartition(" ")[2]

"""A small, strict reader of XML. Entities and document types are refused: nothing is expanded or fetched."""

from xml.parsers import expat

from msgspec import Struct, field

MAX_DEPTH = 30
MAX_ELEMENTS = 5000


class Unreadable(Exception):
    """The text is no XML that we take."""


class Element(Struct, kw_only=True):
    name: str
    """Without its namespace."""
    namespace: str = ""
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def find(self, name: str) -> "Element | None":
        """The first child of this name, whatever its case."""
        return next((one for one in self.children if one.name.lower() == name.lower()), None)

    def text_of(self, *names: str) -> str:
        """The text of the first child that has one of these names; "" if none has."""
        for name in names:
            if (found := self.find(name)) is not None:
                return found.text.strip()
        return ""

    def below(self) -> list["Element"]:
        """Every element inside, in the order of the text."""
        return [one for child in self.children for one in (child, *child.below())]


def read(body: bytes | str) -> Element:
    """The root element. Raises Unreadable for anything but plain, well-formed XML of a sensible size."""
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as exc:  # also an encoding that is not known
        raise Unreadable(str(exc)) from None
    if builder.root is None:
        raise Unreadable("there is no element")
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS or len(self._open) >= MAX_DEPTH:
            raise Unreadable("it has too many elements")
        namespace, _, local = name.rpartition(" ")
        element = Element(name=local, namespace=namespace)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, name: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        self._open[-1].text += text


def _refuse(*_: object) -> None:
    raise Unreadable("a document type or an entity is not accepted")

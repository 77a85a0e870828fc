"""The SOAP calls to an external pricing engine, as an older set-up makes them: our own reading of the article.

Two operations in document style, with ``user``, ``accessToken``, ``productID`` and the options (seen). The
quantity is a parameter or an option, by switch: the article does not say.
"""

from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

NAMESPACE = "http://tempuri.org/"
ENVELOPE_11 = "http://schemas.xmlsoap.org/soap/envelope/"
ENVELOPE_12 = "http://www.w3.org/2003/05/soap-envelope"


class NotXml(Exception):
    """An answer that is no XML."""


class Node:
    """An element of an answer: local name, text, children."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = ""
        self.nodes: list[Node] = []

    def named(self, name: str) -> "list[Node]":
        """Every element of that name below this one."""
        found = []
        for node in self.nodes:
            found += [node] if node.name == name else node.named(name)
        return found

    def value(self, name: str) -> str | None:
        found = [node for node in self.nodes if node.name == name]
        return found[0].text.strip() if found else None


def request(
    operation: str, members: dict[str, str], options: list[dict[str, Any]], *, version: str
) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a call. ``version``: ``soap`` for 1.1, ``soap12``."""
    envelope = ENVELOPE_12 if version == "soap12" else ENVELOPE_11
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in members.items())
    pairs = "".join(
        f"<PricingParameterOption><Key>{escape(str(one['Key']))}</Key><Value>{escape(str(one['Value']))}</Value>"
        "</PricingParameterOption>"
        for one in options
    )
    body = (
        f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{envelope}"><soap:Body>'
        f'<{operation} xmlns="{NAMESPACE}">{inner}<options>{pairs}</options></{operation}>'
        "</soap:Body></soap:Envelope>"
    )
    if version == "soap12":
        kind = f'application/soap+xml; charset=utf-8; action="{NAMESPACE}{operation}"'
        return body.encode(), {"Content-Type": kind}
    return body.encode(), {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": f'"{NAMESPACE}{operation}"',
    }


def read(body: bytes) -> Node:
    """The root of an answer. Raises NotXml."""
    root = Node("")
    path = [root]

    def start(name: str, attributes: dict[str, str]) -> None:
        node = Node(name.rpartition(":")[2])
        path[-1].nodes.append(node)
        path.append(node)

    def end(name: str) -> None:
        path.pop()

    def text(characters: str) -> None:
        path[-1].text += characters

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise NotXml(str(error)) from error
    return root


def options_of(root: Node) -> list[dict[str, Any]]:
    """``[{"ID", "Label", "Options": [{"Key", "Value"}]}]``."""
    return [
        {
            "ID": node.value("ID"),
            "Label": node.value("Label"),
            "Options": [
                {"Key": one.value("Key"), "Value": one.value("Value")}
                for one in node.named("PricingParameterOption")
            ],
        }
        for result in root.named("GetOptionsForProductResult")
        for node in result.named("PricingParameter")
    ]


def price_of(root: Node) -> dict[str, Any] | None:
    """The members of a price; None if there is no result."""
    results = root.named("GetPriceForProductResult")
    return {node.name: node.text.strip() for node in results[0].nodes} if results else None


def fault_of(root: Node) -> str:
    """What a fault says; empty if there is none."""
    for fault in root.named("Fault"):
        texts = [node.text.strip() for name in ("faultstring", "Text") for node in fault.named(name)]
        return texts[0] if texts else "a fault"
    return ""

"""An OpenAPI document, as far as shapes and calls are read from it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from makeready_hooks.errors import ConfigError

Node = Mapping[str, Any]
VERBS = ("get", "post", "put", "patch", "delete")
HERE = "#/"


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    verb: str
    path: str
    node: Node
    parameters: tuple[Node, ...]


class Document:
    def __init__(self, root: Node) -> None:
        self._root = root

    @property
    def schemas(self) -> Node:
        found: Node = self._root.get("components", {}).get("schemas", {})
        return found

    def resolved(self, node: Node) -> Node:
        """What a reference leads to, also over several. Raises ConfigError."""
        seen = set()
        while "$ref" in node:
            ref = str(node["$ref"])
            if ref in seen:
                raise wrong(f"The reference {ref} leads to itself.")
            seen.add(ref)
            node = self._at(ref)
        return node

    def _at(self, ref: str) -> Node:
        if not ref.startswith(HERE):
            raise wrong(
                f"The reference {ref} leads to another document.", "Join them into one document first."
            )
        node: Any = self._root
        for part in ref.removeprefix(HERE).split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(node, Mapping) or name not in node:
                raise wrong(f"The reference {ref} leads nowhere.")
            node = node[name]
        return node if isinstance(node, Mapping) else {}

    def operations(self) -> Iterator[Operation]:
        for path, item in self._root.get("paths", {}).items():
            for verb in VERBS:
                if verb in item:
                    given = [
                        self.resolved(one)
                        for one in (*item.get("parameters", ()), *item[verb].get("parameters", ()))
                    ]
                    known = {(one["in"], one["name"]): one for one in given}
                    yield Operation(verb=verb, path=path, node=item[verb], parameters=tuple(known.values()))

    def content(self, node: Node) -> Node | None:
        """The schema of a body or an answer; None if it is not JSON."""
        for kind, media in self.resolved(node).get("content", {}).items():
            if kind.partition(";")[0].strip().endswith("json"):
                found: Node = media.get("schema", {})
                return found
        return None


def read(path: Path) -> Document:
    """JSON or YAML. Raises ConfigError if it is no OpenAPI document of edition 3."""
    try:
        content = path.read_bytes()
        decode = msgspec.json.decode if path.suffix == ".json" else msgspec.yaml.decode
        root = decode(content)
    except OSError as exc:
        raise wrong(f"{path} cannot be read: {exc.strerror}.") from exc
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise wrong(f"{path} is neither JSON nor YAML: {exc}.") from exc
    if not isinstance(root, Mapping) or not str(root.get("openapi", "")).startswith("3."):
        raise wrong(f"{path} is no OpenAPI document of edition 3.", "Convert one of Swagger 2 first.")
    return Document(root)


def wrong(text: str, fix: str = "Correct the document.") -> ConfigError:
    return ConfigError(text, field="openapi", fix=fix)

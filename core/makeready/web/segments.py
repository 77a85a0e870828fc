"""Parts of our addresses (ids, numbers, sites): any text, as `makeready_hooks.names.SEGMENT` writes it."""

import re
from urllib.parse import unquote

from makeready_hooks.names import SEGMENT
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.types import Scope


class _AnyText(StringConvertor):
    def convert(self, value: str) -> str:
        return SEGMENT.read(value)


register_url_convertor("text", _AnyText())


def of_any_text(path: str) -> str:
    """The pattern of a route, each part of which that has a name can be any text."""
    return re.sub(r"{(\w+)}", r"{\1:text}", path)


def keep_slashes(scope: Scope) -> None:
    """A slash that a caller has percent-encoded belongs to an id: it does not divide the path."""
    raw = scope.get("raw_path") or b""
    if b"%2f" in raw.lower():
        scope["path"] = unquote(re.sub("%2f", SEGMENT.write("/"), raw.decode("ascii"), flags=re.IGNORECASE))

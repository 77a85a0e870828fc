"""Does an answer fit the OpenAPI document? It must also hold nothing that the document does not describe."""

import re
from functools import cache
from typing import Any

import jsonschema_rs
import msgspec


def answer_schema(document: dict[str, Any], method: str, path: str, status: int, media_type: str) -> Any:
    """What the document says about an answer. An address or an answer that it does not know fails."""
    for template, operations in document["paths"].items():
        pattern = "/api/v1" + re.sub(r"{\w+}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method.lower() in operations:
            responses = operations[method.lower()]["responses"]
            return responses[str(status)]["content"][media_type]["schema"]
    raise AssertionError(f"the document does not know {method} {path}")


def misfits(value: Any, schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """Where a value does not fit; nothing if it does."""
    whole = _closed({**schema, "components": {"schemas": document["components"]["schemas"]}})
    errors = _validator(msgspec.json.encode(whole)).iter_errors(value)
    return [f"{error.instance_path}: {error.message}" for error in errors]


def _closed(schema: Any) -> Any:
    """An object has the members that are described, and no others."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(inner) for name, inner in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        closed.setdefault("additionalProperties", False)
    return closed


@cache
def _validator(schema: bytes) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(msgspec.json.decode(schema), validate_formats=True)

"""Does an answer fit the OpenAPI document? As much of JSON Schema as the document uses."""

import re
from datetime import datetime
from typing import Any

KINDS = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
KNOWN = {
    "$ref", "anyOf", "enum", "type", "title", "description", "default", "format", "items", "properties", "required",
    "minItems", "minLength", "maxLength", "minimum", "maximum", "additionalProperties",
}  # fmt: skip


def answer_schema(document: dict[str, Any], method: str, path: str, status: int, media_type: str) -> Any:
    """What the document says about an answer. An address or an answer that it does not know fails."""
    for template, operations in document["paths"].items():
        pattern = "/api/v1" + re.sub(r"{\w+}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method.lower() in operations:
            responses = operations[method.lower()]["responses"]
            return responses[str(status)]["content"][media_type]["schema"]
    raise AssertionError(f"the document does not know {method} {path}")


def misfits(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str = "$") -> list[str]:
    """Where a value does not fit; nothing if it does."""
    assert schema.keys() <= KNOWN, schema.keys() - KNOWN
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        return misfits(value, document["components"]["schemas"][name], document, at)
    if "anyOf" in schema:
        tried = [misfits(value, one, document, at) for one in schema["anyOf"]]
        return [] if [] in tried else [found for one in tried for found in one]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    if "type" in schema and not _is_a(value, schema["type"]):
        return [f"{at}: {value!r} is no {schema['type']}"]
    if schema.get("format") == "date-time":
        datetime.fromisoformat(value)
    if isinstance(value, list):
        inner = schema.get("items", {})
        return [found for i, one in enumerate(value) for found in misfits(one, inner, document, f"{at}[{i}]")]
    if isinstance(value, dict) and "properties" in schema:
        return _misfits_of_object(value, schema, document, at)
    return []


def _is_a(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, KINDS[kind])


def _misfits_of_object(
    value: dict[str, Any], schema: dict[str, Any], document: dict[str, Any], at: str
) -> list[str]:
    known = schema["properties"]
    found = [f"{at}: {name} is missing" for name in schema.get("required", ()) if name not in value]
    found += [f"{at}: {name} is not described" for name in value if name not in known]
    for name in value.keys() & known.keys():
        found += misfits(value[name], known[name], document, f"{at}.{name}")
    return found

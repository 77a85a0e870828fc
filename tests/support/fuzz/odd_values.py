"""Values that make no sense, and bodies that are nearly right: all drawn from one `random.Random`."""

import json
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

Known = Callable[[str], str | None]
"""A value that there is, by the name of a member or parameter; None if there is none of that name."""

TEXTS = (
    "", " ", "0", "-1", "1", "00", "1e999", "NaN", "Infinity", "null", "true", "999999999999999999999", "1.5",
    "9" * 400, "a" * 3000, "x" * 70_000, ".", "..", "../..", "/", "//", "\\", "%", "%ff", "%00", "*", "?", "#", "&", "=",
    "\x00", "\x01", "\x7f", "a\x00b", "\r\n", "\n", "\t", "\u2028", "\ufeff", "\ufffd", "\U0001f4a9", "é", "ß", "İ",
    "\uff4e",
    "e\u0301", "\u202egnp", "日本語", "١٢٣", "²", "'", '"', "' or 1=1 --", "\"'><script>alert(1)</script>", "{{7*7}}",
    "{x}", "${x}", "{0.__class__}", "%s%s%n", "env:PATH", "sealed:", "sealed:gAAAA", "(stored)", "http://[",
    "http://a:99999/",
    "http://127.0.0.1:1/", "//evil.example", "javascript:alert(1)", "file:///etc/passwd", "2026-03-02", "2026-13-45",
    "0001-01-01", "9999-12-31T23:59:59Z", "2026-03-02T09:15:00+99:99", "-2026-01-01", "24:00", "08:00-18:00", "mon", "UTC",
    "Mars/Olympus", "GBP", "1,5", "0x10", "1_000", "--", "-", "_", "mkr_x_y", "NORTHFIELD", "__proto__",
)  # fmt: skip
NUMBERS = (0, -1, 1, 2**31, 2**63, 2**64, 10**30, -(10**30), 0.1, -0.0, 1e308, 1e-320, 5, 100, 1000, 10**15)
RAW_JSON = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "-1e999",
    "1e-999",
    "0x1",
    "01",
    "1.",
    "9" * 5000,
    '"\\ud800"',
    '"\\u0000"',
)
BYTES = (
    b"", b" ", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf{}", b"{", b"[", b"{}", b"[]", b"null", b"0", b'""', b'"', b'{"a"',
    b"<a/>", b"<", b"<?xml version='1.0' encoding='utf-16'?><a/>", b"<?xml version='1.0' encoding='x'?><a/>",
    b"<!DOCTYPE a><a/>",
    b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>', b"a=1&a=2&=3&&&;", b"a=%", b"a=%ff", b"\xc3\x28=1", b'{"a": "\xff"}',
    "{}".encode("utf-16"), "{}".encode("utf-32"), b"--x\r\n\r\n--x--", b"\r\n", b"PK\x03\x04", b"\x1f\x8b\x08\x00",
)  # fmt: skip
RARE = 0.03
DEEP = 2000


def odd_text(random: Random) -> str:
    """Now and then any letters at all. No lone surrogates: no bytes decode to such."""
    if random.random() < 0.2:
        points = (
            random.choice((random.randrange(0x80), random.randrange(0x3000), 0xFFFF))
            for _ in range(random.randrange(8))
        )
        return "".join(chr(point) for point in points if not 0xD800 <= point < 0xE000)
    text = random.choice(TEXTS)
    return text if len(text) < 1000 or random.random() < RARE else text[:40]


def odd_json(random: Random) -> Any:
    kind = random.randrange(8)
    if kind < 3:
        return odd_text(random)
    if kind < 5:
        return random.choice(NUMBERS)
    return random.choice(
        (None, True, False, [], {}, [[]], {"a": {}}, [None], {"": ""}, ["a"] * 50, [{"id": 1}])
    )


def odd_bytes(random: Random) -> bytes:
    roll = random.random()
    if roll < RARE:
        return random.choice(
            (b"[" * DEEP, b'{"a":' * DEEP, b"[" * 500_000, b"<a>" * DEEP, b" " * 1_000_001, b"a=1&" * 6000)
        )
    return random.choice(BYTES) if roll < 0.7 else random.randbytes(random.randrange(60))


def spoilt(random: Random, body: bytes) -> bytes:
    """The same with something wrong in a few places."""
    changed = bytearray(body)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(changed) + 1)
        kind = random.randrange(5)
        if kind == 0:
            del changed[at:]
        elif kind == 1:
            del changed[at : at + random.randint(1, 8)]
        elif kind == 2:
            changed[at:at] = random.choice(BYTES)
        elif kind == 3 and at < len(changed):
            changed[at] = random.randrange(256)
        else:
            changed[at:at] = odd_text(random).encode()[:200]
    return bytes(changed)


def json_text(random: Random, value: Any) -> bytes:
    """Now and then with a number that JSON does not have, or in another encoding."""
    text = json.dumps(value, ensure_ascii=random.random() < 0.5)
    if random.random() < RARE:
        text = text.replace("1", random.choice(RAW_JSON), 1)
    if random.random() < RARE / 3:
        text = text.replace("{", '{"deep":' + "[" * DEEP + "]" * DEEP + ",", 1)
    return text.encode(
        random.choice(("utf-16", "latin-1")) if random.random() < RARE / 3 else "utf-8", "replace"
    )


def changed(random: Random, value: Any) -> Any:
    """One member of a JSON value is another, is gone, or is there besides."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        name = random.choice(list(value))
        kind = random.randrange(6)
        if kind == 0:
            return {key: inner for key, inner in value.items() if key != name}
        if kind == 1:
            return {**value, odd_text(random): odd_json(random)}
        if kind < 4:
            return {**value, name: changed(random, value[name])}
        return {**value, name: odd_json(random)}
    if isinstance(value, list) and value and random.random() < 0.7:
        at = random.randrange(len(value))
        return [*value[:at], changed(random, value[at]), *value[at + 1 :]]
    if isinstance(value, list) and value:
        return value * random.choice((0, 2, 30))
    return odd_json(random)


class Fitting:
    """JSON values that fit schemas of an OpenAPI document, with values that there are where the names say so."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas

    def make(
        self, random: Random, schema: Mapping[str, Any], known: Known, name: str = "", depth: int = 0
    ) -> Any:
        schema = self._resolved(random, schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return random.choice(schema["enum"])
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = random.choice(kind) if isinstance(kind, list) else kind
        if kind == "object":
            return self._object(random, schema, known, depth)
        if kind == "array":
            return self._array(random, schema, known, name, depth)
        return _plain(random, kind, schema, known(name))

    def _resolved(self, random: Random, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while True:
            if "$ref" in schema:
                schema = self._schemas[schema["$ref"].rpartition("/")[2]]
            elif choices := schema.get("anyOf") or schema.get("oneOf"):
                schema = random.choice(choices)
            else:
                return schema

    def _object(self, random: Random, schema: Mapping[str, Any], known: Known, depth: int) -> dict[str, Any]:
        required, made = schema.get("required", ()), {}
        share = 0.5 / (1 + depth)
        for name, inner in schema.get("properties", {}).items():
            if name in required or random.random() < share:
                made[name] = self.make(random, inner, known, name, depth + 1)
        more = schema.get("additionalProperties")
        if isinstance(more, dict) and random.random() < 0.5:
            made[known("site") or "a"] = self.make(random, more, known, "", depth + 1)
        return made

    def _array(
        self, random: Random, schema: Mapping[str, Any], known: Known, name: str, depth: int
    ) -> list[Any]:
        items: Sequence[Any] = schema.get("prefixItems") or ()
        if items:
            return [self.make(random, inner, known, name, depth + 1) for inner in items]
        one = name.removesuffix("s")
        inner, least = schema.get("items") or {}, schema.get("minItems", 0)
        return [
            self.make(random, inner, known, one, depth + 1)
            for _ in range(max(least, random.choice((0, 1, 1, 2, 5))))
        ]


def _plain(random: Random, kind: str, schema: Mapping[str, Any], there_is: str | None) -> Any:
    if kind == "boolean":
        return random.random() < 0.5
    if kind in ("integer", "number"):
        low, high = schema.get("minimum", schema.get("exclusiveMinimum", 0)), schema.get("maximum", 1000)
        return random.choice((low, low + 1, high, random.randint(int(low), max(int(low), int(high)))))
    if kind == "null":
        return None
    if there_is is not None and random.random() < 0.8:
        return there_is
    if schema.get("format") == "date-time":
        return random.choice(("1970-01-12T14:00:00Z", "2026-03-02T09:15:00+01:00", "9999-12-31T23:59:59Z"))
    return random.choice(
        ("plain", "shop.example", "Opening kit", "2026-03-02", "a@b.example", odd_text(random))
    )

"""A capture without secrets and without people. Everything is looked at twice: first what there is, then it is replaced,
in whatever place and form it stands. All of it happens in memory.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Iterable
from functools import partial
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from makeready_hooks.secret_filter import HIDDEN_TEXT, SecretFilter, WrittenText, seen_as
from makeready_hooks.testing.samples import VENDOR, Body, Exchange

from makeready_lab.captures.invention import Inventor
from makeready_lab.captures.personal import Kind, kind_of, plain
from makeready_lab.captures.sample import KEPT_HEADERS, Recorded, header, raw_json, read_json

EMAIL = re.compile(r"[\w.+~-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"\+\d[\d ()./-]{6,}\d")
JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
ELEMENT = re.compile(r"<([\w:.-]+)((?:\s[^<>]*)?)>(\s*<!\[CDATA\[.*?\]\]>\s*|[^<]*)</\1\s*>", re.DOTALL)
ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
CDATA = re.compile(r"\s*<!\[CDATA\[(.*?)\]\]>\s*", re.DOTALL)
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
LONG_BASE64 = 200
"""Characters. It is the content of a file, and left out."""
WITHIN, WITH_EDGES = 5, 3
"""Characters from which a text is replaced within others; and from which it is where it stands as a word."""
SIGNS_IN = re.compile(r"auth|token|login|session|sign.?in", re.IGNORECASE)
"""Paths whose answer, if it is a text alone, is a token."""
SECRET_HEADERS = re.compile(r"auth|cookie|key|token|secret|signature", re.IGNORECASE)


class Redaction:
    """Of one capture. `learn` every exchange first, then ask for each `redacted`."""

    def __init__(
        self,
        known_secrets: Iterable[str] = (),
        personal: Iterable[str] = (),
        host: str = "",
        key: bytes = b"",
    ) -> None:
        """``personal``: further names of members whose values are personal; ``host``: the vendor's, with its port."""
        self._filters: list[SecretFilter] = []
        self._secrets: set[str] = set()
        self._personal = {plain(one) for one in personal}
        self._people: dict[str, Kind] = {}
        self._inventor = Inventor(key or secrets.token_bytes(32))
        self._host = host
        self._texts: dict[str, str] = {}
        self._written: list[tuple[str, WrittenText, re.Pattern[str] | None]] | None = None
        for one in known_secrets:
            self._is_secret(one)

    # What there is

    def learn(self, one: Recorded) -> None:
        for name, value in (*one.request_headers, *one.headers):
            if SECRET_HEADERS.search(name):
                self._learn_header(name.lower(), value)
        for name, value in one.query:
            self._learn_value(value, self._kind(name, (), ()))
        for content in (one.request, one.answer):
            self._document(content, one.path, replace=False)
        for part in one.path.split("/"):
            self._learn_value(part, None)

    def _learn_header(self, name: str, value: str) -> None:
        scheme, _, words = value.rpartition(" ")
        if "cookie" in name:
            for part in value.split(";"):
                self._is_secret(part.partition("=")[2].strip())
            return
        self._is_secret(words)
        if scheme.lower() == "basic":
            for text in _decoded(words).split(":"):
                self._is_secret(text)

    def _is_secret(self, text: str) -> None:
        if len(text) > 2 and text not in self._secrets and text != HIDDEN_TEXT:
            self._secrets.add(text)
            if len(self._secrets) % 400 == 1:  # a filter forgets the oldest of five hundred
                self._filters.append(SecretFilter())
            self._filters[-1].add(text)

    def _learn_value(self, text: str, kind: Kind | None) -> None:
        if kind is Kind.SECRET:
            self._is_secret(text)
        elif kind is not None and text.strip():
            self._is_personal(text.strip(), kind)
        for found in (*EMAIL.findall(text), *EMAIL.findall(unquote(text))):
            self._is_personal(found, Kind.EMAIL)
        for found in PHONE.findall(text):
            self._is_personal(found, Kind.PHONE)
        for found in JWT.findall(text):
            self._is_secret(found)

    def _is_personal(self, text: str, kind: Kind) -> None:
        self._people.setdefault(text, kind)
        self._inventor.avoid(text)
        for word in text.split() if kind is Kind.PERSON else ():
            self._people.setdefault(word, kind)
            self._inventor.avoid(word)

    def _kind(self, name: str, beside: Iterable[str], above: Iterable[str]) -> Kind | None:
        return Kind.PERSON if plain(name) in self._personal else kind_of(name, beside, above)

    # Without it

    def redacted(self, one: Recorded) -> Exchange:
        query = [(name, value, self._kind(name, (), ())) for name, value in one.query]
        left_out = {Kind.SECRET}
        if Kind.SECRET in (kind for _, _, kind in query):  # a login: whoever plays it back has another
            left_out |= {Kind.EMAIL, Kind.PERSON}
        return Exchange(
            method=one.method,
            path="/".join(map(self.clean, self.clean(one.path).split("/"))),
            query=tuple(
                (self.clean(name), self._replaced(value, kind))
                for name, value, kind in query
                if kind not in left_out
            ),
            request=self._document(one.request, one.path, replace=True),
            status=one.status,
            headers={
                name.lower(): self.clean(value) for name, value in one.headers if name.lower() in KEPT_HEADERS
            },
            body=self._document(
                one.answer, one.path, replace=True, media_type=header(one.headers, "content-type")
            ),
        )

    def holds_secret(self, content: bytes) -> bool:
        """Whether one of those that are known is in it after all."""
        return any(one.clean_bytes(content) != content for one in self._filters)

    def clean(self, text: str) -> str:
        """A text of which its place says nothing."""
        if text not in self._texts:
            self._texts[text] = self._clean(text)
        return self._texts[text]

    def _clean(self, text: str) -> str:
        text = self._without_secrets(text)
        if self._host:
            text = re.sub(rf"(https?:)?//{re.escape(self._host)}", VENDOR, text, flags=re.IGNORECASE)
            text = re.sub(re.escape(self._host), VENDOR.partition("//")[2], text, flags=re.IGNORECASE)
        known = self._people.get(text.strip())
        if known is not None:
            return self._invented(text, known)
        seen = seen_as(text)
        for real, written, edges in self._known_people():
            if edges is None:
                text = written.replaced_in(text, seen, self._invented(real, self._people[real]))
            elif real.lower() in seen.lower:
                text = edges.sub(partial(self._instead_of, real), text)
        return text

    def _instead_of(self, real: str, found: re.Match[str]) -> str:
        return self._invented(real, self._people[real])

    def _known_people(self) -> list[tuple[str, WrittenText, re.Pattern[str] | None]]:
        """The longest first; short ones only where they stand as a word."""
        if self._written is None:
            found = sorted((one for one in self._people if len(one) >= WITH_EDGES), key=len, reverse=True)
            self._written = [
                (one, WrittenText(one), None if len(one) >= WITHIN else _as_word(one)) for one in found
            ]
        return self._written

    def _without_secrets(self, text: str) -> str:
        for one in self._filters:
            text = one.clean(text)
        return JWT.sub(HIDDEN_TEXT, text)

    def _replaced(self, text: str, kind: Kind | None) -> str:
        if kind is None or not text.strip():
            return self.clean(text)
        return HIDDEN_TEXT if kind is Kind.SECRET else self._invented(text, kind)

    def _invented(self, text: str, kind: Kind) -> str:
        if EMAIL.search(text):
            return EMAIL.sub(lambda found: self._inventor.email(found[0]), text)
        return self._inventor.words(text) if kind in (Kind.PERSON, Kind.WORDS) else self._inventor.shape(text)

    # Documents: what is read for the first look is what is written in the second

    def _document(self, content: bytes, path: str, *, replace: bool, media_type: str = "") -> Body:
        """JSON, XML and forms, since their members say what is what. Of all else only its size is kept."""
        if not content:
            return Body()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = ""
        above = tuple(path.split("/"))
        try:
            value = read_json(text)
            alone = Kind.SECRET if isinstance(value, str) and SIGNS_IN.search(path) else None
            value = self._leaf(value, alone, above, replace) if alone else self._json(value, above, replace)
            return Body(json=raw_json(value)) if replace else Body()
        except (ValueError, RecursionError):
            pass
        if text.lstrip()[:1] == "<" and "<html" not in text[:1000].lower():
            return Body(text=self._xml(text, above, replace))
        if "=" in text and re.fullmatch(r"[\w.~%+&=*:/?\[\]-]+", text):
            return Body(text=self._form(text, replace))
        return Body(left_out=f"{len(content)} bytes of {media_type.partition(';')[0] or 'something'}")

    def _json(self, value: Any, above: tuple[str, ...], replace: bool) -> Any:
        if isinstance(value, dict):
            return {
                self._name(name, replace): self._member(name, inner, value, above, replace)
                for name, inner in value.items()
            }
        if isinstance(value, list):
            return [self._json(one, above, replace) for one in value]
        return self._leaf(value, None, above, replace)

    def _name(self, name: str, replace: bool) -> str:
        """Of a member: it can be an address of somebody's. Other names are the vendor's words."""
        if not replace:
            self._learn_value(name, None)
            return name
        name = self._without_secrets(name)
        return EMAIL.sub(lambda found: self._inventor.email(found[0]), name)

    def _member(
        self, name: str, value: Any, beside: Iterable[str], above: tuple[str, ...], replace: bool
    ) -> Any:
        kind = self._kind(name, beside, above)
        if isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
            return [self._leaf(one, kind, above, replace) for one in value]
        if isinstance(value, dict | list):
            return self._json(value, (*above, name), replace)
        return self._leaf(value, kind, above, replace)

    def _leaf(self, value: Any, kind: Kind | None, above: tuple[str, ...], replace: bool) -> Any:
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, str):
            return self._text(value, kind, above, replace)
        text = str(value)
        if kind is None and not (replace and text in self._people):
            return self._number(value, text) if replace else value
        made = self._text(text, kind, above, replace)
        return value if not replace else int(made) if made.isdigit() else made

    def _number(self, value: Any, text: str) -> Any:
        """One that is a secret elsewhere is none here."""
        return HIDDEN_TEXT if text in self._secrets else value

    def _text(self, text: str, kind: Kind | None, above: tuple[str, ...], replace: bool) -> str:
        if kind is None and (inner := self._inside(text, above, replace)) is not None:
            return inner
        if not replace:
            self._learn_value(text, kind)
            return text
        return self._replaced(text, kind)

    def _inside(self, text: str, above: tuple[str, ...], replace: bool) -> str | None:
        """A document within a text, or within Base64; None if it is none."""
        start = text.lstrip()[:1]
        if start in ("{", "["):
            try:
                return bytes(raw_json(self._json(read_json(text), above, replace))).decode()
            except (ValueError, RecursionError):
                return None
        if start == "<" and ELEMENT.search(text):
            return self._xml(text, above, replace)
        if not BASE64.fullmatch(text):
            return None
        if len(text) > LONG_BASE64:
            return base64.b64encode(b"left out").decode() if replace else text
        decoded = _decoded(text)
        if len(decoded) < WITHIN or not decoded.isprintable():
            return None
        made = self._text(decoded, None, above, replace)
        return base64.b64encode(made.encode()).decode() if made != decoded else None

    def _xml(self, text: str, above: tuple[str, ...], replace: bool) -> str:
        beside = [found[1] for found in ELEMENT.finditer(text)]

        def attribute(found: re.Match[str]) -> str:
            made = self._text(unescape(found[2][1:-1]), self._kind(found[1], (), above), above, replace)
            return f'{found[1]}="{escape(made)}"'

        def element(found: re.Match[str]) -> str:
            content, cdata = found[3], CDATA.fullmatch(found[3])
            value = cdata[1] if cdata else unescape(content)
            made = self._text(value, self._kind(found[1], beside, above), above, replace)
            body = escape(made, quote=False) if made != value or not cdata else content
            return f"<{found[1]}{found[2]}>{body if value.strip() else content}</{found[1]}>"

        text = re.sub(r"<[\w:.-]+\s[^<>]*>", lambda tag: ATTRIBUTE.sub(attribute, tag[0]), text)
        text = ELEMENT.sub(element, text)
        return re.sub(r"(?<=>)[^<>]+(?=<)", lambda found: self._between(found[0], replace), text)

    def _between(self, text: str, replace: bool) -> str:
        """What stands beside elements."""
        if replace and text.strip():
            return escape(self.clean(unescape(text)), quote=False)
        self._learn_value(unescape(text), None)
        return text

    def _form(self, text: str, replace: bool) -> str:
        pairs = parse_qsl(text, keep_blank_values=True)
        names = [name for name, _ in pairs]
        made = [(name, self._text(value, self._kind(name, names, ()), (), replace)) for name, value in pairs]
        return urlencode(made, quote_via=quote)


def _as_word(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){re.escape(text)}(?![^\W_])", re.IGNORECASE)


def _decoded(text: str) -> str:
    """Of Base64, also of addresses; "" for what is no text."""
    try:
        padded = text.replace("-", "+").replace("_", "/").rstrip("=")
        return base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""

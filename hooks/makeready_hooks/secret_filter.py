"""Takes secrets out of texts, in whatever form a vendor repeats them."""

import base64
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from html import unescape
from html.entities import codepoint2name
from typing import Any, NamedTuple

from msgspec import Struct, structs

from makeready_hooks.errors import MakereadyError
from makeready_hooks.model.order import Order
from makeready_hooks.model.setup import Check, VendorFinding

HIDDEN_TEXT = "(hidden)"
SHORTEST = 4
"""Characters. What is shorter stands in many a word."""
OWN_NAME = "makeready"
"""What people enter as an application's id is often its name, which stands in our own sentences and is known anyway."""
MOST_KEPT = 500
"""Secrets of one company: those of before are forgotten, the oldest first."""
LEAST_BASE64 = 5
"""Characters of a part that is looked for alone."""
WRITTEN = re.compile(r"((?:%(?:25)*[0-9a-f]{2})+)|\\+u([0-9a-f]{4})|\\+(.)|&(?:amp;)*(#?\w+;?)", re.DOTALL)
SHORT_ESCAPES = {"\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", '"': '"', "\\": "\\", "/": "/"}
ESCAPED = {written: char for char, written in SHORT_ESCAPES.items()}

READ_BY_PEOPLE: dict[type[Struct], tuple[str, ...]] = {
    Check: ("message", "fix"),
    VendorFinding: ("finding",),
    Order: ("problem", "document"),
}
CLEANED = tuple(READ_BY_PEOPLE)


class SecretFilter:
    """The secrets of one company. Those of another do not change its texts, so that nobody tries them out there."""

    def __init__(self) -> None:
        self._secrets: dict[str, _Secret] = {}

    def add(self, *texts: str) -> None:
        """Passwords, keys, tokens; as they are used, not as they are stored."""
        for text in texts:
            if len(text) >= SHORTEST and text.casefold() != OWN_NAME:
                known = self._secrets.pop(text) if text in self._secrets else _Secret(text)
                self._secrets[text] = known
        while len(self._secrets) > MOST_KEPT:
            del self._secrets[next(iter(self._secrets))]

    def learn(self, headers: Iterable[tuple[str, str]]) -> None:
        """What signs a request in: the words of ``Authorization``, also within Base64, and a cookie's values."""
        for name, value in headers:
            header = name.lower()
            if header in ("authorization", "proxy-authorization"):
                scheme, _, words = value.rpartition(" ")
                self.add(words, *(_decoded(words) if scheme.lower() == "basic" else ()))
            elif header == "cookie":
                self.add(*(one.partition("=")[2].strip() for one in value.split(";")))

    def clean(self, text: str) -> str:
        """Before it is cut: half a secret is not recognised."""
        if not text or not self._secrets:
            return text
        seen = seen_as(text)
        found = [one for one in self._secrets.values() if one.may_be_seen(seen)]
        for one in sorted(found, key=lambda secret: len(secret.text), reverse=True):
            text = one.pattern.sub(HIDDEN_TEXT, text)
        return text

    def clean_bytes(self, body: bytes) -> bytes:
        return self.clean(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    @contextmanager
    def kept_back(self) -> Iterator[None]:
        """Errors leave this block without any: a vendor repeats what it was sent, and a connector tells it on."""
        try:
            yield
        except Exception as exc:
            self._clean_error(exc)
            raise

    def of_call(self, ask: Callable[..., Any], *given: Any) -> Any:
        """What a hook answers, or its error, without any."""
        try:
            return self.clean_answer(ask(*given))
        except Exception as exc:
            self._clean_error(exc)
            raise

    async def of_waiting(self, ask: Callable[..., Awaitable[Any]], *given: Any) -> Any:
        try:
            return self.clean_answer(await ask(*given))
        except Exception as exc:
            self._clean_error(exc)
            raise

    def _clean_error(self, cause: BaseException | None) -> None:
        while cause is not None:
            cause.args = tuple(self.clean(one) if isinstance(one, str) else one for one in cause.args)
            if isinstance(cause, MakereadyError):
                cause.message, cause.fix = self.clean(cause.message), self.clean(cause.fix)
            cause = cause.__cause__ or cause.__context__

    def clean_answer(self, answer: Any) -> Any:
        """Of a hook: what people read of it, or what is kept as it came."""
        if isinstance(answer, tuple) and answer and type(answer[0]) in READ_BY_PEOPLE:
            return tuple(map(self.clean_answer, answer))
        if isinstance(answer, CLEANED):
            texts = {name: getattr(answer, name) for name in READ_BY_PEOPLE[type(answer)]}
            return structs.replace(answer, **{name: self._clean_any(text) for name, text in texts.items()})
        return answer

    def _clean_any(self, text: str | bytes) -> str | bytes:
        return self.clean(text) if isinstance(text, str) else self.clean_bytes(text)


class _Secret:
    def __init__(self, text: str) -> None:
        self.text = text
        self._encoded = [part for part in _base64_parts(text) if len(part) >= LEAST_BASE64]
        self._has_escapes = not set(text).isdisjoint("%&\\")
        """It reads differently once it is escaped, so it is looked for exactly at once."""
        encoded = [(_plain_base64(part), BASE64) for part in self._encoded]
        plain = [(text.lower(), LOWER), (text.casefold(), LOWER), (_read(text), READ)]
        self._looked_for = tuple(dict.fromkeys([*plain, *encoded]))

    def may_be_seen(self, seen: "Seen") -> bool:
        """Quick, and True rather too often."""
        for part, where in self._looked_for:
            if part in seen[where]:  # no `any`: it takes longer than what it asks
                return True
        return self._has_escapes

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        edge = r"[\w+/-]{0,2}"
        encoded = (f"{edge}{''.join(map(_base64_char, part))}{edge}={{0,2}}" for part in self._encoded)
        return re.compile("|".join(["".join(map(_char, self.text)), *encoded]), re.IGNORECASE)


class WrittenText:
    """A text that is looked for in whatever form somebody writes it: escaped, percent-encoded, within Base64."""

    def __init__(self, text: str) -> None:
        self._found = _Secret(text)

    def replaced_in(self, text: str, seen: "Seen", by: str) -> str:
        """``seen``: by `seen_as`, once for all that are looked for in a text."""
        return self._found.pattern.sub(lambda _: by, text) if self._found.may_be_seen(seen) else text


class Seen(NamedTuple):
    """A text as it is compared before anything is looked for exactly."""

    lower: str
    read: str
    base64: str


LOWER, READ, BASE64 = range(3)


def seen_as(text: str) -> Seen:
    read = _read(text)
    return Seen(text.lower(), read, _plain_base64(read))


def _decoded(words: str) -> list[str]:
    """Name and password of a Basic login, of which either may be a token."""
    try:
        return base64.b64decode(words).decode().split(":")
    except ValueError:
        return []


def _base64_parts(text: str) -> list[str]:
    """The characters that it has within Base64, wherever in groups of three bytes it begins."""
    data = text.encode("utf-8", "surrogatepass")
    return [
        base64.b64encode(bytes(before) + data).decode()[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
        for before in range(3)
    ]


def _plain_base64(text: str) -> str:
    return text.lower().replace("-", " ").replace("+", " ").replace("_", "/")


def _read(text: str) -> str:
    """What it says, without percent signs, escapes of JSON, and entities; in lower case, with a blank for a plus."""
    text = text.lower()
    is_escaped = "%" in text or "\\" in text or "&" in text
    found = (WRITTEN.sub(_meant, text) if is_escaped else text).casefold()
    if "\\u" in text:  # two of them can be halves of one character
        found = found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return found.replace("+", " ")


def _meant(found: re.Match[str]) -> str:
    percent, code, short, entity = found.groups()
    if percent:
        return bytes.fromhex("".join(re.findall(r"([0-9a-f]{2})(?=%|$)", percent))).decode("utf-8", "replace")
    if code:
        return chr(int(code, 16))
    if number := re.fullmatch(r"#(?:x([0-9a-f]{1,5})|([0-9]{1,6}));?", entity or ""):
        return chr(int(number[1], 16) if number[1] else int(number[2]))
    return ESCAPED.get(short, short) if short else unescape(f"&{entity}")


def _char(char: str) -> str:
    """A character in all the ways in which it may be written, escaped more than once too."""
    units = char.encode("utf-16-be", "surrogatepass")
    codes = "".join(rf"\\+u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
    percent = "".join(f"%(?:25)*{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
    ways = [re.escape(char), re.escape(char.casefold()), percent, codes]
    ways.append(rf"&(?:amp;)*\#(?:0*{ord(char)}|x0*{ord(char):x});?")
    if char in SHORT_ESCAPES:
        ways.append(r"\\+" + re.escape(SHORT_ESCAPES[char]))
    if name := {"'": "apos"}.get(char) or codepoint2name.get(ord(char)):
        ways.append(f"&(?:amp;)*{name};?")
    if char == " ":
        ways.append(r"\+")
    return f"(?:{'|'.join(dict.fromkeys(ways))})"


def _base64_char(char: str) -> str:
    other = {"+": "-", "/": "_"}.get(char)
    return f"(?:{_char(char)}|{other})" if other else _char(char)

"""Values that there are, by what they are called: known at the beginning, and learned from answers."""

import html
import json
import re
from collections.abc import Sequence
from random import Random
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from asgi import Answer
from callers import Caller, Form
from companies import MARKS, Companies
from invented import SITE, STAGE
from makeready.web.app import API
from places import Place

MOST = 60
LINK = re.compile(rb'(?:href|action|src)="([^"]+)"')
FORM = re.compile(rb"<form([^>]*)>(.*?)</form>", re.DOTALL)
FIELD = re.compile(rb'<(?:input|select|textarea|button)([^>]*\bname="[^>]*)>([^<]*)')
ATTRIBUTE = re.compile(rb'\b(name|value|action|method|type)="([^"]*)"')
OPTION = re.compile(rb'<option[^>]*\bvalue="([^"]*)"')
MARK = re.compile("|".join(MARKS.values()), re.IGNORECASE)
LEARNED = (
    "name",
    "id",
    "key",
    "number",
    "job",
    "site",
    "product",
    "product_id",
    "line",
    "change",
    "cursor",
    "next_cursor",
)
SEEDS = {
    "site": [SITE, "other.example", "shop.northfield.example"],
    "product": ["2284", "4107", "a/b 1"],
    "line": ["1", "2"],
    "job": ["1", "2", "3"],
    "change": ["1", "2", "3"],
    "invitation": ["1", "2"],
    "profile": ["posters"],
    "name": [
        "olga",
        "oscar",
        "viewer-of-twinfield",
        "ops",
        "spare",
        *(f"new-{number}" for number in range(12)),
    ],
    "stage": [STAGE, "Press"],
    "role": ["operator", "manager", "viewer"],
    "suffix": ["json", "html", "zip"],
    "chart": ["orders", "prices", "calls"],
    "kind": ["fetch-order", "stock", "progress"],
    "secret": ["guess"],
    **{
        name: ["2026-03-02", "1970-01-12", "1970-01-14", "1970-01-13T09:15:00Z"]
        for name in ("from", "to", "start", "end", "since", "until")
    },
    "name of /integrations/{name}": ["makeready.js", "makeready.css", "Tharstern.js"],
    "rest": ["nowhere", "static/x", "subscribers"],
    "flows": ["orders", "prices"],
    "external_user_id": ["7", "8", "9"],
}


class Pools:
    def __init__(self, companies: Companies, places: Sequence[Place]) -> None:
        self._companies = companies
        self._places = [one for one in places if one.parts and "{rest}" not in one.template]
        self._forms = [one for one in places if one.is_form]
        self._known: dict[str, list[str]] = {name: list(values) for name, values in SEEDS.items()}
        self._known["subscriber"] = self._known["of"] = [*companies.first]
        self._known["segment"] = [one.url_token for one in companies.first.values()]
        self._known["connector"] = ["shop", "mis", "pressero", "tharstern"]
        self.queries: dict[str, list[str]] = {}
        """Values of parameters, as links of the pages have them."""

    def value(self, random: Random, name: str) -> str | None:
        known = self._known.get(name, ())
        if name in ("number", "order", "order_number") and (not known or random.random() < 0.7):
            return random.choice(self._companies.numbers[-12:])
        if name in ("key", "submission") and (not known or random.random() < 0.5):
            return f"{random.choice(self._companies.numbers[-12:])}-{random.choice('11123')}"
        known = known or self._known.get(name.removesuffix("_id")) or self._known.get(name.removesuffix("s"))
        return random.choice(known) if known else None

    def add(self, name: str, value: str) -> None:
        self._known.setdefault(name, []).append(value)

    def _add(self, random: Random, name: str, value: str) -> None:
        if MARK.search(value) or len(value) > 300 or name in ("subscriber", "of", "external_user_id", "name"):
            return
        known = self._known.setdefault(name, [])
        if value in known:
            return
        if len(known) < MOST:
            known.append(value)
        elif (at := random.randrange(2 * MOST)) > MOST // 2 and at < MOST:
            known[at] = value

    def learn(self, random: Random, caller: Caller, path: str, answer: Answer) -> None:
        kind = answer.header(b"content-type")
        if kind.startswith("text/html"):
            self._learn_page(random, caller, path, answer.body)
        elif path.startswith(API) and kind.startswith("application/json") and len(answer.body) < 20_000:
            self._learn_json(random, json.loads(answer.body or b"null"), 0)

    def _learn_json(self, random: Random, value: Any, depth: int) -> None:
        if isinstance(value, dict) and depth < 4:
            for name, inner in value.items():
                if isinstance(inner, str | int) and name in LEARNED and not isinstance(inner, bool):
                    self._add(random, "cursor" if name == "next_cursor" else name, str(inner))
                self._learn_json(random, inner, depth + 1)
        elif isinstance(value, list):
            for inner in value[:5]:
                self._learn_json(random, inner, depth + 1)

    def _learn_page(self, random: Random, caller: Caller, path: str, body: bytes) -> None:
        links = LINK.findall(body)
        for link in random.sample(links, min(len(links), 6)):
            self._learn_link(random, html.unescape(link.decode("utf-8", "replace")))
        for head, inside in FORM.findall(body):
            attributes = dict(ATTRIBUTE.findall(head))
            self._learn_form(random, caller, path, attributes, inside)

    def _learn_link(self, random: Random, link: str) -> None:
        parts = urlsplit(link)
        for place in random.sample(self._places, min(len(self._places), 40)):
            if found := place.pattern.fullmatch(parts.path):
                for name, value in found.groupdict().items():
                    self._add(
                        random, f"{name} of {place.template}" if name == "name" else name, unquote(value)
                    )
                break
        for name, value in parse_qsl(parts.query):
            self._learn_parameter(random, name, value)

    def _learn_parameter(self, random: Random, name: str, value: str) -> None:
        if not MARK.search(value) and len(self.queries) < 200:
            values = self.queries.setdefault(name, [])
            if value not in values and len(values) < MOST:
                values.append(value)

    def _learn_form(
        self, random: Random, caller: Caller, path: str, attributes: dict[bytes, bytes], inside: bytes
    ) -> None:
        fields, choices = [], [html.unescape(one.decode()) for one in OPTION.findall(inside)]
        for given, text in FIELD.findall(inside):
            found = {name: html.unescape(value.decode()) for name, value in ATTRIBUTE.findall(given)}
            if found.get(b"type") in ("radio", "checkbox") and b"checked" not in given:
                choices.append(found.get(b"value", "on"))
                continue
            chosen = random.choice(choices) if choices and given.startswith(b"select") else ""
            value = found.get(b"value") or chosen or html.unescape(text.decode()).strip()
            fields.append((found[b"name"], value))
        if attributes.get(b"method", b"").lower() != b"post":
            for name, value in fields:
                self._learn_parameter(random, name, value)
            return
        action = html.unescape(attributes.get(b"action", b"").decode()) or path
        place = next((one for one in self._forms if one.pattern.fullmatch(urlsplit(action).path)), None)
        if place is not None:
            caller.forms[place.template] = Form(action=action, fields=tuple(fields), choices=tuple(choices))
        caller.csrf = next((value for name, value in fields if name == "csrf"), caller.csrf)

"""Answers on the wire: the envelope, the four shapes of an error (S2), and pages of the web server.

JSON is compact and keeps the order of members, because a public client cuts text out of it (S3).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

JSON = "application/json; charset=utf-8"
HTML = "text/html"

_encoder = msgspec.json.Encoder(decimal_format="number")


NO_PROBLEMS: Mapping[str, Any] = {"Result": {"Problems": []}}
"""What closes the details of many answers (seen S2, S4)."""


class Answer(Struct, frozen=True):
    status: int
    body: bytes
    content_type: str = JSON


class InvalidRequest(Exception):
    """Thrown while a request is read, before anything has happened: shape 4 of an error.

    ``errors`` is keyed by ``parameter.Field``, as in ``estRequestProduct.Quantity``.
    """

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__(*errors)
        self.errors = errors


def encode(document: object) -> bytes:
    """Money as bare numbers (seen S1)."""
    return _encoder.encode(document)


def success(details: Mapping[str, Any]) -> Answer:
    """``{"Status":{"Success":true},"Details":{…}}`` (seen S2, S3)."""
    return Answer(200, encode({"Status": {"Success": True}, "Details": details}))


def failure(message: str, *, member: str, details: Mapping[str, Any] | None = None) -> Answer:
    """Shape 1: HTTP 200 and Success false (seen S2, S3). ``member`` names the text: assumed."""
    return Answer(200, encode({"Status": {"Success": False, member: message}, "Details": details}))


def problems(texts: Iterable[str]) -> Answer:
    """Shape 3: HTTP 400, the envelope, and Details.Result.Problems (seen S2)."""
    result = {"Result": {"Problems": list(texts)}}
    return Answer(400, encode({"Status": {"Success": False}, "Details": result}))


def invalid(errors: Mapping[str, list[str]], *, as_arrays: bool) -> Answer:
    """Shape 4: HTTP 400 and ModelState (seen S2, who reads texts; arrays and Message are inferred)."""
    state = errors if as_arrays else {name: " ".join(texts) for name, texts in errors.items()}
    return Answer(400, encode({"Message": "The request is invalid.", "ModelState": state}))


def message(status: int, text: str) -> Answer:
    """What stock ASP.NET Web API says by itself (inferred)."""
    return Answer(status, encode({"Message": text}))


_TITLES = {
    200: "Sign in",
    401: "401 - Unauthorized: Access is denied due to invalid credentials.",
    404: "404 - File or directory not found.",
    500: "500 - Internal server error.",
    502: "502 - Web server received an invalid response while acting as a gateway or proxy server.",
    503: "503 - Service Unavailable.",
}


def page(status: int) -> Answer:
    """A page of the web server in front, in place of an answer (inferred)."""
    title = _TITLES[status]
    head = f"<!DOCTYPE html><html><head><title>{title}</title></head>"
    return Answer(status, f"{head}<body><h2>{title}</h2></body></html>".encode(), HTML)

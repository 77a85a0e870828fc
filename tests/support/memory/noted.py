"""Calls as they are noted."""

from makeready.outbound.model import CallRow


def call(at: float = 0.0, **values: object) -> CallRow:
    usual = {
        "subscriber": "northfield",
        "connector": "shop",
        "host": "shop.example",
        "method": "GET",
        "path": "/",
        "status": 200,
        "error": "",
        "ms": 1.0,
        "size": 2,
    }
    return CallRow(at=at, **{**usual, **values})

"""What somebody shows to be let in is compared in constant time, by `same_secret` alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from makeready_hooks import same_secret

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for folder in ("core", "hooks", "plugins")
    for path in (ROOT / folder).rglob("*.py")
    if "emulator" not in str(path.relative_to(ROOT)) and path != ROOT / "hooks/makeready_hooks/secret.py"
]
SECRET = (
    "signature",
    "secret",
    "token",
    "digest",
    "csrf",
    "password",
    "hmac",
    "signing_key",
    "api_key",
    "reveal",
)


def compared(source: str) -> Iterator[int]:
    """Lines where something that is named like a secret is compared with ``==``, or by a way of its own."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr == "compare_digest":
            yield node.lineno
        if isinstance(node, ast.Compare) and any(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops):
            sides = [node.left, *node.comparators]
            if any(map(_is_secret, sides)) and not any(map(_is_fixed, sides)):
                yield node.lineno


def _is_secret(side: ast.expr) -> bool:
    return any(word in name.lower() for name in _names(side) for word in SECRET)


def _is_fixed(side: ast.expr) -> bool:
    """A constant, by its name too: nothing is learned by guessing it."""
    return isinstance(side, ast.Constant) or (isinstance(side, ast.Name) and side.id.isupper())


def _names(side: ast.expr) -> Iterator[str]:
    if isinstance(side, ast.Name):
        yield side.id
    elif isinstance(side, ast.Attribute):
        yield side.attr
    elif isinstance(side, ast.Call):
        yield from _names(side.func)


def test_no_secret_is_compared_by_equality() -> None:
    found = {str(path.relative_to(ROOT)): list(compared(path.read_text())) for path in SOURCES}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "given == signature",
        "if call.csrf_word != session.csrf: pass",
        "ok = key.reveal() == given",
        "hmac.new(key, body, sha256).hexdigest() == given",
        "hmac.compare_digest(a, b)",
    ],
)
def test_a_new_one_is_seen(source: str) -> None:
    assert list(compared(source)) == [1]


@pytest.mark.parametrize(
    ("given", "known", "same"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("", "", False),
        ("a", "", False),
        ("\ud800", "a", False),
        ("ä", "ä", True),
    ],
)
def test_the_same_secret(given: str, known: str, same: bool) -> None:
    assert same_secret(given, known) is same

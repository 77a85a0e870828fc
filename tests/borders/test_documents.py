"""The code in our documents is right: what can be run is run, the rest is read by what would read it."""

import json
from pathlib import Path
from typing import Annotated, Any

import makeready_hooks
import pytest
from documents import (
    Block,
    blocks,
    broken_links,
    check_imports,
    commands_in,
    run_python,
    runs_alone,
    wrong_in_command,
    wrong_in_toml,
)
from makeready_hooks.model import assumptions
from makeready_hooks.model.price import PriceQuery, Quote
from makeready_hooks.testing.emulation import EmulatorSetup
from makeready_hooks.testing.kit import AsgiHttp, Vendor
from msgspec import Meta, Struct, structs
from platen_connector import CONNECTOR
from platen_emulator import EMULATOR
from said import is_said, quoted_in

NOT_READ = {"text": "told, not typed"}
"""Languages of blocks that nobody runs, with the reason."""
RUN_ELSEWHERE = {"docs/tutorial.md": "in their order, by tests/lab/test_tutorial.py"}
"""Documents whose blocks are steps of one story."""
READ_HERE = [one for one in blocks() if one.document not in RUN_ELSEWHERE]
EXPLAINED: dict[str, dict[str, Any]] = {
    "docs/writing-a-connector.md": {
        **{name: getattr(makeready_hooks, name) for name in makeready_hooks.__all__},
        **{name: getattr(assumptions, name) for name in ("INFERRED", "assumed", "member_of")},
        "Annotated": Annotated,
        "Meta": Meta,
        "Struct": Struct,
        "structs": structs,
        "Quote": Quote,
        "PriceQuery": PriceQuery,
        "CONNECTOR": CONNECTOR,
        "EMULATOR": EMULATOR,
        "vendor": Vendor(AsgiHttp(EMULATOR.build(EmulatorSetup(base_url="http://vendor.example"))), {}),
        "pytest": pytest,
    },
}
"""Documents whose blocks are run, with the names that they use without an import."""
ONLY_READ = {
    "docs/adr/0008-contexts.md": "a line out of a module, whose names it does not import",
}
"""Documents whose Python is compiled and its imports looked up, and not run."""
QUOTING = ("docs/first-order.md", "docs/how-to.md", "docs/troubleshooting.md")
"""Documents in which bold is what pages, commands and alerts say, word by word."""


def of(*languages: str) -> Any:
    return pytest.mark.parametrize(
        "block", [one for one in READ_HERE if one.language in languages], ids=lambda block: block.name
    )


@of("python")
def test_python_in_a_document_is_run_or_at_least_read(block: Block) -> None:
    check_imports(block.text)
    if block.document not in ONLY_READ and runs_alone(block.text):
        run_python(block.text, EXPLAINED.get(block.document, {}))


@of("toml")
def test_settings_in_a_document_are_there_and_can_have_these_values(block: Block) -> None:
    assert list(wrong_in_toml(block.text)) == []


@of("console", "sh", "bash")
def test_what_a_document_says_to_type_can_be_typed(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = {line: wrong_in_command(line, tmp_path) for line in commands_in(block.text)}
    assert found
    assert {line: why for line, why in found.items() if why} == {}


@of("json")
def test_json_in_a_document_is_json(block: Block) -> None:
    json.loads(block.text)


def test_nobody_writes_a_block_in_a_language_that_no_test_reads() -> None:
    known = {"python", "toml", "console", "sh", "bash", "json", *NOT_READ}
    assert [one.name for one in READ_HERE if one.language not in known] == []


def test_links_lead_to_what_is_there() -> None:
    assert list(broken_links()) == []


@pytest.mark.parametrize("document", QUOTING)
def test_what_a_document_quotes_is_what_the_product_says(document: str) -> None:
    quoted = [*quoted_in(document)]
    assert quoted
    assert [one for one in quoted if not is_said(one)] == []

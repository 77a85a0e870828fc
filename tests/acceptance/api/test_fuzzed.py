"""The running server under data that fits the OpenAPI document and data that does not: every operation of it.

No answer is a defect of ours, none is outside its schema, nothing that does not fit is taken.
"""

import asyncio
import itertools
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from joined import Site, joined
from makeready.extensions import installed
from makeready.web.api.openapi import document
from makeready_pressero_emulator import EMULATOR as PRESSERO
from msgspec import Struct
from processes import Running, run
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.schemas import BaseSchema
from story import SHOP_SITE, STAGE, import_product, order, prepare, until

pytestmark = pytest.mark.long

NORTHFIELD = ("--subscriber", "northfield")
SOUTHGATE = "[subscribers.southgate]\nexternal_user_id = 118\n"
ALL_BUT_ONE_IN = 4
LEAST = ("", "0")
"""What is tried for a text first of all."""
FITS = ["2xx", "401", "403", "404", "409", "422"]
"""A call that fits the document may name what there is not, or what cannot be as things are."""
FITS_NOT = ["400", "401", "404", "413", "422"]
NUMBERS = itertools.count(1000)
CONFIG = {
    "seed": 1,
    "generation": {"mode": "all", "deterministic": True, "max-examples": 6, "database": "none"},
    "phases": {"coverage": {"enabled": True}},
    "checks": {
        "positive_data_acceptance": {"expected-statuses": FITS},
        "negative_data_rejection": {"expected-statuses": FITS_NOT},
    },
    "operations": [
        {"include-operation-id": name, "phases": {"coverage": {"enabled": False}}}
        for name in ("addSubscriber", "applySettings")  # proposeSettings has the same body
    ],
}
FROM_THE_DOCUMENT = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
NAMES = {"revokeToken": "spare", "removeUser": "the-viewer"}
SETTINGS_OF_ANOTHER = ("applySettings", "undoSettings")
"""The subscriber that all others are about keeps its settings."""


class Reached(Struct, frozen=True, kw_only=True):
    url: str
    token: str
    parts: dict[str, str]
    """Parts of addresses that there are."""


@pytest.fixture(scope="module")
def reached(
    tmp_path_factory: pytest.TempPathFactory, shop_process: Running, mis_process: Running
) -> Iterator[Reached]:
    """A subscriber with an order, a linked product and an import, on the emulators of both sides; another without."""
    folder = tmp_path_factory.mktemp("fuzzed")
    site = asyncio.run(joined(folder, shop_process.url, mis_process.url, SOUTHGATE))
    changed = folder / "changed.toml"
    changed.write_text(f'{SOUTHGATE}title = "Southgate Print"\n')
    run("subscriber", "apply", str(changed), "--yes", db=site.db)
    with site.serve() as server:
        prepare(site, server.url)
        import_product(site, "2284")
        number = asyncio.run(_order(site))
        token = run("token", "add", "ci", "--all", "--operator", db=site.db).stdout.strip()
        run("token", "add", "spare", *NORTHFIELD, db=site.db)
        for role in ("viewer", "manager"):
            run("user", "add", f"the-{role}", "--role", role, *NORTHFIELD, "--generate", db=site.db)
        profile = {"name": "posters", "wish": {"site": SHOP_SITE}}
        at, headers = f"{server.url}/api/v1/subscribers/northfield", {"Authorization": f"Bearer {token}"}
        httpx.post(f"{at}/profiles", json=profile, headers=headers, trust_env=False).raise_for_status()
        parts = {
            "subscriber": "northfield",
            "number": number,
            "key": f"{number}-1",
            "line": "1",
            "job": "1",
            "site": SHOP_SITE,
            "product": "2284",
            "profile": "posters",
            "change": "3",
        }
        yield Reached(url=server.url, token=token, parts=parts)


async def _order(site: Site) -> str:
    shop = PRESSERO.driver(site.shop_url)
    placed = await shop.place_order(order("117-2284"))
    await shop.approve(placed.order_number, 1)
    await shop.move_to_stage(placed.order_number, 1, STAGE)

    async def marked() -> Any:
        return await shop.mis_number(placed.order_number, 1)

    await until(marked, "the order is in the MIS")
    await shop.aclose()
    return str(placed.order_number)


@pytest.fixture(scope="module")
def schema() -> BaseSchema:
    load_all_checks()
    described = document(installed().operations, "0")
    return schemathesis.openapi.from_dict(described, config=schemathesis.Config.from_dict(CONFIG))


@pytest.mark.parametrize("name", sorted(operation.name for operation in installed().operations))
def test_every_operation_answers_as_the_document_says(
    name: str, schema: BaseSchema, reached: Reached
) -> None:
    """Its cases are made here: the plugin would make all of them in each process that collects this file, for seconds."""
    tried = build_operation_test(
        config=schema.config,
        operation=schema.find_operation_by_id(name),
        test_func=_is_answered_as_described,
        given_kwargs={},
        feedback=NO_FEEDBACK,
    )
    tried(reached=reached)


@FROM_THE_DOCUMENT
def _is_answered_as_described(case: Case, reached: Reached) -> None:
    name = case.operation.definition.raw["operationId"]
    _point_at_what_there_is(case, reached, name)
    _stay_here(case.body)
    headers = {"Authorization": f"Bearer {reached.token}"}
    case.call_and_validate(base_url=f"{reached.url}/api/v1", headers=headers)


def _point_at_what_there_is(case: Case, reached: Reached, name: str) -> None:
    """Most calls that fit are about the subscriber, the order, the product that there are, under keys of their own."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    body = case.body if isinstance(case.body, dict) else {}
    other = {"subscriber": "southgate"} if name in SETTINGS_OF_ANOTHER else {}
    there_is = {**reached.parts, "name": NAMES.get(name, "the-manager"), **other}
    asked = {"site": SHOP_SITE, "product": "2284", "product_ids": ["2284"], "name": f"n{next(NUMBERS)}"}
    for given, known in (
        (case.path_parameters, there_is),
        (case.query, asked),
        (body, asked),
        (body.get("wish"), asked),
    ):
        for part, value in (given or {}).items():
            if part in known and (value in LEAST or zlib.crc32(str(value).encode()) % ALL_BUT_ONE_IN):
                given[part] = known[part]
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(next(NUMBERS))
    if isinstance(body.get("settings"), dict):
        body["settings"]["external_user_id"] = next(NUMBERS)


def _stay_here(body: object) -> None:
    """No settings lead to a host that is not this one."""
    given = body.get("settings") if isinstance(body, dict) else None
    if isinstance(given, dict):
        given.pop("connectors", None)
        given.pop("alerts", None)

"""Whatever comes in: an answer in a known shape, never a fault of the emulator's own."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from makeready_tharstern_emulator.api.endpoints import ENDPOINTS, emulated_calls
from makeready_tharstern_emulator.wire.dates import read_date, write_date

NAMES = [
    "Orders", "UniqueSubmitOrderID", "InvoiceCustomer", "DeliveryCustomer", "Code", "Address",
    "AddressLines", "Country", "RequiredDate", "OrderDate", "Shipping", "Value", "Net", "Items",
    "StockItemID", "EstimateID", "Quantity", "Assets", "Filename", "Content_URL", "OrderId",
    "Content_Base64", "ProductTypeId", "Title", "Parts", "Processes", "ProductTypePartId", "Pages",
    "JobNo", "JobID", "JobId", "ModuleType", "RecordNo", "Type", "CustomerCode", "Name", "Email",
    "Notes", "ModuleNo", "SetAsProductionReady", "AddressID", "Ref1",
]  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["4107", 4107, 23, "NORTH01", 10**400, "1e999", "2027-02-30", "9999-12-31T23:59:59-14:00"]
    )
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=25,
)
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8).map(json.dumps).map(str.encode)
POSTS = [endpoint.path for endpoint in ENDPOINTS if endpoint.verb == "POST"]


@given(body=BODIES | st.binary(max_size=60), path=st.sampled_from(POSTS))
@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
def test_any_body_gets_an_answer_in_a_known_shape(post: Any, body: bytes, path: str) -> None:
    answer = post(path, body)
    document = answer.json()
    if answer.status_code == 200:
        assert isinstance(document["Status"]["Success"], bool)
    elif answer.status_code == 400:
        assert "ModelState" in document or document["Details"]["Result"]["Problems"]
    else:
        assert (answer.status_code, path) == (405, "customers")


@given(st.datetimes())
def test_a_date_that_was_written_reads_as_the_same(moment: Any) -> None:
    assert read_date(write_date(moment)) == moment


@pytest.mark.parametrize(
    ("text", "echo"),
    [
        ("2021-11-15T00:00:00", "2021-11-15T00:00:00"),
        ("2021-11-15T13:41:13.5", "2021-11-15T13:41:13.5"),
        ("2027-02-03T09:41:07.2512345Z", "2027-02-03T09:41:07.251234"),
        ("2027-02-03T09:41:07+02:00", "2027-02-03T07:41:07"),
        ("2027-02-03", "2027-02-03T00:00:00"),
        ("15-Nov-21", "2021-11-15T00:00:00"),
    ],
)
def test_every_form_of_a_date_that_was_seen_is_read(text: str, echo: str) -> None:
    moment = read_date(text)
    assert moment is not None
    assert write_date(moment) == echo


@pytest.mark.parametrize("text", ["", "soon", "2027-13-01", "15/11/2021", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


async def test_member_names_ignore_case(api: Any, sample: Any) -> None:
    body = sample("order-minimal.json").replace(b"UniqueSubmitOrderID", b"uniquesubmitorderid")
    answer = await api.post("orders/submit", body)
    assert answer.json()["Details"]["Orders"][0]["ID"] == 30001


async def test_a_large_body_is_refused_and_not_kept_forever(api: Any) -> None:
    answer = await api.post("estrequest", b"{" + b" " * 65_000_000 + b"}")
    assert answer.status_code == 400


async def test_recorded_queries_find_their_records(api: Any, sample: Any) -> None:
    await api.post("estrequest", sample("estimate-card.json"))
    await api.post("estrequest", sample("estimate-card.json"))
    await api.post("orders/submit", sample("order-two-lines.json", files="http://files.example"))
    counts = [
        (query.partition("?")[0], (await api.details(query))["TotalItemCount"])
        for query in sample("queries.txt").decode().splitlines()
    ]
    assert counts == [
        ("products", 1),
        ("products", 1),
        ("producttypes", 1),
        ("estimates", 2),
        ("estimates", 1),
        ("estimates", 2),
        ("orders", 1),
        ("orders", 1),
    ]


def test_the_table_of_functions_has_every_function_once() -> None:
    assert (
        len(emulated_calls()) == len({(endpoint.verb, endpoint.path.lower()) for endpoint in ENDPOINTS}) == 23
    )
    assert {endpoint.mark for endpoint in ENDPOINTS} == {"seen", "inferred", "switch"}

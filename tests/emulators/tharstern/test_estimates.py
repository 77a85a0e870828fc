"""Estimates: prices of what is made to order."""

import json
from typing import Any

import pytest


async def estimate(api: Any, **request: Any) -> Any:
    answer = await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 500, "Title": "PR-1", **request})
    assert answer.status_code == 200
    return answer.json()["Details"]["Estimate"]


async def test_the_example_can_be_posted_back_as_it_came(api: Any) -> None:
    example = await api.details("EstRequest/23/Example")
    answer = await api.post("estrequest", example)
    assert answer.json()["Details"]["Estimate"]["TotalPrice"] == 61.75


async def test_the_estimate_begins_the_details_and_its_id_and_ref_begin_the_estimate(api: Any) -> None:
    answer = await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 500})
    start = '{"Status":{"Success":true},"Details":{"Estimate":{"ID":88001,"EstimateRef":"E0088001",'
    assert answer.text.startswith(start)
    assert answer.text.endswith('"Result":{"Problems":[]}}}')


async def test_a_dearer_paper_and_a_process_are_paid_for(api: Any, sample: Any) -> None:
    answer = await api.post("estrequest", sample("estimate-card.json"))
    # 24.25 + 1000 * 0.075 * 2.4 for the cotton board, and 12 + 1000 * 0.02 for the lamination.
    assert answer.json()["Details"]["Estimate"]["TotalPrice"] == 236.25


async def test_every_question_leaves_an_estimate(api: Any) -> None:
    first, second = await estimate(api), await estimate(api)
    assert first["ID"] != second["ID"]
    assert (await api.details("estimates"))["TotalItemCount"] == 2


async def test_estimates_are_found_by_id_by_ref_and_by_a_word_of_the_title(api: Any) -> None:
    one, two = await estimate(api, Title="PR-10442-2 card"), await estimate(api, Title="other")
    assert await api.items(f"estimates?id[0]={one['ID']}&id[1]={two['ID']}") == [one, two]
    assert await api.items(f"estimates?estimateRef%5B0%5D={two['EstimateRef']}") == [two]
    assert await api.items("estimates", keyword="pr-10442") == [one]


async def test_a_plain_name_binds_to_an_array_only_if_the_switch_says_so(api: Any) -> None:
    one, _ = await estimate(api), await estimate(api)
    assert len(await api.items("estimates", id=one["ID"])) == 2
    await api.switch(plain_arrays="on")
    assert await api.items("estimates", id=one["ID"]) == [one]


@pytest.mark.parametrize("quantity", [0, -1, None])
async def test_a_quantity_that_is_not_above_zero_is_a_model_error(api: Any, quantity: int | None) -> None:
    answer = await api.post("estrequest", {"ProductTypeId": 23, "Quantity": quantity})
    assert answer.status_code == 400
    assert answer.json() == {
        "Message": "The request is invalid.",
        "ModelState": {"estRequestProduct.Quantity": ["Quantity must be above zero."]},
    }


@pytest.mark.parametrize(
    "request_",
    [
        {"ProductTypeId": 99},
        {"ProductTypeId": 10**12},
        {"ProductTypeId": 40},
        {"Parts": [{"ProductTypePartId": 1}]},
        {"Parts": [{"ProductTypePartId": 231, "PaperCode": "GOLD"}]},
        {"Processes": [{"ProcessTypeID": 77}]},
    ],
)
async def test_what_cannot_be_estimated_is_a_problem_and_leaves_nothing(api: Any, request_: Any) -> None:
    answer = await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 1, **request_})
    assert answer.status_code == 400
    assert answer.json()["Status"] == {"Success": False}
    assert len(answer.json()["Details"]["Result"]["Problems"]) == 1
    assert (await api.details("estimates"))["TotalItemCount"] == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'"x"', b"\xff\xfe", b"<xml/>"])
async def test_a_body_that_is_no_json_object_is_a_model_error(api: Any, body: bytes) -> None:
    answer = await api.post("estrequest", body)
    assert answer.status_code == 400
    assert list(answer.json()["ModelState"]) == ["estRequestProduct"]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("Quantity", "many"),
        ("Quantity", 1.5),
        ("Quantity", {}),
        ("Title", []),
        ("Title", 10**400),
        ("Parts", 3),
        ("Parts", [1]),
    ],
)
async def test_a_member_of_the_wrong_kind_is_named_in_the_model_error(
    api: Any, member: str, value: Any
) -> None:
    answer = await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 5, member: value})
    assert answer.status_code == 400
    assert f"estRequestProduct.{member}" in answer.json()["ModelState"]


async def test_an_estimate_can_exist_although_failure_was_reported(api: Any) -> None:
    await api.switch(estimate_false="next:1")
    answer = await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 500, "Title": "PR-77"})
    assert (answer.status_code, answer.json()["Status"]["Success"]) == (200, False)
    assert len(await api.items("estimates", keyword="PR-77")) == 1


async def test_a_new_estimate_from_an_existing_one_has_the_new_quantity(api: Any, sample: Any) -> None:
    document = json.loads(sample("estimate-card.json"))
    old = (await api.post("estrequest", document)).json()["Details"]["Estimate"]
    answer = await api.post("estimate/newestimatefromexisting", b"", estimateId=old["ID"], quantity=2000)
    new = answer.json()["Details"]["Estimate"]
    assert (new["Quantity"], new["Title"], new["TotalPrice"]) == (2000, "PR-10442-2", 436.25)
    assert new["ID"] != old["ID"]


async def test_a_new_estimate_from_an_unknown_one_is_a_problem(api: Any) -> None:
    answer = await api.post("estimate/newestimatefromexisting", b"", estimateId=1, quantity=10)
    assert answer.status_code == 400
    assert answer.json()["Details"]["Result"]["Problems"] == ["Estimate 1 was not found."]


async def test_the_retired_path_of_new_estimates_is_not_there(api: Any) -> None:
    assert (await api.post("estimates/newestimatefromexisting", b"", id=88001)).status_code == 404


async def test_model_errors_can_be_texts(start: Any) -> None:
    api = await start({"model-state": "texts"})
    answer = await api.post("estrequest", {"Quantity": 0})
    assert answer.json()["ModelState"] == {
        "estRequestProduct.Quantity": "Quantity must be above zero.",
        "estRequestProduct.ProductTypeId": "The ProductTypeId field is required.",
    }


@pytest.mark.parametrize("query", [{"estimateId": 88001}, {"estimateId": 88001, "quantity": 0}])
async def test_a_new_estimate_without_a_quantity_is_a_model_error(api: Any, query: dict[str, int]) -> None:
    await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 1})
    answer = await api.post("estimate/newestimatefromexisting", b"", **query)
    assert (answer.status_code, list(answer.json()["ModelState"])) == (400, ["quantity"])

"""Jobs: from an estimate to the workflow, a planned delivery, and on."""

from datetime import datetime
from typing import Any

import pytest


@pytest.fixture
async def job(api: Any) -> str:
    """The number of a job for 500 cards."""
    await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 500, "Title": "PR-10442-2"})
    body = {
        "EstimateID": "88001",
        "Ref1": "PR-10442",
        "Ref2": "Waiting approval",
        "SetAsProductionReady": True,
        "SubmitToWorkflow": False,
    }
    answer = await api.post("job/createfromestimate", body)
    number: str = answer.json()["Details"]["JobNo"]
    return number


async def test_a_job_is_made_from_an_estimate(api: Any, job: str) -> None:
    assert await api.items("jobs", **{"jobNo[0]": job}) == [
        {
            "ID": 52001,
            "JobNo": "J0052001",
            "Title": "PR-10442-2",
            "Quantity": 500,
            "Status": "Created",
            "OrderID": None,
            "EstimateID": 88001,
            "Ref1": "PR-10442",
            "Ref2": "Waiting approval",
            "RequiredDate": None,
            "SetAsProductionReady": True,
            "SubmittedToWorkflow": False,
        }
    ]


async def test_jobs_are_found_by_id_and_by_number(api: Any, job: str) -> None:
    assert await api.items("jobs?id[0]=52001") == await api.items(f"jobs?jobNo[0]={job.lower()}")
    assert await api.items("jobs?jobNo[0]=J1&id[0]=7") == []
    assert len(await api.items("jobs")) == 1


async def test_an_update_changes_what_it_names_and_nothing_else(api: Any, job: str) -> None:
    answer = await api.post("job/update", {"JobNo": job, "Ref2": "Approved", "RequiredDate": "2027-02-12"})
    updated = answer.json()["Details"]["UpdatedJob"]
    assert (updated["Ref1"], updated["Ref2"]) == ("PR-10442", "Approved")
    assert updated["RequiredDate"] == "2027-02-12T00:00:00"
    assert await api.items("jobs?id[0]=52001") == [updated]


async def test_jobs_go_to_the_workflow(api: Any, job: str) -> None:
    assert (await api.post("jdf/submitjobs", {"Items": [{"JobId": 52001}]})).json()["Status"]["Success"]
    (found,) = await api.items(f"jobs?jobNo[0]={job}")
    assert found["SubmittedToWorkflow"] is True


async def test_no_job_goes_to_the_workflow_if_one_is_unknown(api: Any, job: str) -> None:
    answer = await api.post("jdf/submitjobs", {"Items": [{"JobId": 52001}, {"JobId": 5}]})
    assert answer.status_code == 400
    assert answer.json()["Details"]["Result"]["Problems"] == ["Job 5 was not found."]
    (found,) = await api.items(f"jobs?jobNo[0]={job}")
    assert found["SubmittedToWorkflow"] is False


async def test_the_delivery_note_stands_directly_before_the_result(api: Any, job: str) -> None:
    address = {"AddressLines": ["Unit 9", "Dock Road"], "City": "Hull", "Country": "United Kingdom"}
    body = {"JobNo": job, "AddressName": "Goods In", "Address": address, "Quantity": 500}
    answer = await api.post("/job/createpredelivery", body)
    assert answer.text == (
        '{"Status":{"Success":true},"Details":{"DeliveryNoteID":7701,"Result":{"Problems":[]}}}'
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"JobNo": "J1"}, "Job J1 was not found."),
        ({"AddressID": 3}, "Address 3 was not found."),
    ],
)
async def test_a_delivery_of_or_to_something_unknown_is_a_problem(
    api: Any, job: str, change: dict[str, Any], problem: str
) -> None:
    answer = await api.post("job/createpredelivery", {"JobNo": job, "Quantity": 1, **change})
    assert (answer.status_code, answer.json()["Details"]["Result"]["Problems"]) == (400, [problem])


async def test_a_delivery_of_nothing_is_a_model_error(api: Any, job: str) -> None:
    answer = await api.post("job/createpredelivery", {"JobNo": job})
    assert list(answer.json()["ModelState"]) == ["preDelivery.Quantity"]


@pytest.mark.parametrize("function", ["job/createfromestimate", "job/update"])
async def test_what_is_not_there_is_a_problem(api: Any, function: str) -> None:
    answer = await api.post(function, {"EstimateID": 5, "JobNo": "J5"})
    assert answer.status_code == 400
    assert answer.json()["Details"]["Result"]["Problems"][0].endswith("5 was not found.")


async def test_an_order_line_with_an_estimate_becomes_a_job(api: Any, sample: Any) -> None:
    await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 500})
    await api.post("orders/submit", sample("order-two-lines.json", files="http://files.example"))
    (job,) = await api.items("jobs")
    assert (job["OrderID"], job["EstimateID"], job["Ref2"]) == (30001, 88001, "PR-10442")


async def test_an_order_that_moves_on_takes_its_jobs_along(api: Any, sample: Any) -> None:
    await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 500})
    await api.post("orders/submit", sample("order-two-lines.json", files="http://files.example"))
    await api.control("PUT", "orders/SO-0030001/progress", {"status": "In production"})
    (order,), (job,) = await api.items("orders"), await api.items("jobs")
    assert (order["Status"], job["Status"]) == ("In production", "In production")


async def test_a_parcel_that_leaves_shows_its_tracking_number_and_empties_the_shelf(
    api: Any, sample: Any
) -> None:
    await api.post("orders/submit", sample("order-minimal.json"))
    parcel = {"carrier": "Dales Parcels", "tracking": "DP-1"}
    for _ in range(2):
        await api.control("PUT", "orders/30001/progress", {"status": "Dispatched", "delivery": parcel})
    (order,) = await api.items("orders")
    expected = {
        "DeliveryNoteID": 7701,
        "Status": "Dispatched",
        "Courier": "Dales Parcels",
        "ConsignNote": "DP-1",
    }
    left = [datetime.fromisoformat(row.pop("DelDateTime")) for row in order["Deliveries"]]
    assert order["Deliveries"] == [expected, {**expected, "DeliveryNoteID": 7702}]
    assert left == sorted(left)
    (bag,) = await api.items("products", id=4107)
    assert (bag["QtyInStock"], bag["QtyAllocated"]) == (285, 40)


async def test_a_job_moves_by_itself(api: Any, job: str) -> None:
    await api.control("PUT", f"jobs/{job}/progress", {"status": "Finished"})
    assert (await api.items("jobs"))[0]["Status"] == "Finished"


async def test_a_delivery_to_a_country_that_is_not_known_is_a_problem(api: Any, job: str) -> None:
    await api.switch(strict_country="names")
    body = {"JobNo": job, "Quantity": 1, "Address": {"City": "Hull", "Country": "GB"}}
    answer = await api.post("job/createpredelivery", body)
    assert answer.json()["Details"]["Result"]["Problems"] == ["Country 'GB' is not known."]


@pytest.mark.parametrize(("member", "value"), [("Quantity", 0), ("RequiredDate", "soon"), ("Ref1", {})])
async def test_an_update_that_makes_no_sense_changes_nothing(
    api: Any, job: str, member: str, value: Any
) -> None:
    before = await api.items("jobs")
    answer = await api.post("job/update", {"JobNo": job, "Title": "Other", member: value})
    assert list(answer.json()["ModelState"]) == [f"job.{member}"]
    assert await api.items("jobs") == before

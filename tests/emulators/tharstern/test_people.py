"""Customers, contacts, delivery addresses, attachments and notes."""

from typing import Any

import pytest

ADDRESS = {"AddressLines": ["2 Mill Lane"], "City": "Leeds", "Country": "United Kingdom"}


async def test_a_customer_is_found_by_its_code(api: Any) -> None:
    (found,) = await api.items("customers", customerCode="north01")
    assert list(found)[:2] == ["ID", "Code"]
    assert found["Code"] == "NORTH01"
    assert await api.items("customers", customerCode="NOPE") == []


async def test_a_customer_is_found_by_email_only_if_the_switch_names_the_filter(api: Any) -> None:
    query = {"email": "accounts@northfield.example"}
    assert len(await api.items("customers", **query)) == 3
    await api.switch(customer_email_filter="email")
    assert [row["Code"] for row in await api.items("customers", **query)] == ["NORTH01"]


async def test_customers_cannot_be_made_unless_the_switch_is_on(api: Any) -> None:
    body = {"Items": [{"Code": "NEW01", "Name": "New Gallery", "Address": ADDRESS}]}
    assert (await api.post("customers", body)).status_code == 405
    await api.switch(customer_create="on")
    assert (await api.post("customers", body)).json()["Details"]["Items"][0]["Code"] == "NEW01"
    assert len(await api.items("customers", customerCode="NEW01")) == 1


async def test_a_customer_with_a_country_that_is_not_known_is_a_problem(start: Any) -> None:
    api = await start({"customer-create": "on", "strict-country": "codes"})
    body = {"Items": [{"Code": "NEW01", "Name": "New Gallery", "Address": ADDRESS}]}
    answer = await api.post("customers", body)
    assert answer.json()["Details"]["Result"]["Problems"] == ["Country 'United Kingdom' is not known."]


async def test_a_customer_code_is_taken_once(start: Any) -> None:
    api = await start({"customer-create": "on"})
    answer = await api.post("customers", {"Items": [{"Code": "north01", "Name": "Again"}]})
    assert answer.json()["Details"]["Result"]["Problems"] == ["Customer north01 exists."]


async def test_contacts_are_made_and_found_by_customer(api: Any) -> None:
    person = {"CustomerCode": "NORTH01", "Name": "Bo Tran", "Email": "bo@northfield.example"}
    assert (await api.post("contacts", {"Items": [person]})).json()["Status"]["Success"]
    names = [row["Name"] for row in await api.items("contacts", customerCode="NORTH01")]
    assert names == ["Ada Quill", "Bo Tran"]


async def test_a_contact_of_an_unknown_customer_is_a_problem(api: Any) -> None:
    answer = await api.post("contacts", {"Items": [{"CustomerCode": "NOPE", "Name": "Bo"}]})
    assert (answer.status_code, answer.json()["Status"]["Success"]) == (400, False)
    assert len(await api.items("contacts")) == 1


async def test_an_address_answers_with_its_id_and_code_first(api: Any) -> None:
    body = {"CustomerCode": "NORTH01", "Code": "DOCK", "Name": "Goods In", "Address": ADDRESS}
    answer = await api.post("address/create", body)
    assert answer.text.startswith(
        '{"Status":{"Success":true},"Details":{"Items":[{"ID":901,"Code":"DOCK","Name":"Goods In",'
    )


async def test_an_address_can_be_delivered_to(api: Any) -> None:
    await api.post("address/create", {"CustomerCode": "NORTH01", "Code": "DOCK", "Address": ADDRESS})
    await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 1})
    await api.post("job/createfromestimate", {"EstimateID": 88001})
    answer = await api.post("job/createpredelivery", {"JobID": 52001, "AddressID": 901, "Quantity": 1})
    assert answer.json()["Details"]["DeliveryNoteID"] == 7701


@pytest.mark.parametrize(
    ("module", "number", "owner"), [(1, "E0088001", "estimate:88001"), (2, "J0052001", "job:52001")]
)
async def test_files_are_attached_by_the_human_number(api: Any, module: int, number: str, owner: str) -> None:
    await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 1})
    await api.post("job/createfromestimate", {"EstimateID": 88001})
    item = {"Filename": "po.pdf", "ModuleType": {"Value": module}, "RecordNo": number, "Type": {"Value": 20}}
    answer = await api.post("attachments", {"Items": [{**item, "Content_Base64": "JVBERi0xLjQK"}]})
    assert answer.json()["Status"]["Success"]
    received = {"effect": "file received", "owner": owner, "file": "po.pdf", "bytes": 9}
    assert (await api.journal())[-1]["effects"] == [received]


async def test_an_attached_address_is_fetched(api: Any, files: str) -> None:
    await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 1})
    item = {"Filename": "card.pdf", "ModuleType": {"Value": 1}, "RecordNo": "E0088001"}
    await api.post("attachments", {"Items": [{**item, "Content_URL": f"{files}/card.pdf"}]})
    await api.settle()
    effects = [effect["effect"] for effect in (await api.journal())[-1]["effects"]]
    assert effects == ["file named", "artwork fetched"]


@pytest.mark.parametrize("function", ["contacts", "attachments", "customers"])
async def test_a_body_without_items_is_a_model_error(start: Any, function: str) -> None:
    api = await start({"customer-create": "on"})
    answer = await api.post(function, {"Items": []})
    assert answer.json()["ModelState"] == {f"{function}.Items": ["The Items field is required."]}


async def test_a_contact_without_a_name_is_a_model_error(api: Any) -> None:
    answer = await api.post("contacts", {"Items": [{"CustomerCode": "NORTH01"}]})
    assert list(answer.json()["ModelState"]) == ["contacts.Items[0].Name"]


async def test_nothing_is_attached_if_one_record_is_unknown(api: Any) -> None:
    await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 1})
    good = {"Filename": "a", "ModuleType": {"Value": 1}, "RecordNo": "E0088001", "Content_Base64": "YQ=="}
    answer = await api.post("attachments", {"Items": [good, {**good, "RecordNo": "88001"}]})
    assert answer.json()["Details"]["Result"]["Problems"] == ["Record 88001 was not found."]
    assert (await api.control("GET", "state"))["records"]["file"] == 0


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"ModuleType": {"Value": 3}}, "ModuleType"),
        ({"Type": {"Value": 5}}, "Type"),
        ({"Filename": None}, "Filename"),
        ({"Content_Base64": None}, "Content_URL"),
    ],
)
async def test_an_attachment_that_makes_no_sense_is_a_model_error(
    api: Any, change: dict[str, Any], member: str
) -> None:
    good = {"Filename": "a", "ModuleType": {"Value": 1}, "RecordNo": "E1", "Content_Base64": "YQ=="}
    answer = await api.post("attachments", {"Items": [{**good, **change}]})
    assert list(answer.json()["ModelState"]) == [f"attachments.Items[0].{member}"]


async def test_a_note_is_pinned_to_an_estimate(api: Any) -> None:
    await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 1})
    body = {"UserId": 1, "ModuleType": {"Value": 1}, "ModuleNo": "E0088001", "Notes": "Ring before noon"}
    assert (await api.post("notes", {**body, "IsPriority": True})).json()["Status"]["Success"]
    assert (await api.post("notes", {**body, "ModuleNo": "E5"})).status_code == 400
    assert (await api.control("GET", "state"))["records"]["note"] == 1

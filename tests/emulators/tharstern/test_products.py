"""Products, stock items and product types."""

from typing import Any

import pytest


async def test_a_product_is_found_by_its_code_and_by_its_id(api: Any) -> None:
    by_code = await api.items("products", productCode="kit-2284")
    by_id = await api.items("products", id=2284)
    assert by_code == by_id
    assert by_id == [
        {
            "ID": 2284,
            "Code": "KIT-2284",
            "Description": "McDonalds Store Opening Kit",
            "ProductTypes_ID": 0,
            "StockType": "Finished",
            "Price": 20,
            "PriceBreaks": [],
            "QtyInStock": 120,
            "QtyAllocated": 0,
            "Weight": 3.2,
        }
    ]


@pytest.mark.parametrize("query", [{"productCode": "NOPE"}, {"id": 1}])
async def test_a_product_that_is_not_there_is_a_success_with_none(api: Any, query: dict[str, Any]) -> None:
    assert await api.details("products", **query) == {"TotalItemCount": 0, "Items": []}


async def test_members_come_in_the_order_that_clients_cut_by(api: Any) -> None:
    answer = await api.get("products", id=4107)
    start = '{"Status":{"Success":true},"Details":{"TotalItemCount":1,"Items":[{"ID":4107,"Code":"TOTE-NVY",'
    assert answer.text.startswith(start)
    assert answer.headers["content-type"].startswith("application/json")


async def test_money_is_a_bare_number_with_its_breaks(api: Any) -> None:
    answer = await api.get("products", id=4107)
    assert (
        '"Price":4.20,"PriceBreaks":[{"Quantity":25,"Price":3.90},{"Quantity":100,"Price":3.40}]'
        in answer.text
    )


async def test_a_made_to_order_product_has_a_type_and_no_price(api: Any) -> None:
    (card,) = await api.items("products", productCode="BC-STD")
    assert card["ProductTypes_ID"] == 23
    assert "Price" not in card


async def test_parts_and_processes_come_back_with_the_rest(api: Any) -> None:
    kinds = {row["StockType"] for row in await api.items("products")}
    assert kinds == {"Finished", "None", "Part", "Process"}


async def test_a_customer_sees_its_own_and_the_general_products(api: Any) -> None:
    codes = {row["Code"] for row in await api.items("products", customerCode="north01")}
    assert {"NM-GUIDE", "KIT-2284"} <= codes
    assert "ALEY-BAG" not in codes


async def test_a_customer_gets_its_own_price(api: Any) -> None:
    (general,) = await api.items("products", productCode="ALEY-BAG")
    (own,) = await api.items("products", productCode="ALEY-BAG", customerCode="ALEY001")
    assert (general["Price"], own["Price"]) == (0.38, 0.31)


async def test_the_customer_filter_can_have_another_name(start: Any) -> None:
    api = await start({"customer-filter": "customer"})
    everything = await api.details("products", customerCode="NORTH01")
    filtered = await api.details("products", customer="NORTH01")
    assert everything["TotalItemCount"] > filtered["TotalItemCount"]


async def test_pages_hold_every_product_once(start: Any) -> None:
    api = await start({"page-size": "5"})
    pages = [await api.details("products", pageNumber=n) for n in range(1, 5)]
    ids = [row["ID"] for page in pages for row in page["Items"]]
    assert len(ids) == len(set(ids)) == pages[0]["TotalItemCount"]
    assert [len(page["Items"]) for page in pages[:3]] == [5, 5, 5]


async def test_a_client_can_ask_for_a_page_size_up_to_the_limit(start: Any) -> None:
    api = await start({"page-size-limit": "4"})
    assert len(await api.items("products", pageSize=3)) == 3
    assert len(await api.items("products", pageSize=100)) == 4


async def test_paging_members_stand_beside_the_count_if_the_switch_says_so(start: Any) -> None:
    api = await start({"page-members": "on", "page-size": "10"})
    details = await api.details("products")
    assert list(details) == ["TotalItemCount", "PageCount", "PageNumber", "PageSize", "Items"]
    assert (details["PageCount"], details["PageNumber"], details["PageSize"]) == (2, 1, 10)


async def test_a_page_size_that_changes_in_mid_list_makes_products_go_missing(start: Any) -> None:
    api = await start({"page-size": "4", "page-size-later": "5"})
    first, second = await api.items("products"), await api.items("products", pageNumber=2)
    everything = [row["ID"] for row in await api.items("products", pageSize=100)]
    assert [row["ID"] for row in first] == everything[:4]
    assert [row["ID"] for row in second] == everything[5:10]


@pytest.mark.parametrize("query", [{"id": "abc"}, {"pageNumber": "0"}, {"pageSize": "x"}])
async def test_a_query_that_is_no_number_is_a_model_error(api: Any, query: dict[str, Any]) -> None:
    answer = await api.get("products", **query)
    assert answer.status_code == 400
    assert list(answer.json()["ModelState"]) == list(query)


async def test_assumed_names_can_be_replaced_while_it_runs(api: Any) -> None:
    await api.switch(field_map="product.price=UnitPrice, product.weight=Kg")
    (kit,) = await api.items("products", id=2284)
    assert (kit["UnitPrice"], kit["Kg"]) == (20, 3.2)
    assert "Price" not in kit


async def test_a_product_type_comes_with_its_parts_and_processes(api: Any) -> None:
    (card,) = await api.items("producttypes", id=23)
    assert [part["ID"] for part in card["Parts"]] == [231]
    assert [process["ID"] for process in card["Processes"]] == [5, 9]


async def test_the_example_of_an_unknown_product_type_is_a_problem(api: Any) -> None:
    answer = await api.get("estrequest/99/example")
    assert (answer.status_code, answer.json()["Details"]["Result"]["Problems"]) == (
        400,
        ["Product type 99 was not found."],
    )


async def test_an_unknown_product_type_is_a_success_with_none(api: Any) -> None:
    assert (await api.details("producttypes", id=99))["TotalItemCount"] == 0


async def test_an_unknown_function_gets_a_page_of_the_web_server(api: Any) -> None:
    for url in ("/TharsternAPI/api/invoices", "/tharsternapi", "/TharsternAPI/api"):
        answer = await api.http.get(url)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html")


async def test_a_wrong_verb_is_refused(api: Any) -> None:
    assert (await api.post("products", {})).status_code == 405

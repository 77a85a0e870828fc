"""Pages for people: they show what is there, escape it, and take two forms."""

import json
from typing import Any

import pytest

PATHS = ["/", "/products", "/estimates", "/orders", "/jobs", "/journal"]


@pytest.mark.parametrize("path", PATHS)
async def test_every_page_opens_and_loads_nothing_from_elsewhere(api: Any, path: str) -> None:
    answer = await api.http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "http://" not in answer.text.replace("http://tharstern.test", "")
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_an_order_shows_its_lines_its_artwork_and_where_it_goes(
    api: Any, sample: Any, files: str
) -> None:
    await api.post("orders/submit", sample("order-kit.json", files=files))
    await api.settle()
    page = (await api.http.get("/orders/30001")).text
    for text in ("SO-0030001", "7310-1", "McDonalds Store Opening Kit", "12 bytes", "2 Mill Lane", "poster"):
        assert text in page
    assert "SO-0030001" in (await api.http.get("/orders")).text


async def test_jobs_and_estimates_are_shown(api: Any, sample: Any) -> None:
    await api.post("estrequest", sample("estimate-card.json"))
    await api.post("job/createfromestimate", {"EstimateID": 88001})
    assert "E0088001" in (await api.http.get("/estimates")).text
    assert "J0052001" in (await api.http.get("/jobs")).text


async def test_what_clients_send_is_escaped(api: Any, sample: Any) -> None:
    script = "<script>alert(1)</script>"
    document = json.loads(sample("order-kit.json", files="javascript:alert(1);//"))
    order = document["Orders"][0]
    order["UniqueSubmitOrderID"] = order["DeliveryCustomer"]["Name"] = order["Ref1"] = script
    order["Items"][0]["Description"] = order["Items"][0]["Assets"]["Items"][0]["Filename"] = script
    await api.post("orders/submit", document)
    await api.post("estrequest", {"ProductTypeId": 23, "Quantity": 1, "Title": script})
    await api.get("orders", q=script)
    await api.settle()
    for path in (*PATHS, "/orders/30001"):
        text = (await api.http.get(path)).text
        assert "<script" not in text
        assert 'href="javascript' not in text


async def test_an_order_that_is_not_there_is_a_404(api: Any) -> None:
    assert (await api.http.get("/orders/1")).status_code == 404


async def test_products_can_be_searched_and_turned_over(api: Any) -> None:
    await api.control("POST", "catalogue", {"count": 100})
    assert "Page 2 of 3" in (await api.http.get("/products?page=2")).text
    found = (await api.http.get("/products?q=navy+tote")).text
    assert "TOTE-NVY" in found
    assert "KIT-2284" not in found


async def test_a_person_sets_a_price_and_stock(api: Any) -> None:
    answer = await api.http.post("/products/4107", data={"price": "0", "in_stock": "7"})
    assert answer.status_code == 303
    (bag,) = await api.items("products", id=4107)
    assert (bag["Price"], bag["QtyInStock"]) == (0, 7)


async def test_a_price_that_is_no_number_changes_nothing(api: Any) -> None:
    await api.http.post("/products/4107", data={"price": "-1", "in_stock": "NaN"})
    (bag,) = await api.items("products", id=4107)
    assert (bag["Price"], bag["QtyInStock"]) == (4.2, 310)


async def test_a_person_moves_an_order_on(api: Any, sample: Any) -> None:
    await api.post("orders/submit", sample("order-minimal.json"))
    form = {"status": "Dispatched", "carrier": "Dales Parcels", "tracking": "DP-1"}
    assert (await api.http.post("/orders/30001", data=form)).status_code == 303
    (order,) = await api.items("orders")
    assert (order["Status"], order["Deliveries"][0]["ConsignNote"]) == ("Dispatched", "DP-1")


async def test_a_form_of_another_site_is_refused(api: Any, sample: Any) -> None:
    await api.post("orders/submit", sample("order-minimal.json"))
    headers = {"sec-fetch-site": "cross-site"}
    answer = await api.http.post("/orders/30001", data={"status": "Dispatched"}, headers=headers)
    assert answer.status_code == 400
    assert (await api.items("orders"))[0]["Status"] == "Received"


@pytest.mark.parametrize("path", ["reset", "tokens/expire", "catalogue", "scenario"])
async def test_a_control_call_that_a_form_could_send_is_refused(api: Any, path: str) -> None:
    assert (await api.http.post(f"/_emulator/{path}", data={"count": "1"})).status_code == 415


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("PUT", "orders/1/progress"),
        ("PUT", "jobs/J1/progress"),
        ("PUT", "products/NOPE/price"),
        ("PUT", "products/NOPE/stock"),
    ],
)
async def test_a_control_call_for_what_is_not_there_says_so(api: Any, verb: str, path: str) -> None:
    answer = await api.http.request(verb, f"/_emulator/{path}", json={"status": "x"})
    assert answer.status_code == 404
    assert answer.json()["error"].startswith("there is no")


async def test_a_control_call_with_a_wrong_body_says_why(api: Any) -> None:
    answer = await api.http.put("/_emulator/products/4107/price", json={"prise": 3})
    assert answer.status_code == 400
    assert "prise" in answer.json()["error"]

"""Status and deliveries of an order, from members that nobody has seen: read leniently."""

from datetime import UTC, datetime
from typing import Any

import pytest
from connector_strategies import json_values
from hypothesis import given
from hypothesis import strategies as st
from makeready_hooks import Secret
from makeready_hooks.model.progress import Shipment
from makeready_hooks.model.submission import AcceptedOrder
from makeready_tharstern.assumptions import Assumptions
from makeready_tharstern.orders.progress import progress_of, shipments_from
from makeready_tharstern.settings import TharsternSettings
from makeready_tharstern.wire import SubmittedOrder

SETTINGS = TharsternSettings(
    server_url="https://mis.example", login="a", password=Secret("b"), api_key=Secret("c")
)


def delivery(**changes: Any) -> dict[str, Any]:
    return {
        "Courier": "Dales Parcels",
        "ConsignNote": "DP-1",
        "DelDateTime": "2026-07-08T09:30:00",
        **changes,
    }


def read(*deliveries: Any) -> tuple[Shipment, ...]:
    return shipments_from({"Deliveries": list(deliveries)}, Assumptions(), "Europe/London")


def test_a_delivery_s_date_is_the_server_s() -> None:
    [shipment] = read(delivery())
    assert shipment == Shipment(
        tracking="DP-1", carrier="Dales Parcels", shipped_at=datetime(2026, 7, 8, 8, 30, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    "date", [None, "", "soon", 7, "0001-01-01T00:00:00", "9999-12-31T23:59:59-12:00", {}]
)
def test_a_delivery_without_a_date_is_a_parcel_all_the_same(date: object) -> None:
    [shipment] = read(delivery(DelDateTime=date))
    assert shipment.shipped_at is None


@pytest.mark.parametrize("tracking", [None, "", "  ", False, {}, [], 1.5])
def test_a_delivery_without_a_tracking_number_is_no_parcel(tracking: object) -> None:
    assert read(delivery(ConsignNote=tracking)) == ()


def test_a_tracking_number_is_one_parcel_however_often_and_in_whatever_form_it_comes() -> None:
    found = read(
        delivery(ConsignNote=4711), delivery(ConsignNote=" 4711 "), "odd", delivery(ConsignNote="4712")
    )
    assert [shipment.tracking for shipment in found] == ["4711", "4712"]


@given(st.dictionaries(st.sampled_from(["Deliveries", "Courier", "ConsignNote"]), json_values))
def test_whatever_stands_there_is_survived(item: dict[str, Any]) -> None:
    for shipment in shipments_from(item, Assumptions(), "UTC"):
        assert shipment.tracking


def test_an_order_is_found_by_its_id_and_by_a_number_that_a_person_entered() -> None:
    order = SubmittedOrder(id=30001, number="SO-0030001", status_details="", status="Finished")
    by_id = AcceptedOrder(id="30001", number="SO-0030001")
    by_number = AcceptedOrder(id="so-0030001", number="so-0030001")
    other = AcceptedOrder(id="30002")
    found = list(progress_of([by_id, by_number, other], [order], SETTINGS))
    assert [(one.accepted, one.status) for one in found] == [(by_id, "Finished"), (by_number, "Finished")]

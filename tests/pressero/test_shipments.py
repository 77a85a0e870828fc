"""A parcel of the MIS as Pressero takes it."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from makeready_hooks import decode_secret
from makeready_hooks.model.progress import Shipment, Stage
from makeready_hooks.testing.kit import an_order_line
from makeready_pressero.orders.mapping import stages_from
from makeready_pressero.orders.shipments import method_of, shipment_info, shows
from makeready_pressero.settings import PresseroSettings

LOGIN = {
    "admin_url": "https://admin.shop.example",
    "user_name": "bridge",
    "password": "hush-hush",
    "subscriber_id": "0a5d2c1e",
    "consumer_id": "c0ffee",
}
PARCEL = Shipment(
    tracking="DP-1", carrier="Dales Parcels", shipped_at=datetime(2026, 3, 8, 9, 30, tzinfo=UTC)
)


def settings(**changes: Any) -> PresseroSettings:
    return msgspec.convert({**LOGIN, **changes}, PresseroSettings, dec_hook=decode_secret)


def test_a_parcel_has_the_members_that_are_seen() -> None:
    lines = [an_order_line(1), an_order_line(2)]
    assert shipment_info(lines, PARCEL, settings()) == {
        "ShipDate": "2026-03-08T09:30:00",
        "Tracking": "DP-1",
        "Cost": 0,
        "Address": {
            "FirstName": "Ada",
            "LastName": "Quill",
            "Address1": "2 Mill Lane",
            "StateProvince": "",
            "Postal": "LS1 4AP",
            "Country": "GB",
        },
        "Items": [{"OrderItemId": "line-1"}, {"OrderItemId": "line-2"}],
    }


def test_a_parcel_without_a_date_has_none() -> None:
    assert "ShipDate" not in shipment_info([an_order_line()], Shipment(tracking="DP-1"), settings())


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("https://track.example/{tracking}", "https://track.example/DP-1"),
        ("{carrier} {tracking}", "Dales Parcels DP-1"),
    ],
)
def test_buyers_read_a_tracking_number_in_the_form_that_is_set(form: str, text: str) -> None:
    chosen = settings(tracking_text=form)
    assert shipment_info([an_order_line()], PARCEL, chosen)["Tracking"] == text
    assert shows([{"ShipTracking": text}], PARCEL, chosen)
    assert shows([{"ShipTracking": " dp-1 "}], PARCEL, chosen), "as a person typed it"
    assert not shows([{"ShipTracking": "DP-11"}, {"ShipTracking": None}, {}], PARCEL, chosen)


def test_a_parcel_on_another_item_is_not_taken_for_one_on_this() -> None:
    rows = [{"ShipTracking": "DP-1", "OrderItemId": "line-2"}]
    assert shows(rows, PARCEL, settings(), "line-2")
    assert shows(rows, PARCEL, settings())
    assert not shows(rows, PARCEL, settings(), "line-1")


def test_a_form_without_the_number_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"tracking_text must hold \{tracking\}"):
        settings(tracking_text="{carrier}")


def test_the_method_is_the_buyer_s_choice_else_the_carrier() -> None:
    assert method_of(an_order_line(shipping_method="Standard"), PARCEL) == "Standard"
    assert method_of(an_order_line(), PARCEL) == "Dales Parcels"


def test_stages_come_in_the_order_of_their_workflow_and_odd_rows_are_survived() -> None:
    rows = [
        {"WorkflowStageId": "b", "Seq": 2, "PrinterStage": "Press"},
        {"WorkflowStageId": "a", "Seq": "1", "PrinterStage": "Prepress"},
        {"PrinterStage": "No id"},
        {"WorkflowStageId": "c", "Seq": "third", "PrinterStage": None},
    ]
    assert stages_from(rows) == (
        Stage(id="c", name=""),
        Stage(id="a", name="Prepress"),
        Stage(id="b", name="Press"),
    )

"""The main job in one command, as a newcomer runs it."""

import json
import shlex
import subprocess
from pathlib import Path

import pytest
from processes import run

pytestmark = pytest.mark.waits

SAMPLES = Path(__file__).parents[2] / "samples"


def test_a_newcomer_sees_the_whole_story(tmp_path: Path) -> None:
    """One demonstration for all that is looked at: it waits for the shop's call limit."""
    out = tmp_path / "out"
    done = run("demo", "--headless", "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    every_step_happened_and_was_timed(out)
    the_reference_order_arrived_member_for_member(out)
    three_products_are_in_the_shop_as_the_integrator_chose(out)
    the_state_is_kept_and_can_be_asked(out)
    the_command_that_it_names_can_be_typed(done.stdout)
    an_earlier_demonstration_is_left_alone(out)


def every_step_happened_and_was_timed(out: Path) -> None:
    report = json.loads((out / "report.json").read_text())
    assert report["outcome"] == "done"
    assert len(report["steps"]) == 10
    assert all(step["outcome"] == "done" and step["milliseconds"] >= 0 for step in report["steps"])


def the_reference_order_arrived_member_for_member(out: Path) -> None:
    reference = json.loads((SAMPLES / "order-submit.json").read_text())
    received = json.loads((out / "mis-orders.json").read_text())
    assert len(received) == 2
    assert [body for body in received if body["Orders"][0]["UniqueSubmitOrderID"] == "6994-1"] == [reference]


def three_products_are_in_the_shop_as_the_integrator_chose(out: Path) -> None:
    products = json.loads((out / "shop-products.json").read_text())
    imported = [product for product in products if str(product["PrintersPartNum"]).startswith("117-")]
    assert len(imported) == 3
    for product in imported:
        number = product["PrintersPartNum"]
        assert product["PublicPartNum"] == number
        assert [group["GroupName"] for group in product["AllowedGroups"]] == ["Everyone"]
        [pairing] = product["ProductGroupCalculators"]
        assert pairing["CalcConfiguration"] == f"{number}-shop.northfield.example"
        assert [markup["Markup"] for markup in product["Markups"]] == [25]
        assert [upload["Required"] for upload in product["FileUploads"]] == [True]


def the_state_is_kept_and_can_be_asked(out: Path) -> None:
    shown = run("orders", "show", "northfield", "6994", "--json", db=out / "makeready.db")
    story = json.loads(shown.stdout)
    assert [line["state"] for line in story["lines"]] == ["accepted"]
    assert story["sent"][0]["submission"]["marked"] is True
    [attempt] = story["sent"][0]["attempts"]
    assert attempt["answer"]["Status"] == {"Success": True}
    assert str(attempt["answer"]["Details"]["Orders"][0]["ID"]) == story["lines"][0]["mis_id"]
    assert [row["to_state"] for row in story["history"]] == [
        "seen",
        "waiting",
        "waiting",
        "ready",
        "submitting",
        "accepted",
    ]


def the_command_that_it_names_can_be_typed(printed: str) -> None:
    """Also where makeready is not on the path."""
    [line] = [one for one in printed.splitlines() if " orders show " in one]
    typed = shlex.split(line.partition(": ")[2])
    shown = subprocess.run(typed, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own
    assert shown.returncode == 0, shown.stderr
    assert "6994" in shown.stdout


def an_earlier_demonstration_is_left_alone(out: Path) -> None:
    done = run("demo", "--headless", "--out", str(out))
    assert done.returncode == 3
    assert "holds an earlier demonstration" in done.stderr


def test_a_demonstration_whose_orders_are_refused_says_so_and_fails(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    switches = ("--switch", "pressero.rate-limit=off", "--switch", "tharstern.strict-customer=on")
    done = run("demo", "--headless", "--out", str(folder), *switches)
    assert done.returncode == 1
    assert "FAILED" in done.stdout
    report = json.loads((folder / "report.json").read_text())
    assert report["outcome"] == "failed"
    assert "Tharstern refuses the order" in report["steps"][-1]["error"]

"""A test order tells what a site does with a repeated order, and how it can be asked."""

import json

import httpx
import pytest
from processes import run


def switch(url: str, **switches: str) -> None:
    names = {name.replace("_", "-"): value for name, value in switches.items()}
    httpx.put(f"{url}/_emulator/switches", json=names, trust_env=False).raise_for_status()


def order(site, *options: str):
    return run("subscriber", "test-order", "northfield", "--product", "2284", *options, db=site.db)


@pytest.mark.parametrize(
    ("duplicates", "finding"),
    [
        ("second-order", "makes a second one"),
        ("same-id", "gives the first one's ID again"),
        ("refuse", "A repeated order is refused"),
    ],
)
def test_what_a_repeated_order_does_is_learned(site, duplicates: str, finding: str) -> None:
    switch(site.mis_url, duplicate_orders=duplicates)
    done = order(site)
    assert done.returncode == 0, done.stderr
    assert finding in done.stdout


def test_a_way_to_ask_is_found_and_kept(site) -> None:
    switch(site.mis_url, order_filter="ref1")
    done = order(site, "--keep")
    assert done.returncode == 0, done.stderr
    assert "None of" in done.stdout, "our key is not in Ref1"
    switch(site.mis_url, order_filter="uniqueSubmitOrderID")
    done = order(site, "--keep")
    assert "finds an order by our key" in done.stdout
    assert "order_reference_filter = 'uniqueSubmitOrderID'" in done.stdout
    assert "uniqueSubmitOrderID" in run("subscriber", "export", "northfield", db=site.db).stdout


def test_what_was_learned_is_kept_with_its_date_and_shown_by_the_check(site) -> None:
    before = run("subscriber", "check", "northfield", db=site.db).stdout
    assert "waits for a person: the MIS cannot be asked for it. To learn how" in before
    switch(site.mis_url, order_filter="uniqueSubmitOrderID")
    order(site, "--keep")
    after = run("subscriber", "check", "northfield", db=site.db).stdout
    assert "is looked for in the MIS, and sent again only if it is not there. Test order 20" in after
    assert "A repeated order makes a second one" in after
    shown = json.loads(run("subscriber", "show", "northfield", "--json", db=site.db).stdout)
    assert {row["about"] for row in shown["learned"]} == {"duplicates", "read-back"}


def test_a_site_that_ignores_filters_is_not_trusted(site) -> None:
    done = order(site)
    assert "a person decides where an answer was lost" in done.stdout


def test_a_live_environment_is_never_sent_one(site) -> None:
    exported = run("subscriber", "export", "northfield", db=site.db).stdout
    file = site.db.with_name("live.toml")
    live = exported.replace('environment = "test"', 'environment = "live"').replace(
        "tharstern.test]", "tharstern.live]"
    )
    file.write_text(live.replace('"(stored)"', '"press-gang"'))
    assert run("subscriber", "apply", str(file), "--yes", db=site.db).returncode == 0
    done = order(site)
    assert done.returncode == 4
    assert "this subscriber is live" in done.stderr
    assert httpx.get(f"{site.mis_url}/_emulator/orders", trust_env=False).json() in ([], {"orders": []})

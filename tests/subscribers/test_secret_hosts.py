"""Somebody who may change settings, and knows no secret: none is brought to a server of theirs."""

from collections.abc import Mapping
from typing import Any

import pytest
from makeready.subscribers import changes
from makeready_admin.settings.drafts import save_draft, undo_draft
from makeready_hooks.errors import ConfigError
from pretend import Bench

OWN, OTHER = "https://shop.northfield.example", "https://evil.example"
REFERENCE = "env:MAKEREADY_SECRET_NORTHFIELD__MIS"
GIVEN: dict[str, Any] = {
    "external_user_id": 117,
    "connectors": {
        "shop": {"user": "u", "password": "storefront", "server": OWN},
        "mis": {
            "user": "m",
            "server": OWN,
            "live": {"password": REFERENCE},
            "test": {"password": "press-gang"},
        },
    },
    "alerts": {"webhook_url": "https://chat.northfield.example/hush", "webhook_secret": "whisper"},
}


@pytest.fixture(autouse=True)
async def _stored(bench: Bench) -> None:
    await save(bench, GIVEN)


async def save(bench: Bench, given: Mapping[str, Any]) -> changes.Proposal:
    proposal = await changes.propose(bench.installation, "northfield", given)
    await changes.save(bench.installation, [proposal])
    return proposal


def part(connector: str, **values: Any) -> dict[str, Any]:
    return {"connectors": {connector: values}}


@pytest.mark.parametrize(
    ("change", "label"),
    [
        (part("shop", server=OTHER), "password"),
        (part("shop", server=OTHER, password="(stored)"), "password"),
        (part("shop", server=f"{OWN}:8443"), "password"),
        (part("shop", server=OWN.replace("https", "http")), "password"),
        (part("shop", live={"server": OTHER}), "password"),
        (part("shop", test={"server": OTHER}, user="v"), "password"),
        (part("mis", server=OTHER), "password"),
        (part("mis", live={"server": OTHER, "password": REFERENCE}), "password"),
        (part("shop", server=OTHER, password=REFERENCE), "password"),
        ({"alerts": {"webhook_url": OTHER}}, "webhook secret of alerts"),
        ({"alerts": {"webhook_url": OTHER, "webhook_secret": "(stored)"}}, "webhook secret of alerts"),
    ],
)
async def test_a_stored_secret_never_goes_to_another_host(
    bench: Bench, change: Mapping[str, Any], label: str
) -> None:
    with pytest.raises(ConfigError, match=f"{label} was given for another server.*Enter it again"):
        await save(bench, change)
    assert (await bench.installation.subscriber("northfield")).version == 2


@pytest.mark.parametrize(
    "change",
    [
        part("shop", server=OTHER, password="another"),
        part("shop", server=f"{OWN}:443/api", user="v"),
        part("shop", server=OWN.upper().replace("HTTPS", "https")),
        part("mis", live={"server": OTHER, "password": "another"}),
        part("mis", live={"server": OTHER, "password": f"{REFERENCE}_2"}),
        {"alerts": {"webhook_url": "https://chat.northfield.example/other"}},
        {"alerts": {"webhook_url": OTHER, "webhook_secret": "another"}},
    ],
)
async def test_one_that_is_given_again_does_and_so_does_one_of_the_same_host(
    bench: Bench, change: Mapping[str, Any]
) -> None:
    assert (await save(bench, change)).changes


async def test_a_layer_that_is_taken_away_brings_none_to_another_host(bench: Bench) -> None:
    await save(bench, part("shop", live={"server": OTHER, "password": "of the other"}))
    exported = changes.export(bench.installation, await bench.installation.subscriber("northfield"))
    del exported["connectors"]["shop"]["live"]["password"]
    with pytest.raises(ConfigError, match="was given for another server"):
        await save(bench, exported)


async def test_a_change_that_is_taken_back_brings_none_to_the_host_of_before(bench: Bench) -> None:
    await save(bench, part("shop", server=OTHER, password="of the other"))
    subscriber = await bench.installation.subscriber("northfield")
    [newest, *_] = await bench.installation.store.subscribers.changes("northfield", 10)
    draft = await undo_draft(bench.installation, subscriber, newest.id)
    with pytest.raises(ConfigError, match="password was given for another server"):
        await save_draft(bench.installation, draft, "ada")


@pytest.mark.parametrize("guess", ["storefront", "a guess"])
async def test_a_dry_run_does_not_tell_whether_a_guess_is_right(bench: Bench, guess: str) -> None:
    proposal = await changes.propose(bench.installation, "northfield", part("shop", password=guess))
    assert [str(one) for one in proposal.changes] == [
        "~ subscribers.northfield.connectors.shop.password: '(stored)' becomes '(a new secret)'"
    ]
    alerts = await changes.propose(bench.installation, "northfield", {"alerts": {"webhook_secret": guess}})
    assert len(alerts.changes) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://[",
        "https://a..example",
        f"https://{'a' * 64}.example",
        "https://a.example:99999",
        "no",
        f"{OWN}@evil.example",
    ],
)
async def test_an_odd_address_is_a_setting_to_correct(bench: Bench, address: str) -> None:
    for change in (part("shop", server=address, password="x"), {"alerts": {"webhook_url": address}}):
        with pytest.raises(
            ConfigError, match=r"The address of a server (cannot be read|is not one of the web|holds a name)"
        ) as caught:
            await save(bench, change)
        assert caught.value.field.endswith(("connectors.shop.server", "alerts.webhook_url"))

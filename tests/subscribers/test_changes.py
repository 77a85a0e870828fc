import msgspec
import pytest
from makeready.orders.beginning import moment_text
from makeready.subscribers import changes
from makeready.subscribers.setup.addresses import addresses_of
from makeready.subscribers.setup.install import install
from makeready_hooks.errors import ConfigError, Refused
from makeready_imports.choices import ImportRequest
from makeready_imports.jobs import import_now
from pretend import SITE, Bench
from steps import settle

LIVE = "env:MAKEREADY_SECRET_NORTHFIELD__LIVE"
GIVEN = {
    "title": "Northfield Print",
    "external_user_id": 117,
    "environment": "test",
    "orders": {"trigger_stage": "To the MIS"},
    "connectors": {
        "shop": {"user": "u", "password": "storefront"},
        "mis": {"user": "m", "test": {"password": "press-gang"}, "live": {"password": LIVE}},
    },
}


def given(path: str, value: object) -> dict:
    """GIVEN with one value changed, by its dotted path."""
    *tables, name = path.split(".")
    changed = inner = {**GIVEN}
    for table in tables:
        inner[table] = {**inner[table]}
        inner = inner[table]
    inner[name] = value
    return changed


async def apply(bench: Bench, values: dict, name: str = "northfield") -> changes.Proposal:
    proposal = await changes.propose(bench.installation, name, values)
    await changes.save(bench.installation, [proposal])
    return proposal


async def test_what_is_exported_can_be_applied_and_changes_nothing(bench: Bench) -> None:
    await apply(bench, GIVEN)
    exported = changes.export(bench.installation, await bench.installation.subscriber("northfield"))
    again = await changes.propose(bench.installation, "northfield", exported)
    assert again.changes == ()


async def test_no_secret_leaves_the_store_readable(bench: Bench) -> None:
    await apply(bench, GIVEN)
    stored = await bench.installation.subscriber("northfield")
    exported = changes.export(bench.installation, stored)
    assert "storefront" not in f"{stored}{exported}"
    assert "press-gang" not in f"{stored}{exported}"
    assert exported["connectors"]["shop"]["password"] == "(stored)"
    assert exported["connectors"]["mis"]["live"]["password"] == LIVE
    content = (bench.folder / "test.db").read_bytes()
    wal = (bench.folder / "test.db-wal").read_bytes()
    assert b"press-gang" not in content + wal


async def test_a_difference_names_each_setting_and_hides_secrets(bench: Bench) -> None:
    await apply(bench, GIVEN)
    changed = {"connectors": {"shop": {"password": "another"}}, "title": "Northfield"}
    proposal = await changes.propose(bench.installation, "northfield", changed)
    assert [str(change) for change in proposal.changes] == [
        "~ subscribers.northfield.title: 'Northfield Print' becomes 'Northfield'",
        "~ subscribers.northfield.connectors.shop.password: '(stored)' becomes '(a new secret)'",
    ]


async def test_addresses_and_signing_keys_survive_a_change(bench: Bench) -> None:
    await apply(bench, GIVEN)
    before = await bench.installation.subscriber("northfield")
    await apply(bench, {**GIVEN, "title": "Other"})
    after = await bench.installation.subscriber("northfield")
    assert after.url_token == before.url_token
    assert after.connectors["shop"].signing_key == before.connectors["shop"].signing_key
    assert after.version > before.version


async def test_two_subscribers_have_different_addresses(bench: Bench) -> None:
    await apply(bench, GIVEN)
    others = given("orders.reference_prefix", "O-")
    others["connectors"]["mis"]["live"]["password"] = "a secret"
    await apply(bench, {**others, "external_user_id": 118}, "other")
    one, other = await bench.installation.store.subscribers.all()
    assert one.url_token != other.url_token
    assert len(other.url_token) >= 32


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        (
            "connectors.shop.pasword",
            "x",
            r"connectors.shop.pasword is not a setting. Did you mean password\?",
        ),
        ("connectors.shop.user", 5, "connectors.shop"),
        ("connectors.mis.live", "x", "connectors.mis.live must be a table"),
        ("connectors.nobody", {}, "There is no connector nobody. Installed are: shop, mis"),
        ("environment", "production", "environment"),
        ("external_user_id", "many", "external_user_id"),
        (
            "orders.triger_stage",
            "x",
            r"northfield.orders.triger_stage is not a setting. Did you mean trigger_stage\?",
        ),
        ("orders.trigger_stage", 5, r"northfield.orders.trigger_stage: Expected `str`, got `int`"),
        ("orders.zzz", 5, r"northfield.orders.zzz is not a setting. Known are: .*trigger_stage"),
        ("tittle", "x", "Did you mean title"),
    ],
)
async def test_a_wrong_setting_is_named_and_nothing_changes(
    bench: Bench, path: str, value: object, text
) -> None:
    with pytest.raises(ConfigError, match=text):
        await apply(bench, given(path, value))
    assert (await bench.installation.subscriber("northfield")).version == 1


async def test_a_part_of_the_settings_changes_only_what_it_names(bench: Bench) -> None:
    await apply(bench, GIVEN)
    before = changes.export(bench.installation, await bench.installation.subscriber("northfield"))
    part = {"orders": {"reconcile_days": 7.0}, "connectors": {"shop": {"port": 9}}}
    proposal = await apply(bench, part)
    assert [change.path for change in proposal.changes] == [
        "subscribers.northfield.orders.reconcile_days",
        "subscribers.northfield.connectors.shop.port",
    ]
    after = changes.export(bench.installation, await bench.installation.subscriber("northfield"))
    shop = {**before["connectors"]["shop"], "port": 9}
    connectors = {**before["connectors"], "shop": shop}
    orders = {**before["orders"], "reconcile_days": 7.0}
    assert after == {**before, "orders": orders, "connectors": connectors}
    kept = (await bench.installation.subscriber("northfield")).connectors["shop"].shared["password"]
    assert bench.installation.vault.open(kept, field="") == GIVEN["connectors"]["shop"]["password"]


async def test_a_part_of_the_settings_of_nobody_is_an_error(bench: Bench) -> None:
    with pytest.raises(ConfigError, match=r"subscribers.other.external_user_id is missing"):
        await apply(bench, {"status": {"ship": True}}, "other")


async def test_whole_settings_put_what_they_do_not_name_back_to_the_default(bench: Bench) -> None:
    await apply(bench, {"orders": {"reconcile_days": 7.0}})
    await apply(bench, GIVEN)
    assert (await bench.installation.subscriber("northfield")).orders.reconcile_days == 3.0


async def test_a_missing_setting_is_named(bench: Bench) -> None:
    with pytest.raises(ConfigError, match=r"shop.user \(test\) is missing"):
        await apply(bench, given("connectors.shop", {"password": "x"}))


async def test_stored_where_nothing_is_stored_is_an_error(bench: Bench) -> None:
    with pytest.raises(ConfigError, match=r"nothing is stored"):
        await apply(bench, {**given("connectors.shop.password", "(stored)"), "external_user_id": 5}, "new")


async def test_a_secret_whose_variable_is_not_set_is_named(bench: Bench) -> None:
    with pytest.raises(ConfigError, match="variable MAKEREADY_SECRET_NORTHFIELD__SHOP is not set"):
        await apply(bench, given("connectors.shop.password", "env:MAKEREADY_SECRET_NORTHFIELD__SHOP"))


async def test_an_external_user_id_is_one_subscriber_s_only(bench: Bench) -> None:
    with pytest.raises(ConfigError, match="117 belongs to northfield already"):
        await apply(bench, given("connectors.mis.live.password", "a secret"), "other")


@pytest.mark.parametrize("name", ["", "Northfield", "a b", "-a", "x" * 41, "a/b"])
async def test_a_name_is_fit_for_addresses_and_commands(bench: Bench, name: str) -> None:
    with pytest.raises(ConfigError, match="is not a subscriber name"):
        await apply(bench, GIVEN, name)


async def test_rules_that_differ_from_the_default_survive_export_and_apply(bench: Bench) -> None:
    rules = {"trigger_stage": "To the MIS", "quiet_margin_s": 0.0, "grouping": "order"}
    alerts = {
        "email_to": ["a@northfield.example"],
        "webhook_url": "https://a.example",
        "webhook_secret": "hush",
    }
    await apply(bench, {**GIVEN, "orders": rules, "alerts": alerts})
    exported = changes.export(bench.installation, await bench.installation.subscriber("northfield"))
    assert exported["orders"] == {**rules, "starts_at": moment_text(bench.clock())}
    hidden = {"webhook_secret": "(stored)", "webhook_url": "(stored)"}
    assert exported["alerts"] == {**alerts, **hidden}
    assert (await changes.propose(bench.installation, "northfield", exported)).changes == ()


async def test_a_webhook_for_alerts_needs_something_to_sign_with(bench: Bench) -> None:
    with pytest.raises(ConfigError, match=r"alerts\.webhook_secret is missing"):
        await apply(bench, {**GIVEN, "alerts": {"webhook_url": "https://a.example"}})


STAGES = {"Printing": "Press", "Out": "Shipping"}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ({"enabled": True, "ship": False}, "give stages, or set ship = true"),
        ({"stages": {"Printing": "To the mis"}}, "Printing leads to To the mis, the stage at which items go"),
        ({"stages": {"Printing": "Prepress"}}, "Choose a stage that comes after it"),
        ({"stages": {"Printing": " "}}, "a name in status.stages is empty"),
        ({"stages": {"Out": "Press", "out": "Press"}}, "a status stands twice"),
        ({"stages": {"A": "Press", "B": "Shipping", "C": "press"}}, "comes back to a stage"),
        ({"poll_every_s": 1}, "poll_every_s"),
        ({"watch_days": 0}, "watch_days"),
        ({"stage": {}}, r"status.stage is not a setting. Did you mean stages\?"),
    ],
)
async def test_rules_for_progress_that_cannot_be_meant_are_refused(bench: Bench, status, words: str) -> None:
    orders = {"trigger_stage": "To the MIS", "site_trigger_stages": {"trade.example": "Prepress"}}
    with pytest.raises(ConfigError, match=words) as caught:
        await changes.propose(bench.installation, "northfield", {**GIVEN, "orders": orders, "status": status})
    assert caught.value.field.startswith("subscribers.northfield")


async def test_the_order_of_the_stages_is_kept_and_another_order_is_a_change(bench: Bench) -> None:
    await apply(bench, given("status", {"enabled": True, "stages": STAGES}))
    stored = await bench.installation.subscriber("northfield")
    assert stored.status.way == ("Press", "Shipping")
    turned = {"enabled": True, "stages": dict(reversed(STAGES.items()))}
    proposal = await apply(bench, given("status", turned))
    [change] = [one for one in proposal.changes if "status" in one.path]
    assert str(change).endswith("(their order): 'Printing, Out' becomes 'Out, Printing'")
    assert (await bench.installation.subscriber("northfield")).status.way == ("Shipping", "Press")


async def test_only_connectors_that_take_events_have_addresses(bench: Bench) -> None:
    subscriber, kind = bench.subscriber, bench.installation.kind("mis")
    found = addresses_of(subscriber, kind, "https://bridge.example")
    assert found == {"webhook": "https://bridge.example/hooks/segment/mis"}
    assert (
        addresses_of(subscriber, msgspec.structs.replace(kind, tells=frozenset()), "https://bridge.example")
        == {}
    )
    assert set(addresses_of(subscriber, bench.installation.kind("shop"), "https://b.example")) == {
        "webhook",
        "pricing",
    }
    assert addresses_of(subscriber, kind, "") == {}


async def test_a_number_that_somebody_else_took_since_it_was_compared_is_not_saved(bench: Bench) -> None:
    proposal = await changes.propose(bench.installation, "northfield", given("external_user_id", 119))
    theirs = given("external_user_id", 119) | {"connectors": {}}
    await apply(bench, theirs, "southfield")
    with pytest.raises(ConfigError, match="119 belongs to southfield already"):
        await changes.save(bench.installation, [proposal])


async def test_a_number_stays_if_a_product_was_linked_with_it_since_it_was_compared(bench: Bench) -> None:
    """An import may go on between the look and the press."""
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await apply(bench, GIVEN)
    proposal = await changes.propose(bench.installation, "northfield", given("external_user_id", 119))
    subscriber = await bench.installation.subscriber("northfield")
    await install(bench.installation, subscriber)
    await import_now(bench.installation, subscriber, ImportRequest(site=SITE, product_ids=("2284",)))
    await settle(bench)
    with pytest.raises(Refused, match="1 product came into the shop with 117 meanwhile"):
        await changes.save(bench.installation, [proposal])
    assert (await bench.installation.subscriber("northfield")).external_user_id == 117

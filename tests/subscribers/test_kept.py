"""A company is kept in memory as it was read, and what its connectors are made of with it: until anything of it changes."""

import msgspec
from makeready.stores import Store
from makeready.subscribers.model import ConnectorRecord, Subscriber
from pretend import Bench

NAME = "northfield"


async def test_it_is_read_anew_after_a_change_by_another_process(bench: Bench) -> None:
    ours = bench.installation.store.subscribers
    before = await ours.get(NAME)
    assert before is not None and await ours.get(NAME) is before
    other = Store.open(bench.installation.store.database.path)
    await other.subscribers.save([msgspec.structs.replace(before, title="Northfield Print")])
    after = await ours.get(NAME)
    assert after is not None and after.title == "Northfield Print"
    await other.subscribers.set_url_token(NAME, "another")
    assert await ours.by_url_token("another") is not None
    assert await ours.by_url_token(before.url_token) is None
    other.close()


async def test_it_is_read_anew_when_its_secrets_are_sealed_with_another_key(store: Store) -> None:
    """Saved as it was read before, its secrets would be lost."""
    sealed = ConnectorRecord(shared={"password": "sealed:abc"}, signing_key="sealed:abc")
    one = Subscriber(name="a", title="A", external_user_id=1, url_token="t", connectors={"shop": sealed})
    await store.subscribers.save([one])
    assert await store.subscribers.get("a") is not None
    await store.secrets.reencrypt(lambda text: "sealed:def")
    found = await store.subscribers.get("a")
    assert found is not None
    assert (found.connectors["shop"].shared["password"], found.connectors["shop"].signing_key) == (
        "sealed:def",
        "sealed:def",
    )


async def test_connectors_are_made_anew_for_another_address_of_the_server(bench: Bench) -> None:
    async def made() -> object:
        return await bench.installation.connectors(await bench.installation.subscriber(NAME))

    before = await made()
    assert await made() is before
    await bench.installation.set_public_url("https://bridge.example")
    after = await made()
    assert after is not before
    await bench.installation.set_public_url("https://bridge.example")
    assert await made() is after, "the same address changes nothing"

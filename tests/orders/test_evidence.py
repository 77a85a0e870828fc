"""Evidence of an order: whoever changes or leaves out an entry breaks the chain."""

import hashlib
import json

from makeready_inspect.evidence import FIRST, order_evidence
from pretend import Bench, order
from steps import ask_to_look, settle


async def test_each_entry_s_hash_holds_the_one_before(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    made = await order_evidence(bench.installation, "northfield", "6994")
    assert made is not None
    assert len(made.entries) > 3
    before = FIRST
    for one in made.entries:
        members = {"at": one.at, "data": one.data, "kind": one.kind, "text": one.text}
        before = hashlib.sha256((before + json.dumps(members)).encode()).hexdigest()
        assert one.hash == before

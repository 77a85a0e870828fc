"""The JSON API: what the shop changed after an order was sent is looked at, then given to the MIS."""

from api import NORTHFIELD, Api, send
from makeready_admin.audit.store import AuditFilter, audit_log_of
from makeready_hooks import Capability
from pretend import Bench, line, order
from steps import save_settings, settle, states

AT = f"{NORTHFIELD}/submissions/7001-1"


async def test_what_was_seen_is_done_once_and_audited(bench: Bench, api: Api) -> None:
    await send(bench, "7001")
    bench.shop.orders["7001"] = order("7001", line(quantity=5))
    await api.get(f"{AT}/amendment", 409)
    bench.mis.can = frozenset({Capability.CHANGE_ORDER, Capability.CANCEL_ORDER})
    await save_settings(bench)
    seen = await api.get(f"{AT}/amendment")
    assert (seen["cancels"], seen["differences"]) == (False, ["line 1: quantity 2 became 5"])
    assert seen["payload"]["order"]["lines"][0]["quantity"] == 5
    await api.post(f"{AT}/amend", 409, body={"seen": "something else"})
    assert await api.post(f"{AT}/amend", body={"seen": seen["seen"]}) == {
        "key": "7001-1",
        "decision": "change",
    }
    await settle(bench)
    assert len(bench.mis.amended) == 1
    bench.shop.orders["7001"] = order("7001", line(cancelled=True))
    seen = await api.get(f"{AT}/amendment")
    assert (seen["cancels"], seen["payload"]) == (True, None)
    assert (await api.post(f"{AT}/amend", body={"seen": seen["seen"]}))["decision"] == "cancel"
    await settle(bench)
    assert await states(bench, "7001") == ["cancelled"]
    acts = await audit_log_of(bench.installation).find(AuditFilter(action="orders amend"), limit=10)
    assert [(one.target, one.outcome) for one in acts][:2] == [("7001-1", "done")] * 2

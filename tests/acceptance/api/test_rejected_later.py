"""What became of an order in the MIS after its yes, for programs."""

from api import NORTHFIELD, Api, send
from makeready.orders.decisions import Decision, refuse
from pretend import Bench


async def test_a_line_says_that_the_mis_rejected_it_later_and_what_went_under_its_own_ids(
    bench: Bench, api: Api
) -> None:
    bench.mis.customers = {"nobody": "C/7-A"}
    await send(bench, "7001")
    [line] = (await api.get(f"{NORTHFIELD}/orders"))["lines"]
    assert (line["state"], line["rejected_later"]) == ("accepted", False)
    await refuse(bench.installation, Decision(subscriber="northfield", key="7001-1", actor="mia"), "no paper")
    [line] = (await api.get(f"{NORTHFIELD}/orders"))["lines"]
    assert (line["state"], line["rejected_later"]) == ("refused", True)
    [sent] = (await api.get(f"{NORTHFIELD}/orders/7001"))["sent"]
    assert [(one["kind"], one["id"]) for one in sent["resolved"]] == [("customer", "C/7-A")]

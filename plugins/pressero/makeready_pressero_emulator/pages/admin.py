"""Plain admin pages: to see what the shop holds, move orders, and follow webhooks."""

from makeready_pressero_emulator.call import Call
from makeready_pressero_emulator.pages.render import found, page, posted, row, see_other
from makeready_pressero_emulator.shop import order_life
from makeready_pressero_emulator.state.records import Order, OrderItem
from makeready_pressero_emulator.wire.answers import Answer

_LATEST = 200


async def overview(call: Call) -> Answer:
    return page(call, "admin/overview.html", switches=call.world.switches.all())


async def products(call: Call) -> Answer:
    shown = list(call.shop.products.values())[-_LATEST:][::-1]
    return page(call, "admin/products.html", products=shown)


async def orders(call: Call) -> Answer:
    shown = sorted(call.shop.all_orders(), key=lambda order: -order.number)[:_LATEST]
    return page(call, "admin/orders.html", orders=shown)


async def order(call: Call) -> Answer:
    one = _order(call)
    flows = [order_life.workflow_of(call.world, item) for item in one.items]
    return page(call, "admin/order.html", order=one, items=list(zip(one.items, flows, strict=True)))


async def change_item(call: Call) -> Answer:
    """``approve``, ``deny``, or ``stage`` with the id of one."""
    one, item = _item(call)
    fields = (await posted(call)).fields
    try:
        _apply(call, fields, one, item)
    except order_life.Refused as refusal:
        return page(call, "admin/refused.html", 409, reason=str(refusal), back=f"/admin/orders/{one.number}")
    return see_other(f"/admin/orders/{one.number}")


async def webhooks(call: Call) -> Answer:
    return page(call, "admin/webhooks.html", deliveries=call.shop.deliveries[-_LATEST:][::-1])


async def workflows(call: Call) -> Answer:
    return page(call, "admin/workflows.html")


async def journal(call: Call) -> Answer:
    return page(call, "admin/journal.html", entries=call.world.journal.entries[-_LATEST:][::-1])


async def sites(call: Call) -> Answer:
    return page(call, "admin/sites.html")


async def set_head(call: Call) -> Answer:
    """Settings > SEO / HTML: the HTML at the bottom of a site's head."""
    site = call.world.site(call.params["domain"])
    site.head_html = (await posted(call)).fields.get("html", "")
    call.effect("head-changed", site=site.domain)
    return see_other("/admin/sites")


def _apply(call: Call, fields: dict[str, str], one: Order, item: OrderItem) -> None:
    match fields.get("do"):
        case "approve":
            order_life.approve(call.world, call.entry, one, item)
        case "deny":
            order_life.deny(call.world, call.entry, one, item)
        case "stage":
            stages = {s.workflow_stage_id: s for s in order_life.workflow_of(call.world, item).stages}
            stage = found(stages.get(fields.get("stage", "")), "such stage")
            order_life.move(call.world, call.entry, one, item, stage, fields.get("notes") or None)


def _order(call: Call) -> Order:
    number = call.params["n"]
    orders: list[Order] = found(call.shop.orders_under(number), f"order {number}")
    return orders[0]


def _item(call: Call) -> tuple[Order, OrderItem]:
    one = _order(call)
    items = [item for item in one.items if str(item.number) == call.params["i"]]
    return one, found(items, "such item")[0]


ENDPOINTS = (
    row("GET", "/admin", "Admin: what there is.", overview),
    row("GET", "/admin/products", "Admin: products.", products),
    row("GET", "/admin/orders", "Admin: orders.", orders),
    row("GET", "/admin/orders/{n}", "Admin: an order, its items and their stages.", order),
    row("POST", "/admin/orders/{n}/{i}", "Admin: approve, deny or move an item.", change_item),
    row("GET", "/admin/webhooks", "Admin: webhooks and their deliveries.", webhooks),
    row("GET", "/admin/workflows", "Admin: workflows and engines.", workflows),
    row("GET", "/admin/journal", "Admin: the journal.", journal),
    row("GET", "/admin/sites", "Admin: sites and their head HTML.", sites),
    row("POST", "/admin/sites/{domain}/head", "Admin: set the HTML of a site's head.", set_head),
)

"""*Test connection*: the login, the products that it sees, the customer, and the options of estimates."""

from collections.abc import Sequence

from makeready_hooks.errors import MakereadyError
from makeready_hooks.model.setup import Check
from makeready_hooks.model.submission import Origin, PreparedOrder
from makeready_hooks.names import nearest

from makeready_tharstern.client import TharsternClient
from makeready_tharstern.customers import configured_codes
from makeready_tharstern.pricing.estimates import Estimates
from makeready_tharstern.settings import TharsternSettings


async def checks(
    client: TharsternClient, settings: TharsternSettings, estimates: Estimates
) -> tuple[Check, ...]:
    try:
        await client.sign_in()
    except MakereadyError as exc:
        return (_failed("login", exc),)
    return (
        Check(name="login", ok=True, message=f"Signed in as {settings.login}."),
        await _products(client),
        *await _customers(client, settings),
        *await estimates.checks(),
    )


async def _products(client: TharsternClient) -> Check:
    try:
        products, total = await client.products(0)
    except MakereadyError as exc:
        return _failed("products", exc)
    if not products:
        fix = "Check customer_code, and that this customer may see products in Tharstern."
        return Check(name="products", ok=False, message="Tharstern shows no products.", fix=fix)
    return Check(name="products", ok=True, message=f"Tharstern shows {total} products.")


async def _customers(client: TharsternClient, settings: TharsternSettings) -> list[Check]:
    """Every code that the settings name."""
    missing: list[Check] = []
    known: list[str] = []
    for code, setting in configured_codes(settings).items():
        try:
            shown = await client.customer_codes_like(code)
        except MakereadyError as exc:
            return [*missing, _failed("customer", exc)]
        if code in shown:
            known.append(code)
            continue
        message, near = f"Tharstern has no customer {code}.", nearest(code, shown)
        fix = f"Correct {setting} in the settings{f': it shows {near}' if near else ''}."
        missing.append(Check(name="customer", ok=False, message=message, fix=fix))
    words = f"Customer {known[0]} exists." if len(known) == 1 else f"Customers {', '.join(known)} exist."
    return [*missing, Check(name="customer", ok=True, message=words)] if known else missing


async def order_checks(
    client: TharsternClient, settings: TharsternSettings, orders: Sequence[PreparedOrder]
) -> tuple[Check, ...]:
    """The codes that orders carry, which are other ones than the configured if a rule says so."""
    if not orders and settings.customer_code_rule == "fixed":
        return ()
    if not orders:
        return (
            Check(
                name="customer of orders",
                ok=True,
                message="Orders carry a customer code of the buyer's own (customer_code_rule), and no order is known yet: "
                "nobody can tell whether Tharstern knows such codes.",
                fix="Place an order in the shop, then test again.",
            ),
        )
    by_code = {order.contents.customer: order for order in reversed(orders)}
    return tuple([await _customer_of(client, code, order) for code, order in by_code.items()])


async def _customer_of(client: TharsternClient, code: str, order: PreparedOrder) -> Check:
    name = "customer of orders"
    if code.strip() in await client.customer_codes_like(code):
        return Check(name=name, ok=True, message=f"Order {order.key} carries customer {code}, which exists.")
    origin = next((one for one in order.origins if one.value == code), Origin(value=code, text=""))
    return Check(
        name=name,
        ok=False,
        message=f"Order {order.key} carries the customer code {code}, which is not known to Tharstern: every order like it "
        f"is refused. {origin.text}".rstrip(),
        fix=f"See the setting connectors.tharstern.{origin.setting or 'customer_code'}; or make this customer in Tharstern.",
    )


def _failed(name: str, exc: MakereadyError) -> Check:
    return Check(name=name, ok=False, message=exc.message, fix=exc.fix)

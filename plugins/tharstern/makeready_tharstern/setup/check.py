"""*Test connection*: the login, the products that it sees, the customer, and the options of estimates."""

from makeready_hooks.errors import MakereadyError
from makeready_hooks.model.setup import Check
from makeready_hooks.names import nearest

from makeready_tharstern.client import TharsternClient
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
        *await _customer(client, settings.customer_code),
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


async def _customer(client: TharsternClient, code: str) -> tuple[Check, ...]:
    if not code:
        return ()
    try:
        shown = await client.customer_codes_like(code)
    except MakereadyError as exc:
        return (_failed("customer", exc),)
    if code.strip() in shown:
        return (Check(name="customer", ok=True, message=f"Customer {code} exists."),)
    message, near = f"Tharstern has no customer {code}.", nearest(code, shown)
    fix = f"Correct customer_code in the settings{f': it shows {near}' if near else ''}."
    return (Check(name="customer", ok=False, message=message, fix=fix),)


def _failed(name: str, exc: MakereadyError) -> Check:
    return Check(name=name, ok=False, message=exc.message, fix=exc.fix)

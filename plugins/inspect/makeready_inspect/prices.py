"""Why this price? What a shop would be told, step by step."""

from decimal import Decimal
from typing import Annotated

from makeready.contexts import PriceContext
from makeready.products.part_numbers import EngineProductRef, engine_product_id
from makeready.subscribers.model import Subscriber
from makeready.web.api.answers import answer_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready_hooks.model.order import Buyer
from makeready_hooks.model.price import Options, PriceQuestion
from makeready_prices.quote import Pricing
from makeready_prices.trace import PriceStep, PriceTrace
from msgspec import Meta, Struct, field


class PriceBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    product: Annotated[str, Meta(min_length=1, max_length=100, description="Id in the MIS.")]
    quantity: Annotated[int, Meta(ge=1, le=1_000_000_000)]
    site: Annotated[str, Meta(max_length=253, description="Domain of the shop.")] = ""
    options: Annotated[dict[str, str], Meta(description="A buyer's choices, by the option's id.")] = {}
    department: str = ""
    groups: Annotated[
        tuple[str, ...] | None, Meta(description="User groups of the buyer; null where they are not known.")
    ] = None
    buyer_id: str = ""
    external_id: str = ""


class PriceAnswer(Struct, frozen=True, kw_only=True):
    total: Annotated[Decimal, Meta(description="0 if there is no price; then ``error`` says why.")]
    weight_kg: Decimal
    error: Annotated[str, Meta(description="What the buyer reads.")]
    customer: str
    source: str
    reference: Annotated[str, Meta(description="The MIS's id of an estimate, if one was made.")] = field(
        name="estimate"
    )
    known: Annotated[str, Meta(description="Where the MIS's price was had from.")]
    age_s: float
    ms: float
    steps: tuple[PriceStep, ...]


async def explain_price(
    context: PriceContext,
    subscriber: Subscriber,
    link: EngineProductRef,
    quantity: int,
    options: Options,
    buyer: Buyer,
) -> PriceTrace:
    """What a shop would be told, and how it comes about; nobody has to know the product's number."""
    question = PriceQuestion(
        product=engine_product_id(subscriber, link.product_id, link.site),
        quantity=quantity,
        options=options,
        buyer=buyer,
    )
    pricing = Pricing(context, subscriber, await context.connectors(subscriber))
    return (await pricing.price(question, link)).story


@operation(
    "POST",
    ONE + "/price",
    name="explainPrice",
    group="Prices",
    summary="What a shop would be told, step by step; a made-to-order product leaves an estimate in the MIS",
    action="price",
    asks_vendors=True,
)
async def explain(call: Call, body: PriceBody) -> PriceAnswer:
    buyer = Buyer(
        id=body.buyer_id, external_id=body.external_id, department=body.department, groups=body.groups
    )
    link = EngineProductRef(product_id=body.product, site=body.site)
    options = tuple(body.options.items())
    story = await explain_price(call.installation, call.subscriber, link, body.quantity, options, buyer)
    return answer_from(PriceAnswer, story)

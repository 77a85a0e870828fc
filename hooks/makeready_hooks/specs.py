"""Every hook of the contract, along the life of a product: set up, products, prices, stock, orders, artwork,
fulfilment, webhooks, links, observers.

The marker says who implements a hook and what a caller does with several answers (`makeready_hooks.markers`). *Pure*
hooks compute and call nobody. *Repeat* is there for a hook with an effect: *safe* (twice is as once), *look first*
(only after the vendor was asked), or *never* by itself.

A hook is there since the first edition of the contract, or says since which (`makeready_hooks.editions`).
"""

from datetime import datetime
from decimal import Decimal

from makeready_hooks.capabilities import Capability, Role
from makeready_hooks.lists import ListKind
from makeready_hooks.markers import every_one, first_answer, required
from makeready_hooks.model.event import ChangePage, WebhookEvent
from makeready_hooks.model.ids import ShopId
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.limits import Limit
from makeready_hooks.model.names import OrderNames, ProductNames
from makeready_hooks.model.news import AlertNews, ImportNews, OrderNews, PriceNews, ShipmentNews, StockNews
from makeready_hooks.model.order import Artwork, Buyer, Order, OrderPage, OrderRef, TakenFile
from makeready_hooks.model.price import (
    NoPrice,
    OptionsQuestion,
    PriceOption,
    PriceQuery,
    PriceQuestion,
    Quote,
)
from makeready_hooks.model.product import (
    ImportFile,
    MisProduct,
    ProductBinding,
    ProductDraft,
    ProductPage,
    ProductSearch,
    ShopMarkup,
    ShopProduct,
    ShopStock,
    Site,
    SiteChoices,
    StockLevel,
    Unfinished,
)
from makeready_hooks.model.progress import OrderProgress, Shipment, Stage
from makeready_hooks.model.setup import Check, Installed, Option, VendorFinding
from makeready_hooks.model.submission import (
    AcceptedLine,
    AcceptedOrder,
    FindResult,
    FoundChange,
    MisOrder,
    OrderRequest,
    PreparedOrder,
    ResolvedId,
)

# Set up: is everything right, and what has to be made in the vendor's account?


@first_answer(since=2)
def unavailable() -> frozenset[Capability]:
    """What this connector has the hooks for, and cannot do with the settings it has. Pure.

    Called:  once for the settings it has: what is done or offered that not every connector can do goes by it. Without it,
             all that there are hooks for can be done (`makeready_hooks.capabilities`).
    """


@first_answer(
    deprecated="capabilities: what a connector can do is seen by its hooks; name in unavailable what its settings rule out"
)
def capabilities() -> frozenset[Capability]:
    """What this connector can do with the settings it has. Pure.

    Called:  as `unavailable`. What is not in it counts as ruled out.
    """


@first_answer()
async def check_connection() -> tuple[Check, ...]:
    """Sign in and look whether what is configured works.

    Called:  for *test connection*; it changes nothing over there.
    Return:  one finding per thing looked at. An outage is a finding, not an error.
    """


@first_answer()
def currency(site: ShopId) -> str | None:
    """The currency of all amounts that this connector gives and takes. Pure.

    Called:  before a price is asked, an import is planned, an order is sent: amounts in two currencies are not mixed.
             ``site``: whose amounts they are in a shop; "" for an MIS, and for all of a shop.
    Return:  ISO 4217, ``EUR``; None if the vendor does not tell: then a setting may.
    """


@first_answer(since=2)
def list_limits() -> tuple[Limit, ...] | None:
    """What the vendor's members can hold, as far as it is known. Pure.

    Called:  of an MIS, before an order is sent and for a preview: what does not fit is told, and waits for a person or is
             shortened, as the subscriber has set it. Of a shop, before a product is made.
    Return:  a limit for each member that has one; `map_order` is given what fits. What is not declared, the MIS may refuse.
    """


@first_answer(Role.MIS)
async def check_orders(orders: tuple[PreparedOrder, ...]) -> tuple[Check, ...]:
    """Look whether the MIS knows what orders carry, such as their customers.

    Called:  for *test connection*, after `check_connection` went well, with the newest orders of the shop as `map_order`
             makes them, or () where none is known; before settings are saved, under these settings. It changes nothing.
    Return:  a finding per thing looked at, with its origin and setting where it is not known.
    Raise:   RetryLater, Refused, ConfigError: then nothing is known, and settings can be saved.
    """


@required()
async def list_options(kind: ListKind) -> tuple[Option, ...] | None:
    """What the account has of this kind now, to be chosen from.

    Called:  while a person fills in settings whose ``extra_json_schema`` names the list (`listed`).
    Return:  the options in the vendor's order, as settings hold them; None: there are none over here.
    Raise:   NotSupported if this account does not tell them: a person then types; RetryLater, Refused.
    """


@first_answer()
async def install() -> tuple[Installed, ...]:
    """Make in the vendor's account what the product needs there: webhooks, a pricing engine.

    Called:  at set-up; again after a change of address. Look first: never make anything twice.
    Return:  what was made, found, or left to a person with the exact values to enter.
    Raise:   RetryLater, Refused, ConfigError.
    Repeat:  safe
    """


@first_answer()
async def list_installed() -> tuple[Installed, ...]:
    """Look for what `install` makes, as it has to be with the settings and addresses of now.

    Called:  for *test connection*; it changes nothing over there.
    Return:  what is there, as existing; what the account does not show, as left by hand. What is missing is not in it.
    Raise:   RetryLater, ConfigError.
    """


@first_answer(Role.STOREFRONT)
async def list_other_instances() -> tuple[str, ...]:
    """Other installations of this product that have left something in this account for the same environment.

    Called:  before the first order of a subscriber is sent: two that send the same orders double them. Tests beside
             *live* are no others.
    Return:  how people know each, such as its host; () where the account does not tell.
    Raise:   RetryLater.
    """


@required(Role.MIS, changes=True)
async def submit_test_order(
    prepared: PreparedOrder, absent: PreparedOrder
) -> tuple[VendorFinding, ...] | None:
    """Submit one marked order twice, and learn what the site does with it.

    Called:  only in a test environment, when a person asks for it. ``absent`` is never submitted.
    Return:  what a repeated key does; which way of asking finds an order by its key, and tells that one is not there.
    Raise:   Refused if the first submission was refused; RetryLater, OutcomeUnknown.
    Repeat:  never
    """


@first_answer(Role.STOREFRONT)
def storefront_snippet(site: ShopId) -> str | None:
    """The HTML to paste into the head of a site's pages, so that they load our files. Pure.

    Return:  the HTML; None as long as no public address is known.
    """


# Products: those of the MIS become products of a shop.


@required(Role.MIS)
async def search_mis_products(search: ProductSearch) -> ProductPage | None:
    """One page of the MIS's products that are for sale.

    Called:  when a person looks for products to import: page after page, each with the ``next`` of the one before.
    Return:  the page. It costs no more calls the further back it is, where the MIS can do that.
    Raise:   RetryLater, Refused; Refused also for a cursor that is none.
    """


@required(Role.MIS)
async def read_mis_products(product_ids: tuple[str, ...]) -> tuple[MisProduct, ...] | None:
    """The products with these ids, in any order, as they are now.

    Called:  when an import is planned, when a price or a stock level is looked up.
    Return:  those that exist; one that is missing is simply not there.
    Raise:   RetryLater, Refused.
    """


@required(Role.STOREFRONT)
async def list_sites() -> tuple[Site, ...] | None:
    """The storefronts that these credentials can see.

    Raise:   NotSupported if the account cannot list them: the operator then types the domain.
    """


@required(Role.STOREFRONT)
async def read_site_choices(site: ShopId) -> SiteChoices | None:
    """What an import into this site can be given: user groups, categories, workflows.

    Return:  the choices; a list that the account cannot read is None.
    Raise:   Refused if the site is unknown.
    """


@required(Role.STOREFRONT)
async def list_shop_products(site: ShopId) -> tuple[ShopProduct, ...] | None:
    """Every product of this site that is not deleted, whoever made it.

    Called:  when an import is planned or products are linked, and when links are compared.
    Return:  id, name, both part numbers and URL name of each, with as few calls as the shop allows.
    Raise:   RetryLater, also if the list changed while it was read; Refused.
    """


@first_answer(Role.STOREFRONT)
async def find_shop_product(site: ShopId, url_name: str) -> ShopProduct | None:
    """The product with exactly this URL name in this site.

    Called:  before a create is repeated whose answer was lost.
    Return:  the product, or None: it is certainly not there.
    Raise:   RetryLater, Refused.
    """


@required(Role.STOREFRONT, changes=True)
async def create_shop_product(draft: ProductDraft) -> ShopProduct | None:
    """Make one product.

    Called:  once per import item; again, with ``may_exist``, after `find_shop_product` said no.
    Return:  the product with its id, and what is left to be done by hand.
    Raise:   Refused with the shop's own words; RetryLater if nothing was made; OutcomeUnknown if it may have been made.
    Repeat:  look first
    """


@first_answer(Role.STOREFRONT)
async def list_missing_fields(draft: ProductDraft, shop_product_id: ShopId) -> tuple[str, ...] | None:
    """What a product that was made lacks of its draft: a sentence for a person each.

    Called:  when a create had no answer and its product was found.
    Raise:   RetryLater, Refused.
    """


@required(Role.STOREFRONT)
async def read_shop_binding(site: ShopId, shop_product_id: ShopId) -> ProductBinding | None:
    """What ties a product to an MIS or to a pricing engine now.

    Called:  before a product is linked; the answer is kept, so that it can be undone.
    Raise:   RetryLater; Refused if there is no such product.
    """


@required(Role.STOREFRONT)
async def write_shop_binding(
    site: ShopId, shop_product_id: ShopId, binding: ProductBinding
) -> tuple[str, ...] | None:
    """Give a product this binding, and leave everything else of it as it is.

    Called:  to link a product, and to undo it; again if the answer was lost.
    Return:  what the shop did not take, a sentence for a person each.
    Raise:   RetryLater if it is not certain that it was done; Refused.
    Repeat:  safe
    """


@required(Role.STOREFRONT, since=2)
async def read_shop_markup(site: ShopId, shop_product_id: ShopId) -> ShopMarkup | None:
    """What the shop adds now to our price of a product.

    Called:  before a mark-up is changed, and after it.
    Raise:   NotSupported if this account does not show it; RetryLater; Refused if there is no such product.
    """


@required(Role.STOREFRONT, since=2)
async def write_shop_markup(
    site: ShopId, shop_product_id: ShopId, percent: Decimal
) -> tuple[str, ...] | None:
    """Have the shop add this to our price of a product, whatever the quantity, in place of what it adds now. Everything
    else of the product stays as it is.

    Called:  when a person changes the mark-up of products that are in the shop; again if the answer was lost.
    Return:  what the shop did not take, or does not show, a sentence for a person each.
    Raise:   RetryLater if it is not certain that it was done; Refused.
    Repeat:  safe
    """


@first_answer(Role.STOREFRONT)
def encode_import_file(products: tuple[Unfinished, ...]) -> ImportFile | None:
    """A file for the shop's own import, with which a person does what its API did not. Pure."""


# Prices: a buyer waits in the shop, the shop asks us, we ask the MIS.


@required(Role.STOREFRONT)
def decode_price_call(call: IncomingCall) -> PriceQuestion | OptionsQuestion | CallAnswer | None:
    """Understand what a shop's pricing engine asks. Pure.

    Called:  for every call to this subscriber's pricing address, GET or POST. The same call may be answered
             with an earlier answer while its price is fresh, whatever its tracing headers say.
    Return:  the question; or an answer, if the call needs no price (a description of the service).
    Raise:   CallRejected if it is not genuine or cannot be read.
    """


@required(Role.STOREFRONT)
def encode_price(question: PriceQuestion, answer: Quote | NoPrice) -> CallAnswer | None:
    """Put a price, or the reason why there is none, in the shop's form. Pure.

    Called:  once per price question, always, also when the MIS is down.
    Return:  the answer. It never shows a price of zero without an error.
    """


@required(Role.STOREFRONT)
def encode_options(
    question: OptionsQuestion, options: tuple[PriceOption, ...] | NoPrice
) -> CallAnswer | None:
    """Put a product's options in the shop's form. Pure.

    Called:  once per options question. No options means: a quantity is all that a buyer chooses. NoPrice means that
             nobody knows just now: a buyer must not order without the choice.
    """


@first_answer(Role.MIS)
def customer_code(site: ShopId, buyer: Buyer) -> str | None:
    """Whose prices hold for this buyer. Pure.

    Called:  before a price is asked, so that all buyers of one customer share an answer; and for an order line, to find
             the estimate that it was priced by. What is not known of the buyer is empty.
    Return:  the MIS's code of the customer, "" for everybody's prices.
    """


@first_answer(Role.MIS, changes=True)
async def quote_price(query: PriceQuery) -> Quote | None:
    """Price one product.

    Called:  while a buyer waits, under the core's deadline.
    Return:  a quote with a total above zero, or None if this MIS has no such product.
    Raise:   NotPriced with the cause if there is no price for it; RetryLater if the MIS cannot be reached;
             OutcomeUnknown if an estimate may have been made and was not told.
    Repeat:  never
    """


@first_answer(Role.MIS)
async def list_price_options(product_id: str) -> tuple[PriceOption, ...] | None:
    """What a buyer can choose for a made-to-order product.

    Called:  when the shop asks, and for an order line, to find the estimate that it was priced by.
    Return:  the options, () if only a quantity is chosen, None if this connector does not know the product.
    Raise:   RetryLater if the MIS cannot be reached.
    """


@every_one()
def adjust_quote(quote: Quote, query: PriceQuery) -> Quote | None:
    """Change a quote before the shop gets it: a surcharge, a price floor. Pure.

    Called:  once per plugin and answer, each with the result of the one before: after the core's mark-up, before its
             rounding. The answer is kept as long as the price is fresh.
    Return:  the new quote, or None to leave it as it is.
    """


# Stock: what is on the MIS's shelf, shown in the shop.


@required(Role.MIS)
async def read_stock(product_ids: tuple[str, ...]) -> tuple[StockLevel, ...] | None:
    """Stock of these products with as few calls as the MIS allows.

    Called:  for all products of a subscriber on a schedule, and for one that a buyer looks at.
    Return:  the levels that are known; a product that keeps no stock is not there.
    Raise:   RetryLater, Refused.
    """


@required(Role.STOREFRONT)
async def read_shop_stock(site: ShopId, names: tuple[str, ...]) -> tuple[ShopStock, ...] | None:
    """Levels of stock items as the shop has them now, with as few calls as possible.

    Return:  those of these names that there are; what a shop calls a stock item is the part number.
    Raise:   RetryLater, Refused.
    """


@required(Role.STOREFRONT, changes=True)
async def update_shop_stock(site: ShopId, stock: ShopStock, change: int) -> bool | None:
    """Add this many to the level of a stock item in the shop, or take them from it.

    Called:  never with 0. It is a difference: what buyers draw at the same time stays drawn.
    Return:  True. Whether the level has moved is found out by reading it.
    Raise:   NotSupported if the account has no such call; RetryLater, Refused, OutcomeUnknown.
    Repeat:  look first
    """


# Orders: approved lines of a shop's order become orders in the MIS, each exactly once.


@required(Role.STOREFRONT)
async def read_orders(refs: tuple[OrderRef, ...]) -> tuple[Order, ...] | None:
    """Read these orders with as few calls as the shop allows.

    Called:  when webhooks, a poll or a person say: look at these.
    Return:  those that exist, with all their lines; files need not be filled in.
    Raise:   RetryLater, Refused.
    """


@required(Role.STOREFRONT)
async def list_orders(start: datetime, end: datetime, cursor: object) -> OrderPage | None:
    """A page of the orders placed in this period, with as few calls as the shop allows.

    Called:  on a schedule and by people, to find what webhooks missed: with None, then with each page's ``next``. The
             orders of a page are taken in before the next is asked for.
    Return:  each order once, with all its lines; files need not be filled in. A page may be empty.
    Raise:   RetryLater, Refused; RetryLater after the last orders, too, if the list changed while it was read: then
             nothing is concluded from what was not in it.
    """


@required(Role.STOREFRONT)
async def read_order_details(order: Order, lines: tuple[int, ...], files_may_follow: bool) -> Order | None:
    """Fill in what a submission needs and a search does not tell: files, the buyer's id.

    Called:  once for lines that are about to be sent, so that only those cost calls. ``files_may_follow``: the MIS takes
             them after its order as well. Then those of a line may be left out where asking costs a call of a scarce limit
             and none are expected; the line says so (`OrderLine.files_follow`), and `list_line_files` is called for it soon.
    Return:  the order, with exactly the lines asked for.
    Raise:   RetryLater, Refused.
    """


@first_answer(Role.MIS, changes=True)
async def resolve_ids(request: OrderRequest, may_make: bool) -> tuple[ResolvedId, ...] | None:
    """Find what of an order has an id of the MIS's own: its customer, an address, a carrier.

    Called:  before each `map_order`, which is given the answer. ``may_make`` for an order that is about to be sent: what a
             rule allows is made if it is not there. Without it, for a preview and a check, it changes nothing.
    Return:  what was found or made; what is not there, and may not be made now, is left out.
    Raise:   Refused if it is not there and no rule allows to make it; RetryLater; OutcomeUnknown if it may have been made:
             then it is called again, after 60 s at the earliest. Look first, each time: nothing is made twice.
    Repeat:  safe
    """


@required(Role.MIS)
def map_order(request: OrderRequest) -> PreparedOrder | None:
    """Turn lines of a shop's order into one MIS order. Pure: same request, same bytes.

    Called:  before a submission, and for a preview.
    Raise:   Refused if it cannot be expressed, naming the member and the fix.
    """


@required(Role.MIS, changes=True)
async def submit_order(prepared: PreparedOrder) -> AcceptedOrder | None:
    """Send it, with as many steps as the MIS takes.

    Called:  after the payload was committed to the ledger; again only if the MIS was found not to have it, or to have
             begun with it. A step that was done is not done again: ``prepared.begun`` is gone on with if it
             ``is_of_this``; else it is replaced, or Refused is raised. A draft of other content, also one that the MIS
             tells of only now, is never confirmed: people have corrected it since.
    Return:  the accepted order. A status of 200 is not enough: the MIS must name an order.
    Raise:   Refused with the MIS's own words; RetryLater if it was certainly not taken; OutcomeUnknown for everything
             else, a cut, a 5xx and an unreadable answer included. Of several steps: of the order, not of the draft.
    Repeat:  look first
    """


@first_answer(Role.MIS)
async def find_submitted_order(prepared: PreparedOrder) -> FindResult | None:
    """Is there an order with our key?

    Called:  after a quiet period, when the outcome of a submission is unknown; before a submission that somebody else
             may have sent; with the capability ``submit-in-steps`` before each attempt after the first. *Not there* is
             believed only if the same question finds an order that is known to be there: the core asks for one. What the
             MIS shows of its customer, lines and total is compared.
    Return:  it is there; it is begun, and not finished; it is not there; or: this MIS cannot tell (then a person decides).
    Raise:   RetryLater.
    """


@first_answer(Role.MIS)
async def read_mis_orders(numbers: tuple[str, ...]) -> tuple[MisOrder, ...] | None:
    """Orders of the MIS by their numbers or ids, as people and the shop's items name them.

    Called:  when a person says that an order is in the MIS; for numbers on the shop's items that we did not write;
             for a rehearsal.
    Return:  those that exist, in any order, with what the MIS shows of them; None if it cannot be asked.
    Raise:   RetryLater.
    """


@required(Role.STOREFRONT)
async def write_mis_number(order_number: ShopId, line_number: int, accepted: AcceptedOrder) -> bool | None:
    """Write the MIS's number on the shop's item, for people and as a mark.

    Called:  after acceptance, with the capability ``mark-item`` only.
    Return:  True.
    Raise:   RetryLater, Refused.
    Repeat:  safe
    """


@first_answer(Role.STOREFRONT)
async def clear_mis_number(order_number: ShopId, line_number: int, number: str) -> bool | None:
    """Take the MIS's number off the shop's item, if it still carries this one.

    Called:  after a person has taken back that an order is in the MIS, where the number was written.
    Return:  True: the item does not carry it now, whatever else it carries; None if the shop cannot do that.
    Raise:   RetryLater, Refused.
    Repeat:  safe
    """


@required(Role.MIS, changes=True)
async def update_mis_order(accepted: AcceptedOrder, prepared: PreparedOrder) -> str | None:
    """Make an order that the MIS has taken into what ``prepared`` says, whole: all that is not in it goes.

    Called:  with the capability ``change-order`` only, when a person has seen what the shop has changed and asks for it,
             after that was committed. Once per press: after OutcomeUnknown `find_mis_change` is asked.
    Return:  what the MIS says to it, in its words, or "".
    Raise:   Refused with the MIS's own words, such as that it is in production; RetryLater if it was certainly not done;
             OutcomeUnknown for everything else.
    Repeat:  look first
    """


@required(Role.MIS, changes=True)
async def cancel_mis_order(accepted: AcceptedOrder) -> str | None:
    """Cancel an order that the MIS has taken. A call lasts 60 s at most: afterwards it is looked for.

    Called:  with the capability ``cancel-order`` only, when a person asks for it, of an order that the shop has withdrawn
             with all its lines. Otherwise as `update_mis_order`.
    Return:  what the MIS calls it now, such as a status; "" if it does not say.
    Raise:   as `update_mis_order`. That it is cancelled already is no error.
    Repeat:  look first
    """


@first_answer(Role.MIS)
async def find_mis_change(accepted: AcceptedOrder, prepared: PreparedOrder | None) -> FoundChange | None:
    """Is the order in the MIS as it was to become? ``prepared``: as of `update_mis_order`; None: cancelled.

    Called:  after an unknown outcome, once the call can no longer take effect. What is certainly not done is done again.
    Return:  done, or certainly not; None if the MIS does not show enough of it to tell: then a person decides.
    Raise:   RetryLater.
    """


# Artwork: files that belong to the items of an order.


@first_answer(Role.STOREFRONT)
async def list_line_files(order_number: ShopId, line_number: int) -> tuple[Artwork, ...] | None:
    """The files that a shop holds for an item now: all that `read_order_details` would give, late ones included.

    Called:  when an event tells of files or of a change of an order that was sent. A file that is not shown beside others
             any more was replaced or taken away.
    Raise:   RetryLater, Refused.
    """


@first_answer(Role.MIS, since=2)
def list_taken_files() -> tuple[TakenFile, ...] | None:
    """Which files this MIS takes of an order's lines, and in which ways. Pure.

    Called:  before `map_order`, which is given those files alone that go with the order; before `attach_asset`. A role that
             is not named is not taken, nor is any without this hook: people are told which files stay behind.
    Return:  each role once. ``UPLOAD`` needs `attach_asset`.
    """


@required(Role.MIS, changes=True)
async def attach_asset(
    accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes
) -> bool | None:
    """Give the MIS a file of this line of an order that it has taken.

    Called:  once per file that is uploaded or came late, after that was committed. After OutcomeUnknown a person looks.
             ``line``: one of ``accepted.lines``. An MIS that has no place for it at a line gets it at the order, under a
             name that says of which item it is where there are several; it is never put on another line.
    Return:  True.
    Raise:   Refused, also if the line cannot be told; RetryLater if it was certainly not taken; OutcomeUnknown.
    Repeat:  never
    """


@required(Role.MIS, changes=True, since=2)
async def replace_asset(
    accepted: AcceptedOrder, line: AcceptedLine, old: Artwork, new: Artwork, content: bytes
) -> str | None:
    """Put a file in the place of one that the MIS has at this line. A call lasts 60 s at most: afterwards it is looked for.

    Called:  with the capability ``replace-file`` only, when the shop shows another file than it was given, after that was
             committed. After OutcomeUnknown `find_replacement` is asked.
    Return:  what the MIS says to it, in its words, or "".
    Raise:   Refused with the MIS's own words, such as that it is printed, also if the MIS does not have ``old`` there;
             RetryLater if it was certainly not done; OutcomeUnknown for everything else.
    Repeat:  look first
    """


@first_answer(Role.MIS, since=2)
async def find_replacement(
    accepted: AcceptedOrder, line: AcceptedLine, old: Artwork, new: Artwork
) -> FoundChange | None:
    """Does the MIS have the new file at this line, and the old one no more? ``new`` has its checksum.

    Called:  after an unknown outcome, once the call can no longer take effect. What is certainly not done is done again.
    Return:  done, or certainly not; None if the MIS does not show enough of it to tell: then a person decides.
    Raise:   RetryLater.
    """


# Fulfilment: an order's status and its parcels in the MIS are shown on the shop's items.


@required(Role.MIS)
async def read_order_progress(accepted: tuple[AcceptedOrder, ...]) -> tuple[OrderProgress, ...] | None:
    """Status and parcels of these orders, with as few calls as the MIS allows.

    Called:  on a schedule, for orders that are not finished; when an event says: look at this one.
             An id equal to its number was entered by a person and may be either. With the capability
             ``later-refusal`` also where the shop is told of nothing: people hear of a refusal or a cancellation.
    Return:  those that exist, in any order.
    Raise:   RetryLater, Refused; NotSupported if the MIS does not tell.
    """


@required(Role.STOREFRONT)
async def list_workflow_stages(workflow_id: ShopId) -> tuple[Stage, ...] | None:
    """The stages that an item of this workflow can be at, in its order.

    Called:  before an item is moved; before products are put into the workflow. It may be remembered for some minutes.
             With "" for an item whose workflow the shop does not tell.
    Raise:   RetryLater, Refused; NotSupported if the account does not tell.
    """


@required(Role.STOREFRONT, changes=True)
async def move_line_to_stage(order_number: ShopId, line_number: int, stage: Stage, note: str) -> bool | None:
    """Move an item to a stage of its workflow.

    Called:  with the item seen at another stage; again after OutcomeUnknown.
    Return:  True.
    Raise:   Refused, RetryLater, OutcomeUnknown; NotSupported if the account has no such call.
    Repeat:  safe
    """


@required(Role.STOREFRONT, changes=True)
async def create_shipment(order: Order, lines: tuple[int, ...], shipment: Shipment) -> bool | None:
    """Write a parcel with its tracking number on these items of an order; of those that ``shipment`` names with a
    quantity, with that.

    Called:  once per parcel; again after OutcomeUnknown. Look first, each time: a parcel whose tracking number an
             item shows already, whoever wrote it, is not written on it again.
    Return:  True once every one of the items shows it.
    Raise:   Refused, RetryLater, OutcomeUnknown; NotSupported if the account has no such call.
    Repeat:  safe
    """


@required(Role.STOREFRONT)
async def shows_shipment(order_number: ShopId, line_number: int, shipment: Shipment) -> bool | None:
    """Does an item show a parcel with this tracking number?

    Called:  after OutcomeUnknown of `create_shipment`, once it can no longer take effect. *No* is believed only if the same
             question finds a parcel that the shop certainly took: so it is asked for one of those, too.
    Return:  as the shop shows it. Ask in the very way in which `create_shipment` looks.
    Raise:   Refused, RetryLater; NotSupported if the account has no such call.
    Repeat:  safe
    """


# Webhooks and changes: a vendor says that something happened.


@required()
def decode_webhook(call: IncomingCall) -> WebhookEvent | None:
    """Check that a webhook is genuine and say what it is about. Pure.

    Called:  for every call to this connector's webhook address, before it is stored and answered.
    Return:  the event; members that are not known are ignored, missing ones survived.
    Raise:   CallRejected with 401 for a wrong or missing signature, 400 for what cannot be read.
    """


@required(since=2)
async def read_changes(cursor: str) -> ChangePage | None:
    """What has changed at this vendor since, where it tells so by a cursor of its own: hints, as webhooks are.

    Called:  every half minute; with "" the first time, for another server or account, or if the cursor was refused. Then
             with the cursor from before the last reading once more, so that what the vendor shows late is not missed.
    Return:  the changes after ``cursor``; for "" none, and the cursor of now.
    Raise:   RetryLater; Refused for a cursor that the vendor does not know any more.
    """


# Links: where a person finds a product or an order in a vendor's own web pages.


@first_answer()
def product_address(product: ProductNames) -> str | None:
    """The address of a product in this vendor's own pages, for a browser. Pure.

    Called:  for each product of a list, to show a link beside it.
    Return:  an address with http or https; None if there is none, or none is known.
    """


@first_answer()
def order_address(order: OrderNames) -> str | None:
    """The address of an order in this vendor's own pages, for a browser. Pure.

    Called:  for the page of an order, to show a link to it.
    Return:  an address with http or https; None if there is none, or none is known.
    """


# Observers: told of what has happened, after it was committed, each on its own and at least once.


@every_one(since=2)
async def order_received(news: OrderNews) -> None:
    """The shop shows lines of an order that were not known before.

    Called:  after it was committed, from the durable queue: again if a process dies meanwhile.
    Raise:   RetryLater to be told again, with growing pauses, for about half an hour. Any other error is logged.
    Repeat:  safe
    """


@every_one()
async def order_accepted(news: OrderNews) -> None:
    """The MIS has taken an order, or a person says so.

    Called:  after it was committed, from the durable queue: again if a process dies meanwhile.
    Raise:   RetryLater to be told again, with growing pauses, for about half an hour. Any other error is logged.
    Repeat:  safe
    """


@every_one(since=2)
async def order_refused(news: OrderNews) -> None:
    """Lines of an order were refused, by the MIS or since the shop gives of them what cannot be sent.

    Called:  after it was committed, from the durable queue: again if a process dies meanwhile.
    Raise:   RetryLater to be told again, with growing pauses, for about half an hour. Any other error is logged.
    Repeat:  safe
    """


@every_one(since=2)
async def order_in_doubt(news: OrderNews) -> None:
    """It is not known whether the MIS has taken an order. It is looked for by itself.

    Called:  after it was committed, from the durable queue: again if a process dies meanwhile.
    Raise:   RetryLater to be told again, with growing pauses, for about half an hour. Any other error is logged.
    Repeat:  safe
    """


@every_one(since=2)
async def order_needs_person(news: OrderNews) -> None:
    """Lines of an order, or its files, wait for a person, or the shop has changed them after they were sent.

    Called:  after it was committed, from the durable queue: again if a process dies meanwhile.
    Raise:   RetryLater to be told again, with growing pauses, for about half an hour. Any other error is logged.
    Repeat:  safe
    """


@every_one(since=2)
async def shipment_recorded(news: ShipmentNews) -> None:
    """The shop shows a parcel with its tracking number.

    Called:  after it was committed, from the durable queue: again if a process dies meanwhile.
    Raise:   RetryLater to be told again, with growing pauses, for about half an hour. Any other error is logged.
    Repeat:  safe
    """


@every_one(since=2)
async def stock_changed(news: StockNews) -> None:
    """The MIS tells another stock of a product than before.

    Called:  after it was committed, from the durable queue: again if a process dies meanwhile.
    Raise:   RetryLater to be told again, with growing pauses, for about half an hour. Any other error is logged.
    Repeat:  safe
    """


@every_one(since=2)
async def import_finished(news: ImportNews) -> None:
    """Every product of an import is done with.

    Called:  after it was committed, from the durable queue: again if a process dies meanwhile.
    Raise:   RetryLater to be told again, with growing pauses, for about half an hour. Any other error is logged.
    Repeat:  safe
    """


@every_one(since=2)
async def alert_raised(news: AlertNews) -> None:
    """People were told of something that no single order is about, such as an outage.

    Called:  after it was committed, from the durable queue: again if a process dies meanwhile.
    Raise:   RetryLater to be told again, with growing pauses, for about half an hour. Any other error is logged.
    Repeat:  safe
    """


@every_one(since=2)
async def price_answered(news: PriceNews) -> None:
    """A price, or none, was worked out for a shop.

    Called:  behind the answer, of some: what is answered from memory is not told, nor what comes while many wait to be told.
             Nothing is kept of it: a process that ends tells no more.
    Raise:   any error is logged.
    """

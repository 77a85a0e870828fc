"""A scenario: what is there at the start, in TOML or JSON. People and things are referred to by name.

A misspelt member is an error, not a default.
"""

from decimal import Decimal
from pathlib import Path

import msgspec
from msgspec import Struct

from makeready_pressero_emulator.state import records as r
from makeready_pressero_emulator.state.ids import invented

SHIPPED = Path(__file__).parents[1] / "scenarios" / "demo.toml"


class SubscriberGiven(Struct, kw_only=True, forbid_unknown_fields=True):
    id: str
    consumer_id: str
    user_name: str
    password: str
    weight_unit: str = "lb"


class SiteGiven(Struct, kw_only=True, forbid_unknown_fields=True):
    name: str
    domain: str
    id: str = ""
    culture: str = "en-US"
    head_html: str = ""
    groups: list[str] = []
    """Besides "Everyone", which every site has."""
    categories: list[str] = []


class AddressGiven(Struct, kw_only=True, forbid_unknown_fields=True):
    business: str | None = None
    line1: str
    line2: str | None = None
    city: str
    region: str
    postcode: str
    country: str
    phone: str | None = None
    email: str | None = None


class UserGiven(Struct, kw_only=True, forbid_unknown_fields=True):
    site: str = ""
    """Domain; empty for an admin user."""
    email: str
    first_name: str
    last_name: str
    id: str = ""
    groups: list[str] = []
    department: str | None = None
    external_id: str | None = None
    addresses: list[AddressGiven] = []


class BreakGiven(Struct, kw_only=True, forbid_unknown_fields=True):
    min: int
    max: int
    unit_price: Decimal


class EngineGiven(Struct, kw_only=True, forbid_unknown_fields=True):
    name: str
    id: str = ""
    url: str | None = None
    user_name: str | None = None
    access_token: str | None = None
    unit_weight: Decimal = Decimal(0)
    breaks: list[BreakGiven] = []


class StageGiven(Struct, kw_only=True, forbid_unknown_fields=True):
    printer: str
    customer: str = ""
    id: str = ""


class WorkflowGiven(Struct, kw_only=True, forbid_unknown_fields=True):
    name: str
    id: str = ""
    stages: list[StageGiven]


class PairingGiven(Struct, kw_only=True, forbid_unknown_fields=True):
    group: str
    engine: str
    mis_product_id: str | None = None


class MarkupGiven(Struct, kw_only=True, forbid_unknown_fields=True):
    min: int
    max: int
    percent: Decimal


class KitPartGiven(Struct, kw_only=True, forbid_unknown_fields=True):
    part_number: str
    name: str
    quantity: int = 1


class ProductGiven(Struct, kw_only=True, forbid_unknown_fields=True):
    site: str
    name: str
    part_number: str
    workflow: str
    pairings: list[PairingGiven]
    id: str = ""
    url_name: str = ""
    public_part_number: str | None = None
    description: str | None = None
    categories: list[str] = []
    markups: list[MarkupGiven] = []
    uploads: list[str] = []
    """Names of files that the buyer must give."""
    kit: list[KitPartGiven] = []
    """What one kit holds."""
    stock: int | None = None
    back_ordering: bool = False


class MethodGiven(Struct, kw_only=True, forbid_unknown_fields=True):
    name: str
    carrier: str = ""
    min_charge: Decimal = Decimal(0)
    per_weight: Decimal = Decimal(0)


class Scenario(Struct, kw_only=True, forbid_unknown_fields=True):
    subscriber: SubscriberGiven
    next_order_number: int = 1000
    sites: list[SiteGiven]
    users: list[UserGiven] = []
    engines: list[EngineGiven] = []
    workflows: list[WorkflowGiven]
    shipping_methods: list[MethodGiven] = []
    products: list[ProductGiven] = []


def read_scenario(path: Path | None) -> r.Shop:
    """The shop of a scenario file; of the shipped one without a path.

    Raises:
        ValueError: a member is unknown or wrong, or a name refers to nothing.
    """
    path = path or SHIPPED
    content = path.read_bytes()
    if path.suffix == ".json":
        return shop_of(msgspec.json.decode(content, type=Scenario))
    return shop_of(msgspec.toml.decode(content, type=Scenario))


def shop_of(scenario: Scenario) -> r.Shop:
    who = scenario.subscriber
    shop = r.Shop(
        subscriber=r.Subscriber(
            subscriber_id=who.id,
            consumer_id=who.consumer_id,
            user_name=who.user_name,
            password=who.password,
            weight_unit=who.weight_unit,
        ),
        next_order_number=scenario.next_order_number,
    )
    for workflow in scenario.workflows:
        _add_workflow(shop, workflow)
    for engine in scenario.engines:
        _add_engine(shop, engine)
    for method in scenario.shipping_methods:
        _add_method(shop, method)
    for site in scenario.sites:
        _add_site(shop, site)
    for user in scenario.users:
        _add_user(shop, user)
    for product in scenario.products:
        _add_product(shop, product)
    return shop


def _add_workflow(shop: r.Shop, given: WorkflowGiven) -> None:
    key = given.id or invented(f"workflow/{given.name}")
    stages = [
        r.Stage(
            workflow_stage_id=stage.id or invented(f"stage/{given.name}/{stage.printer}"),
            seq=number,
            printer_stage=stage.printer,
            customer_stage=stage.customer or stage.printer,
        )
        for number, stage in enumerate(given.stages, start=1)
    ]
    shop.workflows[key] = r.Workflow(workflow_id=key, description=given.name, stages=stages)


def _add_engine(shop: r.Shop, given: EngineGiven) -> None:
    key = given.id or invented(f"engine/{given.name}")
    shop.calculators[key] = r.Calculator(
        calculator_id=key,
        name=given.name,
        url=given.url,
        user_name=given.user_name,
        access_token=given.access_token,
        unit_weight=given.unit_weight,
        breaks=[r.PriceBreak(min_qty=b.min, max_qty=b.max, unit_price=b.unit_price) for b in given.breaks],
    )


def _add_method(shop: r.Shop, given: MethodGiven) -> None:
    key = invented(f"shipping/{given.name}")
    shop.shipping_methods[key] = r.ShippingMethod(
        shipping_method_id=key,
        name=given.name,
        carrier=given.carrier,
        min_charge=given.min_charge,
        per_weight=given.per_weight,
    )


def _add_site(shop: r.Shop, given: SiteGiven) -> None:
    key = given.id or invented(f"site/{given.domain}")
    shop.sites[key] = r.Site(
        site_id=key, name=given.name, domain=given.domain, culture=given.culture, head_html=given.head_html
    )
    for name in ["Everyone", *given.groups]:
        group = invented(f"group/{given.domain}/{name}")
        shop.groups[group] = r.Group(group_id=group, site_id=key, name=name, everyone=name == "Everyone")
    for name in given.categories:
        category = invented(f"category/{given.domain}/{name}")
        shop.categories[category] = r.Category(
            category_id=category, site_id=key, name=name, url_name=url_name(name)
        )


def _add_user(shop: r.Shop, given: UserGiven) -> None:
    key = given.id or invented(f"user/{given.site}/{given.email}")
    site = _site(shop, given.site) if given.site else None
    addresses = [_address(key, n, given, address) for n, address in enumerate(given.addresses)]
    shop.users[key] = r.User(
        user_id=key,
        site_id=site.site_id if site else None,
        first_name=given.first_name,
        last_name=given.last_name,
        email=given.email,
        group_ids=[_group(shop, site, name) for name in given.groups] if site else [],
        department=given.department,
        external_id=given.external_id,
        addresses=addresses,
        preferred_address_id=addresses[0].address_id if addresses else None,
    )


def _address(user_id: str, number: int, user: UserGiven, given: AddressGiven) -> r.Address:
    return r.Address(
        address_id=invented(f"address/{user_id}/{number}"),
        business=given.business,
        first_name=user.first_name,
        last_name=user.last_name,
        address1=given.line1,
        address2=given.line2,
        city=given.city,
        state_province=given.region,
        postal=given.postcode,
        country=given.country,
        phone=given.phone,
        email=given.email,
    )


def _add_product(shop: r.Shop, given: ProductGiven) -> None:
    site = _site(shop, given.site)
    key = given.id or invented(f"product/{given.site}/{given.part_number}")
    shop.products[key] = r.Product(
        product_id=key,
        site_id=site.site_id,
        name=given.name,
        url_name=given.url_name or url_name(given.name),
        part_number=given.part_number,
        public_part_number=given.public_part_number,
        long_description=given.description,
        workflow_id=_workflow(shop, given.workflow),
        allowed_group_ids=[_group(shop, site, pair.group) for pair in given.pairings],
        pairings=[_pairing(shop, site, n, pair) for n, pair in enumerate(given.pairings, start=1)],
        markups=[r.Markup(min_qty=m.min, max_qty=m.max, markup=m.percent) for m in given.markups],
        category_ids=[_category(shop, site, name) for name in given.categories],
        uploads=[r.FileUpload(name=name, required=True) for name in given.uploads],
        is_back_ordering_allowed=given.back_ordering,
        kit=[
            r.KitPart(part_number=one.part_number, name=one.name, quantity=one.quantity) for one in given.kit
        ],
    )
    if given.stock is not None:
        stock = invented(f"stock/{given.site}/{given.part_number}")
        shop.stocks[stock] = r.Stock(
            stock_id=stock, site_id=site.site_id, name=given.part_number, level=given.stock
        )
        shop.products[key].stock_id = stock


def _pairing(shop: r.Shop, site: r.Site, priority: int, given: PairingGiven) -> r.Pairing:
    engine = _only(
        given.engine, [c.calculator_id for c in shop.calculators.values() if c.name == given.engine]
    )
    return r.Pairing(
        group_id=_group(shop, site, given.group),
        calculator_id=engine,
        priority=priority,
        configuration=given.mis_product_id,
    )


def _site(shop: r.Shop, domain: str) -> r.Site:
    key = _only(domain, [site.site_id for site in shop.sites.values() if site.domain == domain])
    return shop.sites[key]


def _group(shop: r.Shop, site: r.Site, name: str) -> str:
    return _only(
        name, [g.group_id for g in shop.groups.values() if g.site_id == site.site_id and g.name == name]
    )


def _category(shop: r.Shop, site: r.Site, name: str) -> str:
    return _only(
        name,
        [c.category_id for c in shop.categories.values() if c.site_id == site.site_id and c.name == name],
    )


def _workflow(shop: r.Shop, name: str) -> str:
    return _only(name, [w.workflow_id for w in shop.workflows.values() if w.description == name])


def _only(name: str, found: list[str]) -> str:
    if not found:
        raise ValueError(f"the scenario refers to {name!r}, which is not in it")
    return found[0]


def url_name(name: str) -> str:
    """``Store Opening Kit`` → ``store-opening-kit``."""
    words = "".join(c.lower() if c.isalnum() else " " for c in name).split()
    return "-".join(words)

"""``customers``, ``contacts`` and ``address``."""

from typing import Any

from makeready_tharstern_emulator.site import Site
from makeready_tharstern_emulator.state.records import Contact, Customer, Place
from makeready_tharstern_emulator.wire.addresses import country_problem, read_address
from makeready_tharstern_emulator.wire.bodies import Members, read_body
from makeready_tharstern_emulator.wire.calls import Call
from makeready_tharstern_emulator.wire.lists import listing
from makeready_tharstern_emulator.wire.replies import NO_PROBLEMS, Answer, message, problems, success


def list_customers(site: Site, call: Call) -> Answer:
    """By ``customerCode`` (seen S3), or by e-mail if ``customer-email-filter`` names a query (S5c)."""
    customers = site.world.customers
    code, filter_name = call.query.one("customerCode"), site.switches.text("customer-email-filter")
    email = call.query.one(filter_name) if filter_name else None
    rows = customers.find(code.lower()) if code else list(customers.all())
    rows = [row for row in rows if email is None or row.email.lower() == email.lower()]
    return listing(site, call, rows, _write_customer)


def _write_customer(row: Customer) -> dict[str, Any]:
    return {"ID": row.id, "Code": row.code, "Name": row.name, "Email": row.email or None}


def create_customers(site: Site, call: Call) -> Answer:
    """``{Items[{Code, Name, Email, Address}]}``: assumed, after contacts. Off by default (S5c, S6)."""
    if not site.switches.on("customer-create"):
        return message(405, "The requested resource does not support http method 'POST'.")
    items = _items(read_body(call.body, "customers"), "Code", "Name")
    taken = [f"Customer {item.text('Code')} exists." for item in items if _customer(site, item, "Code")]
    if wrong := taken + _country_problems(site, items):
        return problems(wrong)
    rows = [_add_customer(site, call, item) for item in items]
    return success({"Items": [_write_customer(row) for row in rows], **NO_PROBLEMS})


def _add_customer(site: Site, call: Call, item: Members) -> Customer:
    id_ = site.world.customers.next_id()
    row = Customer(id=id_, code=item.text("Code"), name=item.text("Name"), email=item.text("Email"))
    call.did("customer created", id=id_, code=row.code)
    return site.world.customers.put(row)


def list_contacts(site: Site, call: Call) -> Answer:
    """By ``customerCode`` (seen S3, S4)."""
    code, contacts = call.query.one("customerCode"), site.world.contacts
    rows = contacts.find(code.lower()) if code else list(contacts.all())
    return listing(site, call, rows, _write_contact)


def _write_contact(row: Contact) -> dict[str, Any]:
    about = {"CustomerCode": row.customer_code, "Name": row.name, "Email": row.email}
    return {"ID": row.id, **about, "Telephone": row.telephone, "Mobile": row.mobile}


def create_contacts(site: Site, call: Call) -> Answer:
    """``{Items[{CustomerCode, Name, Email, Telephone, Mobile}]}`` (seen S4)."""
    items = _items(read_body(call.body, "contacts"), "CustomerCode", "Name")
    if wrong := _unknown_customers(site, items):
        return problems(wrong)
    for item in items:
        row = Contact(
            id=site.world.contacts.next_id(),
            customer_code=item.text("CustomerCode"),
            name=item.text("Name"),
            email=item.text("Email"),
            telephone=item.text("Telephone"),
            mobile=item.text("Mobile"),
        )
        site.world.contacts.put(row)
        call.did("contact created", id=row.id, customer=row.customer_code)
    return success(NO_PROBLEMS)


def create_address(site: Site, call: Call) -> Answer:
    """A delivery address of a customer. ``Items[0]`` starts ``ID``, ``Code`` (cut out by S3)."""
    given = read_body(call.body, "address")
    address = read_address(given.inside("Address"))
    texts = {name: given.text(name) for name in ("CustomerCode", "Code", "Name", "Contact", "ContactEmail")}
    given.check()
    if wrong := _unknown_customers(site, [given]) or _country_problems(site, [given]):
        return problems(wrong)
    row = Place(
        id=site.world.places.next_id(),
        customer_code=texts["CustomerCode"],
        code=texts["Code"],
        name=texts["Name"],
        address=address,
        contact=texts["Contact"],
        contact_email=texts["ContactEmail"],
    )
    site.world.places.put(row)
    call.did("address created", id=row.id, code=row.code, customer=row.customer_code)
    written = {"ID": row.id, "Code": row.code, "Name": row.name, "CustomerCode": row.customer_code}
    return success({"Items": [{**written, "Address": row.address}], **NO_PROBLEMS})


def _items(body: Members, *required: str) -> list[Members]:
    """The items of a body. Throws a 400 if there are none, or one lacks a member."""
    items = body.each("Items")
    if not items:
        body.complain("Items", "The Items field is required.")
    for item in items:
        for name in required:
            if not item.text(name):
                item.complain(name, f"The {name} field is required.")
        read_address(item.inside("Address"))
        for name in ("Email", "Telephone", "Mobile"):
            item.text(name)
    body.check()
    return items


def _customer(site: Site, item: Members, member: str) -> Customer | None:
    return site.world.customers.first(item.text(member).lower())


def _unknown_customers(site: Site, items: list[Members]) -> list[str]:
    codes = [item.text("CustomerCode") for item in items if not _customer(site, item, "CustomerCode")]
    return [f"Customer {code} was not found." for code in codes]


def _country_problems(site: Site, items: list[Members]) -> list[str]:
    """Of those items that have an address."""
    mode = site.switches.text("strict-country")
    addresses = filter(None, (read_address(item.inside("Address")) for item in items))
    return [text for address in addresses if (text := country_problem(address, mode))]

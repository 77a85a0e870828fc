"""Platen: an MIS that does not exist, unlike Tharstern on purpose. This note is all that its connector and its emulator
have in common; each is a reading of its own.

- A key in the header ``X-Platen-Key``, and no sign-in. A wrong one: 401.
- What is refused is ``{"error": {"code": ..., "text": ...}}`` with 404, 409 or 422.
- Names of things have dashes and slashes (``KIT/22-84``, ``SO/26-0001``); in a path they are escaped.
- ``GET /v2/account``: ``{"name", "currency"}``. All amounts are in it, as texts.
- ``GET /v2/items?q=&limit=&after=``: ``{"items": [{"ref", "title", "price", "breaks": [{"from", "price"}], "free",
  "days", "day_kind", "choices": {name: value}, "made_as": [ref]}], "next"}``; numbers are texts, and not whole ones
  where Platen counts in square metres; ``made_as`` names the items in which a shirt without a size is made: it has no
  price and is not ordered; ``days`` is null or how long it takes, of ``day_kind`` ``work`` or ``any``; at most
  seven a page, whatever is asked for; no total; ``next`` is null at the end, and another ``after`` is refused (code
  ``cursor``).
- ``GET /v2/items/named?ref=&ref=``: those that exist. ``GET /v2/prices?ref=&quantity=&customer=``: ``{"amount"}``
  for the whole quantity in cents, rounded half up; ``customer`` is a code that people agreed on, and may have a list of its
  own. ``GET /v2/stock?ref=&ref=``: ``{"stock": [{"ref", "shelf", "held"}]}`` of what is kept in stock, ``held`` of ``shelf``
  for others.
- ``GET /v2/customers?email=&after=``: ``{"customers": [{"ref", "email"}], "next"}``, pages as of items. ``POST
  /v2/customers`` ``{"email", "name"}`` makes one, 201 with its ``ref``; also a second one of the same e-mail address.
- ``GET /v2/carriers``: ``{"carriers": [{"name", "services": [...]}]}``.
- ``POST /v2/drafts`` makes a draft of ``{"our_ref", "customer", "currency", "wanted_on", "po", "note", "lines": [{"item",
  "quantity", "amount", "text", "line", "files"}], "consignments": [{"to": {"name", "street", "city", "postcode",
  "country"}, "carrier", "service", "rows": [{"row", "quantity"}]}]}``, 201 ``{"draft"}``; the header
  ``X-Platen-Fingerprint`` is kept with it. While an open one has that ``our_ref``: 409, code ``open``, with ``draft`` and
  ``fingerprint``. ``PUT /v2/drafts/<draft>`` replaces what is in an open one.
- ``po`` holds 12 capital letters, digits, spaces and hyphens, ``text`` 40 characters; else it is refused (422, ``long``).
- A row of a consignment is a place in the lines, from 1; without a carrier (null) Platen's people choose; a carrier or a
  service that there is not: 422, code ``carrier``.
- ``line`` is any number of ours. Files of a line: ``[{"role", "name", "url"}]``, the role ``proof`` or ``note``; Platen
  keeps the addresses for its people, and takes artwork as bytes alone.
- ``POST /v2/drafts/<draft>/confirm`` makes the order: ``{"order", "number", "lines": [{"ref", "line"}]}``. Of one that is
  confirmed: 409, code ``confirmed``, with all three. Customers on stop are refused here, and not before: 422, code
  ``stop``; the draft stays.
  Nothing keeps two orders of one ``our_ref`` apart.
- ``GET /v2/found?our_ref=``: ``{"orders": [order], "drafts": [{"draft", "fingerprint"}]}``; ``GET
  /v2/orders?name=&name=``: orders by ``order`` or ``number``, all in one answer. An order is ``{"order", "number",
  "our_ref", "state", "reason", "customer", "wanted_on", "lines", "parcels": [{"parcel", "code", "carrier", "service",
  "rows": [{"row", "quantity"}]}]}``; ``rows`` is empty where the office did not count; its lines have
  ``ref`` and ``files``: ``[{"file", "role", "name", "url", "digest"}]``, the digest SHA-256 in hex; its state
  ``queued``, ``press``, ``part`` (some of it has left), ``sent``, ``closed``, ``rejected``, ``void``.
- ``GET /v2/changes?after=``: ``{"changes": [{"id", "order"}], "next"}``, at most seven, oldest first: orders whose state
  or parcels changed. ``next`` is a cursor also at the end; without ``after`` none are told. A cursor that is not known:
  422, code ``cursor``.
- ``POST /v2/orders/<order>/lines/<ref>/files?role=&name=`` with the bytes as body adds a file, 201 ``{"file"}``; nothing
  keeps two of a name apart. ``PUT /v2/orders/<order>/lines/<ref>/files/<file>?name=`` puts other bytes in its place; once
  the order is not ``queued`` any more: 409, code ``started``. The role of bytes is ``print`` or ``proof``.
"""

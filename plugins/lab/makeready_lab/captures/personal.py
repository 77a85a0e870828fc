"""Which members of a vendor's documents hold secrets, and which tell who somebody is. Pure.

In doubt a member does: a sample with too many invented names is of use, one with a real name is a breach.
"""

import re
from collections.abc import Iterable
from enum import StrEnum


class Kind(StrEnum):
    SECRET = "secret"  # noqa: S105 - a kind of member
    EMAIL = "e-mail address"
    PHONE = "telephone"
    PERSON = "name"
    PLACE = "address"
    """Or the name of a company."""
    WORDS = "free text"


SECRETS = re.compile(
    r"token|password|passwd|passphrase|secret|apikey|securitykey|privatekey|accesskey|signingkey|subscriptionkey|licencekey"
    r"|licensekey|signature|credential|authori[sz]ation|cookie|sessionid"
    r"|^(pwd|pass|pin|sig|key|jwt|auth|session|applicationid|clientid|consumerid|xamz.*)$"
)
EMAILS = re.compile(r"e?mail(?!ing)")
PHONES = re.compile(r"phone|mobile|^cell|(^|to|by)(tel|fax)(no|number)?$")
PEOPLE = re.compile(
    r"(first|last|fore|sur|given|family|middle|full|user|login|display|contact|customer|buyer|recipient|person|owner|nick|by|to)name$"
    r"|(forename|surname|contact|attention|attn|recipient|buyer|username|salesperson|salesrep|accountmanager|initials|orderedby"
    r"|createdby|modifiedby|updatedby|approvedby|enteredby|takenby|signedby|billto|shipto|deliverto|soldto|invoiceto)$|^(user|login|by)$"
)
PLACES = re.compile(
    r"(address(line)?|addr|street(name|line)?|(?<!capa)city|town|locality|suburb|district|postcode|postalcode|zip(code)?|(?<!ware)house"
    r"|housenumber|houseno|building|county|company(name)?|business(name)?|organi[sz]ation(name)?|postal)$|^line$"
    r"|^(bill|ship|deliver|sold|invoice|mail)(ed|ing|y)?to(?!.*(id|country|code|date|method|amount|total|price|type)$)"
)
NEAR_PLACES = re.compile(r"(region|(?<!e)state|province)$")
"""Of an address, beside others of it: an order has a state, too."""
WORDS = re.compile(r"^(\w*notes?|\w*comments?|\w*instructions?|remarks?|memo|giftmessage)$")
ABOUT_PEOPLE = re.compile(
    r"customer|contact|buyer|user|party|person|shipto|billto|deliver|invoice|recipient|addressee|addressbook|staff"
)


def plain(name: str) -> str:
    """Its letters, without the number of a line and the namespace of XML."""
    return re.sub(r"[^a-z]", "", name.rpartition(":")[2].lower())


def kind_of(name: str, beside: Iterable[str] = (), above: Iterable[str] = ()) -> Kind | None:
    """What a member holds. ``beside``: the names of its object's members; ``above``: those that it lies in, the path's parts
    first."""
    own, others = plain(name), {plain(one) for one in beside}
    if own == "key" and "value" in others:
        return None
    for pattern, kind in (
        (SECRETS, Kind.SECRET),
        (EMAILS, Kind.EMAIL),
        (PHONES, Kind.PHONE),
        (WORDS, Kind.WORDS),
    ):
        if pattern.search(own):
            return kind
    if PEOPLE.search(own):
        return Kind.PERSON
    if PLACES.search(own) or (NEAR_PLACES.search(own) and any(map(PLACES.search, others))):
        return Kind.PLACE
    if own == "name" and _is_about_a_person(others, above):
        return Kind.PERSON
    return None


def _is_about_a_person(others: set[str], above: Iterable[str]) -> bool:
    tell = any(EMAILS.search(one) or PHONES.search(one) or PLACES.search(one) for one in others)
    nearest = [plain(one) for one in above][-2:]
    return tell or any(ABOUT_PEOPLE.search(one) for one in nearest)

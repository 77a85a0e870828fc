"""The older form of the pricing engine: SOAP, ``GetOptionsForProduct`` and ``GetPriceForProduct``. Pure functions.

Seen (the vendor's article on external pricing services): the two operations, their parameters ``user``,
``accessToken``, ``productID`` and the options, and that options are lists of ``PricingParameter`` with
``ID``, ``Label`` and ``Options`` of ``Key`` (the text shown) and ``Value``. The service is written by the
engine's side, so names that were not seen are ours, and are told by the WSDL.
"""

from xml.sax.saxutils import escape

from makeready_hooks.errors import CallRejected
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.price import OptionsQuestion, PriceOption, PriceQuestion

from makeready_pressero import plain_xml
from makeready_pressero.assumptions import Assumptions
from makeready_pressero.pricing.answers import PriceAnswer, offered_first
from makeready_pressero.pricing.questions import Asked, buyer_of, option_key, product_of, quantity_of

ENVELOPES = {
    "soap11": "http://schemas.xmlsoap.org/soap/envelope/",
    "soap12": "http://www.w3.org/2003/05/soap-envelope",
}
CONTENT_TYPES = {"soap11": "text/xml; charset=utf-8", "soap12": "application/soap+xml; charset=utf-8"}


def is_soap(call: IncomingCall) -> bool:
    """By its content type, its SOAPAction, or the first letter: no JSON begins with ``<``."""
    kind = call.headers.get("content-type", "").lower()
    return "xml" in kind or "soapaction" in call.headers or call.body.lstrip()[:1] == b"<"


def read_call(call: IncomingCall, names: Assumptions) -> Asked:
    """Raises CallRejected for what is no such call."""
    form, operation = _operation(call.body)
    product = product_of(operation.text_of("productID"))
    options = _options(operation)
    form = f"{form} {operation.namespace}"
    if operation.name.lower() == "getoptionsforproduct":
        question: PriceQuestion | OptionsQuestion = OptionsQuestion(
            product=product, options=_without_quantity(options, names), form=form
        )
    else:
        question = PriceQuestion(
            product=product,
            quantity=_quantity(operation, options, names),
            options=_without_quantity(options, names),
            buyer=buyer_of(operation.text_of("customer"), names.user_external_id),
            form=form,
        )
    return Asked(question=question, user=operation.text_of("user"), token=operation.text_of("accessToken"))


def _operation(body: bytes) -> tuple[str, plain_xml.Element]:
    """The form of the envelope, and the one of the two operations that is in it."""
    try:
        envelope = plain_xml.read(body)
    except plain_xml.Unreadable as exc:
        raise CallRejected(f"The body is not valid XML: {exc}.", fix="Send a SOAP envelope.") from None
    form = next((name for name, namespace in ENVELOPES.items() if namespace == envelope.namespace), "")
    inside = envelope.find("Body") if form and envelope.name == "Envelope" else None
    for operation in inside.children if inside else ():
        if operation.name.lower() in ("getoptionsforproduct", "getpriceforproduct"):
            return form, operation
    raise CallRejected(
        "The body is XML, but no SOAP envelope with GetOptionsForProduct or GetPriceForProduct.",
        fix="Read the description of the service at this address with ?wsdl.",
    )


def _options(operation: plain_xml.Element) -> tuple[tuple[str, str], ...]:
    """Pairs of ``Key`` and ``Value``, or parameters with their ``ID``, under whatever they are put."""
    found = [one for one in operation.below() if one.find("Value") is not None]
    return tuple((option_key(one.text_of("ID", "Key")), one.text_of("Value")) for one in found)


def _quantity(operation: plain_xml.Element, options: tuple[tuple[str, str], ...], names: Assumptions) -> int:
    """A parameter of its own, or one of the options."""
    given = operation.text_of("quantity")
    by_key = {key.lower(): value for key, value in options}
    for name in () if given else names.quantity_options:
        given = given or by_key.get(name.lower(), "")
    return quantity_of(given)


def _without_quantity(
    options: tuple[tuple[str, str], ...], names: Assumptions
) -> tuple[tuple[str, str], ...]:
    quantities = {name.lower() for name in names.quantity_options}
    return tuple(one for one in options if one[0].lower() not in quantities)


def write_price(question: PriceQuestion, answer: PriceAnswer) -> CallAnswer:
    """Under the same names as the JSON form; never zero without an error."""
    members = {
        "Price": f"{answer.price:f}",
        "TotalPrice": f"{answer.price:f}",
        "Cost": "0",
        "TotalCost": "0",
        "Weight": f"{answer.weight:f}",
        "TotalWeight": f"{answer.weight:f}",
        "WeightUnit": answer.weight_unit,
        "Quantity": str(question.quantity),
        "success": "false" if answer.error else "true",
        **({"Error": answer.error} if answer.error else {}),
    }
    inner = "".join(f"<{name}>{_text(value)}</{name}>" for name, value in members.items())
    return _envelope(question.form, "GetPriceForProduct", inner)


def write_options(question: OptionsQuestion, options: tuple[PriceOption, ...]) -> CallAnswer:
    """A list of ``PricingParameter`` (seen). Without the list nothing is chosen but the quantity."""
    return _envelope(question.form, "GetOptionsForProduct", "".join(map(_parameter, options)))


def write_fault(question: OptionsQuestion, reason: str) -> CallAnswer:
    """There is no other place for an error in a list."""
    form = question.form.partition(" ")[0]
    fault = (
        f"<e:Fault><e:Code><e:Value>e:Receiver</e:Value></e:Code><e:Reason><e:Text>{_text(reason)}</e:Text>"
        "</e:Reason></e:Fault>"
        if form == "soap12"
        else f"<e:Fault><faultcode>e:Server</faultcode><faultstring>{_text(reason)}</faultstring></e:Fault>"
    )
    return _answer(form, fault, status=500)


def _parameter(option: PriceOption) -> str:
    values = "".join(
        f"<PricingParameterOption><Key>{_text(one.label)}</Key><Value>{_text(one.value)}</Value>"
        "</PricingParameterOption>"
        for one in offered_first(option)
    )
    return (
        f"<PricingParameter><ID>{_text(option.id)}</ID><Label>{_text(option.label)}</Label>"
        f"<Options>{values}</Options></PricingParameter>"
    )


def _envelope(form: str, operation: str, inner: str) -> CallAnswer:
    version, _, namespace = form.partition(" ")
    wrapped = (
        f"<{operation}Response xmlns={_quoted(namespace)}><{operation}Result>{inner}</{operation}Result>"
        f"</{operation}Response>"
    )
    return _answer(version, wrapped)


def _answer(version: str, inside: str, status: int = 200) -> CallAnswer:
    body = (
        f'<?xml version="1.0" encoding="utf-8"?><e:Envelope xmlns:e="{ENVELOPES[version]}">'
        f"<e:Body>{inside}</e:Body></e:Envelope>"
    )
    return CallAnswer(status=status, body=body.encode(), content_type=CONTENT_TYPES[version])


def _text(text: str) -> str:
    """Fit for XML: characters that it cannot hold are left out."""
    return escape("".join(letter for letter in text if letter in "\t\n\r" or _may_be_in_xml(letter)))


def _may_be_in_xml(letter: str) -> bool:
    code = ord(letter)
    return code >= 0x20 and not 0xD800 <= code <= 0xDFFF and code not in (0xFFFE, 0xFFFF)


def _quoted(text: str) -> str:
    return '"' + escape(text, {'"': "&quot;"}) + '"'

"""The description of the SOAP service. Names that were not seen are ours: this is where they are told."""

from xml.sax.saxutils import escape

from makeready_hooks.model.incoming import CallAnswer

from makeready_pressero.assumptions import Assumptions

OPERATIONS = ("GetOptionsForProduct", "GetPriceForProduct")
TEXT, WHOLE, NUMBER, FLAG = "s:string", "s:int", "s:decimal", "s:boolean"
ASKED = (("user", TEXT), ("accessToken", TEXT), ("productID", TEXT))
TYPES = {
    "PricingParameterOption": (("Key", TEXT), ("Value", TEXT)),
    "PricingParameter": (("ID", TEXT), ("Label", TEXT), ("Options", "t:ArrayOfPricingParameterOption")),
    "PricingResult": (
        ("Price", NUMBER),
        ("TotalPrice", NUMBER),
        ("Cost", NUMBER),
        ("TotalCost", NUMBER),
        ("Weight", NUMBER),
        ("TotalWeight", NUMBER),
        ("WeightUnit", TEXT),
        ("Quantity", WHOLE),
        ("success", FLAG),
        ("Error", TEXT),
    ),
}
ELEMENTS = {
    "GetOptionsForProduct": (*ASKED, ("options", "t:ArrayOfPricingParameterOption")),
    "GetOptionsForProductResponse": (("GetOptionsForProductResult", "t:ArrayOfPricingParameter"),),
    "GetPriceForProduct": (*ASKED, ("options", "t:ArrayOfPricingParameterOption"), ("quantity", WHOLE)),
    "GetPriceForProductResponse": (("GetPriceForProductResult", "t:PricingResult"),),
}


def description(url: str, names: Assumptions) -> CallAnswer:
    """``url``: the address of the service."""
    namespace = escape(names.soap_namespace, {'"': "&quot;"})
    types = "".join(_complex(members, name) for name, members in TYPES.items())
    lists = "".join(_list(name) for name in ("PricingParameterOption", "PricingParameter"))
    elements = "".join(
        f'<s:element name="{name}">{_complex(members)}</s:element>' for name, members in ELEMENTS.items()
    )
    body = (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://www.w3.org/2001/XMLSchema" '
        'xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" '
        f'xmlns:t="{namespace}" targetNamespace="{namespace}">'
        f'<w:types><s:schema elementFormDefault="qualified" targetNamespace="{namespace}">'
        f"{types}{lists}{elements}</s:schema></w:types>"
        f"{''.join(_messages(name) for name in OPERATIONS)}"
        f'<w:portType name="Pricing">{"".join(_port(name) for name in OPERATIONS)}</w:portType>'
        f"{_binding('soap', namespace)}{_binding('soap12', namespace)}{_service(url)}</w:definitions>"
    )
    return CallAnswer(status=200, body=body.encode(), content_type="text/xml; charset=utf-8")


def _complex(members: tuple[tuple[str, str], ...], name: str = "") -> str:
    named = f' name="{name}"' if name else ""
    inner = "".join(
        f'<s:element minOccurs="0" maxOccurs="1" name="{one}" type="{kind}"/>' for one, kind in members
    )
    return f"<s:complexType{named}><s:sequence>{inner}</s:sequence></s:complexType>"


def _list(name: str) -> str:
    return (
        f'<s:complexType name="ArrayOf{name}"><s:sequence><s:element minOccurs="0" maxOccurs="unbounded" '
        f'name="{name}" type="t:{name}"/></s:sequence></s:complexType>'
    )


def _messages(operation: str) -> str:
    return "".join(
        f'<w:message name="{operation}{way}"><w:part name="parameters" element="t:{operation}{suffix}"/></w:message>'
        for way, suffix in (("In", ""), ("Out", "Response"))
    )


def _port(operation: str) -> str:
    return (
        f'<w:operation name="{operation}"><w:input message="t:{operation}In"/>'
        f'<w:output message="t:{operation}Out"/></w:operation>'
    )


def _binding(version: str, namespace: str) -> str:
    body = f'<{version}:body use="literal"/>'
    operations = "".join(
        f'<w:operation name="{name}"><{version}:operation soapAction="{namespace}{name}" style="document"/>'
        f"<w:input>{body}</w:input><w:output>{body}</w:output></w:operation>"
        for name in OPERATIONS
    )
    return (
        f'<w:binding name="Pricing-{version}" type="t:Pricing">'
        f'<{version}:binding transport="http://schemas.xmlsoap.org/soap/http"/>{operations}</w:binding>'
    )


def _service(url: str) -> str:
    location = escape(url, {'"': "&quot;"})
    ports = "".join(
        f'<w:port name="Pricing-{version}" binding="t:Pricing-{version}">'
        f'<{version}:address location="{location}"/></w:port>'
        for version in ("soap", "soap12")
    )
    return f'<w:service name="Pricing">{ports}</w:service>'

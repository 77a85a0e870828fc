"""Of the shop's pricing engine and its calls to us."""

from typing import Annotated

from makeready_hooks.model.assumptions import INFERRED, UNKNOWN, assumed, call_at, member_of

from makeready_pressero.assumptions.site import SiteAssumptions


class PricesAssumptions(SiteAssumptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    calculators_path: Annotated[
        str,
        assumed(
            INFERRED,
            "Pricing engines. Reading one by id is seen; list and create are not.",
            "The pricing engine is made by hand, with the values that set-up shows.",
            call_at("{value}"),
        ),
    ] = "Calculators"
    external_method: Annotated[
        int,
        assumed(
            UNKNOWN,
            "`Method` of an engine that calls an external service. Its code is unknown.",
            "The engine that set-up makes does not call us: prices fail until a person sets its method.",
        ),
    ] = 5
    engine_url: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of an engine with the address it calls. The admin page calls it URL.",
            "The engine is not recognised as ours, and a new one has no address until a person enters it.",
            member_of("Calculators", optional=True),
        ),
    ] = "Url"
    engine_product_id: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of a product's engine pairing with the MIS Product ID. The name is seen, its content is not.",
            "We are asked for no product, or for another's: a buyer reads that there is no price.",
        ),
    ] = "CalcConfiguration"
    engine_user: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of an engine with the user it calls as. The admin page asks for a User.",
            "The engine calls us without a user: its calls are refused until a person enters it.",
        ),
    ] = "UserName"
    engine_token: Annotated[
        str,
        assumed(
            INFERRED,
            "Member of an engine with the token it calls with. The admin page asks for an Access Token.",
            "The engine calls us without a token: its calls are refused until a person enters it.",
        ),
    ] = "AccessToken"  # noqa: S105 - the name of a member
    soap_namespace: Annotated[
        str,
        assumed(
            UNKNOWN,
            (
                "Namespace of the two operations in our WSDL. A call in another one is answered in that one. None is "
                "seen; ASP.NET's default stands in."
            ),
            (
                "The shop does not understand the description of our service; its calls are answered in their own "
                "namespace."
            ),
        ),
    ] = "http://tempuri.org/"
    quantity_options: Annotated[
        tuple[str, ...],
        assumed(
            UNKNOWN,
            (
                "Options of a SOAP price call that hold the quantity. The article names user, accessToken, productID "
                "and the options; where the quantity is, it does not say. A parameter `quantity` goes first."
            ),
            "The quantity of a SOAP call is not found: it is answered with an error, never with a price.",
        ),
    ] = ("Quantity", "Qty", "Q1")
    weight_unit_member: Annotated[
        str,
        assumed(
            INFERRED,
            (
                "Member of a price answer with the unit of the weight. The vendor's own print MIS answers with one of"
                " this name. Empty: none is sent."
            ),
            "The shop takes the weight in a unit of its own.",
        ),
    ] = "WeightUnit"

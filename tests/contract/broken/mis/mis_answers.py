"""An MIS connector that breaks a promise of set-up."""

from broken import Platen, broken
from makeready_hooks import Capability, ListKind, hookimpl
from makeready_hooks.errors import MakereadyError
from makeready_hooks.model.names import OrderNames, ProductNames
from makeready_hooks.model.setup import Option


@broken("a list to choose from holds every name once", "test_a_list_to_choose_from_holds_every_name_once")
class NamesTwice(Platen):
    @hookimpl
    async def list_options(self, kind: ListKind) -> tuple[Option, ...] | None:
        found = await super().list_options(kind)
        return found and found * 2


@broken(
    "a list that could not be read is not empty",
    "test_a_lost_answer_or_a_deadline_is_try_later_whichever_it_is",
)
class LostListIsEmpty(Platen):
    @hookimpl
    async def list_options(self, kind: ListKind) -> tuple[Option, ...] | None:
        try:
            return await super().list_options(kind)
        except MakereadyError:
            return ()


@broken("an address is one of the web", "test_addresses_are_made_without_a_call_and_only_of_what_is_known")
class AddressesAsTheyCome(Platen):
    @hookimpl
    def product_address(self, product: ProductNames) -> str:
        return f"https://platen.example/{product.mis_id}"

    @hookimpl
    def order_address(self, order: OrderNames) -> str:
        return f"https://platen.example/{order.mis_number}"


@broken("only what it has hooks for is ruled out", "test_it_rules_out_only_what_it_has_hooks_for")
class RulesOutWhatItHasNot(Platen):
    @hookimpl
    def unavailable(self) -> frozenset[Capability]:
        return frozenset({Capability.CANCEL_ORDER})


@broken("a hook is spelt as in the contract", "test_it_has_what_its_role_needs")
class MisspeltHook(Platen):
    @hookimpl
    async def find_submited_order(self) -> None:
        """Never called."""

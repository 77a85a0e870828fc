"""What the pages add to Makeready: addresses, operations, and a link for the first user."""

from collections.abc import Callable, Sequence
from weakref import WeakKeyDictionary

from makeready.extensions import extension
from makeready.installation import Installation
from makeready.web.api.operation import Operation, operations_in
from makeready_hooks.names import in_path
from starlette.routing import BaseRoute

from makeready_admin.activity import api as activity_api
from makeready_admin.audit import api as audit_api
from makeready_admin.home import api as overview_api
from makeready_admin.invitations import api as invitations_api
from makeready_admin.openapi_page import openapi_page_route
from makeready_admin.orders import api as inbox_api
from makeready_admin.routes import page_routes
from makeready_admin.server import ledger_api
from makeready_admin.settings import api as settings_api
from makeready_admin.settings import connections_api
from makeready_admin.users import api as users_api
from makeready_admin.users import tokens_api
from makeready_admin.users.users import new_setup_secret
from makeready_admin.web.asking import Asking
from makeready_admin.web.request import ROOT

APIS = (
    overview_api,
    inbox_api,
    settings_api,
    connections_api,
    ledger_api,
    activity_api,
    users_api,
    invitations_api,
    tokens_api,
    audit_api,
)


class Admin:
    """The pages, for every server of this process."""

    def __init__(self) -> None:
        self._asking: WeakKeyDictionary[Installation, Asking] = WeakKeyDictionary()

    @extension
    def operations(self) -> Sequence[Operation]:
        return [one for module in APIS for one in operations_in(module)]

    @extension
    def routes(self, installation: Installation, wake: Callable[[], None]) -> Sequence[BaseRoute]:
        asking = self._asking[installation] = Asking(installation.steady)
        return (openapi_page_route(), *page_routes(installation, asking, wake))

    @extension
    def page_path(self, subscriber: str, order: str) -> str:
        place = f"orders/{in_path(order)}" if order else "inbox"
        return f"{ROOT}/subscribers/{subscriber}/{place}"

    @extension
    async def on_start(self, installation: Installation, url: str) -> str:
        """Whoever opens the link first makes the first user."""
        secret = await new_setup_secret(installation)
        if not secret:
            return ""
        public_url = await installation.store.subscribers.public_url() or url
        return f"There is no user yet. Make the first one, once, at: {public_url}{ROOT}/setup/{secret}"

    @extension
    async def on_stop(self, installation: Installation) -> None:
        if asking := self._asking.pop(installation, None):
            await asking.aclose()


EXTENSION = Admin()

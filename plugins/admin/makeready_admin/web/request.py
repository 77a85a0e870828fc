"""One call of a page: who makes it, about which subscriber, with what form; and how a page is answered."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar
from urllib.parse import parse_qsl, quote, urlencode

from makeready.access.audit import Actor
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready.web.bodies import read_body
from makeready_hooks.errors import CallRejected
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from makeready_admin.inbox.waiting import count_waiting
from makeready_admin.languages.viewer import viewer
from makeready_admin.start.steps import set_up_of
from makeready_admin.users.model import Session, User
from makeready_admin.users.sign_in import SignedIn, tell_next
from makeready_admin.users.store.users import users_of
from makeready_admin.web.asking import DEADLINE_S, PATIENCE_S, Asked, Asking, Key, too_late
from makeready_admin.web.frame import Frame
from makeready_admin.web.offers import offers
from makeready_admin.web.paused import shown_pauses

T = TypeVar("T")

PART, WAIT, FORM = "part", "wait", "form"
"""In a query: only the part of the page that a vendor answers; the whole page, when that part is there; of a part,
that the search form is to come with it, since it needs the vendor as well.
"""

FORM_TYPE = "application/x-www-form-urlencoded"
MAX_FIELDS = 5000
ROOT = "/admin"


class Form(Struct, frozen=True):
    """What a person filled in."""

    fields: Mapping[str, tuple[str, ...]]

    def text(self, name: str) -> str:
        """Without the blanks around it; "" if it is not there."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        return self.fields.get(name, ("",))[0]

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(filter(None, self.fields.get(name, ())))

    def ticked(self, name: str) -> bool:
        return bool(self.text(name))


class Visit(Struct, frozen=True, kw_only=True):
    installation: Installation
    frame: Frame
    asking: Asking
    request: Request
    who: SignedIn | None
    given_subscriber: Subscriber | None
    form: Form
    notice: str = ""
    """What was to be told once."""

    @property
    def user(self) -> User:
        """Whoever is signed in."""
        return self.signed_in.user

    @property
    def session(self) -> Session:
        return self.signed_in.session

    @property
    def signed_in(self) -> SignedIn:
        if self.who is None:
            raise LookupError("This page is open to everybody.")
        return self.who

    @property
    def subscriber(self) -> Subscriber:
        """The one that the address names."""
        if self.given_subscriber is None:
            raise LookupError("This address names no subscriber.")
        return self.given_subscriber

    @property
    def actor(self) -> Actor:
        name = self.who.user.name if self.who else "nobody"
        return Actor(name=name, via="page", address=address_of(self.request))

    @property
    def home(self) -> str:
        """Where the pages of the subscriber begin."""
        return f"{ROOT}/subscribers/{self.subscriber.name}"

    def part(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def query(self, name: str) -> str:
        return self.request.query_params.get(name, "").strip()

    def key(self, *what: object) -> Key:
        """The name of a question about this subscriber as it is set up now."""
        return (self.subscriber.name, self.subscriber.version, *what)

    async def ask(
        self,
        *what: object,
        question: Callable[[], Awaitable[T]],
        keep_s: float = 0.0,
        within_s: float | None = None,
    ) -> Asked[T]:
        """What a vendor says to the question of the name ``what``.

        A page gets the answer if it comes at once and is completed later if not; a part, and whoever waits for
        the whole, gets it or is told that it does not come.
        """
        waits = bool(self.query(PART) or self.query(WAIT)) or self.request.method == "POST"
        asked = await self.asking.ask(
            self.key(*what),
            question,
            within_s=within_s or (DEADLINE_S if waits else PATIENCE_S),
            keep_s=keep_s,
        )
        return Asked(error=too_late()) if waits and asked.waiting else asked

    async def people(self) -> list[str]:
        """Who can see the company, by name."""
        everybody = await users_of(self.installation).all()
        return [one.name for one in everybody if one.may_see(self.subscriber.name) and not one.disabled]

    async def who_can_change(self) -> list[str]:
        """The company's own managers, by name; none means that an operator can."""
        everybody = await users_of(self.installation).all()
        name = self.subscriber.name
        return [
            one.name for one in everybody if one.may_change and one.subscriber == name and not one.disabled
        ]

    def address(self, **changes: str) -> str:
        """This page again, with something else in its query."""
        kept = [
            pair for pair in self.request.query_params.multi_items() if pair[0] not in (PART, WAIT, *changes)
        ]
        return f"{path_of(self.request)}?{urlencode([*kept, *changes.items()])}"

    async def page_with_part(
        self, template: str, lacking: bool, *, status: int = 200, **values: object
    ) -> Response:
        """A page with a part that vendors answer, in a template of its own; that part alone if it is asked for.

        ``lacking``: the answer is still to come, and the page is completed later.
        """
        part = template.replace(".html", "-part.html")
        given = (
            self.query(PART) if values.get("asked", True) else ""
        )  # where nothing was asked there is no part
        return await self.page(
            part if given else template, status=status, lacking=lacking, with_form=given == FORM, **values
        )

    async def page(self, template: str, *, status: int = 200, **values: object) -> Response:
        who, subscriber = self.who, self.given_subscriber
        waiting = await count_waiting(self.installation, subscriber.name) if who and subscriber else 0
        return self.frame.page(
            template,
            status=status,
            user=who.user if who else None,
            csrf=values.pop("csrf", who.session.csrf if who else ""),
            subscriber=subscriber,
            home=self.home if subscriber else "",
            may_change=bool(who and who.user.may_change),
            path=path_of(self.request),
            notice=self.notice,
            waiting=waiting,
            offers=await offers(self.installation, subscriber if who else None),
            pauses=await shown_pauses(self.installation, subscriber.name if subscriber else "")
            if who
            else (),
            set_up=await set_up_of(self.installation, subscriber) if who and subscriber else None,
            now=self.installation.clock(),
            viewer=viewer(),
            address=self.address,
            **values,
        )

    async def told(self, notice: str, to: str) -> Response:
        """After a change: the next page tells what was done."""
        if self.who:
            await tell_next(self.installation, self.session, notice)
        return redirect(to)


def redirect(to: str) -> Response:
    return RedirectResponse(to, 303, {"Cache-Control": "no-store"})


def path_of(request: Request) -> str:
    """Of its address, as a link has it."""
    return quote(request.scope["path"])


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


async def read_form(request: Request) -> Form:
    """Raises CallRejected for what no form of ours sends."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise CallRejected("This address takes forms only.", status=415)
    body = await read_body(request)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError:
        raise CallRejected("The form cannot be read.", status=400) from None
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value.replace("\r\n", "\n"))
    return Form(fields)

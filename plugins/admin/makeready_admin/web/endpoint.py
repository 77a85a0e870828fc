"""One page: who comes, is it allowed, is the form our own; then it is run, and kept in the audit log."""

from collections.abc import Callable
from urllib.parse import quote

import structlog
from makeready.access.audit import Act, audited
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready.web.defects import log_defect
from makeready_hooks import same_secret
from makeready_hooks.errors import CallRejected, ConfigError, MakereadyError, NotSupported
from makeready_hooks.outside import split_address
from starlette.requests import Request
from starlette.responses import Response

from makeready_admin.factors.factors import lacks_factor
from makeready_admin.languages.viewer import Viewer, reads, viewer_of
from makeready_admin.users.failed import keep_failed
from makeready_admin.users.model import User
from makeready_admin.users.sign_in import confirm_password, signed_in, tell_next
from makeready_admin.web.asking import Asking
from makeready_admin.web.cookies import Cookies
from makeready_admin.web.frame import Frame
from makeready_admin.web.page import Needs, Page
from makeready_admin.web.request import PART, ROOT, Form, Visit, path_of, read_form, redirect

log = structlog.get_logger("makeready.pages")

BY_ITSELF = "makeready-by-itself"
"""The header of such a call, whatever it says."""
EVENTS = "text/event-stream"
NOT_FOUND = "There is nothing at this address, or it is not for you."


class Endpoint:
    def __init__(
        self,
        installation: Installation,
        frame: Frame,
        asking: Asking,
        page: Page,
        wake: Callable[[], None],
    ) -> None:
        self._installation = installation
        self._frame = frame
        self._asking = asking
        self._page = page
        self._wake = wake

    async def answer(self, request: Request) -> Response:
        cookies = await Cookies.of(self._installation, request)
        token = cookies.session()
        who = await signed_in(self._installation, token, by_itself=is_by_itself(request)) if token else None
        reads(viewer_for(request, who.user if who else None))
        if who is None and self._page.needs is not Needs.NOTHING:
            return _to_sign_in(request)
        visit = Visit(
            installation=self._installation,
            frame=self._frame,
            asking=self._asking,
            request=request,
            who=who,
            given_subscriber=None,
            form=Form({}),
        )
        try:
            return await self._admitted(visit, cookies)
        except MakereadyError as exc:
            return await self._problem(visit, exc)
        except Exception:  # noqa: BLE001 - whatever it is, the visitor gets a page and the log the rest
            return await self._defect(visit)

    async def _admitted(self, visit: Visit, cookies: Cookies) -> Response:
        if visit.who and not self._page.without_factor and await lacks_factor(visit.installation, visit.user):
            return redirect(f"{ROOT}/account/factors")
        visit = _with(visit, given_subscriber=await self._subscriber(visit))
        if self._page.method == "GET":
            return await self._page.run(await self._with_notice(visit))
        visit = _with(visit, form=await read_form(visit.request))
        _check_own(visit, cookies)
        act = Act(
            action=self._page.action,
            subscriber=visit.given_subscriber.name if visit.given_subscriber else "",
            target=self._target(visit),
        )
        if self._page.asks_password:
            await self._confirm_password(visit, act)
        if not self._page.action:
            return await self._page.run(visit)
        async with audited(self._installation, visit.actor, act):
            made = await self._page.run(visit)
        self._wake()
        return made

    async def _confirm_password(self, visit: Visit, act: Act) -> None:
        """Raises as `confirm_password`. Before the audit log has a row: what was guessed is kept, within bounds."""
        try:
            await confirm_password(self._installation, visit.signed_in, visit.form.raw("password"))
        except MakereadyError as exc:
            await keep_failed(self._installation, visit.actor, act, exc)
            raise

    async def _subscriber(self, visit: Visit) -> Subscriber | None:
        """Raises CallRejected unless whoever comes may use this page. Foreign and unknown ones look the same."""
        needs, who = self._page.needs, visit.who
        name = visit.request.path_params.get("subscriber", "")
        if who is None:
            return None
        if needs is Needs.OPERATOR and who.user.role != "operator":
            raise CallRejected("This is for operators only.", status=403)
        if needs not in (Needs.SEE, Needs.CHANGE) and not name:
            return None
        found = await self._installation.store.subscribers.get(name) if who.user.may_see(name) else None
        if found is None:
            raise CallRejected(NOT_FOUND, status=404)
        if needs is Needs.CHANGE and not who.user.may_change:
            raise CallRejected(
                "You may look at this and not change it.",
                status=403,
                fix="Ask a manager of this company, or the operator.",
            )
        return found

    def _target(self, visit: Visit) -> str:
        name = self._page.target
        return str(visit.request.path_params.get(name) or ", ".join(visit.form.all(name)))

    async def _with_notice(self, visit: Visit) -> Visit:
        if (
            visit.who is None
            or not visit.who.session.notice
            or visit.query(PART)
            or is_by_itself(visit.request)
        ):
            return visit
        await tell_next(self._installation, visit.who.session, "")
        return _with(visit, notice=visit.who.session.notice)

    async def _problem(self, visit: Visit, exc: MakereadyError) -> Response:
        status = _status_of(exc)
        log.warning("page not given", path=self._page.path, status=status, reason=str(exc))
        visit = _with(visit, given_subscriber=await self._company(visit))
        return await visit.page(
            "problem.html", status=status, shown_status=status, error=exc, back=_back(visit.request)
        )

    async def _company(self, visit: Visit) -> Subscriber | None:
        """What went wrong is told among the pages of the company that it is about, to whoever may see it."""
        name = visit.request.path_params.get("subscriber", "")
        if visit.who is None or not name or not visit.who.user.may_see(name):
            return None
        return await self._installation.store.subscribers.get(name)

    async def _defect(self, visit: Visit) -> Response:
        reference = log_defect(log, path=self._page.path)
        error = CallRejected(
            f"Something went wrong in Makeready itself. Its log has the reason under {reference}.",
            status=500,
            fix="Try again. If it stays so, give this reference to whoever runs the server.",
        )
        return await visit.page(
            "problem.html", status=500, shown_status=500, error=error, back=_back(visit.request)
        )


def viewer_for(request: Request, user: User | None) -> Viewer:
    """As they have chosen, else as the browser says."""
    accepted = request.headers.get("accept-language", "")
    return viewer_of(accepted, user.language, user.time_zone) if user else viewer_of(accepted)


def is_by_itself(request: Request) -> bool:
    """Whether an open page asks, as its script does when something has changed: no person need be there."""
    return BY_ITSELF in request.headers or request.headers.get("accept") == EVENTS


def _with(visit: Visit, **changes: object) -> Visit:
    values = {name: getattr(visit, name) for name in visit.__struct_fields__}
    return Visit(**{**values, **changes})


def _check_own(visit: Visit, cookies: Cookies) -> None:
    """Raises CallRejected for a form that is not from a page of ours in this session."""
    given = visit.form.raw("csrf")
    origin = visit.request.headers.get("origin", "")
    foreign = bool(origin) and split_address(origin).netloc not in cookies.own_hosts
    own = same_secret(given, visit.who.session.csrf) if visit.who else cookies.is_own_form(given)
    if foreign or not own:
        raise CallRejected(
            "This form is not valid any more.", status=403, fix="Go back, load the page again, and repeat it."
        )


def _to_sign_in(request: Request) -> Response:
    path = path_of(request) + (f"?{request.url.query}" if request.url.query else "")
    return redirect(f"{ROOT}/sign-in" + (f"?next={quote(path, safe='')}" if request.method == "GET" else ""))


def _back(request: Request) -> str:
    """The page that the visitor came from, if it is one of ours."""
    parts = split_address(request.headers.get("referer", ""))
    if parts.netloc == request.headers.get("host", "") and parts.path.startswith(ROOT):
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return ROOT


def _status_of(error: MakereadyError) -> int:
    """What is wrong is in the form or the address, or in settings that the person can change."""
    is_setting = isinstance(error, ConfigError) and not isinstance(error, NotSupported)
    return 422 if is_setting else error.status

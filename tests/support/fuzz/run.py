"""The whole application under generated requests: sent, looked at, counted."""

import asyncio
import gc
import re
import resource
import socket
import traceback
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import structlog
from argon2 import PasswordHasher
from asgi import Answer, Request, send
from callers import SECRETS, Caller, Callers
from calls import Generator
from companies import MARKS, PRETEND, Companies
from invented import SITE
from makeready.web.app import create_app
from makeready_admin.users import users
from msgspec import Struct, field
from places import Place, places_of
from pools import Pools

AT_ONCE = 4
LIVES_EVERY, RESTORES_EVERY = 200, 2000
SLOW_S = 1.0
MARKED = re.compile("|".join(f"(?P<{name}>{mark})" for name, mark in MARKS.items()).encode(), re.IGNORECASE)
SECOND_STEP = ("/admin/sign-in/second", "/admin/sign-in/passkey")
AWAY = rb"The shop is away|no pricing engine for this|no connection"
"""As the pretend vendors say it, the way to the emulators, and what is not yet installed."""
REDIRECTS = (301, 302, 303, 307, 308)
PAGE_BYTES = resource.getpagesize()


class Finding(Struct, frozen=True, kw_only=True):
    what: str
    place: str
    caller: str
    request: str
    more: str = ""

    @property
    def kind(self) -> str:
        """Alike for what is raised at the same line."""
        return self.what[:30] + "".join(re.findall(r'File ".*', self.more)[-1:])

    def __str__(self) -> str:
        return f"{self.what} at {self.place} by {self.caller}: {self.request}\n{self.more}"


class Tally(Struct, kw_only=True):
    requests: int = 0
    by_class: Counter[str] = field(default_factory=Counter)
    by_place: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    troubles: Counter[str] = field(default_factory=Counter)
    """Answers that the other side, or a setting, is in the way: by status and place."""
    slowest: list[tuple[float, str, str]] = field(default_factory=list)
    late: int = 0
    """Answers that took over a second once, and not when they were asked again alone."""
    findings: list[Finding] = field(default_factory=list)


class Defects:
    """What the log tells of errors that nobody foresaw."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def __call__(self, logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
        if event.get("exc_info"):
            self.found.append(f"{event.get('event')}: {traceback.format_exc()[-3000:]}")
        raise structlog.DropEvent

    def taken(self) -> list[str]:
        found, self.found = self.found, []
        return found


class Run:
    def __init__(self, app: Any, companies: Companies, defects: Defects) -> None:
        self.app = app
        self.companies = companies
        self.callers = Callers(app, companies)
        self.defects = defects
        self.tally = Tally()
        self._since = 0

    async def start(self, orders: int = 6) -> None:
        await self.companies.start(orders)
        await self.callers.start()
        self.places = list(places_of(self.app.routes))
        self.pools = Pools(self.companies, self.places)
        await self._import()
        self.generator = Generator(self.companies, self.places, self.callers.all, self.pools)

    async def _import(self) -> None:
        """Each of the equal companies has products in its shop."""
        [ops] = [one for one in self.callers.all if one.name == "ops"]
        for name in PRETEND:
            at, headers = f"/api/v1/subscribers/{name}/imports", [*ops.headers()]
            body = msgspec.json.encode({"site": SITE, "product_ids": ["2284", "4107"]})
            made = await send(self.app, Request(method="POST", path=at, headers=headers, body=body))
            job = msgspec.json.decode(made.body)["job"]
            run = Request(method="POST", path=f"{at}/{job}/run", headers=headers, body=b"{}")
            assert (await send(self.app, run)).status == 200, made.body
            self.pools.add("job", str(job))
        await self.companies.work()

    async def go_on(self, random: Random, count: int) -> None:
        """So many requests, several at a time; meanwhile something happens at the companies."""
        while count > 0:
            made = [self.generator.make(random) for _ in range(min(count, AT_ONCE))]
            answers = await asyncio.gather(*(send(self.app, request) for _, _, request in made))
            together = [(*one, answer) for one, answer in zip(made, answers, strict=True)]
            # Before anybody is let in again, with the role of the beginning.
            leaks = [await self._leaks(caller, request, answer) for _, caller, request, answer in together]
            for told, (place, caller, request, answer) in zip(leaks, together, strict=True):
                self._find(told, "leak", place.name, caller.name, str(request))
                await self._look(random, place, caller, request, answer)
            count -= len(made)
            self.companies.clock.now += random.random()
            await self._meanwhile(random, len(made))

    async def _leaks(self, caller: Caller, request: Request, answer: Answer) -> list[str]:
        leaks = _leaks(caller, request, answer)
        return leaks if leaks and await self.callers.is_as_made(caller) else []

    async def _meanwhile(self, random: Random, sent: int) -> None:
        before, self._since = self._since, self._since + sent
        if before // LIVES_EVERY != self._since // LIVES_EVERY:
            await self.companies.live(random)
        if before // RESTORES_EVERY != self._since // RESTORES_EVERY:
            await self.companies.restore()
            await self.callers.tidy()
        self._find(self.defects.taken(), "a defect in the log", "(work)", "", "")

    async def _look(
        self, random: Random, place: Place, caller: Caller, request: Request, answer: Answer
    ) -> None:
        tally = self.tally
        tally.requests += 1
        kind = f"{answer.status // 100}xx" if answer.status else "none"
        tally.by_class[kind] += 1
        tally.by_place[place.name][str(answer.status)] += 1
        if not request.leaves:
            await self._check(place, caller, request, answer)
        elif answer.raised is not None:
            self._find([_told(answer.raised)], "raised", place.name, caller.name, str(request))
        self._find(self.defects.taken(), "a defect in the log", place.name, caller.name, str(request))
        if caller.is_person or caller.rights is not None:
            await self._follow(random, place, caller, request, answer)

    async def _check(self, place: Place, caller: Caller, request: Request, answer: Answer) -> None:
        found = []
        if answer.raised is not None:
            found.append(f"raised: {_told(answer.raised)}")
        elif not answer.status:
            found.append("no answer")
        if answer.status >= 500:
            if self._may_be(place, answer):
                self.tally.troubles[f"{answer.status} {place.name}: {_reason(answer)}"] += 1
            else:
                found.append(str(answer.status))
        if not answer.header(b"location").startswith("/") and answer.status in REDIRECTS:
            found.append(f"leads away: {answer.header(b'location')[:200]}")
        found += _secrets(answer, self.callers.secrets)
        await self._time(place, caller, request, answer, found)
        for what in found:
            more = answer.body[:600].decode("utf-8", "replace")
            self._find([more], what, place.name, caller.name, str(request))

    def _may_be(self, place: Place, answer: Answer) -> bool:
        """SOAP says with 500 that it has no list of options; 501 that a connector was taken out; 503 that a vendor is away,
        or what a person has left to set up."""
        if answer.status == 500:
            return place.template.startswith("/price/") and b"Fault>" in answer.body
        if answer.status == 501:
            return b"connectors can do this" in answer.body
        return answer.status == 503 and re.search(AWAY, answer.body) is not None

    async def _time(
        self, place: Place, caller: Caller, request: Request, answer: Answer, found: list[str]
    ) -> None:
        slowest = self.tally.slowest
        if len(slowest) < 10 or answer.seconds > slowest[-1][0]:
            slowest.append((answer.seconds, place.name, str(request)[:200]))
            slowest.sort(reverse=True)
            del slowest[10:]
        if answer.seconds > SLOW_S:
            again = [(await send(self.app, request)).seconds for _ in range(2)]
            if min(again) > SLOW_S:
                found.append(f"slow: {answer.seconds:.1f} s, alone {min(again):.1f} s")
            else:
                self.tally.late += 1

    def _find(self, told: list[str], what: str, place: str, caller: str, request: str) -> None:
        for more in told:
            self.tally.findings.append(
                Finding(what=what, place=place, caller=caller, request=request, more=more)
            )

    async def _follow(
        self, random: Random, place: Place, caller: Caller, request: Request, answer: Answer
    ) -> None:
        """What was answered is used by the next requests; who was shut out comes in again."""
        own = set(caller.headers()) <= set(request.headers)
        if own:
            caller.keep_cookies(answer)
        shut_out = answer.status == 401 or answer.header(b"location").startswith("/admin/sign-in")
        if caller.factors:
            shut_out = shut_out and place.template in SECOND_STEP
        if shut_out and own and not place.template.startswith(("/hooks", "/price")):
            await self.callers.renew(caller)
        elif answer.status == 200 and (random.random() < 0.3 or len(caller.forms) < 5):
            self.pools.learn(random, caller, request.path, answer)


def _told(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))[-3000:]


def _reason(answer: Answer) -> str:
    text = re.sub("|".join(MARKS).encode(), b"NAME", answer.body[-1500:])
    text = re.sub(rb"<[^>]*>|\s+", b" ", text)
    return re.sub(r"\d+", "0", text.decode("utf-8", "replace"))[:160]


def _leaks(caller: Caller, request: Request, answer: Answer) -> list[str]:
    """The first mark of a company that is not the caller's, nor that of the address that was called."""
    if caller.sees_all:
        return []
    headers = b" ".join(value for _, value in request.headers)
    given = b"?".join((request.path.encode(), request.query, request.body, headers)).lower()
    for match in MARKED.finditer(answer.body):
        whose = match.lastgroup or ""
        told = (f"segment-{whose}".encode(), match[0].lower())
        if whose != caller.company and not any(one in given for one in told):
            around = answer.body[max(0, match.start() - 200) : match.end() + 100]
            return [f"leak of {whose}: {around!r}"]
    return []


def _secrets(answer: Answer, known: dict[bytes, str]) -> list[str]:
    found = ["a secret"] if SECRETS.search(answer.body) else []
    return found + [f"the secret of {name}" for secret, name in known.items() if secret in answer.body]


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Run]:
    """A new installation in a folder, its application, and everybody who calls it; not yet started."""
    defects = Defects()
    structlog.configure(processors=[defects], cache_logger_on_first_use=False)
    kept = socket.getaddrinfo, users._hasher
    socket.getaddrinfo = _no_names
    users._hasher = PasswordHasher(
        time_cost=1, memory_cost=8, parallelism=1
    )  # or half of the time goes into it
    companies = Companies(folder)
    app = create_app(companies.installation, work=False)
    asyncio.get_running_loop().set_exception_handler(
        lambda loop, context: defects.found.append(f"a task failed: {context}")
    )
    try:
        async with app.router.lifespan_context(app):
            yield Run(app, companies, defects)
    finally:
        await companies.aclose()
        socket.getaddrinfo, users._hasher = kept
        structlog.reset_defaults()


def _no_names(*given: Any, **named: Any) -> Any:
    """Settings name hosts, and nothing leaves this one."""
    raise socket.gaierror("there are no names here")


def resident_mb() -> float:
    """Of this process, after a collection of garbage."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES / 1e6

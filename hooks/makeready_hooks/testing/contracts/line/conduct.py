"""The contract of conduct: whom a connector talks to, what it lets be seen, and that it holds nobody up."""

import asyncio
import contextlib
import io
import logging
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

from makeready_hooks import Secret, decode_secret
from makeready_hooks.errors import MakereadyError, NotSupported
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.line.looks import LookContract
from makeready_hooks.testing.contracts.line.outcome import outcome_of
from makeready_hooks.testing.contracts.line.pages import PageContract
from makeready_hooks.testing.contracts.line.readings import Reading
from makeready_hooks.testing.contracts.line.setup import InstallContract
from makeready_hooks.testing.faults import COOKIE, FAILURES, GIVES_COOKIE, HOLDS, REFUSALS, redirect

AT_ONCE = 8
OURS = ("httpx", "httpcore", "asyncio")
"""Loggers of the line itself."""


class ConductContract(InstallContract, LookContract, PageContract):
    """Part of both roles' contracts."""

    async def everything(self, vendor: Vendor, hook: Any) -> dict[str, Reading]:
        """Readings, and one call of each hook that changes something."""
        calls = dict(await self.readings(vendor, hook))
        for name, maker in self.effects(hook).items():
            calls[name] = self._once(vendor, hook, name, maker)
        return calls

    @staticmethod
    def _once(vendor: Vendor, hook: Any, name: str, maker: Any) -> Reading:
        turns = iter(range(501, 600))

        async def call(fresh: Any) -> object:
            effect = await maker(vendor, hook, next(turns))
            return await effect.call()

        return call

    async def run(self, vendor: Vendor, hook: Any) -> None:
        """All of it once, whatever comes of it."""
        for name, call in (await self.everything(vendor, hook)).items():
            with contextlib.suppress(MakereadyError):
                await call(self.fresh(vendor))
            assert name
        for waiting in self.fresh(vendor).check_connection():
            await waiting

    async def test_every_call_goes_to_the_server_of_the_settings_and_shows_no_secret_in_its_address(
        self, vendor: Vendor, hook: Any
    ) -> None:
        hosts = {urlsplit(one).netloc for one in self.strings(vendor.settings) if one.startswith("http")}
        await self.run(vendor, hook)
        for request in vendor.http.requests:
            assert urlsplit(request.url).netloc in hosts, f"{request.url} is not where the settings lead"
            assert not urlsplit(request.url).query, f"{request.url}: a query belongs in query"
            for secret in self.secrets(vendor):
                assert secret not in request.url, f"a secret is in the path {request.url}"
                shown = any(secret in value for _, value in request.query)
                assert request.secret_query or not shown, (
                    f"a secret is in the query of {request.url}, and it is not secret_query"
                )

    def strings(self, settings: Any) -> list[str]:
        return [value for value in settings.values() if isinstance(value, str)]

    async def test_a_redirect_is_not_followed(self, vendor: Vendor, hook: Any) -> None:
        for name, reading in (await self.told_once(vendor, hook)).items():
            for code in (301, 302, 307, 308):
                fresh, before = self.fresh(vendor), len(vendor.http.requests)
                vendor.http.inject(redirect(code))
                outcome = await outcome_of(name, lambda reading=reading, fresh=fresh: reading(fresh))  # type: ignore[misc]
                vendor.http.mend()
                assert outcome.error or name in self.may_lack, (
                    f"{name} takes a redirect ({code}) for an answer"
                )
                hosts = {urlsplit(one.url).netloc for one in vendor.http.requests[before:]}
                assert "elsewhere.example" not in hosts, f"{name} follows a redirect to another server"

    async def told_once(self, vendor: Vendor, hook: Any) -> dict[str, Reading]:
        return {name: reading for name, (reading, _, _) in (await self.told(vendor, hook)).items()}

    async def test_no_cookie_is_kept_or_given_back(self, vendor: Vendor, hook: Any) -> None:
        vendor.http.inject(GIVES_COOKIE)
        await self.run(vendor, hook)
        vendor.http.mend()
        for request in vendor.http.requests:
            given = {name.lower(): value for name, value in request.headers.items()}
            assert COOKIE not in str(given.get("cookie", "")), f"a cookie is given back to {request.url}"

    async def test_no_secret_is_written_anywhere(self, vendor: Vendor, hook: Any) -> None:
        """To the log, the terminal or an error, also if the vendor repeats what it was sent."""
        with self._written() as written:
            await self.run(vendor, hook)
            for fault in (*FAILURES[:2], REFUSALS[0], REFUSALS[-1]):
                for name, reading in (await self.told_once(vendor, hook)).items():
                    vendor.http.inject(fault)
                    outcome = await outcome_of(name, lambda reading=reading: reading(self.fresh(vendor)))  # type: ignore[misc]
                    vendor.http.mend()
                    self.shows_no_secret(vendor, outcome.words, f"{name}, with {fault.name},")
        self.shows_no_secret(vendor, written.getvalue(), "the log or the terminal")

    @staticmethod
    @contextlib.contextmanager
    def _written() -> Iterator[io.StringIO]:
        written = io.StringIO()
        handler, root = logging.StreamHandler(written), logging.getLogger()
        handler.addFilter(lambda record: record.name.partition(".")[0] not in OURS)
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        try:
            with contextlib.redirect_stdout(written), contextlib.redirect_stderr(written):
                yield written
        finally:
            root.setLevel(level)
            root.removeHandler(handler)

    async def test_it_talks_to_its_vendor_through_the_client_that_it_is_given_alone(
        self, vendor: Vendor, hook: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A client of its own keeps cookies, follows redirects, and is never closed."""
        readings = {**await self.readings(vendor, hook), "check_connection": _checked}
        own: list[str] = []

        def made(name: str) -> Callable[..., None]:
            def refuse(*given: object, **options: object) -> None:
                own.append(name)
                raise ConnectionError(f"{name}: a connector talks through the client that it is given.")

            return refuse

        for kind in (httpx.AsyncClient, httpx.Client):
            monkeypatch.setattr(kind, "__init__", made(f"httpx.{kind.__name__}"))
        monkeypatch.setattr(socket.socket, "connect", made("socket"))
        monkeypatch.setattr(socket, "create_connection", made("socket"))
        for call in readings.values():
            with contextlib.suppress(MakereadyError, ConnectionError):
                await call(self.fresh(vendor))
        assert not own, f"it has a client of its own: {own[0]}"

    async def test_it_never_holds_up_the_others(
        self, vendor: Vendor, hook: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slept: list[float] = []
        monkeypatch.setattr(time, "sleep", slept.append)
        late = [0.0]
        beating = asyncio.create_task(_beat(late))
        await asyncio.sleep(0.01)
        try:
            await self.run(vendor, hook)
            await asyncio.sleep(0.01)
        finally:
            beating.cancel()
        assert not slept, f"it sleeps for {sum(slept)} s and lets nobody else work"
        assert late[0] < 1.0, f"it lets nobody else work for {late[0]:.1f} s"

    async def test_whoever_waits_can_be_cancelled(self, vendor: Vendor, hook: Any) -> None:
        """At a shutdown and at a deadline; afterwards nothing is sent any more."""
        for name, call in (await self.everything(vendor, hook)).items():
            effect = self.effects(hook).get(name)
            made = await effect(vendor, hook, 777) if effect else None
            fresh, before = self.fresh(vendor), len(vendor.http.requests)
            vendor.http.inject(HOLDS)
            awaited = made.call() if made else call(fresh)
            waiting = asyncio.ensure_future(awaited)
            for _ in range(200):
                await asyncio.sleep(0)
                if len(vendor.http.requests) > before or waiting.done():
                    break
            sent = len(vendor.http.requests)
            waiting.cancel()
            done, _ = await asyncio.wait([waiting], timeout=2)
            vendor.http.mend()
            if sent == before:
                continue  # it calls nobody
            assert done and waiting.cancelled(), f"{name} does not let itself be cancelled"
            assert len(vendor.http.requests) == sent, f"{name} sends more after it was cancelled"

    async def test_many_at_once_get_the_same_and_sign_in_once(self, vendor: Vendor, hook: Any) -> None:
        for name, (reading, whole, requests) in (await self.told(vendor, hook)).items():
            fresh = self.fresh(vendor)
            before = len(vendor.http.requests)
            answers = await asyncio.gather(*(reading(fresh) for _ in range(AT_ONCE)))
            sent = len(vendor.http.requests) - before
            assert all(self.alike(one, whole) for one in answers), (
                f"{name} answers otherwise when many ask at once"
            )
            assert sent <= AT_ONCE * requests, f"{name} sends {sent} requests for {AT_ONCE} questions"
            first, *others = [(one.method, one.url) for one in vendor.http.requests[before:]]
            before = len(vendor.http.requests)
            await reading(fresh)
            again = [(one.method, one.url) for one in vendor.http.requests[before:]]
            if again and first not in again:  # what is sent only the first time is a sign-in
                assert first not in others, (
                    f"{name}: many that ask at once sign in {others.count(first) + 1} times"
                )

    async def test_its_settings_stay_as_they_are(self, vendor: Vendor) -> None:
        settings = msgspec.convert(vendor.settings, self.kind.settings, dec_hook=decode_secret)
        before = self._shown(settings)
        hook = self.hooks_of(self.kind.build(settings, self.context(vendor)))
        await self.run_with(vendor, hook)
        assert self._shown(settings) == before, "it changes its settings"

    async def run_with(self, vendor: Vendor, hook: Any) -> None:
        for _, reading in (await self.readings(vendor, hook)).items():
            with contextlib.suppress(MakereadyError):
                await reading(hook)
        for name in self.effects(hook):
            await self.effects(hook)[name](vendor, hook, 801)

    @staticmethod
    def _shown(settings: Any) -> object:
        return msgspec.to_builtins(
            settings, enc_hook=lambda value: value.reveal() if isinstance(value, Secret) else repr(value)
        )

    async def test_two_companies_share_nothing(self, vendor: Vendor, hook: Any) -> None:
        """Each goes to its own server with its own secrets, in whatever order they are built and asked."""
        async with vendor.another() as other:
            fields = [name for name in self._secret_settings() if name in other.settings]
            other_hook = self.fresh(other)
            own, others = await self.readings(vendor, hook), await self.readings(other, other_hook)
            for (name, reading), other_reading in zip(own.items(), others.values(), strict=True):
                sent, other_sent = len(vendor.http.requests), len(other.http.requests)
                with contextlib.suppress(NotSupported):
                    await reading(hook)
                    await other_reading(other_hook)
                    had = len(vendor.http.requests) > sent
                    assert had == (len(other.http.requests) > other_sent), (
                        f"{name}: one company's answer is given to another"
                    )
            wrong = {**vendor.settings, **dict.fromkeys(fields, "of-another-company")}
            stranger = Vendor(vendor.http, wrong)
            for name, (reading, _, _) in (await self.told(vendor, hook)).items():
                outcome = await outcome_of(name, lambda reading=reading: reading(self.fresh(stranger)))  # type: ignore[misc]
                assert outcome.error, f"{name} is answered with another company's sign-in"
            checks = [one for waiting in self.fresh(stranger).check_connection() for one in await waiting]
            assert not all(one.ok for one in checks), "another company's secrets or sign-in are used"
            checks = [one for waiting in hook.check_connection() for one in await waiting]
            assert all(one.ok for one in checks), "a company's wrong secrets disturb another"

    async def test_what_is_said_without_a_call_is_always_the_same(self, vendor: Vendor, hook: Any) -> None:
        async with vendor.another() as other:
            for name in ("unavailable", "list_limits", "list_taken_files"):
                said = getattr(hook, name)()
                getattr(self.fresh(other), name)()
                assert getattr(hook, name)() == said, f"{name} says now this, now that"
            assert hook.currency(site="") == hook.currency(site="")
            assert vendor.http.requests == [], "what is said without a call calls somebody"


async def _checked(hook: Any) -> object:
    return [await waiting for waiting in hook.check_connection()]


async def _beat(late: list[float]) -> None:
    """The longest time for which nobody else could work."""
    while True:
        before = time.monotonic()
        await asyncio.sleep(0.005)
        late[0] = max(late[0], time.monotonic() - before - 0.005)

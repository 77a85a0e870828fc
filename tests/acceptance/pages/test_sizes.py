"""No page is over 100 kB, whatever comes from outside and however much there is."""

import msgspec
from browser import Browser, Page, hash_of_password
from makeready.access.model import AuditRow
from makeready.access.tokens import make_token
from makeready.subscribers.setup import install
from makeready.webhooks.receive import KEPT_REFUSED
from makeready_admin.users.model import User
from makeready_admin.users.store.users import users_of
from makeready_imports.choices import ImportRequest
from makeready_imports.jobs import import_now
from pretend import SITE, Bench, order, product
from steps import settle

AT = "/subscribers/northfield"
MOST = 100_000


def size(page: Page) -> int:
    return len(page.html.encode())


async def webhook(browser: Browser, body: str, key: str) -> None:
    await browser.client.post("/hooks/segment/shop", content=body, headers={"X-Key": key})


async def test_products_by_the_hundred(mia: Browser, bench: Bench) -> None:
    await bench.installation.store.subscribers.set_public_url("http://pages.example")
    await install.install(bench.installation, bench.subscriber)
    name = "A poster with a name that is as long as names of posters are"
    bench.mis.products = {str(key): product(str(key), f"{name} {key}") for key in range(1001, 1261)}
    wish = ImportRequest(site=SITE, product_ids=tuple(bench.mis.products))
    await import_now(bench.installation, bench.subscriber, wish)
    await settle(bench)
    for path in (f"linked?site={SITE}", f"products?site={SITE}", "imports/1"):
        assert size(await mia.get(f"{AT}/{path}")) < MOST, path
    bench.mis.products = {}
    page = await mia.get(f"{AT}/linked?site={SITE}&compare=yes")
    assert size(page) < MOST
    assert "Of each kind the first 50 are shown." in page.text


async def test_what_strangers_send_and_what_people_do(mia: Browser, bench: Bench) -> None:
    for _ in range(KEPT_REFUSED // 4):
        await webhook(mia, "<" * 5000, "wrong")
    for number in range(60):
        long = "<" * 500
        row = AuditRow(
            at=float(number), actor="mia", via="page", subscriber="northfield", action="orders ignore"
        )
        await bench.installation.store.audit.begin(msgspec.structs.replace(row, target=long))
    assert size(await mia.get(f"{AT}/activity")) < MOST


async def test_an_order_with_a_long_story(mia: Browser, bench: Bench) -> None:
    bench.shop.orders["7001"] = order("7001")
    for number in range(40):
        await webhook(mia, f"7001\n{number} {'<>' * 3000}", "right")
        bench.clock.now += 1
    await settle(bench)
    page = await mia.get(f"{AT}/orders/7001?history=all")
    assert size(page) < MOST
    assert "7001 39 <><>" in page.text, "the newest is there"
    assert "bytes: download the record to see them" in page.text


async def test_many_people_tokens_and_companies(new_browser, bench: Bench) -> None:
    store, now = bench.installation.store, bench.clock()
    await store.subscribers.save(
        [
            msgspec.structs.replace(
                bench.subscriber,
                name=f"company-{number}",
                title=f"A printing company with a name, number {number}",
                external_user_id=200 + number,
                url_token=f"p{number}",
            )
            for number in range(200)
        ]
    )
    for number in range(100):
        name = f"somebody-{number:03d}@company-{number}.example"
        hashed = hash_of_password()
        user = User(
            name=name,
            role="viewer",
            subscriber=f"company-{number}",
            password_hash=hashed,
            created_at=now,
            password_at=now,
        )
        await users_of(bench.installation).add(user)
        await make_token(
            bench.installation, f"token-{number:03d}", subscriber=f"company-{number}", read_only=True
        )
    olga = new_browser()
    await olga.sign_in("olga")
    for path, sought in (("users", "somebody-099"), ("tokens", "token-099")):
        page, seen = await olga.get(f"/{path}"), 0
        while sought not in page.text:
            assert size(page) < MOST, path
            [more] = [link for link in page.links if "page=" in link]
            page, seen = await olga.get(f"/{path}{more}"), seen + 1
        assert size(page) < MOST, path
        assert seen == 3, path


async def test_a_form_with_lists_of_any_length(new_browser, bench: Bench) -> None:
    bench.shop.stages = tuple(f"A stage with a long name {number}" for number in range(5000))
    olga = new_browser()
    await olga.sign_in("olga")
    for kind in ("orders", "status"):
        assert size(await olga.get(f"{AT}/settings/rules/{kind}")) < MOST, kind
    bench.shop.stages = bench.shop.stages[:30]
    for kind in ("orders", "status"):
        assert size(await olga.get(f"{AT}/settings/rules/{kind}")) < MOST, kind

"""Shops whose pages a real browser opens, with our script in their head, and the MIS behind them."""

import json
import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from processes import Running, run, running

SHOP, TRADE = "shop.northfield.example", "trade.northfield.example"
KIT, TOTE, NATURAL = "2284", "4107", "4108"
BUYERS = {SHOP: "ada@northfield.example", TRADE: "desk@trade.northfield.example"}
SCREENSHOTS = Path(__file__).parents[3] / "out" / "browser"

RULES: dict[str, dict[str, Any]] = {
    # One subscriber shows how many are left and lets buyers order; the other one blocks, in words of its own.
    "northfield": {"levels": "few", "refresh_s": 5, "fresh_s": 0.2, "poll_every_s": 10},
    "southgate": {
        "block": True,
        "refresh_s": 5,
        "fresh_s": 0.2,
        "poll_every_s": 10,
        "texts": {"en": {"out": "Sold out for now."}},
    },
}
NUMBERS = {"northfield": (117, SHOP), "southgate": (118, TRADE)}


class Shopfront:
    """Both emulators and the server, as processes of their own."""

    def __init__(self, shop: Running, mis: Running, server: Running, db: Path) -> None:
        self.server_url = server.url
        self._shop = httpx.Client(base_url=shop.url, trust_env=False, timeout=30)
        self._mis = httpx.Client(base_url=mis.url, trust_env=False, timeout=30)
        self._port = urlsplit(shop.url).port
        self.snippets = {name: _snippet(db, name) for name in NUMBERS}

    def url(self, site: str = SHOP, path: str = "/") -> str:
        return f"http://{site}:{self._port}{path}"

    def product(self, product_id: str, site: str = SHOP) -> str:
        """The address of an imported product's page."""
        return self.url(site, f"/product/{self.url_name(product_id, site)}")

    def url_name(self, product_id: str, site: str = SHOP) -> str:
        state = self._shop.get("/_emulator/state").json()
        site_id = next(one["site_id"] for one in state["sites"].values() if one["domain"] == site)
        [name] = [
            one["url_name"]
            for one in state["products"].values()
            if one["site_id"] == site_id and one["part_number"].endswith(f"-{product_id}")
        ]
        return str(name)

    def buyer_id(self, site: str) -> str:
        users = self._shop.get("/_emulator/state").json()["users"].values()
        return str(next(one["user_id"] for one in users if one["email"] == BUYERS[site]))

    def set_stock(self, product_id: str, on_hand: int) -> None:
        """What the MIS has on its shelf."""
        path = f"/_emulator/products/{product_id}/stock"
        self._mis.put(path, json={"on_hand": str(on_hand)}).raise_for_status()

    def set_head(self, html: str, site: str = SHOP) -> None:
        self._shop.put(f"/_emulator/sites/{site}/head", json={"html": html}).raise_for_status()

    def html_of(self, url: str) -> str:
        """A page of a site, by its address in the browser."""
        parts = urlsplit(url)
        cookies = {"Cookie": f"buyer={self.buyer_id(parts.hostname or '')}", "Host": parts.netloc}
        return self._shop.get(parts.path, headers=cookies).text

    def files_in_carts(self) -> list[str]:
        """Names of the files that buyers have uploaded."""
        carts = self._shop.get("/_emulator/state").json()["carts"].values()
        return [file["file_name"] for cart in carts for item in cart["items"] for file in item["files"]]

    def close(self) -> None:
        self._shop.close()
        self._mis.close()


@contextmanager
def shopfront(rules: Mapping[str, dict[str, Any]] = RULES) -> Iterator[Shopfront]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        shop = stack.enter_context(running("emulate", "pressero", "--switch", "rate-limit=off"))
        mis = stack.enter_context(running("emulate", "tharstern"))
        db = folder / "makeready.db"
        _apply(folder, db, shop.url, mis.url, rules)
        server = stack.enter_context(running("serve", "--port", "0", db=db))
        for name, (_, site) in NUMBERS.items():
            _succeed(run("subscriber", "install", name, "--public-url", server.url, db=db))
            _succeed(run("import", "run", name, KIT, TOTE, NATURAL, "--site", site, db=db))
        made = Shopfront(shop, mis, server, db)
        stack.callback(made.close)
        yield made


def _snippet(db: Path, name: str) -> str:
    """As `makeready subscriber show` gives it."""
    shown = json.loads(run("subscriber", "show", name, "--json", db=db).stdout)
    return str(shown["snippets"][NUMBERS[name][1]])


def _apply(folder: Path, db: Path, shop_url: str, mis_url: str, rules: Mapping[str, dict[str, Any]]) -> None:
    file = folder / "subscribers.toml"
    file.write_text("\n".join(_subscriber(name, shop_url, mis_url, rules[name]) for name in NUMBERS))
    _succeed(run("subscriber", "apply", str(file), "--yes", db=db))


def _subscriber(name: str, shop_url: str, mis_url: str, rules: dict[str, Any]) -> str:
    access = httpx.get(f"{shop_url}/_emulator/access", trust_env=False).json()
    state = httpx.get(f"{mis_url}/_emulator/state", trust_env=False).json()
    shop = {"admin_url": shop_url, "allow_plain_http": True, "calls_per_10_s": 1000, **access}
    shop["pricing_engine_name"] = f"Makeready {name}"
    mis = {
        "server_url": mis_url,
        "allow_plain_http": True,
        "login": state["login"]["email"],
        "password": state["login"]["password"],
        "api_key": state["application_id"],
    }
    texts = rules.get("texts", {})
    lines = [
        f"[subscribers.{name}]",
        f"external_user_id = {NUMBERS[name][0]}",
        f"[subscribers.{name}.orders]",
        f'reference_prefix = "{name[0].upper()}-"',
        f"[subscribers.{name}.stock]",
        *(_pairs({key: value for key, value in rules.items() if key != "texts"})),
        *(line for lang, said in texts.items() for line in _table(f"{name}.stock.texts.{lang}", said)),
        *_table(f"{name}.connectors.pressero", shop),
        *_table(f"{name}.connectors.tharstern", mis),
    ]
    return "\n".join(lines) + "\n"


def _table(path: str, values: dict[str, Any]) -> list[str]:
    return [f"[subscribers.{path}]", *_pairs(values)]


def _pairs(values: dict[str, Any]) -> list[str]:
    return [f"{name} = {json.dumps(value)}" for name, value in values.items()]


def _succeed(done: Any) -> None:
    assert done.returncode == 0, done.stderr + done.stdout


class _Ill(BaseHTTPRequestHandler):
    """A server in our place that is not well."""

    server: "IllServer"

    def do_GET(self) -> None:
        if self.server.how == "slow":
            self.server.released.wait(60)
            return
        path = urlsplit(self.path).path
        content, kind = self.server.files.get(path, (self.server.rubbish, "application/json"))
        if self.server.how == "rubbish files":
            content, kind = b"<html>Bad gateway</html>", "text/html"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        return


class IllServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, how: str, rubbish: bytes = b"") -> None:
        super().__init__(("127.0.0.1", 0), _Ill)
        self.how = how
        self.rubbish = rubbish
        self.files: dict[str, tuple[bytes, str]] = {}
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def ill_server(how: str, shop: Shopfront, rubbish: bytes = b"") -> Iterator[IllServer]:
    """``slow`` never answers; ``rubbish files`` answers pages; ``rubbish`` gives our files and this as answers."""
    server = IllServer(how, rubbish)
    for suffix, kind in (("js", "text/javascript"), ("css", "text/css")):
        path = f"/integrations/Tharstern.{suffix}"
        content = httpx.get(shop.server_url + path, trust_env=False).content
        server.files[path] = (content, kind)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


def chromium() -> str:
    """The system's Chromium. ``make chromium`` installs it."""
    named = os.environ.get("MAKEREADY_CHROMIUM", "")
    found = named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
    )
    if not found:
        pytest.fail(
            "There is no Chromium here. `make chromium` installs it, or name one in MAKEREADY_CHROMIUM."
        )
    return found

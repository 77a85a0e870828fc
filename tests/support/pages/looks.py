"""How a page looks: in light, in dark, on a phone; what axe finds, and a picture of it."""

from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

PICTURES = Path(__file__).parents[3] / "out" / "screenshots"
LOOKS = {
    "light": {"viewport": {"width": 1100, "height": 760}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 780}, "color_scheme": "light", "has_touch": True},
}
PHONE_SCALE = 2
README = {"company": "overview", "company orders number": "order", "products of a site": "products"}
"""Pages in the README, with the names of their pictures there."""
MAX_BYTES = 100_000
SERIOUS = ("serious", "critical")
RULES = {"rules": {"target-size": {"enabled": True}}}
"""What axe leaves out unless it is asked for: whatever is pressed is 24 pixels high and wide, or has as much around it."""


async def judge(page: Page, look: str, name: str) -> list[str]:
    """What is wrong with the page as it stands. Keeps a picture of it."""
    PICTURES.joinpath(look).mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=PICTURES / look / f"{name.replace(' ', '-')}.png", full_page=True)
    if look == "light" and name in README:
        PICTURES.joinpath("readme").mkdir(exist_ok=True)
        await page.screenshot(path=PICTURES / "readme" / f"{README[name]}.png")
    found = []
    if (size := len((await page.content()).encode())) > MAX_BYTES:
        found.append(f"{name}: {size} bytes")
    if await page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{name}: wider than the screen")
    for one in (await Axe().run(page, options=RULES)).response["violations"]:
        if one["impact"] in SERIOUS:
            nodes = "; ".join(node["html"] for node in one["nodes"][:3])
            found.append(f"{name}: {one['id']}, {one['help']}: {nodes}")
    return found

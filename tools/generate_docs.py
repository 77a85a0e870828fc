"""Write what comes from the code: pages of docs/ (hooks, settings, states), the catalogue of texts. `make docs` runs it.

With ``--check`` nothing is written; the exit code says whether a page is out of date.
"""

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from makeready import extensions
from makeready.orders.model import TRANSITIONS, LineState
from makeready.plugins import connectors
from makeready_commands.subscribers.plugins import described
from makeready_commands.subscribers.scorecard import RULES, scores_of, step_of
from makeready_hooks import NEEDED_HOOKS, Capability, Role, capabilities_of, errors, specs
from makeready_hooks.capabilities import CAPABILITY_HOOKS
from makeready_hooks.fit import offered
from makeready_hooks.markers import PROJECT, Answers
from makeready_hooks.model.assumptions import assumptions_of
from makeready_hooks.model.ids import ShopId
from makeready_hooks.testing import emulation
from makeready_hooks.testing.contracts.contents.orders import OPTIONAL_MEMBERS
from makeready_lab.emulators.registry import emulators
from speed_page import speed_page
from struct_pages import structs_page
from text_catalogue import CATALOGUE, catalogue
from told_catalogue import told_catalogues

DOCS = Path(__file__).parent.parent / "docs"
ROLES = {Role.STOREFRONT: "Storefront", Role.MIS: "MIS", None: "Any connector"}
SHOP_ID = inspect.formatannotation(ShopId)
NOTE = "<!-- Made by `make docs` from the code. Change it there. -->\n\n"


def pages() -> Iterator[tuple[str, str]]:
    head = f"# Hooks\n\n{inspect.getdoc(specs)}\n\n{inspect.getdoc(Answers)}\n\n"
    yield "reference/hooks.md", head + "\n".join(_hooks()) + _errors()
    yield "reference/structs.md", structs_page()
    yield "reference/drivers.md", _drivers()
    yield "reference/capabilities.md", _capabilities()
    yield "reference/scorecard.md", _scorecard()
    yield "reference/extensions.md", _extension_hooks()
    yield "reference/states.md", _states()
    yield "reference/speed.md", speed_page()
    for name in connectors().types:
        yield f"reference/{name}-settings.md", _settings(name)
    for name in emulators().types:
        yield f"reference/{name}-emulator.md", _switches(name)


def _hooks() -> Iterator[str]:
    """The specifications in their sections; a section begins with a comment, ``# Stock: what is …``."""
    source = inspect.getsource(specs).splitlines()
    sections = {at: line[2:] for at, line in enumerate(source) if line.startswith("# ")}
    for hook in vars(specs).values():
        if hasattr(hook, f"{PROJECT}_spec"):
            line = inspect.getsourcelines(hook)[1]
            for at in sorted(at for at in sections if at < line):
                title, _, about = sections.pop(at).partition(": ")
                yield f"## {title}\n\n{about[0].upper()}{about[1:]}\n"
            yield _hook(hook)


def _hook(hook: Any) -> str:
    kind = "async def" if inspect.iscoroutinefunction(hook) else "def"
    name, role = hook.__name__, ROLES[hook.role]
    since = f"; since edition {hook.since}" if hook.since > 1 else ""
    signature = f"### {name}\n\n```python\n{kind} {name}{_signature(hook)}\n```\n\n"
    warning = getattr(hook, f"{PROJECT}_spec")["warn_on_impl"]
    deprecated = f"**Deprecated**: {warning}.\n\n" if warning else ""
    return f"{signature}*{role}; {hook.answers}{since}.* {deprecated}{_docstring(hook)}\n"


def _drivers() -> str:
    """What a connector's tests need of its emulator, by role."""
    text = "# Drivers\n\nWhat the contract's tests do at a vendor, and look at there: people, not programs.\n"
    for role, driver in (("a shop", emulation.ShopDriver), ("an MIS", emulation.MisDriver)):
        text += f"\n## Of {role}: `{driver.__name__}`\n\n{inspect.getdoc(driver)}\n"
        for name, method in vars(driver).items():
            if inspect.iscoroutinefunction(method):
                text += f"\n### {name}\n\n```python\nasync def {name}{inspect.signature(method)}\n```\n\n"
                text += f"{inspect.getdoc(method) or 'The end.'}\n"
    places = ", ".join(f"`{one}`" for one in sorted(OPTIONAL_MEMBERS))
    return text + f"\n## What an MIS may have no place for\n\nNames for `no_place_for`: {places}.\n"


def _capabilities() -> str:
    """What connectors can do, by role; with the hooks that it takes."""
    text = "# What connectors can do\n\nSeen by the hooks that they implement. Settings can rule some of it out.\n"
    for role in (Role.STOREFRONT, Role.MIS):
        kinds = [one for one in connectors().types.values() if one.role is role]
        text += (
            f"\n## {ROLES[role]}\n\nEvery one has {', '.join(f'`{one}`' for one in NEEDED_HOOKS[role])}.\n\n"
        )
        text += f"| capability | hooks | {' | '.join(kind.title for kind in kinds)} |\n|---|---|{'---|' * len(kinds)}\n"
        for capability, needed in CAPABILITY_HOOKS.items():
            if role in needed:
                can = (capability in capabilities_of(role, offered(kind).hooks) for kind in kinds)
                hooks = ", ".join(f"`{hook}`" for hook in needed[role])
                text += f"| {capability} | {hooks} | {' | '.join('yes' if one else 'no' for one in can)} |\n"
        for capability in sorted({*Capability} - CAPABILITY_HOOKS.keys()) if role is Role.MIS else ():
            says = ("yes" if capability in kind.also else "no" for kind in kinds)
            text += f"| {capability} | `ConnectorType.also` | {' | '.join(says)} |\n"
        told = (", ".join(sorted(kind.tells)) or "nothing" for kind in kinds)
        text += f"| its webhooks tell of | `ConnectorType.tells` | {' | '.join(told)} |\n"
    return text


def _scorecard() -> str:
    """The rules, and how far each connector here has come."""
    kinds = list(connectors().types.values())
    cards = [scores_of(kind) for kind in kinds]
    text = "# Scorecard\n\nHow far a connector has come, in three steps. Each rule is seen by machine; where one cannot\n"
    text += "hold for a vendor, the connector says why (`ConnectorType.exempt`). `makeready plugins --scorecard` shows it\n"
    text += "for what is installed.\n\n"
    text += f"| step | rule | what it says | {' | '.join(kind.title for kind in kinds)} |\n"
    text += f"|---|---|---|{'---|' * len(kinds)}\n"
    for rule, *marks in zip(RULES, *cards, strict=True):
        told = " | ".join(f"{one.mark}: {one.why}" if one.why else str(one.mark) for one in marks)
        text += f"| {rule.step} | `{rule.name}` | {rule.about} | {told} |\n"
    steps = " | ".join(f"**{step_of(card) or 'not usable yet'}**" for card in cards)
    return f"{text}| | | *the step that it has reached* | {steps} |\n"


def _extension_hooks() -> str:
    text = f"# Extension hooks\n\n{inspect.getdoc(extensions)}\n\n"
    for hook in vars(extensions).values():
        if hasattr(hook, f"{extensions.PROJECT}_spec"):
            kind = "async def" if inspect.iscoroutinefunction(hook) else "def"
            signature = f"{kind} {hook.__name__}{_signature(hook)}".replace("'", "").replace('"', "")
            text += f"## {hook.__name__}\n\n```python\n{signature}\n```\n\n{_docstring(hook)}\n"
    return text


def _signature(hook: object) -> str:
    signature = str(inspect.signature(hook)).replace(SHOP_ID, "ShopId")  # type: ignore[arg-type]  # a hook is a function
    return re.sub(r"(?:\w+\.)+(?=[A-Z])", "", signature)


def _docstring(hook: object) -> str:
    """First the sentences, then Called, Return, Raise and Repeat, a bullet each."""
    text = inspect.getdoc(hook) or ""
    lines = []
    for line in text.splitlines():
        word = line.partition(":")[0]
        if word in ("Called", "Return", "Raise", "Repeat"):
            lines.append(
                f"- **{word}**:{line.partition(':')[2].strip(' ') and ' ' + line.partition(':')[2].strip()}"
            )
        elif line.startswith(" ") and lines:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _errors() -> str:
    return f"\n## Errors\n\n```text\n{inspect.getdoc(errors)}\n```\n"


def _states() -> str:
    names = list(LineState)
    head = "# States of an order line\n\nThe database refuses every other move. Rows: from. Columns: to.\n\n"
    table = "| |" + "|".join(names) + "|\n|---|" + "---|" * len(names) + "\n"
    for before in names:
        marks = ("x" if after in TRANSITIONS[before] else "" for after in names)
        table += f"|**{before}**|" + "|".join(marks) + "|\n"
    return head + table


def _settings(name: str) -> str:
    kind = connectors().types[name]
    text = f"# Settings of {kind.title}\n\n| setting | type | default | meaning |\n|---|---|---|---|\n"
    for row in described(kind)["settings"]:
        default = "*required*" if row["required"] else f"`{row['default']}`" if row["default"] else ""
        text += (
            f"| `{row['name']}` | {row['type'].replace('|', ' or ')} | {default} | {row['description']} |\n"
        )
    return text + _assumptions(kind.settings)


def _assumptions(settings: type[msgspec.Struct]) -> str:
    text = "\n## Assumptions\n\nWhat is not known for sure. Set them in the table `assumptions` of the connector.\n\n"
    text += "| name | assumed | evidence | why | if it is wrong |\n|---|---|---|---|---|\n"
    for one in assumptions_of(settings):
        assumed = f"`{one.text}`" if one.text else ""
        text += f"| `{one.name}` | {assumed} | {one.evidence or ''} | {one.why} | {one.if_wrong} |\n"
    return text


def _switches(name: str) -> str:
    kind = emulators().types[name]
    text = f"# Emulator of {kind.title}\n\n## Switches\n\n`makeready emulate {name} --switch NAME=VALUE`\n\n"
    text += "| switch | default | values | what it changes |\n|---|---|---|---|\n"
    for switch in kind.switches:
        default = f"`{switch.default}`" if switch.default else ""
        text += f"| `{switch.name}` | {default} | {', '.join(switch.choices)} | {switch.help} |\n"
    text += f"\n## Calls\n\n{len(kind.calls)} of the vendor's calls are there.\n\n"
    text += "| call | known from | what it does |\n|---|---|---|\n"
    for call in kind.calls:
        text += f"| `{call.verb} {call.path}` | {call.mark} | {call.about} |\n"
    return text


def main() -> int:
    check = "--check" in sys.argv
    stale = []
    made = (
        {DOCS / name: NOTE + text.strip() + "\n" for name, text in pages()}
        | {CATALOGUE: catalogue()}
        | told_catalogues()
    )
    for path, content in made.items():
        if check and (not path.exists() or path.read_text("utf-8") != content):
            stale.append(path.name)
        elif not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
    if stale:
        print(f"Out of date: {', '.join(stale)}. Run: make docs", file=sys.stderr)  # noqa: T201 - a tool's one answer
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())

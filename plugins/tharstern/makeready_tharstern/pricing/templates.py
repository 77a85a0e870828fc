"""A buyer's choices in an estimate request: what is offered, and where it goes. Pure functions.

Tharstern's example request of a product type is the form; the integrator's templates say which of its
members a buyer fills in.
"""

import copy
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from makeready_hooks.errors import ConfigError, NotPriced
from makeready_hooks.model.price import NoPriceCause, Options, OptionValue, PriceOption

from makeready_tharstern import wire
from makeready_tharstern.settings import OptionTemplate

Templates = Mapping[str, OptionTemplate]
Request = dict[str, Any]

STEP = re.compile(r"([A-Za-z_]\w*)((?:\[\d+\])*)(\[\])?")
MAX_TEXT = 200


def offered(templates: Templates) -> tuple[PriceOption, ...]:
    return tuple(
        PriceOption(
            id=key,
            label=one.label,
            values=tuple(OptionValue(value=value, label=label) for value, label in one.values.items()),
            default=one.default,
        )
        for key, one in templates.items()
    )


def filled(example: Request, templates: Templates, chosen: Options) -> Request:
    """The example with the buyer's choices. Raises NotPriced for a value that is not allowed, ConfigError if a
    template does not fit the example.
    """
    request = copy.deepcopy(example)
    for key, value in chosen:
        _put(request, key, templates[key], value)
    return request


def problems(example: Request, templates: Templates) -> list[str]:
    """What is wrong with the templates, a sentence each: every value of every option is tried."""
    found = []
    for key, template in templates.items():
        for value in template.values or {template.default: ""}:
            try:
                filled(example, {key: template}, ((key, value),))
            except (ConfigError, NotPriced) as exc:
                found.append(exc.message)
                break
    return found


def _put(request: Request, key: str, template: OptionTemplate, value: str) -> None:
    if template.values and value not in template.values:
        raise NotPriced(f"{value!r} is none of the values of {template.label}.", cause=NoPriceCause.CHOICE)
    holder, place = _find(request, key, template)
    if template.path.endswith("[]"):
        items = holder[place]
        if not isinstance(items, list):
            raise _unfit(key, template, "it is no list")
        if value in template.send:
            items.append(copy.deepcopy(template.send[value]))
        return
    before = holder[place]
    sent = template.send[value] if value in template.send else _like(before, value, key, template)
    holder[place] = sent


def _find(request: Request, key: str, template: OptionTemplate) -> tuple[Any, str | int]:
    """Where the value goes: the object or list, and the name or index in it."""
    holder: Any = None
    place: str | int = ""
    here: Any = request
    for step in _steps(key, template):
        there = (isinstance(here, dict) and step in here) or (
            isinstance(here, list) and isinstance(step, int) and step < len(here)
        )
        if not there:
            raise _unfit(key, template, f"there is no {step}")
        holder, place, here = here, step, here[step]
    return holder, place


def _steps(key: str, template: OptionTemplate) -> Iterable[str | int]:
    """``Parts[0].PaperCode`` is Parts, 0, PaperCode."""
    for part in template.path.split("."):
        step = STEP.fullmatch(part.strip())
        if step is None:
            raise _unfit(key, template, "write it as in Parts[0].PaperCode")
        yield step[1]
        yield from (int(index) for index in re.findall(r"\d+", step[2]))


def _like(before: Any, value: str, key: str, template: OptionTemplate) -> Any:
    """The value as the kind of thing that the example has there."""
    if isinstance(before, dict | list):
        raise _unfit(key, template, "a single value cannot stand there: name a member, or use send")
    if len(value) > MAX_TEXT:
        raise NotPriced(f"The value of {template.label} is too long.", cause=NoPriceCause.CHOICE)
    if isinstance(before, bool):
        return _flag(value, template)
    if not isinstance(before, int | float | Decimal):
        return value
    number = wire.decimal_or_none(value.strip())
    if number is None:
        raise NotPriced(f"{value!r} is no number for {template.label}.", cause=NoPriceCause.CHOICE)
    return int(number) if number == number.to_integral_value() else number


def _flag(value: str, template: OptionTemplate) -> bool:
    if value.casefold() not in ("true", "false"):
        raise NotPriced(f"{template.label} is true or false, not {value!r}.", cause=NoPriceCause.CHOICE)
    return value.casefold() == "true"


def _unfit(key: str, template: OptionTemplate, why: str) -> ConfigError:
    return ConfigError(
        f"The path {template.path} of the estimate option {key} does not fit Tharstern's example request: {why}.",
        field="connectors.tharstern.estimate_options",
        fix="Compare it with the example request of the product type, and correct it.",
    )

"""A buyer's choices in an estimate request."""

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready_hooks.errors import ConfigError, NotPriced
from makeready_hooks.model.price import PriceOption, chosen_values
from makeready_tharstern.pricing.templates import filled, offered, problems
from makeready_tharstern.settings import OptionTemplate

EXAMPLE: dict[str, Any] = {
    "Title": "Card",
    "Quantity": 500,
    "Rush": False,
    "Ref1": None,
    "Parts": [{"PaperCode": "SILK350", "GSM": 350, "FinishedSize": {"Width": 85.5}}, {"Pages": 4}],
    "Processes": [],
}


def template(path: str, default: str = "a", **more: Any) -> OptionTemplate:
    return msgspec.convert({"path": path, "label": "Label", "default": default, **more}, OptionTemplate)


@pytest.mark.parametrize(
    ("path", "value", "place", "sent"),
    [
        ("Parts[0].PaperCode", "COTTON600", ("Parts", 0, "PaperCode"), "COTTON600"),
        ("Parts[1].Pages", "8", ("Parts", 1, "Pages"), 8),
        (
            "Parts[0].FinishedSize.Width",
            "90.5",
            ("Parts", 0, "FinishedSize", "Width"),
            msgspec.json.decode("90.5"),
        ),
        ("Rush", "True", ("Rush",), True),
        ("Ref1", "blue", ("Ref1",), "blue"),
    ],
)
def test_a_value_goes_where_the_template_says_as_what_the_example_has_there(
    path: str, value: str, place: tuple, sent: Any
) -> None:
    before = copy.deepcopy(EXAMPLE)
    found: Any = filled(EXAMPLE, {"x": template(path)}, (("x", value),))
    for step in place:
        found = found[step]
    assert found == sent
    assert type(found) is type(sent) or isinstance(sent, float)
    assert before == EXAMPLE


def test_what_is_sent_can_be_something_else_than_the_value() -> None:
    matt = template(
        "Processes[]", "none", values={"none": "None", "matt": "Matt"}, send={"matt": {"ProcessTypeID": 5}}
    )
    assert filled(EXAMPLE, {"x": matt}, (("x", "matt"),))["Processes"] == [{"ProcessTypeID": 5}]
    assert filled(EXAMPLE, {"x": matt}, (("x", "none"),))["Processes"] == []
    size = template("Parts[0].FinishedSize", "s", values={"s": "Small"}, send={"s": {"Code": "A6"}})
    assert filled(EXAMPLE, {"x": size}, (("x", "s"),))["Parts"][0]["FinishedSize"] == {"Code": "A6"}


@pytest.mark.parametrize(
    ("made", "value"),
    [
        (template("Parts[0].PaperCode", values={"a": "A"}), "b"),
        (template("Parts[0].GSM"), "heavy"),
        (template("Parts[0].GSM"), "1e999999999"),
        (template("Rush"), "maybe"),
        (template("Ref1"), "x" * 201),
    ],
)
def test_a_value_that_is_not_allowed_has_no_price(made: OptionTemplate, value: str) -> None:
    with pytest.raises(NotPriced):
        filled(EXAMPLE, {"x": made}, (("x", value),))


@pytest.mark.parametrize(
    "path",
    [
        "Nothing",
        "Parts[2].Pages",
        "Parts[0].Colour",
        "Parts",
        "Title[]",
        "Parts..Pages",
        "Parts[x]",
        "Title.Size",
    ],
)
def test_a_path_that_does_not_fit_the_example_is_named(path: str) -> None:
    made = template(path, values={"a": "A"})
    with pytest.raises(ConfigError, match="estimate option x"):
        filled(EXAMPLE, {"x": made}, (("x", "a"),))
    [problem] = problems(EXAMPLE, {"x": made, "fine": template("Ref1")})
    assert path in problem


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "", "label": "L", "default": "a"},
        {"path": "A", "label": " ", "default": "a"},
        {"path": "A", "label": "L", "default": "z", "values": {"a": "A"}},
        {"path": "A", "label": "L", "default": "a", "values": {"a": "A"}, "send": {"b": 1}},
        {"path": "A", "label": "L", "default": "a", "colour": "b"},
    ],
)
def test_a_template_that_cannot_work_is_refused_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, OptionTemplate)


texts = st.text(max_size=20)


@given(st.dictionaries(texts, texts, max_size=5), st.lists(st.tuples(texts, texts), max_size=6))
def test_every_offered_option_has_one_value_and_no_other_has(defaults: dict[str, str], given_: list) -> None:
    options = [PriceOption(id=key, label=key, default=value) for key, value in defaults.items()]
    chosen = chosen_values(options, given_)
    assert [key for key, _ in chosen] == list(defaults)
    assert chosen_values(options, chosen) == chosen
    assert all(value in (defaults[key], dict(given_).get(key)) for key, value in chosen)


def test_options_are_offered_as_they_are_written() -> None:
    [option] = offered({"paper": template("Parts[0].PaperCode", "b", values={"a": "A", "b": "B"})})
    assert (option.id, option.label, option.default) == ("paper", "Label", "b")
    assert [(one.value, one.label) for one in option.values] == [("a", "A"), ("b", "B")]

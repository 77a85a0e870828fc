import pytest
from makeready.orders.contents.origins import explained
from makeready_hooks.model.submission import Origin, PreparedOrder

CODE = Origin(value="87cd", text="The customer code 87cd is the buyer's id.", setting="customer_code_rule")
PRODUCT = Origin(value="22", text="The product 22 is from line 1.")
PREPARED = PreparedOrder(key="1-1", payload=b"", origins=(CODE, PRODUCT, Origin(value="", text="never")))


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (
            "Customer 87cd was not found.",
            "Customer 87cd was not found. The customer code 87cd is the buyer's id. See the setting "
            "connectors.mis.customer_code_rule.",
        ),
        ("No product '22'.", "No product '22'. The product 22 is from line 1."),
        ("Order 2287cd has 122 faults.", "Order 2287cd has 122 faults."),
        ("No.", "No."),
    ],
)
def test_a_refusal_tells_where_what_it_names_comes_from(refusal: str, told: str) -> None:
    assert explained(refusal, PREPARED, "mis") == told

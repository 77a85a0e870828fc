"""Names that no public source shows. One table, so that a real capture replaces a guess in one place.

Everything here is *assumed*. Names of facts that were seen are spelled where they are used.
"""

PLUGIN_URL = "Url"
PLUGIN_USER = "UserName"
PLUGIN_TOKEN = "AccessToken"  # noqa: S105  the name of a member
PRICE_BREAKS = "PriceBreaks"
"""Members of a pricing engine: where it is asked, and as whom; or the unit prices that it holds itself."""

FILES = "Files"
"""Member of an item's details that lists its files; see the switch ``item-files``."""

FILE_KIND = "Usage"
"""Member of such a file with what it is for."""

WRONG_LOGIN = "The user name, password, subscriber or consumer is not valid."
UNAUTHORIZED = "Unauthorized: the token is missing, unknown or has expired."
NO_PAIRING = "A product needs at least one pairing of a site group and a pricing engine."
PRICE_FAILED = "The price could not be calculated."
PRICE_WARNING = "ReOrderFullSuccess_PriceWarning"
"""Texts of ``Message``. Only the last one was seen."""

ALPHA2_NAMES = {
    "AT": "Austria",
    "AU": "Australia",
    "BE": "Belgium",
    "CA": "Canada",
    "CH": "Switzerland",
    "CZ": "Czech Republic",
    "DE": "Germany",
    "DK": "Denmark",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "GB": "United Kingdom",
    "HK": "Hong Kong",
    "IE": "Ireland",
    "IN": "India",
    "IT": "Italy",
    "LU": "Luxembourg",
    "NL": "Netherlands",
    "NO": "Norway",
    "NZ": "New Zealand",
    "PL": "Poland",
    "PT": "Portugal",
    "SE": "Sweden",
    "SG": "Singapore",
    "US": "United States",
    "ZA": "South Africa",
}
"""How a shop with the switch ``country`` = name spells countries. Others keep their code."""

"""A refusal of the MIS, with where the refused value comes from. Pure."""

import re

from makeready_hooks.model.submission import PreparedOrder


def explained(refusal: str, prepared: PreparedOrder, connector: str) -> str:
    """The MIS's words, and of each value that they name what made it: the setting stands as in a settings file."""
    texts = [refusal]
    for one in prepared.origins:
        if one.value and re.search(rf"(?<!\w){re.escape(one.value)}(?!\w)", refusal):
            setting = f" See the setting connectors.{connector}.{one.setting}." if one.setting else ""
            texts.append(f"{one.text}{setting}")
    return " ".join(texts)

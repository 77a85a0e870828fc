"""What people read in the pages: English stands where it is said, between `_(` and `)` or in a template's `trans`.

`make docs` gathers all of it into `languages/texts.pot`, from which a language is translated. What a page says is in the
language of who looks at it. What is kept (in the ledger, the audit log, the log) is English, and what the API and the
commands say; `told` says it in the viewer's language where a page shows it.
"""

from makeready_admin.languages.viewer import viewer


def gettext(text: str) -> str:
    return viewer().speaks.one(text)


def ngettext(one: str, many: str, number: int) -> str:
    return viewer().speaks.of(one, many, number)


def marked(text: str) -> str:
    """A text of the catalogue that is said later: by `gettext`, where it is shown. As it is until then."""
    return text


def told(text: str) -> str:
    """What a room says of something, such as a reason, with what it names."""
    return viewer().speaks.told(text)

"""What people read in the pages: English stands where it is said, between `_(` and `)` or in a template's `trans`.

`make docs` gathers all of it into `languages/texts.pot`, from which a language is translated.
"""

from gettext import NullTranslations

_SPOKEN = NullTranslations()
gettext, ngettext = _SPOKEN.gettext, _SPOKEN.ngettext

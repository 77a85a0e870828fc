"""The catalogue of what people read in the pages: gathered by Babel from templates and code."""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

PAGES = Path(__file__).parent.parent / "plugins/admin/makeready_admin"
CATALOGUE = PAGES / "languages/texts.pot"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {**DEFAULT_KEYWORDS, "marked": None}
"""`marked`: what is said later."""
OPTIONS = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}


def catalogue() -> str:
    """As a PO template, sorted by text: it changes where texts change, not where they move."""
    gathered = Catalog(project="makeready")
    for _file, _line, text, comments, context in extract_from_dir(PAGES, METHODS, OPTIONS, KEYWORDS):
        gathered.add(text, auto_comments=comments, context=context)
    written = io.BytesIO()
    write_po(written, gathered, no_location=True, omit_header=True, sort_output=True, width=110)
    return written.getvalue().decode()

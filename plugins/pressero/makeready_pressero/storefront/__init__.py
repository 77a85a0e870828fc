"""The script and the stylesheet that the shop's pages load from us, and the HTML that loads them."""

from pathlib import Path
from urllib.parse import urlsplit

from makeready_hooks import StorefrontFile

_FOLDER = Path(__file__).parent
_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}


def files() -> tuple[StorefrontFile, ...]:
    return tuple(
        StorefrontFile(suffix=suffix, content_type=kind, content=(_FOLDER / f"stock.{suffix}").read_bytes())
        for suffix, kind in _TYPES.items()
    )


def snippet(files_url: str) -> str:
    """For *HTML content for bottom of <head> section* of a site, in the form of the published one.

    The published one works too, and holds up the page while our server is slow: ``async`` and a media
    that the script changes keep it from that. The meta does nothing in browsers (seen); it is part of the
    published form.
    """
    parts = urlsplit(files_url)
    title = f"{parts.path.rpartition('/')[2].upper()} INTEGRATION"
    return "\n".join(
        (
            f"<!-- {title} -->",
            f'<meta http-equiv="Access-Control-Allow-Origin" content="{parts.scheme}://{parts.netloc}/" />',
            f'<script type="text/javascript" src="{files_url}.js" async></script>',
            f'<link href="{files_url}.css" rel="stylesheet" media="print">',
            f"<!-- END {title} -->",
        )
    )

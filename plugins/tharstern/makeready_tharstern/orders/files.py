"""Which files Tharstern takes, and what they are called there. Pure functions."""

from makeready_hooks.model.order import Artwork, FileRole, FileWay, TakenFile
from makeready_hooks.model.submission import AcceptedLine, AcceptedOrder

from makeready_tharstern import wire
from makeready_tharstern.settings import TharsternSettings


def taken_files(settings: TharsternSettings) -> tuple[TakenFile, ...]:
    """With an order by an address (seen), after it as an upload (seen). Nothing that replaces one is known."""
    names = settings.assumptions
    way = FileWay.ADDRESS if names.asset_fetch == "at once" else FileWay.LASTING_ADDRESS
    artwork = TakenFile(role=FileRole.ARTWORK, ways=(way, FileWay.UPLOAD))
    others = (role for role in names.asset_roles if role is not FileRole.ARTWORK)
    return (artwork, *(TakenFile(role=role, ways=(way,)) for role in dict.fromkeys(others)))


def asset(file: Artwork) -> wire.Asset:
    """The sample names a file without its extension; the address has it (seen)."""
    stem, dot, _ = file.file_name.rpartition(".")
    name = stem if dot and stem else file.file_name
    return wire.Asset(filename=name, content_url=file.url, is_content=file.role is FileRole.ARTWORK)


def late_name(
    accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, settings: TharsternSettings
) -> str:
    """Says of which item it is, where the order has several."""
    if len({one.number for one in accepted.lines}) < 2:
        return artwork.file_name
    form = settings.assumptions.late_asset_name
    return form.replace("{line}", str(line.number)).replace("{name}", artwork.file_name)

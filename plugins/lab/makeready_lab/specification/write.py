"""What is written from a document, by its places in the connector's package."""

from collections.abc import Mapping
from pathlib import Path

from makeready_lab.specification.calls import client
from makeready_lab.specification.document import read
from makeready_lab.specification.shapes import Shapes

ABOUT = '''"""The vendor's shapes and calls, as its OpenAPI document says. Move what you use beside the plugin."""
'''


def specified(path: Path, name: str) -> Mapping[str, str]:
    """Raises ConfigError with what is wrong with the document."""
    document = read(path)
    shapes = Shapes(document)
    shapes.write_all()
    calls = client(document, shapes, name)
    return {"specified/__init__.py": ABOUT, "specified/wire.py": shapes.text, "specified/client.py": calls}

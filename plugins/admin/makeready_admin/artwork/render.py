"""A small picture of a file that came from outside, made in a process of its own that has little room and little time.

``python -m makeready_admin.artwork.render`` takes the file on standard input and gives a PNG on standard output. Whatever a
file does to the programs that read it, it does to this process alone; see `makeready_admin.artwork.pictures`.
"""

import io
import resource
import sys

import pypdfium2
from PIL import Image

LONGEST = 320
"""Pixels of the longer side."""
MOST_PIXELS = 100_000_000
"""Of a picture that is opened: more is no artwork, but an attack."""
MEMORY = 1 << 30
CPU_S = 10


def picture(content: bytes) -> bytes:
    """The first page of a PDF, or the picture itself, as a PNG. Raises what the libraries raise for what is neither."""
    if content[:1024].lstrip().startswith(b"%PDF"):
        page = pypdfium2.PdfDocument(content)[0]
        image = page.render(scale=min(4.0, LONGEST / max(*page.get_size(), 1.0))).to_pil()
    else:
        Image.MAX_IMAGE_PIXELS = MOST_PIXELS
        image = Image.open(io.BytesIO(content))
        image.draft("RGB", (LONGEST, LONGEST))
    image = image.convert("RGB")
    image.thumbnail((LONGEST, LONGEST))
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    sys.stdout.buffer.write(picture(sys.stdin.buffer.read()))

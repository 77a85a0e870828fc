"""What few installations use is loaded when it is used: a server that is idle is small."""

import subprocess
import sys

LOOK = """
import sys
from makeready.extensions import installed
import makeready.web.app
installed().operations, installed().alert_channels, installed().work_types
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
LATE = {"authlib", "joserfc", "apprise", "requests", "webauthn", "pypdfium2"}


def test_what_signs_in_elsewhere_and_what_knows_chats_is_loaded_late() -> None:
    found = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)  # noqa: S603 - our own
    loaded = set(found.stdout.split())
    assert {"makeready_admin", "makeready_alerts"} <= loaded
    assert loaded & LATE == set()

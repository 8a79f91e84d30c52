"""Runs every check and prints a line of JSON for each."""

import json
import traceback

# In this order, for the register is imported by the first.
import calls  # noqa: F401
import errors  # noqa: F401
import streams  # noqa: F401
import metadata  # noqa: F401
import gzip_messages  # noqa: F401
import sizes  # noqa: F401
import health  # noqa: F401
import reflection  # noqa: F401
import certificates  # noqa: F401
from client import CHECKS

for check in CHECKS:
    outcome = {"check": check.__name__, "ok": True}
    try:
        check()
    except Exception:  # Whatever it is, the other checks are to run.
        outcome.update(ok=False, error=traceback.format_exc())
    print(json.dumps(outcome), flush=True)

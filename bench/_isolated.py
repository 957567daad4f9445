"""The job of a sandbox child, with its own CPU time beside the verdict."""

from __future__ import annotations

import time
from typing import Any

from vanthu.signing.validation import verify_pdf_job, warm_up

__all__ = ["job", "warm_up"]


def job(**arguments: Any) -> dict[str, Any]:
    """Verify, and say what this process has cost since it was forked: page faults and receiving included."""
    found = verify_pdf_job(**arguments)
    return {"verdict": found["verdict"], "seconds": time.process_time()}

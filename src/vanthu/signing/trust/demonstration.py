"""The demonstration authority of an installation, opened once and shared by all who need it."""

from __future__ import annotations

import threading
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from vanthu.signing.trust.authority import DemoAuthority

_making = threading.Lock()


def demo_authority_in(folder: Path, now: datetime) -> DemoAuthority:
    """Return the authority that lives in the folder; it is made at first use."""
    with _making:
        if not (folder / "passphrase").exists():
            DemoAuthority.create(folder, now)
            _open.cache_clear()
        return _open(str(folder))


@lru_cache(maxsize=4)
def _open(folder: str) -> DemoAuthority:
    return DemoAuthority.open(Path(folder))

"""Reference data that ships with the package; read here, judged in `rules`."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def read_calendar_seed() -> dict[str, Any]:
    """The seeded days 2023–2027 as they stand in `calendar_vn.toml`."""
    return tomllib.loads(files(__package__).joinpath("calendar_vn.toml").read_text(encoding="utf-8"))

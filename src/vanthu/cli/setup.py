"""Starts Django for the subcommands that need the installation."""

from __future__ import annotations

import django


def start_django() -> None:
    """Load settings and contexts; the subcommands that need no database never call this."""
    django.setup()

"""What several subcommands do to the installation."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path


def make_home() -> Path:
    """The installation's folder; a new one is closed to everybody but its owner, a grown one is left as it is."""
    from django.conf import settings

    home = Path(settings.VANTHU_HOME)
    home.mkdir(parents=True, exist_ok=True)
    if not any((home / grown).exists() for grown in ("blobs", "pki")):
        home.chmod(0o700)
    return home


def migrate_database(*, now: datetime, verbosity: int = 0) -> None:
    """Run the migrations and load the packaged calendar; both may be repeated."""
    from django.core.management import call_command

    from vanthu.kernel.actor import system_actor
    from vanthu.organizations.operations import load_calendar
    from vanthu.organizations.reference import read_calendar_seed
    from vanthu.organizations.rules.calendars import seeded_special_days

    call_command("migrate", interactive=False, verbosity=verbosity)
    load_calendar(actor=system_actor(None), days=seeded_special_days(read_calendar_seed()), now=now)

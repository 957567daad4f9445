"""Loads a demonstration city into an empty installation; an installation that has one keeps its data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.hashers import make_password

from vanthu.demo.cities.hanoi import hanoi
from vanthu.demo.cities.small import small
from vanthu.foundation.operation import unit_of_work
from vanthu.kernel.actor import system_actor
from vanthu.organizations.operations import load_directory
from vanthu.organizations.queries import addressable_agencies
from vanthu.organizations.rules.directory import DirectoryPlan
from vanthu.registry.operations import load_series
from vanthu.signing.operations import demo_authority

PASSWORD = "vanthu-trinh-dien"  # noqa: S105 - printed by `vanthu demo`; every demonstration person has it
CITIES: dict[str, Callable[[], DirectoryPlan]] = {"hanoi": hanoi, "small": small}
"""The larger city first: it contains the smaller one."""


class OtherCity(RuntimeError):
    """The installation holds another city, or agencies that are no demonstration at all."""

    def __init__(self, loaded: str | None) -> None:
        super().__init__(loaded or "")
        self.loaded = loaded


def loaded_city() -> str | None:
    """The demonstration city that stands in the installation; None when it is empty. Refuses: `OtherCity`."""
    present = {row.code for row in addressable_agencies()}
    if not present:
        return None
    for name, city in CITIES.items():
        if {agency.code for agency in city().agencies} <= present:
            return name
    raise OtherCity(None)


def load_city(name: str, *, now: datetime) -> bool:
    """Load the city; False when it is there already, and then nothing is touched. Refuses: `OtherCity`.

    Everybody shares one password hash, and keys are made at a person's first signature: a whole city loads in
    seconds. People and series appear together or not at all.
    """
    loaded = loaded_city()
    if loaded == name:
        return False
    if loaded is not None:
        raise OtherCity(loaded)
    plan = CITIES[name]()
    password_hash = make_password(PASSWORD)
    with unit_of_work():
        load_directory(actor=system_actor(None), plan=plan, password_hash=password_hash, now=now)
        load_series(actor=system_actor(None), plans=plan.series, now=now)
    demo_authority(now)
    return True

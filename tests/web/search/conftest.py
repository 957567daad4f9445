"""A browser without a screen: each person of the cast signed in, on the fixed moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client

if TYPE_CHECKING:
    from vanthu.kernel.actor import Actor


@pytest.fixture(autouse=True)
def moment(now: datetime) -> Iterator[None]:
    """The server's clock stands at the moment at which the factories play."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def as_person(db: None) -> Callable[[Actor], Client]:
    from vanthu.accounts.models import Person

    def signed_in(actor: Actor) -> Client:
        client = Client()
        client.force_login(Person.objects.get(pk=actor.user_id))
        return client

    return signed_in

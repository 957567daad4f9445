"""People at their screens: signed in, in a chosen capacity, on the fixed morning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

from tests.cast import Cast
from vanthu.kernel.actor import Actor
from vanthu.web.middleware import CAPACITY

SignIn = Callable[[Actor], Client]


@pytest.fixture
def clock(now: datetime) -> Iterator[time_machine.Coordinates]:
    """The hour that the screens read: the same as the factories are given, until a test shifts it."""
    with time_machine.travel(now, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def sign_in(cast: Cast, clock: time_machine.Coordinates) -> SignIn:
    """A browser of the person in that capacity."""

    def enter(actor: Actor) -> Client:
        client = Client()
        client.force_login(get_user_model().objects.get(pk=actor.user_id))
        session = client.session
        session[CAPACITY] = actor.post_id
        session.save()
        return client

    return enter

"""What the hours and nights of an installation do for its evidence, called by hand."""

from __future__ import annotations

from datetime import datetime

from tests.conftest import FIXED_NOW
from vanthu.evidence import jobs, operations
from vanthu.evidence.operations import Grown
from vanthu.evidence.queries.tree import HeadRow, newest_head
from vanthu.kernel.actor import system_actor

SYSTEM = system_actor(None)


def an_hour(*, now: datetime = FIXED_NOW, limit: int = 20_000) -> Grown:
    """The log is open and has taken in what there is."""
    operations.open_log(actor=SYSTEM, now=now)
    return operations.grow_tree(actor=SYSTEM, limit=limit, now=now)


def a_night(*, now: datetime = FIXED_NOW) -> HeadRow:
    """Everything is in the tree, gathered and stamped."""
    an_hour(now=now)
    jobs.stamp.function(now=now)
    head = newest_head()
    assert head is not None
    return head

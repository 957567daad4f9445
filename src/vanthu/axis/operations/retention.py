"""Forgetting: contents of messages that every receiver has settled; what happened to them stays."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from vanthu.axis.models import AxisEvent, Message, Parcel
from vanthu.axis.queries.calls import blobs_still_named
from vanthu.axis.rules.states import OPEN_STATES, EventKind
from vanthu.foundation.db import insert_many
from vanthu.foundation.operation import nothing_changed, operation, record, steps
from vanthu.foundation.storage import axis_blobs
from vanthu.kernel.actor import Actor
from vanthu.kernel.refs import ObjectRef

BATCH = 500


@operation("axis.content.forget")
def forget_contents(*, actor: Actor, before: datetime, now: datetime) -> int:
    """Forget the bytes of up to 500 messages that came before the instant and that nobody waits for; how many."""
    waits = Parcel.objects.filter(message=OuterRef("pk"), state__in=OPEN_STATES)
    old = Message.objects.filter(created_at__lt=before, forgotten_at=None).exclude(Exists(waits))
    chosen = list(old.order_by("created_at").values_list("pk", flat=True)[:BATCH])
    if not chosen:
        nothing_changed()
        return 0
    Message.objects.filter(pk__in=chosen).update(content=None, forgotten_at=now)
    insert_many([AxisEvent(at=now, kind=EventKind.FORGOTTEN, message_id=pk, outcome="0") for pk in chosen])
    record(ObjectRef.of("axis.content", chosen[0]), agency_id=None, messages=len(chosen))
    return len(chosen)


@steps("files are removed outside a transaction; which ones, the committed rows say")
def sweep_blobs(*, after: str = "", limit: int = 1000) -> tuple[str, int]:
    """Remove stored files that no message needs any more; where to go on (empty: the end), and how many went.

    The same bytes may be on their way in again. Whoever takes them in looks after the commit whether they are still
    stored; whoever removes them looks after the removal whether a committed message names them: one of the two sees.
    """
    store = axis_blobs()
    names = store.names(after=after, limit=limit)
    gone = 0
    for name in sorted(set(names) - blobs_still_named(names)):
        data = store.read(name)
        store.remove(name)
        if blobs_still_named([name]):
            store.restore(name, data)
        else:
            gone += 1
    return (names[-1] if len(names) == limit else ""), gone

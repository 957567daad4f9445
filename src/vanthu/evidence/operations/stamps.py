"""Ask the time-stamping authority for what waits: the newest head, the roots of batches; who is away is caught up."""

from __future__ import annotations

import hashlib
from datetime import datetime

from vanthu.evidence.models import ArchiveStamp, TreeHead
from vanthu.evidence.rules.tokens import Token, read_token, require_imprint
from vanthu.foundation.operation import nothing_changed, operation, record, steps
from vanthu.kernel.actor import Actor
from vanthu.kernel.refs import ObjectRef
from vanthu.signing.timestamping import timestamp_token


@steps("the authority is asked outside any transaction; each token is kept in an act of its own")
def stamp_what_waits(*, actor: Actor, now: datetime) -> int:
    """Stamp the newest head and every root that waits; the number of tokens.

    Refuses: `TimestampUnavailable`; what has been stamped until then stays, the next run catches up.
    """
    tokens = 0
    head = TreeHead.objects.order_by("-size").first()
    if head is not None and head.token is None:
        imprint = hashlib.sha256(head.note.encode()).digest()
        _keep_head_token(actor=actor, size=head.size, token=timestamp_token(imprint, now=now), now=now)
        tokens += 1
    waiting = ArchiveStamp.objects.filter(token__isnull=True).order_by("id")
    for imprint in dict.fromkeys(bytes(item) for item in waiting.values_list("imprint", flat=True)):
        token = timestamp_token(imprint, now=now)
        _keep_archive_token(actor=actor, imprint=imprint, token=token, now=now)
        tokens += 1
    return tokens


def _checked(token: bytes, imprint: bytes) -> Token:
    """What an authority answers is believed no more than any other file. Refuses: `BadToken`."""
    read = read_token(token)
    require_imprint(read, {32: "sha256", 48: "sha384", 64: "sha512"}[len(imprint)], imprint)
    return read


@operation("evidence.head.stamp")
def _keep_head_token(*, actor: Actor, size: int, token: bytes, now: datetime) -> None:
    head = TreeHead.objects.get(size=size)
    if head.token is not None:
        nothing_changed()
        return
    read = _checked(token, hashlib.sha256(head.note.encode()).digest())
    head.token, head.stamped_at = token, read.at
    head.save(update_fields=["token", "stamped_at"])
    record(ObjectRef.of("evidence.head", size), agency_id=None, stamped_at=read.at.isoformat())


@operation("evidence.batch.stamp")
def _keep_archive_token(*, actor: Actor, imprint: bytes, token: bytes, now: datetime) -> None:
    """One token serves every batch that a renewal put under the same root."""
    read = _checked(token, imprint)
    stamped = ArchiveStamp.objects.filter(imprint=imprint, token__isnull=True).update(
        token=token, stamped_at=read.at, expires_at=read.lapses_at
    )
    if not stamped:
        nothing_changed()
        return
    # An id in the log has 64 letters; a longer digest stands whole in the detail.
    subject = ObjectRef.of("evidence.stamp", imprint.hex()[:64])
    record(subject, agency_id=None, batches=stamped, imprint=imprint.hex())

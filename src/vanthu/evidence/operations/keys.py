"""The key that signs tree heads: made at first use, replaced by an act that its predecessor vouches for."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from vanthu.evidence.keyring import forget_key, make_key, private_key
from vanthu.evidence.models import LogKey, Tree
from vanthu.evidence.rules.merkle import EMPTY
from vanthu.evidence.rules.notes import introduce
from vanthu.foundation.operation import nothing_changed, operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.refs import ObjectRef


@operation("evidence.log.open")
def open_log(*, actor: Actor, now: datetime) -> str:
    """Make the log and its first key, unless they are there; the log's name. Norm: D24."""
    tree = Tree.objects.filter(pk=Tree.ONLY).first()
    if tree is not None:
        nothing_changed()
        return tree.origin
    public = make_key()
    origin = f"vanthu-log-{public.fingerprint[:12]}"
    # Two hosts at once: the second one's row is refused, and its key file is never used.
    Tree.objects.create(pk=Tree.ONLY, origin=origin, root=EMPTY.hex())
    LogKey.objects.create(fingerprint=public.fingerprint, public=public.raw, made_at=now)
    record(
        ObjectRef.of("evidence.key", public.fingerprint),
        agency_id=None,
        origin=origin,
        public=public.line(origin),
    )
    return origin


@operation("evidence.key.rotate")
def rotate_log_key(*, actor: Actor, now: datetime) -> str:
    """Replace the log key; the fingerprint of the new one. The former key vouches for it while its file is here."""
    tree = Tree.objects.select_for_update().get(pk=Tree.ONLY)
    former = LogKey.objects.latest("id")
    public = make_key()
    signer = private_key(former.fingerprint)
    word = introduce(tree.origin, public, signer, now) if signer else ""
    LogKey.objects.create(fingerprint=public.fingerprint, public=public.raw, introduction=word, made_at=now)
    record(
        ObjectRef.of("evidence.key", public.fingerprint),
        agency_id=None,
        former=former.fingerprint,
        introduced=bool(word),
        public=public.line(tree.origin),
    )
    transaction.on_commit(lambda: forget_key(former.fingerprint))
    return public.fingerprint

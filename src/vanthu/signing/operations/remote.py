"""A remote key whose owner confirms at the service: ask until he has, then take the signature. For the worker."""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime

from vanthu.foundation.operation import steps
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import DomainError
from vanthu.organizations.queries import actor_of
from vanthu.signing.backends import SigningFailed
from vanthu.signing.backends.csc_client import AWAY, PENDING, CscClient
from vanthu.signing.models import PendingSignature, SigningKey
from vanthu.signing.operations.keys import remote_service
from vanthu.signing.operations.pending import deliver_signature, give_up
from vanthu.signing.queries import device_task
from vanthu.signing.rules.pending import PendingStatus

COMES_BACK = frozenset({AWAY, PENDING, "signing.csc.not-signed-in"})
"""The service will be asked again: nobody has said no yet."""


@steps("calls the service outside any transaction; `deliver_signature` and `give_up` record what came of it")
def ask_remote(*, pending_id: int, now: datetime) -> None:
    """Ask the service once whether the owner has confirmed, and go on when he has.

    Refuses: `signing.csc.pending`, `signing.csc.away`: the job comes back. What is final ends the question.
    """
    row = PendingSignature.objects.filter(pk=pending_id, status=PendingStatus.WAITING).first()
    if row is None or now > row.expires_at:
        return
    actor = actor_of(row.asked_by_id, post_id=row.post_id, now=now)
    try:
        signature = _signature(row, actor)
        deliver_signature(actor=actor, pending_id=row.pk, signature=signature, now=now)
    except DomainError as refusal:
        if refusal.code in COMES_BACK:
            raise
        give_up(actor=actor, pending_id=row.pk, reason=refusal.code[:60], now=now)


def _signature(row: PendingSignature, actor: Actor) -> bytes:
    key = SigningKey.objects.filter(owner=row.owner, serial=row.serial).first()
    if key is None:
        raise SigningFailed("signing.key.missing", owner=actor.name)
    service, task = remote_service(), device_task(actor, row.pk)
    name, digest = str(key.whereabouts["credential"]), b64decode(task.digest)
    if service.credential(name).certificate != bytes(key.certificate):
        raise SigningFailed("signing.csc.wrong-certificate")
    sad = service.authorize(name, [digest])
    return _signed(service, name, sad, digest, task.algorithm)


def _signed(service: CscClient, name: str, sad: str, digest: bytes, algorithm: str) -> bytes:
    """The right is used up now: whatever fails from here is final, for asking again would ask the owner again."""
    try:
        return service.sign_hashes(name, sad, [digest], algorithm=algorithm)[0]
    except SigningFailed as refusal:
        if refusal.code == AWAY:
            raise SigningFailed("signing.csc.sad-expired") from refusal
        raise

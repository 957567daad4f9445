"""Keys of the cast and one letter in its stages, made once per session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from tests.cast import Cast
from tests.factories import photographs
from vanthu.documents.queries import files_of, record_of
from vanthu.documents.rules.kinds import FileStage
from vanthu.foundation.storage import blobs
from vanthu.registry import operations as registry
from vanthu.signing.backends import SignatureRequest
from vanthu.signing.models import SigningKey
from vanthu.signing.operations import Signer, sign
from vanthu.signing.queries import known_verdict
from vanthu.signing.rules.verdicts import FileVerdict, Verdict


@dataclass(frozen=True)
class Letter:
    """Bytes of one letter at each stage, and the verdict on the issued file."""

    draft: bytes
    signed: bytes
    numbered: bytes
    issued: bytes
    verdict: FileVerdict
    full_number: str


_letters: list[Letter] = []
STEPS: tuple[tuple[str, Callable[..., object]], ...] = (
    ("numbered", registry.give_number),
    ("filled", registry.fill_outgoing),
    ("sealed", registry.seal_outgoing),
    ("issued", registry.issue_outgoing),
)


def the_letter() -> Letter:
    return _letters[0]


def make_keys(cast: Cast, *, now: datetime) -> None:
    """Let leaders and agencies sign, so that they have keys; take all back but keys and bytes."""
    from tests.factories.drafting import a_signed_document

    rehearsal = transaction.atomic()
    rehearsal._from_testcase = True  # type: ignore[attr-defined]  # as in Django's TestCase: acts may open theirs inside
    with rehearsal:
        before = photographs.all_rows()
        document_id = a_signed_document(cast, now=now)
        photographs.take("signed", document_id, before=before)
        for stage, step in STEPS:
            step(actor=cast.a.clerk, document_id=document_id, now=now)
            photographs.take(stage, document_id, before=before)
        stages = {file.stage: blobs().read(file.sha256) for file in files_of(document_id)}
        document = record_of(document_id)
        verdict = known_verdict(document.main_sha256)
        assert verdict is not None
        for who in (cast.b.leader, cast.a.deputy):
            assert who.agency_id is not None
            _make_key(f"person:{who.user_id}", str(who.user_id), who.name, stages[FileStage.DRAFT], now)
        _make_key(f"agency:{cast.b.id}", cast.b.code, cast.b.row.name, stages[FileStage.DRAFT], now)
        keys = list(SigningKey.objects.all())
        transaction.set_rollback(True)
    SigningKey.objects.bulk_create(keys)
    _letters.append(
        Letter(
            stages[FileStage.DRAFT],
            stages[FileStage.SIGNED],
            stages[FileStage.NUMBERED],
            stages[FileStage.SEALED],
            verdict,
            document.full_number,
        )
    )


def _make_key(owner: str, code: str, name: str, pdf: bytes, now: datetime) -> None:
    request = SignatureRequest(field_name="Thu", signed_at=now, signer_name=name, reason="Thử khóa")
    sign(signer=Signer(owner, code, name, name), pdf=pdf, request=request, now=now)


def a_verdict(verdict: Verdict, *, sha256: str, checked_at: datetime) -> FileVerdict:
    """A verdict as checking a file with both signatures would say it; an unsigned file has none of them."""
    found = the_letter().verdict
    signatures = () if verdict in {Verdict.UNSIGNED, Verdict.UNREADABLE} else found.signatures
    return replace(
        found,
        sha256=sha256,
        verdict=verdict,
        checked_at=checked_at,
        signatures=tuple(replace(finding, verdict=verdict) for finding in signatures),
    )

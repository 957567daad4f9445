"""A question asked by one process is answered by others, after a restart and at the same instant: it counts once."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.source import ROOT
from tests.cast import Cast
from tests.factories.drafting import a_checked_draft
from tests.factories.keys import a_token_of
from tests.registry.test_numbers_under_load import surroundings
from vanthu.audit.queries import verify_chains
from vanthu.documents.queries import files_of
from vanthu.drafting import operations as drafting
from vanthu.drafting.queries import draft_card
from vanthu.drafting.rules.states import State
from vanthu.registry.queries import outgoing_card
from vanthu.signing.queries import device_task, last_pending, signatures_of
from vanthu.signing.rules.kinds import SignatureKind
from vanthu.signing.rules.pending import PendingStatus

AT_ONCE = 3


def start(order: dict[str, str]) -> subprocess.Popen[str]:
    places = {
        "VANTHU_HOME": str(Path(settings.VANTHU_PKI).parent),
        "VANTHU_BLOBS": str(settings.VANTHU_BLOBS),
        "VANTHU_DEMO": "true",
    }
    command = [sys.executable, "-m", "tests.signing.delivery_child", json.dumps(order)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=surroundings() | places,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.django_db(transaction=True)
def test_three_processes_bring_the_same_answer_and_the_document_is_signed_once(
    cast: Cast, now: datetime
) -> None:
    token = a_token_of(cast.a.leader, cast.a, now=now)
    document_id = a_checked_draft(cast)
    drafting.sign_draft(actor=cast.a.leader, document_id=document_id, now=now)
    asked = last_pending(document_id, SignatureKind.PERSONAL)
    assert asked is not None
    digest = b64decode(device_task(cast.a.leader, asked.id).digest)
    order = {
        "person": str(cast.a.leader.user_id),
        "post": str(cast.a.leader.post_id),
        "pending": str(asked.id),
        "signature": b64encode(token.sign_hash(digest)).decode(),
        "now": now.isoformat(),
    }
    children = [start(order) for _ in range(AT_ONCE)]
    told = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0] * AT_ONCE, told[0][1][-2000:]
    assert [output for output, _ in told] == [PendingStatus.DONE] * AT_ONCE

    card = draft_card(document_id)
    assert card is not None
    assert card.state is State.SIGNED
    assert len(signatures_of(document_id)) == 1
    assert len(files_of(document_id)) == 2
    assert outgoing_card(document_id) is not None
    assert all(report.broken is None for report in verify_chains())

"""A leader signs and a clerk issues with VGCA Sign Service; whatever the agent does wrong changes nothing."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse

from tests.architecture.test_urls_login_required import addresses as all_addresses
from tests.conftest import FIXED_NOW
from tests.factories.drafting import a_checked_draft
from tests.factories.keys import a_token_of
from tests.factories.registry import a_filled_document
from tests.proof import State as Rows
from tests.proof import database_state
from tests.signing.desk_agent import in_a_file
from tests.web.desk_agent.conftest import Desk
from vanthu.audit.models import AuditEvent
from vanthu.documents.queries import main_bytes, record_of
from vanthu.drafting import operations as drafting
from vanthu.drafting.queries import draft_card
from vanthu.drafting.rules.states import State
from vanthu.foundation import worker
from vanthu.foundation.refusals import spoken
from vanthu.foundation.storage import sha256_of
from vanthu.registry.queries import outgoing_card
from vanthu.registry.rules.states import OutgoingState
from vanthu.signing.operations import expire_waiting, give_up, trust_store
from vanthu.signing.queries import PendingCard, agent_card, signatures_of
from vanthu.signing.rules.kinds import KeyPlace, SignatureKind
from vanthu.signing.rules.pending import PendingStatus
from vanthu.signing.rules.verdicts import Verdict
from vanthu.signing.validation import verify_pdf

ITS_OWN = ("audit.AuditEvent", "audit.ChainHead", "signing.PendingSignature")
"""What a refused upload touches: the log that says so, and the waiting question's word about it."""

REFUSED = {
    "wrong-file": "signing.upload.other-file",
    "rewritten": "signing.upload.other-file",
    "page-changed": "signing.upload.changed",
    "number-changed": "signing.upload.number-changed",
    "two-signatures": "signing.upload.several-signatures",
    "certifies": "signing.upload.locks-file",
    "other-certificate": "signing.upload.wrong-certificate",
    "truncated": "signing.upload.incomplete",
    "unsigned": "signing.upload.not-signed",
    "wrong-field": "signing.upload.no-file",
}


def state_of(document_id: int) -> State:
    card = draft_card(document_id)
    assert card is not None
    return card.state


def outgoing_state(document_id: int) -> OutgoingState:
    card = outgoing_card(document_id)
    assert card is not None
    return card.state


def rows() -> Rows:
    return database_state(but=ITS_OWN)


@pytest.fixture
def asked(desk: Desk) -> PendingCard:
    """The leader has pressed "Ký số ban hành"."""
    return desk.press_sign(a_checked_draft(desk.cast))


def addresses(task: dict[str, str]) -> tuple[str, str]:
    """(file, upload) as paths."""
    told = json.loads(task["request"])
    return urlsplit(told["FileName"]).path, urlsplit(told["FileUploadHandler"]).path


def upload(path: str, pdf: bytes, field: str = "uploadfile") -> Any:
    return Client().post(path, {field: SimpleUploadedFile("da-ky.pdf", pdf, "application/pdf")})


def test_a_leader_signs_with_the_agent(desk: Desk, asked: PendingCard) -> None:
    answer = json.loads(desk.sign(asked, desk.cast.a.leader))
    assert answer["Status"] == 0, answer
    assert state_of(asked.document_id) is State.SIGNED
    assert [row.signer_name for row in signatures_of(asked.document_id)] == [desk.cast.a.leader.name]
    assert desk.pending(asked.document_id, SignatureKind.PERSONAL).status is PendingStatus.DONE
    assert not desk.bridge.client.cookies, "the agent has no session"


def test_the_clerk_issues_with_the_agent(desk: Desk, asked: PendingCard) -> None:
    desk.sign(asked, desk.cast.a.leader)
    sealing = desk.press_issue(asked.document_id, version=1)
    assert outgoing_state(asked.document_id) is OutgoingState.FILLED
    task = desk.task(sealing, desk.cast.a.clerk)
    told, document = json.loads(task["request"]), record_of(asked.document_id)
    assert task["address"].endswith("/SignIssued")
    assert (told["DocNumber"], told["IssuedDate"]) == (document.full_number, "2026-11-20T00:00:00+07:00")
    with pikepdf.open(BytesIO(Client().get(addresses(task)[0]).content)) as served:
        filled = {str(item.T): str(item.V) for item in served.Root.AcroForm.Fields if "/V" in item}
    assert document.full_number.removeprefix("Số: ") in filled["so_ky_hieu"], (
        "number and date are filled by us"
    )
    assert "ngày 20 tháng 11 năm 2026" in filled["ngay_ban_hanh"]
    assert json.loads(desk.call_agent(task))["Status"] == 0
    worker.run_all(now=lambda: FIXED_NOW + timedelta(seconds=1))
    assert outgoing_state(asked.document_id) is OutgoingState.ISSUED
    found = verify_pdf(
        main_bytes(asked.document_id), trust=trust_store(), at=FIXED_NOW + timedelta(minutes=5)
    )
    assert [finding.kind for finding in found.signatures] == ["personal", "agency"]
    assert {finding.verdict for finding in found.signatures} == {Verdict.VALID_NO_TSA}


@pytest.mark.parametrize("how", ["integer-status", "boolean-status"])
def test_however_the_agent_spells_its_status_the_signature_counts(
    desk: Desk, asked: PendingCard, how: str
) -> None:
    said = desk.sign(asked, desk.cast.a.leader, how)
    assert state_of(asked.document_id) is State.SIGNED
    screen = desk.screen(desk.cast.a.leader)
    page = screen.post(reverse("agent-say", args=[asked.id]), {"event": "answered", "text": said})
    assert 'hx-trigger="load"' in page.content.decode(), "the page asks at once whether it is over"
    over = screen.get(reverse("agent-status", args=[asked.id]))
    assert over.headers["HX-Redirect"] == reverse("document", args=[asked.document_id])


@pytest.mark.parametrize("how", REFUSED)
def test_what_a_leaders_agent_brings_wrongly_is_refused_and_nothing_changes(
    desk: Desk, asked: PendingCard, how: str
) -> None:
    before, bytes_before = rows(), main_bytes(asked.document_id)
    said = json.loads(desk.sign(asked, desk.cast.a.leader, how))
    assert said["Status"] == 1
    refused = agent_card(desk.cast.a.leader, asked.id).refused
    assert refused is not None
    assert refused.code == REFUSED[how]
    assert said["Message"] == str(spoken(refused)), "the agent's window says what our screen says"
    assert rows() == before
    assert main_bytes(asked.document_id) == bytes_before
    assert state_of(asked.document_id) is State.AWAITING_SIGNATURE


@pytest.mark.parametrize(
    "how", ["wrong-file", "page-changed", "number-changed", "other-certificate", "truncated"]
)
def test_what_a_clerks_agent_brings_wrongly_is_refused_and_nothing_changes(desk: Desk, how: str) -> None:
    document_id = a_filled_document(desk.cast)
    card = outgoing_card(document_id)
    assert card is not None
    sealing = desk.press_issue(document_id, version=card.version)
    before = rows()
    assert json.loads(desk.sign(sealing, desk.cast.a.clerk, how))["Status"] == 1
    refused = agent_card(desk.cast.a.clerk, sealing.id).refused
    assert refused is not None
    assert refused.code == REFUSED[how]
    assert rows() == before
    assert outgoing_state(document_id) is OutgoingState.FILLED


def test_a_refused_upload_is_in_the_log_with_its_digest_and_a_good_one_may_follow(
    desk: Desk, asked: PendingCard
) -> None:
    desk.sign(asked, desk.cast.a.leader, "page-changed")
    event = AuditEvent.objects.filter(verb="signing.agent.refuse").latest("pk")
    assert re.fullmatch(r"[0-9a-f]{64}", event.detail["sha256"])
    assert event.detail["reason"] == "signing.upload.changed"
    assert json.loads(desk.sign(asked, desk.cast.a.leader))["Status"] == 0
    assert state_of(asked.document_id) is State.SIGNED
    assert agent_card(desk.cast.a.leader, asked.id).refused is None


def test_the_same_file_brought_twice_is_one_signature(desk: Desk, asked: PendingCard) -> None:
    assert json.loads(desk.sign(asked, desk.cast.a.leader, "twice"))["Status"] == 0
    assert [status for method, _, status in desk.bridge.calls if method == "POST"] == [200, 200]
    assert len(signatures_of(asked.document_id)) == 1
    assert AuditEvent.objects.filter(verb="signing.pending.answer").count() == 1


def test_a_second_signature_for_the_same_question_is_not_taken(desk: Desk, asked: PendingCard) -> None:
    task = desk.task(asked, desk.cast.a.leader)
    desk.program.behave("honest")
    desk.call_agent(task)
    signed = main_bytes(asked.document_id)
    said = json.loads(upload(addresses(task)[1], signed + b"\n").content)
    assert (said["Status"], "đã được ký" in said["Message"]) == (False, True)
    assert main_bytes(asked.document_id) == signed


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("cancelled", "signing.agent.cancelled"),
        ("wrong-pin", "signing.agent.pin-refused"),
        ("garbage", "signing.agent.garbled"),
    ],
)
def test_what_the_agent_says_reaches_the_screen_with_what_to_do(
    desk: Desk, asked: PendingCard, how: str, code: str
) -> None:
    before = rows()
    said = desk.sign(asked, desk.cast.a.leader, how)
    screen = desk.screen(desk.cast.a.leader)
    page = screen.post(reverse("agent-say", args=[asked.id]), {"event": "answered", "text": said})
    heard = agent_card(desk.cast.a.leader, asked.id).said
    assert heard is not None
    assert heard.code == code
    words = spoken(heard)
    assert words.why in page.content.decode()
    assert words.remedy in page.content.decode()
    assert rows() == before


@pytest.mark.parametrize(("event", "reference"), [("unreachable", "VT-SIG-201"), ("hung-up", "VT-SIG-202")])
def test_a_socket_that_does_not_open_or_closes_is_explained(
    desk: Desk, asked: PendingCard, event: str, reference: str
) -> None:
    screen = desk.screen(desk.cast.a.leader)
    page = screen.post(reverse("agent-say", args=[asked.id]), {"event": event})
    assert reference in page.content.decode()


def test_an_agent_that_hangs_up_answers_nothing(desk: Desk, asked: PendingCard) -> None:
    assert desk.sign(asked, desk.cast.a.leader, "hangs-up") is None


def test_a_word_of_success_without_a_file_signs_nothing(desk: Desk, asked: PendingCard) -> None:
    said = desk.sign(asked, desk.cast.a.leader, "no-upload")
    assert json.loads(said)["Status"] == 0
    screen = desk.screen(desk.cast.a.leader)
    page = screen.post(reverse("agent-say", args=[asked.id]), {"event": "answered", "text": said})
    assert "Đang chờ VGCA Sign Service" in page.content.decode()
    assert state_of(asked.document_id) is State.AWAITING_SIGNATURE


def test_a_file_that_comes_late_within_the_time_is_taken(desk: Desk, asked: PendingCard) -> None:
    desk.sign(asked, desk.cast.a.leader, "late")
    assert state_of(asked.document_id) is State.AWAITING_SIGNATURE
    desk.bridge.serve_while(desk.program.release)
    assert state_of(asked.document_id) is State.SIGNED


@pytest.mark.parametrize("swept", [False, True], ids=["before-the-sweep", "after-the-sweep"])
def test_a_file_that_comes_after_the_time_is_refused_kindly(
    desk: Desk, asked: PendingCard, clock: time_machine.Coordinates, swept: bool
) -> None:
    desk.sign(asked, desk.cast.a.leader, "late")
    clock.shift(timedelta(minutes=21))
    if swept:
        expire_waiting(now=FIXED_NOW + timedelta(minutes=21))
    (said,) = desk.bridge.serve_while(desk.program.release)
    assert "quá 20 phút" in json.loads(said)["Message"]
    assert state_of(asked.document_id) is State.AWAITING_SIGNATURE
    page = desk.screen(desk.cast.a.leader).get(reverse("document", args=[asked.document_id]))
    assert "Đã quá 20 phút" in page.content.decode()
    assert "Ký số ban hành" in page.content.decode(), "the leader can begin anew"


def test_a_file_that_comes_after_giving_up_is_refused(desk: Desk, asked: PendingCard) -> None:
    desk.sign(asked, desk.cast.a.leader, "late")
    give_up(actor=desk.cast.a.leader, pending_id=asked.id, now=FIXED_NOW)
    (said,) = desk.bridge.serve_while(desk.program.release)
    assert "đã thôi" in json.loads(said)["Message"]
    assert state_of(asked.document_id) is State.AWAITING_SIGNATURE


def test_a_draft_that_was_returned_meanwhile_is_not_signed(desk: Desk, asked: PendingCard) -> None:
    desk.sign(asked, desk.cast.a.leader, "late")
    drafting.return_draft(
        actor=desk.cast.a.leader, document_id=asked.document_id, reason="Sửa căn cứ.", now=FIXED_NOW
    )
    (said,) = desk.bridge.serve_while(desk.program.release)
    assert json.loads(said)["Status"] == 1
    assert signatures_of(asked.document_id) == ()


def test_a_certificate_that_was_replaced_meanwhile_no_longer_signs(desk: Desk, asked: PendingCard) -> None:
    desk.sign(asked, desk.cast.a.leader, "late")
    a_token_of(desk.cast.a.leader, desk.cast.a, place=KeyPlace.DESK_AGENT, now=FIXED_NOW)
    (said,) = desk.bridge.serve_while(desk.program.release)
    assert "chứng thư số đăng ký" in json.loads(said)["Message"]
    assert state_of(asked.document_id) is State.AWAITING_SIGNATURE


def test_the_file_of_another_document_is_refused(desk: Desk, asked: PendingCard) -> None:
    other = desk.press_sign(a_checked_draft(desk.cast, subject="việc khác"))
    desk.sign(other, desk.cast.a.leader)
    path = addresses(desk.task(asked, desk.cast.a.leader))[1]
    said = json.loads(upload(path, main_bytes(other.document_id)).content)
    assert said["Status"] is False
    assert state_of(asked.document_id) is State.AWAITING_SIGNATURE


def test_the_deputys_token_does_not_sign_for_the_leader(
    desk: Desk, asked: PendingCard, tmp_path: Path
) -> None:
    deputy = a_token_of(desk.cast.a.deputy, desk.cast.a, place=KeyPlace.DESK_AGENT, now=FIXED_NOW)
    token = in_a_file(deputy, tmp_path, "deputy")
    desk.program.plug_in(personal=token, agency=token)
    said = json.loads(desk.sign(asked, desk.cast.a.leader))
    assert desk.cast.a.deputy.name in said["Message"]
    assert desk.cast.a.leader.name in said["Message"]
    assert state_of(asked.document_id) is State.AWAITING_SIGNATURE


def test_the_address_of_the_file_answers_its_token_and_nothing_else(
    desk: Desk, asked: PendingCard, clock: time_machine.Coordinates
) -> None:
    file, taking = addresses(desk.task(asked, desk.cast.a.leader))
    served = Client().get(file)
    assert served.content == main_bytes(asked.document_id)
    assert served.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    token = taking.rstrip("/").rpartition("/")[2]
    wrong = [
        file.replace(token, token[:-1] + ("A" if token[-1] != "A" else "B")),
        file.replace(f"/{asked.id}/", f"/{asked.id + 1}/"),
        file.replace(token, "x"),
    ]
    for path in wrong:
        answer = Client().get(path)
        assert (answer.status_code, answer.content) == (404, b"")
    assert Client().post(file).status_code == 405
    assert Client().get(taking).status_code == 405
    clock.shift(timedelta(minutes=21))
    assert (Client().get(file).status_code, Client().get(file).content) == (404, b"")


def test_a_token_is_used_up_by_the_signature_and_by_the_next_try(desk: Desk, asked: PendingCard) -> None:
    first, _ = addresses(desk.task(asked, desk.cast.a.leader))
    second, _ = addresses(desk.task(asked, desk.cast.a.leader))
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    desk.sign(asked, desk.cast.a.leader)
    assert Client().get(second).status_code == 404
    used = next(path for method, path, _ in desk.bridge.calls if method == "GET")
    assert (Client().get(used).status_code, Client().get(used).content) == (404, b"")


def test_an_upload_without_a_known_token_is_not_even_read(desk: Desk, asked: PendingCard) -> None:
    _, taking = addresses(desk.task(asked, desk.cast.a.leader))
    token = taking.rstrip("/").rpartition("/")[2]
    before = rows(), AuditEvent.objects.count()
    answer = upload(taking.replace(token, "A" * len(token)), b"%PDF-")
    assert (answer.status_code, answer.content) == (404, b"")
    assert (rows(), AuditEvent.objects.count()) == before


def test_a_file_beyond_the_limit_is_refused(desk: Desk, asked: PendingCard, settings: Any) -> None:
    _, taking = addresses(desk.task(asked, desk.cast.a.leader))
    settings.VANTHU_UPLOAD_LIMIT = 10_000
    for size in (10_001, 200_000):
        said = json.loads(upload(taking, b"%PDF-" + b"x" * size).content)
        assert said["Status"] is False
        assert "lớn hơn mức cho phép" in said["Message"]


def test_an_agent_gone_mad_is_not_heard_for_ever(desk: Desk, asked: PendingCard) -> None:
    _, taking = addresses(desk.task(asked, desk.cast.a.leader))
    answers = [upload(taking, b"%PDF-1.7 sai") for _ in range(42)]
    assert "quá nhiều lần" in json.loads(answers[15].content)["Message"]
    assert answers[41].status_code == 429


def test_the_token_is_kept_as_a_hash_only(desk: Desk, asked: PendingCard) -> None:
    _, taking = addresses(desk.task(asked, desk.cast.a.leader))
    token = taking.rstrip("/").rpartition("/")[2]
    everything = repr(database_state())
    assert token not in everything
    assert sha256_of(token.encode()) in everything


def test_only_whoever_asked_begins_stops_or_speaks_for_the_agent(desk: Desk, asked: PendingCard) -> None:
    for name in ("agent-start", "agent-say", "agent-stop"):
        url = reverse(name, args=[asked.id])
        assert desk.screen(desk.cast.a.head).post(url).status_code == 403, name
        assert desk.screen(desk.cast.outsider).post(url).status_code == 404, name
        assert Client().post(url).status_code == 302, name
    assert desk.screen(desk.cast.outsider).get(reverse("agent-status", args=[asked.id])).status_code == 404


def test_stopping_leaves_the_document_as_it_was(desk: Desk, asked: PendingCard) -> None:
    before = rows()
    screen = desk.screen(desk.cast.a.leader)
    assert screen.post(reverse("agent-stop", args=[asked.id])).status_code == 302
    assert rows() == before
    page = screen.get(reverse("document", args=[asked.document_id])).content.decode()
    assert "Ký số ban hành" in page
    assert "VGCA Sign Service" not in page


def test_the_screen_says_something_only_when_there_is_news(desk: Desk, asked: PendingCard) -> None:
    screen = desk.screen(desk.cast.a.leader)
    page = screen.get(reverse("document", args=[asked.document_id])).content.decode()
    assert "data-auto" in page
    found = re.search(r'hx-get="([^"]+)"', page[page.index('id="agent"') :])
    assert found is not None
    assert screen.get(found[1].replace("&amp;", "&")).status_code == 204
    desk.sign(asked, desk.cast.a.leader, "page-changed")
    news = screen.get(found[1].replace("&amp;", "&"))
    assert "thay đổi khác ngoài chữ ký" in news.content.decode()
    assert "data-auto" not in screen.get(reverse("document", args=[asked.document_id])).content.decode()
    desk.sign(asked, desk.cast.a.leader)
    done = screen.get(found[1].replace("&amp;", "&"))
    assert done.headers["HX-Redirect"] == reverse("document", args=[asked.document_id])


def test_others_see_that_the_signer_is_being_waited_for(desk: Desk, asked: PendingCard) -> None:
    page = desk.screen(desk.cast.a.head).get(reverse("document", args=[asked.document_id])).content.decode()
    assert "Đang chờ người ký." in page
    assert "data-vanthu-agent" not in page


def test_csrf_is_waived_for_the_upload_alone() -> None:
    waived = {
        name
        for name, view in all_addresses(get_resolver().url_patterns)
        if getattr(view, "csrf_exempt", False)
    }
    assert waived == {"agent-upload"}


def test_pages_may_open_the_agents_socket_and_no_other(desk: Desk, asked: PendingCard) -> None:
    page = desk.screen(desk.cast.a.leader).get(reverse("document", args=[asked.document_id]))
    assert "connect-src 'self' wss://127.0.0.1:8987" in page.headers["Content-Security-Policy"]

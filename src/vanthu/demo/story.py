"""The life of a document between Sở Nội vụ and Sở Tài chính, played through the operations by the right people."""

from __future__ import annotations

from collections.abc import Iterator

from vanthu.demo import desks, texts
from vanthu.demo.cities.small import HOAN_KIEM, SNV, STC
from vanthu.demo.stage import Correspondence, Stage, Step
from vanthu.documents.queries import record_of
from vanthu.drafting import operations as drafting
from vanthu.exchange.queries import deliveries_of
from vanthu.kernel.actor import system_actor
from vanthu.organizations.queries import agencies_by_code
from vanthu.registry import operations as registry
from vanthu.registry.queries import incoming_card
from vanthu.registry.rules.states import RefusalReason
from vanthu.routing import operations as routing

STEPS = 56
"""How many lines the story has: the length of the progress bar; a test counts."""

MAIN = "Vòng đời một văn bản"
REFUSAL = "Một văn bản bị từ chối"


def play(stage: Stage) -> Iterator[Step]:
    """The whole story, line by line; `stage.main_id` is the document that is issued and answered."""
    stage.chapter = MAIN
    letter = Correspondence(0, STC)
    yield from _write(stage, letter)
    yield from _issue(stage, letter)
    yield from _receive(stage, letter)
    yield from _handle(stage, letter)
    yield from _answer(stage, letter)
    yield from _complete(stage, letter)
    stage.chapter = REFUSAL
    yield from _refuse(stage)
    yield from desks.leave_work(stage)


def _write(stage: Stage, letter: Correspondence) -> Iterator[Step]:
    letter.sent_id = stage.start("chuyenvien.snv", texts.REQUEST, STC, signer="giamdoc.snv")
    stage.main_id = letter.sent_id
    author = stage.actor("chuyenvien.snv")
    yield stage.tell("Soạn công văn từ mẫu", author, letter)
    summary = (
        "Kính trình Giám đốc Sở ký công văn gửi Sở Tài chính; danh sách kèm hồ sơ 128 trường hợp đã rà soát."
    )
    drafting.submit_draft(actor=author, document_id=letter.sent_id, summary=summary, now=stage.clock())
    yield stage.tell("Trình lãnh đạo đơn vị, kèm phiếu trình", author, letter)
    head = stage.holder(stage.draft(letter.sent_id).facts.approver_post_id)
    drafting.approve_content(
        actor=head, document_id=letter.sent_id, note="Nội dung đúng, đủ.", now=stage.clock()
    )
    yield stage.tell("Duyệt nội dung", head, letter)
    found = stage.check_form(letter.sent_id)
    checker = stage.holder(stage.draft(letter.sent_id).facts.checker_post_id)
    yield stage.tell(f"Kiểm tra thể thức: {_findings(found)}", checker, letter)
    signer = stage.actor("giamdoc.snv")
    drafting.sign_draft(actor=signer, document_id=letter.sent_id, now=stage.clock())
    yield stage.tell("Ký số cá nhân ban hành", signer, letter)


def _findings(count: int) -> str:
    return f"{count} điểm cần lưu ý" if count else "đạt, không có điểm sai"


def _issue(stage: Stage, letter: Correspondence) -> Iterator[Step]:
    clerk = stage.actor("vanthu.snv")
    number = registry.give_number(actor=clerk, document_id=letter.sent_id, now=stage.clock())
    yield stage.tell(f"Cấp số {number} và ngày", clerk, letter)
    registry.fill_outgoing(actor=clerk, document_id=letter.sent_id, now=stage.clock())
    yield stage.tell("Điền số, ngày vào tệp đã ký (chữ ký vẫn nguyên vẹn)", clerk, letter)
    registry.seal_outgoing(actor=clerk, document_id=letter.sent_id, now=stage.clock())
    yield stage.tell("Ký số cơ quan", clerk, letter)
    registry.issue_outgoing(actor=clerk, document_id=letter.sent_id, now=stage.clock())
    yield stage.tell("Phát hành", clerk, letter)


def _receive(stage: Stage, letter: Correspondence) -> Iterator[Step]:
    stage.deliver()
    letter.received_id = stage.find_arrival("vanthu.stc", letter.sent_id)
    verdict = record_of(letter.received_id).verdict
    line = system_actor(agencies_by_code([STC])[STC].id)
    yield stage.tell(f"Chuyển văn bản tới nơi nhận, kiểm tra chữ ký: {verdict}", line, letter)
    clerk = stage.actor("vanthu.stc")
    number = registry.accept_arrival(
        actor=clerk,
        document_id=letter.received_id,
        registration=registry.RegistrationOrder(),
        now=stage.clock(),
    )
    stage.deliver()
    yield stage.tell(f"Tiếp nhận và đăng ký, số đến {number}", clerk, letter)
    leader = stage.actor("giamdoc.stc")
    assert leader.post_id is not None
    proposal = "Kính trình Giám đốc Sở; đề xuất giao Phòng Quản lý ngân sách chủ trì."
    registry.submit_incoming(
        actor=clerk,
        document_id=letter.received_id,
        leader_post_id=leader.post_id,
        proposal=proposal,
        now=stage.clock(),
    )
    yield stage.tell("Trình lãnh đạo cho ý kiến chỉ đạo", clerk, letter)


def _handle(stage: Stage, letter: Correspondence) -> Iterator[Step]:
    received = letter.received_id
    assert received is not None
    leader, head, officer = (
        stage.actor("giamdoc.stc"),
        stage.actor("truongphong.stc"),
        stage.actor("chuyenvien.stc"),
    )
    order = routing.DirectionOrder(
        "Giao Phòng Quản lý ngân sách chủ trì, Văn phòng phối hợp rà soát hồ sơ; tham mưu văn bản trả lời Sở Nội vụ.",
        stage.unit_of("truongphong.stc"),
        (stage.unit_of("chanhvp.stc"),),
        days=5,
    )
    routing.direct_and_assign(actor=leader, document_id=received, order=order, now=stage.clock())
    stage.deliver()
    yield stage.tell("Cho ý kiến chỉ đạo: một đơn vị chủ trì, một đơn vị phối hợp", leader, letter)
    assert officer.post_id is not None
    routing.sub_assign(
        actor=head,
        assignment_id=stage.task_at(received, "truongphong.stc").id,
        post_id=officer.post_id,
        text="Thẩm định nhu cầu kinh phí, dự thảo văn bản trả lời.",
        now=stage.clock(),
    )
    yield stage.tell(f"Phân công {officer.name} xử lý", head, letter)
    routing.start_work(
        actor=officer, assignment_id=stage.task_at(received, "chuyenvien.stc").id, now=stage.clock()
    )
    stage.deliver()
    yield stage.tell("Bắt đầu xử lý", officer, letter)
    yield from _cooperate(stage, letter, received)


def _cooperate(stage: Stage, letter: Correspondence, received: int) -> Iterator[Step]:
    partner, leader = stage.actor("chanhvp.stc"), stage.actor("giamdoc.stc")
    task_id = stage.task_at(received, "chanhvp.stc").id
    routing.start_work(actor=partner, assignment_id=task_id, now=stage.clock())
    result = "Đã rà soát hồ sơ 128 trường hợp; 02 trường hợp thiếu quyết định lương gần nhất."
    routing.submit_result(actor=partner, assignment_id=task_id, result=result, now=stage.clock())
    yield stage.tell("Đơn vị phối hợp báo cáo kết quả", partner, letter)
    routing.complete_task(actor=leader, assignment_id=task_id, now=stage.clock())
    yield stage.tell("Duyệt kết quả phối hợp", leader, letter)


def _answer(stage: Stage, letter: Correspondence) -> Iterator[Step]:
    """The reply goes back to Sở Nội vụ as a document of its own: the two sides change places."""
    officer = stage.actor("chuyenvien.stc")
    reply = Correspondence(0, SNV)
    reply.sent_id = stage.start(
        "chuyenvien.stc", texts.REPLY, SNV, signer="phogiamdoc.stc", answers_id=letter.received_id
    )
    yield stage.tell("Soạn văn bản trả lời", officer, reply)
    summary = "Trình Phó Giám đốc Sở ký văn bản trả lời Sở Nội vụ."
    drafting.submit_draft(actor=officer, document_id=reply.sent_id, summary=summary, now=stage.clock())
    head = stage.holder(stage.draft(reply.sent_id).facts.approver_post_id)
    drafting.approve_content(actor=head, document_id=reply.sent_id, now=stage.clock())
    yield stage.tell("Duyệt nội dung văn bản trả lời", head, reply)
    found = stage.check_form(reply.sent_id)
    checker = stage.holder(stage.draft(reply.sent_id).facts.checker_post_id)
    yield stage.tell(f"Kiểm tra thể thức: {_findings(found)}", checker, reply)
    signer = stage.actor("phogiamdoc.stc")
    drafting.sign_draft(actor=signer, document_id=reply.sent_id, now=stage.clock())
    yield stage.tell("Ký số cá nhân (KT. Giám đốc)", signer, reply)
    clerk = stage.actor("vanthu.stc")
    registry.issue_in_one_act(actor=clerk, document_id=reply.sent_id, now=stage.clock())
    stage.deliver()
    reply.received_id = stage.find_arrival("vanthu.snv", reply.sent_id)
    number = record_of(reply.sent_id).full_number
    yield stage.tell(f"Cấp số {number}, ký số cơ quan, phát hành", clerk, reply)
    yield from _receive_answer(stage, reply)


def _receive_answer(stage: Stage, reply: Correspondence) -> Iterator[Step]:
    clerk, leader = stage.actor("vanthu.snv"), stage.actor("giamdoc.snv")
    assert reply.received_id is not None
    number = registry.accept_arrival(
        actor=clerk,
        document_id=reply.received_id,
        registration=registry.RegistrationOrder(),
        now=stage.clock(),
    )
    stage.deliver()
    yield stage.tell(f"Tiếp nhận và đăng ký văn bản trả lời, số đến {number}", clerk, reply)
    assert leader.post_id is not None
    registry.submit_incoming(
        actor=clerk, document_id=reply.received_id, leader_post_id=leader.post_id, now=stage.clock()
    )
    routing.file_for_information(
        actor=leader, document_id=reply.received_id, text="Đã xem; lưu hồ sơ.", now=stage.clock()
    )
    stage.deliver()
    yield stage.tell("Xem văn bản trả lời, lưu để biết", leader, reply)


def _complete(stage: Stage, letter: Correspondence) -> Iterator[Step]:
    received = letter.received_id
    assert received is not None
    officer, head = stage.actor("chuyenvien.stc"), stage.actor("truongphong.stc")
    task_id = stage.task_at(received, "chuyenvien.stc").id
    result = "Đã thẩm định và tham mưu văn bản trả lời Sở Nội vụ."
    routing.submit_result(actor=officer, assignment_id=task_id, result=result, now=stage.clock())
    yield stage.tell("Trình kết quả giải quyết", officer, letter)
    routing.complete_task(actor=head, assignment_id=task_id, now=stage.clock())
    stage.deliver()
    yield stage.tell("Duyệt kết quả, kết thúc văn bản", head, letter)


def _refuse(stage: Stage) -> Iterator[Step]:
    """A document that names an annex and comes without it: the receiver's reason reaches the sender."""
    letter = Correspondence(0, STC)
    letter.sent_id = desks.issue(
        stage, "chuyenvien2.snv", texts.CONSULTATION, STC, HOAN_KIEM, signer="phogiamdoc.snv"
    )
    letter.received_id = stage.find_arrival("vanthu.stc", letter.sent_id)
    yield stage.tell("Soạn, duyệt, ký, phát hành công văn", stage.actor("vanthu.snv"), letter)
    clerk = stage.actor("vanthu.stc")
    registry.refuse_arrival(
        actor=clerk,
        document_id=letter.received_id,
        reason=RefusalReason.MISSING_FILES,
        text="Công văn nêu có Phụ lục kèm theo nhưng không có tệp Phụ lục.",
        now=stage.clock(),
    )
    card = incoming_card(letter.received_id)
    assert card is not None
    yield stage.tell(f"Từ chối tiếp nhận: {card.refusal_text}", clerk, letter)
    stage.deliver()
    heard = next(row.last_error for row in deliveries_of(letter.sent_id) if row.recipient_code == STC)
    yield stage.tell(f"Bên gửi nhận được lý do: {heard}", stage.actor("vanthu.snv"), letter)

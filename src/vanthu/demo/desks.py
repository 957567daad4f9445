"""Documents left standing at various desks, so that whoever signs in after the demonstration finds something to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vanthu.demo import texts
from vanthu.demo.cities.small import HOAN_KIEM, SNV, STC
from vanthu.demo.stage import Correspondence, Stage, Step
from vanthu.demo.texts import Text
from vanthu.drafting import operations as drafting
from vanthu.drafting.rules.states import State
from vanthu.kernel.actor import Actor
from vanthu.registry import operations as registry
from vanthu.routing import operations as routing

CHAPTER = "Việc đang chờ ở các bàn"


def leave_work(stage: Stage) -> Iterator[Step]:
    """First what came from outside, then the drafts of both departments."""
    stage.chapter = CHAPTER
    for post in POST:
        sent_id = issue(stage, post.author, post.text, *post.stops, signer=post.signer)
        for code, stop in post.stops.items():
            letter = Correspondence(sent_id, code, stage.find_arrival(f"vanthu.{HOUSES[code]}", sent_id))
            waiting = stop(stage, HOUSES[code], letter)
            stage.deliver()
            yield stage.tell(*waiting, letter)
    for standing in DRAFTS:
        yield _leave_draft(stage, standing)


def issue(stage: Stage, author: str, text: Text, *recipients: str, signer: str) -> int:
    """Bring a document from the first word to its arrival; the sender's record."""
    document_id = stage.start(author, text, *recipients, signer=signer)
    _bring(stage, document_id, State.SIGNED)
    house = author.rsplit(".", 1)[1]
    registry.issue_in_one_act(
        actor=stage.actor(f"vanthu.{house}"), document_id=document_id, now=stage.clock()
    )
    stage.deliver()
    return document_id


def _bring(stage: Stage, document_id: int, until: State) -> None:
    """Let whoever it lies before do his step, until the draft is where it shall stay."""
    while (card := stage.draft(document_id)).state != until:
        assert card.holder_post_id is not None
        holder, now = stage.holder(card.holder_post_id), stage.clock()
        if card.state is State.DRAFT:
            drafting.submit_draft(
                actor=holder, document_id=document_id, summary="Kính trình xem xét, ký ban hành.", now=now
            )
        elif card.state is State.AWAITING_CONTENT:
            drafting.approve_content(actor=holder, document_id=document_id, now=now)
        elif card.state is State.AWAITING_FORM:
            stage.check_form(document_id)
        else:
            drafting.sign_draft(actor=holder, document_id=document_id, now=now)


# Where an arrival stops: each function plays the clerk's and his colleagues' part and says at whose desk it lies.

Waiting = tuple[str, Actor]
Stop = Callable[[Stage, str, Correspondence], Waiting]


def _received(letter: Correspondence) -> int:
    assert letter.received_id is not None
    return letter.received_id


def at_reception(stage: Stage, house: str, letter: Correspondence) -> Waiting:
    return "Chờ tiếp nhận", stage.actor(f"vanthu.{house}")


def at_registration(stage: Stage, house: str, letter: Correspondence) -> Waiting:
    clerk = stage.actor(f"vanthu.{house}")
    registry.accept_arrival(actor=clerk, document_id=_received(letter), now=stage.clock())
    return "Chờ đăng ký", clerk


def at_submission(stage: Stage, house: str, letter: Correspondence) -> Waiting:
    clerk = stage.actor(f"vanthu.{house}")
    order = registry.RegistrationOrder()
    registry.accept_arrival(actor=clerk, document_id=_received(letter), registration=order, now=stage.clock())
    return "Chờ trình", clerk


def before_the_leader(stage: Stage, house: str, letter: Correspondence) -> Waiting:
    _, clerk = at_submission(stage, house, letter)
    leader = stage.actor(f"giamdoc.{house}")
    assert leader.post_id is not None
    registry.submit_incoming(
        actor=clerk,
        document_id=_received(letter),
        leader_post_id=leader.post_id,
        proposal="Kính trình Giám đốc Sở cho ý kiến chỉ đạo.",
        now=stage.clock(),
    )
    return "Chờ cho ý kiến chỉ đạo", leader


def before_the_unit(stage: Stage, house: str, letter: Correspondence) -> Waiting:
    _, leader = before_the_leader(stage, house, letter)
    order = routing.DirectionOrder(
        "Giao phòng chuyên môn chủ trì tham mưu; Văn phòng biết, theo dõi.",
        stage.unit_of(f"truongphong.{house}"),
        inform_unit_ids=(stage.unit_of(f"chanhvp.{house}"),),
    )
    routing.direct_and_assign(actor=leader, document_id=_received(letter), order=order, now=stage.clock())
    return "Chờ phân công", stage.actor(f"truongphong.{house}")


def before_the_officer(stage: Stage, house: str, letter: Correspondence) -> Waiting:
    _, head = before_the_unit(stage, house, letter)
    officer = stage.actor(f"chuyenvien.{house}")
    task = stage.task_at(_received(letter), f"truongphong.{house}")
    assert officer.post_id is not None
    routing.sub_assign(actor=head, assignment_id=task.id, post_id=officer.post_id, now=stage.clock())
    return "Việc của tôi (chờ nhận)", officer


def in_work(stage: Stage, house: str, letter: Correspondence) -> Waiting:
    _, officer = before_the_officer(stage, house, letter)
    task = stage.task_at(_received(letter), f"chuyenvien.{house}")
    routing.start_work(actor=officer, assignment_id=task.id, now=stage.clock())
    return "Việc của tôi (đang xử lý)", officer


def at_approval(stage: Stage, house: str, letter: Correspondence) -> Waiting:
    _, officer = in_work(stage, house, letter)
    task = stage.task_at(_received(letter), f"chuyenvien.{house}")
    result = "Đã tổng hợp, không có vấn đề cần báo cáo thêm; đề nghị cho kết thúc."
    routing.submit_result(actor=officer, assignment_id=task.id, result=result, now=stage.clock())
    return "Chờ duyệt kết quả", stage.actor(f"truongphong.{house}")


HOUSES = {SNV: "snv", STC: "stc", HOAN_KIEM: "hoankiem"}


@dataclass(frozen=True, slots=True)
class Post:
    """A document from outside both departments, and where each recipient's copy stops."""

    author: str
    text: Text
    signer: str
    stops: dict[str, Stop]


POST = (
    Post("chuyenvien.tp", texts.REFORM_PLAN, "chutich.tp", {STC: at_registration, SNV: before_the_unit}),
    Post("chuyenvien.tp", texts.BUDGET_MEETING, "chanhvp.tp", {STC: at_submission, SNV: at_registration}),
    Post("chuyenvien.tp", texts.CONCLUSION, "chutich.tp", {STC: before_the_leader, SNV: at_submission}),
    Post("chuyenvien.tp", texts.ASSETS, "chutich.tp", {STC: before_the_unit, SNV: before_the_leader}),
    Post(
        "chuyenvien.hoankiem", texts.WARD_STAFF, "chutich.hoankiem", {STC: before_the_officer, SNV: in_work}
    ),
    Post("chuyenvien.hoankiem", texts.WARD_REPORT, "chutich.hoankiem", {STC: at_approval, SNV: at_approval}),
    Post(
        "chuyenvien.tp",
        texts.STORM,
        "chutich.tp",
        {STC: at_reception, SNV: at_reception, HOAN_KIEM: at_reception},
    ),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A draft that stays where it is."""

    author: str
    text: Text
    recipient: str
    signer: str
    state: State
    returned_because: str = ""
    is_sealed: bool = False


DRAFTS = (
    Standing("chuyenvien.snv", texts.TRAINING, HOAN_KIEM, "giamdoc.snv", State.DRAFT),
    Standing(
        "chuyenvien.snv",
        texts.STAFFING,
        STC,
        "giamdoc.snv",
        State.DRAFT,
        "Bổ sung thời hạn gửi số liệu và người liên hệ.",
    ),
    Standing("chuyenvien.snv", texts.EMULATION, HOAN_KIEM, "giamdoc.snv", State.AWAITING_CONTENT),
    Standing("chuyenvien.snv", texts.RECRUITMENT, HOAN_KIEM, "giamdoc.snv", State.AWAITING_FORM),
    Standing("chuyenvien2.snv", texts.ARCHIVES, HOAN_KIEM, "giamdoc.snv", State.AWAITING_SIGNATURE),
    Standing("chuyenvien.snv", texts.HOLIDAY, HOAN_KIEM, "phogiamdoc.snv", State.SIGNED),
    Standing("chuyenvien.snv", texts.REWARD, STC, "phogiamdoc.snv", State.SIGNED, is_sealed=True),
    Standing("chuyenvien.stc", texts.SETTLEMENT, HOAN_KIEM, "giamdoc.stc", State.DRAFT),
    Standing("chuyenvien.stc", texts.PRICES, SNV, "giamdoc.stc", State.AWAITING_CONTENT),
    Standing("chuyenvien.stc", texts.PROCUREMENT, SNV, "giamdoc.stc", State.AWAITING_FORM),
    Standing("chuyenvien.stc", texts.SAVING, SNV, "giamdoc.stc", State.AWAITING_SIGNATURE),
    Standing("chuyenvien.stc", texts.ALLOCATION, HOAN_KIEM, "phogiamdoc.stc", State.SIGNED),
)

DESK_OF = {
    State.DRAFT: "Dự thảo của tôi",
    State.AWAITING_CONTENT: "Chờ duyệt nội dung",
    State.AWAITING_FORM: "Chờ kiểm tra thể thức",
    State.AWAITING_SIGNATURE: "Chờ ký",
    State.SIGNED: "Chờ cấp số",
}


def _leave_draft(stage: Stage, standing: Standing) -> Step:
    document_id = stage.start(standing.author, standing.text, standing.recipient, signer=standing.signer)
    letter = Correspondence(document_id)
    if standing.returned_because:
        return _give_back(stage, standing, letter)
    _bring(stage, document_id, standing.state)
    clerk = stage.actor(f"vanthu.{standing.author.rsplit('.', 1)[1]}")
    if standing.is_sealed:
        return _seal_and_wait(stage, clerk, letter)
    holder_post_id = stage.draft(document_id).holder_post_id
    holder = stage.holder(holder_post_id) if holder_post_id else clerk
    return stage.tell(DESK_OF[standing.state], holder, letter)


def _give_back(stage: Stage, standing: Standing, letter: Correspondence) -> Step:
    _bring(stage, letter.sent_id, State.AWAITING_CONTENT)
    head = stage.holder(stage.draft(letter.sent_id).facts.approver_post_id)
    drafting.return_draft(
        actor=head, document_id=letter.sent_id, reason=standing.returned_because, now=stage.clock()
    )
    author = stage.actor(standing.author)
    return stage.tell(f"Dự thảo bị trả lại: {standing.returned_because}", author, letter)


def _seal_and_wait(stage: Stage, clerk: Actor, letter: Correspondence) -> Step:
    """Number, fill and seal, but not issue: the clerk finds it in "Chờ phát hành"."""
    registry.give_number(actor=clerk, document_id=letter.sent_id, now=stage.clock())
    registry.fill_outgoing(actor=clerk, document_id=letter.sent_id, now=stage.clock())
    registry.seal_outgoing(actor=clerk, document_id=letter.sent_id, now=stage.clock())
    return stage.tell("Chờ phát hành", clerk, letter)

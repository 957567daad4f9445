"""The life that is played under fire: two documents and a scan through four agencies' hands, act by act.

Each act knows how a person sees that it is done already: after a crash the person looks at the state and presses
the button again only where it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from vanthu.accounts.queries import person_named
from vanthu.demo.cities.small import HOAN_KIEM, STC, small
from vanthu.documents import operations as documents
from vanthu.documents.models import Document
from vanthu.documents.rules.kinds import Direction
from vanthu.drafting import operations as drafting
from vanthu.drafting.models import Draft
from vanthu.drafting.rules.states import State as DraftState
from vanthu.exchange import operations as exchange
from vanthu.exchange.models import Delivery
from vanthu.kernel.actor import Actor, Role, system_actor
from vanthu.organizations import queries as organizations
from vanthu.organizations.operations import load_calendar, load_directory
from vanthu.organizations.reference import read_calendar_seed
from vanthu.organizations.rules.calendars import seeded_special_days
from vanthu.registry import operations as registry
from vanthu.registry.models import IncomingEntry, OutgoingEntry
from vanthu.registry.rules.states import IncomingState, OutgoingState, RefusalReason
from vanthu.routing import operations as routing
from vanthu.routing.models import Assignment, Handling
from vanthu.routing.rules.states import State as HandlingState
from vanthu.routing.rules.states import TaskState

FIRST = "cử cán bộ tham gia đoàn kiểm tra"
HELD = "tăng cường công tác phòng cháy, chữa cháy"
QUICK = "phối hợp rà soát biên chế năm 2027"
SCAN = "mời họp giao ban công tác quý IV"
CLERK, RECEIVER, WARD = "vanthu.snv", "vanthu.stc", "vanthu.hoankiem"


@dataclass(frozen=True)
class Act:
    """One press of a button: `is_open` says whether the screen shows it, `is_done` whether it took effect."""

    name: str
    press: Callable[[datetime], object]
    is_done: Callable[[], bool]
    is_open: Callable[[], bool] = lambda: True


WORK = "work"
"""A place in the life where the worker has its turn."""


def actor(username: str, now: datetime) -> Actor:
    return organizations.actor_of(person_named(username).pk, now=now)


def at_post(post_id: int, now: datetime) -> Actor:
    holder = organizations.post_holder(post_id, now=now)
    assert holder is not None
    assert holder.person_id is not None
    return organizations.actor_of(holder.person_id, post_id=post_id, now=now)


def outgoing(subject: str) -> Document | None:
    return Document.objects.filter(subject=subject, direction=Direction.OUTGOING).first()


def incoming(subject: str, code: str) -> Document | None:
    return Document.objects.filter(subject=subject, direction=Direction.INCOMING, agency__code=code).first()


def the(document: Document | None) -> int:
    assert document is not None
    return int(document.pk)


def draft_of(subject: str) -> Draft:
    return Draft.objects.get(document_id=the(outgoing(subject)))


def start(subject: str, signer: str, recipients: tuple[str, ...], now: datetime) -> None:
    author = actor("chuyenvien.snv", now)
    assert author.agency_id is not None
    signers = organizations.signers_of(author.agency_id, now=now)
    post = next(row for row in signers if row.title == signer)
    drafting.start_draft(
        actor=author,
        order=drafting.DraftOrder(
            "cong_van",
            subject,
            ("Thực hiện chỉ đạo của Thành phố, Sở Nội vụ đề nghị quý cơ quan phối hợp.",),
            recipients,
            post.id,
        ),
        now=now,
    )


def draft_moved(subject: str, *states: DraftState) -> Callable[[], bool]:
    """The draft stands in one of these states or beyond: nobody here sends one back."""
    order = list(DraftState)
    last = max(order.index(state) for state in states)
    return lambda: outgoing(subject) is not None and order.index(DraftState(draft_of(subject).state)) >= last


def drafting_acts(subject: str, signer: str, recipients: tuple[str, ...]) -> list[Act]:
    def by(post: str, move: Callable[..., None]) -> Callable[[datetime], None]:
        def press(now: datetime) -> None:
            draft = draft_of(subject)
            move(actor=at_post(getattr(draft, post), now), document_id=draft.document_id, now=now)

        return press

    return [
        Act(
            f"start {subject}",
            lambda now: start(subject, signer, recipients, now),
            lambda: outgoing(subject) is not None,
        ),
        Act(
            f"submit {subject}",
            by("author_post_id", drafting.submit_draft),
            draft_moved(subject, DraftState.AWAITING_CONTENT),
        ),
        Act(
            f"approve {subject}",
            by("approver_post_id", drafting.approve_content),
            draft_moved(subject, DraftState.AWAITING_FORM),
        ),
        Act(
            f"pass {subject}",
            by("checker_post_id", drafting.pass_form),
            draft_moved(subject, DraftState.AWAITING_SIGNATURE),
        ),
        Act(
            f"sign {subject}",
            by("signer_post_id", drafting.sign_draft),
            draft_moved(subject, DraftState.SIGNED),
        ),
    ]


def issue(subject: str, *, hold: timedelta = timedelta(0)) -> Act:
    """Cấp số, ký số cơ quan, phát hành: the clerk's one press, which resumes where a crash left it (D10)."""

    def is_done() -> bool:
        entry = OutgoingEntry.objects.get(document_id=the(outgoing(subject)))
        return entry.state == OutgoingState.ISSUED or bool(hold and entry.leaves_at)

    return Act(
        f"issue {subject}",
        lambda now: registry.issue_in_one_act(
            actor=actor(CLERK, now), document_id=the(outgoing(subject)), hold=hold, now=now
        ),
        is_done,
    )


def entry_of(subject: str, code: str) -> IncomingEntry | None:
    document = incoming(subject, code)
    return IncomingEntry.objects.filter(document=document).first() if document else None


def accept(subject: str) -> Act:
    def is_done() -> bool:
        entry = entry_of(subject, STC)
        return entry is not None and entry.arrival_number is not None

    def is_open() -> bool:
        document = incoming(subject, STC)
        return document is not None and document.verdict != ""

    return Act(
        f"accept {subject}",
        lambda now: registry.accept_arrival(
            actor=actor(RECEIVER, now),
            document_id=the(incoming(subject, STC)),
            registration=registry.RegistrationOrder(),
            now=now,
        ),
        is_done,
        is_open,
    )


def take_scan(now: datetime) -> None:
    pdf = b"%PDF-1.7 a paper document, scanned\n%%EOF\n"
    clerk = actor(RECEIVER, now)
    order = registry.RegistrationOrder(
        subject=SCAN, full_number="12/GM-TD", issuer_name="Cơ quan trình diễn", issued_on=now.date()
    )
    registry.intake_scan(
        actor=clerk, order=order, file=documents.store_file(pdf, name="giay-moi.pdf", page_count=1), now=now
    )


def scan_acts() -> list[Act]:
    def register(now: datetime) -> None:
        registry.register_arrival(
            actor=actor(RECEIVER, now),
            document_id=the(incoming(SCAN, STC)),
            order=registry.RegistrationOrder(),
            now=now,
        )

    def is_registered() -> bool:
        entry = entry_of(SCAN, STC)
        return entry is not None and entry.state == IncomingState.REGISTERED

    return [
        Act("take the scan", take_scan, lambda: incoming(SCAN, STC) is not None),
        Act("register the scan", register, is_registered),
    ]


def _handling() -> Handling | None:
    return Handling.objects.filter(document=incoming(HELD, STC)).first()


def _task(*, of_unit: bool) -> Assignment | None:
    return Assignment.objects.filter(handling=_handling(), parent__isnull=of_unit).first()


def _task_is(*states: TaskState) -> Callable[[], bool]:
    def is_done() -> bool:
        task = _task(of_unit=False)
        return task is not None and task.state in states

    return is_done


def submit(now: datetime) -> None:
    clerk = actor(RECEIVER, now)
    assert clerk.agency_id is not None
    leader = organizations.posts_with_role(clerk.agency_id, Role.LEADER, now=now)[0]
    registry.submit_incoming(
        actor=clerk, document_id=the(incoming(HELD, STC)), leader_post_id=leader.id, now=now
    )


def direct(now: datetime) -> None:
    handling = _handling()
    assert handling is not None
    unit = next(row for row in organizations.units_of(handling.agency_id) if not row.is_records_office)
    routing.direct_and_assign(
        actor=at_post(handling.leader_post_id, now),
        document_id=handling.document_id,
        order=routing.DirectionOrder("Giao chủ trì tham mưu trả lời.", unit.id),
        now=now,
    )


def assign_on(now: datetime) -> None:
    task = _task(of_unit=True)
    assert task is not None
    officer = next(
        row for row in organizations.posts_of_unit(task.unit_id, now=now) if row.id != task.post_id
    )
    routing.sub_assign(actor=at_post(task.post_id, now), assignment_id=task.pk, post_id=officer.id, now=now)


def work(now: datetime) -> None:
    task = _task(of_unit=False)
    assert task is not None
    routing.start_work(actor=at_post(task.post_id, now), assignment_id=task.pk, now=now)


def report(now: datetime) -> None:
    task = _task(of_unit=False)
    assert task is not None
    routing.submit_result(
        actor=at_post(task.post_id, now), assignment_id=task.pk, result="Đã thực hiện xong.", now=now
    )


def complete(now: datetime) -> None:
    task = _task(of_unit=False)
    assert task is not None
    routing.complete_task(actor=at_post(task.giver_post_id, now), assignment_id=task.pk, now=now)


def handling_acts() -> list[Act]:
    worked = (TaskState.IN_PROGRESS, TaskState.REPORTED, TaskState.APPROVED)

    def is_directed() -> bool:
        handling = _handling()
        return handling is not None and handling.state != HandlingState.AWAITING_DIRECTION

    return [
        Act("submit to the leader", submit, lambda: _handling() is not None),
        Act("direct", direct, is_directed),
        Act("assign on", assign_on, lambda: _task(of_unit=False) is not None),
        Act("start work", work, _task_is(*worked)),
        Act("report", report, _task_is(*worked[1:])),
        Act("complete", complete, _task_is(TaskState.APPROVED)),
    ]


def refusal_acts() -> list[Act]:
    def refuse(now: datetime) -> None:
        registry.refuse_arrival(
            actor=actor(WARD, now),
            document_id=the(incoming(HELD, HOAN_KIEM)),
            reason=RefusalReason.WRONG_RECIPIENT,
            text="Không thuộc thẩm quyền của phường",
            now=now,
        )

    def is_refused() -> bool:
        entry = entry_of(HELD, HOAN_KIEM)
        return entry is not None and entry.state == IncomingState.REFUSED

    def told() -> Delivery | None:
        return Delivery.objects.filter(
            document=outgoing(HELD), recipient_code=HOAN_KIEM, state="REFUSED"
        ).first()

    def is_noted() -> bool:
        delivery = told()
        return delivery is not None and delivery.is_acknowledged

    return [
        Act("refuse", refuse, is_refused, lambda: entry_of(HELD, HOAN_KIEM) is not None),
        Act(
            "take note of the refusal",
            lambda now: exchange.acknowledge_refusals(
                actor=actor(CLERK, now), document_id=the(outgoing(HELD)), now=now
            ),
            is_noted,
            lambda: told() is not None,
        ),
    ]


def prelude() -> list[Act]:
    """What has happened before anybody is killed: one document issued, one waiting for the Deputy's signature."""
    return [
        *drafting_acts(FIRST, "Phó Giám đốc", (STC,)),
        issue(FIRST),
        *drafting_acts(QUICK, "Phó Giám đốc", (STC,)),
    ]


def whole_life() -> list[Act | str]:
    refuse, take_note = refusal_acts()
    return [
        *drafting_acts(HELD, "Giám đốc", (STC, HOAN_KIEM)),
        issue(HELD, hold=timedelta(seconds=60)),
        issue(QUICK),
        WORK,
        accept(HELD),
        *handling_acts(),
        refuse,
        WORK,
        take_note,
        *scan_acts(),
        accept(QUICK),
        WORK,
    ]


def found_city(now: datetime) -> None:
    """The small city of the demonstration, with its series of numbers and its calendar."""
    plan = small()
    load_calendar(actor=system_actor(None), days=seeded_special_days(read_calendar_seed()), now=now)
    load_directory(actor=system_actor(None), plan=plan, password_hash="!", now=now)
    registry.load_series(actor=system_actor(None), plans=plan.series, now=now)

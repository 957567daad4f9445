"""The stage of the story: its people, its clock, and what stands where at both agencies after each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from vanthu.accounts.queries import person_named
from vanthu.demo.texts import Text
from vanthu.documents.queries import DocumentCard, main_bytes, record_of
from vanthu.drafting import operations as drafting
from vanthu.drafting.queries import DraftCard, draft_card
from vanthu.drafting.rules.states import STATE_LABELS as DRAFT_LABELS
from vanthu.drafting.rules.states import State as DraftState
from vanthu.exchange.queries import deliveries_of
from vanthu.exchange.rules.statuses import STATE_LABELS as DELIVERY_LABELS
from vanthu.foundation import worker
from vanthu.kernel.actor import Actor
from vanthu.organizations import queries as organizations
from vanthu.presentation.form_facts import form_facts_of
from vanthu.presentation.rules.form_check import findings
from vanthu.queues.queries import queue_page
from vanthu.queues.rules.catalogue import BY_QUEUE, Queue
from vanthu.registry.queries import incoming_card, outgoing_card
from vanthu.registry.rules.states import INCOMING_LABELS, OUTGOING_LABELS, IncomingState, OutgoingState
from vanthu.routing.queries import TaskRow, handling_card, tasks_of
from vanthu.routing.rules.states import STATE_LABELS as HANDLING_LABELS

NOWHERE = "–"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the story: what was done, by whom, and what both agencies see of it now."""

    number: int
    chapter: str
    what: str
    person: str
    title: str
    agency: str
    document: str
    at_sender: str
    at_receiver: str

    def to_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(slots=True)
class Correspondence:
    """A document on its way: the sender's record and, once it has arrived, the receiver's (decision D6)."""

    sent_id: int
    recipient_code: str = ""
    received_id: int | None = None


class StoryBroken(RuntimeError):
    """The installation is not in the state the story needs, such as a person who has been removed."""


class Stage:
    """Everything the scenes need: `clock` is read once for each act."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.chapter = ""
        self.main_id = 0
        """The record of the document whose life is played, once it is there."""
        self._told = 0
        self._actors: dict[str, Actor] = {}

    def actor(self, username: str) -> Actor:
        """The person who signs in under that name, in the first of his posts."""
        if username not in self._actors:
            person = person_named(username)
            if person is None:
                raise StoryBroken(username)
            self._actors[username] = organizations.actor_of(person.pk, now=self.clock())
        return self._actors[username]

    def holder(self, post_id: int) -> Actor:
        """Whoever holds the post: approvers, checkers and signers are chosen by the system, not by the story."""
        post = organizations.post_holder(post_id, now=self.clock())
        if post is None or post.person_id is None:
            raise StoryBroken(f"post {post_id}")
        return organizations.actor_of(post.person_id, post_id=post_id, now=self.clock())

    def unit_of(self, username: str) -> int:
        unit_id = self.actor(username).unit_id
        assert unit_id is not None
        return unit_id

    def deliver(self) -> None:
        """Let the worker do what is due: deliveries, verdicts, statuses."""
        worker.run_all(now=self.clock)

    def start(
        self, author: str, text: Text, *recipients: str, signer: str, answers_id: int | None = None
    ) -> int:
        """Begin a draft from the template of its type; the document id."""
        signer_post_id = self.actor(signer).post_id
        assert signer_post_id is not None
        order = drafting.DraftOrder(
            text.type_code,
            text.subject,
            text.paragraphs,
            recipients,
            signer_post_id,
            bases=text.bases,
            urgency=text.urgency,
            answers_id=answers_id,
        )
        return drafting.start_draft(actor=self.actor(author), order=order, now=self.clock())

    def check_form(self, document_id: int) -> int:
        """Check form and presentation as the checker's screen does; the number of findings, which are kept."""
        report = [
            {"rule": finding.rule, "clause": finding.clause, "message": finding.message}
            for finding in findings(form_facts_of(main_bytes(document_id)))
        ]
        checker = self.holder(self.draft(document_id).facts.checker_post_id)
        drafting.pass_form(actor=checker, document_id=document_id, report=report, now=self.clock())
        return len(report)

    def draft(self, document_id: int) -> DraftCard:
        card = draft_card(document_id)
        assert card is not None
        return card

    def find_arrival(self, clerk: str, sent_id: int) -> int:
        """The clerk finds the document in "Chờ tiếp nhận" by its sender and number; the receiver's record."""
        sent = record_of(sent_id)
        kind = BY_QUEUE[Queue.TO_RECEIVE]
        cursor = ""
        while True:
            page = queue_page(actor=self.actor(clerk), kind=kind, cursor=cursor)
            for row in page.rows:
                if _is_same(row.document, sent):
                    return row.document.id
            cursor = page.next_cursor
            if not cursor:
                raise StoryBroken(f"{sent.full_number} has not arrived")

    def task_at(self, document_id: int, username: str) -> TaskRow:
        """The newest task of the document that lies before the person."""
        post_id = self.actor(username).post_id
        return next(task for task in reversed(tasks_of(document_id)) if task.post_id == post_id)

    def tell(self, what: str, actor: Actor, letter: Correspondence) -> Step:
        """The next line, with what both sides see now."""
        self._told += 1
        document = record_of(letter.sent_id)
        agency = organizations.agency(actor.agency_id).short_name if actor.agency_id else NOWHERE
        return Step(
            self._told,
            self.chapter,
            what,
            actor.name,
            actor.title,
            agency,
            document.full_number or document.subject,
            standing_at_sender(letter),
            standing_at_receiver(letter.received_id),
        )


def _is_same(arrived: DocumentCard, sent: DocumentCard) -> bool:
    return (arrived.issuer_code, arrived.full_number) == (sent.issuer_code, sent.full_number)


def standing_at_sender(letter: Correspondence) -> str:
    """The whole life seen from the sender: draft, records office, then what the recipient answered."""
    sent = [row for row in deliveries_of(letter.sent_id) if letter.recipient_code in {"", row.recipient_code}]
    if sent:
        code = f" ({sent[0].statuses[-1].code})" if sent[0].statuses else ""
        return f"{DELIVERY_LABELS[sent[0].state]}{code}"
    outgoing = outgoing_card(letter.sent_id)
    if outgoing is not None:
        return OUTGOING_LABELS[OutgoingState(outgoing.state)]
    draft = draft_card(letter.sent_id)
    return DRAFT_LABELS[DraftState(draft.state)] if draft else NOWHERE


def standing_at_receiver(document_id: int | None) -> str:
    """The life seen from the receiver: records office first, then the handling."""
    if document_id is None:
        return NOWHERE
    handling = handling_card(document_id)
    if handling is not None:
        return HANDLING_LABELS[handling.state]
    incoming = incoming_card(document_id)
    return INCOMING_LABELS[IncomingState(incoming.state)] if incoming else NOWHERE

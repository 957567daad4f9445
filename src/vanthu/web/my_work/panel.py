"""What is mine to do with a document that is being handled, by its state and by who looks at it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from vanthu.documents.queries import DocumentCard
from vanthu.kernel.actor import Role
from vanthu.routing.queries import (
    HandlingCard,
    TaskRow,
    directives_of,
    handling_card,
    handling_moves,
    tasks_of,
)
from vanthu.routing.rules.states import CLOSED, STATE_LABELS, Move, State
from vanthu.web.documents.panel import Panel, disabled_reason
from vanthu.web.my_work.deadlines import due_preview, proposed_days
from vanthu.web.my_work.forms import (
    DirectForm,
    FileForm,
    GiveBackForm,
    ReasonForm,
    TakeUpForm,
    TaskForm,
)
from vanthu.web.my_work.people import direction_form
from vanthu.web.my_work.phrases import PHRASES, phrase_text
from vanthu.web.my_work.standing import standing
from vanthu.web.my_work.tasks import own_tasks, task_sections
from vanthu.web.request import PersonRequest
from vanthu.web.words import due_words, initials, moment

FINISHED = (State.DONE, State.FILED, State.RETURNED)

PEEK_LABELS = {
    "my_work/_direct.html": "Cho ý kiến chỉ đạo",
    "my_work/_filed.html": "Xem xét lại",
    "my_work/_judge.html": "Duyệt kết quả",
    "my_work/_assign.html": "Phân công",
    "my_work/_waiting.html": "Xử lý việc được giao",
    "my_work/_working.html": "Trình kết quả",
    "my_work/_handed.html": "Xem việc đã phân công",
    "my_work/_note.html": "Đã biết",
}


def build(request: PersonRequest, card: DocumentCard, bound: forms.Form | None) -> Panel | None:
    """None for what nobody handles, what its sender took back, and for the clerk to whom it came back."""
    handling = handling_card(card.id)
    if handling is None or handling.state is State.RECALLED:
        return None
    if handling.state is State.RETURNED and request.actor.has(Role.CLERK):
        return None
    tasks = tasks_of(card.id)
    leader = _leader_section(request, card, handling, bound)
    directives = _directives(card.id)
    said = frozenset(row["text"] for row in directives)
    sections = task_sections(request, handling, tasks, bound, said)
    context: dict[str, Any] = {
        "id": card.id,
        "key": str(card.id),
        "handling": handling,
        "directives": directives,
        "leader": leader,
        "sections": sections,
        "standing": None if leader or sections else standing(request.actor, handling, tasks),
        "peek": _peek(leader, sections),
        "missed": _missed(bound),
    }
    due = due_words(_due_at(request, handling, tasks), request.now)
    return Panel("my_work/_panel.html", context, _(STATE_LABELS[handling.state]), due)


def _missed(bound: forms.Form | None) -> list[str]:
    """What was wrong in a dialog that is closed again on the answered page."""
    if not isinstance(bound, FileForm | ReasonForm):
        return []
    return [str(error) for errors in bound.errors.values() for error in errors]


def _peek(leader: dict[str, Any] | None, sections: list[dict[str, Any]]) -> str:
    """What the closed sheet of a phone offers."""
    first = leader or (sections[0] if sections else None)
    return _(PEEK_LABELS[first["template"]]) if first else _("Xem văn bản đang ở đâu")


def _due_at(request: PersonRequest, handling: HandlingCard, tasks: tuple[TaskRow, ...]) -> Any:
    """The due time of what is mine to do, else that of the document while it is open."""
    if handling.state in FINISHED:
        return None
    mine = [task.due_at for task in own_tasks(request.actor, tasks) if task.state not in CLOSED]
    return min(mine, default=handling.due_at)


def _directives(document_id: int) -> list[dict[str, str]]:
    return [
        {
            "who": row.person_name,
            "title": row.title,
            "initials": initials(row.person_name),
            "at": moment(row.at),
            "text": row.text,
        }
        for row in directives_of(document_id)
    ]


def _leader_section(
    request: PersonRequest, card: DocumentCard, handling: HandlingCard, bound: forms.Form | None
) -> dict[str, Any] | None:
    """The leader's acts; None for everybody else."""
    reasons = {
        str(move): disabled_reason(decision) for move, decision in handling_moves(request.actor, handling)
    }
    initial = {"version": handling.version}

    def shown(kind: type[TaskForm]) -> forms.Form:
        return bound if type(bound) is kind else kind(initial=initial)

    if reasons.get(Move.TAKE_UP) == "":
        return {"template": "my_work/_filed.html", "take_up": shown(TakeUpForm)}
    if reasons.get(Move.DIRECT) != "":
        return None
    direct = bound if isinstance(bound, DirectForm) else _fresh_direction(request, card, handling)
    return {
        "template": "my_work/_direct.html",
        "form": direct,
        "due": due_preview(request, card, direct["days"].value()),
        "phrases": PHRASES,
        "file": shown(FileForm),
        "give_back": shown(GiveBackForm),
    }


def _fresh_direction(request: PersonRequest, card: DocumentCard, handling: HandlingCard) -> DirectForm:
    initial = {
        "version": handling.version,
        "days": proposed_days(card),
        "text": phrase_text(request.GET.get("cau", "")),
    }
    return direction_form(card, now=request.now, initial=initial)

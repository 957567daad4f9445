"""The panel of a received document that its sender has taken back: what stays, and whom it was taken from."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vanthu.documents.queries import DocumentCard
from vanthu.queues.queries import places_of
from vanthu.queues.rules.catalogue import Queue
from vanthu.registry.queries import IncomingCard
from vanthu.registry.rules.states import INCOMING_LABELS
from vanthu.routing.queries import tasks_of
from vanthu.routing.rules.states import TaskState
from vanthu.web.documents.panel import Panel
from vanthu.web.request import PersonRequest
from vanthu.web.words import moment


def build(request: PersonRequest, card: DocumentCard, entry: IncomingCard) -> Panel:
    """The panel of an entry that stands at `RECALLED`."""
    tasks = tasks_of(card.id)
    waits = Queue.RECALLED in {kind.queue for kind in places_of(actor=request.actor, document_id=card.id)}
    context = {
        "id": card.id,
        "at": moment(entry.recalled_at) if entry.recalled_at else "",
        "facts": [
            (_("Số đến"), entry.arrival_number or _("chưa đăng ký")),
            (_("Việc đã dừng"), _names(tasks, {TaskState.RECALLED})),
            (_("Kết quả được giữ"), _names(tasks, {TaskState.APPROVED})),
        ],
        "waits": waits,
    }
    return Panel("recall/_recalled.html", context, _(INCOMING_LABELS[entry.state]))


def _names(tasks: tuple, states: set[TaskState]) -> str:  # type: ignore[type-arg]
    found = dict.fromkeys(task.person_name for task in tasks if task.state in states)
    return ", ".join(found) or _("không có")

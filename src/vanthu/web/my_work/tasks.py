"""The tasks that wait for the one who looks: his own, and the results he has to judge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from vanthu.documents.queries import is_visible, replies_to
from vanthu.drafting.queries import draft_card
from vanthu.drafting.rules.states import STATE_LABELS as DRAFT_LABELS
from vanthu.kernel.actor import Actor
from vanthu.registry.queries import outgoing_card
from vanthu.registry.rules.states import OUTGOING_LABELS
from vanthu.routing.queries import HandlingCard, TaskRow, task_moves
from vanthu.routing.rules.states import CLOSED, PART_LABELS, TASK_LABELS, Part, TaskState
from vanthu.web.desk.rows import document_url
from vanthu.web.documents.panel import disabled_reason
from vanthu.web.my_work.forms import (
    ApproveForm,
    AssignOnForm,
    DeclineForm,
    NoteForm,
    ReportForm,
    ReworkForm,
    StartForm,
    TaskForm,
)
from vanthu.web.my_work.people import people_for
from vanthu.web.request import PersonRequest
from vanthu.web.words import due_words, initials, moment, trace_words

Tasks = tuple[TaskRow, ...]


def own_tasks(actor: Actor, tasks: Tasks) -> list[TaskRow]:
    return [task for task in tasks if task.post_id == actor.post_id]


def child_of(task: TaskRow, tasks: Tasks) -> TaskRow | None:
    """The open task below this one."""
    return next((row for row in tasks if row.parent_id == task.id and row.state not in CLOSED), None)


def leads(task: TaskRow, tasks: Tasks) -> bool:
    """Whether the document is completed with this task: the lead unit's, or its officer's."""
    parent = next((row for row in tasks if row.id == task.parent_id), None)
    return task.part is Part.LEAD and (parent is None or parent.part is Part.LEAD)


def task_sections(
    request: PersonRequest,
    handling: HandlingCard,
    tasks: Tasks,
    bound: forms.Form | None,
    said: frozenset[str] = frozenset(),
) -> list[dict[str, Any]]:
    """One section for each task that is mine to move, results to judge first; what was `said` is not said twice."""
    builder = _Sections(request, handling, tasks, bound)
    actor = request.actor
    judged = [t for t in tasks if t.state is TaskState.REPORTED and t.giver_post_id == actor.post_id]
    above = {task.parent_id for task in judged}
    own = [t for t in own_tasks(actor, tasks) if t.state not in CLOSED and t.id not in above]
    sections = [builder.judge(task) for task in judged]
    sections += [builder.own(task) for task in own if task.state is not TaskState.REPORTED]
    for section in sections:
        section["task"]["text"] = "" if section["task"]["text"] in said else section["task"]["text"]
    return sections


class _Sections:
    """Builds the section of a task; `bound` is a form of one of them that was refused."""

    def __init__(
        self, request: PersonRequest, handling: HandlingCard, tasks: Tasks, bound: forms.Form | None
    ) -> None:
        self._request, self._handling, self._tasks, self._bound = request, handling, tasks, bound

    def judge(self, task: TaskRow) -> dict[str, Any]:
        ends = leads(task, self._tasks)
        waiting = [
            row
            for row in self._tasks
            if row.part is Part.COOPERATE and row.parent_id is None and row.state not in CLOSED
        ]
        return self._section("my_work/_judge.html", task) | {
            "approve": self._shown(ApproveForm, task),
            "rework": self._shown(ReworkForm, task),
            "waiting": [row.unit_name for row in waiting] if ends else [],
            "ends": ends,
            "replies": self._replies(),
        }

    def own(self, task: TaskRow) -> dict[str, Any]:
        child = child_of(task, self._tasks)
        if task.part is Part.INFORM:
            section = self._section("my_work/_note.html", task)
            section["task"]["due_at"] = ""
            return section | {"note_form": self._shown(NoteForm, task)}
        if child is not None:
            return self._section("my_work/_handed.html", task) | {"child": self._facts(child)}
        begin = self._section("my_work/_waiting.html", task) | {"decline": self._shown(DeclineForm, task)}
        if task.state is TaskState.WAITING:
            begin["start"] = self._shown(StartForm, task)
            return begin | (self._assigning(task) if task.parent_id is None else {})
        return begin | {
            "template": "my_work/_working.html",
            "report": self._shown(ReportForm, task),
            "replies": self._replies(),
        }

    def _assigning(self, task: TaskRow) -> dict[str, Any]:
        people = people_for(task, now=self._request.now)
        assign = self._shown(AssignOnForm, task, people=people, initial={"due_at": task.due_at})
        return {"template": "my_work/_assign.html", "assign": assign, "people": people}

    def _section(self, template: str, task: TaskRow) -> dict[str, Any]:
        reasons = {
            str(move): disabled_reason(decision) for move, decision in task_moves(self._request.actor, task)
        }
        return {"template": template, "task": self._facts(task), "reasons": reasons}

    def _facts(self, task: TaskRow) -> dict[str, Any]:
        return task_facts(task) | due_words(task.due_at, self._request.now)

    def _shown(self, kind: type[TaskForm], task: TaskRow, **options: Any) -> forms.Form:
        if isinstance(self._bound, kind) and self._bound.task_id == task.id:
            return self._bound
        initial = {"version": task.version} | options.pop("initial", {})
        return kind(task_id=task.id, initial=initial, **options)

    def _replies(self) -> list[dict[str, str]]:
        """The documents that answer this one, each with where it stands."""
        return [
            {
                "label": row.full_number or _("Dự thảo: {subject}").format(subject=row.subject),
                "state": _reply_state(row.id),
                "url": document_url(row.id) if is_visible(self._request.actor, row.id) else "",
            }
            for row in replies_to(self._handling.document_id)
        ]


def _reply_state(document_id: int) -> str:
    outgoing = outgoing_card(document_id)
    if outgoing is not None:
        return _(OUTGOING_LABELS[outgoing.state])
    draft = draft_card(document_id)
    return _(DRAFT_LABELS[draft.state]) if draft else ""


def task_facts(task: TaskRow) -> dict[str, Any]:
    """A task as the templates want it."""
    return {
        "id": task.id,
        "key": str(task.id),
        "name": task.person_name,
        "initials": initials(task.person_name),
        "unit": task.unit_name,
        "part": _(PART_LABELS[task.part]),
        "state": _(TASK_LABELS[task.state]),
        "text": task.text,
        "result": task.result,
        "given_at": moment(task.given_at),
        "due_at": moment(task.due_at),
        "why": trace_words(task.due_trace),
    }

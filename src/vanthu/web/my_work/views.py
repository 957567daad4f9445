"""One view per act of leaders, unit heads and officers on a document that is being handled."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vanthu.documents.queries import document_card
from vanthu.routing import operations as routing
from vanthu.routing.queries import TaskRow, tasks_of
from vanthu.web.documents.screen import perform
from vanthu.web.my_work.deadlines import due_preview
from vanthu.web.my_work.forms import (
    ApproveForm,
    AssignOnForm,
    DeclineForm,
    FileForm,
    GiveBackForm,
    NoteForm,
    ReportForm,
    ReworkForm,
    StartForm,
    TakeUpForm,
)
from vanthu.web.my_work.people import direction_form, people_for
from vanthu.web.request import PersonRequest


@require_POST
def direct(request: PersonRequest, document_id: int) -> HttpResponse:
    card = document_card(actor=request.actor, document_id=document_id)
    form = direction_form(card, request.POST, now=request.now)
    return perform(
        request,
        document_id,
        form,
        lambda data: routing.direct_and_assign(
            actor=request.actor, document_id=document_id, order=form.order(), now=request.now
        ),
        done=_("Đã giao xử lý."),
    )


@require_GET
def due(request: PersonRequest, document_id: int) -> HttpResponse:
    """The due time that `ngay` working days give, as a fragment beside the field."""
    card = document_card(actor=request.actor, document_id=document_id)
    days = request.GET.get("ngay") or request.GET.get("days", "")
    return render(request, "my_work/_due.html", {"due": due_preview(request, card, days)})


@require_POST
def file(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        FileForm(request.POST),
        lambda data: routing.file_for_information(
            actor=request.actor,
            document_id=document_id,
            text=data["text"],
            version=data["version"],
            now=request.now,
        ),
        done=_("Đã lưu để biết."),
    )


@require_POST
def give_back(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        GiveBackForm(request.POST),
        lambda data: routing.return_to_clerk(
            actor=request.actor,
            document_id=document_id,
            reason=data["reason"],
            version=data["version"],
            now=request.now,
        ),
        done=_("Đã trả lại văn thư."),
    )


@require_POST
def take_up(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        TakeUpForm(request.POST),
        lambda data: routing.take_up_again(
            actor=request.actor, document_id=document_id, version=data["version"], now=request.now
        ),
        done=_("Đã đưa lại vào danh sách chờ cho ý kiến chỉ đạo."),
    )


def _task(request: PersonRequest, document_id: int, task_id: int) -> TaskRow:
    """The task of this document; 404 for a task of another one."""
    document_card(actor=request.actor, document_id=document_id)
    task = next((row for row in tasks_of(document_id) if row.id == task_id), None)
    if task is None:
        raise Http404
    return task


@require_POST
def assign_on(request: PersonRequest, document_id: int, task_id: int) -> HttpResponse:
    task = _task(request, document_id, task_id)
    people = people_for(task, now=request.now)
    return perform(
        request,
        document_id,
        AssignOnForm(request.POST, people=people, task_id=task_id),
        lambda data: routing.sub_assign(actor=request.actor, assignment_id=task_id, now=request.now, **data),
        done=_("Đã phân công."),
    )


@require_POST
def start(request: PersonRequest, document_id: int, task_id: int) -> HttpResponse:
    _task(request, document_id, task_id)
    return perform(
        request,
        document_id,
        StartForm(request.POST, task_id=task_id),
        lambda data: routing.start_work(
            actor=request.actor, assignment_id=task_id, version=data["version"], now=request.now
        ),
        done=_("Đã bắt đầu xử lý."),
    )


@require_POST
def report(request: PersonRequest, document_id: int, task_id: int) -> HttpResponse:
    _task(request, document_id, task_id)
    return perform(
        request,
        document_id,
        ReportForm(request.POST, task_id=task_id),
        lambda data: routing.submit_result(
            actor=request.actor, assignment_id=task_id, now=request.now, **data
        ),
        done=_("Đã trình kết quả."),
    )


@require_POST
def rework(request: PersonRequest, document_id: int, task_id: int) -> HttpResponse:
    _task(request, document_id, task_id)
    return perform(
        request,
        document_id,
        ReworkForm(request.POST, task_id=task_id),
        lambda data: routing.return_result(
            actor=request.actor, assignment_id=task_id, now=request.now, **data
        ),
        done=_("Đã trả lại để làm tiếp."),
    )


@require_POST
def approve(request: PersonRequest, document_id: int, task_id: int) -> HttpResponse:
    _task(request, document_id, task_id)
    return perform(
        request,
        document_id,
        ApproveForm(request.POST, task_id=task_id),
        lambda data: routing.complete_task(
            actor=request.actor, assignment_id=task_id, now=request.now, **data
        ),
        done=_("Đã duyệt kết quả."),
    )


@require_POST
def decline(request: PersonRequest, document_id: int, task_id: int) -> HttpResponse:
    _task(request, document_id, task_id)
    return perform(
        request,
        document_id,
        DeclineForm(request.POST, task_id=task_id),
        lambda data: routing.decline_task(
            actor=request.actor, assignment_id=task_id, now=request.now, **data
        ),
        done=_("Đã trả lại người giao."),
    )


@require_POST
def note(request: PersonRequest, document_id: int, task_id: int) -> HttpResponse:
    _task(request, document_id, task_id)
    return perform(
        request,
        document_id,
        NoteForm(request.POST, task_id=task_id),
        lambda data: routing.note_task(
            actor=request.actor, assignment_id=task_id, version=data["version"], now=request.now
        ),
        done=_("Đã ghi nhận."),
    )

"""One view per act on a draft."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vanthu.drafting import operations as drafting
from vanthu.drafting.operations import DraftOrder
from vanthu.drafting.rules.policy import may_start
from vanthu.web.desk_agent.waiting import once_signed
from vanthu.web.documents.screen import by, perform
from vanthu.web.drafts import writing
from vanthu.web.drafts.forms import AttachForm, DiscardForm, NoteForm, ReturnForm, SignForm, SubmitForm
from vanthu.web.drafts.report import report_on
from vanthu.web.request import PersonRequest


@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """Soạn văn bản; with `?tra-loi=<id>` the answer to a document."""
    may_start(request.actor).or_refuse()
    answers = writing.answered_document(request)

    def start(order: DraftOrder) -> int:
        return drafting.start_draft(actor=request.actor, order=order, now=request.now)

    return writing.write(request, writing.new_form(request, answers), start, answers=answers)


@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, document_id: int) -> HttpResponse:
    """Sửa dự thảo: for its author, while it lies with him."""
    card, draft = writing.draft_to_mend(request, document_id)

    def revise(order: DraftOrder) -> int:
        drafting.revise_draft(actor=request.actor, document_id=document_id, order=order, now=request.now)
        return document_id

    form = writing.mending_form(request, card, draft)
    answers = writing.answer_of(request, document_id)
    return writing.write(request, form, revise, answers=answers, mended=(card, draft))


@require_POST
def attach(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        AttachForm(request.POST, request.FILES, auto_id="AttachForm-%s"),
        lambda data: writing.attach_all(request, document_id, data["attachments"]),
        done=_("Đã đính kèm."),
    )


@require_POST
def submit(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        SubmitForm(request.POST, auto_id="SubmitForm-%s"),
        lambda data: drafting.submit_draft(
            actor=request.actor, document_id=document_id, now=request.now, **data
        ),
        done=_("Đã trình lãnh đạo đơn vị."),
    )


@require_POST
def approve(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        NoteForm(request.POST, auto_id="NoteForm-%s"),
        lambda data: drafting.approve_content(
            actor=request.actor, document_id=document_id, now=request.now, **data
        ),
        done=_("Đã duyệt nội dung; chuyển kiểm tra thể thức."),
    )


@require_POST
def pass_form(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        NoteForm(request.POST, auto_id="NoteForm-%s"),
        lambda data: drafting.pass_form(
            actor=request.actor,
            document_id=document_id,
            report=report_on(document_id),
            now=request.now,
            **data,
        ),
        done=_("Đã ghi đạt thể thức; trình ký."),
    )


@require_POST
def sign(request: PersonRequest, document_id: int) -> HttpResponse:
    form = SignForm(request.POST, auto_id="SignForm-%s")
    return perform(
        request,
        document_id,
        form,
        lambda data: drafting.sign_draft(**by(request, document_id, data), typed=form.typed()),
        done=once_signed(_("Đã ký số; chuyển văn thư cấp số, phát hành.")),
    )


@require_POST
def give_back(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        ReturnForm(request.POST, auto_id="ReturnForm-%s"),
        lambda data: drafting.return_draft(
            actor=request.actor, document_id=document_id, now=request.now, **data
        ),
        done=_("Đã trả lại người soạn thảo."),
    )


@require_POST
def discard(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        DiscardForm(request.POST, auto_id="DiscardForm-%s"),
        lambda data: drafting.discard_draft(
            actor=request.actor, document_id=document_id, now=request.now, **data
        ),
        done=_("Đã hủy dự thảo; hồ sơ các bước được giữ lại."),
    )

"""The page on which a draft is written: opened empty, as an answer, or to be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vanthu.documents.queries import DocumentCard, answered_by, document_card, is_visible, recipients_of
from vanthu.documents.rules.kinds import FileRole, FileStage
from vanthu.drafting.operations import DraftOrder, attach_file
from vanthu.drafting.queries import DraftCard, draft_card
from vanthu.drafting.rules import policy
from vanthu.drafting.rules.states import DRAFT, Move
from vanthu.kernel.errors import DomainError, NotVisible
from vanthu.organizations.queries import addressable_agencies, agency, signers_of
from vanthu.queues.rules.catalogue import BY_QUEUE, Queue
from vanthu.renditions.operations import admit_upload
from vanthu.web.desk.rows import document_url
from vanthu.web.drafts.concerns import (
    concern_as_filled,
    concerned_document,
    filled_as_ending,
    issued_here,
)
from vanthu.web.drafts.forms import DraftForm, filled_as_answer, filled_from
from vanthu.web.errors import status_of, words_of
from vanthu.web.request import PersonRequest


def answered_document(request: PersonRequest) -> DocumentCard | None:
    """The document named by `?tra-loi=`. Refuses: `NotVisible`."""
    wanted = request.GET.get("tra-loi", "")
    if not wanted:
        return None
    if not wanted.isdigit():
        raise NotVisible
    return document_card(actor=request.actor, document_id=int(wanted))


def draft_to_mend(request: PersonRequest, document_id: int) -> tuple[DocumentCard, DraftCard]:
    """A draft that lies with its author. Refuses: `NotVisible`, not the author, moved on meanwhile."""
    card = document_card(actor=request.actor, document_id=document_id)
    draft = draft_card(document_id)
    if draft is None:
        raise NotVisible
    DRAFT.after(draft.state, Move.REVISE)
    policy.may(request.actor, Move.REVISE, draft.facts).or_refuse()
    return card, draft


def answer_of(request: PersonRequest, document_id: int) -> DocumentCard | None:
    """What a draft answers, when its author may still see it."""
    other = answered_by(document_id)
    if other is None or not is_visible(request.actor, other):
        return None
    return document_card(actor=request.actor, document_id=other)


def new_form(request: PersonRequest, answers: DocumentCard | None) -> DraftForm:
    initial: dict[str, Any] = {"type_code": "cong_van", "urgency": 0}
    if (ended := concerned_document(request)) is not None:
        initial |= filled_as_ending(*ended)
    if answers is not None:
        initial |= filled_as_answer(answers, agency(answers.agency_id).short_name)
    return _form(request, initial)


def mending_form(request: PersonRequest, card: DocumentCard, draft: DraftCard) -> DraftForm:
    recipients = [row.agency_code for row in recipients_of(card.id)]
    concern = concern_as_filled(request.actor, card.id)
    return _form(request, filled_from(card, draft, recipients, concern))


def _form(request: PersonRequest, initial: dict[str, Any], *, is_new: bool = False) -> DraftForm:
    actor = request.actor
    assert actor.agency_id is not None
    is_sent = request.method == "POST" and not is_new
    return DraftForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        initial=initial,
        agencies=addressable_agencies(except_id=actor.agency_id),
        signers=signers_of(actor.agency_id, now=request.now),
        issued=issued_here(actor),
    )


def _as_typed(request: PersonRequest) -> DraftForm:
    """The form as it was typed, unchecked: somebody without a script looks for an agency outside."""
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in request.POST}
    typed["recipients"] = request.POST.getlist("recipients")
    return _form(request, typed, is_new=True)


def write(
    request: PersonRequest,
    form: DraftForm,
    save: Callable[[DraftOrder], int],
    *,
    answers: DocumentCard | None,
    mended: tuple[DocumentCard, DraftCard] | None = None,
) -> HttpResponse:
    """Show the page, or save and open the printed draft; a refusal shows everything that was typed."""
    context: dict[str, Any] = {"form": form, "answers": answers, "mended": mended[0] if mended else None}
    context["version"] = mended[1].version if mended else ""
    if request.method != "POST":
        return render(request, "drafts/write.html", context)
    if "tim" in request.POST:
        return render(request, "drafts/write.html", context | {"form": _as_typed(request)})
    if not form.is_valid():
        return render(request, "drafts/write.html", context, status=422)
    try:
        document_id = _save(request, form, save, answers)
    except NotVisible:
        raise
    except DomainError as refusal:
        context["refusals"] = words_of(refusal)
        return render(request, "drafts/write.html", context, status=status_of(refusal))
    messages.success(request, _("Đã lưu dự thảo. Kiểm tra bản in rồi trình."))
    return redirect(document_url(document_id, BY_QUEUE[Queue.MY_DRAFTS]))


def _save(
    request: PersonRequest, form: DraftForm, save: Callable[[DraftOrder], int], answers: DocumentCard | None
) -> int:
    files = form.cleaned_data["attachments"]
    admit(files)
    document_id = save(form.order(answers_id=answers.id if answers else None))
    attach_all(request, document_id, files)
    return document_id


def admit(files: Iterable[UploadedFile[Any]]) -> None:
    """Look at every file before a draft begins, so that a bad one leaves no half-saved draft behind."""
    for file in files:
        data = file.read()
        file.seek(0)
        admit_upload(
            name=file.name or "",
            declared_type=file.content_type or "",
            data=data,
            role=FileRole.ATTACHMENT,
            stage=FileStage.DRAFT,
        )


def attach_all(request: PersonRequest, document_id: int, files: Iterable[UploadedFile[Any]]) -> None:
    for file in files:
        attach_file(
            actor=request.actor,
            document_id=document_id,
            name=file.name or "",
            declared_type=file.content_type or "",
            data=file.read(),
            now=request.now,
        )

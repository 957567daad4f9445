"""Hộp đen liên thông: the way of a document to one recipient or from its sender, with cause, remedy and replay."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from vanthu.documents.queries import DocumentCard, document_card
from vanthu.exchange.operations import has_line, resend_packet
from vanthu.exchange.queries.recorder import (
    CallRow,
    PacketRow,
    Recording,
    StatusFact,
    recording_of_arrival,
    recording_of_delivery,
)
from vanthu.exchange.queries.replay import Rejudged, Replay, replay
from vanthu.exchange.queries.resending import packet_to_resend
from vanthu.exchange.rules.resending import may_resend
from vanthu.exchange.rules.statuses import CODE_LABELS, STATE_LABELS, StatusCode
from vanthu.kernel.due import local
from vanthu.registry.queries import outgoing_state
from vanthu.registry.rules.states import OutgoingState
from vanthu.web.documents.screen import perform
from vanthu.web.exchange.words import call_words, cause_and_remedy, packet_words, warning_words
from vanthu.web.outgoing.forms import PlainForm
from vanthu.web.request import PersonRequest
from vanthu.web.words import moment

REPLAY = "chay-lai"
RECORDER = "hop-den"
CHANNEL_LABELS = {"local": "Trong hệ thống", "vxp": "Trục liên thông", "paper": "Bản giấy"}


@require_GET
def delivery(request: PersonRequest, document_id: int, delivery_id: int) -> HttpResponse:
    recording = recording_of_delivery(actor=request.actor, document_id=document_id, delivery_id=delivery_id)
    return _page(request, recording, is_fetched=False)


@require_GET
def arrival(request: PersonRequest, document_id: int) -> HttpResponse:
    recording = recording_of_arrival(actor=request.actor, document_id=document_id)
    if recording is None:
        raise Http404
    return _page(request, recording, is_fetched=True)


@require_POST
def resend(request: PersonRequest, document_id: int, delivery_id: int) -> HttpResponse:
    """Gửi lại: back to where it was pressed, the recorder or the document; a refusal is shown on the document."""
    ids = {"document_id": document_id, "delivery_id": delivery_id}
    answer = perform(
        request,
        document_id,
        PlainForm(request.POST),
        lambda data: resend_packet(
            actor=request.actor, packet_id=packet_to_resend(actor=request.actor, **ids), now=request.now
        ),
        done=_queued,
    )
    is_done = answer.status_code == HTTPStatus.FOUND and request.POST.get("ve") == RECORDER
    return redirect("recorder-delivery", document_id, delivery_id) if is_done else answer


def _queued(receivers: int) -> str:
    """One packet carries the document to all its receivers: the press was for each of them."""
    said = ngettext(
        "Đã xếp hàng gửi lại cho {n} nơi nhận.", "Đã xếp hàng gửi lại cho {n} nơi nhận.", receivers
    )
    return said.format(n=receivers)


def _page(request: PersonRequest, recording: Recording, *, is_fetched: bool) -> HttpResponse:
    card = document_card(actor=request.actor, document_id=recording.document_id)
    run = replay(recording) if REPLAY in request.GET else None
    context = {
        "document": card,
        "back_url": reverse("document", args=[card.id]),
        "party": recording.party_name,
        "is_fetched": is_fetched,
        "banner": _banner(recording),
        "resend_url": _resend_url(request, recording, card),
        "facts": _facts(recording, is_fetched),
        "timeline": _timeline(recording, is_fetched),
        "warnings": [warning_words(*each) for each in recording.packet.warnings] if recording.packet else [],
        "may_replay": recording.packet is not None,
        "replay": _replay(run) if run else None,
    }
    return render(request, "exchange/recorder.html", context)


def _resend_url(request: PersonRequest, recording: Recording, card: DocumentCard) -> str:
    """Empty where nothing failed, where sending again can't help, and for who may not."""
    if not (recording.can_be_resent and has_line() and may_resend(request.actor, card.agency_id)):
        return ""
    if outgoing_state(card.id) is not OutgoingState.ISSUED:
        return ""
    return reverse("recorder-resend", args=[card.id, recording.delivery_id])


def _banner(recording: Recording) -> dict[str, str] | None:
    """What is wrong now, why, and what to do; nothing while all goes well."""
    packet = recording.packet
    if packet is not None and packet.is_queued_again:
        before = _("Lần gửi trước: {said}").format(said=packet.last_error)
        return {"kind": "info", "title": _("Đã xếp hàng gửi lại."), "why": before, "remedy": ""}
    if packet is not None and packet.error_code:
        cause, remedy = cause_and_remedy(packet.error_code)
        said = packet.last_error or cause
        if cause and said.startswith(cause):  # as `words_for` puts both sentences beside the receiver
            return {"kind": "warn", "title": cause, "why": "", "remedy": remedy}
        return {"kind": "warn", "title": said, "why": cause, "remedy": remedy}
    if recording.last_error:
        return {"kind": "warn", "title": recording.last_error, "why": "", "remedy": ""}
    return None


def _facts(recording: Recording, is_fetched: bool) -> list[tuple[str, str]]:
    party = f"{recording.party_name} ({recording.party_code})"
    rows = [(_("Nơi gửi") if is_fetched else _("Nơi nhận"), party)]
    rows.append((_("Đường truyền"), _(CHANNEL_LABELS.get(recording.channel, recording.channel))))
    if recording.addressed_codes:
        rows.append((_("Gửi tới mã"), ", ".join(recording.addressed_codes)))
    if recording.state is not None:
        rows.append((_("Trạng thái"), _(STATE_LABELS[recording.state])))
    if recording.packet is not None:
        rows += _packet_facts(recording.packet, is_fetched)
    return rows


def _packet_facts(packet: PacketRow, is_fetched: bool) -> list[tuple[str, str]]:
    rows = [
        (_("Gói tin"), packet_words(packet.state, is_fetched=is_fetched)),
        (_("Mã trên trục"), packet.axis_id or _("chưa có")),
        (_("Mã văn bản liên thông"), packet.document_id),
        (_("Dung lượng"), _("{n} byte").format(n=number_format(packet.size, force_grouping=True))),
        ("SHA-256", packet.sha256),
    ]
    if packet.next_at:
        rows.append((_("Thử lại lúc"), moment(packet.next_at)))
    return rows


def _timeline(recording: Recording, is_fetched: bool) -> list[dict[str, Any]]:
    """Everything in the order in which it happened; calls with what was asked and answered."""
    first = _("Gói tin đến") if is_fetched else _("Lập danh sách gửi")
    told = [(recording.begun_at, _entry(recording.begun_at, first))]
    if recording.packet is not None:
        told += [(call.at, _call(call)) for call in recording.packet.calls]
    for status in recording.statuses:
        told.append((status.seen_at or status.at, _status(status, is_fetched)))
        told += [(call.at, _call(call)) for call in (status.packet.calls if status.packet else ())]
    return [entry for _at, entry in sorted(told, key=lambda pair: pair[0])]


def _entry(at: Any, who: str, text: str = "", note: str = "") -> dict[str, Any]:
    clock = f"{local(at):%H:%M:%S %d/%m/%Y}"
    return {"at_label": clock, "at_iso": at.isoformat(), "who": who, "text": text, "note": note}


def _status(status: StatusFact, is_fetched: bool) -> dict[str, Any]:
    known = _(CODE_LABELS[StatusCode(status.code)]) if status.code in set(StatusCode) else _("mã lạ")
    who = _("Trả lời nơi gửi") if is_fetched else _("Nơi nhận báo")
    note = status.description
    if status.seen_at and abs((status.seen_at - status.at).total_seconds()) > 60:
        note = _("{note} (ghi lúc {at})").format(note=note, at=moment(status.at)).strip()
    return _entry(status.seen_at or status.at, who, f"{status.code} {known}", note)


def _call(call: CallRow) -> dict[str, Any]:
    cause, remedy = cause_and_remedy(call.diagnosis)
    outcome = cause or _("được")
    text = _("{outcome} ({ms} ms)").format(outcome=outcome.rstrip("."), ms=call.elapsed_ms)
    entry = _entry(call.at, call_words(call.call), text, remedy)
    return entry | {
        "is_bad": bool(cause),
        "http": call.http_status,
        "request": json.dumps(call.request, ensure_ascii=False, indent=1),
        "answer": call.answer,
    }


def _replay(run: Replay) -> dict[str, Any]:
    return {
        "is_as_before": run.is_as_before,
        "trouble": run.trouble,
        "detail": run.detail,
        "files_missing": run.files_missing,
        "attachments": [
            (each.name, f"{each.media_type} · {number_format(each.size, force_grouping=True)} byte")
            for each in run.attachments
        ],
        "warnings": [warning_words(each.kind, each.element, each.raw) for each in run.warnings],
        "calls": [_rejudged(each) for each in run.calls if each.differs],
    }


def _rejudged(each: Rejudged) -> dict[str, str]:
    well = _("được")
    return {
        "call": call_words(each.call.call),
        "at": moment(each.call.at),
        "then": cause_and_remedy(each.call.diagnosis)[0] or well,
        "today": cause_and_remedy(each.today)[0] or well,
    }

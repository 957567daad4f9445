"""The clerk's word on what a sender asks back or changes, and the answer that leaves with it (15, 16)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vanthu.documents import operations as documents
from vanthu.documents.queries import require_visible
from vanthu.documents.rules.kinds import FileRole, FileStage
from vanthu.exchange.events import DemandsSettled, DocumentWithdrawn
from vanthu.exchange.models import Arrival, Demand
from vanthu.exchange.operations.track import queue_status
from vanthu.exchange.rules.recall import may_decide, unmet_for_declining
from vanthu.exchange.rules.states import DEMAND, KIND_LABELS, AskKind, DemandMove, DemandState
from vanthu.exchange.rules.statuses import StatusCode
from vanthu.foundation import jobs
from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import operation, publish, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import refuse_if
from vanthu.kernel.refs import ObjectRef

KIND = "documents.document"


@operation("exchange.demand.agree")
def agree_to_demand(*, actor: Actor, document_id: int, demand_id: int, now: datetime) -> None:
    """Thực hiện thu hồi, đồng ý lấy lại, nhận bản cập nhật: one act, one answer 15. Norm: NĐ30 Đ.18.4b; D27.

    Withdrawing settles everything that is open about the document. Refuses: not the clerk, settled already.
    """
    demand, arrival = _begin(actor, document_id, demand_id, DemandMove.AGREE)
    by = f"{actor.name}, {actor.title}"
    if demand.kind == AskKind.CHANGE:
        _take_new_content(actor, demand, document_id, now)
        grant_demands([demand], arrival, by=by, words="Đã nhận nội dung cập nhật.", now=now)
    else:
        publish(DocumentWithdrawn(document_id, arrival.agency_id, _reason(demand), now))
        opened = arrival.demands.filter(state=DemandState.OPEN).order_by("id")
        grant_demands(list(opened), arrival, by=by, words="Đã hủy văn bản, dừng xử lý tại nơi nhận.", now=now)
    demand.refresh_from_db(fields=["state"])
    _log(demand, document_id)
    _tell_if_settled(arrival, document_id, now)


@operation("exchange.demand.decline")
def decline_demand(*, actor: Actor, document_id: int, demand_id: int, reason: str, now: datetime) -> None:
    """Từ chối lấy lại, từ chối bản cập nhật, with a reason that reaches the sender (16).

    Refuses: a thu hồi (D27), no reason, not the clerk, settled already.
    """
    demand, arrival = _begin(actor, document_id, demand_id, DemandMove.DECLINE)
    refuse_if(unmet_for_declining(AskKind(demand.kind), reason))
    _settle(demand, DemandMove.DECLINE, f"{actor.name}, {actor.title}", reason.strip()[:500], now)
    queue_status(arrival, StatusCode.DECLINED, reason.strip(), now)
    _log(demand, document_id)
    _tell_if_settled(arrival, document_id, now)


def _begin(actor: Actor, document_id: int, demand_id: int, move: DemandMove) -> tuple[Demand, Arrival]:
    require_visible(actor, document_id)
    arrival = load_locked(Arrival.objects.all(), document_id=document_id)
    demand = load_locked(Demand.objects.filter(arrival=arrival), pk=demand_id)
    DEMAND.after(DemandState(demand.state), move)
    may_decide(actor, demand.agency_id).or_refuse()
    return demand, arrival


def _reason(demand: Demand) -> str:
    label = KIND_LABELS[AskKind(demand.kind)]
    return f"{label}: {demand.reason}" if demand.reason else label


def grant_demands(demands: Sequence[Demand], arrival: Arrival, *, by: str, words: str, now: datetime) -> None:
    """Inside an act: these are done, and one 15 says so for all of them."""
    for demand in demands:
        _settle(demand, DemandMove.AGREE, by, words, now)
    queue_status(arrival, StatusCode.AGREED, words, now)


def _settle(demand: Demand, move: DemandMove, by: str, words: str, now: datetime) -> None:
    demand.state = DEMAND.after(DemandState(demand.state), move)
    demand.decided_at, demand.decided_by, demand.answer = now, by[:200], words
    demand.save(update_fields=["state", "decided_at", "decided_by", "answer"])


def _take_new_content(actor: Actor, demand: Demand, document_id: int, now: datetime) -> None:
    """The newer file becomes the current one beside the old one, which stays; its signatures are checked anew (M14)."""
    for file in demand.files:
        new = documents.NewFile(
            name=file["name"],
            media_type=file["media_type"],
            size=file["size"],
            sha256=file["sha256"],
            role=FileRole(file["role"]),
            stage=FileStage.RECEIVED,
        )
        documents.add_file(actor=actor, document_id=document_id, file=new, now=now)
    jobs.named("registry.verify").enqueue(now=now, document_id=document_id, agency_id=demand.agency_id)


def _log(demand: Demand, document_id: int) -> None:
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=demand.agency_id,
        before={"demand": demand.pk, "state": DemandState.OPEN},
        after={"demand": demand.pk, "state": demand.state},
        demand=demand.pk,
        kind=demand.kind,
        to=demand.state,
    )


def _tell_if_settled(arrival: Arrival, document_id: int, now: datetime) -> None:
    if not arrival.demands.filter(state=DemandState.OPEN).exists():
        publish(DemandsSettled(document_id, arrival.agency_id, now))

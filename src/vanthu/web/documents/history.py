"""The audit trail in plain language: one sentence per verb; what is only a part of another act is not said twice."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vanthu.audit.queries import EventRow

SENTENCES = {
    "drafting.draft.start": "soạn dự thảo",
    "drafting.draft.revise": "sửa dự thảo",
    "drafting.draft.attach": "đính kèm tệp",
    "drafting.draft.submit": "trình lãnh đạo đơn vị",
    "drafting.draft.approve-content": "duyệt nội dung",
    "drafting.draft.pass-form": "xác nhận đạt thể thức",
    "drafting.draft.return": "trả lại dự thảo",
    "drafting.draft.discard": "hủy dự thảo",
    "drafting.draft.sign": "ký số ban hành",
    "registry.outgoing.open": "chuyển văn thư chờ cấp số",
    "registry.outgoing.number": "cấp số, ngày",
    "registry.outgoing.fill": "điền số, ngày vào văn bản",
    "registry.outgoing.seal": "ký số cơ quan",
    "registry.outgoing.hold": "hẹn gửi",
    "registry.outgoing.stop": "dừng gửi",
    "registry.outgoing.issue": "phát hành",
    "registry.outgoing.void": "hủy số",
    "signing.rendition.keep": "tạo bản lưu trữ dài hạn",
    "exchange.delivery.record": "gửi tới nơi nhận",
    "exchange.status.receive": "nhận trạng thái từ nơi nhận",
    "exchange.refusal.acknowledge": "ghi nhận nơi nhận từ chối",
    "exchange.packet.resend": "gửi lại qua trục liên thông",
    "exchange.envelope.receive": "nhận gói tin",
    "exchange.recall.ask": "yêu cầu lấy lại",
    "exchange.recall.remove": "bớt nơi nhận",
    "exchange.recall.revoke": "gửi thông báo thu hồi tới nơi nhận",
    "exchange.recipients.add": "bổ sung nơi nhận",
    "exchange.demand.agree": "thực hiện yêu cầu của nơi gửi",
    "exchange.demand.decline": "từ chối yêu cầu của nơi gửi",
    "registry.outgoing.end": "văn bản hết hiệu lực do văn bản khác",
    "registry.incoming.recall": "hủy văn bản đến theo yêu cầu của nơi gửi",
    "routing.handling.withdraw": "dừng xử lý",
    "routing.handling.note-withdrawal": "ghi nhận văn bản bị thu hồi",
    "exchange.status.answer": "báo trạng thái cho bên gửi",
    "registry.incoming.intake-scan": "ghi nhận văn bản giấy",
    "registry.incoming.note-verdict": "kiểm tra chữ ký số",
    "registry.incoming.ask-consent": "xin ý kiến tiếp nhận",
    "registry.incoming.consent": "đồng ý tiếp nhận",
    "registry.incoming.refuse": "từ chối tiếp nhận",
    "registry.incoming.accept": "tiếp nhận",
    "registry.incoming.register": "đăng ký, cấp số đến",
    "registry.incoming.submit": "trình lãnh đạo",
    "registry.incoming.take-back": "nhận lại từ lãnh đạo",
    "routing.handling.direct": "cho ý kiến chỉ đạo, phân công",
    "routing.handling.file": "lưu để biết",
    "routing.handling.take-up": "xem xét lại",
    "routing.handling.return-to-clerk": "trả lại văn thư",
    "routing.assignment.assign-on": "phân công trong đơn vị",
    "routing.assignment.start": "bắt đầu xử lý",
    "routing.assignment.report": "trình kết quả",
    "routing.assignment.rework": "trả lại làm tiếp",
    "routing.assignment.approve": "duyệt kết quả",
    "routing.assignment.decline": "trả lại: không đúng chức năng, nhiệm vụ",
    "routing.assignment.note": "đã biết",
    "documents.document.view": "mở văn bản",
    "evidence.proof.export": "tải chứng cứ",
}

CODES = {
    "01": "Đã đến",
    "02": "Từ chối tiếp nhận",
    "03": "Đã tiếp nhận",
    "04": "Phân công",
    "05": "Đang xử lý",
    "06": "Hoàn thành",
    "13": "Yêu cầu lấy lại",
    "15": "Đồng ý",
    "16": "Từ chối lấy lại",
}


def sentence_of(event: EventRow) -> tuple[str, str]:
    """What was done, and a note beside it; empty for the parts of an act that its own verb says already."""
    text = SENTENCES.get(event.verb, "")
    detail = event.detail
    notes = [str(detail[name]) for name in ("note", "reason", "number") if detail.get(name)]
    if detail.get("code"):
        notes.append(f"{detail['code']} {_(CODES.get(str(detail['code']), ''))}".strip())
    return (_(text) if text else ""), " · ".join(notes)

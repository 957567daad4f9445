"""Câu chỉ đạo thường dùng: what leaders write most often, offered beside the directive."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Phrase:
    """`label` stands on the chip, `text` goes into the directive."""

    label: Promise
    text: Promise


PHRASES = (
    Phrase(_("Tham mưu trả lời"), _("Chủ trì, tham mưu văn bản trả lời đúng thời hạn.")),
    Phrase(_("Triển khai thực hiện"), _("Chủ trì triển khai thực hiện, báo cáo kết quả.")),
    Phrase(_("Tổng hợp báo cáo"), _("Chủ trì, phối hợp các đơn vị tổng hợp báo cáo.")),
    Phrase(_("Kiểm tra, đề xuất"), _("Kiểm tra, xem xét và đề xuất hướng giải quyết.")),
    Phrase(_("Chuẩn bị dự họp"), _("Chuẩn bị nội dung và dự họp theo thành phần được mời.")),
    Phrase(_("Phổ biến trong cơ quan"), _("Phổ biến trong cơ quan để biết, thực hiện.")),
)


def phrase_text(nth: str) -> str:
    """The text of the phrase with that place in the table; empty for anything else."""
    return str(PHRASES[int(nth)].text) if nth.isdigit() and int(nth) < len(PHRASES) else ""

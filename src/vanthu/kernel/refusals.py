"""The words of a refusal: what did not happen, why, what to do next, and a code to quote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Three sentences in Vietnamese (translated at the edge) and the reference a user can quote."""

    reference: str
    what: str
    why: str
    remedy: str


Catalogue = Mapping[str, Refusal]

UNKNOWN = Refusal(
    "VT-GEN-000",
    "Chưa thực hiện được thao tác.",
    "Yêu cầu không phù hợp với trạng thái hiện tại của văn bản.",
    "Tải lại trang và thử lại; nếu vẫn lỗi, báo quản trị kèm mã này.",
)

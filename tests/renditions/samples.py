"""One ordinary letter for the tests of this and other contexts."""

from __future__ import annotations

from vanthu.presentation.letters import LetterContent

LETTER = LetterContent(
    governing_body="UBND thành phố Hà Nội",
    issuer="Sở Nội vụ",
    notation="SNV-VP",
    subject="tăng cường quản lý văn bản, hồ sơ điện tử trong các cơ quan, đơn vị thuộc Thành phố",
    paragraphs=(
        "Thực hiện kế hoạch công tác năm 2026, Sở Nội vụ đề nghị các cơ quan, đơn vị triển khai:",
        "1. Rà soát, cập nhật quy chế công tác văn thư, lưu trữ của cơ quan.",
        "2. Báo cáo kết quả về Sở Nội vụ trước ngày 15 tháng 12 năm 2026.",
    ),
    signer_capacity=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    signer_name="Nguyễn Văn Mẫu",
    place_name="Hà Nội",
    salutation=("Các sở, ban, ngành Thành phố", "Ủy ban nhân dân các phường, xã"),
    recipients=("Như trên", "Giám đốc Sở (để báo cáo)", "Lưu: VT, VP"),
)

DECISION = LetterContent(
    governing_body="UBND thành phố Hà Nội",
    issuer="Sở Nội vụ",
    notation="QĐ-SNV",
    type_name="Quyết định",
    subject="Về việc ban hành Quy chế công tác văn thư",
    authority="Giám đốc Sở Nội vụ",
    bases=("Căn cứ Nghị định số 30/2020/NĐ-CP", "Theo đề nghị của Chánh Văn phòng Sở"),
    paragraphs=("Điều 1. Ban hành kèm theo Quyết định này Quy chế công tác văn thư.", "Điều 2. Thi hành."),
    signer_capacity=("GIÁM ĐỐC",),
    signer_name="Trần Thị Ví Dụ",
    place_name="Hà Nội",
    recipients=("Như Điều 2", "Lưu: VT, VP"),
)

"""The words of the refusals of this context."""

from vanthu.kernel.refusals import Catalogue, Refusal

_ASK = "Đề nghị quản trị hệ thống Thành phố thực hiện."

REFUSALS: Catalogue = {
    "organizations.calendar.not-seeded": Refusal(
        "VT-ORG-001",
        "Chưa tính được hạn.",
        "Lịch làm việc {calendar} chưa có dữ liệu ngày nghỉ của năm {year}.",
        "Đề nghị quản trị nhập lịch nghỉ của năm {year} rồi thử lại.",
    ),
    "organizations.calendar.not-administrator": Refusal(
        "VT-ORG-002", "Chưa xác nhận được ngày nghỉ.", "Chỉ quản trị hệ thống Thành phố sửa lịch chung.", _ASK
    ),
    "organizations.calendar.no-such-day": Refusal(
        "VT-ORG-003",
        "Chưa xác nhận được ngày nghỉ.",
        "Ngày {day} không có trong danh sách dự kiến.",
        "Tải lại trang.",
    ),
    "organizations.calendar.source-missing": Refusal(
        "VT-ORG-010",
        "Chưa xác nhận được ngày nghỉ.",
        "Chưa ghi số, ngày của thông báo.",
        "Nhập số, ký hiệu và ngày của thông báo chính thức.",
    ),
    "organizations.agency.not-found": Refusal(
        "VT-ORG-004", "Không mở được cơ quan.", "Danh bạ không có cơ quan này.", "Kiểm tra lại mã định danh."
    ),
    "organizations.agency.not-administrator": Refusal(
        "VT-ORG-005", "Chưa cập nhật được cơ quan.", "Chỉ quản trị hệ thống Thành phố sửa danh bạ.", _ASK
    ),
    "organizations.agency.reason-missing": Refusal(
        "VT-ORG-006",
        "Chưa cập nhật được khả năng nhận điện tử.",
        "Chưa có lý do chưa nhận được văn bản điện tử.",
        "Ghi rõ lý do và ngày bắt đầu.",
    ),
    "organizations.post.not-administrator": Refusal(
        "VT-ORG-007",
        "Chưa cập nhật được vị trí.",
        "Chỉ quản trị cơ quan bổ nhiệm và kết thúc vị trí.",
        "Đề nghị quản trị cơ quan thực hiện.",
    ),
    "organizations.post.not-found": Refusal(
        "VT-ORG-008", "Không mở được vị trí.", "Cơ quan không có vị trí này.", "Tải lại danh sách."
    ),
    "organizations.post.not-held": Refusal(
        "VT-ORG-009", "Chưa kết thúc được vị trí.", "Người này không giữ vị trí.", "Tải lại danh sách."
    ),
    "organizations.directory.inconsistent": Refusal(
        "VT-ORG-011", "Chưa nạp được danh bạ.", "{problem}", "Sửa dữ liệu rồi nạp lại; chưa có gì được ghi."
    ),
    "organizations.post.held-already": Refusal(
        "VT-ORG-012", "Chưa bổ nhiệm được.", "Người này đang giữ vị trí.", "Chọn người khác hoặc vị trí khác."
    ),
    "organizations.post.ends-too-early": Refusal(
        "VT-ORG-013",
        "Chưa kết thúc được vị trí.",
        "Ngày kết thúc không sau ngày bắt đầu giữ vị trí ({start}).",
        "Chọn ngày sau ngày bắt đầu.",
    ),
    "organizations.outside.list-too-short": Refusal(
        "VT-ORG-014",
        "Chưa cập nhật danh bạ liên thông.",
        "Trục chỉ trả về {listed} cơ quan trong khi danh bạ đang có {active}; có thể danh sách bị thiếu.",
        "Danh bạ giữ nguyên; đồng bộ lại sau hoặc hỏi đơn vị vận hành trục.",
    ),
}

"""The words of the refusals of this context."""

from vanthu.kernel.refusals import Catalogue, Refusal

_HOLDER = "Chuyển cho người đang giữ văn bản hoặc đổi tư cách xử lý."

REFUSALS: Catalogue = {
    "drafting.draft.illegal-move": Refusal(
        "VT-DRA-001",
        "Chưa thực hiện được thao tác với dự thảo.",
        "Dự thảo đã chuyển sang bước khác.",
        "Tải lại trang để xem bước hiện tại.",
    ),
    "drafting.draft.not-author": Refusal(
        "VT-DRA-002", "Chưa sửa được dự thảo.", "Chỉ người soạn thảo được sửa và trình dự thảo.", _HOLDER
    ),
    "drafting.draft.not-unit-head": Refusal(
        "VT-DRA-003", "Chưa duyệt được nội dung.", "Chỉ lãnh đạo đơn vị soạn thảo duyệt nội dung.", _HOLDER
    ),
    "drafting.draft.not-form-checker": Refusal(
        "VT-DRA-004",
        "Chưa ghi nhận được kết quả kiểm tra thể thức.",
        "Chỉ người được giao kiểm tra thể thức thực hiện bước này.",
        _HOLDER,
    ),
    "drafting.draft.not-signer": Refusal(
        "VT-DRA-005", "Chưa ký được văn bản.", "Văn bản này trình người khác ký.", _HOLDER
    ),
    "drafting.draft.not-holder": Refusal(
        "VT-DRA-006", "Chưa trả lại được dự thảo.", "Dự thảo không ở bước của bạn.", _HOLDER
    ),
    "drafting.draft.other-agency": Refusal(
        "VT-DRA-007",
        "Không thực hiện được thao tác.",
        "Dự thảo thuộc cơ quan khác.",
        "Chọn lại tư cách xử lý thuộc cơ quan soạn thảo.",
    ),
    "drafting.draft.not-officer": Refusal(
        "VT-DRA-008",
        "Chưa tạo được dự thảo.",
        "Vị trí hiện tại không được giao soạn thảo văn bản.",
        "Đổi tư cách xử lý hoặc đề nghị quản trị cơ quan phân quyền.",
    ),
    "drafting.draft.subject-missing": Refusal(
        "VT-DRA-009",
        "Chưa lưu được dự thảo.",
        "Dự thảo chưa có trích yếu.",
        "Nhập trích yếu nội dung văn bản.",
    ),
    "drafting.draft.content-missing": Refusal(
        "VT-DRA-010", "Chưa lưu được dự thảo.", "Dự thảo chưa có nội dung.", "Nhập ít nhất một đoạn nội dung."
    ),
    "drafting.draft.recipients-missing": Refusal(
        "VT-DRA-011", "Chưa trình được dự thảo.", "Dự thảo chưa có nơi nhận.", "Chọn ít nhất một nơi nhận."
    ),
    "drafting.draft.file-missing": Refusal(
        "VT-DRA-012",
        "Chưa trình được dự thảo.",
        "Dự thảo chưa có tệp văn bản.",
        "Lưu lại dự thảo để tạo tệp.",
    ),
    "drafting.draft.reason-missing": Refusal(
        "VT-DRA-013", "Chưa trả lại được dự thảo.", "Chưa có lý do trả lại.", "Ghi rõ nội dung cần sửa."
    ),
    "drafting.draft.no-authority": Refusal(
        "VT-DRA-014",
        "Chưa ký được văn bản.",
        "Bảng thẩm quyền ký không cho vị trí này ký loại văn bản này vào hôm nay.",
        "Chọn người ký khác hoặc đề nghị quản trị cơ quan cập nhật văn bản ủy quyền.",
    ),
    "drafting.draft.changed-after-approval": Refusal(
        "VT-DRA-015",
        "Chưa ký được văn bản.",
        "Tệp văn bản khác với tệp đã được duyệt.",
        "Trả lại người soạn thảo để trình lại từ đầu.",
    ),
    "drafting.recipient.unknown": Refusal(
        "VT-DRA-016",
        "Chưa lưu được nơi nhận.",
        "Danh bạ không có cơ quan mang mã {code}.",
        "Chọn nơi nhận từ danh bạ.",
    ),
    "drafting.recipient.closed": Refusal(
        "VT-DRA-017",
        "Chưa lưu được nơi nhận.",
        "{name} đã giải thể, kết thúc hoạt động từ {closed_on}.",
        "Gửi cơ quan kế thừa: {successors}.",
    ),
    "drafting.type.unknown": Refusal(
        "VT-DRA-018",
        "Chưa tạo được dự thảo.",
        "Không có loại văn bản {code}.",
        "Chọn loại văn bản trong danh mục.",
    ),
    "drafting.signer.unknown": Refusal(
        "VT-DRA-019",
        "Chưa tạo được dự thảo.",
        "Vị trí được chọn không có trong bảng thẩm quyền ký của cơ quan.",
        "Chọn người ký trong danh sách.",
    ),
    "drafting.draft.no-reviewers": Refusal(
        "VT-DRA-020",
        "Chưa tạo được dự thảo.",
        "Cơ quan chưa có lãnh đạo đơn vị hoặc người kiểm tra thể thức.",
        "Đề nghị quản trị cơ quan bổ nhiệm hai vị trí này.",
    ),
    "drafting.concern.not-issued": Refusal(
        "VT-DRA-022",
        "Chưa lưu được dự thảo.",
        "Văn bản chọn để thu hồi, thay thế không phải văn bản đi đã phát hành của cơ quan.",
        "Chọn văn bản trong danh sách văn bản đã phát hành.",
    ),
    "drafting.draft.may-not-discard": Refusal(
        "VT-DRA-021",
        "Chưa hủy được dự thảo.",
        "Chỉ người soạn thảo hoặc lãnh đạo đơn vị soạn thảo hủy dự thảo.",
        "Trả lại kèm lý do, hoặc đề nghị người soạn thảo hủy.",
    ),
}

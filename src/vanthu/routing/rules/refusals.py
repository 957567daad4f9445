"""The words of the refusals of this context."""

from vanthu.kernel.refusals import Catalogue, Refusal

_SEE = "Tải lại trang để xem bước hiện tại."
_SWITCH = "Đổi tư cách xử lý hoặc chuyển cho người đang giữ việc."

REFUSALS: Catalogue = {
    "routing.handling.illegal-move": Refusal(
        "VT-ROU-001", "Chưa thực hiện được thao tác.", "Văn bản đã chuyển sang bước khác.", _SEE
    ),
    "routing.assignment.illegal-move": Refusal(
        "VT-ROU-002", "Chưa thực hiện được thao tác.", "Phần việc đã chuyển sang bước khác.", _SEE
    ),
    "routing.other-agency": Refusal(
        "VT-ROU-003",
        "Không thực hiện được thao tác.",
        "Văn bản thuộc cơ quan khác.",
        "Chọn lại tư cách xử lý thuộc cơ quan đang giữ văn bản.",
    ),
    "routing.handling.not-leader": Refusal(
        "VT-ROU-004", "Chưa ghi được ý kiến chỉ đạo.", "Văn bản này trình lãnh đạo khác.", _SWITCH
    ),
    "routing.assignment.not-giver": Refusal(
        "VT-ROU-005", "Chưa duyệt được kết quả.", "Chỉ người giao việc duyệt kết quả.", _SWITCH
    ),
    "routing.assignment.not-unit-head": Refusal(
        "VT-ROU-006", "Chưa giao tiếp được.", "Chỉ lãnh đạo đơn vị được giao việc trong đơn vị.", _SWITCH
    ),
    "routing.assignment.not-for-information": Refusal(
        "VT-ROU-007",
        "Chưa ghi nhận được.",
        "Phần việc này cần báo cáo kết quả, không chỉ để biết.",
        "Bắt đầu xử lý và trình kết quả.",
    ),
    "routing.assignment.not-yours": Refusal(
        "VT-ROU-008", "Chưa thực hiện được thao tác.", "Phần việc này giao cho người khác.", _SWITCH
    ),
    "routing.directive.lead-missing": Refusal(
        "VT-ROU-009", "Chưa giao được việc.", "Chưa chọn đơn vị chủ trì.", "Chọn đúng một đơn vị chủ trì."
    ),
    "routing.directive.lead-twice": Refusal(
        "VT-ROU-010",
        "Chưa giao được việc.",
        "Đơn vị chủ trì đồng thời được chọn phối hợp hoặc để biết.",
        "Bỏ đơn vị chủ trì khỏi danh sách còn lại.",
    ),
    "routing.directive.text-missing": Refusal(
        "VT-ROU-011", "Chưa giao được việc.", "Chưa có nội dung ý kiến chỉ đạo.", "Ghi ý kiến chỉ đạo."
    ),
    "routing.directive.due-passed": Refusal(
        "VT-ROU-012", "Chưa giao được việc.", "Hạn giải quyết đã qua.", "Chọn hạn sau thời điểm hiện tại."
    ),
    "routing.directive.unit-without-head": Refusal(
        "VT-ROU-013",
        "Chưa giao được việc.",
        "{unit} chưa có lãnh đạo đơn vị.",
        "Chọn đơn vị khác hoặc đề nghị quản trị cơ quan bổ nhiệm.",
    ),
    "routing.assignment.other-unit": Refusal(
        "VT-ROU-014",
        "Chưa giao được việc.",
        "Người được chọn không thuộc đơn vị.",
        "Chọn người trong đơn vị.",
    ),
    "routing.assignment.due-after-parent": Refusal(
        "VT-ROU-015",
        "Chưa giao được việc.",
        "Hạn của người xử lý muộn hơn hạn của đơn vị ({limit}).",
        "Chọn hạn không muộn hơn hạn của đơn vị.",
    ),
    "routing.assignment.result-missing": Refusal(
        "VT-ROU-016",
        "Chưa trình được kết quả.",
        "Chưa có văn bản trả lời và chưa có nội dung kết quả.",
        "Soạn văn bản trả lời hoặc ghi kết quả giải quyết.",
    ),
    "routing.handling.cooperating-open": Refusal(
        "VT-ROU-017",
        "Chưa kết thúc được văn bản.",
        "Còn {count} đơn vị phối hợp chưa báo cáo.",
        "Đôn đốc đơn vị phối hợp hoặc chọn kết thúc không chờ báo cáo.",
    ),
    "routing.assignment.given-already": Refusal(
        "VT-ROU-019",
        "Chưa giao được việc.",
        "Phần việc đã giao cho một người trong đơn vị.",
        "Thu hồi việc đã giao trước khi giao người khác.",
    ),
    "routing.handling.not-withdrawn": Refusal(
        "VT-ROU-020",
        "Chưa ghi nhận được.",
        "Văn bản không ở trạng thái bị thu hồi.",
        "Tải lại trang để xem trạng thái của văn bản.",
    ),
    "routing.reason-missing": Refusal(
        "VT-ROU-018", "Chưa thực hiện được thao tác.", "Chưa có lý do.", "Ghi rõ lý do."
    ),
}

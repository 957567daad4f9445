"""The words of the refusals of this context."""

from vanthu.kernel.refusals import Catalogue, Refusal

_RELOAD = "Tải lại trang để xem bước hiện tại."
_NOT_ISSUED = "Chưa phát hành được văn bản."
_NOT_ACCEPTED = "Chưa tiếp nhận được văn bản."
_NOT_REGISTERED = "Chưa đăng ký được văn bản."

REFUSALS: Catalogue = {
    "registry.not-clerk": Refusal(
        "VT-REG-001",
        "Chưa thực hiện được thao tác.",
        "Chỉ văn thư cơ quan thực hiện bước này.",
        "Chuyển văn thư hoặc đổi tư cách xử lý.",
    ),
    "registry.other-agency": Refusal(
        "VT-REG-002",
        "Không thực hiện được thao tác.",
        "Văn bản thuộc cơ quan khác.",
        "Chọn lại tư cách xử lý thuộc cơ quan đang giữ văn bản.",
    ),
    "registry.outgoing.illegal-move": Refusal(
        "VT-OUT-001", "Chưa thực hiện được thao tác.", "Văn bản đi đã chuyển sang bước khác.", _RELOAD
    ),
    "registry.outgoing.void-needs-leader": Refusal(
        "VT-OUT-002",
        "Chưa hủy được số.",
        "Chỉ người đứng đầu cơ quan quyết định hủy văn bản đã cấp số.",
        "Báo cáo lãnh đạo cơ quan.",
    ),
    "registry.outgoing.void-reason-missing": Refusal(
        "VT-OUT-003", "Chưa hủy được số.", "Chưa có lý do hủy.", "Ghi rõ lý do hủy."
    ),
    "registry.outgoing.date-goes-back": Refusal(
        "VT-OUT-004",
        "Chưa cấp được số.",
        "Ngày hôm nay sớm hơn ngày của số cấp gần nhất trong sổ ({last_on}).",
        "Kiểm tra đồng hồ máy chủ rồi cấp số lại.",
    ),
    "registry.outgoing.no-personal-signature": Refusal(
        "VT-OUT-005",
        "Chưa ký số cơ quan được.",
        "Văn bản chưa có chữ ký số của người có thẩm quyền.",
        "Trả lại người ký hoặc chọn người ký khác.",
    ),
    "registry.outgoing.bad-personal-signature": Refusal(
        "VT-OUT-006",
        "Chưa ký số cơ quan được.",
        "Chữ ký số của người có thẩm quyền không hợp lệ ({verdict}).",
        "Xem chi tiết chữ ký; báo lãnh đạo hủy số và trình ký lại.",
    ),
    "registry.outgoing.not-the-signers": Refusal(
        "VT-OUT-016",
        "Chưa ký số cơ quan được.",
        "Chữ ký số cá nhân trong tệp không phải của người đã ký ban hành văn bản này.",
        "Xem chi tiết chữ ký; báo lãnh đạo hủy số và trình ký lại.",
    ),
    "registry.outgoing.no-recipient": Refusal(
        "VT-OUT-007", _NOT_ISSUED, "Văn bản chưa có nơi nhận.", "Bổ sung nơi nhận rồi phát hành."
    ),
    "registry.outgoing.not-both-signatures": Refusal(
        "VT-OUT-008",
        _NOT_ISSUED,
        "Văn bản chưa có đủ hai chữ ký số hợp lệ của người có thẩm quyền và của cơ quan.",
        "Xem chi tiết chữ ký rồi ký số cơ quan lại.",
    ),
    "registry.outgoing.not-leaving": Refusal(
        "VT-OUT-009", "Chưa dừng gửi được.", "Văn bản không ở trạng thái chờ gửi.", _RELOAD
    ),
    "registry.outgoing.ended-by-document": Refusal(
        "VT-OUT-018",
        "Chưa thu hồi, thay thế được văn bản.",
        "Văn bản đã phát hành chỉ được thu hồi, thay thế bằng văn bản khác.",
        "Soạn thông báo thu hồi hoặc văn bản thay thế, chọn văn bản này ở mục “Thu hồi, thay thế”.",
    ),
    "registry.outgoing.concern-not-issued": Refusal(
        "VT-OUT-017",
        "Chưa phát hành được văn bản.",
        "Văn bản {number} cần thu hồi, thay thế không còn ở trạng thái đã phát hành ({state}).",
        "Mở văn bản đó để xem; trả lại người soạn nếu chọn nhầm văn bản.",
    ),
    "registry.incoming.illegal-move": Refusal(
        "VT-INC-001", "Chưa thực hiện được thao tác.", "Văn bản đến đã chuyển sang bước khác.", _RELOAD
    ),
    "registry.incoming.consent-needs-chief": Refusal(
        "VT-INC-002",
        "Chưa ghi được ý kiến.",
        "Chỉ Chánh Văn phòng hoặc người được giao cho ý kiến tiếp nhận.",
        "Chuyển Chánh Văn phòng.",
    ),
    "registry.incoming.not-verified": Refusal(
        "VT-INC-003",
        _NOT_ACCEPTED,
        "Hệ thống chưa kiểm tra xong chữ ký số của văn bản.",
        "Chờ ít giây rồi tải lại trang.",
    ),
    "registry.incoming.must-refuse": Refusal(
        "VT-INC-004",
        _NOT_ACCEPTED,
        "Chữ ký số không hợp lệ ({verdict}); quy định buộc trả lại bên gửi.",
        "Chọn Từ chối, nêu lý do để bên gửi biết.",
    ),
    "registry.incoming.consent-missing": Refusal(
        "VT-INC-005",
        _NOT_ACCEPTED,
        "Chữ ký số cần xem xét ({verdict}) và chưa có ý kiến của Chánh Văn phòng.",
        "Xin ý kiến tiếp nhận hoặc từ chối.",
    ),
    "registry.incoming.not-an-original": Refusal(
        "VT-INC-006",
        _NOT_ACCEPTED,
        "Văn bản không có đủ hai chữ ký số nên không phải bản gốc điện tử ({verdict}).",
        "Từ chối, hoặc tiếp nhận để biết, tham khảo – chờ bản chính.",
    ),
    "registry.incoming.reason-missing": Refusal(
        "VT-INC-007", "Chưa thực hiện được thao tác.", "Chưa có lý do.", "Ghi rõ lý do; bên gửi sẽ đọc được."
    ),
    "registry.incoming.no-chief": Refusal(
        "VT-INC-008", "Chưa xin được ý kiến.", "Cơ quan chưa có Chánh Văn phòng.", "Báo quản trị cơ quan."
    ),
    "registry.incoming.subject-missing": Refusal(
        "VT-INC-009", _NOT_REGISTERED, "Chưa có trích yếu nội dung.", "Nhập trích yếu."
    ),
    "registry.incoming.number-missing": Refusal(
        "VT-INC-010", _NOT_REGISTERED, "Chưa có số, ký hiệu văn bản.", "Nhập số, ký hiệu."
    ),
    "registry.incoming.duplicate": Refusal(
        "VT-INC-011",
        _NOT_REGISTERED,
        "Văn bản này đã đăng ký với số đến {number}.",
        "Từ chối với lý do trùng lặp.",
    ),
    "registry.incoming.recalled-by-sender": Refusal(
        "VT-INC-013",
        "Chưa hủy được văn bản đến.",
        "Văn bản đến chỉ bị hủy theo yêu cầu thu hồi, lấy lại của nơi gửi.",
        "Chờ yêu cầu của nơi gửi, hoặc từ chối, trả lại kèm lý do.",
    ),
    "registry.incoming.no-such-leader": Refusal(
        "VT-INC-012",
        "Chưa trình được văn bản.",
        "Vị trí được chọn không nhận trình.",
        "Chọn lãnh đạo trong danh sách.",
    ),
}

"""The words of the refusals of this context."""

from vanthu.kernel.refusals import Catalogue, Refusal

REFUSALS: Catalogue = {
    "exchange.recipient.closed": Refusal(
        "VT-EXC-001",
        "Không gửi được văn bản tới {name}.",
        "Cơ quan nhận đã giải thể, kết thúc hoạt động.",
        "Gửi cơ quan kế thừa: {successors}.",
    ),
    "exchange.recipient.unknown": Refusal(
        "VT-EXC-002",
        "Không gửi được văn bản.",
        "Danh bạ không có cơ quan mang mã {code}.",
        "Kiểm tra mã định danh của nơi nhận.",
    ),
    "exchange.delivery.not-refused": Refusal(
        "VT-EXC-003",
        "Chưa ghi nhận được.",
        "Văn bản không ở trạng thái bị từ chối, trả lại.",
        "Tải lại trang để xem trạng thái gửi nhận.",
    ),
    "exchange.other-agency": Refusal(
        "VT-EXC-004",
        "Không thực hiện được thao tác.",
        "Văn bản thuộc cơ quan khác.",
        "Chọn lại tư cách xử lý.",
    ),
    "exchange.paper.none-chosen": Refusal(
        "VT-EXC-021",
        "Chưa ghi được bản giấy đã gửi.",
        "Chưa chọn nơi nhận nào.",
        "Đánh dấu nơi nhận đã gửi rồi ghi lại.",
    ),
    "exchange.paper.not-on-paper": Refusal(
        "VT-EXC-022",
        "Không thực hiện được thao tác.",
        "Có nơi nhận không thuộc diện gửi bản giấy.",
        "Tải lại trang để xem trạng thái gửi nhận.",
    ),
    "exchange.paper.posted-already": Refusal(
        "VT-EXC-023",
        "Chưa ghi được bản giấy đã gửi.",
        "Có nơi nhận đã được ghi là đã gửi.",
        "Tải lại trang rồi chọn các nơi nhận còn lại.",
    ),
    "exchange.paper.not-yet": Refusal(
        "VT-EXC-024",
        "Chưa ghi được bản giấy đã gửi.",
        "Ngày chuyển sau ngày hôm nay.",
        "Nhập ngày bản giấy đã rời cơ quan.",
    ),
    "exchange.paper.not-failed": Refusal(
        "VT-EXC-025",
        "Chưa chuyển sang gửi bản giấy được.",
        "Nơi nhận này không ở trạng thái lỗi gửi.",
        "Tải lại trang để xem trạng thái gửi nhận.",
    ),
    "exchange.line.none": Refusal(
        "VT-EXC-041",
        "Chưa gửi được văn bản.",
        "Hệ thống chưa nối trục liên thông.",
        "Quản trị khai báo VANTHU_LINE_URL; văn bản tự gửi khi đã nối.",
    ),
    "exchange.packet.too-large": Refusal(
        "VT-EXC-042",
        "Không gửi được văn bản qua trục liên thông.",
        "Tệp {name} có {size} MB, quá mức {most} MB một tệp.",
        "Gửi bản giấy, hoặc phát hành lại với tệp kèm theo nhỏ hơn.",
    ),
    "exchange.packet.unwritable": Refusal(
        "VT-EXC-043",
        "Không gửi được văn bản qua trục liên thông.",
        "Gói tin không ghi được theo QCVN 102 ({why}).",
        "Báo quản trị; văn bản cần gửi gấp thì gửi bản giấy.",
    ),
    "exchange.packet.taken-for-another": Refusal(
        "VT-EXC-044",
        "Chưa rõ văn bản đã tới nơi nhận hay chưa.",
        "Trục coi gói tin này trùng với gói khác của cùng văn bản nên có thể đã không chuyển.",
        "Liên hệ nơi nhận; nếu chưa nhận được thì gửi bản giấy.",
    ),
    "exchange.packet.unwanted": Refusal(
        "VT-EXC-045",
        "Không gửi gói tin.",
        "Mọi nơi nhận của gói tin đã chuyển sang gửi bản giấy.",
        "Không phải làm gì.",
    ),
    "exchange.packet.not-found": Refusal(
        "VT-EXC-047",
        "Chưa gửi lại gói tin.",
        "Không có gói tin mang số này.",
        "Xem số của gói tin bằng `vanthu exchange packets`.",
    ),
    "exchange.packet.not-failed": Refusal(
        "VT-EXC-046",
        "Chưa gửi lại gói tin.",
        "Gói tin không bị lỗi: đang chờ gửi, đang gửi, hoặc trục đã nhận.",
        "Tải lại trang (người vận hành: `vanthu exchange packets`) để xem trạng thái gửi nhận.",
    ),
    "exchange.resend.no-packet": Refusal(
        "VT-EXC-048",
        "Chưa gửi lại gói tin.",
        "Nơi nhận này không có gói tin nào để gửi qua trục liên thông.",
        "Xem lý do cạnh nơi nhận; nơi nhận chưa có văn bản thì gửi bản giấy.",
    ),
    "exchange.resend.no-line": Refusal(
        "VT-EXC-049",
        "Chưa gửi lại gói tin.",
        "Hệ thống chưa nối trục liên thông.",
        "Đề nghị quản trị khai báo đường truyền rồi gửi lại; văn bản gấp thì gửi bản giấy.",
    ),
    "exchange.resend.receiver": Refusal(
        "VT-EXC-050",
        "Chưa gửi lại gói tin.",
        "Trục không có hoặc đã khóa cơ quan nhận; gửi lại đúng gói tin này sẽ bị từ chối như trước.",
        "Gửi bản giấy. Mã nơi nhận sai thì bổ sung nơi nhận theo mã đúng; "
        "trục vừa mở cơ quan nhận thì đề nghị quản trị gửi lại gói tin.",
    ),
    "exchange.resend.same-content": Refusal(
        "VT-EXC-051",
        "Chưa gửi lại gói tin.",
        "Trục đã từ chối chính nội dung gói tin này; gửi lại y nguyên sẽ bị từ chối như trước.",
        "Gửi bản giấy, hoặc báo quản trị xem hộp đen của nơi nhận.",
    ),
    "exchange.resend.not-in-force": Refusal(
        "VT-EXC-052",
        "Chưa gửi lại gói tin.",
        "Văn bản đã thu hồi hoặc đã thay thế.",
        "Không gửi văn bản này nữa; tải lại trang để xem trạng thái của văn bản.",
    ),
    "exchange.recipient.unable": Refusal(
        "VT-EXC-081",
        "Không gửi được văn bản điện tử tới {name}.",
        "Cơ quan nhận chưa nhận được văn bản điện tử: {reason}",
        "Gửi bản giấy.",
    ),
    "exchange.aside.not-found": Refusal(
        "VT-EXC-082",
        "Không tìm thấy gói tin.",
        "Gói tin không có, hoặc thuộc cơ quan khác.",
        "Mở lại danh sách gói tin để riêng.",
    ),
    "exchange.aside.decided": Refusal(
        "VT-EXC-083",
        "Chưa thực hiện được.",
        "Gói tin đã được xử lý.",
        "Tải lại danh sách gói tin để riêng.",
    ),
    "exchange.aside.no-main": Refusal(
        "VT-EXC-084",
        "Chưa nhận được gói tin như văn bản mới.",
        "Gói tin không có tệp văn bản đạt điều kiện tiếp nhận.",
        "Trả lại kèm lý do để nơi gửi gửi lại.",
    ),
    "exchange.aside.no-reason": Refusal(
        "VT-EXC-085",
        "Chưa trả lại được gói tin.",
        "Chưa nhập lý do trả lại.",
        "Nhập lý do; nơi gửi đọc nguyên văn.",
    ),
    "exchange.line.not-administrator": Refusal(
        "VT-EXC-086",
        "Không xem được đường liên thông.",
        "Chỉ quản trị hệ thống Thành phố theo dõi đường liên thông.",
        "Chọn lại tư cách xử lý.",
    ),
}

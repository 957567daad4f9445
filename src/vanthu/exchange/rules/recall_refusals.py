"""The words of the refusals about recall, in the order of the acts."""

from vanthu.kernel.refusals import Catalogue, Refusal

_NOT_ASKED = "Chưa gửi được yêu cầu."
_NOT_DONE = "Chưa thực hiện được yêu cầu của nơi gửi."

REFUSALS: Catalogue = {
    "exchange.recall.nobody": Refusal(
        "VT-EXC-061", _NOT_ASKED, "Chưa chọn nơi nhận.", "Chọn ít nhất một nơi nhận."
    ),
    "exchange.recall.reason-missing": Refusal(
        "VT-EXC-062", _NOT_ASKED, "Chưa có lý do.", "Ghi rõ lý do; nơi nhận đọc nguyên văn."
    ),
    "exchange.recall.order-missing": Refusal(
        "VT-EXC-063",
        _NOT_ASKED,
        "Chưa có người cho phép, hoặc người được chọn không phải lãnh đạo cơ quan.",
        "Chọn lãnh đạo đã cho phép; tên được lưu cùng yêu cầu.",
    ),
    "exchange.recall.not-electronic": Refusal(
        "VT-EXC-064",
        _NOT_ASKED,
        "{name} không nhận văn bản này qua hệ thống.",
        "Bỏ chọn nơi nhận này; với bản giấy thì gửi thông báo và nhận lại bản giấy.",
    ),
    "exchange.recall.asked-already": Refusal(
        "VT-EXC-065",
        _NOT_ASKED,
        "{name} đã được yêu cầu hoặc đã trả lại văn bản.",
        "Bỏ chọn nơi nhận này; xem trả lời ở danh sách nơi nhận.",
    ),
    "exchange.recall.not-in-force": Refusal(
        "VT-EXC-066",
        _NOT_ASKED,
        "Văn bản chưa phát hành, hoặc đã thu hồi, đã thay thế.",
        "Tải lại trang để xem trạng thái của văn bản.",
    ),
    "exchange.recall.never-came": Refusal(
        "VT-EXC-067",
        "Không gửi yêu cầu tới nơi nhận này.",
        "Văn bản chưa tới nơi nhận qua hệ thống.",
        "Không phải làm gì; nếu đã gửi bản giấy thì nhận lại bản giấy.",
    ),
    "exchange.recall.not-to-decline": Refusal(
        "VT-EXC-068",
        "Chưa trả lời được nơi gửi.",
        "Thu hồi theo thông báo của nơi gửi thì nơi nhận phải thực hiện, không được từ chối.",
        "Chọn Thực hiện thu hồi; kết quả đã làm vẫn được lưu.",
    ),
    "exchange.recall.answer-missing": Refusal(
        "VT-EXC-069",
        "Chưa trả lời được nơi gửi.",
        "Chưa có lý do từ chối.",
        "Ghi rõ lý do; nơi gửi đọc nguyên văn.",
    ),
    "exchange.demand.illegal-move": Refusal(
        "VT-EXC-070",
        _NOT_DONE,
        "Yêu cầu này đã được trả lời.",
        "Tải lại trang để xem trạng thái của văn bản.",
    ),
    "exchange.ask.illegal-move": Refusal(
        "VT-EXC-071", _NOT_ASKED, "Yêu cầu này đã được trả lời.", "Tải lại trang để xem trả lời của nơi nhận."
    ),
    "exchange.recipients.nobody": Refusal(
        "VT-EXC-072", "Chưa bổ sung được nơi nhận.", "Chưa chọn nơi nhận.", "Chọn ít nhất một cơ quan."
    ),
    "exchange.recipients.unknown": Refusal(
        "VT-EXC-073",
        "Chưa bổ sung được nơi nhận.",
        "Danh bạ không có cơ quan mang mã {code}.",
        "Kiểm tra mã định danh của nơi nhận.",
    ),
    "exchange.recipients.closed": Refusal(
        "VT-EXC-074",
        "Chưa bổ sung được nơi nhận.",
        "{name} đã kết thúc hoạt động.",
        "Chọn cơ quan kế thừa.",
    ),
    "exchange.recipients.there-already": Refusal(
        "VT-EXC-075",
        "Chưa bổ sung được nơi nhận.",
        "{name} đã có trong danh sách nơi nhận.",
        "Bỏ chọn cơ quan này.",
    ),
}

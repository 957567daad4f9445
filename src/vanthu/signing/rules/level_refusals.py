"""The words of the refusals around time stamps and kept renditions."""

from vanthu.kernel.refusals import Catalogue, Refusal

_NO_STAMP = "Chưa lấy được dấu thời gian."
_NOT_KEPT = "Chưa tạo được bản lưu trữ dài hạn."

LEVEL_REFUSALS: Catalogue = {
    "signing.timestamp.unavailable": Refusal(
        "VT-SIG-301",
        _NO_STAMP,
        "Không có dịch vụ cấp dấu thời gian nào trả lời đúng hạn và hợp lệ ({why}).",
        "Hệ thống tự lấy lại sau; chữ ký và văn bản đã phát hành không bị ảnh hưởng.",
    ),
    "signing.timestamp.not-configured": Refusal(
        "VT-SIG-302",
        _NO_STAMP,
        "Chưa khai báo dịch vụ cấp dấu thời gian.",
        "Người vận hành đặt VANTHU_TSA rồi khởi động lại hệ thống.",
    ),
    "signing.rendition.no-proof": Refusal(
        "VT-SIG-303",
        _NOT_KEPT,
        "Thiếu danh sách thu hồi hoặc đường dẫn chứng thực của chữ ký “{field}”.",
        "Cập nhật danh sách tin cậy; hệ thống tự làm lại hằng giờ.",
    ),
    "signing.rendition.not-sound": Refusal(
        "VT-SIG-304",
        _NOT_KEPT,
        "Chữ ký trên tệp đã phát hành không được kết luận là hợp lệ ({verdict}).",
        "Báo văn thư xem lại mặt Chữ ký của văn bản.",
    ),
    "signing.rendition.not-extended": Refusal(
        "VT-SIG-305",
        "Chưa gia hạn được bản lưu trữ dài hạn.",
        "Dịch vụ cấp dấu thời gian còn dùng chứng thư hoặc thuật toán cũ, gia hạn không kéo dài được bảo vệ.",
        "Khai báo dịch vụ có chứng thư mới trong VANTHU_TSA; hệ thống tự làm lại.",
    ),
}

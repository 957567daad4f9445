"""The words of the refusals of this context."""

from vanthu.kernel.refusals import Catalogue, Refusal

REFUSALS: Catalogue = {
    "axis.system.exists": Refusal(
        "VT-AXI-001",
        "Chưa thêm được hệ thống {code}.",
        "Trục đã có hệ thống mang mã này.",
        "Kiểm tra lại mã; xem danh sách bằng `vanthu axis systems list`.",
    ),
    "axis.system.unknown": Refusal(
        "VT-AXI-002",
        "Không thực hiện được thao tác.",
        "Trục không có hệ thống {code}.",
        "Kiểm tra lại mã; xem danh sách bằng `vanthu axis systems list`.",
    ),
    "axis.system.bad-code": Refusal(
        "VT-AXI-003",
        "Chưa thêm được hệ thống {code}.",
        "Mã hệ thống chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch nối; dài nhất 60 ký tự.",
        "Nhập lại mã.",
    ),
    "axis.system.weak-secret": Refusal(
        "VT-AXI-004",
        "Chưa đặt được khóa bí mật của hệ thống {code}.",
        "Khóa bí mật ngắn hơn {least} ký tự.",
        "Để trống để trục tự sinh khóa, hoặc nhập khóa dài hơn.",
    ),
    "axis.agency.bad-code": Refusal(
        "VT-AXI-011",
        "Chưa ghi được đơn vị {code}.",
        "Mã đơn vị gồm tối đa bốn nhóm chữ không dấu và chữ số cách nhau bằng dấu chấm, dài nhất 35 ký tự.",
        "Kiểm tra lại mã định danh.",
    ),
    "axis.agency.no-name": Refusal(
        "VT-AXI-012",
        "Chưa ghi được đơn vị {code}.",
        "Thiếu tên đơn vị.",
        "Bổ sung tên rồi gửi lại.",
    ),
    "axis.agency.taken": Refusal(
        "VT-AXI-013",
        "Chưa ghi được đơn vị {code}.",
        "Mã này thuộc đơn vị của hệ thống khác.",
        "Liên hệ đơn vị vận hành trục.",
    ),
    "axis.agency.not-allowed": Refusal(
        "VT-AXI-014",
        "Chưa ghi được đơn vị {code}.",
        "Hệ thống {system} chỉ được đăng ký các mã: {allowed}.",
        "Liên hệ đơn vị vận hành trục.",
    ),
    "axis.agency.unknown": Refusal(
        "VT-AXI-015",
        "Không thực hiện được thao tác.",
        "Hệ thống gọi không có đơn vị {code}.",
        "Kiểm tra lại mã đơn vị.",
    ),
    "axis.import.bad-code": Refusal(
        "VT-AXI-016",
        "Chưa nhập đơn vị nào.",
        "Dòng {line}: mã đơn vị {code} không đúng dạng.",
        "Sửa dòng đó rồi nhập lại.",
    ),
    "axis.import.no-name": Refusal(
        "VT-AXI-017",
        "Chưa nhập đơn vị nào.",
        "Dòng {line}: đơn vị {code} thiếu tên.",
        "Sửa dòng đó rồi nhập lại.",
    ),
    "axis.import.unknown-system": Refusal(
        "VT-AXI-018",
        "Chưa nhập đơn vị nào.",
        "Dòng {line}: trục không có hệ thống {system}.",
        "Sửa dòng đó rồi nhập lại.",
    ),
}

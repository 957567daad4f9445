"""Sample rows for the gallery of components: fictitious people, agencies and documents."""

from typing import Any

from django import forms

LONG_SUBJECT = (
    "Về việc tăng cường công tác phòng cháy, chữa cháy và cứu nạn, cứu hộ trong dịp Tết Nguyên đán, "
    "bảo đảm an toàn tại các chợ, trung tâm thương mại, khu tập thể cũ, nhà ở nhiều tầng, nhiều căn hộ "
    "trên địa bàn; rà soát, thống kê và xử lý dứt điểm các công trình vi phạm đã được kết luận trước 30/11"
)


def row(number: int, subject: str, **changes: Any) -> dict[str, Any]:
    """Make one list row as the queries of a queue would return it."""
    plain = {
        "document_id": number,
        "url": "#row",
        "quick_url": "",
        "subject": subject,
        "urgency": 0,
        "urgency_label": "",
        "facts": f"Sở Mẫu Một · {number}/SM1-VP · 20/11/2026 · đến 09:31",
        "due_label": "hạn 27/11",
        "due_state": "none",
        "due_title": "17:00 ngày 27/11/2026",
        "due_until": "",
        "verdict_label": "chữ ký hợp lệ",
        "verdict_state": "ok",
        "is_unread": False,
        "meta": "2 tệp · chưa có số đến",
    }
    return {**plain, **changes}


ROWS = (
    row(
        125,
        "V/v tăng cường công tác phòng cháy, chữa cháy dịp Tết Nguyên đán 2027",
        urgency=3,
        urgency_label="Hỏa tốc",
        due_label="còn 25 phút",
        due_state="soon",
        is_unread=True,
    ),
    row(
        88,
        "V/v báo cáo đột xuất tình hình thiệt hại do mưa lớn và phương án khắc phục",
        urgency=2,
        urgency_label="Thượng khẩn",
        due_label="quá hạn 2 giờ",
        due_state="late",
        is_unread=True,
        verdict_label="có sửa sau khi ký",
        verdict_state="warn",
    ),
    row(
        412,
        "Giấy mời họp triển khai kế hoạch chuyển đổi số quý IV năm 2026",
        urgency=1,
        urgency_label="Khẩn",
        due_label="hạn 11:30 hôm nay",
        due_state="soon",
        meta="1 tệp",
    ),
    row(97, LONG_SUBJECT, is_unread=True, due_label="hạn 24/11", due_state="fine"),
    row(
        301,
        "V/v góp ý dự thảo Quy chế làm việc của Ủy ban nhân dân phường Mẫu",
        verdict_label="chữ ký không hợp lệ",
        verdict_state="bad",
        meta="3 tệp · số đến 1.204",
    ),
    row(
        56,
        "Báo cáo kết quả giải quyết thủ tục hành chính tháng 10 năm 2026",
        verdict_label="không có chữ ký số",
        verdict_state="none",
        meta="bản giấy",
    ),
    row(733, "Kế hoạch kiểm tra công tác văn thư, lưu trữ năm 2027", meta="1 tệp · số đến 1.198"),
    row(734, "V/v cử công chức tham gia lớp bồi dưỡng nghiệp vụ văn thư, lưu trữ điện tử"),
    row(735, "Thông báo kết luận của Chủ tịch Ủy ban nhân dân tại phiên họp giao ban tuần 47"),
    row(736, "Quyết định thành lập Tổ công tác rà soát hồ sơ công việc chưa đóng", due_label="hạn 04/12"),
)

RAIL = (
    {
        "label": "Văn bản đến",
        "entries": (
            {
                "label": "Chờ tiếp nhận",
                "url": "/queue/",
                "count": 12,
                "is_current": True,
                "key": "d",
                "in_bar": True,
            },
            {"label": "Chờ đăng ký", "url": "#", "count": 3, "is_current": False, "key": "", "in_bar": True},
            {"label": "Chờ trình", "url": "#", "count": 5, "is_current": False, "key": "", "in_bar": True},
            {"label": "Đang xử lý", "url": "/process/", "count": 0, "is_current": False, "key": ""},
        ),
    },
    {
        "label": "Văn bản đi",
        "entries": (
            {"label": "Chờ cấp số", "url": "#", "count": 4, "is_current": False, "key": "e"},
            {
                "label": "Chờ phát hành",
                "url": "#",
                "count": 2,
                "is_current": False,
                "key": "",
                "in_bar": True,
            },
            {"label": "Bị từ chối / trả lại", "url": "#", "count": 1, "is_current": False, "key": ""},
        ),
    },
    {
        "label": "Của tôi",
        "entries": (
            {"label": "Việc của tôi", "url": "#", "count": 7, "is_current": False, "key": "m"},
            {"label": "Hồ sơ công việc", "url": "#", "count": 0, "is_current": False, "key": ""},
            {"label": "Sổ văn bản", "url": "#", "count": 0, "is_current": False, "key": ""},
        ),
    },
)

SHELL = {
    "person": {"name": "Nguyễn Thị Hạnh", "initials": "NTH"},
    "capacity": {"label": "Văn thư cơ quan", "agency_name": "Sở Mẫu Một"},
    "capacities": (
        {"id": "1", "label": "Văn thư cơ quan", "agency_name": "Sở Mẫu Một", "is_current": True},
        {"id": "2", "label": "Chuyên viên Văn phòng", "agency_name": "Sở Mẫu Một", "is_current": False},
    ),
    "rail": RAIL,
    "unread": 3,
    "theme": "auto",
    "density": "comfortable",
    "language": "vi",
}

TABS = (
    {"label": "Cần làm", "url": "#todo", "count": 12, "is_current": True},
    {"label": "Đã làm", "url": "#done", "is_current": False},
    {"label": "Tất cả", "url": "#all", "is_current": False},
)
QUEUE = {
    "title": "Chờ tiếp nhận",
    "count": 12,
    "tabs": TABS,
    "rows": ROWS,
    "more_url": "#more",
    "bulk_url": "#bulk",
    "bulk": (
        {"label": "Tiếp nhận", "name": "act", "value": "accept", "kind": "primary"},
        {"label": "Trả lại", "name": "act", "value": "refuse", "disabled_reason": ""},
    ),
    "empty_title": "Không có văn bản chờ tiếp nhận.",
    "empty_text": "Văn bản gửi đến qua trục liên thông hoặc từ cơ quan khác sẽ hiện ở đây ngay khi tới.",
}

TRACE = {
    "rule": "Văn bản thường: trình trong ngày làm việc; nhận sau 16:00 tính từ đầu ngày làm việc kế tiếp.",
    "steps": (
        {"when": "Th 6 20/11", "text": "đến lúc 16:40, tính từ ngày làm việc kế tiếp"},
        {"when": "Th 7 21/11", "text": "nghỉ cuối tuần", "is_skipped": True},
        {"when": "CN 22/11", "text": "nghỉ cuối tuần", "is_skipped": True},
        {"when": "Th 2 23/11", "text": "hạn trình 11:30"},
    ),
}
FACTS = (
    ("Số, ký hiệu", "125/SM1-VP"),
    ("Ngày ban hành", "20/11/2026"),
    ("Cơ quan ban hành", "Sở Mẫu Một"),
    {"label": "Hạn trình", "value": "11:30 ngày 23/11/2026", "why": TRACE},
    {"label": "Số đến", "value": "chưa có", "hint": "Được cấp khi đăng ký."},
)
HANDOVERS = (
    {
        "name": "Trần Văn Bình",
        "initials": "TVB",
        "role": "Giám đốc · chỉ đạo",
        "since": "20/11/2026 10:02",
        "until": "20/11/2026 10:20",
        "state_label": "Đã giao",
        "note": "“Văn phòng chủ trì, báo cáo trước 25/11.”",
        "children": (
            {
                "name": "Văn phòng",
                "initials": "VP",
                "role": "chủ trì",
                "since": "20/11/2026 10:20",
                "due_label": "còn 2 ngày",
                "due_state": "fine",
                "due_title": "17:00 ngày 25/11/2026",
                "children": (
                    {
                        "name": "Lê Thu Hà",
                        "initials": "LTH",
                        "role": "chuyên viên · xử lý",
                        "since": "20/11/2026 13:45",
                        "state_label": "Đang xử lý",
                        "children": (),
                    },
                ),
            },
            {
                "name": "Phòng Thanh tra",
                "initials": "TT",
                "role": "phối hợp",
                "since": "20/11/2026 10:20",
                "due_label": "quá hạn 1 ngày",
                "due_state": "late",
                "due_title": "17:00 ngày 21/11/2026",
                "children": (),
            },
            {
                "name": "Phòng Tổ chức",
                "initials": "TC",
                "role": "để biết",
                "since": "20/11/2026 10:20",
                "state_label": "Đã xem",
                "children": (),
            },
        ),
    },
)
TIMELINE = (
    {
        "at_label": "20/11/2026 10:20",
        "at_iso": "2026-11-20T10:20",
        "who": "Trần Văn Bình",
        "text": "giao Văn phòng chủ trì.",
        "note": "Tư cách: Giám đốc",
        "is_strong": True,
    },
    {
        "at_label": "20/11/2026 09:41",
        "at_iso": "2026-11-20T09:41",
        "who": "Nguyễn Thị Hạnh",
        "text": "đăng ký số đến 1.204 và trình lãnh đạo.",
    },
    {
        "at_label": "20/11/2026 09:31",
        "at_iso": "2026-11-20T09:31",
        "who": "Trục liên thông",
        "text": "chuyển văn bản đến; chữ ký hợp lệ.",
    },
)
STEPS = (
    {"label": "Tiếp nhận", "state": "done"},
    {"label": "Đăng ký", "state": "done"},
    {"label": "Trình", "state": "current"},
    {"label": "Chỉ đạo", "state": "next"},
)
PAGE_LINES = (
    ("SỞ MẪU MỘT", 92, 84, 110, 13),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 290, 84, 250, 12),
    ("Số: 125/SM1-VP", 100, 112, 96, 13),
    ("Độc lập - Tự do - Hạnh phúc", 322, 100, 180, 13),
    ("Kính gửi: Ủy ban nhân dân các phường, xã", 180, 190, 270, 14),
    ("Thực hiện chỉ đạo về công tác phòng cháy, chữa cháy dịp Tết Nguyên đán,", 100, 226, 430, 14),
    ("đề nghị các đơn vị rà soát, báo cáo trước ngày 25/11/2026.", 85, 248, 350, 14),
)


def viewer(image_url: str) -> dict[str, Any]:
    """Make a viewer of two pages over a sample image."""
    lines = [{"text": t, "x": x, "y": y, "width": w, "size": s} for t, x, y, w, s in PAGE_LINES]
    page = {"image_url": image_url, "width": 595, "height": 842}
    boxes = [{"x": 98, "y": 99, "width": 102, "height": 18}]
    return {
        "count": 2,
        "original_url": "#",
        "pages": (
            {**page, "number": 1, "lines": lines, "boxes": boxes},
            {**page, "number": 2, "lines": lines},
        ),
    }


def card(image_url: str) -> dict[str, Any]:
    """Make the process screen's card."""
    first = ROWS[0]
    tabs = ("Xử lý", "Luồng xử lý", "Thông tin", "Chữ ký", "Lịch sử")
    return {
        **first,
        "status_label": "Chờ trình",
        "back_url": "/queue/",
        "back_label": "Về hàng chờ",
        "viewer": viewer(image_url),
        "walk": {"position": 3, "total": 12, "prev_url": "#prev", "next_url": "#next"},
        "tabs": [{"label": t, "url": f"#{i}", "is_current": i == 0} for i, t in enumerate(tabs)],
        "facts": FACTS,
        "first_page_url": image_url,
        "first_page_alt": "Trang 1",
        "next_act": {"label": "Tiếp nhận", "url": "#accept"},
    }


class SampleForm(forms.Form):
    """Every kind of field."""

    subject = forms.CharField(label="Trích yếu", help_text="Như ghi trên văn bản.")
    number = forms.CharField(label="Số đến", required=False)
    leader = forms.ChoiceField(
        label="Trình cho", choices=[("1", "Giám đốc Trần Văn Bình"), ("2", "Phó Giám đốc Phạm Minh Đức")]
    )
    opinion = forms.CharField(label="Kèm ý kiến", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    due_on = forms.DateField(
        label="Hạn xử lý", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    way = forms.ChoiceField(
        label="Cách gửi",
        widget=forms.RadioSelect,
        choices=[
            ("e", "Điện tử\nGửi ngay qua hệ thống hoặc trục liên thông."),
            ("p", "Bản giấy\nIn, đóng dấu, ghi sổ."),
        ],
    )
    copies = forms.MultipleChoiceField(
        label="Đồng gửi",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("vp", "Văn phòng"), ("tt", "Thanh tra")],
    )
    urgent = forms.BooleanField(label="Chuyển ngay, không chờ bản giấy", required=False)
    files = forms.FileField(
        label="Tệp kèm theo", required=False, help_text="PDF, DOCX, XLSX; tối đa 50 MB mỗi tệp."
    )

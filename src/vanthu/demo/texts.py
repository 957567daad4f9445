"""What the people of the demonstration write: fictitious, in the wording of official documents (văn bản trình diễn)."""

from __future__ import annotations

from dataclasses import dataclass

from vanthu.kernel.actor import Urgency


@dataclass(frozen=True, slots=True)
class Text:
    """Type, subject (trích yếu) and paragraphs of one document."""

    type_code: str
    subject: str
    paragraphs: tuple[str, ...]
    bases: tuple[str, ...] = ()
    urgency: Urgency = Urgency.NORMAL


REQUEST = Text(
    "cong_van",
    "phối hợp thẩm định kinh phí thực hiện chính sách tinh giản biên chế",
    (
        (
            "Thực hiện chương trình công tác, Sở Nội vụ đang tổng hợp danh sách đối tượng đề nghị hưởng chính sách "
            "tinh giản biên chế đợt 2 của các cơ quan, đơn vị thuộc Thành phố."
        ),
        (
            "Để có cơ sở trình cấp có thẩm quyền phê duyệt, Sở Nội vụ đề nghị Sở Tài chính thẩm định nhu cầu kinh phí "
            "và xác định nguồn chi trả đối với 128 trường hợp tại 17 cơ quan, đơn vị."
        ),
        (
            "Ý kiến của quý Sở đề nghị gửi về Sở Nội vụ trong thời hạn 05 ngày làm việc. Rất mong nhận được sự phối "
            "hợp của quý Sở."
        ),
    ),
)
REPLY = Text(
    "cong_van",
    "ý kiến thẩm định kinh phí thực hiện chính sách tinh giản biên chế",
    (
        (
            "Phúc đáp đề nghị của Sở Nội vụ về việc phối hợp thẩm định kinh phí thực hiện chính sách tinh giản biên "
            "chế đợt 2, Sở Tài chính có ý kiến như sau:"
        ),
        (
            "1. Thống nhất nhu cầu kinh phí đối với 126 trường hợp; 02 trường hợp đề nghị bổ sung quyết định lương "
            "gần nhất để xác định mức trợ cấp."
        ),
        "2. Nguồn kinh phí: ngân sách Thành phố đã bố trí trong dự toán chi cải cách tiền lương.",
        "Sở Tài chính gửi Sở Nội vụ tổng hợp, trình cấp có thẩm quyền theo quy định.",
    ),
)
CONSULTATION = Text(
    "cong_van",
    "góp ý dự thảo Quy chế công tác văn thư, lưu trữ (kèm theo Phụ lục)",
    (
        (
            "Sở Nội vụ xây dựng dự thảo Quy chế mẫu về công tác văn thư, lưu trữ áp dụng cho các cơ quan, tổ chức "
            "thuộc Thành phố (nội dung chi tiết tại Phụ lục gửi kèm)."
        ),
        "Đề nghị quý cơ quan nghiên cứu, góp ý bằng văn bản trước ngày 15 của tháng tiếp theo.",
    ),
)
STORM = Text(
    "cong_dien",
    "Về việc chủ động ứng phó mưa lớn, ngập úng trên địa bàn Thành phố",
    (
        (
            "Theo bản tin dự báo, từ đêm nay đến hết ngày mai khu vực Hà Nội có mưa to đến rất to, nguy cơ ngập úng "
            "tại nhiều tuyến phố và khu dân cư thấp trũng."
        ),
        (
            "Ủy ban nhân dân Thành phố yêu cầu Giám đốc các Sở, Chủ tịch Ủy ban nhân dân các phường, xã trực chỉ huy "
            "24/24 giờ; rà soát, sơ tán người dân khỏi khu vực nguy hiểm; bố trí kinh phí, lực lượng, vật tư theo "
            "phương châm “bốn tại chỗ”."
        ),
        "Báo cáo tình hình về Văn phòng Ủy ban nhân dân Thành phố trước 17 giờ hằng ngày.",
    ),
    urgency=Urgency.EXPRESS,
)
REFORM_PLAN = Text(
    "ke_hoach",
    "Nâng cao Chỉ số cải cách hành chính của các cơ quan thuộc Thành phố",
    (
        "Mục đích: khắc phục các tiêu chí chưa đạt, nâng mức độ hài lòng của người dân và doanh nghiệp.",
        (
            "Nội dung: rà soát, đơn giản hóa thủ tục hành chính; chuẩn hóa quy trình giải quyết hồ sơ trên môi trường "
            "điện tử; công khai kết quả trên Cổng thông tin điện tử."
        ),
        "Các cơ quan, đơn vị xây dựng kế hoạch chi tiết và báo cáo kết quả hằng quý.",
    ),
)
BUDGET_MEETING = Text(
    "giay_moi",
    "Dự họp về phương án phân bổ dự toán chi thường xuyên năm sau",
    (
        "Ủy ban nhân dân Thành phố trân trọng kính mời đại diện lãnh đạo Sở và chuyên viên phụ trách dự họp.",
        "Thời gian: 14 giờ 00, ngày 27 tháng này. Địa điểm: Phòng họp số 2, trụ sở Ủy ban nhân dân Thành phố.",
        "Đề nghị chuẩn bị tài liệu liên quan và cử người dự họp đúng thành phần.",
    ),
)
CONCLUSION = Text(
    "thong_bao",
    "Kết luận của Chủ tịch Ủy ban nhân dân Thành phố tại hội nghị giao ban quý",
    (
        (
            "Giao Sở Tài chính chủ trì, phối hợp các cơ quan rà soát tiến độ giải ngân vốn đầu tư công, đề xuất điều "
            "chuyển đối với dự án chậm tiến độ."
        ),
        "Giao Sở Nội vụ tham mưu kiểm tra việc thực hiện kỷ luật, kỷ cương hành chính tại các phường, xã.",
        "Văn phòng Ủy ban nhân dân Thành phố theo dõi, đôn đốc việc thực hiện Thông báo này.",
    ),
)
ASSETS = Text(
    "cong_van",
    "khẩn trương rà soát trụ sở dôi dư sau sắp xếp đơn vị hành chính",
    (
        (
            "Ủy ban nhân dân Thành phố yêu cầu các Sở rà soát, lập danh mục trụ sở làm việc dôi dư sau khi sắp xếp đơn "
            "vị hành chính; đề xuất phương án bố trí, chuyển đổi công năng."
        ),
        "Kết quả gửi về Ủy ban nhân dân Thành phố trong tuần này.",
    ),
    urgency=Urgency.URGENT,
)
WARD_STAFF = Text(
    "cong_van",
    "đề nghị hướng dẫn bố trí người hoạt động không chuyên trách và kinh phí chi trả",
    (
        (
            "Sau khi sắp xếp tổ dân phố, Ủy ban nhân dân phường còn vướng mắc trong việc bố trí người hoạt động không "
            "chuyên trách và nguồn chi trả phụ cấp."
        ),
        "Ủy ban nhân dân phường đề nghị quý Sở hướng dẫn để tổ chức thực hiện thống nhất.",
    ),
)
WARD_REPORT = Text(
    "bao_cao",
    "Kết quả tự kiểm tra việc chấp hành kỷ luật, kỷ cương hành chính và sử dụng ngân sách",
    (
        (
            "Trong quý, phường đã tự kiểm tra 06 bộ phận chuyên môn; 100% hồ sơ thủ tục hành chính được giải quyết "
            "đúng hạn; chi thường xuyên bảo đảm tiết kiệm, đúng tiêu chuẩn, định mức."
        ),
        "Phường đề nghị quý Sở xem xét, có ý kiến đối với các kiến nghị nêu trong báo cáo.",
    ),
)

# Drafts that stand on desks.
TRAINING = Text(
    "ke_hoach",
    "Bồi dưỡng nghiệp vụ văn thư, lưu trữ cho công chức cấp xã",
    (
        "Tổ chức 06 lớp bồi dưỡng, mỗi lớp 02 ngày, cho công chức làm công tác văn thư, lưu trữ của phường, xã.",
    ),
)
STAFFING = Text(
    "cong_van",
    "cung cấp số liệu biên chế công chức hiện có mặt",
    (
        "Đề nghị quý cơ quan cung cấp số liệu biên chế công chức có mặt đến ngày cuối quý theo biểu mẫu đã ban hành.",
    ),
)
EMULATION = Text(
    "thong_bao",
    "Lịch kiểm tra công tác cải cách hành chính tại các phường, xã",
    ("Đoàn kiểm tra làm việc tại các phường, xã theo lịch; mỗi nơi một buổi, kiểm tra trực tiếp hồ sơ.",),
)
RECRUITMENT = Text(
    "cong_van",
    "hướng dẫn hồ sơ tiếp nhận vào làm công chức",
    ("Sở Nội vụ hướng dẫn thành phần hồ sơ và trình tự tiếp nhận vào làm công chức không qua thi tuyển.",),
)
ARCHIVES = Text(
    "cong_van",
    "bàn giao hồ sơ, tài liệu khi kết thúc hoạt động cấp huyện",
    ("Đề nghị các đơn vị hoàn thành thống kê, bàn giao hồ sơ, tài liệu cho cơ quan kế thừa đúng thời hạn.",),
)
HOLIDAY = Text(
    "thong_bao",
    "Phân công trực trong thời gian nghỉ lễ",
    ("Sở Nội vụ thông báo lịch phân công trực lãnh đạo và chuyên viên trong thời gian nghỉ lễ.",),
)
REWARD = Text(
    "cong_van",
    "lấy ý kiến xét tặng danh hiệu thi đua cấp Thành phố",
    ("Sở Nội vụ đề nghị quý cơ quan cho ý kiến đối với các tập thể, cá nhân được đề nghị xét tặng.",),
)
SETTLEMENT = Text(
    "cong_van",
    "đôn đốc quyết toán dự án hoàn thành",
    ("Sở Tài chính đề nghị các chủ đầu tư khẩn trương lập hồ sơ quyết toán đối với dự án đã nghiệm thu.",),
)
PRICES = Text(
    "thong_bao",
    "Kết quả khảo sát giá thị trường quý",
    ("Sở Tài chính thông báo mặt bằng giá một số mặt hàng thiết yếu làm cơ sở lập dự toán mua sắm.",),
)
PROCUREMENT = Text(
    "cong_van",
    "tổng hợp nhu cầu mua sắm tập trung",
    ("Đề nghị quý cơ quan tổng hợp, gửi nhu cầu mua sắm tài sản thuộc danh mục mua sắm tập trung.",),
)
SAVING = Text(
    "ke_hoach",
    "Thực hành tiết kiệm, chống lãng phí",
    ("Cắt giảm 10% chi thường xuyên ngoài lương; không mua sắm trang thiết bị chưa thực sự cần thiết.",),
)
ALLOCATION = Text(
    "cong_van",
    "thông báo bổ sung dự toán ngân sách",
    ("Sở Tài chính thông báo bổ sung có mục tiêu dự toán chi ngân sách để thực hiện nhiệm vụ được giao.",),
)

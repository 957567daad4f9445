"""The words of `vanthu due` in English: the command runs without Django and its catalogue."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "Chưa tính được hạn: --from «{text}» không phải thời điểm ISO 8601, như 2026-02-13T09:00:00+07:00.": (
        "No due time: --from “{text}” is not an ISO 8601 instant such as 2026-02-13T09:00:00+07:00."
    ),
    "Chưa tính được hạn: --from «{text}» thiếu múi giờ; thêm +07:00 vào sau giờ.": (
        "No due time: --from “{text}” has no time zone; add +07:00 after the time."
    ),
    "Chưa tính được hạn: {option} «{text}» phải là số nguyên từ 1 đến {longest}.": (
        "No due time: {option} “{text}” must be a whole number from 1 to {longest}."
    ),
    "Chưa tính được hạn: không có mức độ khẩn «{text}»; chọn một trong: {names}.": (
        "No due time: there is no urgency “{text}”; choose one of: {names}."
    ),
    "Chưa tính được hạn: văn bản thường cần đúng một trong hai tùy chọn --days hoặc --hours.": (
        "No due time: an ordinary document needs exactly one of --days and --hours."
    ),
    "Chưa tính được hạn: văn bản khẩn tính theo đồng hồ; bỏ --days, --hours hoặc dùng --urgency thuong.": (
        "No due time: urgent documents go by the clock; leave out --days, --hours or use --urgency thuong."
    ),
    "Chưa tính được hạn: lịch {calendar} chưa có ngày nghỉ của năm {year}; quản trị cần nhập năm này.": (
        "No due time: the calendar “{calendar}” has no holidays for {year}; an administrator must enter them."
    ),
    "Chưa tính được hạn: không tìm thấy lịch của cơ quan «{text}»; kiểm tra lại mã cơ quan.": (
        "No due time: no calendar was found for the agency “{text}”; check its code."
    ),
    "Chưa tính được hạn: thời điểm nằm ngoài khoảng tính được.": "No due time: the instant is out of range.",
    "Lưu ý: hạn này dựa trên ngày nghỉ dự kiến, chờ quản trị xác nhận.": (
        "Note: this due time rests on projected holidays that an administrator has yet to confirm."
    ),
    "thứ Hai": "Monday",
    "thứ Ba": "Tuesday",
    "thứ Tư": "Wednesday",
    "thứ Năm": "Thursday",
    "thứ Sáu": "Friday",
    "thứ Bảy": "Saturday",
    "Chủ nhật": "Sunday",
    "Văn bản thường, đến lúc {at}.": "An ordinary document, arrived at {at}.",
    "Văn bản khẩn, đến lúc {at}: tính ngay.": "An urgent document, arrived at {at}: counted at once.",
    "Đến sau giờ hành chính: tính từ ngày làm việc tiếp theo, {at}.": (
        "Arrived after office hours: counted from the next working day, {at}."
    ),
    "Đến vào ngày nghỉ: tính từ ngày làm việc tiếp theo, {at}.": (
        "Arrived on a day off: counted from the next working day, {at}."
    ),
    "Tính từ {at}.": "Counted from {at}.",
    "Tính từ {at}, theo lịch {calendar}.": "Counted from {at}, by the calendar “{calendar}”.",
    "Thời hạn {n} ngày làm việc, không kể ngày bắt đầu, đến hết giờ làm việc của ngày cuối.": (
        "A term of {n} working days after the first day, to the end of office hours of the last."
    ),
    "Thời hạn {n} giờ làm việc, chỉ tính trong giờ hành chính.": "A term of {n} hours within office hours.",
    "Trong ngày, chậm nhất là buổi sáng của ngày làm việc tiếp theo.": (
        "The same day, at the latest the morning of the next working day."
    ),
    "Trong ngày, chậm nhất là cuối giờ làm việc của ngày làm việc tiếp theo.": (
        "The same day, at the latest the end of office hours of the next working day."
    ),
    "Văn bản khẩn: {minutes} phút theo đồng hồ, không kể giờ hành chính.": (
        "An urgent document: {minutes} minutes of the clock, whatever the office hours."
    ),
    "Không tính {day}: nghỉ hằng tuần.": "{day} does not count: weekly rest.",
    "Không tính {day}: nghỉ lễ, {name}; căn cứ: {source}.": (
        "{day} does not count: holiday, {name}; source: {source}."
    ),
    "Không tính {day}: nghỉ bù, {name}; căn cứ: {source}.": (
        "{day} does not count: compensatory day off, {name}; source: {source}."
    ),
    "Không tính {day}: nghỉ hoán đổi, {name}; căn cứ: {source}.": (
        "{day} does not count: day off by exchange, {name}; source: {source}."
    ),
    "{day}: ngày làm việc thứ {nth}.": "{day}: working day {nth}.",
    "{day}: ngày làm việc thứ {nth}, {name}; căn cứ: {source}.": (
        "{day}: working day {nth}, a make-up day, {name}; source: {source}."
    ),
    "{day}, {start}–{end}: tính {worked}, còn {left}.": (
        "{day}, {start}–{end}: {worked} counted, {left} left."
    ),
    "{day}, {start}–{end}: tính {worked}, còn {left}; {name}; căn cứ: {source}.": (
        "{day}, {start}–{end}: {worked} counted, {left} left; a make-up day, {name}; source: {source}."
    ),
    "Hạn: {at}.": "Due: {at}.",
    "Ngày này là dự kiến, chờ quản trị xác nhận.": "This day is projected and awaits confirmation.",
}

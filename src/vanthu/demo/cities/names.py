"""Fictitious Vietnamese names, composed from common parts by a seed; and their ASCII form for usernames."""

import unicodedata
from hashlib import blake2b

# Weighted roughly as in the population, so that lists look like lists of real people.
_SURNAMES = (
    ("Nguyễn",) * 30
    + ("Trần",) * 11
    + ("Lê",) * 9
    + ("Phạm",) * 7
    + ("Hoàng",) * 4
    + ("Vũ",) * 4
    + ("Phan",) * 3
    + ("Đặng",) * 3
    + ("Bùi",) * 3
    + ("Đỗ",) * 3
    + ("Ngô",) * 2
    + ("Dương",) * 2
    + ("Đinh",) * 2
    + (
        "Lý",
        "Hồ",
        "Trịnh",
        "Mai",
        "Đoàn",
        "Lương",
        "Tạ",
        "Cao",
        "Lưu",
        "Chu",
        "Hà",
        "Tô",
        "Kiều",
        "Khuất",
        "Quách",
    )
)
_MALE_MIDDLE = "Văn Đức Minh Hữu Quang Công Đình Xuân Anh Ngọc Tiến Mạnh Thành Bá Duy Hồng Trọng Việt"
_FEMALE_MIDDLE = "Thị Thu Thanh Ngọc Minh Hồng Phương Thùy Bích Kim Khánh Hải Lan Mai Quỳnh Diệu"
_MALE_GIVEN = """
    An Bách Bình Cường Chiến Chung Dũng Duẩn Đạt Điệp Đông Giang Hà Hải Hào Hiếu Hiệp Hòa Hoàn Hùng Huy Hưng
    Khang Khánh Khôi Kiên Lâm Long Lộc Luân Nam Nghĩa Nhân Ninh Phong Phú Phúc Phương Quân Quý Quyết Sơn Tâm
    Tân Thái Thắng Thịnh Thuận Tiệp Toàn Trung Trường Tuấn Tùng Tuyên Vinh Vũ
"""
_FEMALE_GIVEN = """
    An Anh Ánh Bình Châu Chi Chinh Cúc Dung Duyên Đào Giang Hà Hạnh Hằng Hân Hiền Hoa Hòa Huệ Huyền Hương
    Hường Lan Lệ Liên Linh Loan Ly Mai My Nga Ngân Ngọc Nguyệt Nhàn Nhung Oanh Phượng Quyên Sen Tâm Thảo
    Thoa Thơm Thư Thương Thủy Trang Trà Tuyết Vân Xuân Yến
"""
_MIDDLE = {"male": _MALE_MIDDLE.split(), "female": _FEMALE_MIDDLE.split()}
_GIVEN = {"male": _MALE_GIVEN.split(), "female": _FEMALE_GIVEN.split()}
GENDERS = ("female", "male")


def full_name(seed: str) -> tuple[str, str]:
    """A name and the gender that goes with it; the same seed always gives the same person."""
    draw = int.from_bytes(blake2b(seed.encode(), digest_size=16).digest(), "big")
    draw, which = divmod(draw, len(GENDERS))
    gender = GENDERS[which]
    parts = []
    for choices in (_SURNAMES, _MIDDLE[gender], _GIVEN[gender]):
        draw, which = divmod(draw, len(choices))
        parts.append(choices[which])
    if parts[1] == parts[2]:
        return full_name(f"{seed}+")
    return " ".join(parts), gender


def ascii_slug(text: str) -> str:
    """The letters and digits of a text without marks, in lower case: `Ô Chợ Dừa` → `ochodua`."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())

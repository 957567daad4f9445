"""The one table of keys: the page carries it, keys.js makes behaviour of it and `?` shows it (phím tắt)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Key:
    """A key, the act it does and what the help calls it."""

    keys: str
    """As shown and as matched: "j", "Enter", "Ctrl+Enter", "g d"."""
    act: str
    """An element with `data-vanthu-act` of this name, or a movement that keys.js knows."""
    label: Promise | str


TABLE = (
    Key("/", "search", _("Tìm kiếm")),
    Key("j", "row-down", _("Xuống dòng dưới")),
    Key("k", "row-up", _("Lên dòng trên")),
    Key("Enter", "row-open", _("Mở văn bản")),
    Key("x", "row-select", _("Chọn hoặc bỏ chọn")),
    Key("e", "primary", _("Việc chính của màn hình")),
    Key("Ctrl+Enter", "submit", _("Thực hiện việc đang nhập")),
    Key("a", "assign", _("Giao xử lý")),
    Key("r", "return", _("Trả lại, từ chối")),
    Key("n", "next", _("Văn bản tiếp theo")),
    Key("p", "prev", _("Văn bản trước")),
    Key("←", "page-prev", _("Trang trước")),
    Key("→", "page-next", _("Trang sau")),
    Key("?", "help", _("Các phím dùng được ở đây")),
    Key("Esc", "close", _("Đóng, thôi")),
)


def table_for(rail: Iterable[Mapping[str, Any]]) -> tuple[Key, ...]:
    """The table for a person's screen: `g` and the letter of each queue on his rail, then what is valid everywhere."""
    letters = {entry["key"]: entry["label"] for group in rail for entry in group["entries"] if entry["key"]}
    to = gettext("Đến: {queue}")
    return (*TABLE, *(Key(f"g {key}", f"go-{key}", to.format(queue=label)) for key, label in letters.items()))

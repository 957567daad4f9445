"""Shapes of the acts between direction and completion; what they mean is asked by the operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from vanthu.organizations.queries import PostRow, UnitRow
from vanthu.routing.operations import DirectionOrder
from vanthu.web.forms import VersionForm

MOST_DAYS = 365
LOCAL_MOMENT = "%Y-%m-%dT%H:%M"


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _moment_widget() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_MOMENT)


class TaskForm(VersionForm):
    """Knows the task it belongs to: several may stand on one page."""

    def __init__(self, *args: Any, task_id: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__}-{task_id}-%s")
        super().__init__(*args, **kwargs)
        self.task_id = task_id


class DirectForm(TaskForm):
    """Ý kiến chỉ đạo: who leads, who joins, who learns of it, and until when."""

    lead_unit_id = forms.TypedChoiceField(coerce=int, required=False, empty_value=None)
    cooperating = forms.TypedMultipleChoiceField(coerce=int, required=False)
    inform = forms.TypedMultipleChoiceField(coerce=int, required=False)
    text = forms.CharField(
        label=_("Ý kiến chỉ đạo"),
        widget=_area(3),
        max_length=2000,
        error_messages={"required": _("Ghi ý kiến chỉ đạo.")},
    )
    days = forms.IntegerField(label=_("Số ngày làm việc"), min_value=1, max_value=MOST_DAYS)
    due_at = forms.DateTimeField(
        label=_("Hoặc ấn định ngày, giờ"),
        help_text=_("Có ngày, giờ ở đây thì không tính theo số ngày làm việc."),
        required=False,
        widget=_moment_widget(),
    )

    def __init__(
        self,
        *args: Any,
        units: Sequence[UnitRow] = (),
        heads: Mapping[int, PostRow] | None = None,
        load: Mapping[int, int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._units, self._heads, self._load = units, heads or {}, load or {}
        for name in ("lead_unit_id", "cooperating", "inform"):
            self.fields[name].choices = [(unit.id, unit.name) for unit in units]  # type: ignore[attr-defined]

    def parts(self) -> list[dict[str, Any]]:
        """One line for each unit: its head, how much it leads already, and what it is chosen for."""
        lead = str(self["lead_unit_id"].value() or "")
        joins, learns = self._chosen("cooperating"), self._chosen("inform")
        return [
            {
                "id": unit.id,
                "name": unit.name,
                "head": self._head(unit.id),
                "load": self._busy(unit.id),
                "is_lead": str(unit.id) == lead,
                "joins": str(unit.id) in joins,
                "learns": str(unit.id) in learns,
                "has_head": unit.id in self._heads,
            }
            for unit in self._units
        ]

    def _chosen(self, name: str) -> set[str]:
        return {str(each) for each in self[name].value() or ()}

    def _head(self, unit_id: int) -> str:
        head = self._heads.get(unit_id)
        return head.person_name if head else say("chưa có lãnh đạo đơn vị")

    def _busy(self, unit_id: int) -> str:
        count = self._load.get(unit_id, 0)
        if not count:
            return say("chưa chủ trì việc nào")
        return ngettext("{n} việc đang chủ trì", "{n} việc đang chủ trì", count).format(n=count)

    def order(self) -> DirectionOrder:
        data = self.cleaned_data
        return DirectionOrder(
            text=data["text"],
            lead_unit_id=data["lead_unit_id"],
            cooperating_unit_ids=tuple(data["cooperating"]),
            inform_unit_ids=tuple(data["inform"]),
            days=data["days"],
            due_at=data["due_at"],
            version=data["version"],
        )


class FileForm(TaskForm):
    text = forms.CharField(label=_("Ý kiến"), required=False, widget=_area(2), max_length=2000)


class ReasonForm(TaskForm):
    """An act that goes back says why."""

    reason = forms.CharField(
        label=_("Lý do"), widget=_area(3), max_length=500, error_messages={"required": _("Ghi rõ lý do.")}
    )


class GiveBackForm(ReasonForm):
    """To the records office."""


class DeclineForm(ReasonForm):
    """Không đúng chức năng, nhiệm vụ."""


class ReworkForm(ReasonForm):
    reason = forms.CharField(
        label=_("Yêu cầu làm tiếp"),
        widget=_area(3),
        max_length=500,
        error_messages={"required": _("Ghi rõ yêu cầu làm tiếp.")},
    )


class TakeUpForm(TaskForm):
    """Takes up a filed document again."""


class StartForm(TaskForm):
    """Takes up a task."""


class NoteForm(TaskForm):
    """Notes what was given for information."""


class AssignOnForm(TaskForm):
    post_id = forms.TypedChoiceField(
        label=_("Phân công cho"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn người được giao giải quyết công việc.")},
    )
    text = forms.CharField(
        label=_("Ý kiến"),
        help_text=_("Để trống thì chuyển nguyên ý kiến chỉ đạo của lãnh đạo."),
        required=False,
        widget=_area(2),
        max_length=2000,
    )
    due_at = forms.DateTimeField(label=_("Hạn giải quyết"), widget=_moment_widget())

    def __init__(self, *args: Any, people: Sequence[PostRow] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.id, f"{row.person_name}\n{row.title}") for row in people]
        self.fields["post_id"].choices = choices  # type: ignore[attr-defined]


class ReportForm(TaskForm):
    result = forms.CharField(
        label=_("Kết quả giải quyết"),
        help_text=_("Bắt buộc khi chưa có văn bản trả lời."),
        required=False,
        widget=_area(4),
        max_length=4000,
    )


class ApproveForm(TaskForm):
    waive = forms.BooleanField(label=_("Kết thúc không chờ đơn vị phối hợp"), required=False)

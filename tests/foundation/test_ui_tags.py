"""The components: what a reader, a keyboard and a screen reader get from each tag."""

import re

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation

from vanthu.foundation.ui import keys, sample


@pytest.fixture(autouse=True)
def _in_vietnamese():
    with translation.override("vi"):
        yield


def render(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load ui %}" + source).render(context)


def test_urgency_is_said_in_words_and_level_zero_says_nothing() -> None:
    assert "Hỏa tốc" in render("{% urgency 3 %}")
    assert render("{% urgency 0 %}").strip() == ""


def test_a_due_mark_gives_the_absolute_time_to_screen_readers() -> None:
    html = render('{% due "late" "quá hạn 2 giờ" "09:31 ngày 20/11/2026" %}')
    assert "quá hạn 2 giờ" in html
    assert '<span class="sr-only">(09:31 ngày 20/11/2026)</span>' in html


def test_a_counter_of_zero_is_not_shown_and_a_huge_one_is_capped() -> None:
    assert render("{% counter 0 %}") == ""
    assert "999+" in render("{% counter 1200 %}")


def test_a_forbidden_act_stays_on_the_screen_with_its_reason() -> None:
    html = render('{% button "Phát hành" disabled_reason="Văn bản chưa có chữ ký số." act="primary" %}')
    described = re.search(r'aria-describedby="([\w-]+)"', html)
    assert described
    assert f'id="{described[1]}"' in html
    assert 'aria-disabled="true"' in html
    assert "data-vanthu-act" not in html
    assert 'type="submit"' not in html


def test_labels_and_values_are_escaped() -> None:
    html = render("{% button label %}{% empty_state label %}", label="<b>Trình</b>")
    assert "<b>Trình" not in html


def test_a_field_ties_its_hint_and_its_errors_to_the_control() -> None:
    form = sample.SampleForm(data={"subject": ""})
    html = render("{% field form.subject %}", form=form)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_subject-hint id_subject-error"' in html
    assert 'id="id_subject-hint"' in html
    assert 'id="id_subject-error"' in html


def test_radio_cards_show_the_hint_and_nothing_is_chosen_beforehand() -> None:
    html = render("{% field form.way %}", form=sample.SampleForm())
    assert "Gửi ngay qua hệ thống" in html
    assert html.count('type="radio"') == 2
    assert "checked" not in html


def test_a_dialog_carries_its_title_and_its_content() -> None:
    html = render('{% dialog id="d" title="Thu hồi?" %}<p>Nội dung</p>{% enddialog %}')
    assert 'aria-labelledby="d-title"' in html
    assert "<p>Nội dung</p>" in html


def test_an_explained_date_lists_the_skipped_days_with_their_reason() -> None:
    html = render("{% why trace %}", trace=sample.TRACE)
    assert html.count("data-skipped") == 2
    assert "nghỉ cuối tuần" in html


def test_the_tree_of_hand_overs_keeps_its_depth() -> None:
    html = render("{% handovers nodes %}", nodes=sample.HANDOVERS)
    assert html.count("<ul") == 3
    assert "quá hạn 1 ngày" in html


def test_the_text_layer_writes_numbers_that_svg_understands_in_vietnamese_too() -> None:
    page = {
        "width": 595.5,
        "height": 842,
        "lines": [{"text": "Số", "x": 92.25, "y": 84.5, "width": 10, "size": 13}],
    }
    html = render_to_string("ui/text_layer.html", {"page": page})
    assert 'viewBox="0 0 595.5 842"' in html
    assert 'x="92.25"' in html


def test_the_help_shows_every_key_once() -> None:
    html = render("{% keys_help %}")
    assert html.count("data-vanthu-key=") == len(keys.TABLE)
    assert len({key.keys for key in keys.TABLE}) == len(keys.TABLE)


def test_the_bottom_bar_takes_four_queues_and_prefers_the_flagged_ones() -> None:
    html = render("{% for e in rail|bottom_entries %}[{{ e.label }}]{% endfor %}", rail=sample.RAIL)
    assert html == "[Chờ tiếp nhận][Chờ đăng ký][Chờ trình][Chờ phát hành]"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_gallery_shows_every_component(theme: str, rf, settings) -> None:
    from vanthu.foundation.ui.views import gallery

    settings.VANTHU_SHOW_GALLERY = True
    html = gallery(rf.get("/_ui/", {"theme": theme})).content.decode()
    assert f'data-theme="{theme}"' in html
    for mark in (
        "urgency-3",
        "banner-error",
        "viewer-pages",
        "timeline",
        "handover",
        "bones",
        "keys-help",
        "drop",
    ):
        assert mark in html

"""The components of every screen as template tags: `{% load ui %}`; their markup stands in `templates/ui/`.

Tags take scalars, rows and bound form fields, never models, and add no `style` attribute: the content
security policy forbids it. What each one looks like in each state is shown on `/_ui/`.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.forms import BoundField, widgets
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from vanthu.foundation.ui import keys

register = template.Library()

URGENCY_LABELS = {1: _("Khẩn"), 2: _("Thượng khẩn"), 3: _("Hỏa tốc")}
URGENCY_ICONS = {1: "khan", 2: "thuongkhan", 3: "hoatoc"}
DUE_ICONS = {"late": "late", "soon": "clock", "fine": "clock", "none": "calendar"}
VERDICT_ICONS = {"ok": "shield-ok", "warn": "shield-warn", "bad": "shield-bad", "none": "shield-none"}
BANNER_ICONS = {"error": "warn", "warn": "warn", "ok": "check", "info": "info"}
BOTTOM_BAR_ENTRIES = 4


@lru_cache(maxsize=1)
def _sprite() -> str:
    """The address of the sprite: a list asks for it more than a hundred times."""
    return static("icons.svg")


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw a stroke icon from our own sprite; silent for screen readers unless it carries a label."""
    css = f"icon icon-{size}" if size else "icon"
    speech = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    href = f"{_sprite()}#{name}"
    return format_html('<svg class="{}" {}><use href="{}"></use></svg>', css, speech, href)


@register.inclusion_tag("ui/mark.html")
def urgency(level: int, label: str = "") -> dict[str, Any]:
    """Mark the urgency (độ khẩn) in colour, icon and word; nothing for level 0."""
    if level not in URGENCY_LABELS:
        return {}
    word = label or URGENCY_LABELS[level]
    return {"css": f"urgency urgency-{level}", "icon_name": URGENCY_ICONS[level], "label": word}


@register.inclusion_tag("ui/mark.html")
def due(state: str, label: str, title: str = "", until: str = "") -> dict[str, Any]:
    """Say the due state in words; `title` is the absolute time, `until` (ISO 8601) keeps the minutes true."""
    css, icon_name = f"due-{state}", DUE_ICONS.get(state, "calendar")
    return {"css": css, "icon_name": icon_name, "label": label, "title": title, "until": until}


@register.inclusion_tag("ui/mark.html")
def verdict(state: str, label: str, title: str = "") -> dict[str, Any]:
    """Show the verdict on a document's signatures as a chip."""
    icon_name = VERDICT_ICONS.get(state, "shield-none")
    return {"css": f"verdict-{state}", "icon_name": icon_name, "label": label, "title": title}


@register.simple_tag
def counter(value: int | None, loud: bool = False) -> SafeString:
    """Show how many wait in a queue; 0 is not shown, beyond 999 the count stops."""
    if not value:
        return mark_safe("")
    css = "counter counter-loud" if loud else "counter"
    return format_html('<span class="{}">{}</span>', css, value if value <= 999 else "999+")


@register.inclusion_tag("ui/avatar.html")
def avatar(initials: str, name: str = "", size: str = "") -> dict[str, Any]:
    """Show a person's initials."""
    return {"initials": initials, "name": name, "size": size}


@register.inclusion_tag("ui/button.html")
def button(label: str, **options: Any) -> dict[str, Any]:
    """Make a button, or a link that looks like one.

    Options: kind (primary|secondary|quiet|danger), icon, url, type, name, value, form, disabled_reason, id,
    key (shown, e.g. "Ctrl ↵"), act (the name keys.py binds: primary, assign, return, next …), dialog (id to
    open), closes (True closes the dialog around it), icon_only, get/target (htmx).
    """
    digest = crc32(f"{label}{options.get('disabled_reason')}".encode())
    disabled_id = f"why-{options.get('id') or digest}"
    return {"kind": "secondary", "type": "submit", "disabled_id": disabled_id, **options, "label": label}


def _widget_kind(widget: widgets.Widget) -> str:
    kinds: tuple[tuple[type[widgets.Widget], str], ...] = (
        (widgets.CheckboxSelectMultiple, "choices"),
        (widgets.RadioSelect, "choices"),
        (widgets.CheckboxInput, "check"),
        (widgets.FileInput, "file"),
    )
    return next((kind for family, kind in kinds if isinstance(widget, family)), "control")


def _choices(bound: BoundField) -> list[dict[str, Any]]:
    """List the options of a radio group; a choice label may carry a hint after a line break."""
    rows = []
    for option in bound.subwidgets:
        title, _separator, hint = str(option.choice_label).partition("\n")
        rows.append({"input": option.tag(), "title": title, "hint": hint})
    return rows


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, label: str = "", prompt: str = "", cards: bool = True) -> dict[str, Any]:
    """Render a form field with its label, hint and errors tied together for screen readers.

    Text, select, textarea, checkbox, radio cards and file drop follow from the field's widget.
    """
    kind = _widget_kind(bound.field.widget)
    hint_id, error_id = f"{bound.auto_id}-hint", f"{bound.auto_id}-error"
    described = [i for i, shown in ((hint_id, bound.help_text), (error_id, bound.errors)) if shown]
    attrs: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if prompt:
        attrs["placeholder"] = prompt
    return {
        "bound": bound,
        "kind": kind,
        "label": label or bound.label,
        "hint_id": hint_id,
        "error_id": error_id,
        "cards": cards,
        "described": attrs.get("aria-describedby", ""),
        "choices": _choices(bound) if kind == "choices" else (),
        "widget": "" if kind == "choices" else bound.as_widget(attrs=attrs),
    }


@register.inclusion_tag("ui/tabs.html")
def tabs(entries: Iterable[Mapping[str, Any]], label: str, target: str = "") -> dict[str, Any]:
    """Make a row of links {label, url, count?, is_current}; with `target` htmx swaps that element only."""
    return {"entries": entries, "label": label, "target": target}


@register.inclusion_tag("ui/row.html")
def queue_row(row: Any) -> dict[str, Any]:
    """Show a document in a list; the fields are named in web/templates/README.md."""
    return {"row": row}


@register.inclusion_tag("ui/empty.html")
def empty_state(title: str, text: str = "", icon_name: str = "inbox", **options: Any) -> dict[str, Any]:
    """Say that nothing is here and what will bring something; options: url, url_label."""
    return {"title": title, "text": text, "icon_name": icon_name, **options}


@register.inclusion_tag("ui/skeleton.html")
def skeleton(shape: str = "rows", count: int = 5) -> dict[str, Any]:
    """Draw the shape (rows|page|panel) of what is being loaded."""
    return {"shape": shape, "count": range(count)}


@register.inclusion_tag("ui/banner.html")
def banner(kind: str, title: str, why: str = "", remedy: str = "", code: str = "") -> dict[str, Any]:
    """Say it in three sentences: what did (not) happen, why, what to do; then a code to quote."""
    icon_name = BANNER_ICONS.get(kind, "info")
    return {"kind": kind, "icon_name": icon_name, "title": title, "why": why, "remedy": remedy, "code": code}


@register.simple_block_tag(end_name="enddialog")
def dialog(content: str, id: str, title: str, size: str = "") -> SafeString:
    """Wrap its content in a native dialog that any `{% button … dialog=id %}` opens."""
    return render_to_string("ui/dialog.html", {"content": content, "id": id, "title": title, "size": size})


@register.inclusion_tag("ui/why.html")
def why(trace: Mapping[str, Any] | None, label: str = "") -> dict[str, Any]:
    """Explain a computed date: trace = {rule, steps: [{when, text, is_skipped}]}."""
    return {"trace": trace, "label": label or _("vì sao?")}


@register.inclusion_tag("ui/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """Tell what happened: entries {at_label, at_iso, who, text, note?, is_strong?}."""
    return {"entries": entries}


@register.inclusion_tag("ui/handovers.html")
def handovers(nodes: Iterable[Any]) -> dict[str, Any]:
    """Draw the tree of hand-overs (luồng xử lý).

    Nodes: {name, initials, role, state_label, since, until?, due_label?, due_state?, note?, children}.
    """
    return {"nodes": nodes}


@register.inclusion_tag("ui/facts.html")
def facts(items: Iterable[Any]) -> dict[str, Any]:
    """List facts: pairs (label, value), or {label, value, hint?, why?} with a trace."""
    rows = [{"label": i[0], "value": i[1]} if isinstance(i, (tuple, list)) else i for i in items]
    return {"items": rows}


@register.inclusion_tag("ui/viewer.html")
def page_viewer(viewer: Any) -> dict[str, Any]:
    """Show a document's page images with their text layers; the fields stand in web/templates/README.md."""
    return {"viewer": viewer}


@register.inclusion_tag("ui/steps.html")
def steps(items: Iterable[Mapping[str, str]], label: str = "") -> dict[str, Any]:
    """Show how far a thing has come: items {label, state: done|current|next}."""
    return {"items": items, "label": label or _("Các bước")}


@register.inclusion_tag("ui/walker.html")
def walker(walk: Any) -> dict[str, Any]:
    """Walk the queue: ◀ 3/12 ▶ from {position, total, prev_url, next_url}."""
    return {"walk": walk}


@register.inclusion_tag("ui/more.html")
def more(url: str, label: str = "") -> dict[str, Any]:
    """Offer the next page of a keyset list; htmx puts it in the place of this link."""
    return {"url": url, "label": label or _("Xem thêm")}


@register.inclusion_tag("ui/keys_help.html", takes_context=True)
def keys_help(context: template.Context) -> dict[str, Any]:
    """Carry the table of keys: keys.js reads it for behaviour, people for help."""
    return {"keys": keys.table_for(context.get("shell", {}).get("rail", ()))}


@register.filter
def bottom_entries(rail: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Pick the four queues of a phone's bottom bar: those flagged `in_bar`, else the first ones."""
    entries = [entry for group in rail or () for entry in group["entries"]]
    flagged = [entry for entry in entries if entry.get("in_bar")]
    return (flagged or entries)[:BOTTOM_BAR_ENTRIES]

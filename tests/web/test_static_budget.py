"""The screens' budgets: weight, lines, contrast, and what the content security policy forbids."""

import gzip
import re
from pathlib import Path
from statistics import median

import django_htmx
import pytest

import vanthu

ROOT = Path(vanthu.__file__).parent
STATIC = ROOT / "web" / "static"
TEMPLATES = sorted(ROOT.glob("**/templates/**/*.html"))
CODE = sorted([*STATIC.glob("css/*.css"), *STATIC.glob("js/**/*.js"), *STATIC.glob("*.svg"), *TEMPLATES])
TOKENS = (STATIC / "css" / "tokens.css").read_text()
COLOURS_ON_PAPER = (
    "ink",
    "ink-2",
    "ink-3",
    "accent",
    "hoatoc",
    "thuongkhan",
    "khan",
    "late",
    "soon",
    "fine",
    "warn",
)


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _block(selector: str) -> dict[str, str]:
    start = TOKENS.index(selector)
    body = TOKENS[TOKENS.index("{", start) + 1 : TOKENS.index("}", start)]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", body))


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_all_own_javascript_stays_within_1500_lines() -> None:
    lines = sum(len(path.read_text().splitlines()) for path in STATIC.glob("js/**/*.js"))
    assert lines <= 1500


def test_css_js_icons_and_fonts_of_a_first_load_leave_room_for_the_page_in_150_kb() -> None:
    htmx = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    packed = [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js"), STATIC / "icons.svg", htmx]
    weight = sum(len(gzip.compress(path.read_bytes())) for path in packed)
    weight += sum(path.stat().st_size for path in STATIC.glob("fonts/*.woff2"))
    assert weight <= 130_000


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_a_template_has_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=|hx-on|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", CODE, ids=_named)
def test_nothing_is_fetched_from_another_host(path: Path) -> None:
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|[\"'(]//\w", text)


def test_templates_stay_small() -> None:
    sizes = [len(path.read_text().splitlines()) for path in TEMPLATES]
    assert max(sizes) <= 150
    assert median(sizes) <= 40


def test_the_dark_theme_is_the_same_whether_chosen_or_taken_from_the_machine() -> None:
    assert _block('\n[data-theme="dark"]') == _block(":root:not([data-theme])")


@pytest.mark.parametrize("theme", [":root, [data-theme", '\n[data-theme="dark"]'], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "surface", "sunken", "raised"])
@pytest.mark.parametrize("colour", COLOURS_ON_PAPER)
def test_text_colours_reach_4_5_to_1(theme: str, ground: str, colour: str) -> None:
    tokens = _block(theme)
    assert _contrast(tokens[colour], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", [":root, [data-theme", '\n[data-theme="dark"]'], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("accent-ink", "accent"),
        ("accent", "accent-tint"),
        ("ink-2", "accent-tint"),
        ("warn", "warn-tint"),
        ("late", "accent-tint"),
        ("soon", "accent-tint"),
        ("fine", "accent-tint"),
        ("thuongkhan", "accent-tint"),
    ],
)
def test_text_on_tints_reaches_4_5_to_1(theme: str, text: str, ground: str) -> None:
    tokens = _block(theme)
    assert _contrast(tokens[text], tokens[ground]) >= 4.5


def test_every_icon_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([\w-]+)"|(?<=[ _])icon(?:_name)?="([\w-]+)"', path.read_text())
        for name in name
        if name
    }
    assert named
    assert named <= drawn

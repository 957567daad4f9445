"""A template that nobody renders, includes or extends is dead code."""

from collections.abc import Iterable
from pathlib import Path

from tests.architecture.source import SRC, demand_none, python_files, templates

# Names that a library or Django itself asks for; we only provide them.
ASKED_FOR_BY_OTHERS = {
    "400.html": "Django",
    "403.html": "Django",
    "403_csrf.html": "Django",
    "404.html": "Django",
    "500.html": "Django",
}
LIBRARY_FOLDERS = ("account/", "allauth/", "usersessions/", "mfa/", "django/")


def spellings(name: str) -> list[str]:
    """How code can name a template: whole, with a partial behind it, or `f"errors/{status}.html"`."""
    folder = name.rpartition("/")[0]
    computed = [f'f"{folder}/{{', f"f'{folder}/{{"] if folder else []
    return [f'"{name}', f"'{name}", *computed]


def unused(names: Iterable[str], texts: Iterable[str]) -> list[str]:
    everything = "\n".join(texts)
    return sorted(name for name in names if not any(spelling in everything for spelling in spellings(name)))


def texts() -> list[str]:
    sources: list[Path] = [*python_files(), *templates().values()]
    return [path.read_text(encoding="utf-8") for path in sources]


def test_every_template_is_used() -> None:
    names = {name for name in templates() if not name.startswith(LIBRARY_FOLDERS)} - set(ASKED_FOR_BY_OTHERS)
    demand_none(unused(names, texts()))


def test_template_names_are_unique() -> None:
    """Two folders with the same name hide each other, and which one wins depends on the order of the apps."""
    all_files = [path for home in SRC.rglob("templates") for path in home.rglob("*.html")]
    assert len(templates()) == len(all_files)


def test_the_rule_knows_a_partial_from_a_dead_page() -> None:
    used = ['render(request, "incoming/detail.html#card")', "{% include 'ui/button.html' %}"]
    assert unused(["incoming/detail.html", "ui/button.html", "incoming/old.html"], used) == [
        "incoming/old.html"
    ]

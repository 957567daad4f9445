"""Migrations, too, only point down the map, and their names say what they do."""

import re

import pytest
from django.db.migrations.loader import MigrationLoader

from tests.architecture.source import contexts, demand_none, height

NAME = re.compile(r"^\d{4}_(initial|[a-z]+(_[a-z0-9]+)+)$")


def migrations() -> list[tuple[str, str, list[str]]]:
    """(app, name, the Vanthu apps it depends on) of every migration of ours."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = contexts() | {"foundation"}
    return [
        (app, name, [other for other, _ in migration.dependencies if other in ours and other != app])
        for (app, name), migration in sorted((loader.disk_migrations or {}).items())
        if app in ours
    ]


def upwards(known: list[tuple[str, str, list[str]]]) -> list[str]:
    return [
        f"{app}.{name} -> {other}"
        for app, name, others in known
        for other in others
        if height(other) >= height(app)
    ]


def test_migrations_depend_on_contexts_below_only() -> None:
    demand_none(upwards(migrations()))


def test_the_rule_notices_a_migration_that_looks_up() -> None:
    assert upwards([("registry", "0001_initial", ["documents", "organizations"])]) == []
    assert upwards([("documents", "0002_add_entry", ["registry"])]) == [
        "documents.0002_add_entry -> registry"
    ]
    assert upwards([("drafting", "0002_add_task", ["routing"])]) == ["drafting.0002_add_task -> routing"]


def well_named(name: str) -> bool:
    return bool(NAME.match(name)) and "_auto_" not in name


def test_each_migration_says_what_it_does() -> None:
    demand_none([f"{app}.{name}" for app, name, _ in migrations() if not well_named(name)])


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("0001_initial", True),
        ("0007_add_retention_class", True),
        ("0002_auto_20261122_1012", False),
        ("0003_x", False),
    ],
)
def test_the_rule_knows_a_speaking_name(name: str, good: bool) -> None:
    assert well_named(name) == good

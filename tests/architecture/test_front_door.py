"""Between contexts only the front door is open: `operations`, `queries`, `events` and `rules`."""

import ast
from collections.abc import Iterable

import grimp
import pytest

from tests.architecture.source import SRC, contexts, demand_none, python_files, tree_of

FRONT_DOOR = {"operations", "queries", "events", "rules"}
# These read models join foreign tables, and never write.
READ_MODELS = {"reporting.queries", "search.queries", "queues.queries"}
# Contexts that work on bytes, not on rows, offer named modules besides operations and queries.
PUBLIC_PACKAGES: dict[str, set[str]] = {
    "renditions": {"drawing", "form_fields", "inspection", "pages", "pdfa", "stamps", "typesetting"},
    "presentation": {"letters", "form_facts", "mailing"},
    "signing": {"timestamping", "validation"},
    "exchange": {"channels"},
}
# Who needs one more door than the others, to whom, and why.
MORE_DOORS = {
    "wiring": ({"jobs"}, "what may lag behind a fact is enqueued as a job"),
    "schedule": ({"jobs"}, "the timetable names jobs"),
    "cli": ({"reference"}, "`migrate` loads reference data; `due` reads the calendar's without a database"),
    "demo": ({"reference"}, "the demonstration starts from the same reference data"),
}


def split(module: str) -> tuple[str, str]:
    """`vanthu.registry.rules.numbering` is ("registry", "rules")."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "", parts[2] if len(parts) > 2 else ""


def side_entrances(imports: Iterable[tuple[str, str]], known: set[str]) -> list[str]:
    """Which of the imports (importer, imported) reach into a context past its front door."""
    found = []
    for importer, imported in imports:
        (home, room), (host, door) = split(importer), split(imported)
        if host not in known or home == host:
            continue
        doors = FRONT_DOOR | PUBLIC_PACKAGES.get(host, set()) | MORE_DOORS.get(home, (set(), ""))[0]
        if door in doors or (f"{home}.{room}" in READ_MODELS and door == "models"):
            continue
        found.append(f"{importer} -> {imported}")
    return sorted(found)


def test_contexts_are_entered_by_the_front_door() -> None:
    graph = grimp.build_graph("vanthu", exclude_type_checking_imports=True, cache_dir=None)
    imports = [
        (importer, imported)
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    ]
    demand_none(side_entrances(imports, contexts()))


@pytest.mark.parametrize(
    ("importer", "imported", "noticed"),
    [
        ("vanthu.registry.operations", "vanthu.documents.models", True),
        ("vanthu.web.incoming.views", "vanthu.registry.models", True),
        ("vanthu.registry.operations", "vanthu.documents", True),
        ("vanthu.registry.operations", "vanthu.documents.operations", False),
        ("vanthu.registry.rules.numbering", "vanthu.documents.rules.types", False),
        ("vanthu.reporting.queries", "vanthu.registry.models", False),
        ("vanthu.reporting.reports.kpi", "vanthu.registry.models", True),
        ("vanthu.wiring", "vanthu.notifications.jobs", False),
        ("vanthu.web.views", "vanthu.notifications.jobs", True),
    ],
)
def test_the_rule_knows_a_front_door_from_a_side_entrance(
    importer: str, imported: str, noticed: bool
) -> None:
    known = {"registry", "documents", "reporting", "notifications"}
    assert bool(side_entrances([(importer, imported)], known)) == noticed


def foreign_model_lookups() -> list[str]:
    """`apps.get_model("…")` would be a way round the map."""
    return [
        f"{path.relative_to(SRC)}:{node.lineno}"
        for path in python_files()
        if "migrations" not in path.parts
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get_model"
    ]


def test_nobody_fetches_a_foreign_model_by_its_name() -> None:
    demand_none(foreign_model_lookups())

"""`make docs`: writes docs/generated/states.md from the transition tables: pictures that cannot lie."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from vanthu.kernel.transitions import TransitionTable  # noqa: E402 - the path is set above

TARGET = ROOT / "docs" / "generated" / "states.md"
HEAD = """# The state machines

Generated from the transition tables by `make docs`; do not edit. Only the moves shown are legal; who may make
them is in the `policy.py` beside each table, when they are ready in its `readiness.py`.
"""


def tables() -> list[tuple[str, str, TransitionTable, ModuleType]]:
    """(context, name, table, module) of every table in a `rules/states.py`."""
    found = []
    for path in sorted((ROOT / "src" / "vanthu").glob("*/rules/states.py")):
        context = path.parent.parent.name
        module = importlib.import_module(f"vanthu.{context}.rules.states")
        found += [
            (context, name, value, module)
            for name, value in sorted(vars(module).items())
            if isinstance(value, TransitionTable)
        ]
    return found


def labels(module: ModuleType) -> dict[str, str]:
    """The Vietnamese words of states and moves, from the module's *_LABELS."""
    return {
        key: text
        for name, table in vars(module).items()
        if name.endswith("LABELS") and isinstance(table, dict)
        for key, text in table.items()
    }


def section(context: str, name: str, table: TransitionTable, module: ModuleType) -> str:
    words = labels(module)
    arrows = [(str(source), str(move), str(target)) for source, move, target in table.arrows()]
    drawing = [f"    [*] --> {table.initial}"]
    drawing += [f"    {source} --> {target}: {move}" for source, move, target in arrows]
    drawing += [f"    {state}: {words[state]}" for state in sorted(table.reachable()) if state in words]
    rows = [
        f"| {words.get(source, source)} | {words.get(move, move)} | {words.get(target, target)} |"
        for source, move, target in arrows
    ]
    parts = [f"## {context}: {table.subject}", f"`vanthu.{context}.rules.states.{name}`"]
    parts += ["```mermaid\nstateDiagram-v2\n" + "\n".join(drawing) + "\n```"]
    parts += ["| from | move | to |\n|---|---|---|\n" + "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def states_page() -> str:
    return "\n".join([HEAD, *(section(*entry) for entry in tables())])


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(states_page(), encoding="utf-8")
    print(f"wrote {TARGET.relative_to(ROOT)}")

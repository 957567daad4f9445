"""Vietnamese is the source language; every sentence a user can read has its English translation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from tests.architecture.source import SRC, called_name, demand_none, python_files, templates, tree_of

ENGLISH = SRC / "locale" / "en" / "LC_MESSAGES" / "django.po"
FIRST_IS_TEXT = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
SECOND_IS_TEXT = {"pgettext", "pgettext_lazy"}
# Tables whose texts the edge translates, beside every `*_LABELS` and `*_TEXT`.
SPOKEN_TABLES = {"CAUSES", "REFUSED_CALLS", "SENTENCES", "CODES"}
SPOKEN_TABLES |= {"_UNDONE", "_ENDED", "_ENDS", "_TITLES", "_ACTS"}
# Records whose texts the edge translates when it shows them: class and the places of its texts.
SPOKEN_RECORDS = {"Refusal": (1, 2, 3), "Face": (0,), "QueueKind": (2, 3, 6), "Words": (2, 3)}
STRING = r"u?('(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
IN_TEMPLATE = re.compile(rf"\b(n?gettext|_)\({STRING}")
IN_TEMPLATE_WITH_CONTEXT = re.compile(rf"\bn?pgettext\({STRING}, {STRING}")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def strings(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value


def is_spoken_table(name: str) -> bool:
    return name.endswith("LABELS") or (name.endswith("_TEXT") and name != "_TEXT") or name in SPOKEN_TABLES


def assigned(tree: ast.Module) -> dict[str, ast.expr]:
    """The names a file gives on its first level, and what each of them stands for."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            found |= {target.id: node.value for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
    return found


def texts_of_table(table: ast.expr) -> Iterator[str]:
    """The strings a table holds, however deep; never its keys."""
    if isinstance(table, ast.Dict):
        for value in table.values:
            yield from texts_of_table(value)
    elif isinstance(table, ast.Tuple | ast.List):
        for item in table.elts:
            yield from texts_of_table(item)
    else:
        yield from strings([table])


def gettext_names(tree: ast.Module) -> dict[str, str]:
    """What gettext's functions are called in this file: `from … import gettext as say`."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }


def texts_of_call(node: ast.Call, name: str, named: dict[str, ast.expr]) -> Iterator[str]:
    if name in FIRST_IS_TEXT:
        yield from strings(node.args[:1])
    elif name in SECOND_IS_TEXT:
        yield from strings(node.args[1:2])
    elif name in SPOKEN_RECORDS:
        said = [node.args[place] for place in SPOKEN_RECORDS[name] if place < len(node.args)]
        yield from strings(
            [named.get(text.id, text) if isinstance(text, ast.Name) else text for text in said]
        )


def in_python(tree: ast.Module) -> Iterator[str]:
    """Texts in gettext calls, and what the edge translates: spoken tables, the texts of `SPOKEN_RECORDS`."""
    real, named = gettext_names(tree), assigned(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = called_name(node) or ""
            yield from texts_of_call(node, real.get(name, name), named)
    for name, value in named.items():
        if is_spoken_table(name):
            yield from texts_of_table(value)


def in_template(text: str) -> Iterator[str]:
    source = templatize(text)
    for match in IN_TEMPLATE.finditer(source):
        yield ast.literal_eval(match[2])
    for match in IN_TEMPLATE_WITH_CONTEXT.finditer(source):
        yield ast.literal_eval(match[2])


def used() -> dict[str, str]:
    """Each text and the file it stands in."""
    found: dict[str, str] = {}
    for path in python_files():
        found |= dict.fromkeys(in_python(tree_of(path)), str(path.relative_to(SRC)))
    for path in templates().values():
        found |= dict.fromkeys(in_template(path.read_text(encoding="utf-8")), str(path.relative_to(SRC)))
    return found


def counted() -> set[str]:
    """The texts that are said of a number: without a plural gettext would show the Vietnamese again."""
    found: set[str] = set()
    for path in python_files():
        tree = tree_of(path)
        real = gettext_names(tree)
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        for node in calls:
            if real.get(called_name(node) or "", "").startswith("ngettext"):
                found |= set(strings(node.args[:1]))
    for path in templates().values():
        for match in IN_TEMPLATE.finditer(templatize(path.read_text(encoding="utf-8"))):
            if match[1] == "ngettext":
                found.add(ast.literal_eval(match[2]))
    return found


def english(path: Path = ENGLISH) -> dict[str, str]:
    if not path.exists():
        return {}
    return {
        entry.msgid: entry.msgstr or entry.msgstr_plural.get(0, "")
        for entry in polib.pofile(str(path))
        if not entry.fuzzy and not entry.obsolete
    }


def test_every_text_has_an_english_translation() -> None:
    known = english()
    missing = [
        f"{where}: {text}"
        for text, where in sorted(used().items(), key=lambda pair: pair[1])
        if not known.get(text)
    ]
    demand_none(missing)


def test_every_counted_text_has_its_english_plural() -> None:
    with_plural = {
        entry.msgid
        for entry in polib.pofile(str(ENGLISH))
        if all(entry.msgstr_plural.values()) and entry.msgstr_plural
    }
    texts = counted()
    assert texts
    demand_none(sorted(texts - with_plural))


def test_translations_keep_the_placeholders() -> None:
    changed = [
        text
        for text, translated in english().items()
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(translated))
    ]
    demand_none(changed)


def test_the_rule_reads_python_and_templates() -> None:
    python = ast.parse("""from django.utils.translation import gettext as say
_("Một"); pgettext("x", "Hai"); Refusal("VT-1", "Ba.", "Bốn.", "Năm.")
other("Không"); STATE_LABELS = {1: "Sáu"}; say("Bảy"); Face("Tám", "x.html", other)
WHAT = "Chín."; Refusal("VT-2", WHAT, "Mười."); CAUSES: dict = {"chẳng": ("Trăm.", "Nghìn.")}""")
    spoken = ["Một", "Hai", "Ba.", "Bốn.", "Năm.", "Sáu", "Bảy", "Tám", "Chín.", "Mười.", "Trăm.", "Nghìn."]
    assert sorted(in_python(python)) == sorted(spoken)
    page = """{% translate "Phát hành" %}<p title="{{ _('Số') }}">
        {% blocktranslate trimmed %}
          Có {{ n }}
          việc
        {% endblocktranslate %}"""
    assert list(in_template(page)) == ["Phát hành", "Số", "Có %(n)s việc"]

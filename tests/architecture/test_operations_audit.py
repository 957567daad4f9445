"""Every act goes through `@operation`: it owns the transaction and refuses to end without an audit entry.

What plays several operations in a row says so with `@steps("why it is not one")`.
"""

import ast
import re
from collections import Counter
from pathlib import Path

from tests.architecture.source import SRC, called_name, demand_none, python_files, tree_of

VERB = re.compile(r"^[a-z_]+(\.[a-z0-9-]+){1,2}$")
# Public functions in an operations room that are no acts of their own: "context.function" and the reason.
PART = "a part of an act: runs in its transaction and is told to the log by it"
NO_ACTS = {
    "axis.count_change": PART,
    "axis.write_all": "what passes through the axis is told to the axis' own events (ADR 14)",
    "axis.introduce": "registers with the axis above, and writes nothing here",
    "documents.refuse_secret": "refuses or does nothing",
    "documents.store_file": "freezes bytes before the act that refers to them; unused ones are swept",
    "drafting.note_step": PART,
    "drafting.print_draft": "prints, and writes nothing",
    "exchange.acknowledge_declined": PART,
    "exchange.addressed_to": "puts a package together, and writes nothing",
    "exchange.alarm": PART,
    "exchange.alarm_of": PART,
    "exchange.all_clear": PART,
    "exchange.attachments_of": "lays out the files of a message, and writes nothing",
    "exchange.claim_deliveries": "marks rows as being sent; what came of it is the act that is recorded",
    "exchange.everybody_on": "asks the axis for its list, and writes nothing",
    "exchange.envelope_of": "puts a package together, and writes nothing",
    "exchange.grant_demands": PART,
    "exchange.listed_in": "translates the axis' list, and writes nothing",
    "exchange.open_line": "opens the line; its calls are remembered whatever comes of them",
    "exchange.plan": PART,
    "exchange.remind": PART,
    "exchange.sending_agency": "reads who speaks, and writes nothing",
    "exchange.words_for": "words for a diagnosis",
    "exchange.admit": "stores files before the act that refers to them; unused ones are swept",
    "exchange.arrival_of": "lays a row out, and writes nothing",
    "exchange.claim_line": "says who asks the line; what it brings is the act that is recorded",
    "exchange.envelope_for": "reads a stored packet again, and writes nothing but its files",
    "exchange.forget_calls": "deletes calls that were about no packet",
    "exchange.has_line": "reads the configuration",
    "exchange.left_something_behind": "reads how the last poll ended",
    "exchange.limits": "reads the configuration",
    "exchange.line_pause": "says how long to wait",
    "exchange.release_line": "gives the right to ask the line back",
    "exchange.renew_lease": "keeps the right to ask the line",
    "exchange.successors_of": "names agencies",
    "exchange.queue_status": PART,
    "exchange.settle_asks": PART,
    "exchange.show_recall": PART,
    "exchange.word_of": "looks up who leads, and writes nothing",
    "registry.begin": PART,
    "registry.begin_incoming": PART,
    "registry.finish_incoming": PART,
    "registry.file_name": "repeats the number as a file's name",
    "registry.finish": PART,
    "registry.look": "asks the first two questions, and writes nothing",
    "registry.tell": PART,
    "routing.move_handling": PART,
    "routing.move_task": PART,
    "routing.tell_handling": PART,
    "routing.tell_task": PART,
    "signing.enter_certificate": PART,
    "signing.facts_of": "repeats what a certificate says",
    "signing.judging_store": "reads the anchors, or says that there are none",
    "signing.recheck_open": "lays out jobs; the check that they make is the act",
    "signing.keep_evidence": "stores lists and answers before the act that names them",
    "signing.annex_request": "lays out what is to be asked for, and writes nothing",
    "signing.chain_of": "reads the trust store",
    "signing.check_file": "checks in a child process; record_check is the act",
    "signing.demo_authority": "sets up the demonstration's keys outside the database",
    "signing.fill_number_and_date": "bytes in, bytes out",
    "signing.key_of": "reads the register; a demonstration's first key is made outside the act",
    "signing.opened": "opens the place of a key for one signature",
    "signing.remote_service": "reads the configuration",
    "signing.remind_of_renditions": "hands rows that are due to the workers; what they do is recorded",
    "signing.require_secrets": "refuses or does nothing",
    "signing.sign_copy": "bytes in, bytes out; the act that calls it records the signature",
    "signing.sign": "bytes in, bytes out; the act that calls it records the signature",
    "signing.waits": "says of a key where it lies",
    "signing.token_hash": "a digest",
    "signing.trust_store": "reads the anchors",
}


def operation_files(source: Path = SRC) -> list[Path]:
    return [
        path
        for path in python_files(source)
        if path.name == "operations.py" or (path.parent.name == "operations" and path.name != "__init__.py")
    ]


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in tree_of(path).body if isinstance(node, ast.FunctionDef)]


def argument_of(name: str, function: ast.FunctionDef) -> str | None:
    """What `@name("…")` says above a function; None without the decorator."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and called_name(decorator) == name and decorator.args:
            argument = decorator.args[0]
            return str(argument.value) if isinstance(argument, ast.Constant) else ""
    return None


def context_of(path: Path, source: Path) -> str:
    return path.relative_to(source).parts[0]


def is_follower(function: ast.FunctionDef) -> bool:
    """What `wiring.py` calls with a fact: it runs inside the act that published it."""
    return [argument.arg for argument in function.args.args] == ["fact"]


def without_audit(source: Path) -> list[str]:
    return [
        f"{context_of(path, source)}.{function.name}"
        for path in operation_files(source)
        for function in functions(path)
        if not function.name.startswith("_") and not is_follower(function)
        if not (argument_of("operation", function) or argument_of("steps", function))
    ]


def test_every_public_operation_leaves_an_audit_entry() -> None:
    demand_none(sorted(set(without_audit(SRC)) - set(NO_ACTS)))


def test_the_list_of_exceptions_names_only_what_exists() -> None:
    demand_none(sorted(set(NO_ACTS) - set(without_audit(SRC))))


def test_each_verb_is_well_formed_and_used_once() -> None:
    verbs = [
        verb
        for path in operation_files()
        for function in functions(path)
        if (verb := argument_of("operation", function))
    ]
    demand_none([verb for verb in verbs if not VERB.match(verb)])
    demand_none([verb for verb, times in Counter(verbs).items() if times > 1])


def test_operations_take_keywords_only() -> None:
    positional = [
        f"{context_of(path, SRC)}.{function.name}"
        for path in operation_files()
        for function in functions(path)
        if argument_of("operation", function) and (function.args.args or function.args.posonlyargs)
    ]
    demand_none(positional)


def test_the_rule_notices_an_act_without_the_decorator(tmp_path: Path) -> None:
    room = tmp_path / "registry" / "operations"
    room.mkdir(parents=True)
    (room / "issue.py").write_text(
        '@operation("registry.entry.issue")\ndef issue(*, actor, now): ...\n'
        '@steps("signs without a transaction, then records")\ndef seal(*, actor, now): ...\n'
        '@steps("")\ndef unexplained(): ...\n'
        "def bypass(): ...\ndef follow(fact): ...\n"
        "def _private(): ...\n",
        encoding="utf-8",
    )
    assert without_audit(tmp_path) == ["registry.unexplained", "registry.bypass"]

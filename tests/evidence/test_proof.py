"""The proof file: canonical, complete, and wrong in a way that is named when anything in it is changed."""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from tests.cast import Cast
from tests.evidence.life import an_hour
from tests.evidence.places import place_of_byte, places_of
from tests.evidence.proofs import TOOL, a_case, both, demo_folder
from tests.factories.exchange import an_arrival
from tests.factories.signing import the_letter
from vanthu.audit.models import AuditEvent
from vanthu.evidence.operations import export_proof
from vanthu.evidence.rules.bundle import encode
from vanthu.kernel.actor import system_actor
from vanthu.kernel.errors import NotReady, NotVisible
from vanthu.signing.trust.authority import DemoAuthority

FLIPS = 2048


def test_a_sound_proof_holds_for_both_checkers(cast: Cast) -> None:
    case = a_case(cast)
    number, events, _size, proved_at, unjudged = both(case.data, case.means)  # type: ignore[misc]
    bundle = case.bundle()
    assert events == len(bundle["events"]) == 6
    assert len(bundle["heads"]) == 3
    assert [head["token"] is None for head in bundle["heads"]] == [False, False, True]
    assert proved_at == datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    assert number == bundle["document"]["number"]
    assert set(unjudged) == {"proof.unjudged.trust", "proof.unjudged.files"}


def test_with_the_file_and_the_roots_in_hand_nothing_is_left_unjudged(cast: Cast) -> None:
    case = a_case(cast)
    root = x509.load_pem_x509_certificate((demo_folder() / "ca" / "root.pem").read_bytes())
    means = case.with_means(roots=(root,), files={"van-ban.pdf": the_letter().issued})
    answer = both(case.data, means)
    assert answer[-1] == ()


def test_the_file_is_canonical_and_reading_demands_the_same_bytes(cast: Cast) -> None:
    case = a_case(cast)
    bundle = case.bundle()
    assert encode(bundle) == case.data
    for other in (
        json.dumps(bundle).encode(),
        json.dumps(bundle, ensure_ascii=False, indent=1, sort_keys=True).encode(),
        case.data[:-1],
        case.data + b"\n",
        b"\xef\xbb\xbf" + case.data,
        case.data.replace(b'"direction"', b'"\\u0064irection"'),
        case.data.replace(b'{"consistency"', b'{"consistency":[],"consistency"', 1),
        case.data.replace(b'"waiting":0', b'"waiting":0.0'),
        case.data.replace(b'"waiting":0', b'"waiting":-0'),
    ):
        code, path = both(other, case.means)  # type: ignore[misc]
        assert code in {"proof.not-canonical", "proof.not-json", "proof.shape"}
        assert str(path).startswith("byte ") or path == "waiting"


def any_byte(old: int, chance: random.Random) -> int:
    return old ^ chance.randrange(1, 256)


def one_bit(old: int, chance: random.Random) -> int:
    return old ^ (1 << chance.randrange(7))


def like_for_like(old: int, chance: random.Random) -> int:
    """A figure for a figure, a letter for a letter: the file stays well spelled wherever it can."""
    for family in (b"0123456789", b"abcdef", b"ghijklmnopqrstuvwxyz", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ+/"):
        if old in family:
            return chance.choice([other for other in family if other != old])
    return one_bit(old, chance)


@pytest.mark.parametrize("changed", [any_byte, one_bit, like_for_like])
def test_each_changed_byte_is_noticed_and_what_it_hit_is_named(
    cast: Cast, changed: Callable[[int, random.Random], int]
) -> None:
    case = a_case(cast)
    chance = random.Random(20261122)
    places = places_of(case.data)
    codes: dict[str, int] = {}
    for position in sorted(chance.sample(range(len(case.data)), FLIPS)):
        data = bytearray(case.data)
        data[position] = changed(data[position], chance)
        answer = both(bytes(data), case.means)
        assert len(answer) == 2, f"byte {position} may be anything"
        code, path = answer
        codes[code] = codes.get(code, 0) + 1
        hit = place_of_byte(places, position)
        if path.startswith("byte "):
            # Broken spelling: named by the byte, in the same part or at most a field away from what was hit.
            named = place_of_byte(places, min(int(path[5:]), len(case.data) - 1))
            is_near = abs(places.index(named) - places.index(hit)) <= 2
            assert is_near or named.path.split(".")[0] == hit.path.split(".")[0], (position, path)
        else:
            assert path.split(".")[0].split("[")[0] == hit.top, (position, hit, code, path)
            assert hit.path.startswith(path) or path.startswith(hit.path), (position, hit, code, path)
    assert {"proof.part", "proof.seal", "proof.shape", "proof.not-json"} <= codes.keys()


def drop(name: str, place: int) -> Callable[[dict[str, Any]], object]:
    return lambda bundle: bundle[name].pop(place)


def put(path: str, value: Any) -> Callable[[dict[str, Any]], object]:
    """Set one field, named as `events.0.leaf`."""

    def change(bundle: dict[str, Any]) -> None:
        target: Any = bundle
        *before, last = [int(part) if part.lstrip("-").isdigit() else part for part in path.split(".")]
        for part in before:
            target = target[part]
        target[last] = value(target[last]) if callable(value) else value

    return change


def flip_base64(at: int) -> Callable[[str], str]:
    def change(text: str) -> str:
        data = bytearray(base64.b64decode(text))
        data[at] ^= 1
        return base64.b64encode(data).decode()

    return change


def swap_tokens(bundle: dict[str, Any]) -> None:
    first, second = bundle["heads"][0], bundle["heads"][1]
    first["token"], second["token"] = second["token"], first["token"]


LIES: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "an event tells of somebody else": (
        put(
            "events.1.leaf",
            lambda leaf: leaf.replace('"seq":', '"seq": ').replace('"seq": ', '"seq":')[:-1] + " }",
        ),
        "proof.event",
        "events[1].leaf",
    ),
    "an event was reworded": (
        put("events.1.leaf", lambda leaf: leaf.replace("Hệ thống", "Hệ thốnG")),
        "proof.inclusion",
        "events[1].path",
    ),
    "an event is of another document": (
        put("document.id", 987654),
        "proof.event",
        "events[0].leaf",
    ),
    "an event stands twice": (
        lambda bundle: bundle["events"].insert(0, bundle["events"][0]),
        "proof.event.order",
        "events[1].leaf",
    ),
    "an event stands under a head that is not there": (
        put("events.0.head", 9),
        "proof.inclusion",
        "events[0].head",
    ),
    "an event stands elsewhere": (
        put("events.4.index", lambda n: n + 1),
        "proof.inclusion",
        "events[4].path",
    ),
    "a path is too short": (
        put("events.0.path", lambda path: path[:-1]),
        "proof.inclusion",
        "events[0].path",
    ),
    "a path is too long": (
        put("events.0.path", lambda path: [*path, path[0]]),
        "proof.inclusion",
        "events[0].path",
    ),
    "a head is missing": (drop("heads", 1), "proof.consistency", "consistency"),
    "heads in another order": (lambda bundle: bundle["heads"].reverse(), "proof.head", "heads[1].note"),
    "a head with another size": (
        put("heads.0.note", lambda note: note.replace("\n", "\n1", 1)),
        "proof.head",
        "heads[0].note",
    ),
    "the way between two heads": (
        put("consistency.0", lambda path: [path[0][::-1], *path[1:]]),
        "proof.consistency",
        "consistency[0]",
    ),
    "no way between two heads": (put("consistency.0", []), "proof.consistency", "consistency[0]"),
    "the stamps of two heads": (swap_tokens, "proof.token.imprint", "heads[0].token"),
    "a stamp that is none": (put("heads.0.token", "AAAA"), "proof.token.malformed", "heads[0].token"),
    "a stamp's signature": (put("heads.0.token", flip_base64(-9)), "proof.token.signature", "heads[0].token"),
    "a record that is none": (
        put("evidence.record", "MAMCAQE="),
        "proof.record.malformed",
        "evidence.record",
    ),
    "a record's own spelling": (
        put("evidence.record", flip_base64(6)),
        "proof.record.malformed",
        "evidence.record",
    ),
    "a record for fewer files": (put("evidence.files", []), "proof.record.coverage", "evidence.record"),
    "a record for another event": (put("evidence.event", 0), "proof.record.coverage", "evidence.record"),
    "a record for an event that is not there": (
        put("evidence.event", 99),
        "proof.record.coverage",
        "evidence",
    ),
    "a file with another digest": (
        put("files.0.digests.sha256", "0" * 64),
        "proof.record.coverage",
        "evidence",
    ),
    "certificates that are none": (
        put("material.certificates.0", "AAAA"),
        "proof.material",
        "material.certificates[0]",
    ),
}


@pytest.mark.parametrize("lie", sorted(LIES))
def test_a_liar_with_the_key_is_still_caught(cast: Cast, lie: str) -> None:
    change, code, path = LIES[lie]
    case = a_case(cast)
    assert both(case.changed(change), case.means) == (code, path)


def test_a_proof_of_another_log_does_not_carry_the_pinned_key(cast: Cast) -> None:
    case = a_case(cast)
    assert both(case.data, case.with_means(pin="0" * 64)) == ("proof.pin", "log.keys")


def test_a_stranger_with_other_roots_does_not_believe_the_stamps(cast: Cast, tmp_path: Path) -> None:
    case = a_case(cast)
    other = DemoAuthority.create(tmp_path, case.means.at)
    roots = (x509.load_der_x509_certificate(other.chain[1]),)
    assert both(case.data, case.with_means(roots=roots)) == ("proof.token.untrusted", "heads[0].token")


def test_a_revoked_authority_is_not_believed(cast: Cast, tmp_path: Path) -> None:
    case = a_case(cast)
    copy = tmp_path / "trust"
    shutil.copytree(demo_folder(), copy)
    authority = DemoAuthority.open(copy)
    tsa = x509.load_der_x509_certificate(authority.tsa_pair()[0])
    authority.revoke(tsa.serial_number, case.means.at - timedelta(days=30))
    lists = tuple(x509.load_der_x509_crl(item) for item in authority.crls(case.means.at))
    assert both(case.data, case.with_means(lists=lists)) == ("proof.token.revoked", "heads[0].token")


def test_a_record_that_nobody_renewed_lapses_with_its_authority(cast: Cast) -> None:
    case = a_case(cast)
    late = case.with_means(at=case.means.at + timedelta(days=11 * 365))
    assert both(case.data, late) == ("proof.record.lapsed", "evidence.record")


def test_the_files_may_travel_inside_and_are_compared(cast: Cast) -> None:
    case = a_case(cast, embed=True)
    assert base64.b64decode(case.bundle()["files"][0]["bytes"]) == the_letter().issued
    assert len(both(case.data, case.means)) == 5
    spoiled = case.changed(put("files.0.bytes", flip_base64(100)))
    assert both(spoiled, case.means) == ("proof.file", "files[0].bytes")


def test_another_file_is_not_the_document(cast: Cast) -> None:
    case = a_case(cast)
    other = case.with_means(files={"khac.pdf": b"%PDF-1.7"})
    assert both(case.data, other) == ("proof.file.foreign", "khac.pdf")


def test_who_may_not_see_the_document_gets_no_proof(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast)
    an_hour(now=now)
    for actor in (cast.a.clerk, cast.outsider, cast.city_admin):
        with pytest.raises(NotVisible):
            export_proof(actor=actor, document_id=document_id, now=now)
    assert export_proof(actor=cast.b.clerk, document_id=document_id, now=now)
    assert AuditEvent.objects.filter(verb="evidence.proof.export").count() == 1


def test_before_the_first_head_there_is_nothing_to_prove(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast)
    with pytest.raises(NotReady, match=r"evidence\.proof\.no-head"):
        export_proof(actor=system_actor(cast.b.id), document_id=document_id, now=now)


def test_the_tool_runs_by_itself_with_nothing_of_ours(cast: Cast, tmp_path: Path) -> None:
    case = a_case(cast)
    proof, letter = tmp_path / "chung-cu.json", tmp_path / "van-ban.pdf"
    proof.write_bytes(case.data)
    letter.write_bytes(the_letter().issued)
    tool = tmp_path / "check_proof.py"
    tool.write_bytes(TOOL.read_bytes())

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", str(tool), *map(str, arguments), "--at", case.means.at.isoformat()]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    sound = run(proof, "--key", case.means.pin, "--trust", demo_folder(), "--file", letter)
    assert (sound.returncode, sound.stderr) == (0, "")
    assert sound.stdout.startswith("ĐÚNG")
    proof.write_bytes(case.data.replace("Sở Nội vụ".encode(), "Sở Nội Vụ".encode(), 1))
    wrong = run(proof)
    assert wrong.returncode == 1
    assert "proof.part tại document." in wrong.stdout
    assert run(tmp_path / "khong-co.json").returncode == 2
    assert "vanthu." not in TOOL.read_text(encoding="utf-8").replace("vanthu-proof", "")

"""What was written again for speed returns what the libraries return, on sound input and on rubbish."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from random import Random
from typing import Any

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NullObject,
    Reference,
    StreamObject,
    TextStringObject,
)
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.signing import tampering
from tests.signing.conftest import Letter, Pki, check
from vanthu.signing.rules.verdicts import Verdict
from vanthu.signing.validation import acceleration, verify_pdf
from vanthu.signing.validation.acceleration import REPLACEMENTS, WRITTEN_FOR, Replacement
from vanthu.signing.validation.warming import sample

ROUNDS = 400


@contextmanager
def libraries_alone() -> Iterator[None]:
    """Everything as the libraries have it, for comparison."""
    for item in REPLACEMENTS:
        setattr(item.owner, item.name, item.original)
    try:
        yield
    finally:
        acceleration.install()


def replacement(name: str) -> Replacement:
    return next(item for item in REPLACEMENTS if item.name == name)


def outcome(function: Callable[..., Any], data: bytes, *arguments: Any) -> tuple[Any, int]:
    """What a reading function returns or raises, and where it leaves the stream."""
    stream = BytesIO(data)
    try:
        return _comparable(function(stream, *arguments)), stream.tell()
    except Exception as error:
        return type(error), -1


def _comparable(value: Any) -> Any:
    """Value, type and place of an object and of all that it holds."""
    kind = next((base for base in (ArrayObject, StreamObject) if isinstance(value, base)), type(value))
    if isinstance(value, IndirectObject):
        return kind, value.idnum, value.generation, value.reference.pdf
    if isinstance(value, StreamObject):
        return kind, _entries(value), value.encoded_data
    if isinstance(value, DictionaryObject):
        return kind, _place(value), _entries(value)
    if isinstance(value, ArrayObject):
        return kind, _place(value), [_comparable(value.raw_get(index)) for index in range(len(value))]
    if isinstance(value, (TextStringObject, ByteStringObject)):
        return kind, value.original_bytes, str(value)
    return kind, "" if isinstance(value, NullObject) else str(value)


def _entries(value: DictionaryObject) -> list[Any]:
    return [(str(key), type(key), _comparable(value.raw_get(key))) for key in value]


def _place(value: Any) -> Any:
    return value.container_ref and (value.container_ref.idnum, value.container_ref.pdf)


def test_the_replacements_were_written_for_these_versions() -> None:
    assert acceleration.fits(), f"read the originals again, then say so in WRITTEN_FOR: {WRITTEN_FOR}"


def test_with_another_version_nothing_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    with libraries_alone():
        monkeypatch.setitem(WRITTEN_FOR, "pyhanko", "0.0.0")
        acceleration.install()
        assert all(vars(item.owner)[item.name] is item.original for item in REPLACEMENTS)
        monkeypatch.undo()
    assert all(vars(item.owner)[item.name] is item.ours for item in REPLACEMENTS)


def test_hexadecimal_strings_read_alike() -> None:
    random = Random(1)
    item = replacement("read_hex_string_from_stream")
    for _ in range(ROUNDS):
        digits = "".join(random.choices("0123456789abcdefABCDEF \n\r\t", k=random.randint(0, 9000)))
        data = bytearray(f"<{digits}> rest".encode())
        if random.random() < 0.3:
            data[random.randrange(len(data))] = random.choice(b"%gz>\x00<")
        cut = bytes(data[: random.choice([len(data), random.randint(1, len(data))])])
        assert outcome(item.ours, cut) == outcome(item.original, cut), cut[:80]


@pytest.mark.parametrize("name", ["read_non_whitespace", "read_until_delimiter"])
def test_tokens_end_at_the_same_place(name: str) -> None:
    random = Random(2)
    item = replacement(name)
    for _ in range(ROUNDS * 5):
        data = bytes(random.choices(b"  \n\r\t\x00%abc/<>[](){}#12", k=random.randint(0, 90)))
        for arguments in ([], [True], [False, True], [True, True])[: 4 if name.endswith("space") else 1]:
            assert outcome(item.ours, data, *arguments) == outcome(item.original, data, *arguments), data


def test_names_are_decoded_alike() -> None:
    random = Random(3)
    item = replacement("_decode_name")
    for _ in range(ROUNDS):
        raw = bytes(random.choices(b"ABCxyz#20#C3#A1()\xc3\x80 ", k=random.randint(0, 12)))
        results = []
        for function in (item.ours, item.original):
            try:
                results.append((type(function(raw)), str(function(raw))))
            except Exception as error:
                results.append((type(error), str(error)))
        assert results[0] == results[1], raw


def _object(random: Random, depth: int = 0) -> str:
    simple = [
        lambda: str(random.randint(-500, 500)),
        lambda: f"{random.uniform(-9, 9):.3f}",
        lambda: random.choice(
            ["true", "false", "null", "+5", ".5", "5.", "-.25", "007", "12345678901234567 0 R"]
        ),
        lambda: f"/{random.choice(['Type', 'Name', 'A#20B', 'Length', ''])}",
        lambda: f"{random.randint(0, 40)} {random.choice([0, 0, 0, 1])} R",
        lambda: random.choice(
            ["(text)", "(a\\(b)", "(ab(c)d)", "(\\376\\377\\000A)", "<414243>", "<4 1 4>", "<>"]
        ),
        lambda: "[ " + " ".join(str(random.randint(0, 999)) for _ in range(random.randint(0, 6))) + " ]",
        lambda: "[1 [250] 2 [300.5 -7]]",
    ]
    if depth > 3 or random.random() < 0.6:
        return random.choice(simple)()
    inner = [_object(random, depth + 1) for _ in range(random.randint(0, 5))]
    blank = random.choice([" ", "\n", "\r\n", "  ", " %comment\n"])
    if random.random() < 0.5:
        return "[" + blank.join(inner) + "]"
    keys = random.sample("ABCDEFGH", len(inner)) if random.random() < 0.9 else ["A"] * len(inner)
    return "<<" + blank.join(f"/{key} {value}" for key, value in zip(keys, inner, strict=True)) + ">>"


def _indirect(random: Random) -> bytes:
    body = _object(random) if random.random() < 0.3 else f"<</K {_object(random)} /L {_object(random)}>>"
    if random.random() < 0.2:
        body = f"<</Length {random.choice([5, 5, 4, 9])} /X {_object(random)}>>\nstream\nabcde\nendstream"
    data = bytearray(f"7 0 obj{random.choice([' ', chr(10)])}{body}\nendobj\n8 0 obj".encode())
    for _ in range(random.choice([0, 0, 1, 2])):
        data[random.randrange(len(data))] = random.choice(b"()<>[]/ %R0sx\x00\xff")
    return bytes(data[: random.choice([len(data), len(data), random.randint(1, len(data))])])


def test_objects_are_read_alike_and_refused_alike(letter: Letter) -> None:
    random = Random(4)
    reader = PdfFileReader(BytesIO(letter.draft), strict=False)
    item = replacement("_read_object")
    place = Reference(7, 0, reader)
    parsed = 0

    def by(function: Any) -> Callable[..., Any]:
        def read(stream: BytesIO) -> Any:
            reader.stream = stream
            return function(reader, place, 0)

        return read

    for _ in range(ROUNDS * 8):
        data = _indirect(random)
        ours, theirs = outcome(by(item.ours), data)[0], outcome(by(item.original), data)[0]
        assert ours == theirs, data
        parsed += not isinstance(ours, type)
    assert parsed > ROUNDS


def test_every_object_of_a_signed_file_is_read_alike(letter: Letter) -> None:
    item = replacement("_read_object")
    reader = PdfFileReader(BytesIO(letter.issued), strict=False)
    for revision in range(reader.xrefs.total_revisions):
        for ref in reader.xrefs.explicit_refs_in_revision(revision):
            marker = reader.xrefs.get_historical_ref(ref, revision)
            ours, theirs = (
                _comparable(function(reader, ref, marker)) for function in (item.ours, item.original)
            )
            assert ours == theirs, ref


def test_an_object_that_nests_too_deep_is_the_librarys_to_refuse(letter: Letter) -> None:
    reader = PdfFileReader(BytesIO(letter.draft), strict=False)
    reader.stream = BytesIO(b"7 0 obj\n" + b"[" * 5000 + b"]" * 5000 + b"\nendobj\n")
    with pytest.raises(RecursionError):
        replacement("_read_object").ours(reader, Reference(7, 0, reader), 0)


def _name(random: Random) -> x509.Name:
    def text() -> str:
        return "".join(random.choices("abcÀÁ đĐ ﬁ\u00ad\u200b Ａ٣", k=random.randint(1, 6)))

    keys = random.sample(
        ["common_name", "organization_name", "locality_name", "user_id"], random.randint(1, 3)
    )
    return x509.Name.load(x509.Name.build({key: text() for key in keys}).dump())


def test_distinguished_names_compare_alike() -> None:
    random = Random(5)
    names = [_name(random) for _ in range(30)]
    names += [x509.Name.load(name.dump()) for name in names[:10]]
    with libraries_alone():
        equal = [[a == b for b in names] for a in names]
        hashable = [x509.Name.load(name.dump()).hashable for name in names]
    assert [[a == b for b in names] for a in names] == equal
    assert [name.hashable for name in names] == hashable
    assert names[0] != "a name"
    assert names[0] == names[30]


def test_a_text_that_may_not_be_compared_is_refused_each_time() -> None:
    forbidden = x509.Name.build({"common_name": "a\u0221b"})  # a code point that was not assigned in 2000
    for _ in range(2):
        with pytest.raises(ValueError, match="unassigned"):
            _ = x509.Name.load(forbidden.dump()).hashable


def test_the_certificates_of_a_signature_are_sorted_alike(letter: Letter) -> None:
    item = replacement("extract_certificate_info")
    signed = PdfFileReader(BytesIO(letter.issued)).embedded_signatures[1].signed_data
    ours, theirs = item.ours(signed), item.original(signed)
    assert ours.signer_cert.dump() == theirs.signer_cert.dump()
    assert [one.dump() for one in ours.other_certs] == [one.dump() for one in theirs.other_certs]
    assert ours.signer_cert.subject.native == theirs.signer_cert.subject.native


def test_damaged_files_get_the_same_verdict_with_and_without_it(pki: Pki, letter: Letter) -> None:
    random = Random(6)
    damaged = [letter.issued, tampering.zero_contents(letter.issued)]
    for _ in range(40):
        data = bytearray(letter.issued)
        for _ in range(random.choice([1, 1, 4])):
            # Half of it where the updates are: structure breaks there.
            start = random.choice([0, len(letter.draft)])
            data[random.randrange(start, len(data))] = random.choice(b"0 R<>[]()/x\x00\xff")
        damaged.append(bytes(data))
    ours = [check(pki, data) for data in damaged]
    with libraries_alone():
        assert ours == [check(pki, data) for data in damaged]


def test_waiting_processes_warm_up_on_a_letter_that_is_valid() -> None:
    pdf, trust, at = sample()
    verdict = verify_pdf(pdf, trust=trust, at=at)
    assert verdict.verdict is Verdict.VALID
    assert len(verdict.signatures) == 2

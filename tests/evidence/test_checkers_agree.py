"""Both checkers on broken DER that a liar with the log key has sealed: no crash, and one answer."""

from __future__ import annotations

import base64
import random
from typing import Any

from tests.cast import Cast
from tests.evidence.proofs import a_case, alone, ours

MUTANTS = 300
# Two parsers may meet a broken inner length at different steps; both refuse the same token.
BROKEN = {"proof.token.malformed", "proof.token.signature"}


def spoiled(text: str, chance: random.Random) -> str:
    """One bit, one byte, some bytes more or some less."""
    data = bytearray(base64.b64decode(text))
    at = chance.randrange(len(data))
    match chance.randrange(4):
        case 0:
            data[at] ^= 1 << chance.randrange(8)
        case 1:
            data[at] = chance.randrange(256)
        case 2:
            data[at:at] = chance.randbytes(chance.randrange(1, 4))
        case _:
            del data[at : at + chance.randrange(1, 5)]
    return base64.b64encode(data).decode()


def spoil(bundle: dict[str, Any], number: int, chance: random.Random) -> None:
    match number % 3:
        case 0:
            bundle["heads"][0]["token"] = spoiled(bundle["heads"][0]["token"], chance)
        case 1:
            bundle["evidence"]["record"] = spoiled(bundle["evidence"]["record"], chance)
        case _:
            items = bundle["material"][chance.choice(["certificates", "lists"])]
            place = chance.randrange(len(items))
            items[place] = spoiled(items[place], chance)


def test_both_checkers_give_one_answer_on_broken_tokens_records_and_certificates(cast: Cast) -> None:
    case, chance = a_case(cast), random.Random(3161)
    wrong = 0
    for number in range(MUTANTS):
        data = case.changed(lambda bundle, n=number: spoil(bundle, n, chance))  # type: ignore[misc]
        first, second = ours(data, case.means), alone(data, case.means)
        wrong += len(first) == 2
        same = first == second
        assert same or ({first[0], second[0]} == BROKEN and first[1] == second[1]), (number, first, second)
    assert wrong > MUTANTS // 2

"""Another process that brings the answer to a waiting signature: the server after a restart, or the second of two."""

from __future__ import annotations

import json
import sys
from base64 import b64decode
from datetime import datetime

import django

django.setup()

from vanthu.organizations.queries import actor_of  # noqa: E402 - Django first
from vanthu.signing.operations import deliver_signature  # noqa: E402


def main(order: dict[str, str]) -> str:
    now = datetime.fromisoformat(order["now"])
    actor = actor_of(int(order["person"]), post_id=int(order["post"]), now=now)
    card = deliver_signature(
        actor=actor, pending_id=int(order["pending"]), signature=b64decode(order["signature"]), now=now
    )
    return card.status


if __name__ == "__main__":
    sys.stdout.write(main(json.loads(sys.argv[1])))

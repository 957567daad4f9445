"""Creating people."""

from __future__ import annotations

from datetime import datetime

from vanthu.accounts.models import Person
from vanthu.foundation.operation import operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotReady, Violation
from vanthu.kernel.refs import ObjectRef


@operation("accounts.person.create")
def create_person(*, actor: Actor, username: str, full_name: str, password: str, now: datetime) -> int:
    """Create a person who can sign in. Refuses: `accounts.person.name-taken`."""
    if Person.objects.filter(username=username).exists():
        raise NotReady([Violation("accounts.person.name-taken", (("username", username),))])
    person = Person(username=username, full_name=full_name)
    person.set_password(password)
    person.save()
    record(ObjectRef.of("accounts.person", person.pk), agency_id=actor.agency_id, username=username)
    return int(person.pk)

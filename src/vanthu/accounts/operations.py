"""Creating people; one's own password."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from vanthu.accounts.models import Person
from vanthu.foundation.db import load_locked
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


@operation("accounts.password.change")
def change_password(*, actor: Actor, current: str, new: str, now: datetime) -> Person:
    """Set the acting person's own password; sessions opened with the old one end by it.

    Refuses: `accounts.password.wrong`, `….weak`. The log says that it happened, never what was typed.
    """
    person = load_locked(Person.objects.all(), pk=actor.user_id)
    if not person.check_password(current):
        raise NotReady([Violation("accounts.password.wrong")])
    if new == current or _is_weak(new, person):
        raise NotReady([Violation("accounts.password.weak")])
    person.set_password(new)
    person.save(update_fields=["password"])
    record(ObjectRef.of("accounts.person", person.pk), agency_id=actor.agency_id)
    return person


def _is_weak(password: str, person: Person) -> bool:
    try:
        validate_password(password, person)
    except ValidationError:
        return True
    return False

"""The Subject of something whose own table lies below this room: a person, a unit."""

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person
from houqin.core.subjects.models import Subject


def subject_of_person(person: Person) -> Subject:
    """What credentials and duties name when they are about a person; made on first need."""
    found: Subject = Subject.objects.get_or_create(
        person=person, defaults={"kind": "person", "org": person.org, "label": person.name}
    )[0]
    return found


def subject_of_unit(org: OrgUnit) -> Subject:
    """What credentials and duties name when they are about a school or its canteen itself; made on first need."""
    found: Subject = Subject.objects.get_or_create(kind="unit", org=org, defaults={"label": org.name})[0]
    return found

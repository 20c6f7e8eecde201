"""The Subject of something whose own table lies below this room: a person, a unit."""

from collections.abc import Sequence

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person
from houqin.core.subjects.models import Subject


def subject_of_person(person: Person) -> Subject:
    """What credentials and duties name when they are about a person; made on first need."""
    found: Subject = Subject.objects.get_or_create(
        person=person, defaults={"kind": "person", "org": person.org, "label": person.name}
    )[0]
    return found


def subjects_of_persons(persons: Sequence[Person]) -> dict[int, Subject]:
    """The same for many, by the person's id; a fixed number of queries."""
    ids = [person.pk for person in persons]
    known = {row.person_id for row in Subject.objects.filter(person__in=ids)}
    Subject.objects.bulk_create(
        (
            Subject(person=person, kind="person", org_id=person.org_id, label=person.name)
            for person in {person.pk: person for person in persons}.values()
            if person.pk not in known
        ),
        ignore_conflicts=True,
    )
    return {row.person_id: row for row in Subject.objects.filter(person__in=ids).select_related("org") if row.person_id}


def subject_of_unit(org: OrgUnit) -> Subject:
    """What credentials and duties name when they are about a school or its canteen itself; made on first need."""
    found: Subject = Subject.objects.get_or_create(kind="unit", org=org, defaults={"label": org.name})[0]
    return found

"""The food posts of a day: who works, who does not and why, and who could stand in."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import Person, Post
from houqin.core.people.posts import holdings, kinds_handling_food
from houqin.flows.credentials.gates import holds
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.queries import of_persons
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.reading import stored
from houqin.modules.canteen.models import Admission, Relief
from houqin.modules.canteen.rules.roster import OFF, Check, Verdict, verdict

HEALTH = "health-certificate"
MORNING_CHECK = "staff-morning-check"
LINE = "line"


@dataclass
class Fitness:
    """What is known of one person on one day."""

    person: Person
    certificate: Credential | None
    check: Check
    verdict: Verdict
    admission: Admission | None = None

    @property
    def is_off(self) -> bool:
        """Whether the person may not work with food."""
        return self.verdict in OFF


@dataclass
class Place:
    """Somebody in a food post on the day: its holder, or who stands in."""

    post: Post
    fitness: Fitness
    relief: Relief | None = None
    reliefs: list[Relief] = field(default_factory=list)

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.fitness.person


@dataclass
class Roster:
    """The food posts of one school on one day."""

    org: OrgUnit
    day: date
    places: list[Place]
    candidates: list[Fitness]
    is_checked: bool

    @property
    def working(self) -> list[Place]:
        """Who works."""
        return [place for place in self.places if not place.fitness.is_off]

    @property
    def off(self) -> list[Place]:
        """Who does not."""
        return [place for place in self.places if place.fitness.is_off]

    @property
    def unrelieved(self) -> list[Place]:
        """Posts whose holder does not work and for which nobody stands in."""
        return [place for place in self.off if place.relief is None and not place.reliefs]


def roster_of(org: OrgUnit, day: date, today: date) -> Roster:
    """Derived from posts, certificates and the day's morning check; nothing of it is typed. Nine queries."""
    kinds = kinds_handling_food(day)
    held = holdings(day).filter(post__org=org, post__kind__in=kinds, is_deputy=False)
    rows = list(held.select_related("post", "person").order_by("post__title", "person__name", "pk"))
    arranged = list(
        Relief.objects.filter(org=org, day=day).select_related("post", "person", "instead_of").order_by("pk")
    )
    staff = list(Person.objects.filter(org=org, left_on__isnull=True).order_by("name", "pk"))
    everybody = {
        person.pk: person for person in (*staff, *(row.person for row in rows), *(one.person for one in arranged))
    }
    known = fitness_of(org, everybody.values(), day, today)
    by_holder: dict[tuple[int, int | None], list[Relief]] = defaultdict(list)
    for one in arranged:
        by_holder[one.post_id, one.instead_of_id].append(one)
    places = [Place(row.post, known[row.person_id], reliefs=by_holder[row.post_id, row.person_id]) for row in rows]
    places += [Place(one.post, known[one.person_id], relief=one) for one in arranged]
    busy = {place.person.pk for place in places}
    candidates = [
        known[person.pk]
        for person in staff
        if person.pk not in busy and known[person.pk].certificate is not None and not known[person.pk].is_off
    ]
    checked = any(one.check in (Check.PASSED, Check.FAILED) for one in known.values())
    return Roster(org, day, places, candidates, checked)


def fitness_of(org: OrgUnit, people: Iterable[Person], day: date, today: date) -> dict[int, Fitness]:
    """Certificate, morning check and what was decided, for each of these people. Five queries."""
    wanted = {person.pk: person for person in people}
    papers = of_persons(wanted, [HEALTH], day)
    checks = checks_of(org, day) if day <= today else {}
    admissions = {row.person_id: row for row in Admission.objects.filter(org=org, day=day)}
    found = {}
    for pk, person in wanted.items():
        held = papers.get((pk, HEALTH), [])
        valid = next((row for row in held if holds(row, day)), None)
        check = checks.get(str(person.public_id), Check.MISSING) if day <= today else Check.NOT_YET
        admission = admissions.get(pk)
        came_to = verdict(is_valid=valid is not None, has_had=bool(held), check=check, admitted=admission is not None)
        found[pk] = Fitness(person, valid or next(iter(held), None), check, came_to, admission)
    return found


def checks_of(org: OrgUnit, day: date) -> dict[str, Check]:
    """What the morning check says, by the person's public id; the entry that stands, the newest last. Two queries."""
    rows = LedgerEntry.objects.filter(org=org, ledger=MORNING_CHECK, day=day).standing().select_related("org")
    found: dict[str, Check] = {}
    for entry in rows.order_by("pk"):
        _values, lines = stored(entry)
        for line in lines:
            who = line.get(LINE)
            if isinstance(who, dict) and who.get("id"):
                unwell = line.get("result") == "off_post" or bool(line.get("symptoms"))
                found[str(who["id"])] = Check.FAILED if unwell else Check.PASSED
    return found


def kept_off(orgs: Collection[OrgUnit], day: date, today: date) -> dict[int, list[Place]]:
    """Who may not work with food on a day, school by school; for the few schools of one viewer."""
    found = {org.pk: roster_of(org, day, today).off for org in orgs}
    return {pk: places for pk, places in found.items() if places}

"""Duties as they fall due, and certificates with their dates."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.people.models import Person
from houqin.core.places.models import Place
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.finding import subject_of_person, subject_of_unit
from houqin.core.subjects.models import Subject
from houqin.core.tables.veils import veil
from houqin.edge.api.deeds import deed
from houqin.edge.api.reads import Reads, mount, named, unit_of, viewer_of
from houqin.edge.api.schemas import AskedByDay, Code, Day, In, OneOf, Out, UnitOut, Words, by_day, of
from houqin.flows.credentials.actions.recording import record_credential
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.rules import masked
from houqin.flows.duties.actions.doing import do_duty
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.naming import called

router = Router()


class SubjectOut(Out):
    """Whom or what something is about."""

    id: UUID = of("public_id")
    kind: str
    label: str


class DutyOut(Out):
    """One thing that a post of a school does in one window of time."""

    id: UUID
    unit: UnitOut = of("org")
    rule: str
    title: str
    slot: str
    about: SubjectOut | None
    post: str
    day: date
    opens_at: datetime
    due_at: datetime
    red_line: bool
    state: Annotated[str, OneOf(DutyState)]
    done_at: datetime | None

    @staticmethod
    def resolve_id(row: Duty) -> UUID:
        """A veil over the key."""
        return veil(Duty, row.pk)


class DutiesAsked(AskedByDay):
    """Duties by day, state, rule and post."""

    lookups: ClassVar[dict[str, str]] = by_day("day") | {"state": "state", "rule": "rule", "post": "post"}
    state: Annotated[str, OneOf(DutyState)] | None = None
    rule: Annotated[str, Field(max_length=60)] | None = None
    post: Annotated[str, Field(max_length=40)] | None = None


def _titled(rows: list[Any], viewer: Viewer) -> list[Any]:
    """What each rule is called is asked once, however many duties follow from it."""
    titles = {code: called(code) for code in {row.rule for row in rows}}
    for row in rows:
        row.title = titles[row.rule]
    return rows


DUTIES = Reads(
    model=Duty, out=DutyOut, asked=DutiesAsked, order=("-day", "-pk"), many=_("Duties"), one=_("Duty"), joins=("org", "about"),
    shown=_titled, veiled=True,
)  # fmt: skip
mount(router, "duties", DUTIES)


class DoneIn(In):
    """A remark; nothing to report is worth as much."""

    note: Words = ""


@deed(router, "/duties/{uuid:ref}/done", permission="duties.do", out=DutyOut, summary=_("Do a duty"))
def do(request: HttpRequest, ref: UUID, body: DoneIn) -> Any:
    viewer = viewer_of(request)
    return _titled([do_duty(DUTIES.find(viewer, ref), by=viewer, note=body.note)], viewer)[0]


class CredentialOut(Out):
    """A licence, certificate or permit. A person's number is covered."""

    id: UUID = of("public_id")
    unit: UnitOut = of("org")
    holder: SubjectOut
    about: SubjectOut | None
    kind: str
    number: str
    issued_on: date | None
    expires_on: date | None
    issuer: str
    verified_at: datetime | None
    revoked_on: date | None

    @staticmethod
    def resolve_number(row: Credential) -> str:
        """Covered where it is a person's."""
        return masked(row.number) if row.number and row.is_personal else row.number


class CredentialsAsked(AskedByDay):
    """Credentials by kind and by the day on which they end."""

    lookups: ClassVar[dict[str, str]] = by_day("expires_on") | {"kind": "kind", "holder": "holder__public_id"}
    kind: Code | None = None
    holder: UUID | None = None


mount(router, "credentials", Reads(
    model=Credential, out=CredentialOut, asked=CredentialsAsked, order=("-pk",), many=_("Credentials"), one=_("Credential"),
    joins=("org", "holder", "about"),
))  # fmt: skip


class CredentialIn(In):
    """A credential as it stands on its paper; ``holder`` is the id of the unit, person, supplier or place that holds it."""

    unit: UUID
    holder_kind: Literal["unit", "person", "supplier", "place"]
    holder: UUID
    kind: Code
    number: Annotated[str, Field(max_length=60)] = ""
    issued_on: Day | None = None
    expires_on: Day | None = None
    issuer: Annotated[str, Field(max_length=80)] = ""


RECORD = "credentials.record"


def _holder(viewer: Viewer, kind: str, ref: UUID) -> Subject:
    """The subject that stands for it; made when it is the first time that something is about it."""
    if kind == "unit":
        return subject_of_unit(named(OrgUnit.objects.visible_to(viewer, RECORD), ref, "holder"))
    if kind == "person":
        return subject_of_person(named(Person.objects.visible_to(viewer, RECORD).select_related("org"), ref, "holder"))
    model: Any = Party if kind == "supplier" else Place
    found: Subject = named(
        model.objects.visible_to(viewer, RECORD).select_related("subject__org"), ref, "holder"
    ).subject
    return found


@deed(router, "/credentials", permission=RECORD, out=CredentialOut, summary=_("Record a credential"))
def record_paper(request: HttpRequest, body: CredentialIn) -> Any:
    viewer = viewer_of(request)
    unit = unit_of(viewer, body.unit)
    return record_credential(
        _holder(viewer, body.holder_kind, body.holder), by=viewer, kind=body.kind, org=unit, number=body.number,
        issued_on=body.issued_on, expires_on=body.expires_on, issuer=body.issuer,
    )  # fmt: skip

"""A hand that fills in ledgers honestly, for tests: a school with every kind of place and post, and what one would type."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.models import ClassGroup, Person, Post, PostHolding
from houqin.core.people.posts import post_kinds
from houqin.core.scope.viewer import system_viewer
from houqin.core.subjects.finding import subject_of_person
from houqin.flows.credentials.actions.recording import record_credential
from houqin.flows.ledgers import values
from houqin.flows.ledgers.columns import Column
from houqin.flows.ledgers.forms.blocks import REMARK, Block
from houqin.flows.ledgers.forms.fields import NO, YES
from houqin.flows.ledgers.forms.writing import TOTAL, WriteForm
from houqin.flows.ledgers.rules.judging import applies
from houqin.flows.ledgers.tests.kept import make_place
from tests.world import World

USES = (
    "refrigerator", "freezer", "sample-refrigerator", "disinfection-cabinet", "dispenser", "dormitory-room", "toilet",
    "extinguisher-powder", "extinguisher-water", "extinguisher-gas", "extinguisher-co2", "hydrant", "emergency-light",
    "exit-sign", "switchgear-room", "boiler-room", "boiler", "elevator", "pressure-vessel", "sports-equipment", "gate", "bus",
    "waste-point", "green-area", "flood-store", "farm-plot", "kitchen", "serving-room", "store-room", "hood-flue",
    "gas-alarm", "grease-trap", "well", "water-tank", "dormitory-building", "nap-room",
)  # fmt: skip


def furnish(world: World) -> OrgUnit:
    """School A with the catalogues, two places of each use, a holder of each post with the papers it asks for, and its classes."""
    load_catalogues(by=world.system)
    org, today, now = world.school_a, timezone.localdate(), system_viewer(now=timezone.now())
    for use in USES:
        for number in (1, 2):
            make_place(org, f"{use} {number}", use)
    for code, kind in post_kinds(today).items():
        holder = appoint(org, code, f"{code}-holder", today)
        for paper in kind.requires:
            record_credential(
                subject_of_person(holder),
                by=now,
                kind=paper,
                number=f"{code}1",
                issued_on=today,
                from_paper=True,
            )
    ClassGroup.objects.create(org=org, name="四年级一班", grade="四年级", school_year=today.year - (today.month < 9))
    return org


def appoint(org: OrgUnit, kind: str, name: str, today: date) -> Person:
    """Somebody who holds a post from long ago."""
    person: Person = Person.objects.create(org=org, name=name)
    post, _made = Post.objects.get_or_create(org=org, title=kind, defaults={"kind": kind})
    PostHolding.objects.create(post=post, person=person, from_on=date(today.year - 1, 1, 1))
    return person


def fill(form: WriteForm, **more: str) -> dict[str, Any]:
    """What the browser would send of an unbound form after an honest hand filled in what stands empty."""
    data: dict[str, Any] = dict(more)
    data |= _block(form.head, {})
    head = data.copy()
    for row in form.rows:
        if form.row.is_free:
            data[TOTAL] = form.total
            if row.named is not None:
                data[row.named.html_name] = row.named.value() or "土豆烧肉"
        else:
            data[f"l-{row.line.key}"] = row.line.sent
        if not form.row.by_exception:
            data |= _block(row.block, head)
    return {name: value for name, value in data.items() if value not in (None, "")}


def _block(block: Block, head: Mapping[str, Any]) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for column in block.columns:
        value = block.form[block.name(column.code)].value()
        if value in (None, "", []) and column.required:
            chosen = column.kind in ("person", "place")
            field: Any = block.form.fields[block.name(column.code)]
            value = field.choices[0][0] if chosen else honest(column)
        sent[block.name(column.code)] = value
    said = {name.rpartition("-")[2]: value for name, value in {**head, **sent}.items()}
    for column in block.columns:  # what another answer asks for
        wanted = [limit for limit in column.limits if limit.when and applies(limit, said)]
        if (wanted and not sent[block.name(column.code)]) or (wanted and column.is_measured):
            sent[block.name(column.code)] = honest(column, wanted[0].min, wanted[0].max)
    sent[block.name(REMARK)] = ""
    return sent


def honest(column: Column, low: Decimal | None = None, high: Decimal | None = None) -> Any:
    """Something that is in order."""
    match column.kind:
        case "yes_no":
            return YES if column.expects else NO
        case "choice" | "choices":
            fine = next(one.code for one in column.choices if not one.breach)
            return fine if column.kind == "choice" else [fine]
        case "clock":
            return "00:00"
        case "moment":
            return timezone.localtime().strftime("%Y-%m-%dT%H:%M")
        case "day":
            return timezone.localdate().isoformat()
        case "text" | "long":
            return "白菜"
    return _figure(column, low, high)


def _figure(column: Column, low: Decimal | None, high: Decimal | None) -> str:
    plain = [limit for limit in column.limits if not limit.when]
    floors = [one for one in (low, *(limit.min for limit in plain)) if one is not None]
    ceilings = [one for one in (high, *(limit.max for limit in plain)) if one is not None]
    least, most = column.plausible or (Decimal(1), Decimal(50))
    least, most = max([least, *floors]), min([most, *ceilings])
    middle = ((least + most) / 2).quantize(Decimal(1).scaleb(-values.decimals_of(column)))
    return f"{min(max(middle, least), most):f}"

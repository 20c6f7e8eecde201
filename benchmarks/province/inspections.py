"""Visits of a school by its district and by itself, signed and sealed, and what came of what was found."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from benchmarks.province.copying import Rows
from benchmarks.province.dice import Dice, Ids
from benchmarks.province.ledgers import Sealed
from benchmarks.province.people import Someone, Staff, moment
from benchmarks.province.tree import Office, Place
from houqin.core.orgs.models import OrgUnit
from houqin.flows.rectify.models import Cause, CauseKind, Finding, FindingState, Look, Plan
from houqin.flows.seals.rules import canonical, digest_of
from houqin.modules.inspections.items import Item
from houqin.modules.inspections.lists import Held
from houqin.modules.inspections.models import Answer, CampaignKind, Signature, Visit, VisitInspector, VisitState
from houqin.modules.inspections.records import answer_of, columns_of, signature_of
from houqin.modules.inspections.rules import Seen, result_of
from houqin.modules.inspections.sealed import VISIT

OWN_EVERY, OFFICE_EVERY = 44, 88  # school days between two visits
LIST = "canteen-food-safety"
DAYS = {1: 15, 2: 7, 3: 3}  # to put it right, by severity
FAILS = 0.6  # of the school's share of missed duties; a little even at the best
GROUND = 0.012


@dataclass(frozen=True)
class Asked:
    """The checklist, and its items for schools of a kind."""

    held: Held
    code: str
    items: list[Item]

    @property
    def grades(self) -> list[object]:
        """As the score needs them."""
        return list(self.held.checklist.grades)


class Inspections:
    """One school's visits and findings."""

    def __init__(
        self, rows: Rows, ids: Ids, school: Place, staff: Staff, head: Someone, asked: Asked, now: datetime
    ) -> None:
        self.rows, self.ids, self.school, self.staff, self.head, self.asked, self.now = (
            rows,
            ids,
            school,
            staff,
            head,
            asked,
            now,
        )
        self.dice: Dice = school.dice("inspections")
        self.unit = OrgUnit(pk=school.pk, public_id=school.public_id)
        assert school.town.parent is not None
        self.district: Office = school.town.parent
        self.office = OrgUnit(pk=self.district.pk, public_id=self.district.public_id)
        self.before: dict[str, tuple[int, int]] = {}  # the newest finding of each item, and which time it was
        self.day, self.count = date.min, 0

    def inspect(self, days: Sequence[date]) -> list[Sealed]:
        """Every visit that fell on these school days; what is to be sealed."""
        turn = self.dice.randrange(OFFICE_EVERY)
        found = []
        for number, day in enumerate(days):
            if moment(day, 18 * 60) > self.now:
                break
            if (number + turn) % OFFICE_EVERY == 0:
                found.append(self._visit(day, CampaignKind.ROUTINE, self.office, self.head))
            elif (number + turn) % OWN_EVERY == 0:
                found.append(self._visit(day, CampaignKind.SELF, self.unit, self.staff.accounts["principal"]))
        return found

    def _visit(self, day: date, kind: CampaignKind, office: OrgUnit, by: Someone) -> Sealed:
        dice, began = self.dice, moment(day, 9 * 60 + self.dice.randint(0, 90))
        signed = began + timedelta(minutes=dice.randint(40, 120))
        row = Visit(
            id=self.ids.next(Visit), public_id=dice.uuid7(began), number=f"JC-{day:%Y%m%d}-0001", org=self.unit, office=office,
            kind=kind.value, planned_on=day, lists=[{"code": LIST, "version": self.asked.held.version}],
            state=VisitState.SIGNED.value, day=day, began_at=began, signed_at=signed,
        )  # fmt: skip
        answers = [self._answer(row, item, began, by) for item in self.asked.items]
        result = result_of([self.asked], {(LIST, one.item): Seen(one.outcome, one.level) for one in answers})
        row.score_hundredths, row.red_lines = result.score, len(result.red)
        row.grade = "" if result.grade is None else self.asked.held.checklist.grades[result.grade].zh
        signs = [
            self._sign(row, Signature.Side.INSPECTORS, by),
            self._sign(row, Signature.Side.SCHOOL, self.staff.accounts["director"]),
        ]
        row.content = canonical(
            columns_of(row)
            | {
                "answers": [answer_of(one) | {"photos": []} for one in answers],
                "signatures": [signature_of(one) for one in signs],
            }
        )
        self._rows_of(row, answers, signs, by)
        return Sealed(signed, signed, row.public_id, VISIT, digest_of(row.content))

    def _answer(self, visit: Visit, item: Item, began: datetime, by: Someone) -> Answer:
        dice = self.dice
        fails = dice.random() < GROUND + FAILS * self.school.habit.missed
        level = None if item.kind != "graded" else 0 if fails else item.levels - 1
        outcome = Answer.Outcome.FAILED if fails else Answer.Outcome.OK
        at = began + timedelta(minutes=dice.randint(1, 35))
        found = Answer(
            id=self.ids.next(Answer), public_id=dice.uuid7(at), visit=visit, checklist=LIST, item=item.code,
            outcome=outcome.value, level=level, answered_at=at, account_id=by.pk,
        )  # fmt: skip
        if fails:
            found.finding = self._finding(visit, found, item, at, by)
        return found

    def _sign(self, visit: Visit, side: Signature.Side, who: Someone) -> Signature:
        return Signature(
            id=self.ids.next(Signature), visit=visit, side=side.value, name=who.name,
            salt=f"{self.dice.getrandbits(128):032x}", signed_at=visit.signed_at,
        )  # fmt: skip

    def _rows_of(self, row: Visit, answers: Sequence[Answer], signs: Sequence[Signature], by: Someone) -> None:
        add = self.rows.add
        add(Visit, **_columns(row) | {"lists": json.dumps(row.lists)})
        add(VisitInspector, id=self.ids.next(VisitInspector), visit_id=row.pk, account_id=by.pk, leads=True)
        for one in (*answers, *signs):
            add(type(one), **_columns(one))

    def _finding(self, visit: Visit, answer: Answer, item: Item, at: datetime, by: Someone) -> Finding:
        """Ordered at once; put right in time mostly, seen by the unit that found it, and closed."""
        dice, ids, org = self.dice, self.ids, self.school.pk
        assert visit.day is not None
        self.count = self.count + 1 if self.day == visit.day else 1
        self.day = visit.day
        repeats, nth = self.before.get(item.code, (None, 0))
        due = visit.day + timedelta(days=DAYS[item.severity])
        row = Finding(
            id=ids.next(Finding), public_id=dice.uuid7(at), number=f"WT-{visit.day:%Y%m%d}-{self.count:04d}", org_id=org,
            day=visit.day, found_at=at, found_by_id=by.pk, found_org_id=visit.office_id, check_org_id=visit.office_id,
            topic=f"{LIST}.{item.code}", title=item.zh[:200], standard=item.good_zh[:300], basis=item.basis[:300],
            severity=item.severity, red_line=item.red_line, repeats_id=repeats, nth=nth + 1, state=FindingState.ORDERED.value,
            post=item.post or "principal", due_on=due,
        )  # fmt: skip
        self.before[item.code] = row.pk, row.nth
        looks = [(Look.Kind.FOUND, at, by.pk, visit.office_id)]
        fixed = moment(due, 16 * 60) + timedelta(days=dice.randint(-3, 1 + round(60 * self.school.habit.missed)))
        fixed = max(fixed, at + timedelta(hours=3))
        if fixed < self.now:
            looks.append((Look.Kind.FIXED, fixed, self.staff.accounts["director"].pk, org))
            row.state = FindingState.REPORTED.value
        seen = fixed + timedelta(days=dice.randint(1, 4))
        if seen < self.now:
            looks.append((Look.Kind.PASSED, seen, by.pk, visit.office_id))
            row.state, row.closed_at = FindingState.CLOSED.value, seen
        self._steps(row, visit, answer, item, looks, at)
        return row

    def _steps(
        self,
        row: Finding,
        visit: Visit,
        answer: Answer,
        item: Item,
        looks: Sequence[tuple[Look.Kind, datetime, int, int]],
        at: datetime,
    ) -> None:
        add, ids, org = self.rows.add, self.ids, self.school.pk
        add(Finding, **_columns(row))
        add(
            Cause, id=ids.next(Cause), finding_id=row.pk, org_id=org, kind=CauseKind.VISIT.value, key=f"answer:{answer.public_id}",
            label=f"{visit.number} {item.zh}"[:200], address=f"/inspections/visits/{visit.public_id}/", at=at,
        )  # fmt: skip
        if item.severity > 1:
            add(
                Plan, id=ids.next(Plan), finding_id=row.pk, post=row.post, measures="更换、培训、复查", finish_on=row.due_on,
                set_at=at + timedelta(hours=2), account_id=self.staff.accounts["director"].pk,
            )  # fmt: skip
        for kind, when, account, unit in looks:
            add(
                Look, id=ids.next(Look), public_id=self.dice.uuid7(when), finding_id=row.pk, kind=kind.value, at=when,
                account_id=account, unit_id=unit,
            )  # fmt: skip


def _columns(row: Visit | Answer | Signature | Finding) -> dict[str, object]:
    return {field.column: getattr(row, field.attname) for field in row._meta.local_concrete_fields}

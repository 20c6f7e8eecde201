"""A list of certificates: 姓名（持证人）、证件类别、编号、发证日期、有效期."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.people.models import Person
from houqin.core.places.models import Place
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.finding import subject_of_unit, subjects_of_persons
from houqin.core.subjects.models import Subject
from houqin.flows.credentials.actions.listing import Listed, ListLine, record_list
from houqin.flows.credentials.actions.verifying import revoke_credential
from houqin.flows.credentials.kinds import kind_called
from houqin.flows.credentials.models import Credential
from houqin.flows.sheets.kinds import ApplyContext, Outcome, RowToWrite, SheetKind, Work, register
from houqin.flows.sheets.reading.shapes import Field, FieldType, Shape
from houqin.lib.notes import Note
from houqin.lib.notes import mark as _

CREDENTIALS = Shape(
    code="credentials",
    title=_("Credentials"),
    fields=(
        Field("school", _("School"), FieldType.NAME, ("学校", "学校名称", "单位", "单位名称", "所在单位", "所属学校"), refers_to="school", carried=True),
        Field("name", _("Holder"), FieldType.NAME,
              ("持证人", "持证人姓名", "姓名", "持证单位", "持有人", "设备名称", "名称"), required=True, never=("学校", "证")),
        Field("kind", _("Kind"), FieldType.NAME,
              ("证件类别", "证照类别", "证件名称", "证照名称", "证书名称", "证件种类", "证照种类", "证书类别", "证照类型", "证件类型"), required=True),
        Field("number", _("Number"), FieldType.CODE,
              ("证件编号", "证照编号", "证书编号", "证号", "编号", "许可证编号", "许可证号", "证件号"), lenient=True, never=("身份", "序")),
        Field("issued_on", _("Issued on"), FieldType.DAY, ("发证日期", "签发日期", "办证日期", "发证时间", "取得日期", "检验日期"), lenient=True),
        Field("expires_on", _("Valid until"), FieldType.DAY,
              ("有效期至", "有效期", "到期日期", "有效期限", "截止日期", "有效截止日期", "下次检验日期", "失效日期"), lenient=True),
    ),
    hints=("证照", "证件", "持证", "证书", "证照一览", "证件台账", "持证上岗"),
    against=("花名册", "学生", "进货", "出库", "食谱", "基本情况"),
)  # fmt: skip


def apply_credentials(
    work: Mapping[str, Work], *, context: ApplyContext, by: Viewer
) -> Mapping[str, Sequence[Outcome]]:
    """Each line is what somebody or something holds; a line that vanished from the list was written by mistake."""
    each = work["credentials"]
    outcomes: dict[int, Outcome] = {}
    for numbers in _by_unit(each.rows).values():
        org = each.rows[numbers[0]].org
        holders = _Holders(org)
        lines: dict[int, ListLine] = {}
        for n in numbers:
            found = _line(each.rows[n], holders, context.today)
            if isinstance(found, Note):
                outcomes[n] = Outcome(None, found)
            else:
                lines[n] = found
        listed = record_list(org, by=by, lines=list(lines.values()))
        outcomes |= {n: _outcome(done) for n, done in zip(lines, listed, strict=True)}
    _take_back(each, by)
    return {"credentials": [outcomes[n] for n in range(len(each.rows))]}


def _by_unit(rows: Sequence[RowToWrite]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        found[row.org.pk].append(number)
    return found


class _Holders:
    """Whoever a list of one unit may name: its people, places and firms, by name."""

    def __init__(self, org: OrgUnit) -> None:
        self.org = org
        self.persons: dict[str, list[Person]] = defaultdict(list)
        for person in Person.objects.filter(org=org, left_on__isnull=True):
            self.persons[person.name].append(person)
        everybody = [person for people in self.persons.values() for person in people]
        self.subjects = subjects_of_persons(everybody)
        self.places: dict[str, Subject] = {
            row.name: row.subject for row in Place.objects.in_use().filter(org=org).select_related("subject__org")
        }
        above = [*org.ancestor_paths, org.path]
        firms = Party.objects.filter(org__path__in=above).select_related("subject__org")
        self.parties: dict[str, Subject] = {row.name: row.subject for row in firms}

    def find(self, name: str, kinds: Sequence[str]) -> Subject | Note:
        """Who is meant by a name, among the holders that the kind of paper has."""
        people = self.persons.get(name, [])
        if "person" in kinds and len(people) > 1:
            return Note(
                "two-of-a-name",
                _("Two people are called “%(name)s” here. Record it on the person's page."),
                {"name": name},
            )
        if "person" in kinds and people:
            return self.subjects[people[0].pk]
        if "place" in kinds and name in self.places:
            return self.places[name]
        if "party" in kinds and name in self.parties:
            return self.parties[name]
        if "unit" in kinds and name == self.org.name:
            return subject_of_unit(self.org)
        return Note(
            "no-holder", _("“%(name)s” is not known here. Record the person, place or firm first."), {"name": name}
        )


def _line(row: RowToWrite, holders: _Holders, today: date) -> ListLine | Note:
    values = row.values
    kind = kind_called(str(values["kind"]), today)
    if kind is None:
        return Note(
            "no-kind", _("“%(kind)s” is no kind of certificate that I know."), {"kind": str(values["kind"])[:60]}
        )
    holder = holders.find(str(values["name"]), kind.holders)
    if isinstance(holder, Note):
        return holder
    return ListLine(
        holder=holder, kind=kind.code, number=str(values.get("number") or "")[:60], issued_on=values.get("issued_on"),
        expires_on=values.get("expires_on"),
    )  # fmt: skip


def _outcome(done: Listed) -> Outcome:
    if done.credential is None:
        return Outcome(None, Note("refused", str(done.refusal.message if done.refusal else "").replace("%", "%%")))
    if done.left_out_number:
        note = Note(
            "identity", _("An identity number stands where the certificate's number belongs; it was left out."), {}
        )
        return Outcome(done.credential.public_id, None, (note,))
    return Outcome(done.credential.public_id)


def _take_back(work: Work, by: Viewer) -> None:
    """Rows of an earlier import that are in the list no more, unless somebody has verified or renewed them since."""
    wanted: set[UUID] = set(work.reverse)
    for row in Credential.objects.standing().filter(public_id__in=wanted).select_related("org"):
        if row.verified_at is None:
            revoke_credential(row, by=by, reason="名单更正后不再列入")
        else:
            work.kept[row.public_id] = Note("verified", _("A second person has verified it; it stays."), {})


register(SheetKind(CREDENTIALS, 25, "credentials.record", ("name", "kind", "number"), apply_credentials))

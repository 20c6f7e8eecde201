"""Names in sheets → the schools, suppliers and foods they mean, each new one or doubtful one a proposal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from houqin.core.orgs.models import Kind, OrgUnit
from houqin.flows.sheets.kinds import KINDS, NAME_BOOKS, SheetKind
from houqin.flows.sheets.models import ImportProposal, ImportRun
from houqin.flows.sheets.naming.schools import match_school, nearest, school_named_in
from houqin.flows.sheets.reading.understanding import BookRead, Question, RowRead, SchoolHint, SheetRead
from houqin.lib.notes import Note
from houqin.lib.notes import mark as _
from houqin.lib.text import name_key

_WHERE = {
    "answer": _("as you said"),
    "stated": _("stated above the table"),
    "title": _("in the title"),
    "sheet": _("in the sheet's name"),
    "file": _("in the file's name"),
    "folder": _("in the folder's name"),
    "column": _("in its column"),
}
_NAMED_OUTRIGHT = {"stated", "answer", "folder"}


@dataclass
class Place:
    """The school of a sheet or row. `key` is ``org:<id>`` for a known one, ``new:<name>`` for a proposed one,
    empty for the unit of the import itself."""

    key: str = ""
    name: str = ""
    why: Note | None = None
    problem: Note | None = None
    warnings: list[Note] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


class Schools:
    """Schools that a sheet may mean: those of the tree, and those that this import proposes."""

    def __init__(self, under: OrgUnit) -> None:
        self.under = under
        self._offices = [name_key(unit.name) for unit in under.chain()[::-1]]
        found = OrgUnit.objects.under(under.path).filter(kind=Kind.SCHOOL, closed_on__isnull=True).order_by("path")
        self.names: list[str] = []
        self.keys: list[str] = []
        for unit in found:
            self.names.append(unit.name)
            self.keys.append(f"org:{unit.pk}")
        self.aliases: dict[str, tuple[str, Note]] = {}
        self.proposed: dict[str, Note] = {}
        self.listed = False  # has a sheet of schools been read?

    def propose(self, name: str, why: Note) -> str:
        """A school that does not exist yet."""
        self.names.append(name)
        self.keys.append(f"new:{name}")
        self.proposed[name] = why
        return self.keys[-1]

    def find(self, text: str, *, inside: bool = False) -> tuple[int, Note, bool] | None:
        """Index, why, exactly?"""
        found = match_school(text, self.names, inside=inside, offices=self._offices)
        return (found.index, found.why, found.exact) if found else None

    def is_office(self, text: str) -> bool:
        """Is it the importing office itself (填报单位：襄州区双南镇)?"""
        key = name_key(text)
        rest = key
        for name in self._offices:
            rest = rest.replace(name, "")
        return not rest or rest in {
            "中心学校",
            "教育办",
            "教办",
            "教育站",
            "总校",
            "学区",
            "教育局",
            "中心校",
            "教管会",
            "教育管理办公室",
        }


class Resolved:
    """The answer for every sheet and row, and the proposals to show."""

    def __init__(self, schools: Schools) -> None:
        self._schools = schools
        self._sheets: dict[int, Place] = {}
        self._texts: dict[str, Place] = {}
        self.proposals: list[ImportProposal] = []

    def sheet_place(self, sheet: SheetRead) -> Place:
        """The school that a whole sheet belongs to."""
        return self._sheets.get(id(sheet), Place())

    def set_sheet(self, sheet: SheetRead, place: Place) -> None:
        """Remember it."""
        self._sheets[id(sheet)] = place

    def place_of(self, sheet: SheetRead, row: RowRead) -> Place:
        """The school of one row: what the row says, else its sheet; lists of schools are about the school itself."""
        kind = KINDS.get(sheet.shape.code) if sheet.shape else None
        if kind and kind.creates_schools:
            return self._texts.get(f"list:{name_key(row.values.get('name'))}", Place())
        own = self.sheet_place(sheet)
        if row.school:
            said = self.text_place(row.school)
            outside = said.problem and own.key and not row.values.get("school")  # 单位：… above the table
            return said if said.key or (said.problem and not outside) else own
        if own.key or not (kind and kind.shape.belongs_to_school):
            return Place(own.key, own.name)
        if self._schools.under.kind == Kind.SCHOOL:
            return Place()
        return Place(problem=Note("which-school", _("Which school is this of? Neither the line nor its sheet says.")))

    def text_place(self, text: str) -> Place:
        """The school that a cell names."""
        key = name_key(text)
        if key not in self._texts:
            self._texts[key] = self._look_up(text)
        return self._texts[key]

    def remember_listed(self, name: str, place: Place) -> None:
        """A school of a list of schools."""
        self._texts[f"list:{name_key(name)}"] = place

    def _look_up(self, text: str) -> Place:
        schools = self._schools
        found = schools.find(text)
        if schools.is_office(text) and not (found and found[2]):
            return Place()
        if found:
            index, why, exact = found
            if not exact:
                schools.aliases[text] = (schools.names[index], why)
            return Place(schools.keys[index], schools.names[index], why)
        near = nearest(text, schools.names)
        if not schools.listed and not near and school_named_in(text) and schools.under.kind != Kind.SCHOOL:
            key = schools.propose(text, Note("school-from-column", _("named in a column; nobody has recorded it")))
            return Place(key, text)
        return Place(problem=_no_school(text, near))


def _no_school(text: str, near: Sequence[str]) -> Note:
    if near:
        return Note(
            "no-school",
            _("No school here is called “%(name)s”. Is it %(near)s?"),
            {"name": text, "near": "、".join(near)},
        )
    return Note("no-school-at-all", _("No school here is called “%(name)s”."), {"name": text})


def resolve(run: ImportRun, reads: Sequence[BookRead]) -> Resolved:
    """Schools first (from lists of schools, then from every other sheet), then suppliers, foods and the like."""
    schools = Schools(run.org)
    resolved = Resolved(schools)
    for read in sorted(reads, key=lambda each: each.path):
        for sheet in read.sheets:
            kind = KINDS.get(sheet.shape.code) if sheet.shape else None
            if kind and kind.creates_schools:
                _listed(sheet, schools, resolved)
    for read in reads:
        _place_book(read, schools, resolved)
    resolved.proposals += _school_proposals(schools)
    for code in sorted(NAME_BOOKS):
        resolved.proposals += _name_proposals(code, run, reads)
    return resolved


def _listed(sheet: SheetRead, schools: Schools, resolved: Resolved) -> None:
    schools.listed = True
    if schools.under.kind == Kind.SCHOOL:
        own = Place(f"org:{schools.under.pk}", schools.under.name)
        for row in sheet.data:
            name = str(row.values["name"])
            fits = match_school(name, [schools.under.name]) is not None
            told = own if fits else Place(problem=_no_school(name, [schools.under.name]))
            resolved.remember_listed(name, told)
        return
    for row in sheet.data:
        name = str(row.values["name"])
        found = schools.find(name)
        if found and (found[2] or not schools.keys[found[0]].startswith("new:")):
            index, why, exact = found
            if not exact:
                schools.aliases[name] = (schools.names[index], why)
            resolved.remember_listed(name, Place(schools.keys[index], schools.names[index], why))
        else:
            key = schools.propose(
                name, Note("school-from-list", _("stands in the list of schools, line %(line)s"), {"line": row.number})
            )
            resolved.remember_listed(name, Place(key, name))


def _place_book(read: BookRead, schools: Schools, resolved: Resolved) -> None:
    """The school of each sheet; one that names none is of the only school that its workbook names."""
    sheets = [sheet for sheet in read.sheets if sheet.shape and not KINDS[sheet.shape.code].creates_schools]
    places = [_named_place(sheet, schools) for sheet in sheets]
    named = {place.key: place.name for place in places if place.key}
    for sheet, place in zip(sheets, places, strict=True):
        lacks = not place.key and _needs_school(sheet)
        resolved.set_sheet(sheet, _only_or_unlisted(sheet, schools, named) if lacks else place)
        for row in sheet.data:
            resolved.place_of(sheet, row)


def _only_or_unlisted(sheet: SheetRead, schools: Schools, named: dict[str, str]) -> Place:
    if len(named) != 1:
        return _unlisted(sheet, schools)
    key, name = next(iter(named.items()))
    return Place(key, name, Note("school-of-book", _("the only school that this workbook names")))


def _named_place(sheet: SheetRead, schools: Schools) -> Place:
    """The school of a sheet, by the nearest text that names one."""
    if schools.under.kind == Kind.SCHOOL:
        return Place(f"org:{schools.under.pk}", schools.under.name)
    place, others = Place(), set()
    for hint in sheet.school_hints:
        found = schools.find(hint.text, inside=hint.where not in _NAMED_OUTRIGHT)
        if not found or (schools.is_office(hint.text) and not found[2]):
            continue
        index, why, exact = found
        if not place.key:
            place = Place(schools.keys[index], schools.names[index], _where(hint, why))
            if not exact and hint.where in {"stated", "folder"}:
                schools.aliases[hint.text] = (schools.names[index], why)
        elif exact and schools.keys[index] != place.key:
            others.add(schools.names[index])
    if others:
        place.warnings.append(
            Note(
                "two-schools",
                _("%(taken)s was taken, but %(others)s is named as well."),
                {"taken": place.name, "others": "、".join(sorted(others))},
            )
        )
    return place


def _where(hint: SchoolHint, why: Note) -> Note:
    return Note("school-how", _("%(where)s: %(why)s"), {"where": Note("", _WHERE[hint.where]), "why": why})


def _needs_school(sheet: SheetRead) -> bool:
    assert sheet.shape is not None
    if not sheet.shape.belongs_to_school:
        return False
    return any(not row.school for row in sheet.data)


def _unlisted(sheet: SheetRead, schools: Schools) -> Place:
    """A ledger of a school that nobody has recorded: propose it where its name is plain, else ask."""
    for hint in sheet.school_hints:
        named = hint.text if hint.where == "stated" and school_named_in(hint.text) else school_named_in(hint.text)
        if not named or schools.is_office(named) or hint.where == "folder":
            continue
        if _slip_of(named, schools.names):
            break
        why = Note(
            "school-from-ledger", _("named by its ledger %(path)s; no list of schools has it"), {"path": sheet.path}
        )
        return Place(schools.propose(named, why), named, why)
    question = Question(
        "school",
        Note(
            "ask-school", _("Which school is sheet “%(sheet)s” of %(path)s?"), {"sheet": sheet.name, "path": sheet.path}
        ),
    )
    return Place(questions=[question])


def _slip_of(name: str, names: Iterable[str]) -> bool:
    """One character away from a school that exists: more likely a slip of the pen than a new school."""
    from rapidfuzz.distance import Levenshtein

    return any(Levenshtein.distance(name_key(name), name_key(other)) == 1 for other in names)


def _school_proposals(schools: Schools) -> list[ImportProposal]:
    new = [ImportProposal(sort="school", name=name[:120], why=why.as_json()) for name, why in schools.proposed.items()]
    alias = [
        ImportProposal(sort="school", name=name[:120], same_as=same, why=why.as_json())
        for name, (same, why) in schools.aliases.items()
        if name not in schools.proposed
    ]
    return new + alias


def names_in(kind: SheetKind, values: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """(name book, name) for every name that a row uses."""
    for each in kind.shape.fields:
        if each.refers_to in NAME_BOOKS and values.get(each.name):
            yield each.refers_to, str(values[each.name])
    for dish in values.get("dishes") or ():
        if "product" in NAME_BOOKS:
            for ingredient in dish.ingredients:
                yield "product", ingredient.name


def _name_proposals(code: str, run: ImportRun, reads: Sequence[BookRead]) -> list[ImportProposal]:
    used = _used(code, reads)
    book = NAME_BOOKS[code]
    known = book.known(run.org)
    recorded = {each.name for each in known}
    likely = {each.name: each for each in book.likely(used, known)}
    found = []
    for name in used:
        if name in recorded:
            continue
        like = likely.get(name)
        found.append(
            ImportProposal(
                sort=code,
                name=name[:120],
                same_as=like.same_as if like else "",
                is_sure=like.sure if like else True,
                why=(like.why if like else Note("new-name", _("nobody has recorded this name yet"))).as_json(),
            )
        )
    return found


def _used(code: str, reads: Sequence[BookRead]) -> dict[str, frozenset[str]]:
    """Every name with what it occurs with: a supplier with its goods."""
    used: dict[str, set[str]] = defaultdict(set)
    for read in reads:
        for sheet in read.sheets:
            if sheet.shape is None:
                continue
            kind = KINDS[sheet.shape.code]
            for row in sheet.data:
                for book, name in names_in(kind, row.values):
                    if book == code:
                        used[name].update(
                            [str(row.values["product"])] if code != "product" and row.values.get("product") else []
                        )
    return {name: frozenset(goods) for name, goods in used.items()}

"""What the pages of an import show, in the reader's language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.scope.models import within
from houqin.core.scope.viewer import Viewer
from houqin.flows.sheets.kinds import KINDS, NAME_BOOKS, in_order
from houqin.flows.sheets.models import ImportFile, ImportProposal, ImportRow, ImportRun
from houqin.flows.sheets.models.runs import in_words

MOST_UNITS = 300
_SHOWN_ROWS = 30


@dataclass
class SheetShown:
    """One sheet of one file in the preview."""

    file: ImportFile
    name: str
    title: str
    note: str
    school: str
    school_why: str
    year: str
    data: int
    unreadable: int
    passed: int
    questions: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    units: str = ""
    styles: str = ""

    @property
    def kind(self) -> str:
        """For the icon: known or not."""
        return "known" if self.title else "unknown"


def units_for(viewer: Viewer) -> list[OrgUnit]:
    """Units under which this viewer may import, topmost first."""
    places = within("path", viewer.paths_for("sheets.import"))
    kinds = [Kind.SCHOOL, Kind.TOWN, Kind.DISTRICT, Kind.CITY]
    return list(OrgUnit.objects.filter(places, kind__in=kinds, closed_on__isnull=True).order_by("path")[:MOST_UNITS])


def sheets_of(run: ImportRun) -> list[SheetShown]:
    """Every sheet of a run, in the order of the files."""
    return [_shown(file, told) for file in run.files.all() for told in file.understood if told.get("name")]


def _shown(file: ImportFile, told: dict[str, Any]) -> SheetShown:
    counts = told["counts"]
    kind = KINDS.get(told["kind"])
    how = in_words(told["year_how"])
    return SheetShown(
        file=file,
        name=told["name"],
        title=gettext(kind.shape.title) if kind else "",
        note=in_words(told["note"]),
        school=told["school"],
        school_why=in_words(told["school_why"]),
        year=how,
        data=counts["data"],
        unreadable=counts["unreadable"],
        passed=counts["sum"] + counts["blank"] + counts["note"] + counts["header"],
        questions=[(each["code"], in_words(each["note"])) for each in told["questions"]],
        warnings=[in_words(note) for note in told["warnings"]],
        units="、".join(told["units"]),
        styles="、".join(told["date_styles"]),
    )


def sheet_told(file: ImportFile, name: str) -> dict[str, Any] | None:
    """What was understood of one sheet, with the columns in words."""
    told = next((each for each in file.understood if each.get("name") == name), None)
    if told is None:
        return None
    kind = KINDS.get(told["kind"])
    columns = [{**each, "title": gettext(each["title"]), "why": in_words(each["why"])} for each in told["columns"]]
    unused = [{**each, "field": "", "title": "", "why": "", "unit": ""} for each in told["unused"]]
    fields = [(each.name, gettext(each.title)) for each in kind.shape.fields] if kind else []
    return {
        **told,
        "columns": sorted([*columns, *unused], key=lambda each: each["column"]),
        "fields": fields,
        "kind_title": gettext(kind.shape.title) if kind else "",
        "year_how": in_words(told["year_how"]),
        "school_why": in_words(told["school_why"]),
        "note": in_words(told["note"]),
        "questions": [(each["code"], in_words(each["note"])) for each in told["questions"]],
        "warnings": [in_words(note) for note in told["warnings"]],
    }


def kinds() -> list[tuple[str, str]]:
    """Kinds of sheets to choose from."""
    return [(kind.code, gettext(kind.shape.title)) for kind in in_order()]


def rows_of(run: ImportRun, viewer: Viewer, file: ImportFile, sheet: str) -> dict[str, Any]:
    """Lines that go back, and the first of those that can be written."""
    rows = ImportRow.objects.visible_to(viewer).filter(run=run, file=file, sheet=sheet).order_by("position")
    return {
        "rejected": list(rows.filter(state=ImportRow.State.REJECTED)[:200]),
        "warned": list(rows.exclude(warnings=[]).exclude(state=ImportRow.State.REJECTED)[:_SHOWN_ROWS]),
        "first": list(rows.exclude(state=ImportRow.State.REJECTED)[:10]),
    }


def row_counts(run: ImportRun) -> Counter[str]:
    """Lines by what becomes of them."""
    return Counter(ImportRow.objects.filter(run=run).values_list("state", flat=True))


def kind_counts(run: ImportRun) -> list[tuple[str, int]]:
    """Lines that can be written, by kind."""
    counts = Counter(
        ImportRow.objects.filter(run=run).exclude(state=ImportRow.State.REJECTED).values_list("kind", flat=True)
    )
    return [(gettext(kind.shape.title), counts[kind.code]) for kind in in_order() if counts[kind.code]]


@dataclass
class ProposalGroup:
    """Proposals of one sort: names to record, names that mean the same, names kept apart in doubt."""

    title: str
    new: list[ImportProposal] = field(default_factory=list)
    same: list[ImportProposal] = field(default_factory=list)
    doubtful: list[ImportProposal] = field(default_factory=list)


def proposals_of(run: ImportRun) -> list[ProposalGroup]:
    """Grouped by sort."""
    groups: dict[str, ProposalGroup] = {}
    for proposal in run.proposals.all():
        book = NAME_BOOKS.get(proposal.sort)
        title = str(book.title) if book else gettext("Schools")
        group = groups.setdefault(proposal.sort, ProposalGroup(title))
        if not proposal.is_merge:
            group.new.append(proposal)
        elif proposal.is_sure:
            group.same.append(proposal)
        else:
            group.doubtful.append(proposal)
    return list(groups.values())


def schools_to_choose(run: ImportRun) -> list[str]:
    """Schools of the tree and those that this import proposes."""
    known = OrgUnit.objects.under(run.org.path).schools().filter(closed_on__isnull=True).values_list("name", flat=True)
    proposed = ImportProposal.objects.filter(run=run, sort="school", same_as="").values_list("name", flat=True)
    return sorted({*known, *proposed})

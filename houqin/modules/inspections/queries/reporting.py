"""The monthly quality report: sentences and tables from figures, in the language of the unit's files."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Substr
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from houqin.core.orgs.models import OFFICES, STEP, OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.partitions import month_after
from houqin.flows.duties.words import post_names
from houqin.flows.indicators.reading import NOTHING, figures, last_day
from houqin.flows.indicators.registry import indicators
from houqin.flows.indicators.words import in_words
from houqin.flows.rectify.indicators import REPORTED_IN_TIME, with_fix_day
from houqin.flows.rectify.models import Climb, Finding, FindingState, Severity
from houqin.flows.rectify.rules import A_YEAR
from houqin.modules.inspections.candidates import BEEN
from houqin.modules.inspections.models import CampaignKind, Visit
from houqin.modules.inspections.queries.boards import A_DAY, topics, units_below
from houqin.ui import formats

MOST_LATE = 100


def content_of(unit: OrgUnit, month: date, viewer: Viewer) -> dict[str, Any]:
    """What the report of a unit says about a month, to its end or to today. A fixed number of queries."""
    first = month.replace(day=1)
    until = min(month_after(first, 1) - A_DAY, viewer.today)
    with override(settings.LANGUAGE_CODE):
        now, before = _counts(unit, first, until, viewer), _counts(unit, month_after(first, -1), first - A_DAY, viewer)
        sentences = [
            *_inspected(unit, first, until, viewer),
            *_found(now),
            *_put_right(now),
            *_went_late(now, _told(unit, first, until, viewer)),
            *_changed(now, before),
        ]
        tables = (
            _by_severity(now), _indicators(unit, first, until), _by_unit(unit, first, until, viewer),
            _late_table(unit, first, until, viewer), _topics(unit, first, until, viewer),
        )  # fmt: skip
        return {
            "until": until.isoformat(),
            "sentences": sentences,
            "tables": [one for one in tables if one["rows"]],
        }


def _findings(unit: OrgUnit, viewer: Viewer) -> Any:
    return Finding.objects.visible_to(viewer).under(unit.path).exclude(state=FindingState.VOID).order_by()


def _open_at(until: date) -> Q:
    """Found by the end of a day and not closed by then."""
    return Q(day__lte=until) & (Q(closed_at__isnull=True) | Q(closed_at__date__gt=until))


def _last_due(until: date, viewer: Viewer) -> date:
    """The last day whose findings can be late at the end: what is due today may still be put right today."""
    return until - A_DAY if until == viewer.today else until


def _late_at(until: date) -> Q:
    """Of findings ``with_fix_day`` that were due: not closed at the end of a day, and not reported as put right."""
    unreported = Q(fixed_on__isnull=True) | Q(fixed_on__gt=until) | Q(state=FindingState.ORDERED)
    return _open_at(until) & unreported


def _counts(unit: OrgUnit, first: date, until: date, viewer: Viewer) -> dict[str, Any]:
    """What was found, closed and due in a span, and open or overdue at its end. Three queries."""
    rows = _findings(unit, viewer)
    found, closed = Q(day__range=(first, until)), Q(state=FindingState.CLOSED, closed_at__date__range=(first, until))
    counts: dict[str, Any] = rows.filter(found | closed | _open_at(until)).aggregate(
        found=Count("pk", filter=found), again=Count("pk", filter=found & Q(nth__gt=1)),
        own=Count("pk", filter=found & Q(found_org=F("org"))), closed=Count("pk", filter=closed),
        spot=Count("pk", filter=closed & Q(on_the_spot=True)), open=Count("pk", filter=_open_at(until)),
        supervised=Count("pk", filter=_open_at(until) & Q(supervised_by__isnull=False)),
        **{f"found{one}": Count("pk", filter=found & Q(severity=one)) for one in Severity},
        **{f"closed{one}": Count("pk", filter=closed & Q(severity=one)) for one in Severity},
        **{f"open{one}": Count("pk", filter=_open_at(until) & Q(severity=one)) for one in Severity},
    )  # fmt: skip
    days = [(localdate(at) - day).days for at, day in rows.filter(closed).values_list("closed_at", "day")]
    last = _last_due(until, viewer)
    month = Q(due_on__range=(first, last))
    due: dict[str, Any] = with_fix_day(rows.filter(month | (_open_at(until) & Q(due_on__lte=last)))).aggregate(
        due=Count("pk", filter=month), in_time=Count("pk", filter=month & REPORTED_IN_TIME),
        late=Count("pk", filter=_late_at(until)),
    )  # fmt: skip
    return counts | {"days": sum(days)} | due


def _inspected(unit: OrgUnit, first: date, until: date, viewer: Viewer) -> list[str]:
    """Only visits that have begun: what is planned and unannounced shows in no total. Two queries."""
    been = Visit.objects.visible_to(viewer).under(unit.path).filter(state__in=BEEN).order_by()
    mine, others = Q(kind=CampaignKind.SELF), ~Q(kind=CampaignKind.SELF)
    month, year = Q(day__range=(first, until)), Q(day__gt=until - A_YEAR, day__lte=until)
    counts = been.filter(year | month).aggregate(
        visits=Count("pk", filter=month & others), schools=Count("org", filter=month & others, distinct=True),
        checks=Count("pk", filter=month & mine), covered=Count("org", filter=year & others, distinct=True),
    )  # fmt: skip
    all_schools = OrgUnit.objects.schools().under(unit.path).filter(closed_on__isnull=True).count()
    return [
        _("Inspected: %(visits)s visits at %(schools)s schools; besides, %(checks)s self-checks.") % counts,
        _("Coverage: %(covered)s of %(all)s schools were inspected by others within a year; %(rest)s were not.")
        % (counts | {"all": all_schools, "rest": max(all_schools - counts["covered"], 0)}),
    ]


def _found(now: dict[str, Any]) -> list[str]:
    words = {
        **now, "serious": now[f"found{Severity.SERIOUS}"], "general": now[f"found{Severity.GENERAL}"],
        "minor": now[f"found{Severity.MINOR}"],
    }  # fmt: skip
    return [
        _("Found: %(found)s (serious hazards %(serious)s, general %(general)s, minor %(minor)s); found by the schools themselves, which counts for them: %(own)s; found again within a year: %(again)s.")
        % words
    ]  # fmt: skip


def _put_right(now: dict[str, Any]) -> list[str]:
    mean = formats.number(now["days"] / now["closed"], 1) if now["closed"] else formats.NOTHING
    return [
        _("Put right and closed: %(closed)s, on the spot %(spot)s; %(mean)s days on average.") % (now | {"mean": mean}),
        _("Due in the month: %(due)s, put right in time: %(share)s.")
        % (now | {"share": formats.percent(now["in_time"], now["due"])}),
        _("Open at the end: %(open)s, overdue %(late)s, under supervision %(supervised)s.") % now,
    ]


def _told(unit: OrgUnit, first: date, until: date, viewer: Viewer) -> dict[str, int]:
    """How often a level was told in the month that something is overdue, and of how many findings. One query."""
    rows = Climb.objects.visible_to(viewer).under(unit.path).filter(at__date__range=(first, until))
    told: dict[str, int] = (
        rows.exclude(finding__state=FindingState.VOID)
        .order_by()
        .aggregate(told=Count("pk"), climbed=Count("finding", distinct=True))
    )
    return told


def _went_late(now: dict[str, Any], told: dict[str, int]) -> list[str]:
    words = {"missed": now["due"] - now["in_time"], **told}
    return [
        _("Not put right by its day in the month: %(missed)s; a level above was told %(told)s times, of %(climbed)s findings.")
        % words
    ]  # fmt: skip


def _changed(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    """Against the month before, counts beside rates."""
    words = {
        "found": now["found"], "found_before": before["found"], "closed": now["closed"], "closed_before": before["closed"],
        "share": formats.percent(now["in_time"], now["due"]), "share_before": formats.percent(before["in_time"], before["due"]),
    }  # fmt: skip
    return [
        _("Against the month before: found %(found)s (%(found_before)s), closed %(closed)s (%(closed_before)s), in time %(share)s (%(share_before)s).")
        % words
    ]  # fmt: skip


def _table(title: str, heads: Sequence[str], rows: list[list[Any]]) -> dict[str, Any]:
    return {"title": title, "heads": list(heads), "rows": rows}


def _by_severity(now: dict[str, Any]) -> dict[str, Any]:
    rows = [
        [str(one.label), now[f"found{one}"], now[f"closed{one}"], now[f"open{one}"]]
        for one in sorted(Severity, reverse=True)
    ]
    return _table(
        _("By severity"), [_("How serious"), _("Newly found"), _("Put right and closed"), _("Open at the end")], rows
    )


def _by_unit(unit: OrgUnit, first: date, until: date, viewer: Viewer) -> dict[str, Any]:
    """The units below in the order of the tree. Two queries."""
    units = units_below(viewer, unit) if unit.kind in OFFICES else []
    found, closed = Q(day__range=(first, until)), Q(state=FindingState.CLOSED, closed_at__date__range=(first, until))
    rows = _findings(unit, viewer).filter(found | closed | _open_at(until))
    counted = rows.annotate(below=Substr("org__path", 1, len(unit.path) + STEP)).values("below").annotate(
        found=Count("pk", filter=found), closed=Count("pk", filter=closed), still=Count("pk", filter=_open_at(until))
    )  # fmt: skip
    known = {row["below"]: row for row in counted} if units else {}
    lines = [
        [one.name, *(known.get(one.path, {}).get(name, 0) for name in ("found", "closed", "still"))] for one in units
    ]
    return _table(
        _("By unit, in the order of the tree"),
        [_("Unit"), _("Newly found"), _("Put right and closed"), _("Open at the end")],
        lines,
    )


def _late_table(unit: OrgUnit, first: date, until: date, viewer: Viewer) -> dict[str, Any]:
    """What was overdue at the end, or went past its day or climbed in the month, and whom it reached. Three queries."""
    last = _last_due(until, viewer)
    climbed = Climb.objects.filter(finding=OuterRef("pk"), at__date__range=(first, until))
    rows = with_fix_day(_findings(unit, viewer).filter(due_on__isnull=False))
    went = Q(due_on__range=(first, last)) & ~REPORTED_IN_TIME
    still = Q(due_on__lte=last) & _late_at(until)
    late = list(
        rows.filter(went | still | Exists(climbed)).select_related("org").order_by("due_on", "pk")[: MOST_LATE + 1]
    )
    levels = _levels(late, until)
    lines = [
        [
            one.number, one.org.name, one.title, one.get_severity_display(), f"{one.due_on}",
            f"{one.fixed_on}" if one.fixed_on and one.fixed_on <= until else formats.NOTHING,  # type: ignore[attr-defined]
            "\n".join(levels[one.pk]) or formats.NOTHING,
        ]
        for one in late[:MOST_LATE]
    ]  # fmt: skip
    title = _("Overdue in the month, and which levels were told")
    if len(late) > MOST_LATE:
        title = _("Overdue in the month, and which levels were told: the oldest %(shown)s") % {"shown": MOST_LATE}
    heads = [
        _("Number"), _("School"), _("What was found"), _("How serious"), _("To be put right by"), _("Put right on"),
        _("Levels told, and when"),
    ]  # fmt: skip
    return _table(title, heads, lines)


def _levels(rows: Sequence[Finding], until: date) -> dict[int, list[str]]:
    """Which levels had been told of each at the end of a day, and when. Two queries."""
    names = post_names(until)
    found: dict[int, list[str]] = defaultdict(list)
    for one in Climb.objects.filter(finding__in=rows, at__date__lte=until).select_related("office"):
        where = one.office.name if one.office else names.get(one.post, one.post) or one.told
        found[one.finding_id].append(f"{one.level}. {where} {localdate(one.at):%m-%d}")
    return found


def _indicators(unit: OrgUnit, first: date, until: date) -> dict[str, Any]:
    """Every indicator in the month and in the one before, as far as days are computed. Six queries."""
    end = last_day(until)
    if end is None or end < first:
        return _table("", [], [])
    now = figures([unit.pk], first, end).get((unit.pk, None), {})
    before = figures([unit.pk], month_after(first, -1), first - A_DAY).get((unit.pk, None), {})
    rows = [
        [str(one.title), in_words(one, now.get(code, NOTHING)), in_words(one, before.get(code, NOTHING))]
        for code, one in indicators().items()
    ]
    title = _("Indicators until %(day)s") % {"day": end.isoformat()}
    return _table(title, [_("Indicator"), _("In the month"), _("In the month before")], rows)


def _topics(unit: OrgUnit, first: date, until: date, viewer: Viewer) -> dict[str, Any]:
    rows = [[one.title, one.times, one.schools] for one in topics(viewer, unit, first - A_DAY, until)]
    return _table(_("Found several times in the month"), [_("What was found"), _("Times"), _("Schools")], rows)

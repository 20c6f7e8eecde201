"""留样: a sample of every finished dish is kept, and goes when it may."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.places.models import Place, PlaceKind
from houqin.core.policies.registry import value_of, values_of
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.queries import is_suspended
from houqin.modules.canteen.actions.meals.checking import check_cooked
from houqin.modules.canteen.actions.meals.opening import ForMeal, check_today, open_meal
from houqin.modules.canteen.ledger_keeping import samples_disposed, samples_kept
from houqin.modules.canteen.models import Meal, Recall, Sample
from houqin.modules.canteen.policies import SAMPLE_GRAMS, SAMPLE_HOURS
from houqin.modules.canteen.queries.dishes import cooked_dishes
from houqin.modules.canteen.queries.samples import protected, sampled
from houqin.modules.canteen.rules.serving import MOST_GRAMS, is_temperature, keep_until, sample_warnings
from houqin.ui import formats

titled({"canteen.sampled": gettext_lazy("Samples kept"), "canteen.sample_disposed": gettext_lazy("Sample disposed of")})


@dataclass(frozen=True)
class SampleRow:
    """A sample of one dish: how much, in which box, and the number written on its label where there is no printer."""

    dish: str
    grams: int
    box: str = ""
    written_number: str = ""


@verb
def retain_samples(
    org: OrgUnit,
    *,
    by: Viewer,
    meal: Meal | ForMeal,
    rows: Sequence[SampleRow],
    place: Place | None = None,
    tenths: int | None = None,
) -> list[Sample]:
    """Keep a sample of each of these dishes in the refrigerator. All or none; too little is kept with a warning."""
    require(by, "canteen.cook", at=org)
    check_today(meal, by)
    if not rows:
        raise Refused(_("Write a weight beside at least one dish."))
    _check_refrigerator(org, place, tenths)
    held = open_meal(org, meal)
    _check_rows(held, rows)
    least, hours = int(value_of(SAMPLE_GRAMS, org)), int(value_of(SAMPLE_HOURS, org))
    samples: list[Sample] = Sample.objects.bulk_create(
        Sample(
            org=org, meal=held, dish=row.dish, grams=row.grams, taken_at=by.moment, keep_until=keep_until(by.moment, hours),
            account_id=by.account_id, box=row.box.strip(), place=place, tenths=tenths, written_number=row.written_number.strip(),
            warnings=[note.as_json() for note in sample_warnings(row.grams, least, tenths)],
        )
        for row in rows
    )  # fmt: skip
    record("canteen.sampled", held, by=by, org=org, grams={row.dish: row.grams for row in rows}, place=place)
    samples_kept(held, samples, by=by)
    return samples


def _check_refrigerator(org: OrgUnit, place: Place | None, tenths: int | None) -> None:
    if place is not None:
        if place.org_id != org.pk:
            raise NotVisible
        if place.kind != PlaceKind.SAMPLE_REFRIGERATOR or place.closed_on is not None:
            raise Refused(
                _("%(place)s is no refrigerator for samples in use. Choose another.") % {"place": place}, field="place"
            )
    if tenths is not None and not is_temperature(tenths):
        raise Refused(
            _("%(degrees)s °C is no temperature of a refrigerator.") % {"degrees": tenths / 10}, field="tenths"
        )


def _check_rows(meal: Meal, rows: Sequence[SampleRow]) -> None:
    """Dishes of this meal, each once, in a weight that a box holds, under numbers that no other label carries."""
    cooked, kept = cooked_dishes([meal])[meal.pk], sampled([meal]).get(meal.pk, {})
    seen: set[str] = set()
    for row in rows:
        check_cooked(row.dish, cooked)
        if not 0 < row.grams <= MOST_GRAMS:
            raise Refused(
                _("%(dish)s: a sample weighs more than nothing and at most %(most)s g. Write grams.")
                % {"dish": row.dish, "most": MOST_GRAMS},
                field="grams",
            )
        before = kept.get(row.dish)
        if before or row.dish in seen:
            raise Refused(
                _("A sample of %(dish)s is kept already: %(grams)s g, %(name)s.")
                % {"dish": row.dish, "grams": (before or row).grams, "name": before.account if before else "—"},
                field="dish",
            )
        seen.add(row.dish)
    _check_numbers(meal.org, [row.written_number.strip() for row in rows if row.written_number.strip()])


def _check_numbers(org: OrgUnit, numbers: Sequence[str]) -> None:
    taken = set(
        Sample.objects.kept().filter(org=org, written_number__in=numbers).values_list("written_number", flat=True)
    )
    double = taken | {number for number in numbers if numbers.count(number) > 1}
    if double:
        raise Refused(
            _("Number %(number)s stands on another label. Write another one.") % {"number": "、".join(sorted(double))},
            field="written_number",
        )


@verb
def dispose_samples(samples: Iterable[Sample], *, by: Viewer, note: str = "") -> list[Sample]:
    """Dispose of samples that were kept long enough and that no recall protects. All of them or none."""
    ids = [sample.pk for sample in samples]
    list(Sample.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    rows = list(Sample.objects.filter(pk__in=ids).select_related("org", "meal", "disposed_by").order_by("pk"))
    for row in rows:
        require(by, "canteen.cook", at=row.org)
    schools = {row.org for row in rows}
    held, hours = protected(rows), values_of(SAMPLE_HOURS, schools)
    for school in schools:
        if is_suspended(school):
            raise Refused(
                _(
                    "%(school)s keeps everything as it is while an incident is looked into. Leave the samples where they are."
                )
                % {"school": school.name}
            )
    problems = [told for row in rows if (told := _why_not(row, held.get(row.pk), int(hours[row.org_id]), by))]
    if problems:
        raise Refused(" ".join(problems))
    for row in rows:
        row.disposed_at, row.disposed_by_id, row.disposal_note = by.moment, by.account_id, note.strip()
        record("canteen.sample_disposed", row, by=by, org=row.org, dish=row.dish, note=row.disposal_note)
    Sample.objects.bulk_update(rows, ["disposed_at", "disposed_by", "disposal_note"])
    samples_disposed(rows, by=by, how=note.strip())
    return rows


def _why_not(sample: Sample, recall: Recall | None, hours: int, by: Viewer) -> str:
    """Why this sample stays; nothing when it may go."""
    words: dict[str, Any] = {"dish": sample.dish, "day": sample.meal.day.isoformat()}
    if sample.disposed_at is not None:
        words |= {"at": formats.instant(sample.disposed_at), "name": sample.disposed_by or "—"}
        return _("%(dish)s of %(day)s was disposed of already: %(at)s, %(name)s.") % words
    if recall is not None:
        words["recall"] = recall
        return (
            _("%(dish)s of %(day)s holds goods of recall %(recall)s: keep the sample until the recall has ended.")
            % words
        )
    earliest = max(sample.keep_until, keep_until(sample.taken_at, hours))
    if by.moment < earliest:
        words |= {"at": formats.instant(earliest)}
        return _("%(dish)s of %(day)s is kept until %(at)s. Leave it where it is.") % words
    return ""

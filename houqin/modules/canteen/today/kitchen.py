"""What a meal asks of keeper and cook today, one step at a time; heads hear of samples that are missing."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.schools import first_schools
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import MealKind
from houqin.modules.canteen.queries.kitchen import meal_url
from houqin.modules.canteen.queries.kitchens_today import (
    COOK,
    MealToday,
    live_kitchens,
    meals_today,
    samples_due,
    where_serving_began,
)
from houqin.modules.canteen.rules.serving import Step
from houqin.ui.offline import kept_pages
from houqin.ui.today import Bucket, TodayRow, source

RECORD, COUNTERSIGN = "canteen.record", "canteen.countersign"
ISSUED_BEFORE = timedelta(hours=2)
SERVED_WITHIN = timedelta(minutes=90)
DISPOSED_WITHIN = timedelta(hours=24)
WORDS = {
    Step.ISSUE: (_("Issue goods: %(meal)s, %(dishes)s"), _("Issue"), "package-export"),
    Step.CHECK: (_("Measure and taste: %(meal)s, %(dishes)s"), _("Measure"), "temperature"),
    Step.SAMPLE: (_("Keep samples: %(meal)s, %(dishes)s"), _("Keep samples"), "fridge"),
    Step.BEGIN: (_("Say when serving begins: %(meal)s"), _("Begin"), "bell-ringing"),
    Step.END: (_("Say when everybody is served: %(meal)s"), _("Served"), "flag-check"),
}  # fmt: skip


@source
def meals(viewer: Viewer) -> Iterator[TodayRow]:
    """The next step of each of today's meals, and what is missing before it is over."""
    if not viewer.may_anywhere(COOK) or viewer.is_system:
        return
    kitchens = list(live_kitchens(viewer))
    if all(viewer.may(COUNTERSIGN, one.path) for one in kitchens):
        kitchens = where_serving_began(kitchens, viewer.today)  # a head has no step, and hears only of what is missing
    for meal in meals_today(kitchens, viewer.today):
        leads = viewer.may(COUNTERSIGN, meal.org.path)
        step = None if leads else meal.progress.next_of(_steps(viewer, meal))
        if step is not None:
            yield _row(meal, step)
        if meal.progress.begun_at and meal.progress.missing_samples and step != Step.SAMPLE:
            yield _missing(meal)


def _steps(viewer: Viewer, meal: MealToday) -> list[Step]:
    """The steps of this person. Once the cooking is under way nobody is asked for goods any more."""
    progress = meal.progress
    if progress.is_issued or progress.cores or progress.begun_at:
        return [step for step in Step if step != Step.ISSUE]
    return [Step.ISSUE] if viewer.may(RECORD, meal.org.path) else []


def _row(meal: MealToday, step: Step) -> TodayRow:
    words, button, icon = WORDS[step]
    until = {Step.ISSUE: meal.served_at - ISSUED_BEFORE, Step.END: meal.served_at + SERVED_WITHIN}
    again = meal.progress.not_through
    text = str(words) % {"meal": meal.kind.label, "dishes": "、".join(_about(meal, step))}
    if step == Step.CHECK and again:
        text = gettext("Cook on and measure again: %(dishes)s") % {"dishes": "、".join(again)}
    return TodayRow(
        what=text, where=meal.org.name, until=until.get(step, meal.served_at), icon=icon, button=button,
        url=meal_url(meal.org, None, meal.kind),
    )  # fmt: skip


def _about(meal: MealToday, step: Step) -> list[str]:
    """The dishes of which the step is still to be done."""
    progress = meal.progress
    missing = {Step.CHECK: progress.unmeasured or progress.dishes, Step.SAMPLE: progress.missing_samples}
    return list(missing.get(step, progress.dishes))


def _missing(meal: MealToday) -> TodayRow:
    dishes = "、".join(meal.progress.missing_samples)
    return TodayRow(
        what=gettext("Sample missing: %(meal)s, %(dishes)s") % {"meal": meal.kind.label, "dishes": dishes},
        where=meal.org.name, bucket=Bucket.OVERDUE, icon="fridge-off", button=_("Look"),
        url=meal_url(meal.org, None, meal.kind),
    )  # fmt: skip


@source
def disposal(viewer: Viewer) -> Iterator[TodayRow]:
    """Samples that were kept long enough, for those who keep them."""
    if not viewer.may_anywhere(COOK) or viewer.is_system:
        return
    for found in samples_due(viewer):
        if not viewer.may(COUNTERSIGN, found.org.path):
            told = ngettext("Dispose of %(count)s sample", "Dispose of %(count)s samples", found.count)
            yield TodayRow(
                what=told % {"count": found.count}, where=found.org.name, until=found.since + DISPOSED_WITHIN, icon="trash",
                button=_("Dispose of"), url=f"{reverse('canteen:samples')}?view=due",
            )  # fmt: skip


@kept_pages
def pages_of_meals(viewer: Viewer) -> Iterator[str]:
    """The kitchen's pages work without network."""
    if not viewer.may_anywhere(COOK) or viewer.is_system:
        return
    for school in first_schools(viewer, None, COOK, 1):
        yield reverse("canteen:kitchen")
        yield from (meal_url(school, None, kind) for kind in MealKind)

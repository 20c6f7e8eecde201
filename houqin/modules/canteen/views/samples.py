"""留样 and the checks of meals, as lists."""

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.modules.canteen.forms.samples import DisposalForm, dispose_sample
from houqin.modules.canteen.models import MealCheck, Sample
from houqin.modules.canteen.queries import ledgers
from houqin.modules.canteen.queries.samples import due, is_protected, protected_by
from houqin.modules.canteen.sample_words import PASSED, SAMPLE_STATE, celsius, kept_in
from houqin.ui import formats
from houqin.ui.labels import Label
from houqin.ui.screens import Action, Block, Column, Facts, Family, Instant, Link, Look, Number, Screen, Timeline

WARNINGS = Column(
    "warnings", _("Warnings"), value=lambda row: " ".join(ledgers.warning_sentences(row.warnings)), card="no"
)
GRAMS = Number("grams", unit=_("g"), sort=True, card="fact")
DEGREES = Column("tenths", value=celsius)


class SampleScreen(Screen):
    """Samples of the meals: kept, due, protected, gone."""

    model = Sample
    slug = "samples"
    title = _("Samples")
    family = Family.SAFE
    icon = "fridge"
    order = 42
    labelled = True
    columns = [
        Column("dish", sort=True, card="title"),
        Link("meal", _("Meal"), sort=["meal__day", "meal__kind"], card="fact"),
        GRAMS,
        Instant("taken_at", sort=True, card="no"),
        Instant("keep_until", sort=True, card="fact"),
        Column("account", card="no"),
        Column("where", _("Kept in"), value=kept_in, related=["place"], card="no"),
        Link("org", sort="org__path"),
        SAMPLE_STATE,
    ]
    filters = {"taken_at": "range", "org": "choice", "place": "choice"}
    search = ["dish", "written_number", "box", "label_code"]
    views = {
        "kept": (_("Kept"), Q(disposed_at__isnull=True)),
        "due": (_("Due for disposal"), lambda viewer: due(viewer.now)),
        "protected": (_("Protected by a recall"), lambda viewer: is_protected()),
    }
    empty = _("Samples will stand here as soon as the kitchen keeps some. They are kept on the page of the meal.")
    actions = [
        Action(
            verb=dispose_sample, label=_("Dispose of"), permission="canteen.cook", form=DisposalForm, icon="trash",
            shown=lambda row, viewer: row.disposed_at is None and row.keep_until <= viewer.now, bulk=True, offline=True,
            done=lambda row: gettext("%(dish)s disposed of.") % {"dish": row.dish},
        ),
    ]  # fmt: skip
    panels = [
        Block("canteen/sample_head.html", lambda row, viewer: {"recall": protected_by(row)}),
        Facts([
            "dish", Link("meal", _("Meal")), GRAMS, Instant("taken_at"), Column("account"), Instant("keep_until"),
            Link("place", _("Refrigerator")), "box", "written_number", DEGREES, WARNINGS, Instant("disposed_at"),
            Column("disposed_by"), "disposal_note", Link("org"),
        ]),
        Timeline(),
    ]  # fmt: skip

    def get_label(self, row: Sample, look: Look) -> Label:
        """食品留样标签 in its usual fields."""
        lines = [
            f"{row.meal.day:%m-%d} {row.meal.get_kind_display()} · {row.grams} {gettext('g')}",
            formats.instant(row.taken_at),
            gettext("Not before %(at)s") % {"at": formats.instant(row.keep_until)[5:]},
            " · ".join(word for word in (str(row.account or ""), kept_in(row)) if word),
        ]
        return Label(row.dish, [line for line in lines if line], row.label_code)


class CheckScreen(Screen):
    """Core temperatures, tasting and serving, meal by meal."""

    model = MealCheck
    slug = "meal-checks"
    title = _("Checks of meals")
    family = Family.SAFE
    icon = "temperature"
    order = 43
    has_detail = False
    sort = "-at"
    columns = [
        Column("kind", sort=True, card="title"),
        Column("dish", sort=True, card="fact"),
        Link("meal", _("Meal"), sort=["meal__day", "meal__kind"], card="fact"),
        DEGREES,
        Instant("at", sort=True, card="fact"),
        Column("account", card="no"),
        Column("note", card="no"),
        Link("org", sort="org__path"),
        PASSED,
    ]  # fmt: skip
    filters = {"at": "range", "kind": "choice", "org": "choice"}
    search = ["dish", "note", "org__name"]
    views = {"odd": (_("Not in order"), Q(passed=False))}
    empty = _(
        "Checks will stand here as soon as the kitchen measures and tastes. They are made on the page of the meal."
    )


urlpatterns = [*SampleScreen.urls(), *CheckScreen.urls()]

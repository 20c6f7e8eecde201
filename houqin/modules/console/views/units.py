"""The tree and its schools."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs import actions
from houqin.core.orgs.models import OFFICES, CanteenMode, Kind, OrgUnit, SchoolFacts
from houqin.core.scope.viewer import Viewer
from houqin.modules.console.forms import units as forms
from houqin.modules.console.forms.choices import today
from houqin.ui.screens import Action, Badge, Column, Day, Facts, Family, Link, Number, Rows, Screen, Timeline


def is_open(row: OrgUnit, viewer: Viewer) -> bool:
    """Closed units change no more."""
    return row.is_open


RENAME = Action(
    verb=actions.rename_unit, label=_("Rename"), permission="orgs.change", form=forms.RenameForm, icon="pencil", aside=True,
    shown=is_open, initial=lambda row, viewer: {"name": row.name, "code": row.code},
)  # fmt: skip
CLOSE = Action(
    verb=actions.close_unit, label=_("Close the unit"), permission="orgs.change", form=forms.CloseForm, icon="lock",
    shown=is_open, initial=today, danger=True, irreversible=True,
    deed=lambda row: _("Close %(unit)s") % {"unit": row},
)  # fmt: skip


def merge_into(row: OrgUnit, *, by: Viewer, units: Any, **given: Any) -> OrgUnit:
    """The page's unit is the one that goes on."""
    return actions.merge_units(list(units), by=by, into=row, **given)


class UnitScreen(Screen):
    """Every unit of the tree within reach."""

    model = OrgUnit
    slug = "units"
    title = _("Units")
    family = Family.GOVERN
    icon = "sitemap"
    order = 10
    sort = "path"
    columns = [
        Column("name", sort=True, card="title"),
        Column("kind", sort=True, card="fact"),
        Link("parent", sort="parent__path", card="fact"),
        Column("code"),
        Day("opened_on", sort=True),
        Badge(
            "closed_on", _("State"), value=lambda row: _("Open") if row.is_open else _("Wound up"),
            tone=lambda row: "plain" if row.is_open else "quiet",
        ),
    ]  # fmt: skip
    filters = {"kind": "choice", "opened_on": "range"}
    search = ["name", "code"]
    views = {
        "open": (_("Open"), Q(closed_on__isnull=True)),
        "offices": (_("Offices"), Q(kind__in=OFFICES)),
        "closed": (_("Wound up"), Q(closed_on__isnull=False)),
    }
    panels = [
        Facts(["kind", "code", "opened_on", "closed_on"]),
        Rows("facts", [Day("valid_from"), Number("enrolment"), Number("boarders"), Number("classes"), Number("staff")],
             title=_("School facts over time"), link=False, keep_empty=False),
        Rows("children", [Column("name"), Column("kind"), Column("code")], title=_("Units below"),
             all_url=lambda row: f"{UnitScreen.url()}?under={row.public_id}", keep_empty=False),
        Rows("came_from", [Link("before", _("Unit")), Column("how"), Day("on"), Column("reason")],
             title=_("Came from"), link=False, keep_empty=False),
        Rows("went_on_in", [Link("after", _("Unit")), Column("how"), Day("on"), Column("reason")],
             title=_("Went on in"), link=False, keep_empty=False),
        Timeline(),
    ]  # fmt: skip
    actions = [
        Action(
            verb=actions.record_school_facts, label=_("Record facts"), permission="orgs.record_facts",
            form=forms.FactsForm, icon="clipboard-data",
            initial=lambda row, viewer: facts_of(row) | today(row, viewer),
            shown=lambda row, viewer: row.is_open and row.kind == Kind.SCHOOL,
        ),
        Action(
            verb=actions.open_unit, label=_("Open a unit below"), permission="orgs.change", form=forms.OpenUnitForm,
            icon="plus", initial=today,
            shown=lambda row, viewer: row.is_open and bool(actions.CHILDREN_OF.get(row.kind)),
        ),
        RENAME,
        Action(
            verb=merge_into, label=_("Merge others into this one"), permission="orgs.change", form=forms.MergeForm,
            icon="arrows-join", shown=lambda row, viewer: row.is_open and row.kind == Kind.SCHOOL, initial=today,
            irreversible=True, deed=lambda row: _("Merge into %(unit)s") % {"unit": row},
        ),
        Action(
            verb=actions.split_unit, label=_("Split"), permission="orgs.change", form=forms.SplitForm,
            icon="arrows-split", shown=lambda row, viewer: row.is_open and row.kind == Kind.SCHOOL,
            initial=today, then=lambda made: UnitScreen.row_url(made[0]),
        ),
        CLOSE,
    ]  # fmt: skip
    empty = _("No unit within your reach. Ask the office that gave you your account.")


def facts_of(row: OrgUnit) -> dict[str, Any]:
    """The newest facts, to start from."""
    newest = row.facts.first()
    names = ("school_type", "classes", "enrolment", "boarders", "staff", "canteen_mode", "principal_name", "phone")
    return {name: getattr(newest, name) for name in names} if newest else {}


class SchoolScreen(Screen):
    """Schools with the facts that hold today."""

    model = OrgUnit
    slug = "schools"
    title = _("Schools")
    family = Family.STANDARD
    icon = "school"
    order = 10
    sort = "path"
    has_detail = False
    columns = [
        Column("name", sort=True, card="title"),
        Link("parent", _("Belongs to"), sort="parent__path", card="fact"),
        Column("now_school_type", _("Type of school"), sort=True),
        Number("now_enrolment", _("Pupils"), sort=True, card="fact"),
        Number("now_boarders", _("Boarders"), sort=True),
        Number("now_classes", _("Classes"), sort=True),
        Number("now_staff", _("Staff"), sort=True),
        Column(
            "now_canteen_mode", _("Canteen"), sort=True,
            value=lambda row: CanteenMode(row.now_canteen_mode).label if row.now_canteen_mode else "",
        ),
        Column("code", _("School code")),
    ]  # fmt: skip
    search = ["name", "code"]
    views = {
        "open": (_("Open"), Q(closed_on__isnull=True)),
        "closed": (_("Wound up"), Q(closed_on__isnull=False)),
    }
    empty = _("No school yet. Import the list of schools, or open one below its town.")

    @classmethod
    def row_url(cls, row: OrgUnit) -> str:
        """A school opens as the unit that it is."""
        return UnitScreen.row_url(row)

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        """Schools, each with its facts in force: one subquery a column, the same for any number of rows."""
        facts = SchoolFacts.objects.visible_to(viewer).filter(org=OuterRef("pk"), valid_from__lte=viewer.today)
        facts = facts.order_by("-valid_from")
        names = ("school_type", "enrolment", "boarders", "classes", "staff", "canteen_mode")
        schools: QuerySet[Any] = OrgUnit.objects.visible_to(viewer).schools()
        columns = {f"now_{name}": Subquery(facts.values(name)[:1]) for name in names}
        found: QuerySet[Any] = schools.annotate(**columns)
        return found


urlpatterns = [*UnitScreen.urls(), *SchoolScreen.urls()]

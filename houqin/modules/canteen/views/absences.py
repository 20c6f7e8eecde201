"""Absences of pupils, as class teachers recorded them; names are covered."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.actions.heads import end_absence
from houqin.modules.canteen.forms.heads import BackForm
from houqin.modules.canteen.models import Absence
from houqin.ui.screens import Action, Column, Day, Facts, Family, Instant, Link, Screen, mask_name

NAME = Column(
    "pupil__name", _("Pupil"), sort=True, card="title", mask=mask_name, unmask="people.view_pupil_names"
)  # fmt: skip


def _may_end(row: Absence, viewer: Viewer) -> bool:
    return row.last_on >= viewer.today and viewer.may("people.view_pupil_names", row.org.path)


def now_or_later(viewer: Viewer) -> Q:
    """Not over yet."""
    return Q(last_on__gte=viewer.today)


class AbsenceScreen(Screen):
    """Who is away, from when until when."""

    model = Absence
    slug = "absences"
    title = _("Absences")
    family = Family.STANDARD
    icon = "user-off"
    order = 36
    sort = "-first_on"
    columns = [
        NAME,
        Column("pupil__class_group", _("Class"), sort="pupil__class_group__name", card="fact"),
        Link("org", sort="org__path"),
        Column("kind", sort=True),
        Day("first_on", sort=True, card="fact"),
        Day("last_on", sort=True),
    ]
    filters = {"org": "choice", "kind": "choice", "first_on": "range"}
    search = ["pupil__class_group__name", "org__name"]
    views = {"now": (_("Away now or later"), now_or_later)}
    panels = [Facts([NAME, "pupil__class_group", "kind", "first_on", "last_on", Instant("recorded_at"), "account"])]
    actions = [
        Action(
            verb=end_absence, label=_("Is back"), permission="canteen.report_heads", form=BackForm, icon="user-check",
            shown=_may_end, initial=lambda row, viewer: {"on": viewer.today}, offline=True,
            then=lambda done: AbsenceScreen.url(),
        )
    ]  # fmt: skip
    empty = _("Nobody is away. Class teachers say so when they report who eats.")


urlpatterns = AbsenceScreen.urls()

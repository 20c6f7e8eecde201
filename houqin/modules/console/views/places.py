"""Campus, building, room, store, refrigerator, equipment, each with its label."""

from typing import Any

import django_filters as df
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.people.posts import post_kinds
from houqin.core.places import actions as deeds
from houqin.core.places.actions import name_owner
from houqin.core.places.marks import STOPPED, instead_of, is_marked, marks_of, with_marks
from houqin.core.places.models import Place, PlaceKind, Stop
from houqin.core.places.owners import with_owners
from houqin.core.places.queries import use_title, uses_on
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.columns import SHORT
from houqin.flows.credentials.queries import of_subject
from houqin.modules.console.forms import places as forms
from houqin.modules.console.forms.choices import today
from houqin.modules.console.forms.owners import OwnerForm
from houqin.ui import formats
from houqin.ui.screens import (
    Action,
    Badge,
    Block,
    Column,
    Day,
    Facts,
    Family,
    Instant,
    Link,
    Photo,
    Rows,
    Screen,
    Timeline,
)


def in_use(row: Place, viewer: Viewer) -> bool:
    """What is out of use changes no more."""
    return row.closed_on is None


def _state(row: Any) -> Any:
    """Out of use, the mark that it carries, or in use."""
    if row.closed_on:
        return _("Out of use")
    marks = marks_of(row)
    return marks[0].badge if marks else _("In use")


def _tone(row: Any) -> str:
    if row.closed_on:
        return "quiet"
    return "danger" if marks_of(row) else "plain"


def _why(row: Any) -> str:
    return "" if row.closed_on else formats.listed(mark.why for mark in marks_of(row))


def _marks(row: Place, viewer: Viewer) -> dict[str, Any] | None:
    marks = marks_of(row) if in_use(row, viewer) else []
    decide = not any(mark.code == STOPPED.code for mark in marks)
    return {"marks": marks, "instead": instead_of(row, viewer.today), "decide": decide} if marks else None


def _alerts(row: Place, viewer: Viewer) -> dict[str, Any]:
    """With what the form of stopping begins: the alert that asks for a decision."""
    return {"reason": formats.listed(mark.why for mark in marks_of(row) if mark.alert)[:MOST_WORDS]}


def _stopped_by_hand(row: Any, viewer: Viewer) -> bool:
    return bool(row.is_stopped)


def _may_stop(row: Any, viewer: Viewer) -> bool:
    return in_use(row, viewer) and not row.is_stopped


def _uses() -> list[tuple[str, str]]:
    return [(code, use_title(use)) for code, use in uses_on(timezone.localdate()).items()]


def _recorded(made: Place | list[Place]) -> str:
    if isinstance(made, Place):
        return gettext("%(place)s recorded. Print its label and stick it on.") % {"place": made}
    return ngettext("%(count)s recorded. Print its label.", "%(count)s recorded. Print their labels.", len(made)) % {
        "count": len(made)
    }


USE = Column("use_title", _("What for"), card="fact")
OWNER = Column("owner_name", _("Who answers for it"), card="fact")
OWNER_POST = Column("owner_title", _("Post that answers for it"), card="no")


MOST_WORDS = 200
STOPS = [
    Column("reason"),
    Instant("since"),
    Column("account"),
    Photo("photo"),
    Instant("released_at"),
    Column("released_by"),
    Column("released_why"),
]


def is_unfit(viewer: Viewer) -> Q:
    """In use, and marked."""
    return Q(closed_on__isnull=True) & is_marked()


class PlaceScreen(Screen):
    """Where things stand."""

    model = Place
    slug = "places"
    title = _("Places")
    family = Family.STANDARD
    icon = "map-pin"
    order = 40
    labelled = True
    columns = [
        Column("name", sort=True, card="title"),
        Badge("closed_on", _("State"), value=_state, tone=_tone),
        Column("why", _("Why not to be used"), value=_why, card="fact"),
        USE,
        Link("within", sort="within__name", card="fact"),
        Link("org", sort="org__path", card="fact"),
        OWNER_POST,
        OWNER,
        Column("serial", card="no"),
        Day("made_on", sort=True, card="no"),
    ]
    filters = {
        "kind": "choice",
        "use": df.ChoiceFilter(field_name="use", label=_("What for"), choices=_uses),
        "within": "choice",
        "org": "choice",
    }
    search = ["name", "serial", "note", "org__name", "within__name"]
    views = {
        "now": (_("In use"), Q(closed_on__isnull=True)),
        "unfit": (_("Not to be used, and alerts"), is_unfit),
        "nobody": (_("Nobody answers for it"), Q(closed_on__isnull=True, owner_name__isnull=True)),
        "past": (_("Out of use"), Q(closed_on__isnull=False)),
    }
    panels = [
        Block("console/place_marks.html", _marks),
        Facts(
            [
                USE,
                "kind",
                Link("within"),
                Link("org"),
                OWNER_POST,
                OWNER,
                "serial",
                Day("made_on"),
                "note",
                "closed_on",
            ]
        ),
        Rows(
            lambda row, viewer: of_subject(row.subject_id, viewer),
            SHORT,
            title=_("Credentials"),
            keep_empty=False,
        ),
        Rows("parts", [Column("name"), Column("kind"), Column("note")], title=_("What stands in it"), keep_empty=False),
        Rows("stops", STOPS, title=_("Stopped and released"), link=False, keep_empty=False),
        Timeline(),
    ]
    actions = [
        Action(
            verb=deeds.release, label=_("Release for use"), permission="places.release", form=forms.ReleaseForm,
            icon="lock-open", shown=_stopped_by_hand,
        ),
        Action(
            verb=deeds.stop_use, label=_("Stop its use"), permission="places.stop", form=forms.StopForm, icon="hand-stop",
            shown=_may_stop, initial=_alerts, bulk=True, offline=True,
            help=_("It carries its mark everywhere until somebody releases it. Say what is offered instead."),
        ),
        Action(
            verb=deeds.change_place, label=_("Change"), permission="places.change", form=forms.PlaceForm, icon="pencil",
            shown=in_use, aside=True,
            initial=lambda row, viewer: {name: getattr(row, name) for name in forms.PlaceForm.base_fields},
        ),
        Action(
            verb=name_owner, label=_("Who answers for it"), permission="places.change", form=OwnerForm, icon="user-check",
            shown=in_use, aside=True, bulk=True, help=_("Also for what stands in it, unless another is named there."),
            initial=lambda row, viewer: {"post": row.owner_post, "person": row.owner_person_id},
        ),
        Action(
            verb=deeds.take_out_of_use, label=_("Take out of use"), permission="places.change", form=forms.OutOfUseForm,
            icon="circle-minus", shown=in_use, initial=today, danger=True, bulk=True,
        ),
        Action(
            verb=deeds.back_in_use, label=_("Back in use"), permission="places.change", icon="arrow-back-up",
            shown=lambda row, viewer: row.closed_on is not None,
        ),
    ]  # fmt: skip
    create = Action(
        verb=forms.record_new, name="new", label=_("Record a place"), permission="places.change", form=forms.NewPlaceForm,
        icon="plus", done=_recorded,
    )  # fmt: skip
    empty = _("No place recorded yet. Record stores, refrigerators and rooms, and print their labels.")

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        """With what it is for, and whether it may be used."""
        rows = with_owners(with_marks(super().get_queryset(viewer), viewer.today), viewer.today)
        named = [When(use=code, then=Value(use_title(use))) for code, use in uses_on(viewer.today).items()]
        kinds = [When(use="", kind=kind, then=Value(str(kind.label))) for kind in PlaceKind]
        posts = [
            When(owner_id__isnull=True, owner_code=code, then=Value(str(kind)))
            for code, kind in post_kinds(viewer.today).items()
        ]
        by_hand = Stop.objects.visible_to(viewer).standing().filter(place=OuterRef("pk"), source__isnull=True)
        known: QuerySet[Any] = rows.annotate(
            is_stopped=Exists(by_hand),
            use_title=Case(*named, *kinds, default="kind", output_field=CharField()),
            owner_title=Case(*posts, default=Value(""), output_field=CharField()),
        )
        return known


urlpatterns = PlaceScreen.urls()

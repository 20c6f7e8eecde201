"""Licences, certificates, permits, insurance, inspections: the list, each with its chain."""

from collections.abc import Sequence
from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials import forms, queries
from houqin.flows.credentials.actions.recording import amend_credential, renew_credential
from houqin.flows.credentials.actions.verifying import revoke_credential, verify_credential
from houqin.flows.credentials.columns import FURTHER, KIND, STANDING, HeldNumber
from houqin.flows.credentials.kinds import titles
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.queries import Standing, still_there
from houqin.ui.screens import (
    Action,
    Column,
    Day,
    Facts,
    Family,
    Instant,
    Link,
    Look,
    Panel,
    Photo,
    Rows,
    Screen,
    Timeline,
)

OUT = {Standing.REVOKED, Standing.RENEWED}
STANDS = ~Q(standing__in=list(OUT)) & still_there()


def _stands(row: Any, viewer: Viewer) -> bool:
    return row.standing not in OUT


def _may_amend(row: Any, viewer: Viewer) -> bool:
    return row.standing not in OUT and row.verified_at is None


def _may_verify(row: Any, viewer: Viewer) -> bool:
    others = row.account_id is None or row.account_id != viewer.account_id
    return row.standing not in OUT and row.verified_at is None and others


def _as_it_is(row: Any, viewer: Viewer) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("number", "issued_on", "expires_on", "issuer")}


def _chain(row: Credential, viewer: Viewer) -> QuerySet[Any]:
    """What came before and after it."""
    rows = queries.recorded(viewer).filter(holder=row.holder_id, kind=row.kind)
    return rows.filter(Q(pk=row.renews_id) | Q(renews=row.pk)).order_by("-expires_on")


def _kinds() -> list[tuple[str, str]]:
    return list(titles(timezone.localdate()).items())


class CredentialScreen(Screen):
    """Who holds what until when."""

    model = Credential
    slug = "papers"
    title = _("Credentials")
    family = Family.STANDARD
    icon = "certificate"
    order = 27
    sort = "expires_on"
    columns = [
        KIND,
        Column("holder", sort="holder__label", card="fact"),
        HeldNumber(),
        Day("issued_on", sort=True, card="no"),
        Day("expires_on", sort=True, card="fact"),
        Link("org", sort="org__path", card="fact"),
        STANDING,
    ]
    filters = {
        "kind": df.ChoiceFilter(field_name="kind", label=_("Kind"), choices=_kinds),
        "expires_on": "range",
        "org": "choice",
    }
    search = ["holder__label", "about__label", "number", "org__name"]
    views = {
        "standing": (_("In force or due"), STANDS & ~Q(standing=Standing.BATCH)),
        "ending": (_("Ends soon"), Q(standing=Standing.SOON) & still_there()),
        "expired": (_("Expired"), Q(standing=Standing.EXPIRED) & still_there()),
        "unverified": (_("Not verified yet"), STANDS & ~Q(standing=Standing.BATCH) & Q(is_waiting=True)),
        "batch": (_("For their batch"), Q(standing=Standing.BATCH)),
    }
    empty = _(
        "Health certificates, licences, inspections and insurance stand here. Record the first, or import a list."
    )
    create = Action(
        verb=forms.record_new, name="new", label=_("Record a credential"), permission=forms.RECORD, form=forms.NewForm,
        icon="plus", offline=True, done=_("Recorded. A second person compares it with the paper and verifies it."),
    )  # fmt: skip
    actions = [
        Action(
            verb=verify_credential, label=_("Verify"), permission="credentials.verify", icon="checks", shown=_may_verify,
            bulk=True, done=_("Verified."),
        ),
        Action(
            verb=renew_credential, label=_("Record the new one"), permission=forms.RECORD, icon="refresh",
            form=forms.ParticularsForm, shown=_stands,
            done=_("Recorded. The one before stays on record; a second person verifies the new one."),
        ),
        Action(
            verb=amend_credential, label=_("Put right"), permission=forms.RECORD, icon="pencil",
            form=forms.ParticularsForm, shown=_may_amend, initial=_as_it_is, aside=True,
        ),
        Action(
            verb=revoke_credential, label=_("Revoke"), permission="credentials.verify", icon="ban",
            form=forms.RevokeForm, shown=_stands, danger=True, aside=True, done=_("Revoked: it counts no more."),
        ),
    ]  # fmt: skip

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        """With what it is called and how it stands."""
        return queries.recorded(viewer).select_related("holder", "about")

    def get_panels(self, row: Any, viewer: Viewer) -> Sequence[Panel]:
        """A person's has a link to the person."""
        holder: Column = Link("holder__person", _("Person")) if row.holder.person_id else Column("holder")
        facts = [
            KIND, holder, HeldNumber(), Day("issued_on"), Day("expires_on"), Column("issuer"), Link("org"),
            Column("from_paper"), Instant("recorded_at"), Column("account", _("Recorded by")), Instant("verified_at"), Column("verified_by"),
        ]  # fmt: skip
        facts += [Column("about")] if row.about_id else []
        facts += [Day("revoked_on"), Column("revoked_why")] if row.revoked_at else []
        chain = Rows(
            _chain, [KIND, HeldNumber(), Day("expires_on"), STANDING], title=_("Before and after"), keep_empty=False
        )
        return [Facts([*facts, Photo("photo", _("Photo"))], sparse=True), *FURTHER, chain, Timeline()]

    @classmethod
    def name_of(cls, row: Any, look: Look) -> str:
        """What it is and whose."""
        return f"{row.kind_title} · {row.holder}"


urlpatterns = CredentialScreen.urls()

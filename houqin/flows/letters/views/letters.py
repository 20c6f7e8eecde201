"""Letters: who has to sign, who signed, and the form on paper."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer
from houqin.flows.letters import forms, queries
from houqin.flows.letters.actions import issuing, signing
from houqin.flows.letters.models import Letter, LetterState, Pattern
from houqin.flows.letters.queries import is_for
from houqin.ui.pages import page
from houqin.ui.screens import Action, Badge, Block, Column, Day, Facts, Family, Instant, Link, Number, Screen, Timeline

TONES = {LetterState.ISSUED: "soon", LetterState.SIGNED: "passed", LetterState.WITHDRAWN: "quiet"}
A_FORTNIGHT = timedelta(days=14)


def open_letter(row: Letter, viewer: Viewer) -> bool:
    """Issued and not signed yet."""
    return row.state == LetterState.ISSUED


class LetterScreen(Screen):
    """Responsibility letters."""

    model = Letter
    slug = "letters"
    title = _("Responsibility letters")
    family = Family.STANDARD
    icon = "signature"
    order = 60
    sort = "-issued_at"
    columns = [
        Column("pattern", sort="pattern__title", card="title"),
        Number("pattern__year", _("Year"), sort=True, grouped=False),
        Link("org", sort="org__path", card="fact"),
        Column("person", _("For whom"), sort="person__name", card="fact", value=lambda row: row.person or _("Head of the unit")
               , related=["person"]),
        Day("due_on", sort=True, card="fact"),
        Badge("state", tones=TONES),
        Instant("signed_at", sort=True),
        Column("signed_name"),
    ]  # fmt: skip
    filters = {"org": "choice", "pattern": "choice", "pattern__year": "range", "due_on": "range", "state": "choice"}
    search = ["pattern__title", "org__name", "person__name"]
    views = {
        "unsigned": (_("Not signed"), Q(state=LetterState.ISSUED)),
        "late": (_("Past the day"), lambda viewer: Q(state=LetterState.ISSUED, due_on__lt=viewer.today)),
        "signed": (_("Signed already"), Q(state=LetterState.SIGNED)),
        "withdrawn": (_("Withdrawn"), Q(state=LetterState.WITHDRAWN)),
    }
    panels = [
        Facts([
            Link("org"), Column("person", _("For whom"), value=lambda row: row.person or _("Head of the unit"), related=["person"]),
            Column("pattern__org", _("Issuing unit")), Instant("issued_at"), Day("due_on"), Instant("signed_at"),
            Column("signed_name"), Column("signed_how"), Link("renews"), Column("withdrawn_why"),
        ], sparse=True),
        Block("letters/text.html", lambda row, viewer: {"text": row.pattern, "form_url": reverse("letters:form", args=[row.public_id])}),
        Block("letters/areas.html", lambda row, viewer: {"areas": queries.areas(row, viewer.today)}),
        Timeline(),
    ]  # fmt: skip
    actions = [
        Action(
            verb=signing.sign_letter, name="sign", label=_("Sign"), permission="letters.sign", icon="signature",
            shown=lambda row, viewer: open_letter(row, viewer) and is_for(row, viewer), irreversible=True,
            deed=lambda row: _("Sign: %(letter)s") % {"letter": row}, done=_("Signed and sealed."),
        ),
        Action(
            verb=signing.sign_letter_by_pin, name="sign-by-pin", label=_("Signs here by PIN"), permission="letters.issue",
            icon="key", form=forms.PinForm, aside=True, done=_("Signed and sealed."),
            shown=lambda row, viewer: open_letter(row, viewer) and not is_for(row, viewer),
        ),
        Action(
            verb=signing.sign_letter_on_paper, name="sign-on-paper", label=_("Was signed on paper"),
            permission="letters.issue", icon="writing", form=forms.OnPaperForm, aside=True,
            initial=lambda row, viewer: {"on": viewer.today},
            shown=lambda row, viewer: open_letter(row, viewer) and row.person_id is not None,
            help=_("For somebody without an account: print the form, have it signed by hand and file it."),
        ),
        Action(
            verb=issuing.withdraw_letter, name="withdraw", label=_("Withdraw"), permission="letters.issue",
            icon="arrow-back-up", form=forms.ReasonForm, danger=True, aside=True,
            shown=lambda row, viewer: row.state != LetterState.WITHDRAWN
            and viewer.may("letters.issue", row.org.path if row.person_id else row.pattern.org.path),
        ),
    ]  # fmt: skip
    create = Action(
        verb=issuing.issue_letters, label=_("Issue letters"), permission="letters.issue", form=forms.IssueForm,
        icon="send", initial=lambda row, viewer: {"until": viewer.today + A_FORTNIGHT},
        done=lambda made: _("%(count)s letters issued.") % {"count": len(made)},
    )  # fmt: skip
    empty = _("No letter yet. An office issues a text to the schools below it; a school issues one to its posts.")


@page(permission="letters.view")
def letter_form(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The letter as an A4 form with lines to sign on."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    letter = Letter.objects.get_visible(viewer, public_id=ref)
    text: Any = queries.with_whom(Pattern.objects.visible_to(viewer), viewer.today).select_related("org")
    context = {
        "title": letter.pattern.title,
        "letter": letter,
        "text": text.get(pk=letter.pattern_id),
        "areas": queries.areas(letter, viewer.today),
    }
    return render(request, "letters/form_print.html", context)


urlpatterns = [path("letters/<uuid:ref>/form/", letter_form, name="form"), *LetterScreen.urls()]

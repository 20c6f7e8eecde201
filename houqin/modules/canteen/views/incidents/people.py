"""The ill and the well: what their pages show, and what sending them does."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import Case
from houqin.modules.canteen.actions import incidents as verbs
from houqin.modules.canteen.forms import incidents as forms
from houqin.modules.canteen.models import SIGNS, Ill
from houqin.modules.canteen.queries.incidents import pages
from houqin.modules.canteen.queries.incidents.figures import figures_of, sign_word
from houqin.ui.keys import Outcome
from houqin.ui.masks import mask_name
from houqin.ui.screens.acting import arguments_of


def here(case: Case, deed: str, **query: Any) -> str:
    """The address of a deed's page about the case."""
    return reverse("canteen:incident-deed", args=[case.public_id, deed]) + (f"?{urlencode(query)}" if query else "")


def ill_shown(case: Case, viewer: Viewer, request: HttpRequest) -> dict[str, Any]:
    group = pages.own_group(case, viewer, request.GET.get("class", ""))
    asked = pages.class_asked(case, viewer, group)
    mine = (
        Ill.objects.visible_to(viewer).filter(case=case, class_group=group).select_related("struck_by").order_by("pk")
    )
    lines, full = _named(case, viewer, request, mine)
    return {
        "row": asked, "group": group, "figures": figures_of(case), "initial": {},
        "known": lines, "correct_url": here(case, "correct"),
        "standing": sum(not one["ill"].struck_at for one in lines), "full": full,
    }  # fmt: skip


def _one_ill(case: Case, viewer: Viewer, request: HttpRequest) -> Ill:
    """The row that the address names, where the viewer may read it."""
    asked = request.POST.get("ill") or request.GET.get("ill", "")
    rows = Ill.objects.visible_to(viewer).filter(case=case).select_related("class_group").prefetch_related("ate__meal")
    try:
        found: Ill | None = rows.filter(public_id=UUID(asked)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotVisible
    return found


def correct_shown(case: Case, viewer: Viewer, request: HttpRequest) -> dict[str, Any]:
    ill = _one_ill(case, viewer, request)
    asked = replace(pages.class_asked(case, viewer, ill.class_group), ill=ill)
    strike = forms.StrikeForm(viewer=viewer, initial={"ill": ill.public_id})
    return {
        "row": asked,
        "group": ill.class_group,
        "line": _masked(ill),
        "strike": strike,
        "no_form": bool(ill.struck_at),
    }


def correct(case: Case, viewer: Viewer, form: forms.CorrectIllForm) -> Outcome:
    if form.row.ill is None:
        raise NotVisible
    ill = verbs.correct_ill(form.row.ill, by=viewer, **arguments_of(form))
    query = {"class": ill.class_group_id} if ill.class_group_id else {}
    return here(case, "ill", **query), gettext("Put right. The earlier row stays beside it, struck out.")


def strike(case: Case, viewer: Viewer, form: forms.StrikeForm) -> Outcome:
    ill = Ill.objects.get_visible(viewer, case=case, public_id=form.cleaned_data["ill"])
    verbs.strike_ill(ill, by=viewer, reason=form.cleaned_data["reason"])
    query = {"class": ill.class_group_id} if ill.class_group_id else {}
    return here(case, "ill", **query), gettext("Struck out; it counts nowhere any more.")


def _named(case: Case, viewer: Viewer, request: HttpRequest, rows: QuerySet[Ill]) -> tuple[list[dict[str, Any]], bool]:
    """Rows whom this viewer may know, names covered; asked for in full, that somebody looked is recorded."""
    found = list(rows)
    full = request.GET.get("full") == "1" and bool(found)
    if full and request.method == "GET":
        record(
            "ui.personal_data_shown", case, by=viewer, org=case.org, screen="ill", columns=["name"], count=len(found)
        )
    return [_masked(one, full=full) for one in found], full


def _masked(ill: Ill, *, full: bool = False) -> dict[str, Any]:
    signs = [str(sign_word(name)) for name in SIGNS if getattr(ill, name)]
    return {
        "ill": ill,
        "name": ill.name if full else mask_name(ill.name),
        "signs": "、".join([*signs, *filter(None, [ill.other])]),
    }


def ill(case: Case, viewer: Viewer, form: forms.IllForm) -> Outcome:
    ill = verbs.register_ill(case, by=viewer, **arguments_of(form))
    query = {"class": ill.class_group_id} if ill.class_group_id else {}
    return here(case, "ill", **query), gettext("Registered. The next one can be written down here.")


def search_shown(case: Case, viewer: Viewer, request: HttpRequest) -> dict[str, Any]:
    group = pages.own_group(case, viewer, request.GET.get("class", ""))
    return {
        "row": pages.class_asked(case, viewer, group, of_well=True), "group": group, "figures": figures_of(case),
        "no_form": group is None,
    }  # fmt: skip


def search(case: Case, viewer: Viewer, form: forms.SearchForm) -> Outcome:
    if form.row.group is None:
        raise Refused(_("Choose the class first."))
    search = verbs.search_class(case, by=viewer, **arguments_of(form))
    told = gettext("%(class)s: %(well)s are well. Thank you.") % {"class": search.class_group, "well": search.well}
    return here(case, "search", **{"class": search.class_group_id}), told


def parents_shown(case: Case, viewer: Viewer, request: HttpRequest) -> dict[str, Any]:
    """The ill whom this viewer may know, names covered; to see them in full is recorded."""
    known = Ill.objects.visible_to(viewer).filter(case=case, struck_at__isnull=True)
    lines, full = _named(case, viewer, request, known.select_related("class_group", "parents_told_by"))
    for line in lines:
        line["form"] = forms.ParentsForm(viewer=viewer, initial={"ill": line["ill"].public_id})
    return {"lines": lines, "full": full, "figures": figures_of(case), "no_form": True}


def parents(case: Case, viewer: Viewer, form: forms.ParentsForm) -> Outcome:
    ill = Ill.objects.get_visible(viewer, case=case, public_id=form.cleaned_data["ill"])
    verbs.tell_parents(ill, by=viewer, note=form.cleaned_data["note"])
    return here(case, "parents"), gettext("Noted. The next family.")

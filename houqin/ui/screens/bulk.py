"""One deed on all rows ticked in a list: named once more, then carried out together or not at all."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.lib.numbers import whole
from houqin.ui.keys import Outcome, key_of, sent
from houqin.ui.screens.acting import arguments_of, form_of, once
from houqin.ui.screens.actions import Action
from houqin.ui.screens.declared import Declared
from houqin.ui.screens.look import Look, follow

PICK = "pick"
MOST = 200


@dataclass
class Picked:
    """One ticked row; ``problem`` says why it is left out."""

    row: Any
    ref: Any
    name: str
    facts: list[str]
    problem: str = ""


class _SomeRefused(Exception):
    """At least one row was refused, so none is carried out."""


def picked_refs(screen: Declared, request: HttpRequest) -> list[Any]:
    """How the ticked rows are named in the address."""
    given = request.POST if request.method == "POST" else request.GET
    found: list[Any] = []
    for text in given.getlist(PICK)[:MOST]:
        try:
            found.append(UUID(text) if hasattr(screen.model, "public_id") else whole(text))
        except ValueError:
            continue
    return [one for one in found if one is not None]


def _picked(screen: Declared, action: Action, request: HttpRequest) -> list[Picked]:
    """The ticked rows within reach, each with whether it can be done to it now."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    look = Look(viewer)
    model: Any = screen.model
    lookup = "public_id__in" if hasattr(model, "public_id") else "pk__in"
    rows = list(screen.with_joins(screen.rows_for(viewer)).filter(**{lookup: picked_refs(screen, request)}))
    if not rows:
        raise Refused(_("Nothing is ticked. Go back to the list and tick the rows first."))
    if not any(viewer.may(action.permission, follow(row, model.SCOPE_PATH) or "") for row in rows):
        raise PermissionDenied(action.permission)
    others = [column for column in screen.columns if column is not screen.title_column()][:3]
    found = []
    for row in rows:
        facts = [column.html(row, look) for column in others]
        problem = "" if action.possible(row, viewer) else _("Not possible for this one now.")
        found.append(Picked(row, screen.ref(row), screen.title_column().text(row, look), facts, problem))
    return found


def act_on_many(screen: Declared, action: Action, request: HttpRequest) -> HttpResponse:
    """The page that names the ticked rows, and the deed on each of them."""
    before = sent(key_of(request)) if request.method == "POST" else None
    if before:
        messages.success(request, before[1])
        return HttpResponseRedirect(before[0])
    picked = _picked(screen, action, request)
    doing = [one for one in picked if not one.problem]
    form = form_of(screen, action, (doing or picked)[0].row, request)
    if request.method == "POST" and doing and (form is None or form.is_valid()):
        try:
            url, message = once(key_of(request), lambda: _all(screen, action, doing, form, request))
        except _SomeRefused:
            doing = [one for one in doing if not one.problem]
        else:
            messages.success(request, message)
            return HttpResponseRedirect(url)
    return _asked(screen, action, picked, form, request)


def _all(screen: Declared, action: Action, doing: list[Picked], form: Any, request: HttpRequest) -> Outcome:
    """Each row through the verb; a refused one is named, and then none of them stands."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    for one in doing:
        try:
            with transaction.atomic():
                action.verb(one.row, by=viewer, **arguments_of(form))
        except Refused as refusal:
            one.problem = str(refusal.message)
        except ValidationError as mistake:
            one.problem = " ".join(mistake.messages)
    if any(one.problem for one in doing):
        raise _SomeRefused
    return screen.url(), _("%(deed)s: %(count)s done.") % {"deed": action.label, "count": len(doing)}


def _asked(screen: Declared, action: Action, picked: list[Picked], form: Any, request: HttpRequest) -> HttpResponse:
    doing = [one for one in picked if not one.problem]
    context = {
        "screen": screen, "action": action, "form": form, "key": key_of(request), "title": action.label,
        "list_url": screen.url(), "doing": doing, "left_out": [one for one in picked if one.problem],
        "sent": request.method == "POST",
    }  # fmt: skip
    return render(request, "ui/many.html", context, status=422 if request.method == "POST" else 200)

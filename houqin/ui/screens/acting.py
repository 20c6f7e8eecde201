"""Carrying out an action: once, whole, and without losing a word that was typed when it is refused."""

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.scope.viewer import Viewer
from houqin.ui import queued
from houqin.ui.keys import Outcome, key_of, sent
from houqin.ui.models import SentForm
from houqin.ui.screens.actions import Action
from houqin.ui.screens.declared import Declared
from houqin.ui.screens.forms import VerbForm
from houqin.ui.screens.look import Look, follow
from houqin.ui.telling import tell

log = logging.getLogger("houqin.ui")


def once(key: UUID, run: Callable[[], Outcome], *, secret: bool = False) -> Outcome:
    """Do it in one transaction with its key; whoever sends the same key again gets the first answer.

    What was told is kept for that, unless it is secret.
    """
    before = sent(key)
    if before:
        return before
    try:
        with transaction.atomic():
            url, message = run()
            kept = str(_("Done already; what it showed is shown only once.")) if secret else message
            SentForm.objects.create(key=key, url=url[:500], message=kept[:500])
            return url, message
    except (IntegrityError, Refused):
        meanwhile = sent(key)
        if meanwhile:
            return meanwhile
        raise


def find_row(screen: Declared, ref: Any, viewer: Viewer) -> Any:
    """The row with all that its page reads; 404 when it is not within reach."""
    row = screen.with_joins(screen.rows_for(viewer)).filter(**screen.lookup(ref)).first()
    if row is None:
        raise NotVisible
    return row


def act(screen: Declared, action: Action, request: HttpRequest, ref: Any = None) -> HttpResponse:
    """The page of an action, and the action itself."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = None
    if action is not screen.create:
        row = find_row(screen, ref, viewer)
        if not viewer.may(action.permission, follow(row, type(row).SCOPE_PATH) or ""):
            raise PermissionDenied(action.permission)
        if not action.shown(row, viewer) and request.method != "POST":
            raise Refused(_("“%(deed)s” is not possible any more; somebody was quicker.") % {"deed": action.label})
    form = form_of(screen, action, row, request)
    if request.method == "POST":
        answer = _carry_out(screen, action, row, form, request)
        if answer is not None:
            return answer
    return _asked(screen, action, row, form, request)


def form_of(screen: Declared, action: Action, row: Any, request: HttpRequest) -> Any:
    """The action's form, filled with what was sent, else with what usually fits."""
    if action.form is None:
        return None
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    options: dict[str, Any] = screen.get_form_kwargs(action, row, viewer)
    if issubclass(action.form, VerbForm):
        options |= {"viewer": viewer, "row": row}
    if request.method == "POST":
        return action.form(request.POST, request.FILES, **options)
    given = {name: request.GET[name] for name in request.GET if name in action.form.base_fields}
    return action.form(initial={**action.initial(row, viewer), **given}, **options)


def arguments_of(form: Any) -> dict[str, Any]:
    """What the verb is given."""
    if form is None:
        return {}
    return form.arguments() if isinstance(form, VerbForm) else dict(form.cleaned_data)


def _carry_out(screen: Declared, action: Action, row: Any, form: Any, request: HttpRequest) -> HttpResponse | None:
    """Do it and go where it leads; None when the form has to be shown again."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]

    def run() -> Outcome:
        subject = () if row is None else (row,)
        result = action.verb(*subject, by=viewer, **arguments_of(form))
        message = action.told(result) or _("%(deed)s: done.") % {"deed": action.words(row)}
        return _next(screen, action, row, result), message

    return carry_out(request, run, form=form, secret=action.secret)


def carry_out(
    request: HttpRequest, run: Callable[[], Outcome], *, form: Any = None, secret: bool = False
) -> HttpResponse | None:
    """Run a deed once under the form's key and go where it leads; None when the form has to be shown again.

    It is shown again when an entry is wrong (the form is asked here, ``run`` reads what is valid) and when the deed
    was refused. A phone that sends by itself gets the same in words.
    """
    outcome = _outcome(request, run, form, secret=secret)
    if queued.is_queued(request):
        return queued.done(request, *outcome) if outcome else queued.refused(request, queued.faults(form), 422)
    if outcome is None:
        return None
    url, message = outcome
    tell(request, message)
    return HttpResponseRedirect(url)


def _outcome(request: HttpRequest, run: Callable[[], Outcome], form: Any, *, secret: bool) -> Outcome | None:
    if form is not None and not form.is_valid():
        return None
    try:
        return once(key_of(request), run, secret=secret)
    except (Refused, ValidationError) as problem:
        _refused(form, problem)
        return None
    except (DataError, OverflowError, UnicodeEncodeError) as problem:
        log.warning("a value that no column holds was sent to %s", request.path, exc_info=problem)
        _refused(form, Refused(_("Something in it is larger than can be kept, or no text. Check what was typed.")))
        return None


def _refused(form: Any, problem: Refused | ValidationError) -> None:
    """Into the form, or on to the page's own answer where there is no form."""
    if not isinstance(form, VerbForm):
        raise problem if isinstance(problem, Refused) else Refused(" ".join(problem.messages))
    if isinstance(problem, Refused):
        form.refuse(problem)
    else:
        form.mistaken(problem)


def _next(screen: Declared, action: Action, row: Any, result: Any) -> str:
    if action.then is not None:
        return action.then(result)
    shown = result if isinstance(result, screen.model) else row
    return screen.row_url(shown) if shown is not None and screen.has_detail else screen.url()


def _facts(screen: Declared, row: Any, look: Look) -> list[tuple[str, str]]:
    """What the row is, so that nobody does to it what was meant for another."""
    return [(column.label(screen.model), column.html(row, look)) for column in screen.columns[:6]]


def _asked(screen: Declared, action: Action, row: Any, form: Any, request: HttpRequest) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    look = Look(viewer)
    context = {
        "screen": screen, "action": action, "row": row, "form": form, "key": key_of(request),
        "title": action.label, "words": action.words(row), "list_url": screen.url(),
        "name": screen.name_of(row, look) if row is not None else "",
        "facts": _facts(screen, row, look) if action.irreversible and row is not None else (),
        "back": screen.row_url(row) if row is not None and screen.has_detail else screen.url(),
        "multipart": form is not None and form.is_multipart(),
    }  # fmt: skip
    return render(request, action.template, context, status=422 if request.method == "POST" else 200)

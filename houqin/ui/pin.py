"""One's own PIN: six digits with which one signs on a colleague's phone."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.people.actions.pins import set_pin
from houqin.ui.keys import key_of
from houqin.ui.pages import page
from houqin.ui.screens import VerbForm
from houqin.ui.screens.acting import carry_out

DIGITS = {"inputmode": "numeric", "maxlength": 6, "autocomplete": "new-password"}


class PinForm(VerbForm):
    """The PIN, twice."""

    pin = forms.CharField(label=_("New PIN"), max_length=6, widget=forms.PasswordInput(attrs=DIGITS))
    again = forms.CharField(label=_("Once more"), max_length=6, widget=forms.PasswordInput(attrs=DIGITS))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "pin" in given and "again" in given and given.pop("again") != given["pin"]:
            self.add_error("again", _("The two are not the same. Type it once more."))
        return given


@page()
def own_pin(request: HttpRequest) -> HttpResponse:
    """Set it or change it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    form = PinForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if request.method == "POST":

        def run() -> tuple[str, str]:
            set_pin(by=viewer, **form.arguments())
            return reverse("ui:more"), gettext("Your PIN is set. With it you sign on a colleague's phone.")

        answer = carry_out(request, run, form=form)
        if answer is not None:
            return answer
    status = 422 if request.method == "POST" else 200
    return render(request, "ui/pin.html", {"form": form, "key": key_of(request), "title": _("PIN")}, status=status)

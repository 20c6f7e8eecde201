"""Which schools a page of figures is about: the one looked at, else those directly below the viewer's own offices."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.flows.duties.boards import schools_of_rates
from houqin.ui.focus import focus_of


def schools_looked_at(request: HttpRequest, title: Any) -> tuple[list[OrgUnit], OrgUnit | None]:
    """The schools in the order of the tree, and the one looked at. Rates are the business of a school and its direct office."""
    return schools_of_rates(
        request.viewer,  # type: ignore[attr-defined]
        focus_of(request).org,
        seen_by="environment.view",
        permission="environment.view",
        refusal=_("%(title)s: figures are for the school itself and the office directly above it. Ask that office.")
        % {"title": title},
    )

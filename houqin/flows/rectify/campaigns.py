"""Campaigns to which findings belong: named by the module that holds them, to those who may know of them."""

from collections.abc import Callable, Iterable

import django_filters as df
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.viewer import Viewer

Names = Callable[[Viewer], Iterable[tuple[str, str]]]
_NAMES: list[Names] = []


def names_campaigns(function: Names) -> Names:
    """Register what gives the public id and the title of each campaign that a viewer may know of."""
    _NAMES.append(function)
    return function


def campaign_filter(viewer: Viewer) -> df.Filter | None:
    """Findings of one campaign; none is offered to those who know of none, so that nothing can be tried out."""
    choices = [one for function in _NAMES for one in function(viewer)]
    if not choices:
        return None
    return df.ChoiceFilter(field_name="causes__campaign", choices=choices, label=_("Campaign"), distinct=True)

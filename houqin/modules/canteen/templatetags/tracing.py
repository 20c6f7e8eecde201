"""``{% load tracing %}``: how sure a trace is."""

from functools import lru_cache

from django import template
from django.utils.translation import get_language

from houqin.modules.canteen.models import Tier
from houqin.ui.screens.states import badge

register = template.Library()
LOOKS = {
    Tier.CERTAIN: ("danger", ""),
    Tier.POSSIBLE: ("soon", "help-circle"),
    Tier.TO_RULE_OUT: ("info", "zoom-question"),
}


@register.simple_tag
def tier(how_sure: str) -> str:
    """``{% tier row.tier %}``: how sure it is that a lot or meal is concerned."""
    return _badge(how_sure, get_language())


@lru_cache
def _badge(how_sure: str, language: str | None) -> str:
    """A page of two hundred meals shows the same three."""
    found = Tier(how_sure)
    return badge(found.label, *LOOKS[found])

"""What stands in the navigation: six families, and under each only what the viewer may use."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.remembering import remembered

Text = str | Promise


class Asks(Protocol):
    """The one question navigation puts to a viewer."""

    def may_anywhere(self, permission: str) -> bool: ...


class Family(TextChoices):
    """The five families of the founding policy, and one for running it all."""

    STANDARD = "standard", _("Standard")
    SAFE = "safe", _("Safe")
    GREEN = "green", _("Green")
    SMART = "smart", _("Smart")
    NURTURE = "nurture", _("Nurturing")
    GOVERN = "govern", _("Governance")

    @property
    def icon(self) -> str:
        return _ICONS[self]


_ICONS = {
    Family.STANDARD: "clipboard-list",
    Family.SAFE: "shield-check",
    Family.GREEN: "leaf",
    Family.SMART: "chart-dots",
    Family.NURTURE: "heart-handshake",
    Family.GOVERN: "building-community",
}


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One entry; ``phone`` puts it into the bottom bar of those who may use it (the first two win).

    ``alarm`` puts it at the top of every page: what cannot wait until it is found.
    """

    family: Family
    title: Text
    url_name: str
    permission: str
    icon: str = "point"
    order: int = 100
    phone: bool = False
    alarm: bool = False

    @cached_property
    def url(self) -> str:
        return reverse(self.url_name)


_items: dict[str, NavItem] = {}


def register(item: NavItem) -> None:
    """Add an entry; the same URL name again replaces it."""
    _items[item.url_name] = item


def entries(url_names: Iterable[str]) -> list[NavItem]:
    """The entries of these names."""
    return [_items[name] for name in url_names]


@remembered
def allowed(viewer: Asks) -> list[NavItem]:
    """Every entry this viewer may use, in the order of the families."""
    families = list(Family)
    mine = [item for item in _items.values() if not item.permission or viewer.may_anywhere(item.permission)]
    return sorted(mine, key=lambda item: (families.index(item.family), item.order, item.url_name))


def by_family(some: Iterable[NavItem]) -> Iterator[tuple[Family, list[NavItem]]]:
    """Entries in the order of the families, under their family."""
    for family, items in groupby(some, lambda item: item.family):
        yield family, list(items)


def for_phone(viewer: Asks) -> list[NavItem]:
    """The two entries of the bottom bar: those marked for it, else the first two. What stands on top is not among them."""
    mine = [item for item in allowed(viewer) if not item.alarm]
    return sorted(mine, key=lambda item: (not item.phone, item.order if item.phone else 0))[:2]


def alarms(viewer: Asks) -> list[NavItem]:
    """The entries at the top of every page."""
    return [item for item in allowed(viewer) if item.alarm]

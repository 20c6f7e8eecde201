"""Batches, suppliers, products, recalls and meals in the one search box."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.lib.dates import read_day
from houqin.lib.notes import Unreadable
from houqin.modules.canteen.models import Lot, Meal, Product, Recall
from houqin.modules.canteen.recall_words import goods
from houqin.ui import formats
from houqin.ui.search import Hit, source


@source("suppliers", _("Suppliers"), "parties.view")
def find_suppliers(viewer: Viewer, text: str, limit: int) -> Iterator[Hit]:
    """By any name or by credit code."""
    rows = Party.objects.visible_to(viewer).filter(Q(name__icontains=text) | Q(credit_code=text.upper()))
    for row in rows.select_related("org", "root")[:limit]:
        same = gettext("same as %(name)s") % {"name": row.root} if row.root else row.org.name
        yield Hit(row.name, same, reverse("canteen:suppliers-detail", args=[row.public_id]))


@source("lots", _("Batches"), "canteen.view")
def find_lots(viewer: Viewer, text: str, limit: int) -> Iterator[Hit]:
    """By how the batch number begins, as typed, in capitals or in small letters: an index knows those."""
    begins = Q(batch__startswith=text) | Q(batch__startswith=text.upper()) | Q(batch__startswith=text.lower())
    rows = Lot.objects.visible_to(viewer).filter(begins)
    for row in rows.select_related("product", "supplier", "org").order_by("-received_on", "-pk")[:limit]:
        detail = f"{row.org.name} · {row.supplier.name} · {formats.weight(row.on_hand_grams)}"
        yield Hit(str(row), detail, reverse("canteen:lots-detail", args=[row.public_id]))


@source("products", _("Products"), "canteen.view")
def find_products(viewer: Viewer, text: str, limit: int) -> Iterator[Hit]:
    """By any name."""
    rows = Product.objects.visible_to(viewer).filter(name__icontains=text)
    for row in rows.select_related("org", "root")[:limit]:
        same = gettext("same as %(name)s") % {"name": row.root} if row.root else row.get_category_display()
        yield Hit(row.name, same, reverse("canteen:products-detail", args=[row.public_id]))


@source("recalls", _("Recalls"), "canteen.trace")
def find_recalls(viewer: Viewer, text: str, limit: int) -> Iterator[Hit]:
    """By number, batch, product or supplier."""
    rows = Recall.objects.visible_to(viewer).filter(
        Q(number__icontains=text) | Q(batch__istartswith=text) | Q(product__name__icontains=text)
        | Q(supplier__name__icontains=text)
    )  # fmt: skip
    for row in rows.select_related("org", "supplier", "product")[:limit]:
        detail = f"{goods(row)} · {row.get_state_display()}"
        yield Hit(row.number, detail, reverse("canteen:recalls-detail", args=[row.public_id]))


@source("meals", _("Meals"), "canteen.view")
def find_meals(viewer: Viewer, text: str, limit: int) -> Iterator[Hit]:
    """By day, however it is written: the day's meals as one list."""
    day = _day(text, viewer.today)
    if day is None:
        return
    count = Meal.objects.visible_to(viewer).filter(day=day).count()
    if count:
        told = ngettext("%(count)s meal", "%(count)s meals", count) % {"count": count}
        yield Hit(formats.day(day), told, f"{reverse('canteen:meals')}?day_min={day}&day_max={day}")


def _day(text: str, today: date) -> date | None:
    """The day meant; without a year the last one that has come."""
    try:
        read = read_day(text)
        year = read.year or today.year
        day = date(year, read.month, read.day)
        return day if read.year or day <= today else date(year - 1, read.month, read.day)
    except (Unreadable, ValueError):
        return None

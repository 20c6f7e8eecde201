"""Rows of the canteen's lists with the sums that they show."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.parties.models import Party
from houqin.core.scope.viewer import Viewer
from houqin.lib.notes import Note
from houqin.modules.canteen.models import (
    Delivery,
    DeliveryLine,
    EaterKind,
    Headcount,
    Issue,
    Lot,
    Meal,
    Origin,
    Product,
    Recall,
    RecallAnswer,
    StockMove,
    TurnedAway,
)


def _sum_of_lines(field: str) -> Coalesce:
    lines = DeliveryLine.objects.filter(delivery=OuterRef("pk"), reversed_at__isnull=True).order_by()
    return Coalesce(Subquery(lines.values("delivery").annotate(total=Sum(field)).values("total")), 0)


def _count(rows: QuerySet[Any], owner: str) -> Coalesce:
    grouped = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    return Coalesce(Subquery(grouped.annotate(total=Count("pk")).values("total")), 0)


def _eaters(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.order_by().values("meal").annotate(total=Sum("eaters")).values("total"))


def deliveries(viewer: Viewer) -> QuerySet[Any]:
    """Deliveries with weight, amount, what was turned away, and what of it is still to be looked at."""
    return weighed(Delivery.objects.visible_to(viewer))


def weighed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Deliveries with their sums, and whether a line has a warning or waits for a paper."""
    lines = DeliveryLine.objects.standing().filter(delivery=OuterRef("pk"))
    away = TurnedAway.objects.filter(delivery=OuterRef("pk")).order_by().values("delivery")
    found: QuerySet[Any] = rows.annotate(
        total_grams=_sum_of_lines("quantity_grams"),
        total_fen=_sum_of_lines("amount_fen"),
        away_grams=Subquery(away.annotate(total=Sum("quantity_grams")).values("total")),
        is_warned=Exists(lines.exclude(warnings=[]), output_field=BooleanField()),
        has_condition=Exists(lines.on_condition(), output_field=BooleanField()),
    )
    return found


def suppliers(viewer: Viewer) -> QuerySet[Any]:
    """Suppliers with how often they came to the door within reach, and how often goods were turned away there."""
    came = Delivery.objects.visible_to(viewer, "canteen.view").filter(origin=Origin.LIVE, supplier=OuterRef("pk"))
    refused = came.filter(Exists(TurnedAway.objects.filter(delivery=OuterRef("pk"))))
    found: QuerySet[Any] = Party.objects.visible_to(viewer).annotate(
        came=_count(came, "supplier"), refused=_count(refused, "supplier")
    )
    return found


def delivery_lines(viewer: Viewer) -> QuerySet[Any]:
    """Delivery lines with what decides whether they can be put right here."""
    rows: QuerySet[Any] = DeliveryLine.objects.visible_to(viewer).select_related("delivery")
    return rows


def meals(viewer: Viewer) -> QuerySet[Any]:
    """Meals with the eaters that were told (none when nobody told) and what was issued for them.

    The kitchen's own count of all pupils takes the place of what the classes told; staff and guests come to either.
    """
    told = Headcount.objects.filter(meal=OuterRef("pk"))
    pupils, others = told.filter(kind=EaterKind.PUPILS), told.exclude(kind=EaterKind.PUPILS)
    counted = Coalesce(_eaters(pupils.filter(class_group__isnull=True)), _eaters(pupils))
    issued = Issue.objects.filter(meal=OuterRef("pk"), reversed_at__isnull=True).order_by().values("meal")
    found: QuerySet[Any] = Meal.objects.visible_to(viewer).annotate(
        eaters=counted + Coalesce(_eaters(others), 0),
        issued_grams=Coalesce(Subquery(issued.annotate(total=Sum("quantity_grams")).values("total")), 0),
    )
    return found


def recalls(viewer: Viewer) -> QuerySet[Any]:
    """Recalls with how many schools were asked, have acknowledged and have reported."""
    found: QuerySet[Any] = Recall.objects.visible_to(viewer).annotate(
        asked=_count(RecallAnswer.objects.all(), "recall"),
        acknowledged=_count(RecallAnswer.objects.filter(acknowledged_at__isnull=False), "recall"),
        reported=_count(RecallAnswer.objects.filter(answered_at__isnull=False), "recall"),
    )
    return found


def names_of(row: Any, viewer: Viewer) -> QuerySet[Any]:
    """The other names of a product or supplier."""
    names: QuerySet[Any] = type(row).objects.visible_to(viewer).group_of(row).exclude(pk=row.pk)
    return names


def deliveries_of(row: Party, viewer: Viewer) -> QuerySet[Any]:
    """What a supplier delivered, under every name of it."""
    return Delivery.objects.visible_to(viewer).filter(supplier__in=Party.objects.group_of(row))


def lots_of(row: Product, viewer: Viewer) -> QuerySet[Any]:
    """Lots of a product, under every name of it."""
    return Lot.objects.visible_to(viewer).filter(product__in=Product.objects.group_of(row))


def expired_on(day: date) -> Q:
    """Lots past their date with something left."""
    return Q(expires_on__lt=day, on_hand_grams__gt=0)


def how_known(move: StockMove) -> Any:
    """Whether the ledger tells the lot, or it was derived by oldest produced first."""
    return _("Certain") if move.is_certain else _("Possible: oldest first")


def warning_sentences(warnings: Iterable[Any]) -> list[str]:
    """The warnings of a line in the reader's language."""
    return [Note.from_json(one).in_words(gettext) if isinstance(one, dict) else gettext(str(one)) for one in warnings]

"""What is typed on the page of a meal: a form a step, filled with what is usual."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from houqin.core.places.models import Place, PlaceKind
from houqin.lib.numbers import whole
from houqin.modules.canteen.actions.meals import IssueLine, Measured, SampleRow
from houqin.modules.canteen.models import Lot, MenuChange, Product
from houqin.modules.canteen.queries.kitchen import DishState, Service, known_dishes, products_in_store
from houqin.modules.canteen.queries.plans import PlanLine
from houqin.ui import formats
from houqin.ui.screens import CountField, RowField, RowsField, TemperatureField, VerbForm, WeightField

OLDEST_FIRST = _("Oldest produced first")


class StepForm(VerbForm):
    """The form of one step; ``key`` is what the page gives it. A step with nothing to type has no field."""

    row: Service

    def __init__(self, *args: Any, key: UUID | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key or uuid4()

    def _sent(self, stem: str) -> list[int]:
        """The numbers under which something was sent: what was typed counts, however the plan has changed since."""
        found = [name.removeprefix(stem) for name in self.data if name.startswith(stem)]
        return [number for one in found if (number := whole(one)) is not None]


class MoreForm(forms.Form):
    """A product that the menu does not name."""

    product = RowField(lambda viewer, row: products_in_store(row.org), label=_("Product"))
    grams = WeightField(label=_("Weight"))


class IssueForm(StepForm):
    """The plan with what the store can give, to be changed by hand."""

    lines = {"more": MoreForm}
    blank_lines = 1
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    taken_by = forms.CharField(label=_("Taken by"), max_length=60, required=False)
    urgent_reason = forms.CharField(
        label=_("Why it cannot wait for the second signature"), max_length=200, required=False
    )

    def setup(self) -> None:
        plan = self.row.plan
        self.fields["seen"].initial = plan.seen
        self.fields["taken_by"].initial = plan.issued[-1].taken_by if plan.issued else ""
        self.planned = {line.product.pk: line for line in plan.lines}
        self.products = {pk: line.product for pk, line in self.planned.items()}
        wanted = [line.product.pk for line in plan.open_lines]
        if self.is_bound:
            wanted = self._sent("grams-")
            unknown = [pk for pk in wanted if pk not in self.products]
            self.products |= Product.objects.visible_to(self.viewer).in_bulk(unknown)
        self.wanted = [pk for pk in wanted if pk in self.products]
        for pk in self.wanted:
            self._ask_for(self.products[pk], self.planned.get(pk))
        if not any(line.awaits_signature for line in plan.open_lines) and not self.data.get("urgent_reason"):
            del self.fields["urgent_reason"]

    def _ask_for(self, product: Product, line: PlanLine | None) -> None:
        self.fields[f"grams-{product.pk}"] = WeightField(
            label=str(product), required=False, initial=(line.at_hand_grams or None) if line else None
        )
        lots = line.usable if line else ()
        choices = [(str(lot.pk), f"{lot.batch_or_day} · {formats.weight(lot.on_hand_grams)}") for lot in lots]
        self.fields[f"lot-{product.pk}"] = forms.TypedChoiceField(
            label=_("From lot"), choices=[("", OLDEST_FIRST), *choices], required=False, empty_value=None,
            coerce={str(lot.pk): lot for lot in lots}.get,
        )  # fmt: skip

    @property
    def asked(self) -> Iterator[tuple[Product, PlanLine | None, Any, Any]]:
        """Each product with its line of the plan and its fields."""
        for pk in self.wanted:
            yield self.products[pk], self.planned.get(pk), self[f"grams-{pk}"], self[f"lot-{pk}"]

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        lines = [
            IssueLine(self.products[pk], given[f"grams-{pk}"], self._lot(pk))
            for pk in self.wanted
            if given[f"grams-{pk}"]
        ]
        more = super().arguments()["more"]
        lines += [IssueLine(one["product"], one["grams"]) for one in more if one.get("grams")]
        return {
            "lines": lines, "seen": given["seen"], "taken_by": given["taken_by"],
            "urgent_reason": given.get("urgent_reason", ""),
        }  # fmt: skip

    def _lot(self, pk: int) -> Lot | None:
        lot: Lot | None = self.cleaned_data[f"lot-{pk}"]
        return lot


class DishesForm(StepForm):
    """A row of fields for each dish. The name of the dish is sent with them."""

    def setup(self) -> None:
        wanted = {number: one.name for number, one in enumerate(self.row.dishes) if self.wants(one)}
        sent = {number: self.data[f"dish-{number}"] for number in self._sent("dish-")}
        self.dishes = sent if self.is_bound else wanted
        self.states = {one.name: one for one in self.row.dishes}
        for number, dish in self.dishes.items():
            self.fields[f"dish-{number}"] = forms.CharField(widget=forms.HiddenInput, initial=dish, max_length=60)
            self.ask_for(number, dish)

    def wants(self, dish: DishState) -> bool:
        """Whether the dish is asked for."""
        raise NotImplementedError

    def ask_for(self, number: int, dish: str) -> None:
        """Put the dish's fields into the form."""
        raise NotImplementedError


class MeasureForm(DishesForm):
    """Core temperatures."""

    def wants(self, dish: DishState) -> bool:
        return True

    def ask_for(self, number: int, dish: str) -> None:
        self.fields[f"core-{number}"] = TemperatureField(label=dish, required=False)

    @property
    def asked(self) -> Iterator[tuple[str, DishState | None, Any, Any]]:
        """Each dish with how it stands and its fields."""
        for number, dish in self.dishes.items():
            yield dish, self.states.get(dish), self[f"dish-{number}"], self[f"core-{number}"]

    def arguments(self) -> dict[str, Any]:
        told = ((dish, self.cleaned_data[f"core-{number}"]) for number, dish in self.dishes.items())
        return {"dishes": [Measured(dish, tenths) for dish, tenths in told if tenths is not None]}


class TasteForm(StepForm):
    """What was wrong with a dish."""

    dish = forms.ChoiceField(label=_("Dish"), required=False)
    note = forms.CharField(label=_("What was wrong, and what becomes of it"), max_length=200)

    def setup(self) -> None:
        names = [one.name for one in self.row.dishes]
        self.fields["dish"].choices = [("", _("The whole meal")), *((name, name) for name in names)]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "fine": False}


class SamplesForm(DishesForm):
    """A sample of every dish that has none, as heavy and as cold as usual."""

    place = RowField(
        lambda viewer, row: Place.objects.in_use().filter(org=row.org, kind=PlaceKind.SAMPLE_REFRIGERATOR),
        label=_("Refrigerator"), required=False, empty_label=_("Not recorded"),
    )  # fmt: skip
    tenths = TemperatureField(label=_("Temperature of the refrigerator"), required=False)

    def setup(self) -> None:
        self.fields["place"].initial = self.row.usual.place.pk if self.row.usual.place else None
        super().setup()

    def wants(self, dish: DishState) -> bool:
        return dish.sample is None

    def ask_for(self, number: int, dish: str) -> None:
        self.fields[f"grams-{number}"] = CountField(
            label=dish, unit=_("g"), required=False, initial=self.row.usual.grams
        )
        self.fields[f"box-{number}"] = forms.CharField(label=_("Box"), max_length=20, required=False)
        self.fields[f"number-{number}"] = forms.CharField(label=_("Number on the label"), max_length=20, required=False)

    @property
    def asked(self) -> Iterator[tuple[str, Any, Any, Any, Any]]:
        """Each dish with its fields."""
        for number, dish in self.dishes.items():
            yield dish, self[f"dish-{number}"], self[f"grams-{number}"], self[f"box-{number}"], self[f"number-{number}"]

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        rows = [
            SampleRow(dish, given[f"grams-{number}"], given[f"box-{number}"], given[f"number-{number}"])
            for number, dish in self.dishes.items()
            if given[f"grams-{number}"]
        ]
        return {"rows": rows, "place": given["place"], "tenths": given["tenths"]}


class ChangeForm(StepForm):
    """A dish that is not cooked, what is cooked instead, and why."""

    dropped = forms.ChoiceField(label=_("Not cooked"), required=False)
    added = forms.CharField(label=_("Cooked instead"), max_length=60, required=False)
    like = RowField(
        lambda viewer, row: known_dishes(row.org, viewer.today), label=_("Weighed like"), required=False,
        help_text=_("A dish of the last menus. The new dish then needs the same from the store."),
    )  # fmt: skip
    products = RowsField(
        lambda viewer, row: products_in_store(row.org), label=_("Or made of"), required=False,
        help_text=_("Nobody has weighed it: write the weights when you issue."),
    )  # fmt: skip
    why = forms.ChoiceField(label=_("Reason"), choices=MenuChange.Why.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def setup(self) -> None:
        names = [one.name for one in self.row.dishes]
        self.fields["dropped"].choices = [("", _("Every dish is cooked")), *((name, name) for name in names)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("like") and not given.get("added"):
            given["added"] = given["like"].name
        return given

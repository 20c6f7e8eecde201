"""The entry page of a delivery: a line for everything that the supplier usually brings, and the papers that it needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.parties.models import Party
from houqin.core.scope.refusals import Refused
from houqin.flows.credentials.models import Credential
from houqin.lib.money import price_times
from houqin.modules.canteen.actions.acceptance import Arrived, Away, DeliveryRefused
from houqin.modules.canteen.actions.certificates import Shown
from houqin.modules.canteen.forms.signing import AtTheDoorForm
from houqin.modules.canteen.models import Product, TurnedAway
from houqin.modules.canteen.queries.arrivals import Expected, products_in_sight
from houqin.modules.canteen.queries.certificates import PaperKinds, carried_over
from houqin.modules.canteen.rules.acceptance import CHILLED, FROZEN, prepackaged
from houqin.modules.canteen.rules.certificates import PaperKind
from houqin.modules.canteen.rules.written import JIN, KG, PACK, Measure
from houqin.ui.screens import DayField, FigureField, PhotoField, TemperatureField, WeightField

UNITS = [(KG, _("kg")), (JIN, _("jin (500 g)")), (PACK, _("packs"))]
KEEPING = [("", _("As usual")), (CHILLED, _("Chilled")), (FROZEN, _("Frozen"))]
FRESH_DAYS = 30
NUMBER, AWAY = (
    {"grams": "number"},
    {"grams": "away", "words": "away_words", "photo": "away_photo", "why": "away_why", "outcome": "away_outcome"},
)
THOUSANDTHS = 1000


class QuantityField(FigureField):
    """A number of kilograms, 斤 or packs, kept in thousandths."""

    per_unit = THOUSANDTHS

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "data-pad": True}
        super().__init__(required=False, min_value=0, max_digits=9, widget=forms.TextInput(attrs=attrs), **options)


class PriceField(FigureField):
    """Yuan for one unit as written, kept in its ten-thousandths."""

    per_unit = 10_000


class GoodsForm(forms.Form):
    """One line: what came, how much of it, and by exception what else is to be said."""

    product = forms.CharField(label=_("Goods"), max_length=60, required=False)
    code = forms.CharField(max_length=14, required=False, widget=forms.HiddenInput)
    number = QuantityField(label=_("Weight"))
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, required=False)
    pack = forms.CharField(max_length=4, required=False, widget=forms.HiddenInput)
    pack_grams = WeightField(label=_("One pack holds"), required=False)
    sure = forms.BooleanField(label=_("I looked again: it is right"), required=False)
    produced_on = DayField(label=_("Produced"), required=False)
    expires_on = DayField(label=_("Best before"), required=False)
    batch = forms.CharField(label=_("Batch"), max_length=40, required=False)
    loose = forms.BooleanField(label=_("Loose, without a pack"), required=False)
    tenths = TemperatureField(label=_("Temperature"), required=False)
    keeping = forms.ChoiceField(label=_("Comes"), choices=KEEPING, required=False)
    senses = forms.CharField(label=_("Look and smell, if not as they should be"), max_length=60, required=False)
    price = PriceField(label=_("Unit price"), unit=_("yuan"), required=False, min_value=0)
    condition = forms.CharField(label=_("Accepted on condition that"), max_length=100, required=False)
    away = QuantityField(label=_("Turned away"))
    away_why = forms.ChoiceField(
        label=_("Reason"), choices=[("", _("Choose")), *TurnedAway.Why.choices], required=False
    )
    away_words = forms.CharField(label=_("In words"), max_length=200, required=False)
    away_outcome = forms.ChoiceField(label=_("What became of it"), choices=TurnedAway.Outcome.choices, required=False)
    away_photo = PhotoField(label=_("Photo"), required=False)

    offered: "Offered | None" = None
    meant: Product | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _dress(self)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.says_something and given.get("unit") == PACK and not given.get("pack_grams"):
            self.add_error("pack_grams", _("How many kilograms does one pack hold?"))
        return given

    @property
    def by_exception(self) -> list[forms.BoundField]:
        """What is asked only where there is something to say."""
        return [
            self[name] for name in ("tenths", "keeping", "senses", "expires_on", "batch", "loose", "price", "condition")
        ]

    @property
    def of_turning_away(self) -> list[forms.BoundField]:
        """What is said about goods that are not taken in."""
        return [self[name] for name in ("away", "away_why", "away_outcome", "away_words", "away_photo")]

    @property
    def says_something(self) -> bool:
        """Whether anything of it came."""
        return bool(self.cleaned_data.get("number") or self.cleaned_data.get("away"))

    @property
    def measure(self) -> Measure:
        """The unit of its weights."""
        given = self.cleaned_data
        return Measure(given["unit"] or KG, given["pack"], given["pack_grams"] or 0)

    def arrived(self) -> Arrived:
        """What is taken in."""
        assert self.meant is not None
        given, measure = self.cleaned_data, self.measure
        number = Decimal(given["number"]) / THOUSANDTHS
        price = given["price"]
        return Arrived(
            product=self.meant, grams=measure.weigh(number), written=measure.written(number),
            unit_price=price, amount_fen=price_times(price, number) if price is not None else 0,
            pack_grams=measure.pack_grams or None, **{name: given[name] for name in TAKEN},
        )  # fmt: skip

    def turned_away(self) -> Away:
        """What is not."""
        assert self.meant is not None
        given = self.cleaned_data
        return Away(
            product=self.meant, grams=self.measure.weigh(Decimal(given["away"]) / THOUSANDTHS), why=given["away_why"],
            outcome=given["away_outcome"] or TurnedAway.Outcome.RETURNED, words=given["away_words"], photo=given["away_photo"],
        )  # fmt: skip


TAKEN = (
    "produced_on", "expires_on", "batch", "loose", "tenths", "keeping", "senses", "condition", "sure", "code",
)  # fmt: skip


class PaperForm(forms.Form):
    """One paper that the goods need: its number, or a tick when it is on the photo."""

    kind = forms.ChoiceField(label=_("Paper"), required=False)
    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    on_photo = forms.BooleanField(label=_("On the photo"), required=False)
    valid_until = DayField(label=_("Valid until"), required=False)

    choice: "PaperChoice | None" = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _dress(self)

    def open(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer the kinds that would do."""
        self.fields["kind"].choices = list(choices)  # type: ignore[attr-defined]


def _dress(form: forms.Form) -> None:
    """Entries look here as they do elsewhere."""
    for one in form.fields.values():
        ticked = isinstance(one.widget, forms.CheckboxInput)
        chosen = isinstance(one.widget, forms.Select)
        one.widget.attrs["class"] = "form-check-input" if ticked else "form-select" if chosen else "form-control"


@dataclass(frozen=True)
class PaperChoice:
    """A group of papers of which one is asked for, with the kinds that would do."""

    group: str
    kinds: tuple[tuple[str, str], ...]
    keeps: bool

    @property
    def title(self) -> str:
        """What it is called when nothing has to be chosen."""
        return self.kinds[0][1]


@dataclass(frozen=True)
class Offered:
    """A product as the page offers it: what its pack needs, which papers are still to be shown for it."""

    product: Product
    dated: bool
    asks: str
    known: Expected | None = None

    @property
    def usual_grams(self) -> int | str:
        """What usually comes, for the page's own check; empty where that is not known."""
        return (self.known.usual_grams if self.known else None) or ""

    @property
    def is_fresh(self) -> bool:
        """Whether its pack bears a date of the last days."""
        days = self.product.shelf_life_days
        return self.dated and (days is None or days <= FRESH_DAYS)


@dataclass
class Arrival:
    """Everything that the page of one delivery knows before anything is weighed."""

    org: OrgUnit
    supplier: Party
    today: date
    expected: list[Expected]
    kinds: PaperKinds
    valid: list[Credential]
    _papers: dict[int, list[PaperKind]] = field(default_factory=dict)

    def offered(self, product: Product, known: Expected | None = None) -> Offered:
        """A product with what it needs today."""
        held = {paper.kind for paper in carried_over(self.kinds, self.valid, product)}
        asks = " ".join(kind.group for kind in self.kinds.missing(product, held))
        return Offered(product, prepackaged(product.category), asks, known)

    @cached_property
    def products(self) -> list[Product]:
        """What may be added by name."""
        return list(products_in_sight(self.org))

    @cached_property
    def by_id(self) -> dict[str, Offered]:
        """Everything that may come, with what it needs, by its id."""
        known = {one.product.pk: one for one in self.expected}
        return {str(one.public_id): self.offered(one, known.get(one.pk)) for one in self.products}

    @property
    def papers(self) -> list[PaperChoice]:
        """The groups of papers that anything might need, in the catalogue's order."""
        groups: dict[str, list[PaperKind]] = {}
        for kind in self.kinds.kinds.values():
            groups.setdefault(kind.group, []).append(kind)
        return [
            PaperChoice(
                group,
                tuple((kind.code, self.kinds.title(kind.code)) for kind in kinds),
                any(kind.per != "batch" for kind in kinds),
            )
            for group, kinds in groups.items()
            if any(kind.asked for kind in kinds)
        ]

    @property
    def shown_before(self) -> list[tuple[str, Credential]]:
        """What the supplier need not show again, with what it is called."""
        return [(self.kinds.title(paper.kind), paper) for paper in self.valid]

    @property
    def days(self) -> list[date]:
        """Production dates that fresh goods usually bear."""
        return [self.today - timedelta(days=number) for number in range(3)]


class DeliveryForm(AtTheDoorForm):
    """One delivery. ``row`` is the `Arrival`."""

    lines: ClassVar[Any] = {"goods": GoodsForm, "papers": PaperForm}
    photo = PhotoField(label=_("One photo of the papers"), required=False)
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)
    row: Arrival

    def setup(self) -> None:
        if not self.is_bound:
            self.initial["goods"] = [_as_last_time(one) for one in self.row.expected]
            self.initial["papers"] = [{"kind": choice.kinds[0][0]} for choice in self.row.papers]
        _dress(self)

    def _line_set(self, name: str, form: type[forms.Form]) -> Any:
        made = self._sized(name, form)
        if name == "papers":
            for one, choice in zip(made.forms, self.row.papers, strict=False):
                one.choice = choice
                one.open(choice.kinds)
        else:
            for one in made.forms:
                one.offered = self.row.by_id.get(str(one["product"].value() or ""))
        return made

    def _sized(self, name: str, form: type[forms.Form]) -> Any:
        """One blank line for goods that are not among the usual; papers have no more than there are."""
        self.blank_lines = 1 if name == "goods" else 0  # type: ignore[misc]
        return super()._line_set(name, form)

    @property
    def goods(self) -> Any:
        """The lines."""
        return self.line_sets["goods"]

    @property
    def papers(self) -> Any:
        """The papers."""
        return self.line_sets["papers"]

    @cached_property
    def _valid(self) -> bool:
        fine = super().is_valid()
        named = {str(one.public_id): one for one in self.row.products} | {one.name: one for one in self.row.products}
        for line in self.goods.forms:
            if line.is_valid() and line.says_something:
                line.meant = named.get(line.cleaned_data["product"].strip())
                if line.meant is None:
                    line.add_error(
                        "product", _("Goods of this name are not recorded. Choose from the list, or record them first.")
                    )
        return fine and not any(line.errors for line in self.goods.forms)

    def is_valid(self) -> bool:
        return self._valid

    @cached_property
    def _arrived(self) -> list[GoodsForm]:
        return [line for line in self.goods.forms if line.cleaned_data.get("number")]

    @cached_property
    def _away(self) -> list[GoodsForm]:
        return [line for line in self.goods.forms if line.cleaned_data.get("away")]

    def arguments(self) -> dict[str, Any]:
        return {
            "lines": [line.arrived() for line in self._arrived],
            "turned_away": [line.turned_away() for line in self._away],
            "certificates": self._shown(),
            "note": self.cleaned_data["note"],
        }

    def _shown(self) -> list[Shown]:
        """Papers by number, one by one; those on the photo together."""
        found, on_photo = [], []
        for paper in self.papers.forms:
            given = paper.cleaned_data
            if given.get("number"):
                found.append(Shown(kinds=[given["kind"]], number=given["number"], valid_until=given["valid_until"]))
            elif given.get("on_photo"):
                on_photo.append((given["kind"], given["valid_until"]))
        photo = self.cleaned_data["photo"]
        if photo is None and on_photo:
            raise Refused(
                _("Papers are ticked as on the photo, but there is no photo. Take it, or write their numbers."),
                field="photo",
            )
        if photo is not None and not on_photo:
            raise Refused(_("Tick which papers are on the photo."), field="photo")
        for until in dict.fromkeys(until for _kind, until in on_photo):
            kinds = [kind for kind, valid in on_photo if valid == until]
            found.append(Shown(kinds=kinds, photo=photo, valid_until=until))
        return found

    def refuse(self, refusal: Refused) -> None:
        if not isinstance(refusal, DeliveryRefused):
            super().refuse(refusal)
            return
        for problem in refusal.problems:
            line = (self._away if problem.away else self._arrived)[problem.place]
            names = AWAY if problem.away else NUMBER
            line.add_error(names.get(problem.field, problem.field), problem.message)
        self.add_error(None, gettext("Nothing was recorded yet. What to look at stands beside its line."))


def _as_last_time(one: Expected) -> dict[str, Any]:
    """Unit and price of last time; the weight is the scale's."""
    measure = one.measure
    return {
        "product": str(one.product.public_id), "unit": measure.code, "pack": measure.pack,
        "pack_grams": measure.pack_grams or None, "price": one.price,
    }  # fmt: skip

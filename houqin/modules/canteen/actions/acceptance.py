"""进货查验: what a supplier brings, weighed and looked at by one person, signed by a second, taken in or turned away."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.files.pictures import Upload
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.parties.models import Party
from houqin.core.policies.registry import standing
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.inserting import insert_rows
from houqin.lib.notes import Note
from houqin.modules.canteen.actions.certificates import Shown, evidence, keep_certificates
from houqin.modules.canteen.actions.codes import learn_code
from houqin.modules.canteen.actions.lots import open_lots
from houqin.modules.canteen.actions.moving import Moves, lock_schools
from houqin.modules.canteen.models import Delivery, DeliveryLine, Lot, Origin, Product, TurnedAway
from houqin.modules.canteen.policies import CONDITION_DAYS, REFUSE_WITHOUT_PAPERS
from houqin.modules.canteen.queries.arrivals import lots_of_day, stopped_by, usual_grams
from houqin.modules.canteen.rules.acceptance import MOST_GRAMS, Arrival, Finding, ask_again, findings, is_unusual

ACCEPTED = "canteen.accepted"
titled({ACCEPTED: _("Delivery accepted"), "canteen.turned_away": _("Delivery turned away")})
MOST_LINES = 100
LotKey = tuple[int, date | None, str]
R = TypeVar("R", Party, Product)


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """One line that is taken in. ``senses`` is empty where looks and smell are as they should be.

    ``condition`` says in words what is still missing besides certificates; ``sure`` confirms an unusual weight; ``code``
    is a barcode that was scanned on it, learnt with what a pack holds.
    """

    product: Product
    grams: int
    written: str = ""
    produced_on: date | None = None
    batch: str = ""
    expires_on: date | None = None
    loose: bool = False
    tenths: int | None = None
    keeping: str = ""
    senses: str = ""
    unit_price: int | None = None
    amount_fen: int = 0
    condition: str = ""
    note: str = ""
    sure: bool = False
    code: str = ""
    pack_grams: int | None = None

    @property
    def arrival(self) -> Arrival:
        """What the rules look at."""
        return Arrival(
            self.product.name, self.product.category, self.grams, self.produced_on, self.expires_on, self.loose,
            self.tenths, self.keeping,
        )  # fmt: skip

    @property
    def lot_key(self) -> LotKey:
        """Which lot of the day it belongs to."""
        return self.product.pk, self.produced_on, self.batch


@dataclass(frozen=True, kw_only=True)
class Away:
    """Goods that are not taken in: given back, or destroyed before the supplier's eyes with a photo."""

    product: Product
    grams: int
    why: str
    outcome: str = TurnedAway.Outcome.RETURNED
    words: str = ""
    photo: Upload | None = None


@dataclass(frozen=True)
class Problem:
    """Why a line cannot be taken in as it stands: its place among the lines (or goods turned away) and the entry."""

    place: int
    field: str
    message: Any
    away: bool = False


class DeliveryRefused(Refused):
    """Nothing was written; ``problems`` tell why, line by line."""

    def __init__(self, problems: Sequence[Problem], products: Sequence[Product]) -> None:
        first, more = problems[0], len(problems) - 1
        told = f"{products[0]}: {first.message}"
        if more:
            told += " " + ngettext("(and %(count)s more entry)", "(and %(count)s more entries)", more) % {"count": more}
        super().__init__(told, field=first.field)
        self.problems = tuple(problems)


@dataclass
class _Door:
    """One delivery while it is looked at."""

    org: OrgUnit
    supplier: Party
    by: Viewer
    lines: Sequence[Arrived]
    away: Sequence[Away]
    problems: list[Problem] = field(default_factory=list)
    warnings: dict[int, list[Note]] = field(default_factory=dict)
    lots: dict[LotKey, Lot] = field(default_factory=dict)


@verb
def accept_delivery(
    org: OrgUnit,
    *,
    by: Viewer,
    supplier: Party,
    lines: Sequence[Arrived],
    turned_away: Sequence[Away] = (),
    certificates: Sequence[Shown] = (),
    note: str = "",
    idempotency: UUID | None = None,
) -> Delivery:
    """Take a delivery in, line by line, and turn away what does not pass. It waits for a second person's signature.

    A line whose certificates are missing is taken in on condition, to be met within the days that the unit set. Sent
    twice with one ``idempotency`` key it is recorded once.
    """
    require(by, "canteen.record", at=org)
    door = _at_the_door(org, supplier, by, lines, turned_away)
    lock_schools([org.pk])
    known = Delivery.objects.filter(repeat_key=idempotency).first() if idempotency else None
    if known:
        return _same(known, door)
    _look(door)
    if door.problems:
        raise _refusal(door)
    delivery = _delivery(door, note, idempotency)
    kept = _take_in(door, delivery)
    _turn_away(door, delivery)
    for line in door.lines:
        if line.code:
            learn_code(org, by=by, code=line.code, product=line.product, pack_grams=line.pack_grams)
    missing = keep_certificates(by, door.supplier, certificates, kept)
    _meet_lack(door, kept, missing)
    record(
        ACCEPTED if lines else "canteen.turned_away", delivery, by=by, org=org, supplier=door.supplier.name,
        lines={str(line.public_id): line.quantity_grams for line in kept},
        turned_away={str(one.product): one.grams for one in door.away},
    )  # fmt: skip
    if lines:
        emit(ACCEPTED, by=by, org=org, subject=delivery)
    return delivery


def _at_the_door(org: OrgUnit, supplier: Party, by: Viewer, lines: Sequence[Arrived], away: Sequence[Away]) -> _Door:
    """Who brought what, all of it in sight of the school."""
    if org.kind not in (Kind.SCHOOL, Kind.CAMPUS):
        raise Refused(_("Deliveries are accepted in schools. Choose the school first."))
    if not lines and not away:
        raise Refused(_("Nothing is weighed yet. Weigh the first goods, or turn them away."))
    if len(lines) + len(away) > MOST_LINES:
        raise Refused(_("That is too much for one delivery. Record it in two."))
    seen = {org.path, *org.ancestor_paths}
    return _Door(
        org,
        _meant(supplier, seen),
        by,
        [replace(line, product=_meant(line.product, seen)) for line in lines],
        [replace(one, product=_meant(one.product, seen)) for one in away],
    )


def _meant(row: R, seen: set[str]) -> R:
    """What a name stands for, where the school sees that; names out of its sight are no names for it."""
    if row.org.path not in seen:
        raise NotVisible
    root: Any = row.root
    return root if root is not None and root.org.path in seen else row


def _look(door: _Door) -> None:
    """Gather every objection, so that all of them are seen at once."""
    goods = [line.product for line in door.lines]
    usual = usual_grams(door.org, goods, door.by.today) if goods else {}
    recalls = stopped_by(door.org, door.supplier) if goods else []
    for place, line in enumerate(door.lines):
        for found in (*findings(line.arrival, door.by.today), *_slips(line, usual)):
            if found.stops:
                door.problems.append(Problem(place, found.field, found.note.in_words(gettext)))
            else:
                door.warnings.setdefault(place, []).append(found.note)
        for recall in recalls:
            if _concerned(line, recall):
                text = gettext("This batch is stopped by recall %(recall)s. Turn it away.") % {"recall": recall}
                door.problems.append(Problem(place, "batch", text))
    for place, one in enumerate(door.away):
        door.problems += [Problem(place, name, text, away=True) for name, text in _objections(one)]
    _find_lots(door)


def _slips(line: Arrived, usual: Mapping[int, int]) -> Iterator[Finding]:
    """A weight far from the usual is asked about, until somebody is sure."""
    expected = usual.get(line.product.canonical_id)
    if expected and is_unusual(line.grams, expected):
        yield Finding("sure", ask_again(line.product.name, line.grams, expected), stops=not line.sure)


def _concerned(line: Arrived, recall: Any) -> bool:
    same = recall.product.canonical_id == line.product.canonical_id
    day, batch = recall.produced_on, recall.batch
    return same and (day is None or day == line.produced_on) and (not batch or batch == line.batch)


def _objections(one: Away) -> Iterator[tuple[str, Any]]:
    if not 0 < one.grams <= MOST_GRAMS:
        yield "grams", _("Write about how much it was.")
    if one.why not in TurnedAway.Why.values:
        yield "why", _("Say why it is turned away.")
    if one.outcome not in TurnedAway.Outcome.values:
        yield "outcome", _("Say what became of it.")
    if one.why == TurnedAway.Why.OTHER and not one.words.strip():
        yield "words", _("Say in words why it is turned away.")
    if one.outcome == TurnedAway.Outcome.DESTROYED and one.photo is None:
        yield "photo", _("Take a photo of what is destroyed: it shows the supplier and the office that it was done.")


def _find_lots(door: _Door) -> None:
    """The lots of today that further lines join; a frozen one takes nothing more."""
    products = {line.product.pk: line.product for line in door.lines}
    for lot in lots_of_day(door.org, door.supplier, products.values(), door.by.today):
        door.lots[lot.product_id, lot.produced_on, lot.batch] = lot
    for place, line in enumerate(door.lines):
        known = door.lots.get(line.lot_key)
        if known is not None and known.is_frozen:
            words = {"lot": known, "recall": known.frozen_by}
            text = gettext("%(lot)s is frozen by recall %(recall)s. Turn it away.") % words
            door.problems.append(Problem(place, "batch", text))


def _refusal(door: _Door) -> DeliveryRefused:
    rows: Sequence[Any] = door.away if door.problems[0].away else door.lines
    return DeliveryRefused(door.problems, [rows[door.problems[0].place].product])


def _delivery(door: _Door, note: str, key: UUID | None) -> Delivery:
    day = door.by.today
    (made,) = insert_rows([
        Delivery(
            number=_number(door.org, day), org=door.org, supplier=door.supplier, delivered_on=day, origin=Origin.LIVE,
            recorded_at=door.by.now, accepted_by_id=door.by.account_id, repeat_key=key, note=note[:200],
        )
    ])  # fmt: skip
    return made


def _number(org: OrgUnit, day: date) -> str:
    """The next number of the day; the school's store is held."""
    prefix = f"SH-{day:%Y%m%d}-"
    last = Delivery.objects.filter(org=org, number__startswith=prefix).aggregate(last=Max("number"))["last"]
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"


def _take_in(door: _Door, delivery: Delivery) -> list[DeliveryLine]:
    """Lots, lines and moves."""
    _open_lots(door)
    lines = insert_rows(
        DeliveryLine(
            org=door.org,
            delivery=delivery,
            lot=door.lots[line.lot_key],
            delivered_on=delivery.delivered_on,
            quantity_grams=line.grams,
            written_quantity=line.written[:60],
            unit_price=line.unit_price,
            amount_fen=line.amount_fen,
            senses=line.senses[:60],
            tenths=line.tenths,
            note=line.note[:200],
            warnings=[note.as_json() for note in door.warnings.get(place, ())],
        )
        for place, line in enumerate(door.lines)
    )
    moves = Moves(door.by)
    for row in lines:
        moves.line(row)
    moves.write({lot.pk: lot for lot in door.lots.values()})
    return lines


def _open_lots(door: _Door) -> None:
    """A lot for everything that joins none of today; what is written of the date on a lot of today is corrected."""
    marks: dict[LotKey, dict[str, Any]] = {}
    for line in door.lines:
        known = door.lots.get(line.lot_key)
        if known is None:
            one = marks.setdefault(line.lot_key, {
                "product": line.product, "supplier": door.supplier, "batch": line.batch,
                "produced_on": line.produced_on, "received_on": door.by.today, "expires_on": line.expires_on,
            })  # fmt: skip
            one["expires_on"] = line.expires_on or one["expires_on"]
        elif line.expires_on and known.expires_on != line.expires_on:
            known.expires_on = line.expires_on
            known.save(update_fields=["expires_on"])
    door.lots |= zip(marks, open_lots(door.org, list(marks.values())), strict=True)


def _turn_away(door: _Door, delivery: Delivery) -> None:
    for one in door.away:
        TurnedAway.objects.create(
            org=door.org,
            delivery=delivery,
            product=one.product,
            refused_on=delivery.delivered_on,
            quantity_grams=one.grams,
            why=one.why,
            words=one.words[:200],
            outcome=one.outcome,
            photo=evidence(door.org, door.by, one.photo, str(one.product)),
        )


def _meet_lack(door: _Door, kept: Sequence[DeliveryLine], missing: Mapping[int, Sequence[str]]) -> None:
    """What is missing has to be handed in within the days that the unit set, unless it takes no goods without papers."""
    wanted = [
        (row, [*missing.get(row.pk, ()), *([line.condition] if line.condition else [])])
        for row, line in zip(kept, door.lines, strict=True)
    ]
    lacking = [(row, words) for row, words in wanted if words]
    if not lacking:
        return
    rules = standing((REFUSE_WITHOUT_PAPERS, CONDITION_DAYS), [door.org])[door.org.pk]
    if missing and rules[REFUSE_WITHOUT_PAPERS].value:
        _turn_away_without_papers(door, kept, missing)
    due = door.by.today + timedelta(days=int(rules[CONDITION_DAYS].value))
    alike: dict[str, list[int]] = defaultdict(list)
    for row, words in lacking:
        row.condition, row.condition_due_on = "、".join(words)[:200], due
        alike[row.condition].append(row.pk)
    for condition, lines in alike.items():
        DeliveryLine.objects.filter(pk__in=lines).update(condition=condition, condition_due_on=due)


def _turn_away_without_papers(
    door: _Door, kept: Sequence[DeliveryLine], missing: Mapping[int, Sequence[str]]
) -> NoReturn:
    for place, row in enumerate(kept):
        if row.pk in missing:
            told = {"papers": "、".join(missing[row.pk])}
            text = gettext("Not shown: %(papers)s. Your unit takes no goods without them: turn them away.") % told
            door.problems.append(Problem(place, "product", text))
    raise _refusal(door)


def _same(known: Delivery, door: _Door) -> Delivery:
    if (known.org_id, known.supplier_id, known.accepted_by_id) != (door.org.pk, door.supplier.pk, door.by.account_id):
        raise Refused(_("This was recorded already, with other contents. Reload the page and look."))
    return known

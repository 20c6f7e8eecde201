"""What may come through the door of the store (FS-49, FS-50, standards §1.7; FSL arts.50, 53, 67). Pure.

Only what the law itself forbids stops a line, and then it is named what to do instead. Whatever else is odd is kept as a
warning, and a weight far from the usual is asked about once more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from houqin.lib.notes import Note
from houqin.lib.notes import mark as _
from houqin.modules.canteen.rules.conduct import kilograms

PREPACKAGED = frozenset({"grain", "oil", "seasoning", "milk", "other"})
COLD = frozenset({"meat", "poultry", "fish"})
CHILLED, FROZEN = "chilled", "frozen"
CHILLED_MOST = 80 + 30  # tenths of a degree: the label's 0–8 °C (FS-47) and three more on arrival (FS-49)
FROZEN_MOST = -90  # FS-50
SLIP = 5  # a decimal point in the wrong place is a factor of ten, also where today is twice or half the usual
MOST_GRAMS = 50_000_000  # fifty tonnes at once come to no school


@dataclass(frozen=True)
class Arrival:
    """One line at the door. ``loose`` goods have no pack and so no date; ``keeping`` is chilled, frozen, or as is usual."""

    product: str
    category: str
    grams: int
    produced_on: date | None = None
    expires_on: date | None = None
    loose: bool = False
    tenths: int | None = None
    keeping: str = ""


@dataclass(frozen=True)
class Finding:
    """What is to be said about one entry of a line; one that ``stops`` refuses the line."""

    field: str
    note: Note
    stops: bool = False


def prepackaged(category: str, *, loose: bool = False) -> bool:
    """Whether these goods come in a pack with a label. Farm produce is its arrival date and its supplier."""
    return category in PREPACKAGED and not loose


def findings(line: Arrival, today: date) -> Iterator[Finding]:
    """What the law forbids, and what is worth a warning."""
    yield from _weight(line)
    yield from _dates(line, today)
    yield from _temperature(line)


def _weight(line: Arrival) -> Iterator[Finding]:
    if not 0 < line.grams <= MOST_GRAMS:
        yield _stop("grams", "no-weight", _("Weigh it: more than nothing and less than 50 tonnes."))


def _dates(line: Arrival, today: date) -> Iterator[Finding]:
    produced, expires = line.produced_on, line.expires_on
    if produced and produced > today:
        text = _("%(day)s has not come yet. Look at the pack and write the day that is printed there.")
        yield _stop("produced_on", "future", text, day=produced.isoformat())
    if produced and expires and expires < produced:
        text = _("It cannot expire on %(day)s, before it was produced. Look at the pack again.")
        yield _stop("expires_on", "expires-before", text, day=expires.isoformat())
    elif expires and expires < today:
        text = _(
            "Past its date: it kept until %(day)s. Turn it away, reason “past its date” (Food Safety Law art. 53)."
        )
        yield _stop("expires_on", "past-use-by", text, day=expires.isoformat())
    if not prepackaged(line.category, loose=line.loose):
        return
    if produced is None:
        text = _(
            "Write the production date that is printed on the pack. If none is printed there, turn the goods away, reason "
            "“no production date” (Food Safety Law art. 67). Goods without any pack: tick “loose”."
        )
        yield _stop("produced_on", "no-date", text)
    elif expires is None:
        yield Finding("expires_on", Note("no-shelf-life", _("Until when it keeps is not written.")))


def _temperature(line: Arrival) -> Iterator[Finding]:
    limits = {CHILLED: CHILLED_MOST, FROZEN: FROZEN_MOST}
    keeping = line.keeping or (CHILLED if line.category in COLD else "")
    most = limits.get(keeping)
    if line.tenths is None or most is None or line.tenths <= most:
        return
    texts = {
        CHILLED: _("%(measured)s °C: chilled goods should be at %(most)s °C or less when they arrive."),
        FROZEN: _("%(measured)s °C: frozen goods should be at %(most)s °C or less when they arrive."),
    }
    words = {"measured": degrees(line.tenths), "most": degrees(most)}
    yield Finding("tenths", Note("too-warm", texts[keeping], words))


def _stop(field: str, code: str, text: str, **params: str) -> Finding:
    return Finding(field, Note(code, text, params), stops=True)


def degrees(tenths: int) -> str:
    """Tenths of a degree as people say them: ``-9``, ``11.5``."""
    return f"{tenths / 10:.1f}".removesuffix(".0")


def usual(grams: Sequence[int]) -> int | None:
    """What usually comes at once, from what came lately."""
    return median_low(grams) if grams else None


def is_unusual(grams: int, usual_grams: int | None) -> bool:
    """Whether a weight looks like a slip of the finger or of the unit."""
    return usual_grams is not None and not usual_grams < grams * SLIP < usual_grams * SLIP * SLIP


def ask_again(product: str, grams: int, usual_grams: int) -> Note:
    """The question about an unusual weight."""
    text = _(
        "%(weight)s kg of %(product)s? Usually it is about %(usual)s kg. Look at unit and decimal point; if it is right, tick it."
    )
    words = {"weight": kilograms(grams), "product": product, "usual": kilograms(usual_grams)}
    return Note("unusual-weight", text, words)

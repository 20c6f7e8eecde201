"""What the page of a ledger says: who asks for it, how it is done well, what was written, what comes next."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from houqin.core.places.models import Place
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.models import Duty
from houqin.flows.duties.words import rules_of, slot_of, title_of
from houqin.flows.ledgers import doing
from houqin.flows.ledgers.catalogue import Ledger
from houqin.flows.ledgers.definitions import Resolved, definitions
from houqin.flows.ledgers.models import Breach, LedgerEntry
from houqin.flows.ledgers.words import HIDDEN, language
from houqin.ui import formats
from houqin.ui.telling import Caution

if TYPE_CHECKING:
    from houqin.flows.ledgers.forms.sheet import Sheet
    from houqin.flows.ledgers.forms.writing import WriteForm

MOST_NAMES = 4


@dataclass(frozen=True)
class Choice:
    """One thing that can be done next, and where."""

    title: str
    url: str
    until: object = None


@dataclass(frozen=True)
class Slot:
    """One meal or half of the day for which the ledger is written."""

    slot: str
    is_open: bool
    url: str

    @property
    def words(self) -> str:
        """What it is called."""
        return slot_of(self.slot)


def _in_chinese() -> bool:
    return language().startswith("zh")


def asked_words(resolved: Resolved) -> str:
    """Who asks for it, by what, and what it takes: 法定 · 《…》 · 约 1.5 分钟."""
    ledger = resolved.ledger
    who = resolved.asked_by.name if resolved.asked_by else ""
    source = ledger.basis
    takes = gettext("about %(minutes)s min") % {"minutes": formats.number(resolved.minutes, 1)}
    return " · ".join(part for part in (str(resolved.demand.label), who, takes, source) if part)


def guide(ledger: Ledger) -> tuple[str, str]:
    """What it protects, and how it is done well."""
    if _in_chinese():
        return ledger.why_zh, ledger.guide_zh
    return ledger.why_en, ledger.guide_en


def why_photo(ledger: Ledger) -> str:
    """Why a photo is asked for."""
    return ledger.photo.why_zh if _in_chinese() else ledger.photo.why_en


def nobody(sheet: "Sheet") -> str:
    """Why the list is empty, and what helps."""
    of = sheet.resolved.lines.of if sheet.resolved.lines else "places"
    if of == "staff":
        return gettext(
            "Nobody at this school holds a post that this list is about. Appoint people to their posts first."
        )
    if of == "classes":
        return gettext("No class is on the roll of this school. Record the classes first.")
    return gettext(
        "No place of this kind is recorded here. Record the place and say what it is used for; it gets a label."
    )


def next_words(duty: Duty | None) -> Choice | None:
    """The next thing to write, as its button says it."""
    return choices([duty])[0] if duty else None


def choices(duties: list[Duty], place: Place | None = None) -> list[Choice]:
    """Duties as things to choose from, each once."""
    rules = rules_of(duties, timezone.localdate())
    label = place.label_code if place else ""
    found = [Choice(title_of(duty, rules), doing.address_of(duty, place=label), duty.due_at) for duty in duties]
    return list({one.url: one for one in reversed(found)}.values())[::-1]


def anyway(place: Place, by: Viewer) -> list[Choice]:
    """What may be written of a place although nothing is due there, and when each falls due next."""
    ledgers = doing.kept_at(place, by.today)
    coming = doing.next_at(place, ledgers, by.moment)
    return [
        Choice(
            one.ledger.title(language()), doing.address(one.code, place.org, place=place.label_code),
            coming[one.code].opens_at if one.code in coming else None,
        )
        for one in ledgers
    ]  # fmt: skip


def told(sheet: "Sheet", form: "WriteForm", entries: list[LedgerEntry]) -> str:
    """What was written, as a school says it: 晨检已记:12 人正常,1 人不正常(张三)."""
    name = sheet.title + (f" · {slot_of(sheet.slot)}" if sheet.slot else "")
    words = gettext("%(ledger)s: recorded.") % {"ledger": name}
    if form.says_nothing:
        return gettext("%(ledger)s: nothing to report, recorded.") % {"ledger": name}
    if form.rows:
        words = gettext("%(ledger)s: %(told)s.") % {"ledger": name, "told": _of_lines(sheet, form)}
    if sheet.place is not None:
        words = f"{sheet.place.name} · {words}"
    words += _marked(sheet, form)
    out = sum(entry.breaches for entry in entries)
    if not out:
        return words
    warned = ngettext(
        "%(count)s value is not as it should be. If it was a slip, correct it now; else it stands and is followed up.",
        "%(count)s values are not as they should be. If it was a slip, correct it now; else they stand and are followed up.",
        out,
    )
    return Caution(f"{words} {warned % {'count': out}}")


def _marked(sheet: "Sheet", form: "WriteForm") -> str:
    """What was written of is not to be used: the entry stands, and says so."""
    names = [sheet.place.name] if sheet.place is not None and sheet.marks else []
    names += [row.line.title for row in (form.rows if sheet.by_exception else form.filled) if row.line.marks]
    if not names:
        return ""
    told = gettext("Not to be used now: %(names)s.") % {"names": formats.listed(names[:MOST_NAMES])}
    return told if _in_chinese() else f" {told}"


def _of_lines(sheet: "Sheet", form: "WriteForm") -> str:
    """How many lines are in order, and which are not."""
    head = form.head.values()
    rows = form.rows if sheet.by_exception else form.filled
    odd = [row for row in form.filled if row.block.findings(head)]
    if sheet.is_free:
        return _counted(sheet, len(form.filled))
    fine = len(rows) - len(odd)
    parts = []
    if fine:
        parts.append(gettext("%(count)s in order") % {"count": _counted(sheet, fine)})
    if odd:
        names = "、".join(row.line.title for row in odd[:MOST_NAMES]) + ("…" if len(odd) > MOST_NAMES else "")
        parts.append(gettext("%(count)s not (%(names)s)") % {"count": _counted(sheet, len(odd)), "names": names})
    left = len(form.rows) - len(rows)
    if left:
        parts.append(gettext("%(count)s left out") % {"count": _counted(sheet, left)})
    return formats.listed(parts)


def _counted(sheet: "Sheet", count: int) -> str:
    """So many people, places, dishes, classes or lines."""
    of = sheet.resolved.lines.of if sheet.resolved.lines else "places"
    words = {
        "staff": ngettext("%(count)s person", "%(count)s people", count),
        "places": ngettext("%(count)s place", "%(count)s places", count),
        "dishes": ngettext("%(count)s dish", "%(count)s dishes", count),
        "classes": ngettext("%(count)s class", "%(count)s classes", count),
        "free": ngettext("%(count)s line", "%(count)s lines", count),
    }
    return words[of] % {"count": count}


def title_of_ledger(code: str) -> str:
    """The name of a ledger in the language of whoever reads."""
    return next((one.title(language()) for one in definitions(timezone.localdate()) if one.code == code), code)


def in_question(row: Breach) -> str:
    """What waits to be confirmed or put right, as Today says it; what is personal is not repeated there."""
    told = {"what": row.column, "value": row.value, "limit": row.limit}
    if row.value == HIDDEN:
        named = {"ledger": title_of_ledger(row.ledger), "what": row.column}
        return gettext("Confirm or correct: %(ledger)s, %(what)s") % named
    if row.limit:
        return gettext("Confirm or correct: %(what)s %(value)s (should be %(limit)s)") % told
    return gettext("Confirm or correct: %(what)s %(value)s") % told


def page_of(entry: LedgerEntry) -> str:
    """The page of an entry: from there it is corrected."""
    return reverse("ledgers:entries-detail", args=[entry.public_id])

"""What a unit asks for beyond the catalogue: a ledger of choice taken up, further columns, tighter limits; each with a reason."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.generation import replan
from houqin.flows.duties.registry import Demand
from houqin.flows.ledgers.columns import Column, Limit
from houqin.flows.ledgers.definitions import Resolved, above, change_of, forget
from houqin.flows.ledgers.duties import PREFIX
from houqin.flows.ledgers.models import Adoption
from houqin.flows.ledgers.rules.asking import Bounds, adds_nothing, contradicts, cost_of, loosened
from houqin.flows.ledgers.words import condition_in_words, language, limit_in_words, source_in_words

LINES = "lines."
MOST_COLUMNS, WHY = 8, 200

titled({
    "ledgers.adopted": gettext_lazy("Ledger asked for"),
    "ledgers.adoption_ended": gettext_lazy("Ledger not asked for any more"),
})  # fmt: skip


@verb
def adopt_ledger(
    org: OrgUnit,
    *,
    by: Viewer,
    ledger: str,
    why: str,
    columns: Sequence[Column] = (),
    of_lines: Sequence[Column] = (),
    limits: Mapping[str, Sequence[Bounds]] | None = None,
    from_on: date | None = None,
) -> Adoption:
    """Ask for a ledger at a unit and all below it, with further columns and tighter limits; takes the place of what the
    unit asked for before. Limits are keyed by column, those of lines as ``lines.<column>``; each holds always, or where the
    line says what its ``when`` names. Duties follow from now on.
    """
    require(by, "ledgers.adopt", at=org)
    org = OrgUnit.objects.select_for_update().get(pk=org.pk)
    if not org.is_open:
        raise Refused(_("This unit is closed. Ledgers are asked for where work goes on."))
    if not why.strip():
        raise Refused(_("Say why: whoever has to write more is told the reason."), field="why")
    first, limits = from_on or by.today, limits or {}
    if first < by.today:
        raise Refused(_("What is past cannot be asked for. Choose today or a later day."), field="from_on")
    held = above(ledger, org, first)
    _check_columns(held, columns, of_lines)
    made = Adoption(
        org=org, ledger=ledger, demand=Demand.OFFICE if org.kind in OFFICES else Demand.OWN, why=why.strip()[:WHY],
        columns=[*_stored(columns), *({**one, "of_lines": True} for one in _stored(of_lines))],
        limits={key: [_limit(org, why, one).model_dump(mode="json") for one in asked] for key, asked in limits.items()},
        from_on=first, set_at=by.now, account_id=by.account_id,
        tenth_minutes=cost_of(columns, of_lines, by_exception=bool(held.lines and held.lines.by_exception)),
    )  # fmt: skip
    now: Adoption | None = Adoption.objects.filter(org=org, ledger=ledger, ended_at__isnull=True).first()
    if now is not None and _is_the_same(now, made):
        return now
    if held.is_kept and not columns and not of_lines and not limits:
        raise Refused(_kept_already(held))
    for key, asked in limits.items():
        _check_limits(held, key, [_limit(org, why, one) for one in asked])
    if now is not None:
        if first > by.today:
            raise Refused(
                _("This unit asks for the ledger already. A change holds from today on: choose today."), field="from_on"
            )
        Adoption.objects.filter(pk=now.pk).update(ended_at=by.now)
    made.full_clean(exclude=["account"])
    made.save()
    forget()
    record(
        "ledgers.adopted", made, by=by, org=org, ledger=ledger, why=made.why, from_on=first, limits=made.limits,
        columns=[column.zh for column in (*columns, *of_lines)], tenth_minutes=made.tenth_minutes,
    )  # fmt: skip
    replan(org, by=by, codes=[f"{PREFIX}{ledger}"])
    return made


@verb
def end_adoption(adoption: Adoption, *, by: Viewer, why: str) -> Adoption:
    """Ask for it no more, with its columns and limits; what was written stays. Only the unit that asked, or one above, may."""
    require(by, "ledgers.adopt", at=adoption.org)
    if not why.strip():
        raise Refused(_("Say why it is not asked for any more."), field="why")
    row: Adoption = Adoption.objects.select_for_update(of=("self",)).select_related("org").get(pk=adoption.pk)
    if row.ended_at is not None:
        raise Refused(_("This is not asked for any more; somebody ended it before."))
    row.ended_at = by.now
    row.save(update_fields=["ended_at"])
    forget()
    record("ledgers.adoption_ended", row, by=by, org=row.org, ledger=row.ledger, why=why.strip()[:WHY])
    replan(row.org, by=by, codes=[f"{PREFIX}{row.ledger}"])
    return row


def _stored(columns: Iterable[Column]) -> list[dict[str, object]]:
    return [column.model_dump(mode="json", exclude_defaults=True) for column in columns]


def _limit(org: OrgUnit, why: str, bounds: Bounds) -> Limit:
    """The bounds as a limit of this unit: local, so it warns and never refuses."""
    if bounds.min is None and bounds.max is None:
        raise Refused(_("Write a lowest or a highest value."), field="limits")
    source = f"{org.name}\uff1a{why.strip()[:WHY]}"
    return Limit(min=bounds.min, max=bounds.max, when=dict(bounds.when), source=source, confidence="C")


def _is_the_same(now: Adoption, made: Adoption) -> bool:
    """Whether the unit asks for just this already."""
    return all(getattr(now, name) == getattr(made, name) for name in ("why", "columns", "limits", "demand"))


def _kept_already(held: Resolved) -> str:
    if held.asked_by is not None:
        return _(
            "%(unit)s asks for this ledger: it is kept here already. Add a column or a stricter limit, or leave it."
        ) % {"unit": held.asked_by}
    return _("This ledger is kept by every school that it concerns. Add a column or a stricter limit, or leave it.")


def _check_columns(held: Resolved, columns: Sequence[Column], of_lines: Sequence[Column]) -> None:
    """A few, each new: what is written down already is not asked again."""
    if len(columns) + len(of_lines) > MOST_COLUMNS:
        raise Refused(_("At most %(count)s further columns.") % {"count": MOST_COLUMNS}, field="columns")
    if of_lines and held.lines is None:
        raise Refused(_("This ledger has no list: ask for the column in the entry."), field="columns")
    for given, there in ((columns, held.columns), (of_lines, held.lines.columns if held.lines else ())):
        seen = {name for column in there for name in (column.zh, column.en)}
        for column in given:
            if column.zh in seen or column.en in seen:
                raise Refused(_("“%(name)s” is asked already.") % {"name": column.title(language())}, field="columns")
            seen |= {column.zh, column.en}
    if held.lines and held.lines.by_exception and any(one.is_measured and one.required for one in of_lines):
        raise Refused(
            _("This list is filled in by exception. A measured value is read each time: ask for it in the entry."),
            field="columns",
        )


def _column(held: Resolved, key: str) -> Column:
    inner = held.lines.columns if held.lines else ()
    columns = inner if key.startswith(LINES) else held.columns
    found = next((column for column in columns if column.code == key.removeprefix(LINES)), None)
    if found is None:
        raise NotVisible
    return found


def _check_limits(held: Resolved, key: str, limits: Sequence[Limit]) -> None:
    """Only tighter than what holds, and possible to keep together with it and with one another."""
    column = _column(held, key)
    for number, limit in enumerate(limits):
        _check_limit(column, limit, limits[:number], condition_in_words(limit, held))


def _check_limit(column: Column, limit: Limit, beside: Sequence[Limit], condition: str) -> None:
    new = limit_in_words(limit, column)
    words = {"what": column.title(language()), "new": f"{new} ({condition})" if condition else new}
    if not column.is_measured:
        raise Refused(_("%(what)s is not measured: it has no limit.") % words, field="limits")
    looser = loosened(column.limits, limit)
    if looser is not None:
        words |= {"held": limit_in_words(looser, column), "source": source_in_words(looser)}
        raise Refused(
            _("%(what)s: %(held)s holds here (%(source)s). A unit below may only be stricter; %(new)s is looser.")
            % words,
            field="limits",
        )
    if adds_nothing(column.limits, limit):
        raise Refused(
            _("%(what)s: %(new)s holds already. Leave it out, or ask for a stricter value.") % words, field="limits"
        )
    if contradicts(column.model_copy(update={"limits": [*column.limits, *beside]}), limit):
        raise Refused(_("%(what)s: no value could keep %(new)s. Correct the bounds.") % words, field="limits")


def asked_limits(adoption: Adoption) -> dict[str, list[Bounds]]:
    """The bounds that an adoption set, by column, as a form shows them."""
    return {
        key: [Bounds(one.min, one.max, one.when) for one in found] for key, found in change_of(adoption).limits.items()
    }

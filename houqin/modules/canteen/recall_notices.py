"""Whom a recall tells, and in which words: each account in its own language."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from houqin.core.grants.models import Grant
from houqin.core.grants.viewers import accounts_holding, roles_with
from houqin.core.notices.actions import Words, tell
from houqin.core.notices.models import Notice
from houqin.core.orgs.models import STEP, OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Recall, RecallAnswer, RecallLot
from houqin.modules.canteen.queries.boards import trace_url
from houqin.modules.canteen.queries.recalls import substitutes_by_school, whereabouts_by_school
from houqin.modules.canteen.recall_words import drill_sentence, goods, headline, instructions, substitute_sentence
from houqin.ui import formats

NOW, SOON, INFO = Notice.Level.NOW, Notice.Level.SOON, Notice.Level.INFO


def recall_url(recall: Recall) -> str:
    """The board of a recall."""
    return reverse("canteen:recalls-detail", args=[recall.public_id])


def answer_url(answer: RecallAnswer) -> str:
    """A school's own page of a recall."""
    return reverse("canteen:recall-notices-detail", args=[answer.pk])


def ask_second_person(recall: Recall, *, by: Viewer) -> None:
    """Everybody who may launch it, except the one who prepared it; where there is nobody else, the office above."""
    others = list(accounts_holding("canteen.confirm_recall", org=recall.org).exclude(pk=by.account_id))
    if not others:
        others = [account for account in _above(recall.org) if account.pk != by.account_id]

    def words() -> tuple[str, str]:
        title = gettext("Second person needed: %(goods)s") % {"goods": goods(recall)}
        body = gettext("%(name)s prepared %(number)s. Look at it and launch it. Reason: %(reason)s")
        return title, body % {"name": by.name, "number": recall.number, "reason": recall.reason}

    _tell(recall, others, words, by=by, org=recall.org, url=recall_url(recall), level=NOW)


def tell_office_above(recall: Recall, *, by: Viewer) -> None:
    """A recall ends where the reach of its unit ends: the office above is asked to look beyond."""

    def words() -> tuple[str, str]:
        title = gettext("Look beyond %(unit)s: %(goods)s") % {"unit": recall.org, "goods": goods(recall)}
        body = gettext(
            "%(unit)s cannot see beyond its own reach. Trace the same goods in your other schools. Reason: %(reason)s"
        )
        return title, body % {"unit": recall.org, "reason": recall.reason}

    _tell(recall, _above(recall.org), words, by=by, org=recall.org, url=trace_url(recall), level=NOW)


def tell_schools(recall: Recall, answers: Sequence[RecallAnswer], lots: Sequence[RecallLot], *, by: Viewer) -> None:
    """Head, logistics director and keeper of each school: what is where, what to do with it, what to cook instead."""
    where = whereabouts_by_school(lots)
    instead = substitutes_by_school(recall, [answer.org_id for answer in answers], by.today)
    people = _answering(answers)
    told = []
    for answer in answers:

        def words(org_id: int = answer.org_id) -> tuple[str, str]:
            lines = [
                f"{step.title}（{formats.weight(step.grams)}）：{step.deed}" if step.grams is not None
                else f"{step.title}：{step.deed}"
                for step in instructions(where[org_id])
            ]  # fmt: skip
            lines.append(substitute_sentence(recall.product, instead.get(org_id, [])))
            lines.append(gettext("Reason: %(reason)s") % {"reason": recall.reason})
            return gettext("Stop and seal: %(goods)s") % {"goods": goods(recall)}, "\n".join(lines)

        if people[answer.org_id]:
            _tell(recall, people[answer.org_id], words, by=by, org=answer.org, url=answer_url(answer), level=NOW)
            answer.notified_at = by.now
            told.append(answer)
    RecallAnswer.objects.bulk_update(told, ["notified_at"])


def tell_lifted(recall: Recall, rows: Sequence[RecallLot], reason: str, *, by: Viewer) -> None:
    """The schools whose lots may be used again."""
    lots = defaultdict(list)
    for row in rows:
        lots[row.org_id].append(str(row.lot))

    def of(answer: RecallAnswer) -> Words:
        def words() -> tuple[str, str]:
            title = gettext("May be used again: %(lots)s") % {"lots": "、".join(lots[answer.org_id])}
            return title, gettext("Reason: %(reason)s") % {"reason": reason}

        return words

    _tell_each(recall, [a for a in _answers(recall) if a.org_id in lots], of, by=by)


def tell_withdrawn(recall: Recall, *, was_open: bool, by: Viewer) -> None:
    """Everybody who was told of it, that it was a mistake."""

    def words() -> tuple[str, str]:
        title = gettext("Withdrawn: %(goods)s") % {"goods": goods(recall)}
        body = gettext("The notice was a mistake. The freeze is lifted, the goods may be used. Reason: %(reason)s")
        return title, body % {"reason": recall.withdrawn_reason}

    if was_open:
        _tell_each(recall, _answers(recall), lambda answer: words, by=by)
    own = {a.pk: a for a in accounts_holding("canteen.confirm_recall", org=recall.org)} | {
        recall.proposed_by_id: recall.proposed_by
    }
    offices = list(own.values()) + _above(recall.org)
    _tell(recall, offices, words, by=by, org=recall.org, url=recall_url(recall), level=SOON)


def tell_closed(recall: Recall, *, by: Viewer) -> None:
    """The schools concerned: how it ended."""

    def words() -> tuple[str, str]:
        title = gettext("Closed: %(goods)s") % {"goods": goods(recall)}
        return title, gettext("What is still frozen stays frozen. Report: %(report)s") % {"report": recall.report}

    _tell_each(recall, _answers(recall), lambda answer: words, by=by, level=INFO)


def _answers(recall: Recall) -> list[RecallAnswer]:
    return list(recall.answers.select_related("org"))


def _tell_each(
    recall: Recall, answers: Sequence[RecallAnswer], words: Callable[[RecallAnswer], Words], *, by: Viewer,
    level: str = SOON,
) -> None:  # fmt: skip
    people = _answering(answers)
    for answer in answers:
        _tell(recall, people[answer.org_id], words(answer), by=by, org=answer.org, url=answer_url(answer), level=level)


def _tell(
    recall: Recall, accounts: Iterable[Any], words: Words, *, by: Viewer, org: OrgUnit, url: str, level: str
) -> None:
    """Each account once, in its own language; a drill says so first and last."""

    def marked() -> tuple[str, str]:
        title, body = words()
        return (headline(recall, title), f"{body}\n{drill_sentence(recall)}") if recall.is_drill else (title, body)

    tell(accounts, marked, by=by, org=org, url=url, level=level)


def _answering(answers: Sequence[RecallAnswer]) -> dict[int, list[Any]]:
    """Who answers for each unit: those with a role there, or at the school that it is a part of. One query."""
    found: dict[int, list[Any]] = {answer.org_id: [] for answer in answers}
    paths = {answer.org_id: answer.org.path for answer in answers}
    asked = set(paths.values()) | {path[:-STEP] for path in paths.values()}
    grants = (
        Grant.objects.on(timezone.localdate())
        .filter(role__in=roles_with("canteen.answer_recall"), org__path__in=asked, account__is_active=True)
        .select_related("account", "org")
    )
    at: dict[str, list[Any]] = defaultdict(list)
    for grant in grants:
        at[grant.org.path].append(grant.account)
    for org_id, path in paths.items():
        found[org_id] = at[path] or at[path[:-STEP]]
    return found


def _above(org: OrgUnit) -> list[Any]:
    """Those who may launch recalls at the nearest unit above that has such people."""
    above = sorted(OrgUnit.objects.filter(path__in=org.ancestor_paths), key=lambda unit: -len(unit.path))
    for unit in above:
        people = list(accounts_holding("canteen.confirm_recall", org=unit))
        if people:
            return people
    return []

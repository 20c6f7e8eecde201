"""Ledger entries as they were written, and the chain of seals that holds a school's records together."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from benchmarks.province.copying import Rows
from benchmarks.province.dice import Dice, Ids
from benchmarks.province.duties import LATE_BECAUSE, Done
from benchmarks.province.filling import WORDINGS, Content, Forms
from benchmarks.province.people import Staff
from benchmarks.province.premises import Thing
from benchmarks.province.tree import SINCE, Place
from houqin.config.demo.month import PREFIX
from houqin.flows.ledgers.definitions import Resolved
from houqin.flows.ledgers.models import Breach, LedgerEntry
from houqin.flows.ledgers.sealed import LEDGER
from houqin.flows.seals.models import Chain, Seal
from houqin.flows.seals.rules import FIRST, Header, commitment, digest_of, seal_of

SETTLES = timedelta(minutes=30)
NETWORK = timedelta(seconds=40)  # from capture to record


@dataclass(frozen=True, slots=True)
class Sealed:
    """A record that waits for its link."""

    at: datetime
    captured: datetime
    item: UUID
    kind: str
    digest: bytes


class Ledgers:
    """One school's entries."""

    def __init__(
        self, rows: Rows, ids: Ids, school: Place, staff: Staff, things: Sequence[Thing], held: Mapping[str, Resolved]
    ) -> None:
        self.rows, self.ids, self.school, self.staff, self.things, self.held = rows, ids, school, staff, things, held
        self.forms = Forms(school, staff, things)
        self.dice: Dice = school.dice("ledgers")
        signers = {
            role: (f"{self.dice.getrandbits(128):032x}", {"id": str(one.public_id), "name": one.name})
            for role, one in staff.accounts.items()
        }
        self.signs = {role: commitment(*signer) for role, signer in signers.items()}
        self.by = {role: json.dumps(signer, ensure_ascii=False) for role, signer in signers.items()}

    def write(self, done: Sequence[Done]) -> list[Sealed]:
        """An entry for each; what is to be sealed."""
        return [self._entry(one) for one in done]

    def _entry(self, one: Done) -> Sealed:
        code = one.asked.rule.removeprefix(PREFIX)
        held, dice = self.held[code], self.dice
        content = self.forms.filled(
            held,
            one.asked.slot,
            one.asked.day,
            dice.getrandbits(8) % WORDINGS,
            slips=dice.random() < self.school.habit.slip,
        )
        recorded = one.at + NETWORK
        late = LATE_BECAUSE if one.at > one.asked.due else ""
        thing = self.things[one.asked.thing] if one.asked.thing is not None and held.lines is None else None
        body, personal = self._text(one, held, content, thing, recorded, late)
        self.rows.add(
            LedgerEntry, id=self.ids.next(LedgerEntry), day=one.asked.day, public_id=one.entry,
            content_id=UUID(int=dice.getrandbits(128)), org_id=self.school.pk, ledger=code, version=held.version,
            slot=one.asked.slot, about_id=thing.subject if thing else None, at=one.at, recorded_at=recorded,
            account_id=self.staff.accounts[one.account].pk, body=body, personal=personal, breaches=len(content.breaches),
            nothing_to_report=content.nothing, late_because=late,
        )  # fmt: skip
        for found in content.breaches:
            self._breach(one, code, found.key, found.column.title("zh"), str(found.value), recorded)
        return Sealed(recorded, one.at, one.entry, LEDGER, digest_of(body))

    def _text(
        self, one: Done, held: Resolved, content: Content, thing: Thing | None, recorded: datetime, late: str
    ) -> tuple[str, str]:
        """The canonical text (keys in their order, no spaces) and the personal values, as ``ledgers.bodies`` writes them."""
        second = self.signs["principal"] if held.ledger.countersign else ""
        about, label = (str(thing.subject_id), thing.name) if thing else ("", "")
        day = one.asked.day.isoformat()
        body = (
            f'{{"about":"{about}","about_label":"{label}","amends":"","at":"{one.at.isoformat()}","by":"{self.signs[one.account]}",'
            f'"confirmed":[],"day":"{day}","from_paper":false,"late_because":"{late}","ledger":"{held.code}","lines":{content.lines},'
            f'"nothing_to_report":{"true" if content.nothing else "false"},"org":"{self.school.public_id}","out":{content.out},'
            f'"photos":[],"recorded_at":"{recorded.isoformat()}","second":"{second}","slot":"{one.asked.slot}",'
            f'"values":{content.values},"version":{held.version},"why":""}}'
        )
        body = body.replace("@day@", day).replace("@moment@", one.at.isoformat())
        kept = [
            f'"by": {self.by[one.account]}',
            f'"second": {self.by["principal"]}' if second else "",
            content.personal,
        ]
        return body, f"{{{', '.join(filter(None, kept))}}}"

    def _breach(self, one: Done, code: str, key: str, column: str, value: str, found_at: datetime) -> None:
        settled = found_at + SETTLES
        self.rows.add(
            Breach, id=self.ids.next(Breach), public_id=self.dice.uuid7(found_at), org_id=self.school.pk, day=one.asked.day,
            entry_id=one.entry, ledger=code, key=key, column=column, value=value, limit="规定范围", source="台账规定", remark="已调整",
            found_at=found_at, account_id=self.staff.accounts[one.account].pk, settles_at=settled, state=Breach.State.STANDS.value,
            settled_at=settled, answer="已核实并整改", answered_at=settled + SETTLES,
            answered_by_id=self.staff.accounts["director"].pk,
        )  # fmt: skip


def seal(rows: Rows, ids: Ids, school: Place, waiting: list[Sealed]) -> None:
    """The school's chain: every record in the order in which it was recorded."""
    chain, before, org = school.dice("chain").uuid7(SINCE), FIRST, school.pk
    waiting.sort(key=lambda one: (one.at, one.item))
    for number, one in enumerate(waiting, 1):
        header = Header(chain, number, one.item, one.kind, one.at, one.captured).pack()
        before = seal_of(before, header, one.digest)
        rows.add(
            Seal,
            id=ids.next(Seal),
            org_id=org,
            number=number,
            item_id=one.item,
            header=header,
            digest=one.digest,
            seal=before,
        )
    rows.add(
        Chain, id=ids.next(Chain), public_id=chain, org_id=org, length=len(waiting), head=before,
        sealed_at=waiting[-1].at if waiting else None,
    )  # fmt: skip

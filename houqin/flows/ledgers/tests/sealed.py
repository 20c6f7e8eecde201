"""A school with a few sealed entries, and a hand that reaches into the database behind the program's back."""

from datetime import timedelta
from typing import Any

from django.db import connection

from houqin.core.files.tests.pictures import jpeg, upload
from houqin.core.orgs.models import OrgUnit
from houqin.flows.ledgers.actions import record_entry
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.tests.kept import COLD, VISITORS, declare
from houqin.flows.seals.checking import Result, check
from houqin.flows.seals.models import Chain
from tests.world import NOON, World

NAMES = ("张三", "李四", "王五")


def keep_ledgers(world: World) -> OrgUnit:
    """Eight entries at school A: five cold stores (the first with a photo), three visitors by name."""
    declare(COLD)
    declare(VISITORS)
    org = world.school_a
    for number in range(5):
        by = world.viewer("gao", now=NOON + timedelta(minutes=number))
        photos = [upload(jpeg(300 + number, 200))] if number == 0 else []
        values = {"temperature": 30 + number}
        record_entry(org, by=by, ledger="cold-store", values=values, slot="am" if number == 0 else "", photos=photos)
    for number, name in enumerate(NAMES):
        by = world.viewer("gao", now=NOON + timedelta(minutes=10 + number))
        record_entry(org, by=by, ledger="visitors", values={}, lines=[{"name": name}])
    return org


def entries(org: OrgUnit) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(org=org).order_by("at"))


def sql(statement: str, *params: Any) -> int:
    """Straight into the tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [named(one) if hasattr(one, "hex") and hasattr(one, "int") else one for one in params]
        )
        return cursor.rowcount


def named(value: Any) -> Any:
    """A UUID as this database stores it."""
    return value if connection.features.has_native_uuid_field else value.hex


def loosen() -> None:
    """Take the constraints off the table of seals, as somebody with the database in his hands can."""
    if connection.vendor == "postgresql":
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE seals_seal DROP CONSTRAINT seal_no_fork, DROP CONSTRAINT sealed_once")
    else:
        sql("CREATE TABLE loose AS SELECT * FROM seals_seal")
        sql("DROP TABLE seals_seal")
        sql("ALTER TABLE loose RENAME TO seals_seal")


def found(org: OrgUnit, **options: Any) -> Result:
    return check(Chain.objects.select_related("org").get(org=org), **options)


def kinds(org: OrgUnit, **options: Any) -> list[tuple[str, int, int]]:
    """What a check names: kind, number, last."""
    return [(fault.kind, fault.number, fault.last) for fault in found(org, **options).faults]

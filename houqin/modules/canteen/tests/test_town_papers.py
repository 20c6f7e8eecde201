"""Must hold: the papers of the sample town, printed week by week for every school, add up to its truth."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import system_viewer
from houqin.lib.capitals import capital_yuan
from houqin.modules.canteen.actions.paper import record_from_paper
from houqin.modules.canteen.actions.papers import number_vouchers
from houqin.modules.canteen.models import Delivery, Issue, Voucher
from houqin.modules.canteen.rules.periods import month_end
from houqin.modules.canteen.tests.paper_reading import AMOUNT, GOODS, WEIGHT, ReadForm, figure, read_page, read_workbook
from houqin.modules.canteen.tests.town import open_schools, read_town, truth
from tests.world import World

AFTER = datetime(2024, 8, 1, 4, tzinfo=UTC)
GOODS_FORMS, ISSUES = ("YS", "RK"), "CK"


@pytest.fixture
def schools(world: World) -> list[OrgUnit]:
    found = open_schools(world.town)
    record_from_paper(world.town, by=system_viewer(now=AFTER), book=read_town(world.town, found))
    return list(found.values())


def weeks() -> Iterator[date]:
    days = sorted(Delivery.objects.values_list("delivered_on", flat=True).distinct())
    monday = days[0] - timedelta(days=days[0].weekday())
    while monday <= days[-1]:
        yield monday
        monday += timedelta(days=7)


def months() -> list[date]:
    return sorted({day.replace(day=1) for day in Delivery.objects.values_list("delivered_on", flat=True)})


def printed(client: Client, school: OrgUnit, day: date) -> list[ReadForm]:
    """Number and print the forms of a week."""
    asked = {"span": "week", "day": day.isoformat()}
    answer = client.post(reverse("canteen:papers") + f"?under={school.path}", asked)
    assert answer.status_code == 302
    return read_page(client.get(answer["Location"]).content.decode())


def signed_in(world: World) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(world.bo, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def check(form: ReadForm) -> None:
    """A form adds up by itself, in figures and in words."""
    assert form.sums(WEIGHT) == form.stated(WEIGHT), form.number
    amount = form.stated(AMOUNT)
    assert form.sums(AMOUNT) == amount, form.number
    assert form.words == capital_yuan(int(amount * 100)), form.number


def test_the_weeks_papers_add_up_to_the_truth(world: World, schools: list[OrgUnit]) -> None:
    expected = truth()
    client = signed_in(world)
    received: dict[str, dict[str, Decimal]] = {stem: defaultdict(Decimal) for stem in GOODS_FORMS}
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    issued, lines = Decimal(0), 0
    with time_machine.travel(AFTER, tick=False):
        for form in (form for school in schools for monday in weeks() for form in printed(client, school, monday)):
            check(form)
            assert "补录" in form.head
            stem = form.number[:2]
            amounts[stem] += form.stated(AMOUNT)
            if stem == ISSUES:
                issued += form.stated(WEIGHT)
                continue
            for line in form.lines:
                received[stem][line[form.column(GOODS)]] += figure(line[form.column(WEIGHT)])
                lines += stem == "YS"
    for stem in GOODS_FORMS:
        assert {name: float(kilograms) for name, kilograms in received[stem].items()} == expected["kg"]
        assert float(amounts[stem]) == expected["amount"]
    assert lines == expected["deliveries"]
    assert issued * 1000 == sum(Issue.objects.values_list("quantity_grams", flat=True))


def test_the_workbooks_add_up_to_the_truth_as_well(world: World, schools: list[OrgUnit]) -> None:
    expected = truth()
    client = signed_in(world)
    received: dict[str, Decimal] = defaultdict(Decimal)
    amount = Decimal(0)
    with time_machine.travel(AFTER, tick=False):
        for school, month in ((school, month) for school in schools for month in months()):
            asked = {"under": school.path, "span": "month", "day": month.isoformat(), "kind": "receipt"}
            number_vouchers(school, by=system_viewer(now=AFTER), first=month, last=month_end(month), kinds=["receipt"])
            book = client.get(reverse("canteen:papers-excel"), asked)
            for form in read_workbook(b"".join(book.streaming_content)):
                check(form)
                amount += form.stated(AMOUNT)
                for line in form.lines:
                    received[line[form.column(GOODS)]] += figure(line[form.column(WEIGHT)])
    assert {name: float(kilograms) for name, kilograms in received.items()} == expected["kg"]
    assert float(amount) == expected["amount"]


def test_the_months_settlements_name_the_town_s_suppliers_and_add_up_to_the_truth(
    world: World, schools: list[OrgUnit]
) -> None:
    expected = truth()
    client = signed_in(world)
    amount, weight, suppliers = Decimal(0), Decimal(0), set()
    with time_machine.travel(AFTER, tick=False):
        for school in schools:
            for month in months():
                asked = f"?under={school.path}&span=month&day={month}&kind=settlement"
                client.post(reverse("canteen:papers") + asked, {"span": "month", "day": month, "kind": "settlement"})
                for form in read_page(client.get(reverse("canteen:papers-print") + asked).content.decode()):
                    check(form)
                    amount += form.stated(AMOUNT)
                    weight += form.stated(WEIGHT)
                    suppliers.add(form.head.split("供货单位：")[1].split("所属期")[0].strip())
    assert float(amount) == expected["amount"]
    assert float(weight) == sum(expected["kg"].values())
    assert sorted(suppliers) == expected["suppliers"]
    owed = {
        (org, supplier.canonical_id, day.replace(day=1))
        for org, supplier, day in ((row.org_id, row.supplier, row.delivered_on) for row in Delivery.objects.select_related("supplier"))
    }  # fmt: skip
    assert Voucher.objects.filter(kind="settlement").count() == len(owed)

"""Numbers with their check digits, dates, and what stands for what."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from houqin.flows.credentials.kinds import good_for, kind_called, kinds_on
from houqin.flows.credentials.rules import (
    BadDates,
    BadNumber,
    Fault,
    Held,
    check_dates,
    checked_number,
    last_day,
    masked,
    stage_on,
)
from houqin.lib.codes import credit_code_check, is_identity_number, licence_check_digit, organisation_code_check
from houqin.lib.dates import add_months

T4 = [
    "JY33703030000010", "JY11108071215650", "SC10137030300016", "SC10537030300027", "SC11464010500015", "SC11834020305037",
    "SC11532139200465", "SC11432010400101",
]  # fmt: skip
T1 = ["12370303MB10000101", "52370303MJ4900013E", "91370303MA3C123462", "123703034940000187"]


@pytest.mark.parametrize("number", T4)
def test_t4_licences_check_and_a_changed_digit_names_what_belongs_there(number: str) -> None:
    form = number[:2].lower()
    assert checked_number(form, f" {number.lower()} ") == number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    with pytest.raises(BadNumber) as caught:
        checked_number(form, wrong)
    assert (caught.value.fault, caught.value.place, caught.value.expected) == (Fault.CHECK, 16, number[-1])


@pytest.mark.parametrize("number", T1)
def test_t1_credit_codes_check(number: str) -> None:
    assert checked_number("uscc", number) == number
    assert credit_code_check(number[:-1]) == number[-1]
    wrong = number[:-1] + ("2" if number[-1] == "1" else "1")
    with pytest.raises(BadNumber) as caught:
        checked_number("uscc", wrong)
    assert (caught.value.place, caught.value.expected) == (18, number[-1])


def test_t2_organisation_codes() -> None:
    found = [
        organisation_code_check(body)
        for body in ("MB100001", "MJ490001", "MA3C1234", "49400001", "MB000000", "49400000")
    ]
    assert found == ["0", "3", "6", "8", "0", "X"]


def test_t3_identity_numbers_are_known_and_never_taken() -> None:
    for number in ("11010519491231002X", "370303201509010018", "420607201203150022"):
        assert is_identity_number(number)
        with pytest.raises(BadNumber) as caught:
            checked_number("", number)
        assert caught.value.fault == Fault.IDENTITY
    assert not is_identity_number("370303201509010017")


@given(st.text("0123456789", min_size=13, max_size=13))
def test_every_licence_with_its_check_digit_passes_and_no_other_last_digit_does(body: str) -> None:
    right = licence_check_digit(body)
    assert checked_number("jy", f"JY{body}{right}") == f"JY{body}{right}"
    for other in set("0123456789") - {right}:
        with pytest.raises(BadNumber):
            checked_number("jy", f"JY{body}{other}")


@pytest.mark.parametrize(
    ("form", "number", "fault"),
    [
        ("sc", "QS370303010001", Fault.OLD),
        ("jy", "SC10137030300016", Fault.OTHER_KIND),
        ("sc", "JY33703030000010", Fault.OTHER_KIND),
        ("jy", "JY3370303000001", Fault.LENGTH),
        ("jy", "JY3370303000001A", Fault.CHARACTER),
        ("jy", "33703030000010", Fault.CHARACTER),
        ("uscc", "12370303MB1000O101", Fault.CHARACTER),
    ],
)
def test_what_is_wrong_is_named(form: str, number: str, fault: Fault) -> None:
    with pytest.raises(BadNumber) as caught:
        checked_number(form, number)
    assert caught.value.fault == fault


TODAY = date(2024, 3, 4)


@pytest.mark.parametrize(
    ("issued", "expires", "months", "code"),
    [
        (TODAY + timedelta(days=1), None, None, "future"),
        (date(1960, 1, 1), None, None, "long_ago"),
        (date(2024, 3, 1), date(2024, 2, 1), None, "before_issue"),
        (date(2024, 3, 1), date(2025, 3, 2), 12, "too_long"),
        (None, date(2090, 1, 1), None, "impossible"),
        (None, date(2024, 3, 3), None, "ended"),
    ],
)
def test_dates_that_cannot_be(issued: date | None, expires: date | None, months: int | None, code: str) -> None:
    with pytest.raises(BadDates) as caught:
        check_dates(issued, expires, today=TODAY, months=months, strict=True)
    assert caught.value.code == code


def test_a_year_from_the_first_of_march_ends_on_the_last_of_february() -> None:
    assert last_day(date(2024, 3, 1), 12) == date(2025, 2, 28)
    assert last_day(date(2023, 3, 1), 12) == date(2024, 2, 29)
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(-120, 120))
def test_months_there_and_back_are_the_same_month(day: date, months: int) -> None:
    there = add_months(day, months)
    back = add_months(there, -months)
    assert (back.year, back.month) == (day.year, day.month)
    assert back <= day


def test_it_holds_from_its_issue_to_its_last_day_unless_revoked() -> None:
    one = Held("health-certificate", date(2024, 1, 10), date(2025, 1, 9))
    assert [one.holds(day) for day in (date(2024, 1, 9), date(2024, 1, 10), date(2025, 1, 9), date(2025, 1, 10))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not Held("x", None, None, date(2024, 3, 4)).holds(TODAY)
    assert Held("x", None, None, date(2024, 3, 5)).holds(TODAY)


def test_reminders_come_at_60_30_and_7_days_and_stay_until_it_is_renewed() -> None:
    wanted = {61: None, 60: 60, 31: 60, 30: 30, 8: 30, 7: 7, 0: 7, -1: 7, -90: 7}
    found = {left: stage_on(TODAY + timedelta(days=left), TODAY, [7, 60, 30]) for left in wanted}
    begun = {left: stage and (TODAY + timedelta(days=left) - stage.opens).days for left, stage in found.items()}
    assert begun == wanted
    assert stage_on(TODAY + timedelta(days=61), TODAY, [60], ahead=1) is not None
    assert stage_on(TODAY, TODAY, []) is None


def test_personal_numbers_are_covered() -> None:
    assert masked("370303202400123") == "37***********23"
    assert masked("1234") == "****"


@pytest.mark.django_db
def test_the_catalogue_knows_what_lists_call_it_and_what_stands_for_what() -> None:
    assert {"健康证明": "health-certificate", "电工证": "electrician", "JY": "jy-licence", "健康证": "health-certificate"}.items() <= {
        name: found.code for name in ("健康证明", "电工证", "JY", "健康证") if (found := kind_called(name, TODAY))
    }.items()  # fmt: skip
    assert kind_called("通行证", TODAY) is None
    assert good_for(["health-certificate"], TODAY)["health-certificate"] == {
        "health-certificate", "health-check-passed", "kindergarten-health",
    }  # fmt: skip
    kinds = kinds_on(TODAY)
    assert all(kinds[other].code for kind in kinds.values() for other in kind.stands_for)

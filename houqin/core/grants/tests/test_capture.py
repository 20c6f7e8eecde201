"""When a deed was done that waited on a phone: believed as far as it can be true."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from houqin.core.audit.trail import record
from houqin.core.grants.middleware import capture_of
from houqin.core.grants.rules import LONGEST_WAIT, TOLERANCE, WAITED, Capture, capture

NOW = datetime(2024, 3, 4, 4, 0, tzinfo=UTC)
waits = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30))
offs = st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400))
moments = st.datetimes(min_value=datetime(2023, 1, 1), max_value=datetime(2025, 1, 1), timezones=st.just(UTC))


@given(waited=waits, off=offs)
def test_a_clock_that_is_off_by_days_tells_the_true_moment(waited, off):
    true = NOW - waited
    found = capture(true + off, NOW + off, NOW)
    assert found.at == (true if WAITED < waited <= LONGEST_WAIT else None)
    assert found.clock_off == (off if abs(off) > TOLERANCE else timedelta())


@given(captured=moments, clock=moments)
def test_no_deed_lies_in_the_future_or_too_far_back(captured, clock):
    at = capture(captured, clock, NOW).at
    assert at is None or NOW - LONGEST_WAIT <= at < NOW - WAITED


def test_exact_borders():
    assert capture(NOW - timedelta(minutes=2), NOW, NOW).at is None
    assert capture(NOW - timedelta(minutes=3), NOW, NOW).at == NOW - timedelta(minutes=3)
    assert capture(NOW - timedelta(days=14), NOW, NOW).at == NOW - timedelta(days=14)
    assert capture(NOW - timedelta(days=14, seconds=1), NOW, NOW).at is None
    assert capture(NOW + timedelta(hours=1), NOW, NOW) == Capture()
    assert capture(NOW, NOW + timedelta(minutes=6), NOW) == Capture(
        at=NOW - timedelta(minutes=6), clock_off=timedelta(minutes=6)
    )


def headers(captured: str, clock: str) -> dict[str, str]:
    return {"HTTP_X_HOUQIN_CAPTURED": captured, "HTTP_X_HOUQIN_CLOCK": clock}


@pytest.mark.parametrize(
    ("captured", "clock"),
    [("", ""), ("yesterday", "2024-03-04T04:00:00.000Z"), ("2024-03-04T02:00:00", "2024-03-04T04:00:00")],
)
def test_what_a_phone_did_not_say_clearly_is_not_guessed(captured, clock):
    assert capture_of(RequestFactory().post("/", **headers(captured, clock)), NOW) == Capture()


def test_a_phone_speaks_of_its_clock_only_when_it_sends():
    said = headers("2024-03-01T00:00:00.000Z", "2024-03-01T02:00:00.000Z")
    assert capture_of(RequestFactory().get("/", **said), NOW) == Capture()
    assert capture_of(RequestFactory().post("/", **said), NOW) == Capture(
        at=NOW - timedelta(hours=2), clock_off=timedelta(days=-3, hours=-2)
    )


@pytest.mark.django_db
def test_the_trail_tells_both_moments_and_a_wrong_clock(world):
    an = world.viewer("an")
    late = replace(an, captured_at=NOW - timedelta(hours=13), clock_off=timedelta(days=3))
    entry = record("test.done", None, by=late, org=world.school_a, grams=5)
    assert (entry.day.isoformat(), entry.at) == ("2024-03-03", NOW)
    assert entry.detail == {"grams": 5, "captured_at": "2024-03-03T15:00:00Z", "clock_off_minutes": 4320}
    assert record("test.done", None, by=an, org=world.school_a, grams=5).detail == {"grams": 5}

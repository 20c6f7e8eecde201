"""Where a row stands on Today."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from houqin.core.scope.viewer import system_viewer
from houqin.ui.today import Bucket, TodayRow, placed

LATE = timezone.make_aware(datetime(2024, 3, 4, 23, 40))


@pytest.mark.parametrize(
    ("until", "bucket"),
    [
        (LATE - timedelta(minutes=1), Bucket.OVERDUE),
        (LATE + timedelta(minutes=10), Bucket.NOW),
        (LATE + timedelta(minutes=30), Bucket.NOW),
        (LATE + timedelta(hours=4), Bucket.NOW),
        (LATE + timedelta(hours=4, minutes=1), Bucket.LATER),
        (date(2024, 3, 3), Bucket.OVERDUE),
        (date(2024, 3, 4), Bucket.NOW),
        (date(2024, 3, 5), Bucket.LATER),
        (None, Bucket.NOW),
    ],
)
def test_half_an_hour_is_half_an_hour_at_midnight_too(until: datetime | date | None, bucket: str) -> None:
    row = TodayRow("做", until=until)
    assert placed(row, system_viewer(now=LATE)).bucket == bucket
    assert placed(replace(row, bucket=Bucket.DONE), system_viewer(now=LATE)).bucket == Bucket.DONE

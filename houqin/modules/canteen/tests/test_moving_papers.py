"""The papers that the canteen kept by itself become credentials, with all that hung on them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = [("canteen", "0003_on_duty")], [("canteen", "0006_drop_certificate")]
AT = datetime(2024, 3, 4, 4, 0, tzinfo=UTC)
DAY = date(2024, 3, 4)


def migrate(target: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return (
        MigrationExecutor(connection)
        .loader.project_state([node for node in executor.loader.graph.leaf_nodes() if node[0] != "canteen"] + target)
        .apps
    )


@pytest.fixture
def old() -> Iterator[Any]:
    yield migrate(BEFORE)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("canteen"))


class Past:
    """A school with a supplier and three lots, in the tables of that time."""

    def __init__(self, apps: Any) -> None:
        self.get = apps.get_model
        self.org = self.get("orgs", "OrgUnit").objects.create(kind="school", name="柳河中心小学", path="0001")
        self.supplier = self.get("parties", "Party").objects.create(
            org=self.org, name="鸿运", subject=self.subject("party")
        )
        self.product = self.get("canteen", "Product").objects.create(org=self.org, name="桶装水", category="other")
        self.delivery = self.get("canteen", "Delivery").objects.create(
            number="SH-20240304-0001", org=self.org, supplier=self.supplier, delivered_on=DAY, origin="live", recorded_at=AT
        )  # fmt: skip
        self.lines = [self.line(batch) for batch in ("B1", "B2", "B3")]

    def subject(self, kind: str) -> Any:
        return self.get("subjects", "Subject").objects.create(kind=kind, org=self.org, label=kind)

    def line(self, batch: str) -> Any:
        lot = self.get("canteen", "Lot").objects.create(
            org=self.org, product=self.product, supplier=self.supplier, batch=batch, received_on=DAY, subject=self.subject("lot")
        )  # fmt: skip
        return self.get("canteen", "DeliveryLine").objects.create(
            org=self.org, delivery=self.delivery, lot=lot, delivered_on=DAY, quantity_grams=1_000
        )

    def paper(self, kind: str, number: str, until: date | None, *lines: Any, **more: Any) -> Any:
        row = self.get("canteen", "Certificate").objects.create(
            org=self.org, supplier=self.supplier, kind=kind, number=number, valid_until=until, recorded_at=AT, **more
        )
        row.lines.set(lines)
        return row


def test_rows_photos_dates_lines_and_public_ids_move_and_the_table_goes(old: Any) -> None:
    past = Past(old)
    first, second, third = past.lines
    account = old.get_model("people", "Account").objects.create(username="an", display_name="安师傅", home=past.org)
    blob = old.get_model("files", "Blob").objects.create(digest="d", media_type="image/jpeg", size_bytes=1)
    photo = old.get_model("files", "StoredFile").objects.create(
        org=past.org, blob=blob, data_class="operational", permission="canteen.view", name="检疫证", stored_at=AT
    )
    papers = {
        "one": past.paper("quarantine-certificate", "4206001", None, first, photo=photo, account=account),
        "several": past.paper("quarantine-certificate", "4206002", None, first, second),
        "loose": past.paper("batch-test-report", "R1", None),
        "dated": past.paper("batch-test-report", "R2", date(2024, 6, 1), third),
        "ended": past.paper("sc-licence", "QS370303010001", date(2024, 1, 1)),
        "newest": past.paper("sc-licence", "SC10137030300016", date(2026, 1, 1), first, second, third),
        "water": past.paper("water-report", "W1", date(2024, 5, 1), product=past.product),
        "undated": past.paper("jy-licence", "JY33703030000010", None, first),
    }
    now = migrate(AFTER)
    rows = {row.public_id: row for row in now.get_model("credentials", "Credential").objects.select_related("about")}
    moved = {name: rows.pop(paper.public_id) for name, paper in papers.items()}
    assert rows == {}
    supplier = past.supplier.subject_id
    assert {name: row.holder_id for name, row in moved.items()} == {
        "one": first.lot.subject_id, "several": supplier, "loose": supplier, "dated": supplier, "ended": supplier,
        "newest": supplier, "water": supplier, "undated": supplier,
    }  # fmt: skip
    for name, paper in papers.items():
        row = moved[name]
        assert (row.org_id, row.kind, row.number, row.expires_on) == (
            past.org.pk, paper.kind, paper.number, paper.valid_until
        )  # fmt: skip
        assert (row.recorded_at, row.photo_id, row.account_id) == (AT, paper.photo_id, paper.account_id)
        assert (row.verified_at, row.revoked_at, row.from_paper) == (None, None, False)
    assert (moved["newest"].renews_id, moved["ended"].renews_id) == (moved["ended"].pk, None)
    product = now.get_model("canteen", "Product").objects.get(pk=past.product.pk)
    assert (moved["water"].about_id, moved["water"].about.label) == (product.subject_id, "桶装水")
    shown = {
        line.pk: {row.number for row in line.certificates.all()}
        for line in now.get_model("canteen", "DeliveryLine").objects.all()
    }
    assert shown == {
        first.pk: {"4206001", "4206002", "SC10137030300016", "JY33703030000010"},
        second.pk: {"4206002", "SC10137030300016"},
        third.pk: {"R2", "SC10137030300016"},
    }
    assert not [name for name in connection.introspection.table_names() if name.startswith("canteen_certificate")]


def test_nothing_to_move_and_every_product_can_have_papers_of_its_own(old: Any) -> None:
    past = Past(old)
    now = migrate(AFTER)
    assert now.get_model("credentials", "Credential").objects.count() == 0
    assert now.get_model("canteen", "Product").objects.get(pk=past.product.pk).subject.kind == "product"

"""Pages, board, rates and lists of credentials."""

import re
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db.models import Q
from django.test import Client

from houqin.core.catalogues.loading import load_catalogues
from houqin.core.people.actions.staff import RosterLine, leave, record_roster
from houqin.core.people.models import Person
from houqin.core.scope.viewer import system_viewer
from houqin.core.subjects.finding import subject_of_person, subject_of_unit
from houqin.flows.credentials.actions.recording import record_credential
from houqin.flows.credentials.boards import certified, ends_board
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.today import own, to_verify
from houqin.flows.duties.queries import waiting
from houqin.flows.sheets.folders import import_folder
from tests.world import NOON, TODAY, World

HEALTH = "health-certificate"


@pytest.fixture
def staff(world: World) -> dict[str, Person]:
    load_catalogues(by=world.system)
    lines = [RosterLine("李师傅", "厨师"), RosterLine("王师傅", "切配"), RosterLine("孙师傅", "保洁")]
    made = record_roster(world.school_a, by=world.system, lines=lines, from_on=date(2023, 9, 1))
    return {person.name: person for person in made}


def give(world: World, person: Person, until: date, **more: Any) -> Credential:
    values = {"kind": HEALTH, "number": f"JK{person.pk}{until:%m%d}", "expires_on": until, "from_paper": True} | more
    return record_credential(subject_of_person(person), by=world.viewer("an"), **values)


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def as_(world: World, name: str) -> Client:
    client = Client()
    client.force_login(getattr(world, name))
    return client


def test_every_figure_of_the_board_opens_exactly_its_rows(world: World, staff: dict[str, Person], noon: None) -> None:
    ends = [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=60), TODAY + timedelta(days=61), date(2026, 1, 1)]
    people = [*staff.values(), *(Person.objects.create(org=world.school_a, name=f"{n}号") for n in range(2))]
    for person, until in zip(people, ends, strict=True):
        give(world, person, until)
    client = as_(world, "gao")
    board = ends_board(world.viewer("gao"), None)
    counts = board.figures
    assert (counts.standing, counts.ended, counts.soon, counts.unverified) == (5, 1, 2, 5)
    [(_name, cells, total)] = board.rows
    assert (len(board.columns), [cell.count for cell in cells], total.count) == (8, [1, 1, 0, 2, 0, 0, 0, 1], 5)
    for cell in [*cells, total]:
        shown = client.get(cell.url).content.decode()
        assert len(set(re.findall(r"/credentials/papers/([0-9a-f-]{36})/", shown))) == cell.count
    assert client.get("/credentials/board/").status_code == 200
    assert ends_board(world.viewer("hu"), None).rows == []


def asked_of(world: World, name: str) -> list[tuple[str, str]]:
    """Whose paper of which kind somebody has to renew, as Today has it."""
    return [(row.about.label, row.rule) for row in waiting(world.viewer(name)) if row.rule.startswith("credential:")]


def test_who_has_left_is_reminded_of_no_more(world: World, staff: dict[str, Person]) -> None:
    give(world, staff["李师傅"], TODAY + timedelta(days=5))
    assert len(asked_of(world, "an")) == 1
    leave(staff["李师傅"], by=world.viewer("gao"), on=TODAY)
    assert asked_of(world, "an") == []
    assert ends_board(world.viewer("gao"), None).figures.standing == 0


def test_one_row_a_paper_from_60_days_before_until_it_is_renewed(world: World, staff: dict[str, Person]) -> None:
    give(world, staff["李师傅"], TODAY + timedelta(days=60))
    give(world, staff["王师傅"], TODAY + timedelta(days=61))
    row = give(world, staff["孙师傅"], TODAY - timedelta(days=1))
    give(world, staff["孙师傅"], TODAY + timedelta(days=3), kind="food-safety-training")
    health, training = f"credential:{HEALTH}", "credential:food-safety-training"
    assert set(asked_of(world, "an")) == {("孙师傅", health), ("孙师傅", training), ("李师傅", health)}
    give(world, staff["孙师傅"], date(2025, 2, 1))
    assert Credential.objects.get(renews=row)
    assert asked_of(world, "an") == [("孙师傅", training), ("李师傅", health)]
    assert asked_of(world, "bo") == []
    assert [one.count for one in to_verify(world.viewer("gao"))] == [1]
    assert list(to_verify(world.viewer("an"))) == []
    world.wu.person = staff["李师傅"]
    world.wu.save()
    assert len(list(own(world.viewer("wu")))) == 1


def test_the_rate_equals_a_hand_count_and_names_who_lacks_what(
    world: World, staff: dict[str, Person], noon: None
) -> None:
    give(world, staff["李师傅"], date(2024, 9, 1))
    give(world, staff["李师傅"], date(2024, 9, 1), kind="food-safety-training")
    give(world, staff["王师傅"], TODAY - timedelta(days=1))
    [school] = certified(world.viewer("gao"), Q())
    held = {row.person.name for row, _missing in school.lacking}
    assert "王师傅" in held
    assert "李师傅" not in held
    assert school.asked - school.complete == len(school.lacking)
    page = as_(world, "gao").get("/credentials/posts/").content.decode()
    assert f"({school.complete}/{school.asked})" in page


def test_the_whole_chain_in_the_browser_with_a_covered_number(
    world: World, staff: dict[str, Person], noon: None
) -> None:
    client = as_(world, "an")
    given = {
        "org": world.school_a.pk, "kind": HEALTH, "person": staff["李师傅"].public_id, "number": "JK20240015", "issued_on": "2024-01-10",
    }  # fmt: skip
    assert client.post("/credentials/papers/new/", given).status_code == 302
    row = Credential.objects.get()
    page = client.get(f"/credentials/papers/{row.public_id}/").content.decode()
    assert "JK******15" in page
    assert "JK20240015" not in page
    assert "JK20240015" in as_(world, "gao").get(f"/credentials/papers/{row.public_id}/?full=1").content.decode()
    assert "JK20240015" not in client.get(f"/credentials/papers/{row.public_id}/?full=1").content.decode()
    wrong = client.post(
        "/credentials/papers/new/", given | {"person": "", "kind": "jy-licence", "number": "JY33703030000011"}
    )
    assert wrong.status_code == 422
    for more in ({"person": ""}, {"kind": ""}, {"issued_on": "31.2."}, {"number": "11010519491231002X"}):
        assert client.post("/credentials/papers/new/", given | more).status_code == 422
    assert Credential.objects.count() == 1
    assert as_(world, "gao").post(f"/credentials/papers/{row.public_id}/verify-credential/").status_code == 302
    assert (
        client.post(f"/credentials/papers/{row.public_id}/renew-credential/", {"issued_on": "2024-03-01"}).status_code
        == 302
    )
    assert Credential.objects.get(renews=row).expires_on == date(2025, 2, 28)
    assert as_(world, "hu").get(f"/credentials/papers/{row.public_id}/").status_code == 404
    assert as_(world, "du").get("/credentials/papers/").status_code == 403


def test_a_school_s_own_licence_is_public_in_its_list(world: World, noon: None) -> None:
    record_credential(
        subject_of_unit(world.school_a),
        by=world.viewer("an"),
        kind="jy-licence",
        number="JY33703030000010",
        expires_on=date(2027, 1, 1),
    )
    assert "JY33703030000010" in as_(world, "an").get("/credentials/papers/").content.decode()


HEAD = ["学校", "姓名", "证件类别", "证件编号", "发证日期", "有效期至"]
ROWS = [
    ["柳河中心小学", "李师傅", "健康证", "健12345678", "2024-01-10", "2025-01-09"],
    ["柳河中心小学", "王师傅", "电工证", "T370303", "2022年5月1日", "2028年4月30日"],
    ["柳河中心小学", "柳河中心小学", "食品经营许可证", "JY33703030000011", "2023-01-10", "2028-01-09"],
    ["柳河中心小学", "无名氏", "健康证", "健1", "2024-01-10", "2025-01-09"],
    ["柳河中心小学", "孙师傅", "通行证", "1", "2024-01-10", "2025-01-09"],
]


def test_a_list_of_certificates_comes_in_and_says_which_line_cannot_be(
    world: World, staff: dict[str, Person], tmp_path: Any
) -> None:
    by = system_viewer(now=NOON)

    def write(rows: list[list[str]]) -> dict[str, Any]:
        book = openpyxl.Workbook()
        for row in [["证照一览表"], HEAD, *rows]:
            book.active.append(row)
        book.save(tmp_path / "证照一览表.xlsx")
        return import_folder(tmp_path, under=world.town, by=by)

    write(ROWS)
    found = {(row.holder.label, row.kind): row for row in Credential.objects.select_related("holder")}
    assert set(found) == {("李师傅", HEALTH), ("王师傅", "electrician")}
    assert found["王师傅", "electrician"].expires_on == date(2028, 4, 30)
    write(ROWS)
    assert Credential.objects.count() == 2
    write([[*ROWS[0][:5], "2025-01-08"], *ROWS[1:]])
    assert Credential.objects.get(kind=HEALTH).expires_on == date(2025, 1, 8)

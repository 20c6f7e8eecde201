"""The register of personal data on a page: whole, in words, for those who answer for it, and out as a file."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from houqin.core.scope.register import register
from houqin.flows.sheets.reading.books import read_book
from houqin.modules.console.queries.register import personal_data
from tests.world import World

PAGE, FILE = "console:personal-data", "console:personal-data-export"


QUERIES = 12
"""Who looks, and what any page tells around it."""


@pytest.fixture
def gao(world: World) -> Client:
    client = Client()
    client.force_login(world.gao, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_every_table_of_persons_stands_on_it_with_purpose_time_and_reader(gao: Client) -> None:
    of_persons = [one for one in register() if one.data_class.is_personal]
    assert [one.kept for one in personal_data()] == of_persons
    page = gao.get(reverse(PAGE)).content.decode()
    assert page.count('<td data-label="') == len(of_persons) * 8
    assert all(str(one.why) and one.fields for one in of_persons)


def test_it_says_where_names_are_covered_and_what_is_a_hash(gao: Client) -> None:
    gao.get(reverse(PAGE))  # whoever looks has loaded the pages that cover something
    with override("en"):
        found = {one.kept.label: one for one in personal_data()}
        assert found["people.pupil"].protected == "Covered: Name"
        assert found["people.account"].protected == "Covered: Telephone; Only a hash: Password, PIN"
        assert found["mfa.authenticator"].protected == "Enciphered: Key and codes"
        assert found["account.emailaddress"].fields == "E-mail, Verified, First of several"
        assert found["people.pupil"].how_long == "12 months from the day under “Left on”"
        assert (found["people.account"].how_long, found["cases.case"].how_long) == ("36 months", "Without end")


def test_search_and_class_narrow_page_print_and_file_alike(gao: Client) -> None:
    whole = personal_data()
    minors = personal_data(data_class="minor")
    assert {one.kept.data_class for one in minors} == {"minor"}
    assert 0 < len(minors) < len(whole)
    assert {one.kept.label for one in personal_data(text="监护")} <= {one.kept.label for one in whole}
    for asked in ({"class": "minor"}, {"q": "no-such-word"}, {"class": "nonsense"}):
        rows = personal_data(text=asked.get("q", ""), data_class=asked.get("class", "").replace("nonsense", ""))
        page = gao.get(reverse(PAGE), asked).content.decode()
        assert page.count('<td data-label="') == len(rows) * 8
        printed = gao.get(reverse(PAGE), asked | {"print": "1"}).content.decode()
        assert printed.count("<tr>") == len(rows) + 1
        text = b"".join(gao.get(reverse(FILE), asked).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert len(list(csv.reader(io.StringIO(text)))) == len(rows) + 1


def test_the_workbook_can_be_read(gao: Client) -> None:
    answer = gao.get(reverse(FILE), {"format": "xlsx"})
    grid = read_book("register.xlsx", b"".join(answer.streaming_content)).grids[0]  # type: ignore[attr-defined]
    assert (len(grid.rows), grid.width) == (len(personal_data()) + 1, 8)


def test_the_page_asks_the_database_for_nothing_of_its_own(
    gao: Client, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    gao.get(reverse(PAGE))
    with django_assert_max_num_queries(QUERIES):  # type: ignore[operator]
        gao.get(reverse(PAGE))

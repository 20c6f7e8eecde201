"""Lists: what is shown, what the address says, what comes out as a file."""

import csv
import io

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from houqin.core.audit.models import AuditEntry
from houqin.core.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("houqin.ui.tests.playground")]
LIST = "/play/persons/"


@pytest.fixture
def people(world):
    """Five persons of school A, one of school B, one of another city."""
    made = [
        Person.objects.create(org=world.school_a, name=f"王{n}", sex="f", birth_year=1970 + n, phone=f"1380000000{n}")
        for n in range(5)
    ]
    made.append(Person.objects.create(org=world.school_b, name="李四", birth_year=1965, phone="13900000000"))
    Person.objects.create(org=world.school_c, name="外人", birth_year=1960)
    return made


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def shown(response) -> list[str]:
    return [line.title.split(">")[1].split("<")[0] for line in response.context["lines"]]


def test_only_rows_within_reach_are_listed(world, people):
    assert len(shown(client_of(world.bo).get(LIST))) == 6
    assert shown(client_of(world.gao).get(LIST)) == ["王*"] * 5
    assert client_of(world.du).get(LIST).status_code == 403
    assert Client().get(LIST)["Location"].startswith("/accounts/login/?next=/play/persons/")


def test_the_address_says_order_filter_search_and_page(world, people):
    bo = client_of(world.bo)
    years = [p.birth_year for p in bo.get(LIST + "?sort=-birth_year").context["table"].data.data]
    assert years == [1974, 1973, 1972, 1971, 1970, 1965]
    assert len(shown(bo.get(LIST + "?birth_year_min=1972&birth_year_max=1973"))) == 2
    assert len(shown(bo.get(LIST + "?q=李"))) == 1
    assert len(shown(bo.get(LIST + f"?org={world.school_a.pk}"))) == 5
    assert len(shown(bo.get(LIST + "?view=left"))) == 0
    assert len(shown(bo.get(LIST + "?page=99&per=50"))) == 6


def test_a_list_may_open_on_a_saved_view_and_says_how_to_see_all(world, people, monkeypatch):
    monkeypatch.setattr("houqin.ui.tests.playground.PersonScreen.opens_on", "left")
    bo = client_of(world.bo)
    assert len(shown(bo.get(LIST))) == len(shown(bo.get(LIST + "?sort=name&under=" + world.town.path))) == 0
    assert len(shown(bo.get(LIST + "?view=all"))) == len(shown(bo.get(LIST + "?view=here"))) == 6
    assert len(shown(bo.get(LIST + "?q=李"))) == 1
    assert len(shown(bo.get(LIST + f"?org={world.school_a.pk}"))) == 5
    assert f'href="{LIST}?view=all"' in bo.get(LIST).content.decode()
    assert 'name="view" value="all"' in bo.get(LIST + "?view=all").content.decode()
    exported = b"".join(bo.get(LIST + "export/?format=csv").streaming_content)
    assert len(exported.decode().strip().splitlines()) == 1, "what comes out is what is seen"


def test_a_wrong_filter_shows_nothing_and_says_why(world, people):
    response = client_of(world.bo).get(LIST + "?birth_year_min=abc")
    assert response.context["lines"] == []
    assert response.context["chips"][2].field.errors


def test_the_navigation_marks_each_page_anew_though_it_is_drawn_once(world):
    bo = client_of(world.bo)
    marked = f'<a class="side-link" href="{LIST}" aria-current="page">'
    assert [marked in bo.get(path).content.decode() for path in (LIST, "/more/", LIST)] == [True, False, True]


def test_a_name_that_looks_like_markup_stays_text_and_is_escaped_once(world, people):
    Person.objects.create(org=world.school_a, name="<b>甲</b>&乙")
    page = client_of(world.gao).get(LIST + "?full=1").content.decode()
    assert page.count("&lt;b&gt;甲&lt;/b&gt;&amp;乙") >= 3, "in the table, on the card and in the name of its tick"
    assert "<b>甲" not in page
    assert "&amp;lt;" not in page


def test_choices_show_what_is_chosen_and_what_leaving_them_open_means(world, people):
    page = client_of(world.bo).get(LIST + f"?org={world.school_a.pk}&sex=f").content.decode()
    assert f'<option value="{world.school_a.pk}" selected>{world.school_a}</option>' in page
    assert '<option value="f" selected>' in page
    assert page.count('<option value="">不限</option>') == 2


def test_labels_of_filters_follow_the_language_of_each_reader(world, people):
    bo = client_of(world.bo)
    chinese = [chip.field.label for chip in bo.get(LIST, headers={"accept-language": "zh-hans"}).context["chips"]]
    english = [chip.field.label for chip in bo.get(LIST, headers={"accept-language": "en"}).context["chips"]]
    again = [chip.field.label for chip in bo.get(LIST, headers={"accept-language": "zh-hans"}).context["chips"]]
    assert chinese == again != english


def test_the_scope_narrows_lists_until_it_is_changed(world, people):
    bo = client_of(world.bo)
    assert len(shown(bo.get(LIST + f"?under={world.school_b.path}"))) == 1
    assert len(shown(bo.get(LIST))) == 1
    assert len(shown(bo.get(LIST + f"?under={world.school_c.path}"))) == 6, "a scope out of reach is no scope"
    assert len(shown(bo.get(LIST + f"?under={world.school_a.public_id}"))) == 5
    assert len(shown(bo.get(LIST + "?under="))) == 6


def test_htmx_gets_the_listing_alone_and_a_tidy_address(world, people):
    response = client_of(world.bo).get(
        LIST + "?q=李&sex=&view=", headers={"HX-Request": "true", "HX-Target": "listing"}
    )
    assert response.content.lstrip().startswith(b"<section")
    assert response["HX-Push-Url"] == LIST + "?q=%E6%9D%8E"
    assert "HX-Target" in response["Vary"]


def test_a_list_costs_the_same_for_3_rows_and_for_300(world, people):
    bo = client_of(world.bo)
    bo.get(LIST)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert bo.get(LIST + "?per=100").status_code == 200
        return len(seen)

    few = cost()
    Person.objects.bulk_create(Person(org=world.school_a, name=f"张{n}", phone="13800000000") for n in range(300))
    assert cost() == few
    assert few <= 14


def test_more_rows_than_are_counted_are_not_counted_and_the_list_says_so(world, people, monkeypatch):
    bo = client_of(world.bo)
    assert (bo.get(LIST).context["count"], bo.get(LIST).context["is_cut"]) == (6, False)
    monkeypatch.setattr("houqin.ui.screens.tabling.MOST_COUNTED", 6)
    assert (bo.get(LIST).context["count"], bo.get(LIST).context["is_cut"]) == (6, False)
    monkeypatch.setattr("houqin.ui.screens.tabling.MOST_COUNTED", 4)
    response = bo.get(LIST + "?page=99")
    assert (response.context["count"], response.context["is_cut"], len(shown(response))) == (4, True, 4)
    assert "/ 4+</span>" in response.content.decode()
    exported = b"".join(bo.get(LIST + "export/?format=csv").streaming_content)
    assert len(exported.decode().strip().splitlines()) == 1 + 6, "a file holds all of them"


def test_csv_is_exactly_the_filtered_list_and_safe_to_open(world, people):
    Person.objects.create(org=world.school_a, name="=cmd()", birth_year=1950)
    response = client_of(world.bo).get("/play/persons/export/?format=csv&sort=birth_year&birth_year_max=1965&full=1")
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert [row[0] for row in rows[1:]] == ["'=cmd()", "李四"]
    assert rows[2][2:4] == ["13900000000", "1965"]


def test_xlsx_keeps_numbers_as_numbers_and_formulas_as_text(world, people):
    Person.objects.create(org=world.school_a, name="=1+1", birth_year=1950)
    response = client_of(world.bo).get("/play/persons/export/?format=xlsx&sort=birth_year&q=1&full=1")
    assert response["Content-Disposition"].endswith('.xlsx"') or "xlsx" in response["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "王1"]
    assert rows[2][3] == 1971


def test_personal_data_are_covered_and_a_look_at_them_is_recorded(world, people):
    gao, an = client_of(world.gao), client_of(world.an)
    assert b"13800000001" not in gao.get(LIST).content
    assert not AuditEntry.objects.filter(event="ui.personal_data_shown").exists()
    assert b"13800000001" in gao.get(LIST + "?full=1").content
    entry = AuditEntry.objects.get(event="ui.personal_data_shown")
    assert (entry.actor_name, entry.detail["columns"], entry.detail["count"]) == ("高校长", ["name", "phone"], 5)
    assert b"13800000001" not in an.get(LIST + "?full=1").content, "the keeper may not see numbers in full"
    exported = b"".join(an.get("/play/persons/export/?full=1").streaming_content).decode()
    assert "138****0001" in exported
    assert "13800000001" not in exported


def test_print_is_a_sheet_with_unit_and_signatures(world, people):
    response = client_of(world.bo).get(LIST + f"?print=1&under={world.school_a.path}")
    assert b"sheet-sign" in response.content
    assert world.school_a.name in response.content.decode()
    assert response.content.decode().count("<tr>") == 6

"""Pages of letters, as a head of school and an office use them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from houqin.core.grants.models import Grant
from houqin.flows.letters.actions import issuing, writing
from houqin.flows.letters.models import Letter, LetterState, Pattern
from tests.world import TODAY, World

TEXT = {
    "title": "安全责任书", "year": "2024", "unit_kind": "school", "post": "", "business": "办好食堂", "safety": "守住底线",
    "integrity": "不收礼", "targets": "事故：0", "basis": "",
}  # fmt: skip


@pytest.fixture
def letter(world: World) -> Letter:
    asks = writing.Asks("办好食堂", "守住底线", "不收礼", "事故：0")
    text = writing.write_pattern(
        world.town, by=world.viewer("bo"), title="安全责任书", year=2024, asks=asks, unit_kind="school"
    )
    issuing.issue_letters(by=world.viewer("bo"), pattern=text, org=world.town, until=TODAY + timedelta(days=14))
    found: Letter = Letter.objects.get(org=world.school_a)
    return found


def test_an_office_writes_a_text_and_issues_it(world: World, client) -> None:
    client.force_login(world.bo)
    answer = client.post(reverse("letters:texts-new"), TEXT | {"org": world.town.pk})
    text = Pattern.objects.get()
    assert answer["Location"] == reverse("letters:texts-detail", args=[text.public_id])
    assert "守住底线" in client.get(answer["Location"]).content.decode()
    soon = (TODAY.today() + timedelta(days=9)).isoformat()
    client.post(reverse("letters:texts-issue", args=[text.public_id]), {"until": soon})
    assert Letter.objects.count() == 2
    again = client.post(reverse("letters:letters-new"), {"pattern": text.pk, "org": world.town.pk, "until": soon})
    assert again.status_code == 422
    wrong = client.post(reverse("letters:texts-new"), TEXT | {"org": world.town.pk, "post": "cook"})
    assert wrong.status_code == 422


def test_the_unit_that_issues_a_text_stands_there_already(world: World, client) -> None:
    for who, unit in ((world.bo, world.town), (world.gao, world.school_a)):
        client.force_login(who)
        form = client.get(reverse("letters:texts-new")).context["form"]
        assert form["org"].value() == unit.pk
    Grant.objects.create(account=world.gao, role="principal", org=world.school_b, from_on=TODAY)
    form = client.get(reverse("letters:texts-new")).context["form"]
    assert form["org"].value() is None, "of two units neither is meant more than the other"


def test_the_head_reads_signs_and_prints(world: World, client, letter: Letter) -> None:
    client.force_login(world.gao)
    url = reverse("letters:letters-detail", args=[letter.public_id])
    assert "守住底线" in client.get(url).content.decode()
    client.post(reverse("letters:letters-sign", args=[letter.public_id]))
    letter.refresh_from_db()
    assert letter.state == LetterState.SIGNED
    printed = client.get(reverse("letters:form", args=[letter.public_id])).content.decode()
    assert "高校长" in printed
    assert str(letter.public_id) in printed


def test_the_list_of_the_unsigned_and_the_rates_open_rows(world: World, client, letter: Letter) -> None:
    client.force_login(world.bo)
    unsigned = client.get(reverse("letters:letters"), {"view": "unsigned"}).content.decode()
    assert "柳河初级中学" in unsigned
    assert "0/2" in client.get(reverse("letters:rates")).content.decode()
    assert client.get(reverse("letters:rates"), {"year": "x"}).status_code == 200


def test_another_schools_letter_is_not_there(world: World, client, letter: Letter) -> None:
    client.force_login(world.hu)
    for name in ("letters:letters-detail", "letters:form", "letters:letters-sign"):
        assert client.get(reverse(name, args=[letter.public_id])).status_code == 404
    client.force_login(world.eve)
    assert client.post(reverse("letters:letters-sign", args=[letter.public_id])).status_code == 403

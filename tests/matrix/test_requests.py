"""Every address, whoever knocks how: forged, cached, framed, sent elsewhere, asked for in parts, under another name."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from houqin.core.audit.models import AuditEntry
from houqin.core.files.keeping import keep_bytes
from houqin.core.files.models import StoredFile
from tests.matrix.doors import HOLDERS, ODD_PAGES, PUBLIC, ROW_PAGES
from tests.matrix.furnished import ADDRESSES, SCREENS, screen_of, signed_in
from tests.matrix.opened import opened
from tests.matrix.test_doors import allowed
from tests.world import NOON, World

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "https:evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example",
)
OUTSIDERS = ("hu", "chen", "du")


def test_no_form_is_taken_from_another_site(furnished: World) -> None:
    """Every address, as somebody who may: a post without the token of our own page is refused, and nothing happens."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(furnished.gao, backend="allauth.account.auth_backends.AuthenticationBackend")
    doors = dict(opened(furnished))
    before = AuditEntry.objects.count()
    taken = {name: status for name, url in doors.items() if (status := client.post(url, {}).status_code) != 403}
    assert taken == {}
    assert AuditEntry.objects.count() == before


def test_no_view_is_left_out_of_that_check() -> None:
    exempt = {where for where, view in _views(get_resolver().url_patterns) if getattr(view, "csrf_exempt", False)}
    # Programs show a key with every request and no cookie.
    assert {where for where in exempt if not where.startswith(("api/v1/", "api/^v1/"))} == set()


def _views(items: list, above: str = "") -> list:
    found = []
    for item in items:
        where = f"{above}{item.pattern}"
        found += _views(item.url_patterns, where) if hasattr(item, "url_patterns") else [(where, item.callback)]
    return found


def test_what_was_shown_to_somebody_is_kept_by_no_cache_and_framed_by_nobody(furnished: World) -> None:
    client = signed_in(furnished, "gao")
    wrong = []
    for name, url in opened(furnished):
        if name == "account_logout":
            continue
        answer = client.get(url)
        kept, is_file = (
            answer.get("Cache-Control", ""),
            name in {"ui:file", "ui:file-small", "ui:worker", "seals:verifier", "inspections:verifier"},
        )
        if "no-store" not in kept and not (is_file and answer.status_code == 200) and name not in PUBLIC:
            wrong.append(f"{name}: {kept!r}")
        if answer.get("X-Frame-Options") != "DENY" or answer.get("X-Content-Type-Options") != "nosniff":
            wrong.append(f"{name}: may be framed or guessed at")
        if "frame-ancestors 'none'" not in answer.get("Content-Security-Policy", ""):
            wrong.append(f"{name}: no policy of contents")
    assert wrong == []


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_led_to_another_site(furnished: World, elsewhere: str) -> None:
    client = signed_in(furnished, "gao")
    where = {"HTTP_REFERER": elsewhere}
    answers = [
        Client().post(
            f"{reverse('account_login')}?next={quote(elsewhere)}",
            {"login": "an", "password": "a-long-test-password", "next": elsewhere},
        ),
        client.post(reverse("set_language"), {"language": "en", "next": elsewhere}, **where),
        client.post(reverse("ui:notices-read"), {"next": elsewhere}, **where),
        client.post(f"{reverse('ui:notices-read')}?next={quote(elsewhere)}", {}, **where),
        client.post(reverse("account_logout"), {"next": elsewhere}),
    ]
    for answer in answers:
        assert answer.status_code in {200, 204, 302}
        assert "evil" not in answer.get("Location", ""), answer.get("Location")
    assert (
        "evil" not in client.get(f"{reverse('ui:scope')}?next={quote(elsewhere)}").content.decode().split("<main")[-1]
    )


def test_another_host_s_name_is_answered_by_nothing(furnished: World) -> None:
    for name in ("evil.example", "testserver.evil.example", "testserver@evil.example", "localhost:80:80"):
        assert Client(HTTP_HOST=name).get("/accounts/login/").status_code == 400
    answer = Client(HTTP_X_FORWARDED_HOST="evil.example").post(
        reverse("account_reset_password"), {"email": "a@example.org"}
    )
    assert "evil" not in str(answer.headers)


@pytest.mark.parametrize("person", OUTSIDERS)
def test_a_part_of_a_page_has_the_door_of_the_whole(furnished: World, person: str) -> None:
    """As htmx asks for it, in a list, in suggestions, in a panel."""
    client = signed_in(furnished, person)
    wrong = []
    for address, url in opened(furnished):
        name, what = screen_of(address)
        if not name or address in ROW_PAGES or what.endswith("-many"):
            continue
        for target in ("listing", "hits"):
            status = client.get(url, headers={"HX-Request": "true", "HX-Target": target}).status_code
            if status not in allowed(name, what, person):
                wrong.append(f"{person} {address} {target}: {status}")
    assert wrong == []


def test_odd_pages_with_a_row_of_another_school_do_not_exist(furnished: World) -> None:
    """By number, by public id, by the code of a label: what test_doors visits without a row, here with one of school A."""
    rows = {name: url for name, url in opened(furnished) if name.partition("/")[0] in ODD_PAGES and name not in PUBLIC}
    mine, theirs = signed_in(furnished, "gao"), signed_in(furnished, "hu")
    differ = {
        name: (mine.get(url).status_code, theirs.get(url).status_code)
        for name, url in rows.items()
        if name.partition("/")[0] in OF_A_ROW
    }
    assert {name: met for name, met in differ.items() if met[1] not in {403, 404, 405}} == {}
    assert sum(met[0] == 200 for met in differ.values()) >= 12, differ


OF_A_ROW = {
    "canteen:heads-class", "canteen:incident", "canteen:incident-deed", "canteen:incident-take", "canteen:incident-report-print",
    "canteen:incident-register", "collect:mine", "inspections:walk", "ledgers:amend", "letters:form", "rectify:notice",
    "canteen:accept-delivery", "ui:label", "ledgers:at-place",
}  # fmt: skip
"""Odd pages that open one row of a school."""


def test_a_file_is_opened_by_its_permission_and_never_by_its_digest(furnished: World) -> None:
    blob = keep_bytes(b"picture of school A", "image/jpeg", width=1, height=1)
    file = StoredFile.objects.create(
        org=furnished.school_a, blob=blob, data_class="operational", permission="canteen.view", name="a", stored_at=NOON
    )
    url = reverse("ui:file", args=[file.public_id])
    known = {"HTTP_IF_NONE_MATCH": f'"{blob.digest}"'}
    assert signed_in(furnished, "gao").get(url, **known).status_code == 304
    for person in OUTSIDERS:
        client = signed_in(furnished, person)
        assert client.get(url).status_code == 404, person
        assert client.get(url, **known).status_code == 404, "whoever knows the bytes does not learn that they are here"
        assert client.get(f"/files/{blob.digest}/").status_code == 404
    assert Client().get(url).status_code == 302


def test_entries_that_no_form_has_change_nothing(furnished: World) -> None:
    """Mass assignment: owner, author, state and number of a row are the verb's, whatever is sent beside the form's entries."""
    for name, screen in SCREENS.items():
        for action in (*screen.actions, *([screen.create] if screen.create else [])):
            fields = getattr(action.form, "base_fields", {})
            forbidden = fields.keys() & {
                "by",
                "id",
                "pk",
                "public_id",
                "is_demo",
                "is_system",
                "path",
                "at",
                "recorded_at",
            }
            assert forbidden <= ALLOWED.get(f"{name}.{action.slug if action is not screen.create else 'new'}", set()), (
                name,
                forbidden,
            )
    client = signed_in(furnished, "gao")
    sent = {
        "by": "1",
        "org": str(furnished.school_b.pk),
        "is_demo": "on",
        "id": "1",
        "state": "closed",
        "is_system": "1",
        "path": "0001",
    }
    before = furnished.school_b.path, AuditEntry.objects.filter(org_path=furnished.school_b.path).count()
    for address, url in opened(furnished):
        if not address.startswith(("account", "mfa", "socialaccount", "openid")) and address not in {
            "set_language",
            "ui:sign-out-everywhere",
        }:
            client.post(url, sent)
    assert (furnished.school_b.path, AuditEntry.objects.filter(org_path=furnished.school_b.path).count()) == before
    assert not AuditEntry.objects.filter(actor_name="Houqin", channel="web").exists()


ALLOWED: dict[str, set[str]] = {}
"""Forms that ask for such an entry because the deed is about it, each with a field that offers only what is within reach."""


def test_search_finds_nothing_of_another_school(furnished: World) -> None:
    for person in OUTSIDERS:
        client = signed_in(furnished, person)
        for word in (
            "王桂英",
            "杜小明" if person != "du" else "安师傅",
            furnished.school_a.name if person == "chen" else "石师傅",
        ):
            for headers in ({}, {"HX-Request": "true", "HX-Target": "hits"}):
                text = client.get(reverse("ui:search"), {"q": word}, headers=headers).content.decode()
                assert f"{word}</" not in text.replace(f"“{word}”", ""), (person, word)


def test_holders_of_a_permission_elsewhere_count_nothing_of_this_school(furnished: World) -> None:
    """Today, its navigation and its counts for the office of the other city: nothing of the town's rows is in them."""
    client = signed_in(furnished, "chen")
    for url in ("/", reverse("ui:notices"), reverse("ui:more"), reverse("insight:overview")):
        text = client.get(url).content.decode()
        assert not [one for one in ("柳河", "王桂英", "安师傅", "高校长") if one in text], url
    assert "chen" in HOLDERS["canteen.view"]


def test_every_address_was_knocked_at(furnished: World) -> None:
    assert {name.partition("/")[0] for name, _url in opened(furnished)} == set(ADDRESSES)

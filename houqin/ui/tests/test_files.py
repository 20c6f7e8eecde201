"""Files are served through their permission; photos are taken and shown on screens."""

from uuid import uuid4

import pytest
from django import forms
from django.conf import settings as used
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from houqin.core.audit.models import AuditEntry
from houqin.core.files.actions import keep_photo
from houqin.core.files.keeping import name_of, storage
from houqin.core.files.tests.pictures import camera_exif, encoded, jpeg, scene, upload
from houqin.core.scope.models import DataClass
from houqin.ui.formats import NOTHING
from houqin.ui.screens import Look, Photo, PhotoField

pytestmark = [pytest.mark.django_db, pytest.mark.urls("houqin.ui.tests.playground")]
MEGABYTE = 1024 * 1024


def client_of(account) -> Client:
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def keep(world, **options):
    given = {"by": world.viewer("an"), "upload": upload(), "permission": "canteen.view", "name": "大白菜"}
    return keep_photo(world.school_a, **{**given, **options})


def addresses(file):
    return [reverse("ui:file", args=[file.public_id]), reverse("ui:file-small", args=[file.public_id])]


def test_a_file_opens_for_those_who_hold_its_permission_at_its_unit_and_exists_for_nobody_else(world):
    file = keep(world)
    for name, account in world.cast.items():
        right = 200 if name in {"an", "gao", "bo", "bai", "eve", "op", "shi"} else 404
        for address in addresses(file):
            assert client_of(account).get(address).status_code == right, (name, address)
    assert Client().get(addresses(file)[0])["Location"].startswith("/accounts/login/")


def test_a_permission_that_nobody_of_the_canteen_holds_closes_the_file_to_them(world):
    file = keep(world, permission="people.view_pupils")
    assert [client_of(world.cast[name]).get(addresses(file)[0]).status_code for name in ("an", "lin")] == [404, 200]


def test_no_file_of_that_number_and_no_other_method(world):
    client = client_of(world.an)
    assert client.get(reverse("ui:file", args=[uuid4()])).status_code == 404
    assert client.post(addresses(keep(world))[0]).status_code == 405


def test_the_answer_is_a_picture_that_no_browser_takes_for_anything_else(world):
    answer = client_of(world.an).get(addresses(keep(world))[0])
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''%E5%A4%A7%E7%99%BD%E8%8F%9C.jpeg"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_a_browser_keeps_it_for_itself_and_asks_each_time_whether_it_may(world):
    client, address = client_of(world.an), addresses(keep(world))[0]
    first = client.get(address)
    assert first["Cache-Control"] == "private, no-cache"
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    stranger = client_of(world.chen).get(address, headers={"If-None-Match": first["ETag"]})
    assert stranger.status_code == 404


@pytest.mark.parametrize("data_class", [DataClass.PERSONAL, DataClass.MINOR])
def test_every_look_at_a_picture_of_a_person_is_recorded(world, data_class):
    file = keep(world, data_class=data_class)
    client = client_of(world.gao)
    tag = client.get(addresses(file)[0])["ETag"]
    client.get(addresses(file)[1])
    client.get(addresses(file)[0], headers={"If-None-Match": tag})
    client_of(world.hu).get(addresses(file)[0])
    looks = AuditEntry.objects.filter(event="ui.picture_shown")
    assert [(look.actor_name, look.subject_id) for look in looks] == [("高校长", str(file.public_id))] * 3


def test_a_look_at_goods_is_not(world):
    client_of(world.gao).get(addresses(keep(world))[0])
    assert not AuditEntry.objects.filter(event="ui.picture_shown").exists()


def test_bytes_that_are_gone_are_said_to_be_gone(world):
    file = keep(world, upload=upload(jpeg(333, 222)))
    storage().delete(name_of(file.blob.digest))
    answer = client_of(world.an).get(addresses(file)[0])
    assert answer.status_code == 404
    assert "文件丢失" in answer.content.decode()


class Delivered(forms.Form):
    weight = forms.CharField()
    photo = PhotoField(label="照片", required=False)
    other = PhotoField(label="另一张", required=False)


def sent(content: bytes, name: str = "photo.jpg") -> Delivered:
    return Delivered({"weight": "12"}, {"photo": SimpleUploadedFile(name, content, "image/jpeg")})


def test_a_photo_is_looked_at_while_the_form_is_checked_and_not_again(world, monkeypatch):
    form = sent(encoded(scene(3000, 2000), exif=camera_exif()))
    assert form.is_valid()
    assert form.cleaned_data["other"] is None
    assert form.cleaned_data["photo"].picture.image.size == (2048, 1365)
    monkeypatch.setattr("houqin.core.files.actions.read_picture", lambda upload: pytest.fail("read twice"))
    assert keep(world, upload=form.cleaned_data["photo"]).blob.width == 2048


@pytest.mark.parametrize(
    ("content", "word"), [(b"", "空的"), (b"<svg/>", "SVG"), (jpeg()[:500], "损坏"), (b"GIF89a...", "GIF")]
)
def test_what_is_no_photo_is_answered_beside_the_field_and_the_rest_stays_typed(content, word):
    form = sent(content)
    assert not form.is_valid()
    assert list(form.errors) == ["photo"]
    assert word in form.errors["photo"][0]
    assert form["weight"].value() == "12"


def test_a_required_photo_is_asked_for():
    class Asked(forms.Form):
        photo = PhotoField(label="照片")

    assert not Asked({}, {}).is_valid()
    assert Asked({}, {"photo": SimpleUploadedFile("a.jpg", jpeg())}).is_valid()


def test_a_phone_opens_its_camera_for_it():
    html = str(Delivered()["photo"])
    for word in ('accept="image/*"', 'capture="environment"', "data-photo", "data-words="):
        assert word in html


def test_sixty_megabytes_reach_neither_memory_nor_disk(settings):
    """The limit made small: what goes beyond it is counted to its end and passed on to no other handler."""
    settings.UPLOAD_LIMIT_BYTES = MEGABYTE
    body = {"photo": SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff" + b"0" * (3 * MEGABYTE)), "weight": "12"}
    request = RequestFactory().post("/", body)
    kept = request.FILES["photo"]
    assert (kept.size, kept.read()) == (3 * MEGABYTE + 3, b"")
    form = Delivered(request.POST, request.FILES)
    assert not form.is_valid()
    assert "照片有 3 MB，最大只收 1 MB" in form.errors["photo"][0]


def test_what_is_within_the_limit_arrives_whole():
    for size in (100, 3 * MEGABYTE):
        request = RequestFactory().post("/", {"file": SimpleUploadedFile("a.bin", b"7" * size)})
        assert request.FILES["file"].read() == b"7" * size
    assert used.FILE_UPLOAD_HANDLERS[0] == "houqin.ui.uploads.TooLargeHandler"


class Row:
    def __init__(self, photo):
        self.photo = photo


def test_a_column_and_a_tag_show_the_thumbnail_that_opens_the_picture(world, rf):
    file = keep(world, upload=upload(encoded(scene(), exif=camera_exif())))
    whole, small = addresses(file)
    html = Photo("photo", "照片").html(Row(file), Look(world.viewer("an")))
    assert f'href="{whole}"' in html
    assert f'<img src="{small}" width="320" height="240" alt="照片：大白菜" loading="lazy" />' in html
    assert 'title="大白菜 · 2024-03-04 11:58"' in html
    request = rf.get("/")
    request.viewer = world.viewer("an")
    tag = Template("{% load houqin %}{% photo file %}{% photo nothing %}")
    assert tag.render(Context({"request": request, "file": file, "nothing": None})) == f"{html}{NOTHING}"


def test_of_persons_only_the_name_stands_on_the_page(world):
    html = Photo("photo").html(Row(keep(world, data_class=DataClass.MINOR)), Look(world.viewer("an")))
    assert "<img" not in html
    assert "<span>大白菜</span>" in html


def test_who_may_not_open_it_sees_no_broken_picture(world):
    assert Photo("photo").html(Row(keep(world)), Look(world.viewer("hu"))) == NOTHING

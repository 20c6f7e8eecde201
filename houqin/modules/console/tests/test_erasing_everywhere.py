"""Who has left and wants to be forgotten stands nowhere any more: no table, no file; and every chain verifies."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from houqin.core.audit.models import AuditEntry
from houqin.core.audit.trail import record
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.files.keeping import storage
from houqin.core.files.models import Blob, StoredFile
from houqin.core.grants.viewers import viewer_for
from houqin.core.notices.models import Notice
from houqin.core.people.actions.accounts import link_person
from houqin.core.people.actions.erasing import erase_person
from houqin.core.people.actions.staff import RosterLine, leave, record_roster
from houqin.core.people.models import Account, Person
from houqin.core.scope.refusals import NotVisible, Refused
from houqin.core.subjects.finding import subject_of_person
from houqin.flows.credentials.actions.recording import amend_credential, record_credential
from houqin.flows.duties.models import Step
from houqin.flows.ledgers.actions.entering import record_entry
from houqin.flows.ledgers.models import EntryPhoto
from houqin.flows.seals.checking import check
from houqin.flows.seals.models import Chain
from tests.world import NOON, TODAY, World, make_account

NAME, LONGER, PHONE, NUMBER, LOGIN = "郑桂英", "郑桂英子", "13805330099", "JK37030099881", "zheng-guiying"
MAIL, ABROAD = "guiying@mail.example", "uid-88170"
WHY = "本人申请，个人信息保护法第47条"


def photo(colour: str) -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(drawn, "JPEG")
    return SimpleUploadedFile("photo.jpg", drawn.getvalue(), "image/jpeg")


@pytest.fixture(autouse=True)
def kept_apart(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "files": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}},
    }
    return tmp_path


@pytest.fixture
def cook(world: World) -> Person:
    """A cook with an account, a certificate with photo, a morning check with photo, and her name in many places."""
    load_catalogues(by=world.system, root=settings.ROOT / "catalogues")
    lines = [RosterLine(NAME, post="厨师", phone=PHONE, birth_year=1980), RosterLine(LONGER, post="帮厨")]
    person, _other = record_roster(world.school_a, by=world.system, lines=lines, from_on=date(2024, 2, 20))
    account = make_account(LOGIN, NAME, "cook", world.school_a)
    link_person(account, by=world.system, person=person)
    EmailAddress.objects.create(user=account, email=MAIL, verified=True)
    SocialAccount.objects.create(user=account, provider="office", uid=ABROAD, extra_data={"name": NAME})
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    paper = record_credential(
        subject_of_person(person), by=world.viewer("an"), kind="health-certificate", number="写错了11111", photo=photo("red"),
        expires_on=TODAY + timedelta(days=20),
    )  # fmt: skip
    amend_credential(paper, by=world.viewer("an"), number=NUMBER, expires_on=TODAY + timedelta(days=20))
    who = {"id": str(person.public_id), "name": NAME}
    line = {
        "line": who,
        "symptoms": ["fever"],
        "temperature": 385,
        "attire": True,
        "result": "off_post",
        "remark": f"{NAME}回家休息",
    }
    record_entry(
        world.school_a, by=world.viewer("an"), ledger="staff-morning-check", values={}, lines=[line], photos=[photo("blue")]
    )  # fmt: skip
    by = viewer_for(Account.objects.get(pk=account.pk), now=NOON)
    record("test.did", person, by=by, org=world.school_a, words=f"{NAME}签字", phone=PHONE)
    record("test.did", Person.objects.get(name=LONGER), by=world.system, org=world.school_a)
    Notice.objects.create(account=world.gao, org=world.school_a, title=f"{NAME}的健康证", body=f"电话{PHONE}", at=NOON)
    Step.objects.create(org=world.school_a, kind="reminded", day=TODAY, key="k", told=f"{NAME}、安师傅", at=NOON)
    leave(person, by=world.viewer("gao"), on=TODAY)
    return Person.objects.get(pk=person.pk)


def mentions(word: str) -> set[str]:
    """Every table and column that holds the word, as stored, JSON escapes and binary included."""
    escaped = word.encode("unicode_escape").decode()
    found = set()
    for model in apps.get_models(include_auto_created=True):
        columns = [field.column for field in model._meta.concrete_fields]
        quote = connection.ops.quote_name
        asked = ", ".join(map(quote, columns))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {asked} FROM {quote(model._meta.db_table)}")
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    text = bytes(value).decode(errors="ignore") if isinstance(value, bytes | memoryview) else str(value)
                    text = text.replace(LONGER, "").replace(LONGER.encode("unicode_escape").decode(), "")
                    if value is not None and (word in text or escaped in text):
                        found.add(f"{model._meta.label_lower}.{column}")
    return found


def in_files(root: Path, word: str) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


def test_name_and_numbers_stand_nowhere_and_every_chain_verifies(
    world: World, cook: Person, kept_apart: Path, django_capture_on_commit_callbacks: Any
) -> None:
    for word in (NAME, PHONE, NUMBER, LOGIN, MAIL, ABROAD):
        assert mentions(word), word
    digests = set(Blob.objects.values_list("digest", flat=True))
    assert all(storage().exists(f"{digest[:2]}/{digest}") for digest in digests)
    with django_capture_on_commit_callbacks(execute=True):
        gone = erase_person(cook, by=world.viewer("gao"), why=WHY)
    words = (NAME, PHONE, NUMBER, LOGIN, MAIL, ABROAD, "写错了11111")
    assert {word: mentions(word) for word in words} == {word: set() for word in words}
    assert not Authenticator.objects.exists()
    assert not any(in_files(kept_apart, word) for word in (NAME, PHONE, NUMBER))
    assert not StoredFile.objects.exists()
    assert not EntryPhoto.objects.exists()
    assert not [path for path in kept_apart.rglob("*") if path.is_file()]
    for chain in Chain.objects.all():
        result = check(chain)
        assert (result.faults, result.contents > 0) == ([], True)
    assert (gone.phone, gone.birth_year, gone.sex) == ("", None, "")
    assert gone.name in AuditEntry.objects.filter(event="test.did").order_by("pk").first().subject_label


def test_a_namesake_with_a_longer_name_and_an_other_town_keep_theirs(world: World, cook: Person) -> None:
    [far] = record_roster(world.school_c, by=world.system, lines=[RosterLine(NAME)], from_on=TODAY)
    erase_person(cook, by=world.viewer("gao"), why=WHY)
    assert Person.objects.get(pk=far.pk).name == NAME
    assert Person.objects.filter(name=LONGER).count() == 1
    assert AuditEntry.objects.filter(subject_label=LONGER).exists()


def test_the_account_is_closed_for_good(world: World, cook: Person) -> None:
    pk = Account.objects.get(username=LOGIN).pk
    erase_person(cook, by=world.viewer("gao"), why=WHY)
    account = Account.objects.get(pk=pk)
    assert not account.is_active
    assert not account.has_usable_password()
    assert not Client().login(username=LOGIN, password="a-long-test-password")


def test_refusals_change_nothing(world: World, cook: Person) -> None:
    [working] = record_roster(world.school_a, by=world.system, lines=[RosterLine("还在")], from_on=TODAY)
    with pytest.raises(Refused):
        erase_person(working, by=world.viewer("gao"), why=WHY)
    with pytest.raises(Refused) as refused:
        erase_person(cook, by=world.viewer("gao"), why=" ")
    assert refused.value.field == "why"
    for who, refusal in (("an", PermissionDenied), ("hu", NotVisible), ("chen", NotVisible)):
        with pytest.raises(refusal):
            erase_person(cook, by=world.viewer(who), why=WHY)
    assert Person.objects.get(pk=cook.pk).name == NAME
    erase_person(cook, by=world.viewer("gao"), why=WHY)
    with pytest.raises(Refused):
        erase_person(cook, by=world.viewer("gao"), why=WHY)

"""What comes in as a file and goes out as a sheet: no bomb unpacks, nothing runs, no name leaves its folder, no cell becomes a formula."""

import ast
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from houqin.core.files.models import Blob, StoredFile
from houqin.core.files.pictures import read_picture
from houqin.core.scope.refusals import Refused
from houqin.flows.sheets.intake import from_uploads
from houqin.flows.sheets.reading.books import read_book
from houqin.lib.notes import Unreadable
from houqin.lib.text import as_typed, harmless
from tests.world import World

ROOT = Path(__file__).parents[2] / "houqin"
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


class TestBombs:
    def test_a_zip_in_a_zip_in_a_zip_is_never_unpacked_further(self) -> None:
        inner = zipped({"a.xlsx": b"\x00" * 5_000_000})
        for _again in range(4):
            inner = zipped({"inner.zip": inner})
        assert from_uploads([upload("台账.zip", inner)]) == []

    def test_a_zip_of_zeros_is_refused_by_what_it_declares(self) -> None:
        taken = from_uploads([upload("台账.zip", zipped({f"{n}.csv": b"0" * 20_000_000 for n in range(11)}))])
        assert [one.data for one in taken] == [b""]
        assert taken[0].problem is not None

    @pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
    def test_a_workbook_that_unpacks_to_too_much_is_refused(self, part: str) -> None:
        bomb = zipped({"xl/workbook.xml": b"<workbook/>", part: b" " * 210_000_000})
        assert len(bomb) < 1_000_000
        with pytest.raises(Unreadable):
            read_book("台账.xlsx", bomb)

    def test_entities_that_multiply_are_not_followed(self) -> None:
        laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "lol">' + b"".join(
            b'<!ENTITY x%d "%s">' % (n, (b"&x%d;" % (n - 1) if n > 1 else b"&x;") * 10) for n in range(1, 10)
        )
        parts = {"xl/workbook.xml": laughs + b"]><workbook>&x9;</workbook>", "[Content_Types].xml": b"<Types/>"}
        with pytest.raises(Unreadable):
            read_book("台账.xlsx", zipped(parts))


class TestPolyglots:
    def pictures(self) -> dict[str, bytes]:
        out = io.BytesIO()
        Image.new("RGB", (64, 64), "green").save(out, "JPEG", comment=b"<script>alert(1)</script>")
        jpeg = out.getvalue()
        return {
            "a zip behind a photo": jpeg + zipped({"x.html": b"<script>alert(1)</script>"}),
            "a page behind a photo": jpeg + b"<html><script>alert(1)</script>",
            "a script in its comment": jpeg,
        }

    def test_of_a_photo_only_its_points_are_kept(self) -> None:
        for name, content in self.pictures().items():
            kept = read_picture(upload("a.jpg", content)).encoded().content
            assert b"script" not in kept, name
            assert b"PK\x03\x04" not in kept, name

    def test_where_and_with_what_it_was_taken_does_not_go_with_it(self) -> None:
        out = io.BytesIO()
        exif = Image.Exif()
        exif[0x010E], exif[0x013B] = "<script>alert(1)</script>", "王桂英"
        exif.get_ifd(0x8825)[2] = (31.0, 30.0, 0.0)
        Image.new("RGB", (64, 64)).save(
            out, "JPEG", exif=exif, xmp=b"<x:xmpmeta>secret</x:xmpmeta>", icc_profile=b"x" * 128
        )
        kept = Image.open(io.BytesIO(read_picture(upload("a.jpg", out.getvalue())).encoded().content))
        assert dict(kept.getexif()) == {}
        assert not kept.info.keys() & {"xmp", "icc_profile", "comment", "exif"}

    @pytest.mark.parametrize(
        "content",
        [
            b"GIF89a/*\x00\x00*/=1;alert(1)//",
            b"%PDF-1.7\n<html><script>alert(1)</script>",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<!doctype html><script>alert(1)</script>",
        ],
    )
    def test_what_only_pretends_is_refused_and_nothing_is_kept(self, world: World, content: bytes) -> None:
        client = Client()
        client.force_login(world.an, backend="allauth.account.auth_backends.AuthenticationBackend")
        with pytest.raises(Refused):
            read_picture(upload("照片.jpg", content))
        answer = client.post(
            reverse("ledgers:write", args=["waste-oil"]),
            {"photo": upload("照片.jpg", content), "photos": upload("a.svg", content)},
        )
        assert answer.status_code in {404, 422}
        assert (Blob.objects.count(), StoredFile.objects.count()) == (0, 0)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("../../../etc/台账.csv", "etc/台账.csv"),
            ("..\\..\\windows\\台账.csv", "windows/台账.csv"),
            ("/台账.csv", "台账.csv"),
            ("a/../../b.csv", "a/b.csv"),
        ],
    )
    def test_a_name_in_a_zip_leads_nowhere(self, name: str, kept: str) -> None:
        (taken,) = from_uploads([upload("台账.zip", zipped({name: b"a,b\n1,2\n"}))])
        assert taken.path == kept

    @pytest.mark.parametrize("name", ["CON", "nul.csv", "a" * 400 + ".csv", "台账\u202evsc.csv", "a\nb.csv"])
    def test_no_name_of_a_file_breaks_the_import(self, world: World, name: str) -> None:
        client = Client()
        client.force_login(world.gao, backend="allauth.account.auth_backends.AuthenticationBackend")
        answer = client.post(
            reverse("sheets:imports-new"), {"org": world.school_a.pk, "files": upload(name, b"a,b\n1,2\n")}
        )
        assert answer.status_code in {302, 422}


class TestFormulas:
    @given(st.sampled_from(SIGNS), st.text(max_size=20))
    def test_whatever_begins_like_a_formula_goes_out_as_text_and_comes_back_the_same(
        self, sign: str, rest: str
    ) -> None:
        assert harmless(sign + rest) == f"'{sign}{rest}"
        assert as_typed(harmless(sign + rest)) == sign + rest
        assert as_typed(harmless(rest)) == rest or rest.startswith("'")

    def test_a_workbook_and_a_csv_that_went_out_are_read_back_as_they_were(self) -> None:
        words = ["=HYPERLINK(A1)", "+8613800000000", "-5", "@SUM(A1)", "＝1+1", "'quoted", "大米"]
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as book:
            book.add_worksheet("一").write_row(0, 0, [harmless(word) for word in words])
        (grid,) = read_book("一.xlsx", out.getvalue()).grids
        assert [grid.at(0, place) for place in range(len(words))] == words
        text = ",".join(harmless(word) for word in words) + "\na,b,c,d,e,f,g\n"
        (grid,) = read_book("一.csv", text.encode()).grids
        assert [grid.at(0, place) for place in range(len(words))] == words

    def test_no_workbook_is_written_with_formulas_from_texts(self) -> None:
        """Every place that makes one says so itself: xlsxwriter would take ``=`` at the beginning for a formula."""
        found = 0
        for path in sorted(ROOT.rglob("*.py")):
            if "tests" in path.parts:
                continue
            source = path.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Workbook", "xlsxwriter.Workbook"}:
                    found += 1
                    assert "'strings_to_formulas': False" in source.replace('"', "'"), path
        assert found >= 8

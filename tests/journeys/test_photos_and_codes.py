"""On a phone: a photo made small, kept while the form is mended; codes read from pictures and from a hand scanner."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import segno
from django.urls import reverse
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from houqin.core.files.models import StoredFile
from houqin.core.files.tests.pictures import camera_exif, encoded, scene
from houqin.modules.canteen.models import Lot, StockEntry
from houqin.modules.canteen.tests.ledger import came, write
from tests.journeys.conftest import ARGUMENTS, PHONE, chromium
from tests.journeys.visitor import Visitor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]

LEFT = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split()
RIGHT = [code.translate(str.maketrans("01", "10")) for code in LEFT]
TURNED = [code[::-1] for code in RIGHT]
PARITY = "LLLLLL LLGLGG LLGGLG LLGGGL LGLLGG LGGLLG LGGGLL LGLGLG LGLGGL LGGLGL".split()
# Code 128 B: start, A, -, 1, check sum, stop; the widths of bars and gaps in turn.
CODE_128 = "211214 111323 122132 123221 132212 2331112"


def png(image: Image.Image) -> bytes:
    return encoded(image, "PNG")


def bars(modules: str, *, photo: bool = False) -> bytes:
    """A strip of bars on paper; ``photo`` as a phone sees it: larger, askew, on a table."""
    strip = Image.new("RGB", ((len(modules) + 24) * 4, 240), "white")
    pen = ImageDraw.Draw(strip)
    for place, module in enumerate(modules):
        if module == "1":
            pen.rectangle(((place + 12) * 4, 20, (place + 12) * 4 + 3, 200), fill="black")
    if not photo:
        return png(strip)
    table = Image.new("RGB", (3000, 2000), (150, 120, 90))
    table.paste(strip.resize((strip.width * 3, strip.height * 3)), (600, 500))
    return encoded(table.rotate(3, fillcolor=(150, 120, 90)), quality=80)


def ean_13(digits: str) -> str:
    first, rest = PARITY[int(digits[0])], digits[1:]
    left = "".join((LEFT if kind == "L" else TURNED)[int(one)] for kind, one in zip(first, rest[:6], strict=True))
    return f"101{left}01010{''.join(RIGHT[int(one)] for one in rest[6:])}101"


def ean_8(digits: str) -> str:
    return f"101{''.join(LEFT[int(i)] for i in digits[:4])}01010{''.join(RIGHT[int(i)] for i in digits[4:])}101"


def from_widths(widths: str) -> str:
    return "".join("10"[place % 2] * int(width) for place, width in enumerate(widths.replace(" ", "")))


def qr(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=5)
    return out.getvalue()


@pytest.fixture
def world(transactional_db: None) -> World:
    made = make_world()
    write(made.town, made.viewer("bo"), came(made.school_a, 1, 10, produced=0, batch="A"))
    return made


def with_entry(keeper: Visitor) -> Any:
    """A page with an entry that takes codes, and a list of what it heard."""
    keeper.visit(reverse("ui:more"))
    keeper.page.evaluate("""() => {
      document.querySelector("main").insertAdjacentHTML("beforeend",
        `<form id="play" method="post"><input id="code"><button type="button" data-scan="#code">Scan</button></form>`);
      window.heard = [];
      window.sent = 0;
      document.getElementById("code").addEventListener("change", (event) => window.heard.push(event.target.value));
      document.getElementById("play").addEventListener("submit", (event) => { event.preventDefault(); window.sent += 1; });
    }""")
    return keeper.page


def scan(page: Any, picture: bytes, name: str = "code.png") -> None:
    page.click("[data-scan='#code']")
    with page.expect_file_chooser() as chosen:
        page.click(".scanner label")
    chosen.value.set_files({"name": name, "mimeType": "image/png", "buffer": picture})


def test_every_kind_of_code_is_read_from_its_picture(world: World, live_server: Any, open_page: OpenPage) -> None:
    page = with_entry(Visitor(open_page(width=PHONE), live_server.url, "an"))
    for text, picture in {
        "https://houqin.example.cn/q/ABCDEFGHJKMNPQRS/": qr("https://houqin.example.cn/q/ABCDEFGHJKMNPQRS/"),
        "批次：大白菜 2024-03-04": qr("批次：大白菜 2024-03-04"),
        "6901234567892": bars(ean_13("6901234567892")),
        "6921168509256": bars(ean_13("6921168509256"), photo=True),
        "96385074": bars(ean_8("96385074")),
        "A-1": bars(from_widths(CODE_128)),
    }.items():
        page.evaluate("window.heard.length = 0")
        scan(page, picture)
        page.wait_for_selector("dialog.scanner", state="detached")
        assert page.evaluate("window.heard") == [text]


def test_the_camera_reads_a_code_held_before_it(world: World, live_server: Any, browser: Any, tmp_path: Path) -> None:
    film = tmp_path / "film.mjpeg"
    view = Image.new("RGB", (640, 480), (140, 120, 100))
    view.paste(Image.open(io.BytesIO(qr("ABCD-EFGH-JKMN-PQRS"))).convert("RGB"), (200, 120))
    film.write_bytes(encoded(view) * 10)
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    started = browser.browser_type.launch(executable_path=chromium(), args=[*ARGUMENTS, *camera])
    page = with_entry(Visitor(started.new_page(), live_server.url, "an"))
    page.click("[data-scan='#code']")
    page.wait_for_selector("dialog.scanner", state="detached", timeout=60_000)
    assert page.evaluate("window.heard") == ["ABCD-EFGH-JKMN-PQRS"]
    started.close()


def test_a_picture_without_a_code_says_so_and_lets_one_try_again(
    world: World, live_server: Any, open_page: OpenPage
) -> None:
    keeper = Visitor(open_page(width=PHONE), live_server.url, "an")
    page = with_entry(keeper)
    for content in (png(scene()), b"<svg/>"):
        scan(page, content)
        page.wait_for_selector("[data-say=nothing]:visible")
        keeper.is_sound()
        page.keyboard.press("Escape")
    assert page.evaluate("window.heard") == []


def test_a_hand_scanner_enters_the_code_and_sends_no_form(world: World, live_server: Any, open_page: OpenPage) -> None:
    page = with_entry(Visitor(open_page(width=PHONE), live_server.url, "an"))
    page.focus("#code")
    for _again in range(2):
        page.keyboard.type("6901234567892")
        page.keyboard.press("Enter")
    page.keyboard.type("96385074")
    page.keyboard.press("Enter")
    page.evaluate("document.activeElement.blur()")
    assert page.evaluate("window.heard") == ["6901234567892", "6901234567892", "96385074"]
    assert page.evaluate("window.sent") == 0


def test_a_photo_is_small_before_it_travels_and_outlives_a_mistake_in_the_form(
    world: World, live_server: Any, open_page: OpenPage, tmp_path: Path
) -> None:
    photo = tmp_path / "IMG_0001.jpg"
    photo.write_bytes(encoded(scene(4000, 3000), quality=95, exif=camera_exif(orientation=6)))
    keeper = Visitor(open_page(width=PHONE), live_server.url, "an")
    page, field = keeper.page, "input[type=file][name=photo]"
    keeper.visit(reverse("canteen:lots-write-off", args=[Lot.objects.get().public_id]))
    page.fill("[name=grams]", "0.5")
    page.set_input_files(field, photo)
    page.wait_for_selector(".photo-preview canvas")
    sent = page.evaluate(f"[...document.querySelector('{field}').files].map((file) => [file.type, file.size])")
    assert sent[0][0] == "image/jpeg"
    assert sent[0][1] < photo.stat().st_size
    page.wait_for_timeout(300)
    with page.expect_navigation():
        page.click(".entry-foot button")
    expect(page.locator(".invalid-feedback:visible"), "the reason is missing").to_have_count(1)
    page.wait_for_selector(".photo-preview canvas")
    keeper.is_sound()
    page.fill("[name=reason]", "霉变")
    keeper.send()
    file = StockEntry.objects.get().photo
    assert file == StoredFile.objects.get()
    assert (file.blob.width, file.blob.height) == (1536, 2048)
    assert file.taken_at.isoformat() == "2024-03-04T03:58:03+00:00"
    assert page.evaluate("Object.keys(sessionStorage).filter((one) => one.startsWith('houqin-photo'))") == []


def test_a_drawing_is_refused_beside_the_field(
    world: World, live_server: Any, open_page: OpenPage, tmp_path: Path
) -> None:
    drawing = tmp_path / "photo.jpg"
    drawing.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    keeper = Visitor(open_page(width=PHONE), live_server.url, "an")
    keeper.visit(reverse("canteen:lots-write-off", args=[Lot.objects.get().public_id]))
    keeper.page.fill("[name=grams]", "0.5")
    keeper.page.fill("[name=reason]", "霉变")
    keeper.page.set_input_files("input[name=photo]", drawing)
    keeper.send()
    expect(keeper.page.locator(".invalid-feedback:visible").first).to_contain_text("SVG", use_inner_text=True)
    expect(keeper.page.locator("[name=reason]")).to_have_value("霉变")
    assert not StockEntry.objects.exists()

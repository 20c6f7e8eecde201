"""疑似食物中毒, drilled by four people at their phones: alarm, register, search, seal, the guilty dish, the recall, the first report."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from houqin.core.notices.models import Notice
from houqin.flows.cases.models import Case
from houqin.modules.canteen.actions.recalls import launch_recall, propose_recall
from houqin.modules.canteen.models import Ill, IncidentReport, Lot, Recall, RecallAnswer, Sample, SealedThing
from houqin.modules.canteen.queries.incidents.figures import attack_of
from houqin.modules.canteen.tests.incident_scene import CHICKEN, CLASS_SIZE, CUCUMBER, RICE, Outbreak, make_outbreak
from tests.journeys.conftest import PHONE
from tests.journeys.visitor import Visitor, machine_since
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]
MOST_SECONDS = 600
SECONDS_A_TAP = 1.5
SECONDS_A_KEY = 0.6
ILL_A_CLASS = 3


class Person(Visitor):
    """One of the four at a phone: every tap and key is counted, and the time that the machine takes."""

    def __init__(self, page: Any, address: str, name: str) -> None:
        super().__init__(page, address, name)
        self.taps, self.keys, self.machine, self.looked = 0, 0, 0.0, 0.0

    def tap(self, target: Any) -> None:
        (self.shown(target) if isinstance(target, str) else target).tap()
        self.taps += 1

    def go(self, target: Any) -> None:
        """A tap that leads to another page."""
        begun = time.monotonic()
        with self.page.expect_navigation():
            self.tap(target)
        self.machine += machine_since(begun)

    def write(self, selector: str, text: str) -> None:
        """A tap into a field, and what is typed there."""
        self.shown(selector).fill(text)
        self.taps += 1
        self.keys += len(text)

    def choose(self, selector: str, value: str) -> None:
        """Two taps: the list, and one of it."""
        self.shown(selector).select_option(value)
        self.taps += 2

    def open(self, path: str) -> None:
        """Where the last page's buttons led before: counted as one tap."""
        begun = time.monotonic()
        assert self.visit(path) == 200
        self.machine += machine_since(begun)
        self.taps += 1

    @property
    def seconds(self) -> float:
        return self.machine + self.taps * SECONDS_A_TAP + self.keys * SECONDS_A_KEY


@pytest.fixture
def outbreak(transactional_db: None) -> Outbreak:
    return make_outbreak(make_world(), timezone.now())  # kinds of cases are read from their files


def base(case: Case) -> str:
    return f"/canteen/incidents/{case.public_id}/"


def press(cook: Person) -> Case:
    """The button at the top of every page, drill, yes."""
    cook.go(".top-alarm")
    cook.is_sound()
    cook.tap(".is-drill summary")
    cook.go(".is-drill button")
    cook.is_sound()
    return Case.objects.get(kind="food-poisoning")


def register(person: Person, case: Case, outbreak: Outbreak, number: int) -> None:
    """The ill of a class one after the other: name, sign, dishes; in the first class one who ate no cucumber."""
    group = outbreak.groups[number]
    own = [pupil.pk for pupil in outbreak.pupils[group.pk]]
    person.open(f"{base(case)}ill/?class={group.pk}")
    if number == 0:
        person.is_sound()
    ill = [(pupil, (RICE, CHICKEN, CUCUMBER)) for pupil in own[:ILL_A_CLASS]]
    ill += [(own[-1], (RICE, CHICKEN))] if number == 0 else []
    for pupil, dishes in ill:
        person.choose("[name=pupil]", str(pupil))
        person.tap("[name=signs][value=vomiting]")
        for dish in dishes:
            person.tap(f"[name=ate][value$='|{dish}']")
        person.go(".entry-foot .btn-primary")


def search(person: Person, case: Case, outbreak: Outbreak, number: int) -> None:
    """Those who are well, and their hands dish by dish: hardly one of them ate cucumber."""
    group = outbreak.groups[number]
    well = CLASS_SIZE - ILL_A_CLASS - (number == 0)
    person.open(f"{base(case)}search/?class={group.pk}")
    person.write("[name=well]", str(well))
    for place, count in enumerate((well, well - 3, 1)):
        person.write(f"[name$='-{place}']", str(count))
    person.go(".entry-foot .btn-primary")


def seal(person: Person, case: Case, kind: str, words: str = "") -> None:
    person.open(f"{base(case)}seal/?kind={kind}")
    if words:
        person.write("[name=what]", words)
    person.go(".entry-foot .btn-primary")


def call(person: Person, case: Case, body: str) -> None:
    person.open(f"{base(case)}calls/?body={body}")
    person.write(f"#{body} [name=who]", "值班员")
    person.go(f"#{body} .btn-primary")


def tick(person: Person, case: Case, code: str, words: str = "") -> None:
    person.open(base(case))
    step = person.page.locator(f"#mine-{code}, #step-{code}").first
    if not step.is_visible():
        person.tap("details.card > summary.card-header")
    if not step.locator("form button").is_visible():
        person.tap(step.locator("summary"))
    if words:
        step.locator("[name=note]").fill(words)
        person.taps, person.keys = person.taps + 1, person.keys + len(words)
    person.go(step.locator("form button"))


def test_four_people_find_the_dish_and_send_the_first_report(
    outbreak: Outbreak, live_server: Any, open_page: OpenPage
) -> None:
    cook, teacher, head, keeper = (
        Person(open_page(width=PHONE), live_server.url, name) for name in ("shi", "lin", "gao", "an")
    )
    case = press(cook)
    call(cook, case, "ambulance")
    tick(head, case, "start-plan")
    head.is_sound()
    tick(keeper, case, "stop-food", "收回凉菜")
    register(teacher, case, outbreak, 0)
    search(teacher, case, outbreak, 0)
    for number in (1, 2):
        register(head, case, outbreak, number)
        search(head, case, outbreak, number)
    for body in ("education", "market", "health"):
        call(head, case, body)
    seal(cook, case, "samples")
    seal(cook, case, "tools", "菜板菜刀")
    seal(keeper, case, "lots")
    seal(keeper, case, "kitchen")

    guilty = attack_of(case).guilty
    assert guilty is not None
    assert [one.dish for one in guilty[1]] == [CUCUMBER]
    head.open(f"{base(case)}dishes/")
    head.is_sound()
    expect(head.page.locator(".note-warning").first).to_contain_text(CUCUMBER, use_inner_text=True)
    head.go(".entry-foot .btn-primary")

    keeper.open(f"{base(case)}seal/?kind=lots")
    keeper.go("a[href*='/canteen/recalls/new/']")
    assert keeper.page.locator("[name=is_drill]").is_checked()
    keeper.go(".entry-foot .btn-primary")

    head.open(f"{base(case)}report/?kind=first")
    head.is_sound()
    draft = head.page.input_value("[name=body]")
    assert CUCUMBER in draft
    assert not [ill.name for ill in Ill.objects.all() if ill.name in draft]
    head.go(".entry-foot .btn-primary")
    report = IncidentReport.objects.get(case=case)
    assert report.sent_by == outbreak.world.gao
    spent = [round(one.seconds) for one in (cook, teacher, head, keeper)]
    assert sum(spent) <= MOST_SECONDS, spent

    assert Sample.objects.kept().count() == len(outbreak.samples), "nothing was disposed of"
    assert not Lot.objects.filter(frozen_by__isnull=False).exists(), "a drill freezes nothing"
    assert SealedThing.objects.filter(case=case).count() >= 6
    _recall_reaches_the_other_school(outbreak)


def _recall_reaches_the_other_school(outbreak: Outbreak) -> None:
    """The school's own recall ends at its fence; the town, asked to look beyond, tells the other school that had the lot."""
    own = Recall.objects.get()
    world = outbreak.world
    assert Notice.objects.filter(account=world.bo, title__contains=own.product.name).exists(), (
        "the town is asked to look beyond"
    )
    town = propose_recall(
        world.town, by=world.viewer("bo", timezone.now()), supplier=own.supplier, product=own.product, produced_on=own.produced_on,
        batch=own.batch, reason=own.reason, is_drill=True,
    )  # fmt: skip
    launch_recall(town, by=world.viewer("bai", timezone.now()))
    assert RecallAnswer.objects.filter(recall=town, org=world.school_b, notified_at__isnull=False).exists()

"""Who holds which post, whose duties are whose, what is vacant and what lies in one hand."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from houqin.core.audit.models import AuditEntry
from houqin.core.catalogues.loading import load_catalogues
from houqin.core.catalogues.models import CatalogueItem
from houqin.core.orgs.models import Kind, OrgUnit
from houqin.core.people.actions import posts as deeds
from houqin.core.people.actions import staff
from houqin.core.people.actions.accounts import link_person
from houqin.core.people.gaps import conflicts, mandatory_posts, vacancies
from houqin.core.people.models import Countersignature, Post, PostHolding
from houqin.core.people.posts import holders, kind_of_title, kinds_handling_food, own_posts
from houqin.core.scope.refusals import NotVisible, Refused
from tests.world import TODAY, World, make_unit

SINCE = date(2024, 2, 20)


def roster(world: World, *lines: tuple[str, str], org: OrgUnit | None = None) -> dict[str, staff.Person]:
    rows = [staff.RosterLine(name, post=post) for name, post in lines]
    made = staff.record_roster(org or world.school_a, by=world.system, lines=rows, from_on=SINCE)
    return {person.name: person for person in made}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("食堂管理员", "canteen-manager"), ("校长", "principal"), ("副校长", "other"), ("厨师(小灶)", "cook"),
        ("厨师（大灶）", "cook"), ("食堂采购员 兼", "buyer"), (" 保管员1 ", "storekeeper"), ("太空员", "other"), ("", "other"),
    ],
)  # fmt: skip
def test_a_title_of_a_roster_names_a_kind(db: None, title: str, kind: str) -> None:
    assert kind_of_title(title) == kind


def test_in_a_canteens_roster_a_cleaner_touches_food(world: World) -> None:
    assert (kind_of_title("保洁", canteen=True), kind_of_title("厨师", canteen=True)) == ("kitchen-hand", "cook")
    lines = [staff.RosterLine("周阿姨", post="保洁")]
    staff.record_roster(world.school_a, by=world.system, lines=lines, from_on=SINCE, canteen=True)
    assert Post.objects.get().kind == "kitchen-hand"


def test_a_roster_and_an_appointment_give_posts_their_kind(world: World) -> None:
    people = roster(world, ("王桂英", "食堂管理员"), ("李秀兰", "帮工"))
    staff.appoint(
        people["李秀兰"], by=world.viewer("gao"), org=world.school_a, title="切菜", from_on=TODAY, kind="kitchen-hand"
    )
    assert dict(Post.objects.values_list("title", "kind")) == {
        "食堂管理员": "canteen-manager", "帮工": "other", "切菜": "kitchen-hand",
    }  # fmt: skip


def test_loading_the_catalogue_names_posts_recorded_before_it_but_not_what_a_person_chose(world: World) -> None:
    for title, kind in (("厨师", "other"), ("门卫", "none"), ("太空员", "other")):
        Post.objects.create(org=world.school_a, title=title, kind=kind)
    load_catalogues(by=world.system)
    named = dict(Post.objects.values_list("title", "kind"))
    assert named == {"厨师": "cook", "门卫": "none", "太空员": "other"}
    trail = AuditEntry.objects.filter(event="people.posts_named").count()
    load_catalogues(by=world.system)
    assert AuditEntry.objects.filter(event="people.posts_named").count() == trail == 1
    with pytest.raises(Refused):
        deeds.name_kinds(by=world.viewer("gao"))


def test_kinds_as_loaded_are_those_of_the_files(world: World) -> None:
    before = kinds_handling_food()
    load_catalogues(by=world.system)
    assert kinds_handling_food() == before >= {"cook", "kitchen-hand"}


def test_main_holders_come_first_and_those_who_left_do_not_count(world: World) -> None:
    people = roster(world, ("甲", "厨师"), ("乙", "厨师"), ("丙", "厨师"))
    PostHolding.objects.filter(person=people["甲"]).update(is_deputy=True)
    staff.leave(people["丙"], by=world.viewer("gao"), on=date(2024, 3, 1))
    found = holders([world.school_a, world.school_b.pk], {"cook", "guard"}, TODAY)
    assert {key: [row.person.name for row in rows] for key, rows in found.items()} == {
        (world.school_a.pk, "cook"): ["乙", "甲"]
    }


def test_a_deputy_stands_in_until_a_day(world: World) -> None:
    people = roster(world, ("甲", "厨师"), ("乙", ""))
    by = world.viewer("gao")
    row = staff.appoint(
        people["乙"], by=by, org=world.school_a, title="厨师", from_on=TODAY, until=date(2024, 3, 8), is_deputy=True
    )
    on = [len(holders([world.school_a], {"cook"}, day)[world.school_a.pk, "cook"]) for day in (TODAY, date(2024, 3, 9))]
    assert on == [2, 1]
    staff.end_holding(row, by=by, on=date(2024, 3, 6))
    with pytest.raises(Refused):
        staff.end_holding(row, by=by, on=date(2024, 3, 7))
    with pytest.raises(Refused):
        staff.appoint(
            people["乙"], by=by, org=world.school_a, title="厨师", from_on=date(2024, 4, 2), until=date(2024, 4, 1)
        )
    assert PostHolding.objects.get(pk=row.pk).to_on == date(2024, 3, 6)


def test_duties_belong_to_the_holder_and_to_the_role_where_nobody_can_sign_in(
    world: World, django_assert_max_num_queries
) -> None:
    at_a = world.school_a.pk
    assert {"cook", "kitchen-hand"} <= own_posts(world.viewer("shi"))[at_a]
    people = roster(world, ("石师傅", "保安"), ("另一位", "厨师"))
    assert (
        "cook" in own_posts(world.viewer("shi"))[at_a]
    )  # the other cook has no account: the duty still reaches somebody
    link_person(world.shi, by=world.system, person=people["石师傅"])
    link_person(world.wu, by=world.system, person=people["另一位"])
    world.shi.refresh_from_db()
    world.wu.refresh_from_db()
    viewer = world.viewer("shi")
    with django_assert_max_num_queries(3):
        mine = own_posts(viewer)[at_a]
    assert "guard" in mine
    assert "cook" not in mine
    assert "cook" in own_posts(world.viewer("wu"))[at_a]
    assert own_posts(world.viewer("bo")) == {} == own_posts(world.viewer("du"))


def test_mandatory_posts_ask_for_what_a_school_has(world: World) -> None:
    roster(world, ("高校长", "校长"), ("王桂英", "食堂管理员"))
    deputy = roster(world, ("代理", "验收员"))["代理"]
    PostHolding.objects.filter(person=deputy).update(is_deputy=True)
    asked = {row.kind.code: row for row in mandatory_posts(world.viewer("gao"))}
    assert (asked["principal"].schools, asked["principal"].held) == (1, 1)
    assert asked["canteen-manager"].held == 1
    assert asked["storekeeper"].held == 0
    assert [gap.deputy for gap in asked["receiver"].vacancies] == [True]
    assert asked["dorm-manager"].schools == 1
    assert all(row.schools == 0 for row in asked.values() if row.kind.mandatory == "bus")
    world.school_a.facts.update(boarders=0, canteen_mode="none")
    asked = {row.kind.code: row.schools for row in mandatory_posts(world.viewer("gao"))}
    assert asked["dorm-manager"] == asked["canteen-manager"] == 0


def test_a_director_is_asked_for_from_so_many_diners_on(world: World) -> None:
    def asked() -> list[str]:
        [row] = [row for row in mandatory_posts(world.system) if row.kind.code == "food-safety-director"]
        assert row.schools == len(row.vacancies)
        return [gap.school.name for gap in row.vacancies]

    assert asked() == [world.school_b.name]
    world.school_b.facts.update(enrolment=499)
    world.school_a.facts.update(enrolment=299, boarders=0, school_type="幼儿园")
    assert asked() == []
    world.school_a.facts.update(enrolment=300)
    assert asked() == [world.school_a.name]
    world.school_a.facts.update(canteen_mode="ordered")
    assert asked() == []


def test_a_region_may_ask_for_a_post_from_a_lower_figure_on(world: World) -> None:
    load_catalogues(by=world.system)
    item = CatalogueItem.objects.get(area="posts", code="food-safety-director")
    lower = {
        "fact": "enrolment",
        "at_least": 200,
        "region": "东城市",
        "source": "地方规定（示例值）",
        "confidence": "C",
    }
    item.body["mandatory_from"].append(lower)
    item.digest = "changed"
    item.save()
    [row] = [row for row in mandatory_posts(world.system) if row.kind.code == "food-safety-director"]
    assert {gap.school.name for gap in row.vacancies} == {world.school_a.name, world.school_b.name}


def test_a_fleet_asks_for_its_posts_and_a_region_for_its_five(world: World) -> None:
    make_unit(world.school_a, Kind.FLEET, "校车队")
    assert "guard" not in {gap.kind.code for gap in vacancies(world.viewer("gao")) if gap.kind.mandatory == "bus"}
    buses = {row.kind.code: row.schools for row in mandatory_posts(world.system) if row.kind.mandatory == "bus"}
    assert set(buses.values()) <= {1}
    five = [row for row in mandatory_posts(world.system) if row.kind.region == "湖北省"]
    assert len(five) == 5
    assert {row.schools for row in five} == {0}
    OrgUnit.objects.filter(pk=world.province.pk).update(name="湖北省")
    assert {row.schools for row in mandatory_posts(world.system) if row.kind.region == "湖北省"} == {3}


def test_gaps_cost_the_same_for_one_school_and_for_many(world: World, django_assert_num_queries) -> None:
    roster(world, ("甲", "采购员"))
    for number in range(10, 30):
        make_unit(world.town, Kind.SCHOOL, f"新学校{number}", number)
    few, many = world.viewer("gao"), world.viewer("bo")
    with django_assert_num_queries(6):
        assert mandatory_posts(few)
    with django_assert_num_queries(6):
        assert mandatory_posts(many)


def test_separated_posts_in_one_hand_are_told_and_countersigned(world: World) -> None:
    one = roster(world, ("安师傅", "采购员"))["安师傅"]
    gao, bo = world.viewer("gao"), world.viewer("bo")
    assert conflicts(gao) == []
    with pytest.raises(Refused):
        deeds.countersign(one, by=gao, org=world.school_a, reason="人手不足")
    staff.appoint(one, by=gao, org=world.school_a, title="保管员", from_on=TODAY)
    (found,) = conflicts(bo)
    assert (found.org, found.person, {kind.code for kind in found.kinds}) == (
        world.school_a,
        one,
        {"buyer", "storekeeper"},
    )
    assert found.countersigned is None
    assert conflicts(world.viewer("hu")) == []
    row = deeds.countersign(one, by=gao, org=world.school_a, reason="全校只有两名后勤人员")
    assert conflicts(bo)[0].countersigned == row
    with pytest.raises(Refused):
        deeds.countersign(one, by=gao, org=world.school_a, reason="再签一次")
    staff.appoint(one, by=gao, org=world.school_a, title="会计", from_on=TODAY)
    assert conflicts(bo)[0].countersigned is None  # another post: it is asked anew
    deeds.take_back_countersignature(row, by=gao, reason="已分设")
    with pytest.raises(Refused):
        deeds.take_back_countersignature(row, by=gao, reason="已分设")


@pytest.mark.parametrize(("who", "error"), [("hu", NotVisible), ("an", PermissionDenied), ("chen", NotVisible)])
def test_who_may_not_countersign_or_name_a_kind_changes_nothing(world: World, who: str, error: type[Exception]) -> None:
    one = roster(world, ("安师傅", "采购员"), ("石师傅", "太空员"))["安师傅"]
    staff.appoint(one, by=world.system, org=world.school_a, title="保管员", from_on=TODAY)
    with pytest.raises(error):
        deeds.countersign(one, by=world.viewer(who), org=world.school_a, reason="x")
    with pytest.raises(error):
        deeds.set_kind(Post.objects.get(title="太空员"), by=world.viewer(who), kind="cook")
    assert not Countersignature.objects.exists()
    assert Post.objects.get(title="太空员").kind == "other"


def test_nobody_countersigns_for_themselves(world: World) -> None:
    one = roster(world, ("高校长", "采购员"))["高校长"]
    staff.appoint(one, by=world.system, org=world.school_a, title="保管员", from_on=TODAY)
    link_person(world.gao, by=world.system, person=one)
    world.gao.refresh_from_db()
    with pytest.raises(Refused):
        deeds.countersign(one, by=world.viewer("gao"), org=world.school_a, reason="x")
    assert deeds.countersign(one, by=world.viewer("bo"), org=world.school_a, reason="学校小").account == world.bo


def test_a_posts_kind_is_set_by_hand(world: World) -> None:
    roster(world, ("石师傅", "太空员"))
    post, by = Post.objects.get(), world.viewer("gao")
    assert deeds.set_kind(post, by=by, kind="guard").kind == "guard"
    deeds.set_kind(post, by=by, kind="guard")
    assert AuditEntry.objects.filter(event="people.post_kind_set").count() == 1
    with pytest.raises(Refused):
        deeds.set_kind(post, by=by, kind="no-such-kind")
    assert Post.objects.get().kind == "guard"

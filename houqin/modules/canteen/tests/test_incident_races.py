"""Two people at once: one case, one row of an ill child, one first report."""

from typing import Any

import pytest

from houqin.core.scope.refusals import Refused
from houqin.flows.cases.models import Case
from houqin.modules.canteen.actions.incidents import raise_alarm, send_report
from houqin.modules.canteen.models import Ill, IncidentReport
from houqin.modules.canteen.tests.incident_scene import Outbreak, make_outbreak
from houqin.modules.canteen.tests.test_recall_races import at_once, refusals
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def outbreak(transactional_db: None) -> Outbreak:
    """Committed, so that other connections see it."""
    return make_outbreak(make_world())


@pytest.mark.parametrize("attempt", range(3))
def test_two_who_press_at_once_open_one_case(outbreak: Outbreak, attempt: int) -> None:
    by = [outbreak.by(name) for name in ("shi", "lin")]
    school = outbreak.world.school_a
    answers: list[Any] = at_once(lambda: raise_alarm(school, by=by[0]), lambda: raise_alarm(school, by=by[1]))
    assert answers[0] == answers[1]
    assert Case.objects.count() == 1


def test_two_who_register_the_same_child_write_one_row(outbreak: Outbreak) -> None:
    outbreak.alarm()
    pupil = outbreak.pupils[outbreak.groups[0].pk][1]
    answers = at_once(lambda: outbreak.falls_ill(pupil), lambda: outbreak.falls_ill(pupil, name="gao"))
    assert refusals(answers) == 1
    assert Ill.objects.count() == 1


def test_one_first_report(outbreak: Outbreak) -> None:
    case, head = outbreak.alarm(), outbreak.by("gao", 30)
    answers = at_once(*[lambda: send_report(case, by=head, kind="first", body="正文", to="区市场监管局")] * 2)
    assert refusals(answers) == 1
    assert isinstance(next(one for one in answers if isinstance(one, Refused)), Refused)
    assert IncidentReport.objects.count() == 1

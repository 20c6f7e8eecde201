"""People."""

from django.utils.translation import gettext_lazy as _

from houqin.core.scope.apps import HouqinApp
from houqin.core.scope.permissions import Permission

OFFICE = frozenset({"operator", "office_director", "office_staff"})
SCHOOL_LEAD = frozenset({"principal", "logistics_director"})


class PeopleConfig(HouqinApp):
    name = "houqin.core.people"
    label = "people"
    verbose_name = _("People")
    permissions = (
        Permission("people.view", _("See staff and posts"), OFFICE | SCHOOL_LEAD | {"auditor", "keeper", "cook"}),
        Permission("people.change", _("Record staff and posts"), OFFICE | SCHOOL_LEAD),
        Permission(
            "people.countersign",
            _("Answer for posts that lie in one hand"),
            frozenset({"principal", "office_director"}),
        ),
        Permission("people.erase", _("Erase who has left"), frozenset({"operator", "office_director", "principal"})),
        Permission("people.view_contacts", _("See telephone numbers in full"), OFFICE | SCHOOL_LEAD),
        Permission(
            "people.view_pupils",
            _("See classes and pupils"),
            SCHOOL_LEAD | {"class_teacher", "office_director", "auditor"},
        ),
        Permission(
            "people.change_pupils",
            _("Record classes and pupils"),
            SCHOOL_LEAD | {"class_teacher", "operator", "office_director", "office_staff"},
        ),
        Permission("people.view_pupil_names", _("See pupils' names in full"), SCHOOL_LEAD | {"class_teacher"}),
        Permission(
            "people.manage_accounts",
            _("Open and close accounts"),
            frozenset({"operator", "office_director", "principal"}),
        ),
    )

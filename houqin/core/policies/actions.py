"""Setting a rule of local practice, and taking it back."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.models import PolicySetting
from houqin.core.policies.registry import Policy, Standing, above, all_policies
from houqin.core.policies.rules import Value, fits, loosens
from houqin.core.policies.words import bounds, in_words
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer

titled({"policies.set": _("Local rule set"), "policies.taken_back": _("Local rule taken back")})


@verb
def set_policy(org: OrgUnit, *, by: Viewer, code: str, value: Value, reason: str) -> PolicySetting:
    """Set a rule for a unit and all below it from now on; the same value again changes nothing."""
    require(by, "policies.change", at=org)
    policy = _known(code)
    org = OrgUnit.objects.select_for_update().get(pk=org.pk)
    if not org.is_open:
        raise Refused(_("This unit is closed. Rules are set where work goes on."))
    if not fits(policy.kind, value):
        raise Refused(
            _("“%(rule)s” does not take this value. Enter %(bounds)s.")
            % {"rule": policy.label, "bounds": bounds(policy.kind)},
            field="value",
        )
    upper = above(policy, org)
    if (upper.setting or policy.binds(org)) and loosens(policy.tighten, upper.value, value):
        raise Refused(_loosened(policy, upper), field="value")
    now = _own(org, code)
    if now is not None and now.value == value:
        return now
    return _write("policies.set", org, by=by, code=code, value=value, reason=reason, before=now)


@verb
def take_back_policy(org: OrgUnit, *, by: Viewer, code: str, reason: str) -> PolicySetting:
    """Take a unit's own setting back: what the units above set, or the default, holds again."""
    require(by, "policies.change", at=org)
    _known(code)
    org = OrgUnit.objects.select_for_update().get(pk=org.pk)
    now = _own(org, code)
    if now is None or now.value is None:
        raise Refused(_("%(unit)s has set nothing of its own here: there is nothing to take back.") % {"unit": org})
    return _write("policies.taken_back", org, by=by, code=code, value=None, reason=reason, before=now)


def _known(code: str) -> Policy:
    policy = all_policies().get(code)
    if policy is None:
        raise Refused(_("There is no rule “%(code)s”. Choose one of the list.") % {"code": code}, field="code")
    return policy


def _own(org: OrgUnit, code: str) -> PolicySetting | None:
    newest: PolicySetting | None = PolicySetting.objects.filter(org=org, code=code).first()
    return newest


def _write(
    event: str, org: OrgUnit, *, by: Viewer, code: str, value: Value | None, reason: str, before: PolicySetting | None
) -> PolicySetting:
    row = PolicySetting(org=org, code=code, value=value, reason=reason, set_at=by.now, account_id=by.account_id)
    row.full_clean()
    row.save()
    old = before.value if before else None
    record(event, org, by=by, org=org, rule=code, before=old, after=value, reason=reason)
    emit("policies.changed", by=by, org=org, code=code)
    return row


def _loosened(policy: Policy, upper: Standing) -> str:
    """Who set what above and since when, and what may be entered here."""
    words = {"rule": policy.label, "value": in_words(policy.kind, upper.value)}
    if upper.setting is None:
        told = gettext("“%(rule)s” is %(value)s by %(source)s.") % (words | {"source": policy.source})
    else:
        since = date_format(localtime(upper.setting.set_at), "Y-m-d")
        told = gettext("“%(rule)s” is %(value)s: %(unit)s set that on %(day)s.") % (
            words | {"unit": upper.setting.org, "day": since}
        )
    instead = gettext("A unit below may only be stricter. Enter %(value)s or a stricter value.") % words
    return f"{told} {instead}"

"""How people sign in: who still has to set up a second factor, and whether the offices' own sign-ins answer."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from houqin.config.health.findings import Finding


def examine() -> Iterator[Finding]:
    """The rules that units have set, and the servers of the environment."""
    yield from _factors()
    yield from _servers()


def _factors() -> Iterator[Finding]:
    from allauth.mfa.models import Authenticator

    from houqin.core.grants.models import Grant
    from houqin.core.grants.policies import CODES, NEVER_ASKED, OWN_SIGN_IN, asked_at
    from houqin.core.policies.models import PolicySetting

    rules = PolicySetting.objects.filter(code__in=CODES)
    if not rules:
        return
    if not settings.OWN_SIGN_INS and any(rule.code == OWN_SIGN_IN and rule.value for rule in rules):
        yield Finding(
            "sign-in", "note", _("Offices are asked to use their own sign-in, but none is set up: passwords still suffice."),
            _("Set HOUQIN_OIDC as docs/operations/sign-in.md says."),
        )  # fmt: skip
    grants = list(
        Grant.objects.on(timezone.localdate()).exclude(role__in=NEVER_ASKED).filter(account__is_active=True).select_related("org")
    )  # fmt: skip
    asks = asked_at(grant.org for grant in grants)
    asked = {grant.account_id for grant in grants if asks[grant.org_id].second_factor}
    have = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__in=asked).count()
    if asked:
        yield Finding(
            "second-factor", "note" if have < len(asked) else "fine",
            _("%(asked)s accounts have to sign in with a second factor; %(without)s have not set it up yet.")
            % {"asked": len(asked), "without": len(asked) - have},
            _("They are led to it when they sign in next.") if have < len(asked) else "",
        )  # fmt: skip


def _servers() -> Iterator[Finding]:
    import requests

    for one in settings.OWN_SIGN_INS:
        try:
            answer = requests.get(f"{one.server}/.well-known/openid-configuration", timeout=5)
            answer.raise_for_status()
            answer.json()["authorization_endpoint"]
        except (requests.RequestException, ValueError, KeyError) as problem:
            yield Finding(
                "own-sign-in", "mend",
                _("Sign-in of an office: %(name)s does not answer (%(reason)s).")
                % {"name": one.name, "reason": type(problem).__name__},
                _("Look whether %(server)s can be reached from this machine.") % {"server": one.server},
            )  # fmt: skip
        else:
            yield Finding("own-sign-in", "fine", _("Sign-in of an office: %(name)s answers.") % {"name": one.name})

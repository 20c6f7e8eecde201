"""Accounts and the roles they hold."""

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.grants.actions import end_grant, give_grant
from houqin.core.grants.models import Grant
from houqin.core.people.actions import accounts
from houqin.core.people.actions.sign_in import remove_own_sign_in, reset_second_factor, sign_out_everywhere
from houqin.core.people.models import Account
from houqin.modules.console.forms import access as forms
from houqin.modules.console.forms.choices import ReasonForm
from houqin.ui.screens import (
    Action,
    Badge,
    Column,
    Day,
    Facts,
    Family,
    Instant,
    Link,
    Rows,
    Screen,
    Timeline,
    mask_phone,
)
from houqin.ui.telling import to_copy


class AccountScreen(Screen):
    """Who can sign in."""

    model = Account
    slug = "accounts"
    title = _("Accounts")
    family = Family.GOVERN
    icon = "user-circle"
    order = 20
    sort = "home__path"
    columns = [
        Column("display_name", _("Full name"), sort=True, card="title"),
        Column("username", sort=True, card="fact"),
        Link("home", sort="home__path", card="fact"),
        Column(
            "roles", _("Roles"), prefetch=["grants"],
            value=lambda row: "、".join(str(one.kind.title) for one in row.grants.all() if one.to_on is None),
        ),
        Column("phone", mask=mask_phone, unmask="people.view_contacts"),
        Instant("last_login", _("Last sign-in"), sort=True),
        Badge(
            "is_active", _("State"), value=lambda row: _("In use") if row.is_active else _("Not in use"),
            tone=lambda row: "plain" if row.is_active else "quiet",
        ),
    ]  # fmt: skip
    filters = {"home": "choice"}
    search = ["display_name", "username", "home__name"]
    views = {"open": (_("In use"), Q(is_active=True)), "closed": (_("Not in use"), Q(is_active=False))}
    panels = [
        Facts(
            [
                "username",
                Link("home"),
                Link("person"),
                "email",
                Instant("opened_at"),
                Instant("last_login", _("Last sign-in")),
            ]
        ),
        Rows("grants", [Column("role"), Link("org"), Day("from_on"), Day("to_on")], title=_("Roles held")),
        Timeline(),
    ]
    actions = [
        Action(
            verb=accounts.give_new_password, label=_("New first password"), permission="people.manage_accounts",
            icon="key", irreversible=True, aside=True, secret=True, shown=lambda row, viewer: row.is_active,
            deed=lambda row: _("Make a new password for %(name)s") % {"name": row},
            done=lambda first: to_copy(_("The new password is %(password)s — it is shown only now.") % {"password": first}, first),
        ),
        Action(
            verb=reset_second_factor, name="reset-second-factor", label=_("Reset the second factor"), aside=True,
            permission="people.manage_accounts", form=ReasonForm, icon="shield-lock",
            shown=lambda row, viewer: row.is_active and row.home is not None and row.pk != viewer.account_id,
            done=lambda row: _("%(name)s signs in with the password and sets up a new one.") % {"name": row},
        ),
        Action(
            verb=sign_out_everywhere, name="sign-out", label=_("Sign out on all devices"), aside=True, irreversible=True,
            permission="people.manage_accounts", icon="logout",
            shown=lambda row, viewer: row.is_active and row.home is not None,
            done=lambda row: _("%(name)s is signed out everywhere.") % {"name": row},
        ),
        Action(
            verb=remove_own_sign_in, name="remove-own-sign-in", label=_("Take the link to the own sign-in away"), aside=True,
            permission="people.manage_accounts", form=ReasonForm, icon="link",
            shown=lambda row, viewer: bool(settings.OWN_SIGN_INS) and row.home is not None,
            done=lambda row: _("%(name)s is linked to no sign-in of an office any more.") % {"name": row},
        ),
        Action(
            verb=accounts.link_person, label=_("Link to a person"), permission="people.manage_accounts", icon="link",
            form=forms.PersonForm, aside=True, initial=lambda row, viewer: {"person": row.person_id},
            shown=lambda row, viewer: row.is_active and row.home is not None,
        ),
        Action(
            verb=accounts.close_account, label=_("Close the account"), permission="people.manage_accounts", form=ReasonForm,
            icon="lock", danger=True, bulk=True, shown=lambda row, viewer: row.is_active and row.pk != viewer.account_id,
        ),
        Action(
            verb=accounts.reopen_account, label=_("Open again"), permission="people.manage_accounts",
            icon="lock-open", shown=lambda row, viewer: not row.is_active,
        ),
    ]  # fmt: skip
    create = Action(
        verb=accounts.open_account, label=_("Open an account"), permission="people.manage_accounts",
        form=forms.AccountForm, icon="user-plus", secret=True,
        done=lambda made: to_copy(
            _("Account %(name)s opened. Its first password is %(password)s — it is shown only now.")
            % {"name": made[0].username, "password": made[1]}, made[1],
        ),
        then=lambda made: AccountScreen.row_url(made[0]),
    )  # fmt: skip


class GrantScreen(Screen):
    """Who may do what where."""

    model = Grant
    slug = "roles"
    title = _("Roles")
    family = Family.GOVERN
    icon = "shield-lock"
    order = 30
    sort = "org__path"
    columns = [
        Link("account", sort="account__display_name", card="title"),
        Column("role", sort=True, card="fact"),
        Link("org", sort="org__path", card="fact"),
        Day("from_on", sort=True),
        Day("to_on", sort=True),
    ]
    filters = {"role": "choice", "org": "choice"}
    search = ["account__display_name", "account__username", "org__name"]
    views = {"now": (_("Held now"), Q(to_on__isnull=True)), "past": (_("Given up"), Q(to_on__isnull=False))}
    actions = [
        Action(
            verb=end_grant, label=_("End the role"), permission="grants.change", icon="user-minus", danger=True,
            irreversible=True, bulk=True, deed=lambda row: _("End the role of %(name)s") % {"name": row.account},
            shown=lambda row, viewer: row.to_on is None and row.account_id != viewer.account_id,
        )
    ]  # fmt: skip
    create = Action(
        verb=give_grant, label=_("Give a role"), permission="grants.change", form=forms.GrantForm, icon="shield-plus"
    )


urlpatterns = [*AccountScreen.urls(), *GrantScreen.urls()]

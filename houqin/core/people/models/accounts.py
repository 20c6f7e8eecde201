"""Who can sign in."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from houqin.core.people.models.staff import Person
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.tables.ids import PublicIdField

SESSION_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
"""Django's own, so that whoever was never signed out everywhere keeps their session."""


class AccountManager(BaseUserManager["Account"].from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Accounts by name, however it is written."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account of a user name, upper or lower case alike."""
        found: Account = self.get(username__iexact=username)
        return found


class Account(AbstractBaseUser, ScopedModel):
    """A way to sign in. It is not a person: a person may have none, and a closed account stays for the trail."""

    SCOPE_PATH = "home__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "people.manage_accounts"
    PURPOSE = _("To know who signs in. A closed account stays for the trail.")
    STATE_FIELDS = frozenset({"is_active"})

    public_id = PublicIdField()
    username = models.CharField(_("User name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    display_name = models.CharField(_("Name"), max_length=60)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    home = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="accounts", null=True, verbose_name=_("Unit"))
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="account", verbose_name=_("Person")
    )
    pin = models.CharField(
        _("PIN"), max_length=128, blank=True, editable=False, help_text="hashed; signs on a colleague's phone"
    )
    language = models.CharField(_("Language"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("Open"), default=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    opened_at = models.DateTimeField(_("Opened"), auto_now_add=True)
    signed_out_at = models.DateTimeField(null=True, editable=False, help_text="sessions begun before it are over")

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Any] = AccountManager()

    class Meta:
        ordering = ["username"]
        verbose_name = _("Account")
        verbose_name_plural = _("Accounts")
        constraints = [models.UniqueConstraint(Lower("username"), name="account_name_any_case")]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """The name to show."""
        return str(self)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session carries: it is over once the password changes, or the account is signed out everywhere."""
        begun = f"|{self.signed_out_at.isoformat()}" if self.signed_out_at else ""
        return salted_hmac(SESSION_SALT, f"{self.password}{begun}", secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, permission: str, row: Any = None) -> bool:
        """Django's own permissions are not used here; ask the Viewer."""
        return False

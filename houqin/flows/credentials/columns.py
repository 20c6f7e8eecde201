"""How credentials are shown in lists, here and on the pages of who holds them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from houqin.flows.credentials.queries import Standing
from houqin.flows.credentials.rules import masked
from houqin.ui.screens import Badge, Column, Day, Look, Panel

UNMASK = "credentials.verify"
TONES = {Standing.EXPIRED: "danger", Standing.SOON: "soon", Standing.VALID: "passed", Standing.UNVERIFIED: "info"}


class HeldNumber(Column):
    """A number; a person's is covered unless somebody who verifies asks for it."""

    def __init__(self) -> None:
        super().__init__("number", mask=masked, unmask=UNMASK, related=("holder",))

    def text(self, row: Any, look: Look) -> str:
        """A firm's and a school's are public."""
        if row.number and not row.is_personal:
            return str(row.number)
        return super().text(row, look)


STANDING = Badge(
    "standing", _("State"), value=lambda row: Standing(row.standing).label,
    tone=lambda row: TONES.get(row.standing, "quiet"),
)  # fmt: skip
KIND = Column("kind_title", _("Kind"), card="title")
FURTHER: list[Panel] = []
"""What modules show on the page of a credential, such as the goods for which it was shown."""
SHORT = [KIND, Day("expires_on"), STANDING]

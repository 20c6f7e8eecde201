"""双人联检: who may sign a delivery as the second person (FS-15). Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Signer:
    """An account, and the person behind it where that is recorded."""

    account_id: int | None
    person_id: int | None = None


def is_second(first: Signer, second: Signer) -> bool:
    """Whether the two are two: neither the same account nor the same person under another account."""
    if second.account_id is None or first.account_id == second.account_id:
        return False
    return first.person_id is None or first.person_id != second.person_id

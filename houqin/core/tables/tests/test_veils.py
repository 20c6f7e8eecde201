"""Covered keys lead back to their row and tell nothing of their order."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from houqin.core.audit.models import AuditEntry
from houqin.core.notices.models import Notice
from houqin.core.tables.veils import unveil, veil


@given(st.integers(1, 2**63 - 1))
def test_a_veiled_key_leads_back_and_only_in_its_own_table(key: int) -> None:
    ref = veil(AuditEntry, key)
    assert unveil(AuditEntry, ref) == key
    assert unveil(Notice, ref) is None


def test_one_that_was_made_up_leads_nowhere() -> None:
    assert unveil(AuditEntry, UUID(int=7)) is None


def test_keys_that_follow_one_another_do_not_look_so() -> None:
    first, second = veil(AuditEntry, 41).int, veil(AuditEntry, 42).int
    assert (first ^ second).bit_count() > 30

"""Who may work with food on a day (FS-100, FS-101). Pure.

A certificate is asked for by law (A): without one nobody is rostered and nobody can decide otherwise. The morning check is
a rule of practice (B): one that was not passed keeps somebody off until the head decides otherwise, one that was not
written warns.
"""

from enum import StrEnum


class Check(StrEnum):
    """What the morning check of the day says of somebody."""

    PASSED = "passed"
    FAILED = "failed"
    MISSING = "missing"
    NOT_YET = "not_yet"


class Verdict(StrEnum):
    """Whether somebody works with food on a day."""

    ON = "on"
    UNCHECKED = "unchecked"
    ADMITTED = "admitted"
    NO_CERTIFICATE = "no_certificate"
    ENDED = "ended"
    UNWELL = "unwell"


OFF = frozenset({Verdict.NO_CERTIFICATE, Verdict.ENDED, Verdict.UNWELL})


def verdict(*, is_valid: bool, has_had: bool, check: Check, admitted: bool) -> Verdict:
    """What certificate and morning check come to; ``has_had``: a certificate is known, whatever its dates."""
    if not is_valid:
        return Verdict.ENDED if has_had else Verdict.NO_CERTIFICATE
    if check == Check.FAILED:
        return Verdict.ADMITTED if admitted else Verdict.UNWELL
    return Verdict.UNCHECKED if check == Check.MISSING else Verdict.ON

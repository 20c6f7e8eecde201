"""What can be wrong with an installation, each with what to mend."""

from houqin.config.health import backups, capacity, databases, keys, running, serving, sign_in, surroundings
from houqin.config.health.findings import Finding

__all__ = ["Finding", "examine"]


def examine() -> list[Finding]:
    """All checks in order; those that read tables only when the database answers and is up to date."""
    findings = [*serving.examine(), *databases.examine()]
    if not any(f.check in {"database", "migrations"} and f.level == "mend" for f in findings):
        findings += [
            *running.examine(),
            *capacity.examine(),
            *surroundings.examine(),
            *keys.examine(),
            *backups.examine(),
            *sign_in.examine(),
        ]
    return findings

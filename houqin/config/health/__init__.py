"""What can be wrong with an installation, each with what to mend."""

from houqin.config.health.findings import Finding, examine

__all__ = ["Finding", "examine"]

"""The jobs of this app, loaded at start: duties are laid out several times a day, so that a night's power cut skips none."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from houqin.core.jobs.registry import job, periodic
from houqin.flows.duties.generation import generate_ahead, lay_out_anew
from houqin.flows.duties.reminding_jobs import climb_levels, remind_of_duties, remind_of_long_duties, tell_offices

__all__ = [
    "climb_levels", "lay_out_anew", "lay_out_duties", "remind_of_duties", "remind_of_long_duties", "tell_offices",
]  # fmt: skip


@periodic("duties.generate", every=timedelta(hours=6))
@job(_("Lay out duties ahead"))
def lay_out_duties() -> None:
    """Make the duties of the coming days. Run again, it makes nothing more."""
    generate_ahead(timezone.now())

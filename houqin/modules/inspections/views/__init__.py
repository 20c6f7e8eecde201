"""Pages of inspections, a file a subject. Each file names its addresses."""

from houqin.modules.inspections.views import (
    areas,
    boards,
    campaigns,
    checklists,
    contracts,
    coverage,
    draws,
    flags,
    frameworks,
    inspectors,
    reports,
    visits,
)

urlpatterns: list[object] = [
    *areas.urlpatterns,
    *boards.urlpatterns,
    *campaigns.urlpatterns,
    *checklists.urlpatterns,
    *contracts.urlpatterns,
    *coverage.urlpatterns,
    *draws.urlpatterns,
    *flags.urlpatterns,
    *frameworks.urlpatterns,
    *inspectors.urlpatterns,
    *reports.urlpatterns,
    *visits.urlpatterns,
]

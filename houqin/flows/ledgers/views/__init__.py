"""Pages of ledgers, a file a subject. Each file names its addresses; they are mounted in this order."""

from houqin.flows.ledgers.views import adopting, binders, books, breaches, entries, entry, handing_out

urlpatterns: list[object] = [
    *adopting.urlpatterns,
    *breaches.urlpatterns,
    *binders.urlpatterns,
    *entry.urlpatterns,
    *books.urlpatterns,
    *entries.urlpatterns,
    *handing_out.urlpatterns,
]

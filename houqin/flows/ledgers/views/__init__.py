"""Pages of ledgers, a file a subject. Each file names its addresses; they are mounted in this order."""

from houqin.flows.ledgers.views import entry

urlpatterns: list[object] = [*entry.urlpatterns]

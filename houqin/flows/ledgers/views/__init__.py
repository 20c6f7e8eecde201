"""Pages of ledgers, a file a subject. Each file names its addresses; they are mounted in this order."""

urlpatterns: list[object] = []

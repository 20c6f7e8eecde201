"""Pages of credentials."""

from houqin.flows.credentials.views import board, equipment, papers, posts, roster

urlpatterns = [*board.urlpatterns, *posts.urlpatterns, *equipment.urlpatterns, *roster.urlpatterns, *papers.urlpatterns]
